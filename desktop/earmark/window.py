"""From the start of the program to a window, and from there to its end.

What is on screen first needs the library's answers and Qt, nothing else. So a library that can be read as it
is is shown at once, and owned, worked on and looked after from then on: all of that is loaded and opened on
the thread that works, see `jobs`.
"""

from __future__ import annotations

import gc
import itertools
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from earmark.clock import Clock, system_clock
from earmark.errors import KnownError
from earmark.library import LibraryInUse, is_at_hand, open_reader
from earmark.paths import Paths
from earmark.settings import Choices, Settings, located

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from earmark.jobs import Jobs
    from earmark.library import Reader
    from earmark.pipeline import Tools
    from earmark.pipeline.proofs import Moment
    from earmark.records import EpisodeId, InsightId
    from earmark.ui.first_one import FirstOne
    from earmark.ui.main_window import MainWindow

SWEEP_MS = 3_000
WHOLE_EVERY = 100
"""So many sweeps look at what is new alone, then one at everything."""
DUE_MS = 60_000
HEAPS, _M_ARENA_MAX = 2, -8
"""So many heaps for all threads, in glibc's terms. Its own eight for each core keep what the threads of a
round of news once held: of a thousand shows 35 MB."""
FOR_THE_WINDOW = "for the window"
SWITCH_S = 0.001
"""How long the window waits for another thread that computes. Each row that it asks the library for is such a
moment, and Python's own 5 ms add up to what is felt."""


def has_screen() -> bool:
    """Whether a window can be shown to somebody."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_window(
    paths: Paths, what: str = "", *, first_refresh: bool = True, clock: Clock = system_clock
) -> int:
    """Show the window over one profile until it is closed; the program's exit code.

    `what` it shall show, see `ui.arrivals`. Where a window is open with this profile, that one shows it.

    Qt is imported here, not above, so that every verb works where Qt cannot be loaded. Raises KnownError
    where there is no screen, or a library of the system is missing.
    """
    if not has_screen():
        raise KnownError(
            "There is no screen here. Every verb works without one; see them with: earmark --help"
        )
    gc.disable()  # see `keep_smooth`
    be_modest()
    try:
        from earmark.jobs import Jobs
        from earmark.ui.first_one import hand_over, hand_over_soon
    except ImportError as error:
        raise KnownError(
            f"The window cannot be loaded ({error}). What is missing says: earmark doctor"
        ) from error

    application = the_application()
    if hand_over(paths, what):
        return 0
    paths = located(paths)
    paths.create()
    jobs = Jobs(lambda: _tools(paths, clock), lambda: _library(paths, clock))
    try:
        if not is_at_hand(paths):
            jobs.start()
        return _Life(application, jobs, paths, clock).live(what, first_refresh)
    except LibraryInUse:
        if hand_over_soon(paths, what):
            return 0
        raise
    finally:
        jobs.shutdown()


def say_on_screen(paths: Paths, fault: str) -> None:
    """Say what kept the window from being used where it would have stood, until somebody has read it.

    Nothing where this process had not come so far as to be the window's: then Qt may not even be there, and
    somebody else's process does not wait for a click.
    """
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtWidgets import QApplication

    from earmark.ui.fault_box import show_fault

    application = QApplication.instance()
    if not isinstance(application, QApplication) or not application.property(FOR_THE_WINDOW):
        return

    settings = Settings()
    with suppress(KnownError):  # which may be the very fault
        settings = Choices(paths)()
    show_fault(application, fault, settings)


def the_application() -> QApplication:
    """Qt's part of this process. Notifications and screen readers say its name, which Qt would guess."""
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    if application is None:
        application = QApplication(sys.argv[:1])
        application.setProperty(FOR_THE_WINDOW, True)
    assert isinstance(application, QApplication)
    application.setApplicationName("Earmark")
    return application


def _tools(paths: Paths, clock: Clock) -> AbstractContextManager[Tools]:
    from earmark.app import open_tools

    return open_tools(paths, clock=clock)


def _library(paths: Paths, clock: Clock) -> AbstractContextManager[Tools]:
    from earmark.app import open_alone

    return open_alone(paths, clock=clock)


