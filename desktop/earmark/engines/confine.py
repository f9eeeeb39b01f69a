"""What the children may not do, so that a file which takes one over gains nothing.

The audio decoder reads what strangers made. It opens its recording and its result first, and then gives up
all else: no other file, no socket, no program, and no more memory, time or disk than a recording can need.
So does the reader of large feeds, which opens no file at all.
The engines that run models keep files and devices, and lose the network. On systems that know less of this a
child works with what there is; `holding` says what that is, and `earmark doctor` shows it.
"""

import contextlib
import sys
from pathlib import Path

from earmark.engines import kernel

MOST_MEMORY_BYTES = 2 * 2**30
MOST_WORK_S = 2 * 3600
"""Processor time of one recording. 24 hours of MP3 take two or three minutes of it."""
MOST_OPEN_FILES = 32
_GRACE_S = 10

_NVIDIA_DRIVER, _NVIDIA_MEMORY = Path("/proc/driver/nvidia"), Path("/dev/nvidia-uvm")
_held: list[str] = []


def confine(engine: str) -> None:
    """Give up what this engine does not need. Before any thread is started: some of it binds one thread."""
    if engine in ("media", "feeds"):
        _limit("RLIMIT_AS", MOST_MEMORY_BYTES, "at most 2 GB of memory")
        if engine == "media":
            _limit("RLIMIT_CPU", MOST_WORK_S, "at most two hours of work")
        _limit("RLIMIT_NOFILE", MOST_OPEN_FILES, "")
        _note(kernel.give_up_files(), "opens no other file")
        _note(kernel.give_up_all_but_computing(), "no network", "starts no program")
    elif not _driver_needs_rights():
        _note(kernel.give_up_network(), "no network")


def holding() -> list[str]:
    """What this process has given up, in the user's words."""
    return list(_held)


def limit_result(size_bytes: int) -> None:
    """No file of this process grows beyond this; a write that would is an OSError."""
    _limit("RLIMIT_FSIZE", size_bytes, "")


def _limit(name: str, most: int, words: str) -> None:
    if sys.platform == "win32":
        return
    import resource

    last = (
        most + _GRACE_S if name == "RLIMIT_CPU" else most
    )  # a signal that names the reason, before the kill
    with contextlib.suppress(OSError, ValueError):  # the system holds a lower limit already, or knows none
        resource.setrlimit(getattr(resource, name), (most, last))
        _note(bool(words), words)


def _note(holds: bool, *words: str) -> None:
    if holds:
        _held.extend(words)


def _driver_needs_rights() -> bool:
    """NVIDIA's driver makes its device files at first use, through a program that gains rights; a confined
    process cannot start that. Once they are there it need not."""
    return _NVIDIA_DRIVER.exists() and not _NVIDIA_MEMORY.exists()
