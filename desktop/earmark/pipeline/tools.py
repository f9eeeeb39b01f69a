"""What every step works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from earmark.clock import Clock
from earmark.engines import Language, Media, Speech
from earmark.library import Library
from earmark.net import Door
from earmark.paths import Paths
from earmark.pipeline.feed_reader import FeedReader
from earmark.pipeline.pace import Pace
from earmark.pipeline.patience import Patience
from earmark.pipeline.surroundings import Surroundings
from earmark.pipeline.watch import Watch as Watch
from earmark.settings import Settings


def _patient_never() -> Patience:
    return Patience(Settings, Surroundings)


@dataclass(frozen=True, slots=True)
class Tools:
    """The parts of the program that the steps use; put together once, in `app`.

    `speech_model` is None when the user has chosen none: then episodes without a transcript wait.
    `glossary`: names and words that the speech model should expect. `choices` gives the user's settings as
    they are now; `patience` waits where they say so; `reader` reads feed documents.
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
    choices: Callable[[], Settings] = Settings
    patience: Patience = field(default_factory=_patient_never)
    reader: FeedReader = field(default_factory=FeedReader)

    @property
    def pace(self) -> Pace:
        """How fast this computer listens and reads."""
        return Pace(self.paths.cache)