class _Life:
    """The window from its opening to its end."""

    def __init__(self, application: QApplication, jobs: Jobs, paths: Paths, clock: Clock) -> None:
        self._application, self._jobs, self._paths, self._clock = application, jobs, paths, clock
        self._fault: Exception | None = None
        self._first_one: FirstOne | None = None

    def live(self, what: str, first_refresh: bool) -> int:
        """Show the window until it is closed. Raises what kept the library from being opened."""
        from earmark.ui.arrivals import receive
        from earmark.ui.language import speak
        from earmark.ui.main_window import MainWindow
        from earmark.ui.painted import when_painted
        from earmark.ui.remembered import Remembered

        choices = Choices(self._paths)
        speak(self._application, choices().language)
        with open_reader(self._paths) as reader:
            window = MainWindow(
                reader,
                self._jobs,
                clock=self._clock,
                choices=choices,
                audio_path=lambda episode_id: _audio_of(reader, self._paths, episode_id),
                remembered=Remembered(self._paths.window),
            )
            window.moments.kept = lambda id_, start_ms: _moment_of(reader, self._paths, id_, start_ms)
            self._jobs.opened.connect(lambda fault: self._go_on(window, fault, first_refresh))
            when_painted(window, self._jobs.begin)
            window.show()
            if is_first_run(reader, choices()):
                window.go("welcome")
            if what:
                receive(window, what)
            keep_smooth(self._application)
            try:
                code = self._application.exec()
            finally:
                if self._first_one is not None:
                    self._first_one.close()
        fault = self._fault
        if isinstance(fault, KnownError) and self._jobs.left_undone:
            raise KnownError(f"{fault} What you did meanwhile could not be kept.") from fault
        if fault is not None:
            raise fault
        return code

    def _go_on(self, window: MainWindow, fault: Exception | None, first_refresh: bool) -> None:
        """What follows once the library is ours."""
        if fault is not None:
            self._fault = fault
            window.leave()
            return
        from PySide6.QtCore import QTimer

        from earmark.ui.arrivals import receive
        from earmark.ui.first_one import FirstOne

        self._first_one = FirstOne(self._paths, lambda asked: receive(window, asked))
        with suppress(ImportError):  # systems whose Qt knows no D-Bus
            from earmark.ui.mpris import offer_to_desktop

            offer_to_desktop(window, window.moments, window.leave)
        minute = QTimer(window)
        minute.timeout.connect(self._jobs.make_due_brief)
        minute.timeout.connect(self._jobs.refresh_due)
        minute.start(DUE_MS)
        window.pages.load_soon(gc.freeze)
        if first_refresh:
            self._jobs.refresh_due()
            self._jobs.process()


def is_first_run(reader: Reader, settings: Settings) -> bool:
    """Whether the first steps are shown by themselves: nothing is here, and they were never gone through."""
    return not settings.welcomed and not reader.library_counts()["feeds"]


def _audio_of(reader: Reader, paths: Paths, episode_id: EpisodeId) -> Path | None:
    from earmark.pipeline.episode import stored_audio

    return stored_audio(reader, paths.audio, episode_id)


def _moment_of(reader: Reader, paths: Paths, insight_id: InsightId, start_ms: int) -> Moment | None:
    from earmark.pipeline.proofs import moment_of

    return moment_of(reader, paths, insight_id, start_ms)


def be_modest() -> None:
    """Take little of the computer. To be called before there are other threads, and before numpy is loaded.

    Freed memory serves again whichever thread freed it, and numpy computes on one core: where others use the
    second one, its two threads wait for each other (a brief of 100,000 insights: 1.6 s, and not 2.9).
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if sys.platform == "linux":
        import ctypes

        with suppress(AttributeError):  # another C library than glibc
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, HEAPS)


def keep_smooth(application: QApplication) -> None:
    """Let nothing of Python's own hold up the window for long; to be called on the window's thread.

    Python may collect garbage on any thread, and Qt's objects must die on this one (Anki does the same). What
    was imported never becomes garbage: looking at it again and again takes up to 90 ms each time. So it is
    frozen, here and when all was loaded, and what outlived a sweep is looked at again only now and then.
    """
    from PySide6.QtCore import QTimer

    gc.disable()
    gc.freeze()
    sys.setswitchinterval(SWITCH_S)
    sweep, turns = QTimer(application), itertools.count(1)
    sweep.timeout.connect(lambda: gc.collect(1 if next(turns) % WHOLE_EVERY else 2))
    sweep.start(SWEEP_MS)
