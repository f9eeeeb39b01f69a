"""The first run: five steps by keyboard, each choice kept at once, nobody asked before Add is pressed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from filled_library import FakeJobs, Show, add_episode
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from test_ui_look import look_at
from test_ui_window import button, press, texts

from earmark.library import Library
from earmark.paths import Paths
from earmark.pipeline.suggested import suggestions
from earmark.settings import Settings, change_settings, load_settings
from earmark.taste import load_taste
from earmark.ui.main_window import MainWindow
from earmark.ui.welcome_page import WelcomePage
from earmark.window import is_first_run


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Of the profile that the window shows."""
    return Paths(tmp_path / "profile")


def page_of(window: MainWindow, step: int = 1) -> WelcomePage:
    """A step, shown."""
    window.go("welcome" if step == 1 else f"welcome/{step}")
    QApplication.processEvents()
    page = window.pages.currentWidget()
    assert isinstance(page, WelcomePage)
    return page


def test_it_comes_by_itself_only_while_nothing_is_here_and_it_was_never_finished(
    library: Library, paths: Paths
) -> None:
    assert is_first_run(library, Settings())
    assert not is_first_run(library, Settings(welcomed=True))
    add_episode(library, 0)
    assert not is_first_run(library, Settings())


def test_all_steps_by_keyboard_alone_end_in_today(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot, paths: Paths
) -> None:
    window = show()
    page = page_of(window)
    field = page.findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    qtbot.keyClicks(field, "how cities change")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert load_taste(paths).interests == ("how cities change",), "kept before anything else is pressed"
    for step in range(2, 6):
        onward = button(page, "Next")
        onward.setFocus()
        qtbot.keyClick(onward, Qt.Key.Key_Return)
        assert f"Step {step} of 5" in texts(page)
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert "Step 4 of 5" in texts(page)
    press(qtbot, page, "Back")
    assert "Step 3 of 5" in texts(page)
    press(qtbot, page, "Skip this step")
    press(qtbot, page, "Next")
    assert not load_settings(paths).welcomed
    press(qtbot, page, "Done")
    assert load_settings(paths).welcomed
    assert window.desk.history.here == "Today"
    assert jobs.asked == [], "nobody was asked anything"
    assert library.requests() == []


def test_examples_become_interests_and_can_be_taken_out(show: Show, qtbot: QtBot, paths: Paths) -> None:
    page = page_of(show())
    press(qtbot, page, "heating without gas")
    assert load_taste(paths).interests == ("heating without gas",)
    assert sum("heating without gas" in text for text in texts(page)) == 1, "no example any more"
    press(qtbot, page, "Take out")
    assert load_taste(paths).interests == ()


def test_a_show_is_added_by_address_or_by_suggestion_and_its_host_is_named_before(
    jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    window = show()
    page = page_of(window, 2)
    field = page.findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    qtbot.keyClicks(field, "https://example.org/feed")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert jobs.asked == [("add_feed", "https://example.org/feed")]
    first, *_ = suggestions()[0]
    named = [b for b in page.findChildren(QPushButton) if first.host in b.accessibleName()]
    qtbot.mouseClick(named[0], Qt.MouseButton.LeftButton)
    assert jobs.asked[-1] == ("add_feed", first.feed)


def test_lists_and_folders_are_taken_in(jobs: FakeJobs, show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    window = show()
    page = page_of(window, 2)
    press(qtbot, page, "A folder of recordings")
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    assert jobs.asked[-1] == ("add_feed", str(tmp_path))
    press(qtbot, page, "A list from another program")
    asked = [each for each in window.findChildren(QFileDialog) if each.isVisible()]
    asked[-1].fileSelected.emit(str(tmp_path / "shows.opml"))
    asked[-1].close()
    assert [each[0] for each in jobs.asked[-2:]] == ["run", "refresh"]


def test_offline_no_show_is_asked_for(jobs: FakeJobs, show: Show, qtbot: QtBot, paths: Paths) -> None:
    change_settings(paths, lambda now: replace(now, offline=True))
    window = show()
    page = page_of(window, 2)
    press(qtbot, page, "Add")
    field = page.findChild(QLineEdit)
    assert field is not None
    field.setText("https://example.org/feed")
    press(qtbot, page, "Add")
    assert jobs.asked == []
    press(qtbot, window.notice, "Go online")
    assert not load_settings(paths).offline


def test_time_and_mode_are_kept_and_a_wrong_time_is_explained(show: Show, qtbot: QtBot, paths: Paths) -> None:
    page = page_of(show(), 4)
    field = page.findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "soon")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "A time of day, like 07:00." in texts(page)
    field.selectAll()
    qtbot.keyClicks(field, "6:15")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    press(qtbot, page, "Quiet")
    assert load_settings(paths) == Settings(brief_time="06:15", mode="quiet")


def test_privacy_has_four_sentences_and_the_switch(show: Show, qtbot: QtBot, paths: Paths) -> None:
    page = page_of(show(), 5)
    assert "There is no account, no server of ours, and nothing counts what you do." in texts(page)
    press(qtbot, page, "Go offline")
    assert load_settings(paths).offline
    assert "You are offline now: nothing is asked." in texts(page)


def test_the_suggestions_say_where_they_come_from() -> None:
    offered, noted = suggestions()
    assert len(offered) >= 5
    assert noted >= "2026-01-01"
    assert all(each.feed.startswith("https://") and each.source.startswith("https://") for each in offered)
    assert len({each.feed for each in offered}) == len(offered)


def test_it_is_reached_from_the_menu(show: Show) -> None:
    window = show()
    actions = {action.text(): action for _title, each in window.menus for action in each}
    trigger: Callable[[], None] = actions["First steps"].trigger
    trigger()
    assert isinstance(window.pages.currentWidget(), WelcomePage)
    assert not any(each.isChecked() for each in window.places.buttons.values())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_every_step_is_painted(
    theme: str, step: int, show: Show, qtbot: QtBot, pytestconfig: pytest.Config
) -> None:
    window = show(theme=theme)
    page = page_of(window, step)
    if step == 1:
        press(qtbot, page, "sleep and memory")
    look_at(window, f"welcome-{step}-{theme}", pytestconfig)
