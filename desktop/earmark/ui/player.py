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
FIRST_AND_LAST_SPEED = (0.8, 3.0)


class Player(QObject):
    """One sound at a time. Places are those of the episode, also where a file holds only a part of it.

    Signals: told(str): a plain sentence; playing_changed(bool); moved(int): milliseconds; ended(): at the end
    of the file.
    """

    told = Signal(str)
    playing_changed = Signal(bool)
    moved = Signal(int)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._player: Any = None
        self._output: Any = None
        self._begins_ms = 0
        self._until_ms: int | None = None
        self._speed, self._volume = 1.0, 1.0
        self._audio: Path | None = None
        self._from_ms: int | None = None

    def play(self, audio: Path, start_ms: int) -> bool:
        """Play `audio` from a little before `start_ms`; False when this computer cannot, which was said."""
        if not self._can_play():
            return False
        self._begins_ms, self._until_ms = 0, None
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

    def hold(self, *, begins_ms: int = 0, until_ms: int | None = None) -> None:
        """Of what plays: where in the episode its file begins, and where to pause; None: nowhere."""
        self._begins_ms, self._until_ms = begins_ms, until_ms

    def pause_at(self, until_ms: int | None) -> None:
        """Pause where the episode comes to this place; None: nowhere."""
        self._until_ms = until_ms

    def go_to(self, place_ms: int) -> None:
        """Play from this place of the episode on."""
        if self._audio is not None:
            self._until_ms = None
            self._go_to(max(0, place_ms - self._begins_ms))

    def step(self, seconds: int) -> None:
        """So many seconds on, or back."""
        if self._audio is not None:
            self._go_to(max(0, self._player.position() + 1000 * seconds))

    def set_speed(self, speed: float) -> None:
        """How fast, 0.8 to 3; voices keep their pitch."""
        least, most = FIRST_AND_LAST_SPEED
        self._speed = min(most, max(least, speed))
        if self._player is not None:
            self._tell("setPlaybackRate", Q_ARG("double", self._speed))

    def set_volume(self, volume: float) -> None:
        """How loud, 0 to 1."""
        self._volume = min(1.0, max(0.0, volume))
        if self._output is not None:
            connection = Qt.ConnectionType.QueuedConnection
            QMetaObject.invokeMethod(self._output, "setVolume", connection, Q_ARG("float", self._volume))

    def _can_play(self) -> bool:
        """Make the player at its first use: importing QtMultimedia fails where libpulse is missing."""
        if self._player is None:
            try:
                from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer
            except ImportError:
                self.told.emit(
                    tr("Playing sound needs a library of your system (on Debian: libpulse0). All else works.")
                )
                return False
            self._player = QMediaPlayer(self)
            self._output = QAudioOutput(self)
            self._player.setAudioOutput(self._output)
            self.set_speed(self._speed)
            self.set_volume(self._volume)
            self._player.mediaStatusChanged.connect(self._start_when_loaded)
            self._player.errorOccurred.connect(self._tell_error)
            self._player.playingChanged.connect(self.playing_changed)
            self._player.positionChanged.connect(self._tell_position)
        if not self._player.isAvailable():
            self.told.emit(tr("This computer has no way to play sound. All else works."))
            return False
        return True

    @Slot()
    def _start_when_loaded(self) -> None:
        """Go to the moment, then play: a position set before the file is loaded is lost."""
        status = self._player.MediaStatus
        if self._player.mediaStatus() == status.EndOfMedia and self._from_ms is None and self._audio:
            self.ended.emit()
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
            place = int(position) + self._begins_ms
            if self._until_ms is not None and place >= self._until_ms:
                self._until_ms = None
                self._tell("pause")
            self.moved.emit(place)

    def _tell_error(self, _error: object, text: str) -> None:
        self._audio, self._from_ms = None, None
        self.told.emit(tr("This recording cannot be played: {reason}").format(reason=text))
