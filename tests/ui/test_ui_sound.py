"""What plays, how fast and from where; what is remembered of it; where the window stood."""

from pathlib import Path

import pytest
from filled_library import FakeJobs, Show, fill, insight
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_ui_look import look_at
from test_ui_player import recording
from test_ui_window import plain, press

from earmark.library import Library
from earmark.ui.main_window import MainWindow
from earmark.ui.remembered import MOST_PLACES, Remembered
from earmark.ui.sound_bar import SPEEDS

pytestmark = pytest.mark.no_qt_log


@pytest.fixture
def window(library: Library, show: Show) -> MainWindow:
    """A window whose player only remembers."""
    pytest.importorskip("PySide6.QtMultimedia", reason="libpulse is missing", exc_type=ImportError)
    fill(library)
    return show(audio=recording())


def plays(window: MainWindow, qtbot: QtBot, from_ms: int) -> None:
    """Wait until the sound moves on from there."""
    qtbot.waitUntil(lambda: window.moments._place_ms >= from_ms, timeout=10_000)


def test_an_episode_goes_on_where_it_was_left(
    window: MainWindow, library: Library, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    (first, *_) = library.episodes()
    window.remembered._file = tmp_path / "window.json"
    window.desk.heard.emit(first.id, 20_000)
    plays(window, qtbot, 18_000)
    press(qtbot, window.sound, "Stop")
    left = Remembered(tmp_path / "window.json").place_of(first.id)
    assert left is not None
    assert 17_000 <= left <= 25_000
    window.desk.heard.emit(first.id, 0)
    plays(window, qtbot, left - 3000)
    window.moments.stop()


def test_a_moment_ends_behind_its_last_word_unless_all_is_wanted(
    window: MainWindow, library: Library, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int | None] = []
    player = window.moments.player
    monkeypatch.setattr(player, "play", lambda *_what: True)
    monkeypatch.setattr(player, "hold", lambda *, begins_ms, until_ms: held.append(until_ms))
    monkeypatch.setattr(player, "pause_at", held.append)
    window.moments.play(insight(0).id)
    end = insight(0).moment_ms[1] + 700
    assert held == [end]
    press(qtbot, window.sound, "Moment only")
    assert held == [end, None]
    press(qtbot, window.sound, "Whole episode")
    assert held == [end, None, end]


def test_the_sound_pauses_where_it_was_told(window: MainWindow, qtbot: QtBot) -> None:
    player = window.moments.player
    playing: list[bool] = []
    player.playing_changed.connect(playing.append)
    assert player.play(recording(), 10_000)
    player.hold(until_ms=8_500)
    qtbot.waitUntil(lambda: playing[-1:] == [False] and True in playing, timeout=10_000)
    assert 8_400 <= player._player.position() <= 9_500
    player.stop()


def test_any_speed_that_a_desktop_asks_for_is_taken_within_its_bounds(window: MainWindow) -> None:
    told: list[float] = []
    window.moments.speed_changed.connect(told.append)
    for asked in (1.337, 9.0, 0.1, float("nan")):
        window.moments.set_speed(asked)
        assert window.moments.player._speed == window.moments.speed
    assert told == [1.34, 3.0, 0.8, 0.8]


def test_speed_goes_up_and_down_within_its_bounds_and_is_remembered(window: MainWindow, qtbot: QtBot) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    for _ in range(len(SPEEDS)):
        qtbot.keyClick(window, Qt.Key.Key_Up, both)
    assert (window.moments.speed, window.moments.player._speed) == (3.0, 3.0)
    window.sound.faster_asked.emit()
    assert window.moments.speed == 0.8
    qtbot.keyClick(window, Qt.Key.Key_Down, both)
    assert window.moments.speed == 0.8
    assert window.remembered.number("speed", 0, 9, 0) == 0.8


def test_the_line_goes_to_the_place_that_is_pressed_or_stepped_to(
    window: MainWindow, library: Library, qtbot: QtBot
) -> None:
    window.sound.show_card(library.card(insight(0).id))
    window.sound.show_length(600_000)
    QApplication.processEvents()
    line, placed = window.sound.line, []
    window.sound.placed.connect(placed.append)
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(line.width() // 2, 5))
    assert placed[0] == pytest.approx(300_000, abs=10_000)
    qtbot.keyClick(line, Qt.Key.Key_Right)
    assert placed[1] - placed[0] == 5000
    assert line.accessibleDescription()


def test_the_line_is_as_long_as_what_was_heard_not_as_the_player_guesses(
    window: MainWindow, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, *_) = library.episodes()
    library.set_job(first.id, step="transcribe", state="running")
    library.append_window(first.id, [], model_id="m", next_ms=60_000, total_ms=1_200_000)
    monkeypatch.setattr(window.moments.player, "play", lambda *_what: True)
    window.desk.heard.emit(first.id, 60_000)
    assert window.sound.line.maximum() == 1200


def test_volume_is_a_line_and_a_command(window: MainWindow, qtbot: QtBot) -> None:
    told: list[float] = []
    window.moments.volume_changed.connect(told.append)
    qtbot.keyClick(
        window, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert window.sound.volume.value() == 90
    assert window.moments.player._volume == pytest.approx(0.9)
    assert told == pytest.approx([0.9])
    assert window.moments.volume == pytest.approx(0.9)


def test_what_was_remembered_is_bounded_and_survives_nonsense(tmp_path: Path) -> None:
    file = tmp_path / "window.json"
    kept = Remembered(file)
    for number in range(MOST_PLACES + 5):
        kept.leave(number, number)
    kept.note("speed", 1.4)
    kept.save()
    again = Remembered(file)
    assert (again.place_of(4), again.place_of(5)) == (None, 5)
    assert again.number("speed", 0.8, 3.0, 1.0) == 1.4
    for nonsense in ("", "[]", "{", '{"places": 3, "speed": "fast", "geometry": 1}'):
        file.write_text(nonsense)
        poor = Remembered(file)
        assert (poor.place_of(5), poor.number("speed", 0.8, 3.0, 1.0), poor.text("geometry")) == (
            None,
            1.0,
            "",
        )


def test_the_window_comes_back_where_it_was(window: MainWindow, show: Show, tmp_path: Path) -> None:
    file = tmp_path / "window.json"
    window.remembered._file = file
    window.resize(701, 507)
    QApplication.processEvents()
    window.close()
    again = show(remembered=Remembered(file))
    assert (again.width(), again.height()) == (701, 507)


def test_a_small_window_leaves_out_the_episode_before_it_cuts_the_name_of_the_show(
    library: Library, show: Show
) -> None:
    fill(library)
    window = show()
    for width in (820, 640):
        window.resize(width, 700)
        window.sound.show_card(library.card(insight(0).id))
        window.sound.show_length(3_480_000)
        QApplication.processEvents()
        assert plain(window.sound._show.text()) == "Second Draft"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 820, 640])
def test_the_strip_of_the_sound_is_painted(
    width: int, theme: str, library: Library, jobs: FakeJobs, show: Show, pytestconfig: pytest.Config
) -> None:
    fill(library)
    window = show(theme=theme)
    window.resize(width, 700)
    window.sound.show_card(library.card(insight(0).id))
    window.sound.show_length(3_480_000)
    look_at(window, f"sound-{width}-{theme}", pytestconfig)
