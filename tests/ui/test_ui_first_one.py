"""One window for each profile: later starts hand over what they were asked to show."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filled_library import Show, fill, insight
from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from earmark.library import Library
from earmark.paths import Paths
from earmark.ui.add_show import AddShow
from earmark.ui.arrivals import receive
from earmark.ui.first_one import FirstOne, hand_over, meeting_point

FEED = "https://example.org/feed"
MANY = """
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QLocalSocket

from earmark.paths import Paths
from earmark.ui.first_one import FirstOne, meeting_point

application, paths, asked = QCoreApplication([]), Paths(Path(sys.argv[1])), []
for round in range(1, 11):
    listening = FirstOne(paths, asked.append)
    others = [QLocalSocket() for _ in range(3)]
    for other in others:
        other.connectToServer(meeting_point(paths))
        other.write(b'{"show": ""}\\n')
    while len(asked) < 3 * round:
        application.processEvents()
    del other, others
    application.processEvents()
    listening.close()
    del listening
    application.processEvents()
print(len(asked))
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """The profile of the window."""
    return Paths(tmp_path / "profile")


@pytest.fixture
def asked() -> list[str]:
    """What later starts asked for."""
    return []


@pytest.fixture
def first(paths: Paths, asked: list[str], qtbot: QtBot) -> Iterator[FirstOne]:
    """Who listens."""
    paths.create()
    listening = FirstOne(paths, asked.append)
    yield listening
    listening.close()


def started(paths: Paths, *arguments: str) -> subprocess.Popen[str]:
    """The program, started once more."""
    screen = {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": os.environ.get("DISPLAY", ":0")}
    command = [sys.executable, "-m", "earmark", "--data-dir", str(paths.data), *arguments]
    return subprocess.Popen(
        command, env={**os.environ, **screen}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def test_p_01_later_starts_hand_over_and_end_well(
    first: FirstOne, paths: Paths, asked: list[str], qtbot: QtBot
) -> None:
    wanted = ["earmark:insight/id0", FEED, ""]
    others = [started(paths, *filter(None, [what])) for what in wanted]
    qtbot.waitUntil(lambda: len(asked) == len(wanted), timeout=60_000)
    assert sorted(asked) == sorted(wanted)
    for other in others:
        said, _ = other.communicate(timeout=60)
        assert (other.returncode, said) == (0, "")


def test_where_none_listens_nothing_is_handed_over(paths: Paths, qtbot: QtBot) -> None:
    paths.create()
    assert not hand_over(paths, FEED)


def test_p_02_one_that_was_killed_leaves_the_way_open(paths: Paths, qtbot: QtBot, asked: list[str]) -> None:
    paths.create()
    if os.name == "posix":
        Path(str(meeting_point(paths))).touch()
    listening = FirstOne(paths, asked.append)
    other = started(paths)
    qtbot.waitUntil(lambda: asked == [""], timeout=60_000)
    other.communicate(timeout=60)
    assert other.returncode == 0
    listening.close()


@pytest.mark.skipif(os.name != "posix", reason="a pipe of Windows has no mode")
def test_p_08_only_the_user_can_open_the_way(first: FirstOne, paths: Paths) -> None:
    mode = Path(str(meeting_point(paths))).stat().st_mode
    assert mode & 0o077 == 0


@pytest.mark.parametrize(
    "said", [b"no json\n", b'{"other": 1}\n', b"[]\n", b"x" * 200_000, b"[" * 60_000 + b"\n"]
)
def test_what_makes_no_sense_is_sent_away(
    said: bytes, first: FirstOne, paths: Paths, asked: list[str], qtbot: QtBot
) -> None:
    socket = QLocalSocket()
    socket.connectToServer(str(meeting_point(paths)))
    assert socket.waitForConnected(5000)
    socket.write(said)
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState, timeout=10_000)
    assert asked == []


def test_a_link_brings_the_window_there(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    window.setWindowState(Qt.WindowState.WindowMinimized)
    receive(window, f"earmark:insight/{insight(2).id}")
    assert window.desk.history.here == f"insight/{insight(2).id}"
    assert not window.windowState() & Qt.WindowState.WindowMinimized
    receive(window, "earmark://Library/")
    assert window.desk.history.here == "Library"
    receive(window, "")
    assert window.desk.history.here == "Library"


@pytest.mark.parametrize(
    "what", ["earmark:", "earmark:no/such", "earmark:../../etc/passwd", "earmark:a b", "earmark:2026-02-31"]
)
def test_a_link_to_nowhere_is_said(what: str, library: Library, show: Show) -> None:
    fill(library)
    window = show()
    receive(window, what)
    assert window.desk.history.here == "Today"
    assert window.notice.text() == "There is no such place in Earmark."


def test_the_address_of_a_show_is_asked_about_never_added_by_itself(show: Show) -> None:
    window = show()
    receive(window, FEED)
    dialog = next(each for each in window.findChildren(AddShow) if each.isVisible())
    assert dialog.address.toPlainText() == FEED
    assert window._jobs.asked == []  # type: ignore[attr-defined]


def test_many_who_came_and_went_do_not_take_the_window_with_them(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", MANY, str(tmp_path)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, "30")
