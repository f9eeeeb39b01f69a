"""What the user saved: listed, searched, sorted, let go of, exported."""

import zipfile
from itertools import groupby
from pathlib import Path

import pytest
from filled_library import TODAY, FakeJobs, Show, fill, insight
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_ui_look import look_at
from test_ui_reach import contrast, cut_off
from test_ui_window import HEADLINES, here, press, texts
from typist import Typist

from earmark.clock import system_clock
from earmark.library import Library
from earmark.pipeline import Watch
from earmark.pipeline.out import Form, Wish
from earmark.records import InsightId
from earmark.ui.export_dialog import ExportDialog, Order
from earmark.ui.fields import Check
from earmark.ui.main_window import MainWindow
from earmark.ui.saved_page import SavedPage
from earmark.ui.sending import written

IDS = [insight(n).id for n in range(6)]


def save(library: Library, *numbers: int) -> None:
    """Save these, the last last."""
    for number in numbers:
        now_ms = round(system_clock().timestamp() * 1000)
        library._clock = lambda at=now_ms + number: system_clock().fromtimestamp(at / 1000).astimezone()  # type: ignore[misc]
        library.set_mark(IDS[number], saved=True)


def test_the_menu_key_opens_the_menu_at_the_row_with_the_keyboard_on_what_is_first_in_it(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    save(library, 0, 1)
    _window, page = opened(show)
    keys = Typist(qtbot)
    keys.press("Down")
    view = page.view
    where = view.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).center()
    by_key = QContextMenuEvent.Reason.Keyboard  # the platform makes it of the key
    asked = QContextMenuEvent(by_key, where, view.mapToGlobal(where))
    QApplication.sendEvent(view, asked)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    row = view.visualRect(view.currentIndex())
    assert row.contains(view.viewport().mapFromGlobal(menu.pos()))
    assert keys.here() == "More like this"
    keys.press("Return")
    assert library.card(InsightId(str(view.current()))).thumb == 1


def opened(show: Show, theme: str = "light") -> tuple[MainWindow, SavedPage]:
    """The window at the place."""
    window = show(theme=theme)
    window.go("Saved")
    page = here(window)
    assert isinstance(page, SavedPage)
    return window, page


def listed(page: SavedPage) -> list[str]:
    """The headlines in their order."""
    return [page.view.rows.row(n).title for n in range(page.view.rows.rowCount())]


def test_what_is_saved_last_comes_first_and_other_orders_can_be_chosen(library: Library, show: Show) -> None:
    fill(library)
    save(library, 2, 0, 1)
    _window, page = opened(show)
    assert set(listed(page)) == {HEADLINES[0], HEADLINES[1], HEADLINES[2]}
    page.order.choose("headline")
    assert listed(page) == sorted([HEADLINES[0], HEADLINES[1], HEADLINES[2]], key=str.casefold)
    page.order.choose("show")
    assert listed(page) == [HEADLINES[0], HEADLINES[1], HEADLINES[2]]


