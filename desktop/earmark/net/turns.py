"""Whose turn it is among many requests: hosts take turns, and a busy one holds up nobody else."""

import threading
from collections import deque
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """Things to be asked, each with its host; at most `most` of one host are out at once.

    Safe to use from several threads. A thread waits only while everything that is left belongs to hosts that
    are busy with as much as they may be.
    """

    def __init__(self, things: Iterable[tuple[str, T]], most: int) -> None:
        self._most = most
        self._waiting: dict[str, deque[T]] = {}
        for host, thing in things:
            self._waiting.setdefault(host, deque()).append(thing)
        self._free = deque(self._waiting)
        self._out = dict.fromkeys(self._waiting, 0)
        self._change = threading.Condition()

    def take(self) -> tuple[str, T] | None:
        """The next thing and its host, as soon as one may go; None when nothing is left."""
        with self._change:
            while not self._free:
                if not any(self._waiting.values()):
                    return None
                self._change.wait()
            host = self._free.popleft()
            thing = self._waiting[host].popleft()
            self._out[host] += 1
            self._queue(host)
            self._change.notify_all()
            return host, thing

    def done(self, host: str) -> None:
        """One that was out has come back."""
        with self._change:
            self._out[host] -= 1
            self._queue(host)
            self._change.notify_all()

    def drop(self, host: str | None = None) -> list[T]:
        """Ask no more of a host, or at all; what will not be asked."""
        with self._change:
            hosts = list(self._waiting) if host is None else [host]
            left = [thing for name in hosts for thing in self._waiting[name]]
            for name in hosts:
                self._waiting[name].clear()
            self._free = deque(name for name in self._free if self._waiting[name])
            self._change.notify_all()
            return left

    def _queue(self, host: str) -> None:
        if self._waiting[host] and self._out[host] < self._most and host not in self._free:
            self._free.append(host)
