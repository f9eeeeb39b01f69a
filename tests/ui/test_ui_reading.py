"""What holds for every place where one reads: hostile texts, names of controls, small windows."""

import pytest
from filled_library import TODAY, Show, fill, insight
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from test_ui_look import HOSTILE, look_at
from test_ui_topics import gather
from test_ui_window import here, press

from earmark.library import Library
from earmark.ui.main_window import MainWindow
from earmark.ui.pieces import RowsView
from earmark.ui.prose import MOST_CHARACTERS

ADDRESSES = (
    "Today",
    "days",
    "review/2026-W48",
    "Search",
    "search/one",
    "Topics",
    "topic/1",
    "Saved",
    f"insight/{insight(0).id}",
)


def arrive(window: MainWindow, address: str, qtbot: QtBot) -> QWidget:
    """Go there, and wait until what is looked up beside the window has come."""
    window.go(address)
    page = here(window)
    looking = "Looking through your library"
    qtbot.waitUntil(lambda: not any(each.text() == looking for each in page.findChildren(QLabel)))
    if address.startswith("search/"):
        qtbot.waitUntil(lambda: getattr(page, "_what", None) is not None, timeout=20_000)
    QApplication.processEvents()
    return page


def furnish(library: Library, trouble: str = "") -> None:
    """A library with something at every place."""
    fill(library, trouble)
    gather(library)
    library.store_topics({}, [(trouble[:5000] + "topic", [insight(0).id])], "e", anew=False)
    library.set_mark(insight(0).id, saved=True)
    library.write_note(insight(0).id, trouble[:20_000] + "a note", was="")
    library.store_shelf(TODAY, insight(5).id)


@pytest.mark.parametrize("trouble", HOSTILE.values(), ids=HOSTILE.keys())
def test_u_01_u_05_whatever_feeds_and_users_write_is_plain_text_and_keeps_the_layout(
    trouble: str, library: Library, show: Show, qtbot: QtBot
) -> None:
    furnish(library, trouble)
    window = show()
    for address in ADDRESSES:
        page = arrive(window, address, qtbot)
        for label in window.findChildren(QLabel):
            assert label.textFormat() == Qt.TextFormat.PlainText
            assert len(label.text()) <= MOST_CHARACTERS
        assert window.width() == 1280
        shown = [each for each in page.findChildren(QWidget) if each.isVisible()]
        assert all(each.width() <= page.width() for each in shown), address
        for view in page.findChildren(RowsView):
            spoken = [view.rows.row(n).sentence for n in range(view.rows.rowCount())]
            assert all(len(sentence) <= 600 for sentence in spoken)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_control_where_one_reads_has_a_name(
    address: str, library: Library, show: Show, qtbot: QtBot
) -> None:
    furnish(library)
    window = show()
    page = arrive(window, address, qtbot)
    kinds = QAbstractButton | QLineEdit | QAbstractItemView
    controls = [w for w in page.findChildren(QWidget) if isinstance(w, kinds) and w.isVisible()]
    assert controls
    for control in controls:
        found = QAccessible.queryAccessibleInterface(control)
        assert found is not None
        assert found.text(QAccessible.Text.Name).strip(), control
        assert control.focusPolicy() != Qt.FocusPolicy.NoFocus, found.text(QAccessible.Text.Name)


@pytest.mark.parametrize("width", [820, 640])
def test_small_windows_hold_every_place(
    width: int, library: Library, show: Show, qtbot: QtBot, pytestconfig: pytest.Config
) -> None:
    furnish(library)
    window = show()
    window.resize(width, 700)
    for address in ADDRESSES:
        page = arrive(window, address, qtbot)
        assert window.width() == width
        shown = [each for each in page.findChildren(QWidget) if each.isVisible()]
        assert all(each.width() <= width for each in shown), address
        look_at(window, f"{address.replace('/', '-')}-{width}", pytestconfig)


def test_the_commands_of_these_places_have_keys(library: Library, show: Show, qtbot: QtBot) -> None:
    furnish(library)
    window = show()
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    for key, modifiers, address in (
        (Qt.Key.Key_D, control, "days"),
        (Qt.Key.Key_D, control | shift, "review"),
        (Qt.Key.Key_F, control, "Search"),
    ):
        qtbot.keyClick(window, key, modifiers)
        assert window.desk.history.here == address
    window.go("Today")
    press(qtbot, here(window), "More")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()