def test_words_are_looked_for_in_texts_names_and_notes(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    save(library, 0, 1, 2)
    library.write_note(IDS[2], "ask Åsa about 4%", was="")
    _window, page = opened(show)
    assert "Your note: ask Åsa about 4%" in [page.view.rows.row(n).under for n in range(3)]
    for words, expected in (
        ("churn", {0}),
        ("small numbers", {1}),
        ("åsa", {2}),
        ("ASA", {2}),
        ("4%", {0, 2}),
        ("%", {0, 2}),
        ("_", set()),
    ):
        page.field.setText(words)
        page.narrowed.emit()
        assert set(listed(page)) == {HEADLINES[n] for n in expected}, words
    qtbot.keyClicks(page.field, "nothing of this")
    qtbot.waitUntil(lambda: "Nothing of what you saved has these words." in texts(page))


def test_keys_open_and_unsave_and_that_is_undone(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    save(library, 0, 1, 2)
    window, page = opened(show)
    assert page.view.hasFocus()
    page.view.selectAll()
    qtbot.keyClick(page.view, Qt.Key.Key_Delete)
    assert listed(page) == []
    assert "3 insights are no longer saved." in window.notice.text()
    press(qtbot, window.notice, "Undo")
    assert set(listed(page)) == {HEADLINES[0], HEADLINES[1], HEADLINES[2]}
    page.view.setFocus()
    page.view.setCurrentIndex(page.view.rows.index(0))
    first = page.view.rows.keys[0]
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert window.desk.history.here == f"insight/{first}"


def test_what_is_selected_is_exported_and_all_that_is_listed_where_nothing_is(
    library: Library, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    fill(library)
    save(library, 0, 1, 2)
    window, page = opened(show)
    page.view.clearSelection()
    for name, count in (("all.csv", 3), ("two.csv", 2)):
        if count == 2:
            page.view.selectAll()
            page.view.selectionModel().select(
                page.view.rows.index(0), page.view.selectionModel().SelectionFlag.Deselect
            )
        press(qtbot, page, "Export")
        dialog = [each for each in window.findChildren(ExportDialog) if each.isVisible()][-1]
        dialog.form.choose("csv")
        dialog.place.setText(str(tmp_path / name))
        press(qtbot, dialog, "Export")
        qtbot.waitUntil(lambda name=name: (tmp_path / name).exists())  # type: ignore[misc]
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert sum(headline in text for headline in HEADLINES) == count


def test_every_form_is_written_from_the_dialog(
    library: Library, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    fill(library)
    save(library, 0, 1)
    window, page = opened(show)
    for form in ("markdown", "html", "epub", "anki", "csv", "json", "text"):
        page.exported.emit([str(IDS[0]), str(IDS[1])])
        dialog = [each for each in window.findChildren(ExportDialog) if each.isVisible()][-1]
        dialog.place.setText(str(tmp_path / "mine"))
        dialog.form.choose(form)
        target = dialog.order().to
        press(qtbot, dialog, "Export")
        qtbot.waitUntil(lambda: "2 insights written" in window.notice.text())
        assert target.exists(), form
        window.notice.hide()
    assert len(list(tmp_path.glob("mine.*"))) == 6


def test_nothing_saved_says_how(show: Show) -> None:
    _window, page = opened(show)
    assert "Nothing yet. Press Save on an insight to keep it here." in texts(page)
    assert not {"Play", "Unsave", "Export"} & set(texts(page)), "what cannot be done is not offered"
    page.exported.emit([])
    page.unsaved.emit([])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_saved_is_painted(
    theme: str, library: Library, show: Show, qtbot: QtBot, pytestconfig: pytest.Config
) -> None:
    fill(library)
    save(library, 3, 2, 1, 0)
    library.write_note(InsightId(IDS[1]), "Compare with the newsletter.", was="")
    window, page = opened(show, theme)
    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    look_at(window, f"saved-list-{theme}", pytestconfig)


def test_the_order_has_room_at_once_at_every_size_of_text(show: Show) -> None:
    window = show()
    window.go("Saved")
    QApplication.processEvents()
    for _step in range(8):
        assert [each for each in cut_off(window) if "Choice" in each] == []
        window.wardrobe.zoom_by(1)
        QApplication.processEvents()
    window.wardrobe.zoom_by(0)


@pytest.mark.parametrize("form", ["markdown", "html", "csv", "json", "text", "epub"])
def test_ones_own_notes_go_out_with_what_is_saved_but_not_with_a_brief(
    form: Form, library: Library, jobs: FakeJobs, tmp_path: Path
) -> None:
    fill(library)
    save(library, 0)
    library.write_note(IDS[0], "ask Ann <b>twice</b>", was="")
    wishes = {"mine": Wish(insights=(IDS[0],)), "brief": Wish(brief=TODAY)}
    found = {}
    for name, wish in wishes.items():
        order = Order(form, tmp_path / f"{form}-{name}", with_clips=False, replace=False)
        result = written(library, jobs.tools, Watch(), wish, order)
        found[name] = b"".join(_contents(result.path))
    assert b"ask Ann" in found["mine"]
    assert b"ask Ann <b>" not in found["mine"] or form in ("csv", "json", "text")
    assert b"ask Ann" not in found["brief"]


def _contents(path: Path) -> list[bytes]:
    """What stands in a file, in a folder's files, or in a packed file."""
    if path.is_dir():
        return [each.read_bytes() for each in path.rglob("*") if each.is_file()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            return [packed.read(name) for name in packed.namelist()]
    return [path.read_bytes()]


def test_what_the_field_is_for_is_read_in_full(library: Library, show: Show) -> None:
    fill(library)
    _window, page = opened(show)
    QApplication.processEvents()
    words = page.field.fontMetrics().horizontalAdvance(page.field.placeholderText())
    assert words < page.field.width() - 16


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_box_to_tick_is_seen_ticked_or_not(theme: str, library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show(theme=theme)
    box = Check("With sound", 14)
    qtbot.addWidget(box)
    box.resize(200, 30)
    box.show()
    seen = []
    for ticked in (False, True):
        box.setChecked(ticked)
        image = box.grab().toImage()
        across = [image.pixelColor(x, image.height() // 2).name() for x in range(20)]
        ground = window.palette().window().color().name()
        seen.append([contrast(shade, ground) >= 3 for shade in across])
    box_only, filled = ([on for on, _ in groupby(row)].count(True) for row in seen)
    assert box_only == 2, "its two sides, and nothing between them"
    assert filled > 1, "a tick through what is filled"
    assert sum(seen[1]) > sum(seen[0])
