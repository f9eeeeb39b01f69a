"""Where the program is put together: the only module that knows all parts."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from earmark import __version__
from earmark.clock import Clock, system_clock, to_ms
from earmark.engines import (
    Language,
    Media,
    Places,
    Speech,
    VectorCache,
    check_speech_model,
    own_detector,
    starter_detector,
    valid_trial,
)
from earmark.errors import KnownError
from earmark.insights import trial_versions
from earmark.library import LibraryInUse, log_beside, open_library, open_reader
from earmark.log import write_log
from earmark.net import Door, RequestLog, Throttle, proxy_of
from earmark.paths import Paths
from earmark.pipeline import Tools
from earmark.pipeline.episode import stored_audio
from earmark.pipeline.feed_reader import FeedReader
from earmark.pipeline.models import choose, detector_here, is_own, take_in
from earmark.pipeline.open_secrets import tidy_secrets
from earmark.pipeline.patience import Patience
from earmark.pipeline.proofs import moment_of
from earmark.pipeline.servers import language_on_server, speech_model_name, speech_on_server
from earmark.pipeline.surroundings import look_around
from earmark.records import Tier
from earmark.settings import Choices, Settings, load_settings, located

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication

    from earmark.jobs import Jobs

SWEEP_MS = 10_000
DUE_MS = 60_000
SWITCH_S = 0.001
"""How long the window waits for another thread that computes. Each row that it asks the library for is such a
moment, and Python's own 5 ms add up to what is felt."""
USER_AGENT = f"Earmark/{__version__}"


@dataclass(frozen=True, slots=True)
class Engines:
    """The three child processes; each starts at its first job."""

    media: Media
    speech: Speech
    language: Language


@contextmanager
def open_engines(paths: Paths, door: Door | None = None) -> Iterator[Engines]:
    """The engines alone, for work on a file outside the library; stopped at the end.

    The user's language model may do what its trial allows; without a trial it only helps to choose words.
    With a `door`, whose list of requests the user can read, the user's own servers stand in for the engines;
    without one nothing leaves this computer. Raises KnownError.
    """
    paths = located(paths)
    paths.create()
    cache = VectorCache(paths.vectors)
    choices = Choices(paths)
    settings = choices()
    detector = _detector(paths)
    own_speech = speech_on_server(settings, door, detector) if door else None
    own_language = language_on_server(paths, settings, door, cache) if door else None
    llm = settings.language_model
    tried = valid_trial(paths.models, llm, trial_versions()) if llm and llm.exists() else None
    tier: Tier | None = tried.tier if tried else "quotes" if llm else None
    mode = choices.mode
    ears = own_speech or Speech(detector=detector, mode=mode, places=Places(paths.data))
    here = own_language or Language(paths, llm=llm, tier=tier, cache=cache)
    here.engine.mode = mode
    with Media(mode=mode) as media, ears as speech, here as language:
        yield Engines(media, speech, language)


@contextmanager
def open_door(paths: Paths, *, clock: Clock = system_clock) -> Iterator[Door]:
    """The network alone; its list of requests is the library's. Raises KnownError, `LibraryInUse` too."""
    paths = located(paths)
    paths.create()
    with ExitStack() as stack:
        library = stack.enter_context(open_library(paths, clock=clock))
        yield stack.enter_context(_door(library.log_request, Choices(paths)))


@contextmanager
def open_door_beside(paths: Paths, *, clock: Clock = system_clock) -> Iterator[Door]:
    """The same, also while another process owns the library: nobody shall wait for a long download.

    What is asked is noted beside the library, and listed by whoever owns it next. Raises KnownError.
    """
    paths = located(paths)
    paths.create()
    try:
        with _door(log_beside(paths.data), Choices(paths)) as door:
            yield door
    finally:
        with suppress(LibraryInUse):
            open_library(paths, clock=clock).close()


