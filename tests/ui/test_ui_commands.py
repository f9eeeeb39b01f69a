"""Every command is in a menu, has keys of its own, and is found by a few letters."""

from collections import Counter

import pytest
from filled_library import FakeJobs, Show, fill
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from test_ui_look import look_at, painted

from earmark.library import Library
from earmark.ui.commands import find_command, show_shortcuts
from earmark.ui.find_command import FindCommand
from earmark.ui.main_window import MainWindow
from earmark.ui.places import PLACES
from earmark.ui.shortcuts import Shortcuts, keys_of


def actions(window: MainWindow) -> list[QAction]:
    """Every command of the menus."""
    return [action for _title, each in window.menus for action in each]


def open_dialog(window: QWidget, kind: type[QWidget]) -> QWidget:
    """The dialog of this kind that is open."""
    return next(each for each in window.findChildren(kind) if each.isVisible())


def test_every_command_has_keys_and_no_two_have_the_same(show: Show) -> None:
    window = show()
    assert [action.text() for action in actions(window) if not action.shortcuts()] == []
    used = [keys.toString() for action in actions(window) for keys in action.shortcuts()]
    used += [shortcut.key().toString() for shortcut in window.findChildren(QShortcut)]
    assert "" not in used, "keys that Qt does not know"
    assert [keys for keys, times in Counter(used).items() if times > 1] == []


def test_every_place_is_a_command(show: Show) -> None:
    texts = [action.text() for action in actions(show())]
    assert set(PLACES) <= set(texts)
    assert len(texts) == len(set(texts))


def test_a_few_letters_find_a_command_and_enter_does_it(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    dialog = open_dialog(window, FindCommand)
    assert isinstance(dialog, FindCommand)
    rows = dialog.list.model()
    assert rows.rowCount() == len(actions(window)) + 3, "all commands, and three shows"
    qtbot.keyClicks(dialog.line, "act")
    spoken = rows.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"Activity, {keys_of(next(a for a in actions(window) if a.text() == 'Activity'))}"
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    assert window.desk.history.here == "Activity"


def test_a_show_is_found_by_its_name_and_opened(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    went: list[str] = []
    window.desk.went.disconnect(window.pages.go)
    window.desk.went.connect(went.append)
    find_command(window)
    dialog = open_dialog(window, FindCommand)
    assert isinstance(dialog, FindCommand)
    qtbot.keyClicks(dialog.line, "small num")
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    feed = next(feed for feed in library.feeds() if feed.title == "Small Numbers")
    assert went == [f"show/{feed.id}"]


def test_up_and_down_choose_and_what_is_not_there_is_said(show: Show, qtbot: QtBot) -> None:
    window = show()
    find_command(window)
    dialog = open_dialog(window, FindCommand)
    assert isinstance(dialog, FindCommand)
    for key, row in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_PageDown, 9), (Qt.Key.Key_Up, 8)):
        qtbot.keyClick(dialog.line, key)
        assert dialog.list.currentIndex().row() == row
    qtbot.keyClicks(dialog.line, "no such thing at all")
    assert dialog.count.text() == "Nothing is called so."
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_the_sheet_of_keys_names_every_command(show: Show, qtbot: QtBot) -> None:
    window = show()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = open_dialog(window, Shortcuts)
    texts = {label.text() for label in sheet.findChildren(QLabel)}
    for action in actions(window):
        assert action.text() in texts
        assert keys_of(action) in texts


def test_larger_text_makes_all_text_larger_and_is_kept(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()

    def sizes() -> dict[str, float]:
        labels = [each for each in window.findChildren(QLabel) if each.isVisible() and each.text()]
        return {label.text(): label.font().pointSizeF() for label in labels}

    before = sizes()
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    after = sizes()
    common = [text for text in before if text in after]
    assert len(common) > 10
    assert {text for text in common if round(after[text] / before[text], 2) != 1.5} == set()
    assert jobs.tools.choices().text_percent == 150
    window.close()
    again = show()
    assert again.places.buttons["Today"].font().pointSizeF() == pytest.approx(14 * 0.75 * 1.5)


def test_colours_and_contrast_are_chosen_and_kept(jobs: FakeJobs, show: Show, qtbot: QtBot) -> None:
    window = show()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    for key, colour in ((Qt.Key.Key_D, "#15171a"), (Qt.Key.Key_H, "#000000"), (Qt.Key.Key_L, "#ffffff")):
        qtbot.keyClick(window, key, both)
        assert painted(window, 1).pixelColor(2, 2).name() == colour
    qtbot.keyClick(window, Qt.Key.Key_H, both)
    assert painted(window, 1).pixelColor(2, 2).name() == "#faf9f6"
    assert (jobs.tools.choices().theme, jobs.tools.choices().contrast) == ("light", "normal")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dialogs_are_painted(
    theme: str, library: Library, show: Show, pytestconfig: pytest.Config
) -> None:
    fill(library)
    window = show(theme=theme)
    find_command(window)
    look_at(open_dialog(window, FindCommand), f"find-{theme}", pytestconfig)
    show_shortcuts(window)
    look_at(open_dialog(window, Shortcuts), f"keys-{theme}", pytestconfig)


@pytest.mark.parametrize("place", ["Today", "Library", "Saved", "Activity", "id0"])
def test_large_text_and_high_contrast_are_painted(
    place: str, library: Library, show: Show, pytestconfig: pytest.Config
) -> None:
    fill(library)
    window = show()
    window.go(place)
    for _ in range(6):
        window.wardrobe.zoom_by(1)
    look_at(window, f"{place}-text-250", pytestconfig)
    window.wardrobe.zoom_by(0)
    window.wardrobe.turn_contrast()
    look_at(window, f"{place}-contrast", pytestconfig)
