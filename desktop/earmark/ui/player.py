"""Plays a moment of an episode. Without QtMultimedia everything else goes on, and a sentence says why.

The player is only ever told what to do through Qt's event loop. Called straight from Python, `stop`, `pause`
and `setSource` keep the interpreter's lock while they wait for Qt's audio thread, which asks for that lock
to let go of the audio output: both wait for ever (seen with PySide6 6.11.3). The event loop runs them
without it.
"""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Q_ARG, QCoreApplication, QEvent, QMetaObject, QObject, Qt, QUrl, Signal, Slot

from earmark.ui.words import tr

LEAD_IN_MS = 2500
"""Positions in files of variable bit rate are up to 1.6 s off, and no first word may be lost."""
STEP_BACK_MS = 15_000


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
        self._audio: Path | None = None
        self._from_ms: int | None = None

    def play(self, audio: Path, start_ms: int) -> bool:
        """Play `audio` from a little before `start_ms`; False when this computer cannot, which was said."""
        if not self._can_play():
            return False
        self._from_ms = max(0, start_ms - LEAD_IN_MS)
        if audio == self._audio:
            self._start_when_loaded()
        else:
            self._audio = audio
            self._tell("setSource", Q_ARG(QUrl, QUrl.fromLocalFile(str(audio))))
        return True

    @Slot()
    def stop(self) -> None:
        """Be quiet, and let go of the file, before this returns."""
        self._audio, self._from_ms = None, None
        if self._player is not None:
            self._tell("stop")
            self._tell("setSource", Q_ARG(QUrl, QUrl()))
            QCoreApplication.sendPostedEvents(self._player, QEvent.Type.MetaCall.value)

    @Slot()
    def toggle(self) -> None:
        """Pause, or go on."""
        if self._audio is not None:
            self._tell("pause" if self._player.isPlaying() else "play")

    @Slot()
    def step_back(self) -> None:
        """Fifteen seconds back."""
        if self._audio is not None:
            self._go_to(max(0, self._player.position() - STEP_BACK_MS))

    def _can_play(self) -> bool:
        """Make the player at its first use: importing QtMultimedia fails where libpulse is missing."""
        if self._player is None:
            try:
                from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer
            except ImportError:
                self.said.emit(
                    tr("Playing sound needs a library of your system (on Debian: libpulse0). All else works.")
                )
                return False
            self._player = QMediaPlayer(self)
            self._player.setAudioOutput(QAudioOutput(self))
            self._player.mediaStatusChanged.connect(self._start_when_loaded)
            self._player.errorOccurred.connect(self._tell_error)
            self._player.playingChanged.connect(self.playing_changed)
            self._player.positionChanged.connect(self._tell_position)
        if not self._player.isAvailable():
            self.said.emit(tr("This computer has no way to play sound. All else works."))
            return False
        return True

    @Slot()
    def _start_when_loaded(self) -> None:
        """Go to the moment, then play: a position set before the file is loaded is lost."""
        status = self._player.MediaStatus
        ready = (status.LoadedMedia, status.BufferedMedia, status.BufferingMedia, status.EndOfMedia)
        if self._from_ms is not None and self._player.mediaStatus() in ready:
            position, self._from_ms = self._from_ms, None
            self._go_to(position)
            self._tell("play")

    def _go_to(self, position_ms: int) -> None:
        self._tell("setPosition", Q_ARG("qint64", position_ms))

    def _tell(self, slot: str, *arguments: Any) -> None:
        QMetaObject.invokeMethod(self._player, slot, Qt.ConnectionType.QueuedConnection, *arguments)

    @Slot("qint64")
    def _tell_position(self, position: int) -> None:
        if self._from_ms is None and self._audio is not None:
            self.moved.emit(int(position))

    def _tell_error(self, _error: object, text: str) -> None:
        self._audio, self._from_ms = None, None
        self.said.emit(tr("This recording cannot be played: {reason}").format(reason=text))
