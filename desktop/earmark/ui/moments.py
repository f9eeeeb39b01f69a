"""Playing the moment of an insight, and fetching its audio first when it is not here."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from earmark.errors import KnownError
from earmark.library import Reader
from earmark.pipeline.proofs import Moment
from earmark.records import Card, EpisodeId, InsightId
from earmark.ui.bars import Notice, SoundBar
from earmark.ui.player import Player
from earmark.ui.words import tr
from earmark.ui.work import AudioPath, JobsLike

KeptMoment = Callable[[InsightId, int], Moment | None]
"""The kept moment of an insight that begins at so many milliseconds of its episode."""


class Moments(QObject):
    """Plays from an insight's place, and says in the strips what plays and what does not.

    `kept` finds the moment of an insight whose recording is gone. Signals: moved(int, int): the episode that
    plays, and where in it; -1 once nothing plays.
    """

    moved = Signal(int, int)

    def __init__(
        self, reader: Reader, jobs: JobsLike, audio_path: AudioPath, notice: Notice, sound: SoundBar
    ) -> None:
        super().__init__()
        self._reader, self._jobs, self._audio_path = reader, jobs, audio_path
        self._notice, self._sound = notice, sound
        self.player = Player()
        self.kept: KeptMoment = lambda _id, _start_ms: None
        self._wanted: InsightId | None = None
        self._episode_id, self._shift_ms = EpisodeId(0), 0
        self.player.said.connect(notice.say)
        self.player.playing_changed.connect(sound.show_playing)
        self.player.moved.connect(self._tell_place)
        sound.toggle_asked.connect(self.player.toggle)
        sound.back_asked.connect(self.player.step_back)
        sound.stop_asked.connect(self.stop)

    @Slot(str)
    def play(self, insight_id: str) -> None:
        """Play the moment, or say that its audio is not on this computer."""
        card = self._card(InsightId(insight_id))
        if card is None:
            return
        audio, start_ms, shift_ms = self._audio_path(card.episode_id), card.insight.moment_ms[0], 0
        if audio is None and (kept := self.kept(card.insight.id, card.insight.start_ms)) is not None:
            audio, start_ms, shift_ms = kept.file, kept.start_ms, card.insight.start_ms - kept.start_ms
        if audio is None:
            self._wanted = card.insight.id
            missing = tr("The audio of this episode is not on this computer.")
            self._notice.say(missing, offer=tr("Download it"), deed=self.fetch)
            return
        self._wanted = None
        self._episode_id, self._shift_ms = card.episode_id, shift_ms
        if self.player.play(audio, start_ms):
            self._sound.show_card(card)

    @Slot(int, int)
    def hear(self, episode_id: int, start_ms: int) -> None:
        """Play an episode from a place in it, or offer to download it."""
        audio = self._audio_path(EpisodeId(episode_id))
        if audio is None:
            self._notice.say(
                tr("The audio of this episode is not on this computer."),
                offer=tr("Download it"),
                deed=lambda: self._jobs.fetch_audio(EpisodeId(episode_id)),
            )
        elif self.player.play(audio, start_ms):
            self._wanted = None
            self._episode_id, self._shift_ms = EpisodeId(episode_id), 0
            self._sound.show_episode(self._reader.episode(EpisodeId(episode_id)), start_ms)

    @Slot()
    def stop(self) -> None:
        """Be quiet."""
        self.player.stop()
        self.moved.emit(self._episode_id, -1)

    @Slot(int)
    def _tell_place(self, position_ms: int) -> None:
        """A kept moment is a file of its own; what is told is the place in the episode."""
        self._sound.show_time(position_ms + self._shift_ms)
        self.moved.emit(self._episode_id, position_ms + self._shift_ms)

    @Slot()
    def fetch(self) -> None:
        """Download the audio that was missing; it plays when it is there."""
        card = self._card(self._wanted) if self._wanted is not None else None
        if card is not None:
            self._jobs.fetch_audio(card.episode_id)

    def look_again(self) -> None:
        """Something in the library changed: play what was waited for, if it came."""
        card = self._card(self._wanted) if self._wanted is not None else None
        if card is not None and self._audio_path(card.episode_id):
            self.play(card.insight.id)

    def _card(self, insight_id: InsightId) -> Card | None:
        try:
            return self._reader.card(insight_id)
        except KnownError as error:
            self._wanted = None
            self._notice.say(str(error))
            return None
