"""How much memory a process has held, and whether there is enough for a model before it is loaded."""

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

from earmark.counting import size_text as size_text
from earmark.errors import KnownError

_OWN_STATUS = "/proc/self/status"
_STATUS_BYTES = 8192
_CGROUPS = Path("/sys/fs/cgroup")


class NotEnoughMemory(KnownError):  # noqa: N818  (names what happened)
    """A model does not fit just now. Nothing is broken: with other programs closed it may fit."""

    WHY = "memory"

    @classmethod
    def for_model(cls, name: str, needed_bytes: int, free_bytes: int) -> "NotEnoughMemory":
        """Names what is needed, what is free, and the next step."""
        return cls(
            f"The model {name} needs about {size_text(needed_bytes)} of memory, and {size_text(free_bytes)} "
            "is free. Close other programs, or choose a smaller model: earmark models list"
        )


def require_room(name: str, needed_bytes: int) -> None:
    """Raise NotEnoughMemory where a model that is about to be loaded would not fit."""
    free = free_bytes()
    if needed_bytes > free:
        raise NotEnoughMemory.for_model(name, needed_bytes, free)


def free_bytes() -> int:
    """What this process may still take: of the computer, of its own limit, and of the group that it is in."""
    rooms = [psutil.virtual_memory().available, _room_in_limit(), _room_in_group(_CGROUPS)]
    return max(0, min(int(room) for room in rooms if room is not None))


def free_disk_bytes(folder: Path) -> int:
    """What may still be written there. Raises OSError."""
    return shutil.disk_usage(folder).free


def _room_in_limit() -> int | None:
    """What a limit on the address space leaves (`ulimit -v`, `prlimit --as`); None without one."""
    try:
        import resource as system
    except ImportError:  # Windows
        return None
    limit, _ = system.getrlimit(system.RLIMIT_AS)
    return None if limit == system.RLIM_INFINITY else limit - psutil.Process().memory_info().vms


def _room_in_group(groups: Path) -> int | None:
    """What a memory limit on a container or a session leaves (Linux cgroups, second form); None without one.

    The system's copies of files count as used there, but are given back when memory runs short.
    """
    try:
        own = Path("/proc/self/cgroup").read_text(encoding="ascii").strip().rpartition("::")[2]
        folder = groups / own.lstrip("/")
        limit = int((folder / "memory.max").read_text(encoding="ascii"))
        used = int((folder / "memory.current").read_text(encoding="ascii"))
        rows = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):  # no such group here, or "max"
        return None
    copies = sum(int(row.split()[1]) for row in rows if row.startswith(("inactive_file ", "active_file ")))
    return limit - used + copies


def peak_meter() -> Callable[[], int | None]:
    """What tells the most memory that this process has held, None where the system does not tell; also when
    the process can open no file any more.

    On Linux from the kernel's own figures, for `getrusage` counts in what the process held that started this
    one.
    """
    try:
        status = os.open(_OWN_STATUS, os.O_RDONLY)
    except OSError:
        return _peak_by_usage

    def peak() -> int | None:
        told = re.search(rb"VmHWM:\s*(\d+) kB", os.pread(status, _STATUS_BYTES, 0))
        return int(told[1]) * 1024 if told else _peak_by_usage()

    return peak


def peak_bytes() -> int | None:
    """The most memory that this process has held; None where the system does not tell.

    Linux hands `ru_maxrss` on from the process that started this one, so there its own mark is read.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return next(int(row.split()[1]) * 1024 for row in status.splitlines() if row.startswith("VmHWM"))
    except (OSError, StopIteration):
        pass
    try:
        told = re.search(rb"VmHWM:\s*(\d+) kB", Path(_OWN_STATUS).read_bytes())
    except OSError:
        told = None
    return int(told[1]) * 1024 if told else _peak_by_usage()


def _peak_by_usage() -> int | None:
    try:
        import resource as system
    except ImportError:  # Windows
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return system.getrusage(system.RUSAGE_SELF).ru_maxrss * unit
