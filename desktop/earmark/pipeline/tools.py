"""What every step works with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from earmark.clock import Clock
from earmark.engines import Language, Media, Speech
from earmark.errors import Cancelled
from earmark.library import Library
from earmark.net import Door
from earmark.paths import Paths
from earmark.records import Progress


@dataclass(frozen=True, slots=True)
class Tools:
    """The parts of the program that the steps use; put together once, in `app`.

    `speech_model` is None when the user has chosen none: then episodes without a transcript wait.
    `glossary`: names and words that the speech model should expect.
    """

    library: Library
    door: Door
    media: Media
    speech: Speech
    language: Language
    paths: Paths
    clock: Clock
    speech_model: Path | None
    glossary: tuple[str, ...] = ()


def _silent(_progress: Progress) -> None:
    return None


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on: is told of progress, and may ask to stop."""

    on_progress: Callable[[Progress], None] = _silent
    cancelled: Callable[[], bool] = _never

    def stop_if_asked(self) -> None:
        """Raise Cancelled when the user wants to stop."""
        if self.cancelled():
            raise Cancelled
