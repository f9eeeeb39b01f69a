"""Where the program is put together: with `window`, the only module that knows all parts."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

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
from earmark.insights import trial_versions
from earmark.library import LibraryInUse, log_beside, open_library
from earmark.log import write_log
from earmark.net import Door, RequestLog, Throttle, proxy_of
from earmark.paths import Paths
from earmark.pipeline import Tools
from earmark.pipeline.feed_reader import FeedReader
from earmark.pipeline.models import choose, detector_here, is_own, take_in
from earmark.pipeline.open_secrets import tidy_secrets
from earmark.pipeline.patience import Patience
from earmark.pipeline.servers import language_on_server, speech_model_name, speech_on_server
from earmark.pipeline.surroundings import look_around
from earmark.records import Tier
from earmark.settings import Choices, Settings, load_settings, located

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


@contextmanager
def open_alone(paths: Paths, *, clock: Clock = system_clock) -> Iterator[Tools]:
    """The library without all that may be away or broken around it: no chosen model, no server, no network.

    For what the user does where the whole cannot be put together. Raises KnownError, `LibraryInUse` too.
    """
    paths = replace(paths, models_folder=None)
    with ExitStack() as stack:
        library = stack.enter_context(open_library(paths, clock=clock))
        door = Door(user_agent=USER_AGENT, log=library.log_request, offline=lambda: True)
        yield Tools(
            library=library,
            door=stack.enter_context(door),
            media=stack.enter_context(Media()),
            speech=stack.enter_context(Speech()),
            language=stack.enter_context(Language(paths)),
            paths=paths,
            clock=clock,
            speech_model=None,
        )


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
