"""Playing the moment of an insight, and fetching its audio first when it is not here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from earmark.errors import KnownError
from earmark.records import Card, EpisodeId, InsightId
from earmark.ui.bars import Notice
from earmark.ui.player import Player
from earmark.ui.remembered import Remembered
from earmark.ui.sound_bar import SPEEDS, SoundBar
from earmark.ui.words import tr

if TYPE_CHECKING:
    from earmark.library import Reader
    from earmark.pipeline.proofs import Moment
    from earmark.ui.work import AudioPath, JobsLike

BEHIND_MS = 700
SAVE_EVERY_MS = 15_000
NEAR_THE_END_MS = 15_000
KeptMoment = Callable[[InsightId, int], "Moment | None"]
"""The kept moment of an insight that begins at so many milliseconds of its episode."""


class Moments(QObject):
    """Plays from an insight's place, and says in the strips what plays and what does not.

    `kept` finds the moment of an insight whose recording is gone.
    Signals: began(str, str): an episode and its show; moved(int, int): the episode that plays, and where in
    it; -1 once nothing plays; volume_changed(float): 0 to 1; speed_changed(float).
    """

    began = Signal(str, str)
    moved = Signal(int, int)
    volume_changed = Signal(float)
    speed_changed = Signal(float)

    def __init__(
        self,
        reader: Reader,
        jobs: JobsLike,
        audio_path: AudioPath,
        notice: Notice,
        sound: SoundBar,
        remembered: Remembered,
    ) -> None:
        super().__init__()
        self._reader, self._jobs, self._audio_path = reader, jobs, audio_path
        self._notice, self._sound = notice, sound
        self.player = Player()
        self.kept: KeptMoment = lambda _id, _start_ms: None
        self._wanted: InsightId | None = None
        self._remembered = remembered
        self._episode: EpisodeId | None = None
        self._playing: EpisodeId | None = None
        self._until_ms: int | None = None
        self._place_ms, self._saved_ms, self._length_ms = 0, 0, 0
        self.player.moved.connect(self._tell_place)
        self.player.told.connect(notice.say)
        self.player.playing_changed.connect(sound.show_playing)
        self.player.moved.connect(self._on_moved)
        self.player.ended.connect(self._on_ended)
        sound.toggle_asked.connect(self.player.toggle)
        sound.stepped.connect(self.player.step)
        sound.placed.connect(self.player.go_to)
        sound.stop_asked.connect(self.stop)
        sound.faster_asked.connect(lambda: self.change_speed(1, around=True))
        sound.volume_asked.connect(self._change_volume)
        sound.whole_asked.connect(self._go_on_or_not)
        self.speed = remembered.number("speed", SPEEDS[0], SPEEDS[-1], 1.0)
        self.set_speed(self.speed)
        sound.show_volume(self.volume)
        self.player.set_volume(self.volume)
        sound.show_whole(bool(remembered.number("whole", 0, 1, 0)))

    @Slot(str)
    def play(self, insight_id: str) -> None:
        """Play the moment, or say that its audio is not on this computer."""
        card = self._card(InsightId(insight_id))
        if card is None:
            return
        begins_ms = 0
        audio, start_ms = self._audio_path(card.episode_id), card.insight.start_ms
        if audio is None and (kept := self.kept(card.insight.id, card.insight.start_ms)) is not None:
            audio, start_ms = kept.file, kept.start_ms
            begins_ms = card.insight.start_ms - kept.start_ms
        if audio is None:
            missing = tr("The audio of this episode is not on this computer.")
            fetch = partial(self.fetch, card.insight.id)
            self._notice.say(missing, offer=tr("Download it"), deed=fetch)
            return
        self._wanted = None
        if self.player.play(audio, start_ms):
            self._playing = card.episode_id
            self._until_ms = card.insight.moment_ms[1] + BEHIND_MS
            whole = bool(self._remembered.number("whole", 0, 1, 0))
            self.player.hold(begins_ms=begins_ms, until_ms=None if whole else self._until_ms)
            self._begin(None if begins_ms else card.episode_id)
            self._sound.show_card(card)
            self.began.emit(card.episode_title, card.feed_title)

    @Slot(int, int)
    def hear(self, episode_id: int, start_ms: int) -> None:
        """Play an episode from a place in it, or offer to download it; from 0 where it was left."""
        audio = self._audio_path(EpisodeId(episode_id))
        start_ms = start_ms or self._remembered.place_of(episode_id) or 0
        if audio is None:
            self._notice.say(
                tr("The audio of this episode is not on this computer."),
                offer=tr("Download it"),
                deed=lambda: self._jobs.fetch_audio(EpisodeId(episode_id)),
            )
        elif self.player.play(audio, start_ms):
            self._wanted, self._playing = None, EpisodeId(episode_id)
            episode = self._reader.episode(EpisodeId(episode_id))
            self._begin(episode.id)
            self._sound.show_episode(episode, start_ms)
            self.began.emit(episode.title, episode.feed_title)

    def change_speed(self, step: int, *, around: bool = False) -> None:
        """Faster (1) or slower (-1); `around`: behind the fastest comes the slowest."""
        beyond = [speed for speed in SPEEDS if (speed - self.speed) * step > 0]
        if not beyond and not around:
            return
        self.set_speed(min(beyond, key=lambda speed: abs(speed - self.speed)) if beyond else SPEEDS[0])

    def set_speed(self, speed: float) -> None:
        """So many times as fast as it was spoken; beyond the slowest and the fastest it is these."""
        self.speed = min(SPEEDS[-1], max(SPEEDS[0], round(speed, 2)))
        self._remembered.note("speed", self.speed)
        self.player.set_speed(self.speed)
        self._sound.show_speed(self.speed)
        self.speed_changed.emit(self.speed)

    @property
    def volume(self) -> float:
        """How loud, 0 to 1."""
        return self._remembered.number("volume", 0.0, 1.0, 1.0)

    def change_volume(self, by: float) -> None:
        """Louder or quieter."""
        self._sound.show_volume(min(1.0, max(0.0, self.volume + by)))

    @Slot()
    def stop(self) -> None:
        """Be quiet, and remember the place."""
        self._leave()
        playing, self._episode, self._playing, self._wanted = self._playing, None, None, None
        self.player.stop()
        self._sound.hide()
        self.moved.emit(playing or 0, -1)

    def close(self) -> None:
        """The window closes."""
        self.stop()
        self._remembered.save()

    def _begin(self, episode_id: EpisodeId | None) -> None:
        self._leave()
        self._episode = episode_id
        self._length_ms = (self._true_length(episode_id) or 0) if episode_id is not None else 0
        self._sound.show_length(self._length_ms or None)

    def _true_length(self, episode_id: EpisodeId) -> int | None:
        """What was heard of it, then what its feed says; a player only guesses."""
        job = self._reader.job(episode_id)
        return (job.total_ms if job else None) or self._reader.episode(episode_id).duration_ms

    def _leave(self) -> None:
        if self._episode is not None and self._place_ms:
            through = self._length_ms and self._place_ms > self._length_ms - NEAR_THE_END_MS
            self._remembered.leave(self._episode, None if through else self._place_ms)
            self._remembered.save()
        self._saved_ms = self._place_ms = 0

    @Slot(int)
    def _on_moved(self, place_ms: int) -> None:
        self._place_ms = place_ms
        self._sound.show_time(place_ms)
        if abs(place_ms - self._saved_ms) > SAVE_EVERY_MS and self._episode is not None:
            self._saved_ms = place_ms
            self._remembered.leave(self._episode, place_ms)
            self._remembered.save()

    @Slot()
    def _on_ended(self) -> None:
        if self._episode is not None:
            self._remembered.leave(self._episode, None)
            self._place_ms = 0

    def _change_volume(self, volume: float) -> None:
        self._remembered.note("volume", volume)
        self.player.set_volume(volume)
        self.volume_changed.emit(volume)

    def _go_on_or_not(self, whole: bool) -> None:
        self._remembered.note("whole", int(whole))
        self.player.pause_at(None if whole else self._until_ms)

    def fetch(self, insight_id: InsightId) -> None:
        """Download the audio that was missing; the moment plays when it is there, unless stopped before."""
        card = self._card(insight_id)
        if card is not None:
            self._wanted = insight_id
            self._jobs.fetch_audio(card.episode_id)

    def look_again(self) -> None:
        """Something in the library changed: play what was waited for, if it came."""
        card = self._card(self._wanted) if self._wanted is not None else None
        if card is not None and self._audio_path(card.episode_id):
            self.play(card.insight.id)

    @Slot(int)
    def _tell_place(self, position_ms: int) -> None:
        if self._playing is not None:
            self.moved.emit(self._playing, position_ms)

    def _card(self, insight_id: InsightId) -> Card | None:
        try:
            return self._reader.card(insight_id)
        except KnownError as error:
            self._wanted = None
            self._notice.say(str(error))
            return None
