"""Manners: the tray, the day's notification, starting with the computer, the desktop's keys, and leaving."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from filled_library import FakeJobs, Show, fill
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from earmark.app import open_tools
from earmark.autostart import starts_itself
from earmark.jobs import Jobs
from earmark.library import Library
from earmark.paths import Paths
from earmark.pipeline import Tools, Watch
from earmark.records import Changes


class FakeTray(QObject):
    """Stands for the desktop's tray, and remembers what was told there."""

    activated = Signal(object)
    messageClicked = Signal()  # noqa: N815  (Qt's name)
    told: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self, icon: object, parent: QObject) -> None:
        super().__init__(parent)
        self._icon, self._visible = icon, False

    @staticmethod
    def isSystemTrayAvailable() -> bool:  # noqa: N802
        """There is one."""
        return True

    def setVisible(self, visible: bool) -> None:  # noqa: N802
        """Shown or not."""
        self._visible = visible

    def isVisible(self) -> bool:  # noqa: N802
        """Whether it is shown."""
        return self._visible

    def hide(self) -> None:
        """No longer shown."""
        self._visible = False

    def icon(self) -> object:
        """Its picture."""
        return self._icon

    def setToolTip(self, _text: str) -> None:  # noqa: N802
        """Not remembered."""

    def setContextMenu(self, _menu: object) -> None:  # noqa: N802
        """Not remembered."""

    def showMessage(self, title: str, body: str, _icon: object) -> None:  # noqa: N802
        """Remembered."""
        FakeTray.told.append((title, body))


