"""Whether a file is opened by anybody, Qt's own code included: the kernel is asked (inotify, Linux)."""

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

IN_OPEN = 0x20
_EVENT = struct.Struct("iIII")


class Opened:
    """Counts how often a file was opened since it is watched."""

    def __init__(self, handle: int) -> None:
        self._handle, self._count = handle, 0

    def count(self) -> int:
        """So often by now."""
        while True:
            try:
                events = os.read(self._handle, 65_536)
            except BlockingIOError:
                return self._count
            at = 0
            while at < len(events):
                self._count += 1
                at += _EVENT.size + _EVENT.unpack_from(events, at)[3]


@contextmanager
def watched(file: Path) -> Iterator[Opened]:
    """Watch a file that is there."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    assert handle >= 0, os.strerror(ctypes.get_errno())
    assert libc.inotify_add_watch(handle, os.fsencode(file), IN_OPEN) >= 0
    try:
        yield Opened(handle)
    finally:
        os.close(handle)
