"""Plays a moment of an episode. Without QtMultimedia everything else goes on, and a sentence says why."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal, Slot

from earmark.ui.words import tr

LEAD_IN_MS = 2500
"""Positions in files of variable bit rate are up to 1.6 s off, and no first word may be lost."""


class Player(QObject):
    """One sound at a time.

    Signals: said(str): a plain sentence; playing_changed(bool); moved(int): milliseconds.
    """

    said = Signal(str)
    playing_changed = Signal(bool)
    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._player: Any = None
        self._from_ms = 0

    def play(self, audio: Path, start_ms: int) -> bool:
        """Play `audio` from a little before `start_ms`; False when this computer cannot, which was said."""
        player = self._loaded()
        if player is None:
            return False
        player.stop()
        self._from_ms = max(0, start_ms - LEAD_IN_MS)
        source = QUrl.fromLocalFile(str(audio))
        if player.source() == source:
            self._seek_when_loaded()
        else:
            player.setSource(source)
        player.play()
        return True

    @Slot()
    def stop(self) -> None:
        """Be quiet, and let go of the file."""
        if self._player is not None:
            self._player.stop()
            self._player.setSource(QUrl())

    @Slot()
    def toggle(self) -> None:
        """Pause, or go on."""
        if self._player is not None:
            (self._player.pause if self._player.isPlaying() else self._player.play)()

    @Slot()
    def step_back(self) -> None:
        """Fifteen seconds back."""
        if self._player is not None:
            self._player.setPosition(max(0, self._player.position() - 15_000))

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
            self._player.positionChanged.connect(self._tell_position)
        if not self._player.isAvailable():
            self.said.emit(tr("This computer has no way to play sound. All else works."))
            return None
        return self._player

    @Slot()
    def _seek_when_loaded(self) -> None:
        """A position set before the file is loaded is lost."""
        status = self._player.MediaStatus
        ready = (status.LoadedMedia, status.BufferedMedia, status.EndOfMedia)
        if self._from_ms and self._player.mediaStatus() in ready:
            position, self._from_ms = self._from_ms, 0
            self._player.setPosition(position)

    @Slot("qint64")
    def _tell_position(self, position: int) -> None:
        if not self._from_ms:
            self.moved.emit(int(position))

    def _tell_error(self, _error: object, text: str) -> None:
        self.said.emit(tr("This recording cannot be played: {reason}").format(reason=text))