@pytest.fixture
def tray(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """A desktop with a tray; what was told there."""
    monkeypatch.setattr("earmark.ui.tray.QSystemTrayIcon", FakeTray)
    FakeTray.told.clear()
    return FakeTray.told


def test_the_brief_is_told_once_and_not_to_somebody_who_looks(
    tray: list[tuple[str, str]], library: Library, show: Show
) -> None:
    window = show()
    window.tray.tell_of_brief("2026-11-23", 0, looking=False)
    window.tray.tell_of_brief("2026-11-22", 5, looking=True)
    assert tray == []
    for _ in range(2):
        window.tray.tell_of_brief("2026-11-23", 5, looking=False)
    assert tray == [("Today's five are ready", "Each with the words that prove it.")]
    window.tray.turn_telling()
    window.tray.tell_of_brief("2026-11-24", 5, looking=False)
    assert len(tray) == 1


def test_a_brief_that_comes_is_told_by_the_window(
    tray: list[tuple[str, str]], library: Library, jobs: FakeJobs, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = show()
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    fill(library)
    jobs.changed.emit(Changes())
    assert len(tray) == 1


def test_a_closed_window_goes_on_only_where_that_is_wanted_and_there_is_a_tray(
    tray: list[tuple[str, str]], jobs: FakeJobs, show: Show
) -> None:
    window = show()
    window.tray.turn_keeping()
    window.close()
    assert not window.isVisible()
    assert ("shutdown",) not in jobs.asked
    window.tray._opened()
    assert window.isVisible()
    window.leave()
    assert jobs.asked[-1] == ("shutdown",)


@pytest.mark.parametrize("choice", ["keep_running", "notify"])
def test_a_choice_of_the_tray_counts_once_it_is_kept_and_each_press_turns_it(
    choice: str, tray: list[tuple[str, str]], jobs: FakeJobs, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Callable[[], None]] = []
    window = show()
    sign, now = window.tray._icon, window.desk.choices
    assert sign is not None
    if choice == "keep_running":
        window.tray.turn_telling()  # no other choice wants the sign
    for name in ("ask", "do"):  # the thread that keeps choices is busy at first
        keep = getattr(jobs, name)
        monkeypatch.setattr(jobs, name, lambda *what, keep=keep: asked.append(lambda: keep(*what)))
    at_first, seen = getattr(now(), choice), []
    for _ in range(2):
        (window.tray.turn_keeping if choice == "keep_running" else window.tray.turn_telling)()
    for keep in asked:
        keep()
        seen.append((getattr(now(), choice), sign.isVisible(), window.notice.text()))
    assert [(on, there) for on, there, _said in seen] == [(not at_first,) * 2, (at_first,) * 2]
    assert seen[0][2] != seen[1][2]


def test_p_04_without_a_tray_the_window_says_so_and_ends(
    jobs: FakeJobs, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    window = show()
    window.tray.turn_keeping()
    assert "no tray" in window.notice.text()
    window.tray.tell_of_brief("2026-11-23", 5, looking=False)
    window.close()
    assert jobs.asked[-1] == ("shutdown",)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="XDG")
def test_starting_with_the_computer_is_turned_on_and_off(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    window = show()
    assert not starts_itself()
    window.tray.turn_autostart()
    assert starts_itself()
    assert window.notice.text() == "Earmark starts with the computer."
    window.tray.turn_autostart()
    assert not starts_itself()


def test_the_program_ends_within_three_seconds_whatever_goes_on(tmp_path: Path, qtbot: QtBot) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def deaf(_tools: Tools, _watch: Watch) -> Changes:
        begun.set()
        go_on.wait(30)
        return Changes()

    jobs = Jobs(lambda: open_tools(Paths(tmp_path / "profile")))
    jobs.start()
    jobs.run(deaf)
    assert begun.wait(30)
    jobs.shutdown()
    assert jobs._thread.is_alive(), "it was not waited for"
    go_on.set()
    jobs._thread.join(30)
    assert not jobs._thread.is_alive()


ON_THE_BUS = """
import subprocess, sys, threading
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget
from earmark.ui import mpris

class Player(QObject):
    playing_changed = Signal(bool)
    done = []
    def toggle(self): self.done.append("toggle")
    def step(self, seconds): self.done.append(seconds)

class Moments(QObject):
    began = Signal(str, str)
    moved = Signal(int, int)
    volume_changed = Signal(float)
    speed_changed = Signal(float)
    speed, volume = 1.5, 0.5
    def __init__(self):
        super().__init__()
        self.player = Player()
    def stop(self):
        self.player.done.append("stop")
        self.moved.emit(7, -1)
    def change_volume(self, by): self.volume += by
    def set_speed(self, speed):
        self.speed = speed
        self.speed_changed.emit(speed)

class Clock:
    now_s = 0.0
    def monotonic(self): return self.now_s

mpris.time = Clock()
application, moments = QApplication([]), Moments()
window = QWidget()
assert mpris.offer_to_desktop(window, moments, lambda: print("left")) is not None
def call(*what):
    command = ["gdbus", "call", "--session", "-d", mpris.NAME, "-o", mpris.PATH, "-m", *what]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    while process.poll() is None:
        application.processEvents()
    return process.stdout.read().strip()
command = ["gdbus", "monitor", "--session", "-d", mpris.NAME, "-o", mpris.PATH]
watcher, heard = subprocess.Popen(command, stdout=subprocess.PIPE, text=True), []
threading.Thread(target=lambda: [heard.append(line) for line in watcher.stdout], daemon=True).start()
def has_heard(what): return any(what in line for line in heard)
while not has_heard("'Volume'"):
    moments.volume_changed.emit(0.5)
    call("org.freedesktop.DBus.Peer.Ping")
moments.began.emit("An episode", "A show")
moments.player.playing_changed.emit(True)
moments.moved.emit(7, 58_000)
mpris.time.now_s = 2.0
moments.moved.emit(7, 61_000)
def show(*names):
    for name in names:
        print(name, call("org.freedesktop.DBus.Properties.Get", mpris.PLAYER, name))
for name in ("PlayPause", "Play", "Pause", "Next", "Previous"):
    assert call(f"{mpris.PLAYER}.{name}") == "()"
call("org.freedesktop.DBus.Properties.Set", mpris.PLAYER, "Volume", "<0.25>")
call("org.freedesktop.DBus.Properties.Set", mpris.PLAYER, "Rate", "<1.25>")
call("org.freedesktop.DBus.Properties.Set", mpris.PLAYER, "Rate", "<0.0>")
show("PlaybackStatus", "Metadata", "Rate", "Position", "Volume", "CanPlay")
assert call(f"{mpris.PLAYER}.Stop") == "()"
moments.player.playing_changed.emit(False)
show("PlaybackStatus", "Metadata", "Position", "CanPlay", "CanPause")
print(moments.player.done)
assert call(f"{mpris.ROOT}.Quit") == "()"
while not has_heard("'Rate'"):
    call("org.freedesktop.DBus.Peer.Ping")
for line in heard:
    if "Seeked" in line or "'Rate'" in line:
        print(line.strip().partition(": ")[2])
watcher.terminate()
"""


@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gdbus")), reason="needs dbus and glib's tools"
)
def test_u_06_the_notification_has_two_fixed_sentences_and_no_word_of_anybody_else() -> None:
    """Nothing to escape, to shorten or to hide: whoever looks at the screen learns that there is a brief."""
    if shutil.which("xvfb-run") is None:
        pytest.skip("needs an X server, for Qt has no tray without a screen")
    script = Path(__file__).with_name("notified.py")
    done = subprocess.run(
        ["dbus-run-session", "--", "xvfb-run", "-a", sys.executable, str(script)],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr
    (told,) = json.loads(done.stdout)
    said = ("Today's five are ready", "Each with the words that prove it.")
    assert (told["app_name"], told["summary"], told["body"]) == ("Earmark", *said)


@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gdbus")), reason="needs dbus and glib's tools"
)
def test_the_desktop_sees_and_steers_what_plays() -> None:
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-c", ON_THE_BUS],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.splitlines() == [
        "PlaybackStatus (<'Playing'>,)",
        "Metadata (<{'xesam:album': <'A show'>, 'xesam:artist': <['A show']>,"
        " 'xesam:title': <'An episode'>}>,)",
        "Rate (<1.25>,)",
        "Position (<int64 61000000>,)",
        "Volume (<0.25>,)",
        "CanPlay (<true>,)",
        "PlaybackStatus (<'Stopped'>,)",
        "Metadata (<@a{sv} {}>,)",
        "Position (<int64 0>,)",
        "CanPlay (<false>,)",
        "CanPause (<false>,)",
        "['toggle', 'toggle', 30, -15, 'toggle', 'stop']",
        "left",
        "org.mpris.MediaPlayer2.Player.Seeked (int64 58000000,)",
        "org.freedesktop.DBus.Properties.PropertiesChanged ('org.mpris.MediaPlayer2.Player',"
        " {'Rate': <1.25>}, @av [])",
    ], done.stderr


def test_p_04_without_a_bus_nothing_is_offered_and_nothing_breaks() -> None:
    code = (
        "from PySide6.QtWidgets import QApplication, QWidget; from earmark.ui import mpris; "
        "application = QApplication([]); print(mpris.offer_to_desktop(QWidget(), None, print))"
    )
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/none",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "None\n", done.stderr
