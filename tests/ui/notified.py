"""The desktop's side of the session's bus: a tray and a notification server that only write down.

Run inside `dbus-run-session` on a real X server: makes the window's own sign in the tray, has it tell of a
brief, and prints as JSON what the notification server was sent. That is a process of its own (`desktop`).
"""

import json
import subprocess
import sys
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusVirtualObject
from PySide6.QtGui import QIcon, QPixmap

from earmark.settings import Settings
from earmark.ui.tray import Tray
from earmark.window import the_application

WATCHER, SERVER = "org.kde.StatusNotifierWatcher", "org.freedesktop.Notifications"
NOTIFY = ("app_name", "replaces_id", "icon", "summary", "body", "actions", "hints", "timeout")


class Desktop(QDBusVirtualObject):
    """Answers whatever it is asked, and keeps the notifications."""

    def __init__(self, told: list[dict[str, Any]]) -> None:
        super().__init__()
        self._told = told

    def introspect(self, _path: str) -> str:
        """It describes itself to nobody."""
        return ""

    def handleMessage(self, message: QDBusMessage, bus: QDBusConnection) -> bool:  # noqa: N802
        """What Qt asks of a tray and of a notification server."""
        name, given = message.member(), message.arguments()
        answers: dict[str, list[Any]] = {
            "Get": [True],
            "GetCapabilities": [["body", "body-markup", "actions"]],
            "GetServerInformation": ["fake", "earmark", "1", "1.2"],
            "Notify": [1],
        }
        if name == "Notify":
            self._told.append({key: given[n] for n, key in enumerate(NOTIFY) if isinstance(given[n], str)})
        bus.send(message.createReply(answers.get(name, [])))
        return True


class Desk:
    """As much of the window's desk as the tray needs."""

    def choices(self) -> Settings:
        """The user wants to be told."""
        return Settings(notify=True)


class Memory:
    """Remembers nothing."""

    def text(self, _key: str) -> str:
        """No day was told of."""
        return ""

    def note(self, _key: str, _value: str) -> None:
        """Not kept."""


def be_desktop() -> None:
    """Serve until the first notification, and print it."""
    application, told = QCoreApplication(sys.argv), []
    bus, desktop = QDBusConnection.sessionBus(), Desktop(told)
    bus.registerVirtualObject("/", desktop, QDBusConnection.VirtualObjectRegisterOption.SubPath)
    assert bus.registerService(WATCHER)
    assert bus.registerService(SERVER)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    look = QTimer(interval=20)
    look.timeout.connect(lambda: told and application.quit())
    look.start()
    application.exec()
    sys.stdout.write(json.dumps(told) + "\n")


def main() -> None:
    """Show the sign, tell, and print what arrived."""
    if sys.argv[1:] == ["desktop"]:
        be_desktop()
        return
    command = [sys.executable, __file__, "desktop"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as desktop:
        assert desktop.stdout is not None
        assert desktop.stdout.readline() == "ready\n"
        application = the_application()
        icon = QIcon(QPixmap(16, 16))
        tray = Tray(Desk(), Memory(), icon, lambda: None, lambda: None)  # type: ignore[arg-type]
        tray.tell_of_brief("2026-11-23", 5, looking=False)
        while desktop.poll() is None:
            application.processEvents()
        sys.stdout.write(desktop.stdout.read())


if __name__ == "__main__":
    main()