@contextmanager
def open_tools(
    paths: Paths, *, clock: Clock = system_clock, speech_model: Path | None = None
) -> Iterator[Tools]:
    """The whole program over one profile, without a window; closes engines and library at the end.

    `speech_model` is remembered for later runs. Raises KnownError, `LibraryInUse` among them.
    """
    paths = located(paths)
    paths.create()
    write_log(paths.log)
    with ExitStack() as stack:
        library = stack.enter_context(open_library(paths, clock=clock))
        settings = _chosen(paths, speech_model, clock)
        choices = Choices(paths)
        door = stack.enter_context(_door(library.log_request, choices))
        tidy_secrets(library, door.vault, paths, to_ms(clock()))
        for feed in library.feeds():
            if feed.near:
                door.allow(feed.url)
        engines = stack.enter_context(open_engines(paths, door))
        reader = stack.enter_context(FeedReader())
        yield Tools(
            library=library,
            door=door,
            media=engines.media,
            speech=engines.speech,
            language=engines.language,
            paths=paths,
            clock=clock,
            speech_model=speech_model_name(settings),
            glossary=settings.glossary,
            choices=choices,
            patience=Patience(choices, look_around),
            reader=reader,
        )


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
    try:
        from PySide6.QtWidgets import QApplication

        from earmark.jobs import Jobs
        from earmark.ui.first_one import hand_over, hand_over_soon
    except ImportError as error:
        raise KnownError(
            f"The window cannot be loaded ({error}). What is missing says: earmark doctor"
        ) from error

    application = QApplication.instance() or QApplication(sys.argv[:1])
    application.setApplicationName("Earmark")  # what a screen reader calls it; else the name of a file
    if hand_over(paths, what):
        return 0
    keep_smooth(application)
    jobs = Jobs(lambda: open_tools(paths, clock=clock))
    try:
        jobs.start()
    except LibraryInUse:
        if hand_over_soon(paths, what):
            return 0
        raise
    try:
        return _live(application, jobs, paths, what, first_refresh, clock)
    finally:
        jobs.shutdown()


def _live(
    application: "QCoreApplication", jobs: "Jobs", paths: Paths, what: str, first_refresh: bool, clock: Clock
) -> int:
    """The window from its opening to its end."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from earmark.ui.arrivals import receive
    from earmark.ui.first_one import FirstOne
    from earmark.ui.language import speak
    from earmark.ui.main_window import MainWindow
    from earmark.ui.remembered import Remembered
    from earmark.ui.welcome_room import is_first_run

    minute = QTimer()
    minute.timeout.connect(jobs.make_due_brief)
    minute.timeout.connect(jobs.refresh_due)
    minute.start(DUE_MS)
    choices = Choices(paths)
    if isinstance(application, QApplication):
        speak(application, choices().language)
    with open_reader(paths) as reader:
        window = MainWindow(
            reader,
            jobs,
            clock=clock,
            choices=choices,
            audio_path=lambda episode_id: stored_audio(reader, paths.audio, episode_id),
            remembered=Remembered(paths.window),
        )
        window.moments.kept = lambda id_, start_ms: moment_of(reader, paths, id_, start_ms)
        with suppress(ImportError):  # systems whose Qt knows no D-Bus
            from earmark.ui.mpris import offer_to_desktop

            offer_to_desktop(window, window.moments)
        window.show()
        if is_first_run(reader, choices()):
            window.go("welcome")
        first_one = FirstOne(paths, lambda asked: receive(window, asked))
        if what:
            receive(window, what)
        if first_refresh:
            jobs.refresh_due()
            jobs.process()
        try:
            return application.exec()
        finally:
            first_one.close()


def keep_smooth(application: "QCoreApplication") -> None:
    """Let nothing of Python's own hold up the window for long; to be called on the window's thread.

    Python may collect garbage on any thread, and Qt's objects must die on this one (Anki does the same). What
    was imported never becomes garbage: looking at it again and again takes 40 ms each time.
    """
    from PySide6.QtCore import QTimer

    gc.disable()
    gc.freeze()
    sys.setswitchinterval(SWITCH_S)
    sweep = QTimer(application)
    sweep.timeout.connect(gc.collect)
    sweep.start(SWEEP_MS)


def _door(log: RequestLog, choices: Choices) -> Door:
    """The way to the network that the settings leave; the proxy is the one of the start."""
    proxy = choices().proxy
    return Door(
        user_agent=USER_AGENT,
        log=log,
        offline=lambda: choices().offline,
        proxy=proxy_of(proxy) if proxy else None,
        throttle=Throttle(lambda: choices().max_download_kb_s * 1000),
    )


def _detector(paths: Paths) -> Path | None:
    """What tells speech from all else: the user's own file before the one that comes with the program."""
    own = detector_here(paths.models, system_clock) or own_detector(paths.models)
    return own or starter_detector(paths)


def _chosen(paths: Paths, speech_model: Path | None, clock: Clock) -> Settings:
    if speech_model:
        check_speech_model(speech_model)
        file = speech_model.resolve()
        if not is_own(paths.models, file):
            take_in(paths.models, file, "speech", "chosen by you", clock)
        choose(paths, file, "speech")
    return load_settings(paths)
