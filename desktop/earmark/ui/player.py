"""Plays a moment of an episode. Without QtMultimedia everything else goes on, and a sentence says why."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal

from earmark.ui.words import tr

LEAD_IN_MS = 2500


class Player(QObject):
    """One sound at a time. Signals: said(str) a plain sentence; playing_changed(bool)."""

    said = Signal(str)
    playing_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._player: Any = None
        self._from_ms = 0

    def play(self, audio: Path, start_ms: int) -> None:
        """Play `audio` from a little before `start_ms`, so that no first word is lost."""
        player = self._loaded()
        if player is None:
            return
        self._from_ms = max(0, start_ms - LEAD_IN_MS)
        player.setSource(QUrl.fromLocalFile(str(audio)))
        self._seek_when_loaded()
        player.play()

    def stop(self) -> None:
        """Be quiet."""
        if self._player is not None:
            self._player.stop()

    def toggle(self) -> None:
        """Pause, or go on."""
        if self._player is None:
            return
        playing = self._player.playbackState() == self._player.PlaybackState.PlayingState
        (self._player.pause if playing else self._player.play)()

    def _loaded(self) -> Any:
        """The player, made at its first use: importing QtMultimedia fails where libpulse is missing."""
        if self._player is None:
            try:
                from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer
            except ImportError:
                self.said.emit(
                    tr("Playing sound needs a library of your system (on Debian: libpulse0). All else works.")
                )
                return None
            self._player = QMediaPlayer(self)
            self._player.setAudioOutput(QAudioOutput(self))
            self._player.mediaStatusChanged.connect(self._seek_when_loaded)
            self._player.errorOccurred.connect(self._tell_error)
            self._player.playingChanged.connect(self.playing_changed)
        if not self._player.isAvailable():
            self.said.emit(tr("This computer has no way to play sound. All else works."))
            return None
        return self._player

    def _seek_when_loaded(self) -> None:
        """A position set before the file is loaded is lost."""
        status = self._player.MediaStatus
        if self._from_ms and self._player.mediaStatus() in (status.LoadedMedia, status.BufferedMedia):
            position, self._from_ms = self._from_ms, 0
            self._player.setPosition(position)

    def _tell_error(self, _error: object, text: str) -> None:
        self.said.emit(tr("This recording cannot be played: {reason}").format(reason=text))


AudioPath = Callable[[Any], Path | None]
