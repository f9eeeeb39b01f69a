"""The desktop's own keys and panels for sound, on Linux: MPRIS 2.2 over the session's bus. No bus, no harm.

https://specifications.freedesktop.org/mpris-spec/latest/
"""

from typing import Any

from PySide6.QtCore import ClassInfo, Property, QObject, Slot
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusConnection, QDBusMessage
from PySide6.QtWidgets import QWidget

from earmark.ui.moments import Moments
from earmark.ui.sound_bar import BACK_S, FORWARD_S, SPEEDS

NAME, PATH = "org.mpris.MediaPlayer2.earmark", "/org/mpris/MediaPlayer2"
ROOT, PLAYER = "org.mpris.MediaPlayer2", "org.mpris.MediaPlayer2.Player"
MOST_CHARACTERS = 300
_named: Any = ClassInfo
"""Its stub does not know that it can be called."""


def offer_to_desktop(window: QWidget, moments: Moments) -> QObject | None:
    """Let the desktop see and steer what plays; None where there is nobody to ask."""
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return None
    offered = QObject(window)
    _Root(offered, window)
    _Sound(offered, moments)
    registered = bus.registerObject(PATH, offered) and bus.registerService(NAME)
    return offered if registered else None


@_named({"D-Bus Interface": ROOT})
class _Root(QDBusAbstractAdaptor):
    """The program."""

    def __init__(self, parent: QObject, window: QWidget) -> None:
        super().__init__(parent)
        self._window = window

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
        self._window.close()


@_named({"D-Bus Interface": PLAYER})
class _Sound(QDBusAbstractAdaptor):
    """The player."""

    def __init__(self, parent: QObject, moments: Moments) -> None:
        super().__init__(parent)
        self._moments = moments
        self._title, self._show, self._playing = "", "", False
        moments.began.connect(self._on_began)
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

    @Property(float)
    def MinimumRate(self) -> float:  # noqa: N802
        return SPEEDS[0]

    @Property(float)
    def MaximumRate(self) -> float:  # noqa: N802
        return SPEEDS[-1]

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
        self._tell("Metadata", "PlaybackStatus", "CanPlay", "CanPause")

    def _on_playing(self, playing: bool) -> None:
        self._playing = playing
        self._tell("PlaybackStatus")

    def _tell(self, *names: str) -> None:
        """The desktop asks again only for what it is told of."""
        told = QDBusMessage.createSignal(PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged")
        told.setArguments([PLAYER, {name: self.property(name) for name in names}, []])
        QDBusConnection.sessionBus().send(told)
