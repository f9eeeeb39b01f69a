"""A thread that owns the library's writer and does one thing at a time, with small things in between."""

from __future__ import annotations

import contextlib
import logging
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from earmark.errors import DISK_FULL, Cancelled, KnownError, disk_is_full
from earmark.library import open_library
from earmark.pipeline.watch import Watch
from earmark.records import Changes, Progress

if TYPE_CHECKING:
    from earmark.pipeline import Tools

SHUTDOWN_S = 3.0
OPENING_S = 120.0
"""So long the end waits at most for the library in which the user's last deeds are to be stored."""
PROGRESS_EVERY_S = 0.1
LOOK_EVERY_S = 0.05
AGAIN_S = 30.0
"""Until the program is put together again where that failed."""

BROKE = "Something in Earmark itself went wrong. Your library is safe."

Task = Callable[["Tools", Watch], Changes]


def nothing(_tools: Tools, _watch: Watch) -> Changes:
    """Nothing: it only wakes the thread."""
    return Changes()


class Worker(QObject):
    """Long things go through a queue; small things are done between two moments of them.

    Signals:
        changed(Changes): what to ask the library for again.
        progressed(Progress | None): what is being worked on; None when nothing is.
        failed(str): a fault in the user's words.
        opened(Exception | None): the library was opened for the first time, or why it was not.
        renewing(): the tools that were given so far are closed now; others come in their place.
    """

    changed = Signal(object)
    progressed = Signal(object)
    failed = Signal(str)
    opened = Signal(object)
    renewing = Signal()
    _answered = Signal(object, object)

    def __init__(
        self,
        open_tools: Callable[[], AbstractContextManager[Tools]],
        open_alone: Callable[[], AbstractContextManager[Tools]] | None = None,
    ) -> None:
        """`open_alone` opens the library with nothing around it, for what was done before the first opening
        of the whole failed."""
        super().__init__()
        self._open_tools, self._open_alone = open_tools, open_alone
        self._answered.connect(self._give)
        self._tasks: queue.Queue[Task | None] = queue.Queue()
        self._small: deque[Task] = deque()
        self._deeds: deque[Task] = deque()
        self._stop = threading.Event()
        self._closing = threading.Event()
        self._anew = threading.Event()
        self._begun = False
        self._aside = threading.Event()
        self._woken = threading.Event()
        self._beside_now: set[object] = set()
        self._opened: queue.Queue[Exception | None] = queue.Queue()
        self._threads: list[threading.Thread] = []
        self._told_at = self._ending_s = self._stored_s = 0.0
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Open the library on the working thread; raises what opening raised."""
        self._thread.start()
        fault = self._opened.get()
        if fault is not None:
            raise fault

    @Slot()
    def begin(self) -> None:
        """The same without waiting for it: `opened` tells how it went. Nothing where it was opened before."""
        if self._thread.ident is not None:
            self.opened.emit(None)
        elif not self._closing.is_set():
            self._begun = True
            self._thread.start()

    @property
    def left_undone(self) -> int:
        """How many of the user's deeds could not be stored; to be asked after `shutdown`."""
        return len(self._deeds)

    def do(self, task: Task) -> None:
        """Do a small thing, a second at most, between two moments of the long work; also when the program
        ends just then."""
        self._deeds.append(task)
        self._add_small(self._do_deeds)

    def run(self, task: Task) -> None:
        """Do a long thing when the long things before it are done; `pause` stops it at its next unit."""
        self._add(task)

    def ask(self, question: Callable[[Tools, Watch], Any], answered: Callable[[Any], None]) -> None:
        """Find something out as `do` does; `answered` gets it on the thread that made this object.

        A fault is told by `failed`, and then nothing is answered.
        """

        def find_out(tools: Tools, watch: Watch) -> Changes:
            self._answered.emit(answered, question(tools, watch))
            return Changes()

        self._add_small(find_out)

    def beside(
        self,
        work: Callable[[Tools, Watch], Any],
        answered: Callable[[Any], None],
        refused: Callable[[str], None],
    ) -> None:
        """Do what takes long and needs no library, on a thread of its own; one of the two gets what came of
        it on the thread that made this object. Closing stops it."""

        def done(tools: Tools) -> None:
            try:
                answer = work(tools, Watch(self._told, self._closing.is_set))
            except Cancelled:
                return
            except KnownError as error:
                self._answered.emit(refused, str(error))
            else:
                self._answered.emit(answered, answer)

        def begin(tools: Tools, _watch: Watch) -> Changes:
            self._beside("beside", lambda: done(tools))
            return Changes()

        self._add_small(begin)

    @Slot()
    def shutdown(self) -> None:
        """Stop within three seconds, or once all is stored that the user did, for which the library may have
        to be opened first. May be called twice: both together wait no longer."""
        if not self._closing.is_set():
            self._ending_s = self._stored_s = time.monotonic()
        self._closing.set()
        self._stop.set()
        self._put(None)
        while self._thread.is_alive() and (left_s := self._left_s()) > 0:
            self._thread.join(min(left_s, LOOK_EVERY_S))

    def _left_s(self) -> float:
        """For how long it is still worth waiting for the thread."""
        now_s = time.monotonic()
        if self._deeds:
            self._stored_s = now_s
        return min(self._ending_s + OPENING_S, self._stored_s + SHUTDOWN_S) - now_s

    @Slot(object, object)
    def _give(self, answered: Callable[[Any], None], answer: object) -> None:
        if not self._closing.is_set():
            answered(answer)

    def _add(self, task: Task) -> None:
        if not self._closing.is_set():
            self._put(task)

    def _add_small(self, task: Task) -> None:
        if not self._closing.is_set():
            self._small.append(task)
            self._put(nothing)

    def _put(self, task: Task | None) -> None:
        self._tasks.put(task)
        self._woken.set()

    def _run(self) -> None:
        try:
            context = self._open_tools()
            tools = context.__enter__()
        except Exception as error:  # noqa: BLE001  (handed to `start`, which raises it)
            self.opened.emit(error)
            self._opened.put(error)
            self._keep_last_deeds()
            return
        self.opened.emit(None)
        self._opened.put(None)
        while True:
            with contextlib.ExitStack() as stack:
                stack.push(context)
                self._work(tools)
                if not self._closing.is_set():
                    self.renewing.emit()
                self._do_deeds(tools)
                self._before_leaving()
                for thread in self._threads:
                    thread.join()
                self._last(tools)
            opened = self._opened_again(tools) if self._anew.is_set() else None
            if opened is None:
                if self._deeds:
                    self._keep_deeds(tools)
                return
            context, tools = opened

    def _opened_again(self, before: Tools) -> tuple[AbstractContextManager[Tools], Tools] | None:
        """None when the window is closed before that is possible, as where a disk is not plugged in."""
        while not self._closing.is_set():
            self._anew.clear()
            try:
                context = self._open_tools()
                return context, context.__enter__()
            except Exception as error:  # noqa: BLE001  (told; what is chosen next may mend it)
                self._tell_why_not(error)
            self._keep_deeds(before)
        return None

    def _keep_deeds(self, before: Tools) -> None:
        """Do what the user does with the library alone, until the rest is to be opened again."""
        until_s = time.monotonic() + AGAIN_S
        try:
            with open_library(replace(before.paths, models_folder=None), clock=before.clock) as library:
                alone = replace(before, library=library)
                self._do_deeds(alone)
                while not self._is_wanted() and (left_s := until_s - time.monotonic()) > 0:
                    self._woken.wait(left_s)
                    self._woken.clear()
                    self._do_deeds(alone)
        except (KnownError, OSError) as error:
            self._tell_why_not(error)
            self._closing.wait(until_s - time.monotonic())

    def _keep_last_deeds(self) -> None:
        """Store what was done in a window that could not get its library, once that window closes."""
        if not self._begun or self._open_alone is None:
            return
        self._closing.wait()
        if not self._deeds:
            return
        try:
            with self._open_alone() as alone:
                self._do_deeds(alone)
        except Exception:
            logging.getLogger(__name__).exception("what the user did could not be kept")

    def _is_wanted(self) -> bool:
        return self._closing.is_set() or self._anew.is_set()

    def _tell_why_not(self, error: Exception) -> None:
        if isinstance(error, KnownError):
            self.failed.emit(str(error))
            return
        logging.getLogger(__name__).error("the program was not put together again", exc_info=error)
        self.failed.emit(DISK_FULL if disk_is_full(error) else BROKE)

    def _work(self, tools: Tools) -> None:
        while (
            not self._is_to_open() and (task := self._tasks.get()) is not None and not self._closing.is_set()
        ):
            self._do(task, tools, lambda: self._asked_to_stop(tools))
            self._do_small(tools)
            if self._tasks.empty() and self._is_idle():
                self.progressed.emit(None)

    def _is_to_open(self) -> bool:
        """Not while something is done beside: a download goes to its end with what it began with."""
        return self._anew.is_set() and not self._beside_now

    def _do(self, task: Task, tools: Tools, asked_to_stop: Callable[[], bool]) -> None:
        try:
            change = task(tools, Watch(self._told, asked_to_stop))
        except Cancelled:
            self.changed.emit(Changes())
        except KnownError as error:
            self.failed.emit(str(error))
        except Exception:
            logging.getLogger(__name__).exception("a task broke")
            self.failed.emit(BROKE)
            if not self._closing.is_set():
                sys.excepthook(*sys.exc_info())
        else:
            if change:
                self.changed.emit(change)

    def _do_small(self, tools: Tools) -> None:
        """A pause holds up the work, not what the user asks for meanwhile."""
        while self._small and not self._is_to_open():  # what was asked since is done with what was chosen
            self._do(self._small.popleft(), tools, self._closing.is_set)

    def _do_deeds(self, tools: Tools, _watch: Watch | None = None) -> Changes:
        while self._deeds:
            self._do(self._deeds[0], tools, self._closing.is_set)
            self._deeds.popleft()  # not before it is done: `shutdown` waits for it
        return Changes()

    def _asked_to_stop(self, tools: Tools) -> bool:
        """Asked many times a second during long work, outside any transaction.

        Small things are done here, but only on the thread that owns the library.
        """
        if threading.current_thread() is self._thread:
            self._do_small(tools)
        return self._stop.is_set() or self._aside.is_set() or self._is_to_open()

    def _beside(self, name: str, work: Callable[[], None]) -> None:
        token = object()
        self._beside_now.add(token)

        def whole() -> None:
            try:
                work()
            finally:
                self._beside_now.discard(token)
                self._tasks.put(nothing)

        thread = threading.Thread(target=whole, name=name, daemon=True)
        thread.start()
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]

    def _told(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._told_at >= PROGRESS_EVERY_S:
            self._told_at = now
            self.progressed.emit(progress)

    def _before_leaving(self) -> None:
        """Let what is done beside come to its end."""

    def _last(self, tools: Tools) -> None:
        """The last thing that is done with these tools."""

    def _is_idle(self) -> bool:
        """Whether nothing goes on beside the queue."""
        return True
