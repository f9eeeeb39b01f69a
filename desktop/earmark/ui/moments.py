"""Playing the moment of an insight, and fetching its audio first when it is not here."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from earmark.jobs import Jobs
from earmark.library import Reader
from earmark.records import EpisodeId, InsightId
from earmark.ui.player import Player


class Moments(QObject):
    """Plays from an insight's place. Signals: audio_missing(): it can be fetched, if the user wants."""

    audio_missing = Signal()

    def __init__(self, reader: Reader, jobs: Jobs, audio_path: Callable[[EpisodeId], Path | None]) -> None:
        super().__init__()
        self._reader, self._jobs, self._audio_path = reader, jobs, audio_path
        self.player = Player()
        self._wanted: InsightId | None = None

    @Slot(str)
    def play(self, insight_id: str) -> None:
        """Play the moment, or say that its audio is not on this computer."""
        card = self._reader.card(InsightId(insight_id))
        audio = self._audio_path(card.episode_id)
        if audio is None:
            self._wanted = card.insight.id
            self.audio_missing.emit()
        else:
            self._wanted = None
            self.player.play(audio, card.insight.start_ms)

    @Slot()
    def fetch(self) -> None:
        """Download the audio that was missing; it plays when it is there."""
        if self._wanted is not None:
            self._jobs.fetch_audio(self._reader.card(self._wanted).episode_id)

    def look_again(self) -> None:
        """Something in the library changed: play what was waited for, if it came."""
        if self._wanted is not None and self._audio_path(self._reader.card(self._wanted).episode_id):
            self.play(self._wanted)
