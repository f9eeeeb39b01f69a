"""What `app` puts in the place of the engines when the user's settings name a server."""

from pathlib import Path

from earmark.engines import VectorCache, valid_trial_of
from earmark.errors import KnownError
from earmark.insights import trial_versions
from earmark.net import Door
from earmark.paths import Paths
from earmark.pipeline.servers.language import ServerLanguage
from earmark.pipeline.servers.place import OwnServer, Task, shown_address
from earmark.pipeline.servers.speech import ServerSpeech
from earmark.settings import Settings


def speech_on_server(settings: Settings, door: Door, detector: Path | None) -> ServerSpeech | None:
    """The user's own speech server, or None when there is none. Asks nobody yet. Raises KnownError."""
    if settings.speech_server is None:
        return None
    server = _server(door, settings.speech_server, "speech")
    return ServerSpeech(server, settings.speech_server_model, detector=detector)


def language_on_server(
    paths: Paths, settings: Settings, door: Door, cache: VectorCache | None = None
) -> ServerLanguage | None:
    """The user's own language server, or None when there is none, with what its trial earned.

    Without a trial under today's rules it only helps to choose words, which happens here, so that nothing is
    sent. Asks nobody yet. Raises KnownError.
    """
    if settings.language_server is None:
        return None
    server = _server(door, settings.language_server, "language")
    model = settings.language_server_model
    tried = valid_trial_of(paths.models, trial_key(settings.language_server, model), trial_versions())
    return ServerLanguage(paths, server, model, tier=tried.tier if tried else None, cache=cache)


def _server(door: Door, address: str, task: Task) -> OwnServer:
    try:
        return OwnServer(door, address, task)
    except KnownError as error:
        raise KnownError(
            f"{error} In settings.toml, {task}_server has another form; without it: earmark server --off"
        ) from error


def trial_key(address: str, model: str | None) -> str:
    """Under which the trial of a server's model is kept: its address without any password, and the name."""
    return f"server {shown_address(address)} {model or ''}".rstrip()
