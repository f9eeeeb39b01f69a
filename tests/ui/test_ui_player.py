"""Playing a moment of a real recording."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from earmark.paths import resource
from earmark.ui.player import LEAD_IN_MS, Player

START_MS = 40_000
# Qt's decoding threads log; with a log handler in Python they would wait for the lock that a blocking
# call of the test holds.
pytestmark = pytest.mark.no_qt_log


@pytest.fixture
def player(qapp: QApplication) -> Player:
    """A player, where this system can play."""
    pytest.importorskip("PySide6.QtMultimedia", reason="libpulse is missing", exc_type=ImportError)
    return Player()


def recording() -> Path:
    """One of the sample episodes."""
    return sorted(resource("demo").glob("*.opus"))[0]


def test_a_moment_plays_from_a_little_before_it_and_can_be_stopped(player: Player, qtbot: QtBot) -> None:
    positions: list[int] = []
    player.moved.connect(positions.append)
    assert player.play(recording(), START_MS)
    qtbot.waitUntil(lambda: bool(positions) and positions[-1] > START_MS - LEAD_IN_MS, timeout=10_000)
    assert min(positions) >= START_MS - LEAD_IN_MS - 100
    assert positions[-1] < START_MS
    player.toggle()
    assert player.play(recording(), 10_000), "the same file again"
    qtbot.waitUntil(lambda: positions[-1] < 20_000, timeout=10_000)
    player.stop()
    player.stop()


def test_stopping_and_starting_while_sound_is_rendered_never_blocks(player: Player, qtbot: QtBot) -> None:
    positions: list[int] = []
    player.moved.connect(positions.append)
    for turn in range(8):
        positions.clear()
        player.play(recording(), START_MS)
        qtbot.waitUntil(lambda: len(positions) > 2, timeout=10_000)
        (player.toggle if turn % 2 else player.stop)()
    player.stop()


def test_a_recording_that_cannot_be_played_is_said(player: Player, qtbot: QtBot, tmp_path: Path) -> None:
    broken = tmp_path / "broken.opus"
    broken.write_bytes(b"not a recording")
    with qtbot.waitSignal(player.told, timeout=10_000) as said:
        player.play(broken, START_MS)
    assert said.args[0].startswith("This recording cannot be played")
    player.stop()
