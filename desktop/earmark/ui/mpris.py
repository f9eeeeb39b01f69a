"""The desktop's own keys and panels for sound, on Linux: MPRIS 2.2 over the session's bus. No bus, no harm.

https://specifications.freedesktop.org/mpris-spec/latest/
"""

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import ClassInfo, Property, QObject, Signal, Slot
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusConnection, QDBusMessage
from PySide6.QtWidgets import QWidget

from earmark.ui.moments import Moments
from earmark.ui.sound_bar import BACK_S, FORWARD_S, SPEEDS

NAME, PATH = "org.mpris.MediaPlayer2.earmark", "/org/mpris/MediaPlayer2"
ROOT, PLAYER = "org.mpris.MediaPlayer2", "org.mpris.MediaPlayer2.Player"
MOST_CHARACTERS = 300
LEAP_MS = 1000
"""What a place is told too late or too early without a leap; the shortest leap of the window's own is 5 s."""
WHILE_ONE_IS_THERE = ("CanPlay", "CanPause", "CanGoNext", "CanGoPrevious")
_named: Any = ClassInfo
"""Its stub does not know that it can be called."""


def offer_to_desktop(window: QWidget, moments: Moments, leave: Callable[[], object]) -> QObject | None:
    """Let the desktop see and steer what plays, and end the program by `leave`; None where there is nobody to
    ask."""
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return None
    offered = QObject(window)
    _Root(offered, window, leave)
    _Sound(offered, moments)
    registered = bus.registerObject(PATH, offered) and bus.registerService(NAME)
    return offered if registered else None


@_named({"D-Bus Interface": ROOT})
class _Root(QDBusAbstractAdaptor):
    """The program."""

    def __init__(self, parent: QObject, window: QWidget, leave: Callable[[], object]) -> None:
        super().__init__(parent)
        self._window, self._leave = window, leave

    @Property(bool)
    def CanQuit(self) -> bool:  # noqa: N802  (the specification's names, here and below)
        return True

    @Property(bool)
    def CanRaise(self) -> bool:  # noqa: N802
        return True

    @Property(bool)
    def HasTrackList(self) -> bool:  # noqa: N802
        return False

    @Property(str)
    def Identity(self) -> str:  # noqa: N802
        return "Earmark"

    @Property(str)
    def DesktopEntry(self) -> str:  # noqa: N802
        return "earmark"

    @Slot()
    def Raise(self) -> None:  # noqa: N802
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    @Slot()
    def Quit(self) -> None:  # noqa: N802
        self._leave()


def has_leapt(before_ms: int, place_ms: int, passed_s: float, speed: float) -> bool:
    """Whether a place does not follow from the one before, with so much time passed at this speed; 0 while
    the sound rests.

    >>> has_leapt(60_000, 63_000, 2.0, 1.5), has_leapt(60_000, 90_000, 0.1, 1.5)
    (False, True)
    """
    return abs(place_ms - before_ms - 1000 * passed_s * speed) > LEAP_MS


