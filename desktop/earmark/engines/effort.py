"""How much of the computer an engine takes in each of the three modes: a table, and its effect.

A core stays free in quiet and balanced. In every mode one stays free for small sums such as the vector of a
sentence: threads that wait for each other on a busy computer make those ten times slower.
"""

import contextlib
import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import psutil

from earmark.settings import Mode

MODE_VARIABLE = "EARMARK_MODE"
"""In a child's surroundings: the mode that it begins in."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What native code may take.

    `threads` are for long sums (a window of sound, a page for the language model), `few_threads` for small
    ones. `niceness` is that of Linux and macOS, 0 to 19, the higher the later it gets its turn;
    `windows_class` is the name in psutil of the priority class that Windows has in its place.
    """

    threads: int
    few_threads: int
    niceness: int
    windows_class: str


def effort_of(mode: Mode, cores: int) -> Effort:
    """What a mode means on a computer with that many cores.

    >>> effort_of("quiet", 8).threads, effort_of("balanced", 8).threads, effort_of("fast", 8).threads
    (2, 4, 8)
    """
    free_core = max(1, min(4, cores - 1))
    table = {
        "quiet": Effort(max(1, min(2, cores // 4)), 1, 19, "IDLE_PRIORITY_CLASS"),
        "balanced": Effort(free_core, free_core, 10, "BELOW_NORMAL_PRIORITY_CLASS"),
        "fast": Effort(max(1, min(8, cores)), free_core, 5, "BELOW_NORMAL_PRIORITY_CLASS"),
    }
    return table[mode]


def cores_here() -> int:
    """The cores that this process may use: real ones, since two threads of one core only get in each other's
    way."""
    allowed = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


def needs_new_process(before: Mode, after: Mode) -> bool:
    """Whether a process cannot change over: outside Windows, no one may become less nice again."""
    cores = cores_here()
    return sys.platform != "win32" and effort_of(after, cores).niceness < effort_of(before, cores).niceness


class OwnEffort:
    """The effort of this process, with each of its threads; it may change at any moment."""

    def __init__(self) -> None:
        self._cores = cores_here()  # once: the audio decoder cannot look again
        self._effort = effort_of("balanced", self._cores)
        self._begun_with: int | None = None

    @property
    def threads(self) -> int:
        """For long sums, from the next one on."""
        return self._effort.threads

    @property
    def few_threads(self) -> int:
        """For small sums, from the next one on."""
        return self._effort.few_threads

    def take(self, mode: Mode) -> None:
        """Work in this mode from now on.

        What the system does not allow stays as it is; a program that was started as a nicer one remains so.
        """
        effort = effort_of(mode, self._cores)
        with contextlib.suppress(OSError, psutil.Error):
            self._give_way(effort)
        self._effort = effort  # last: who sees the new threads sees the new niceness too

    def _give_way(self, effort: Effort) -> None:
        if sys.platform == "win32":
            psutil.Process().nice(getattr(psutil, effort.windows_class))
            return
        if self._begun_with is None:
            self._begun_with = os.getpriority(os.PRIO_PROCESS, 0)
        for thread in _own_threads():
            os.setpriority(os.PRIO_PROCESS, thread, max(self._begun_with, effort.niceness))


def _own_threads() -> list[int]:
    """On Linux niceness belongs to each thread, elsewhere to the process (0: this one)."""
    if sys.platform != "linux":
        return [0]
    try:
        return [int(task.name) for task in Path("/proc/self/task").iterdir()]
    except OSError:  # the audio decoder opens no folder any more
        return [thread.native_id for thread in threading.enumerate() if thread.native_id]


OWN = OwnEffort()
"""Of the process that this runs in: an engine's child. It changes nothing until a mode is taken."""