@_named({"D-Bus Interface": PLAYER})
class _Sound(QDBusAbstractAdaptor):
    """The player.

    Signals: Seeked(int): the place, in microseconds, that the sound has leapt to.
    """

    Seeked = Signal("qlonglong")  # type: ignore[arg-type]

    def __init__(self, parent: QObject, moments: Moments) -> None:
        super().__init__(parent)
        self._moments = moments
        self._title, self._show, self._playing = "", "", False
        self._place_ms, self._placed_s = 0, time.monotonic()
        moments.began.connect(self._on_began)
        moments.moved.connect(self._on_moved)
        moments.volume_changed.connect(lambda _volume: self._tell("Volume"))
        moments.speed_changed.connect(lambda _speed: self._tell("Rate"))
        moments.player.playing_changed.connect(self._on_playing)

    @Property(str)
    def PlaybackStatus(self) -> str:  # noqa: N802
        return "Playing" if self._playing else "Paused" if self._title else "Stopped"

    @Property("QVariantMap")  # type: ignore[arg-type]
    def Metadata(self) -> dict[str, Any]:  # noqa: N802
        if not self._title:
            return {}
        return {"xesam:title": self._title, "xesam:artist": [self._show], "xesam:album": self._show}

    @Property(float)
    def Rate(self) -> float:  # noqa: N802
        return self._moments.speed

    @Rate.setter  # type: ignore[no-redef]
    def Rate(self, rate: float) -> None:  # noqa: N802
        """As fast as that; at no speed it rests, as the specification has it."""
        if rate <= 0:
            self.Pause()
        else:
            self._moments.set_speed(rate)

    @Property(float)
    def MinimumRate(self) -> float:  # noqa: N802
        return SPEEDS[0]

    @Property(float)
    def MaximumRate(self) -> float:  # noqa: N802
        return SPEEDS[-1]

    @Property("qlonglong")  # type: ignore[arg-type]
    def Position(self) -> int:  # noqa: N802
        return 1000 * self._place_ms

    @Property(float)
    def Volume(self) -> float:  # noqa: N802
        return self._moments.volume

    @Volume.setter  # type: ignore[no-redef]
    def Volume(self, volume: float) -> None:  # noqa: N802
        self._moments.change_volume(volume - self._moments.volume)

    @Property(bool)
    def CanPlay(self) -> bool:  # noqa: N802
        return bool(self._title)

    @Property(bool)
    def CanPause(self) -> bool:  # noqa: N802
        return bool(self._title)

    @Property(bool)
    def CanGoNext(self) -> bool:  # noqa: N802
        return bool(self._title)

    @Property(bool)
    def CanGoPrevious(self) -> bool:  # noqa: N802
        return bool(self._title)

    @Property(bool)
    def CanSeek(self) -> bool:  # noqa: N802
        return False

    @Property(bool)
    def CanControl(self) -> bool:  # noqa: N802
        return True

    @Slot()
    def PlayPause(self) -> None:  # noqa: N802
        self._moments.player.toggle()

    @Slot()
    def Play(self) -> None:  # noqa: N802
        if not self._playing:
            self._moments.player.toggle()

    @Slot()
    def Pause(self) -> None:  # noqa: N802
        if self._playing:
            self._moments.player.toggle()

    @Slot()
    def Stop(self) -> None:  # noqa: N802
        self._moments.stop()

    @Slot()
    def Next(self) -> None:  # noqa: N802
        self._moments.player.step(FORWARD_S)

    @Slot()
    def Previous(self) -> None:  # noqa: N802
        self._moments.player.step(-BACK_S)

    def _on_began(self, title: str, show: str) -> None:
        self._title, self._show = title[:MOST_CHARACTERS], show[:MOST_CHARACTERS]
        self._place_ms, self._placed_s = 0, time.monotonic()
        self._tell("Metadata", "PlaybackStatus", *WHILE_ONE_IS_THERE)

    def _on_moved(self, _episode_id: int, place_ms: int) -> None:
        """The place is told only where it has leapt, for else the desktop reckons it from the speed."""
        before_ms, before_s = self._place_ms, self._placed_s
        self._place_ms, self._placed_s = max(0, place_ms), time.monotonic()
        if place_ms < 0:
            self._title, self._show, self._playing = "", "", False
            self._tell("Metadata", "PlaybackStatus", *WHILE_ONE_IS_THERE)
        elif has_leapt(before_ms, place_ms, self._placed_s - before_s, self._speed()):
            self.Seeked.emit(1000 * place_ms)

    def _on_playing(self, playing: bool) -> None:
        self._playing, self._placed_s = playing, time.monotonic()
        self._tell("PlaybackStatus")

    def _speed(self) -> float:
        return self._moments.speed if self._playing else 0.0

    def _tell(self, *names: str) -> None:
        """The desktop asks again only for what it is told of."""
        told = QDBusMessage.createSignal(PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged")
        told.setArguments([PLAYER, {name: self.property(name) for name in names}, []])
        QDBusConnection.sessionBus().send(told)
