"""Other languages: every text has its German, and longer words fit."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import pytest
import strings
from every_room import addresses
from filled_library import FakeJobs, Show, fill, insight
from PySide6.QtCore import QCoreApplication, QLocale, QPoint, QRect, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QScrollArea
from test_ui_look import look_at
from test_ui_reach import busy_window, cut_off, walked
from test_ui_window import here

from earmark.library import Library
from earmark.paths import Paths
from earmark.settings import change_settings
from earmark.ui.add_show import AddShow
from earmark.ui.commands import find_command, show_shortcuts
from earmark.ui.dialogs import Question
from earmark.ui.export_dialog import ExportDialog
from earmark.ui.find_command import FindCommand
from earmark.ui.language import speak
from earmark.ui.main_window import MainWindow
from earmark.ui.sheet import Sheet
from earmark.ui.shortcuts import Shortcuts
from earmark.ui.words import count_of, long_day, tr

FILLED = re.compile(r"\{\w+\}|%n|▶|\n")


@pytest.fixture
def german(qapp: QApplication) -> Iterator[list[QTranslator]]:
    """The window speaks German."""
    before = QLocale()
    installed = speak(qapp, "de")
    yield installed
    for each in installed:
        qapp.removeTranslator(each)
    QLocale.setDefault(before)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Of the profile that the window shows."""
    return Paths(tmp_path / "profile")


class Long(QTranslator):
    """A language in which everything takes half as much room again."""

    def translate(self, _context: str, text: str, _what: str | None = None, _n: int = -1) -> str:
        """The text, and some more of it."""
        return f"{text} {'ō' * max(1, len(text) // 2)}" if text else text

    def isEmpty(self) -> bool:  # noqa: N802  (Qt's name)
        """There are texts."""
        return False


def test_every_text_has_finished_german_with_the_same_blanks() -> None:
    done = strings.read(strings.STRINGS / "earmark_de.ts")
    texts = strings.all_literals()
    assert len(texts) > 100
    assert sorted(set(texts) - set(done)) == [], "run tests/tools/strings.py, then translate"
    assert sorted(set(done) - set(texts)) == []
    uneven = [t for t in texts if sorted(FILLED.findall(t)) != sorted(FILLED.findall(done[t]))]
    assert uneven == []
    assert [t for t in texts if t.endswith(".") != done[t].endswith(".")] == []


def test_an_f_string_cannot_be_translated_and_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "wrong.py"
    source.write_text('tr("right"); tr(f"wrong {1}")')
    with pytest.raises(ValueError, match="an f-string cannot be translated"):
        list(strings.literals(source))


def test_what_is_shipped_was_compiled_from_what_is_written(qapp: QApplication, tmp_path: Path) -> None:
    shipped = QTranslator()
    assert shipped.load(str(strings.STRINGS / "earmark_de.qm"))
    done = strings.read(strings.STRINGS / "earmark_de.ts")
    said = {text: shipped.translate("Earmark", text) or text for text in done}
    assert said == done


def test_german_is_spoken_by_us_by_qt_and_by_dates(german: list[QTranslator]) -> None:
    assert len(german) == 2
    assert tr("Today") == "Heute"
    assert count_of(3, "%n show", "%n shows") == "3 Sendungen"
    assert count_of(1, "%n show", "%n shows") == "1 Sendung"
    assert long_day("2026-11-23") == "Montag, 23. November"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"


def test_german_is_painted_and_nothing_is_cut_off(
    german: list[QTranslator],
    library: Library,
    jobs: FakeJobs,
    show: Show,
    pytestconfig: pytest.Config,
) -> None:
    window = busy_window(library, jobs, show)
    for address in addresses(window):
        window.go(address)
        look_at(window, f"{address.replace('/', '-')}-german", pytestconfig)
    assert [f"{at}: {each}" for at, shown in walked(window) for each in cut_off(shown)] == []


def test_nothing_is_cut_off_in_a_language_of_long_words(
    library: Library, jobs: FakeJobs, show: Show, qapp: QApplication, pytestconfig: pytest.Config
) -> None:
    long = Long()
    qapp.installTranslator(long)
    try:
        window = busy_window(library, jobs, show)
        for address in addresses(window):
            window.go(address)
            look_at(window, f"{address.replace('/', '-')}-long", pytestconfig)
        assert [f"{at}: {each}" for at, shown in walked(window) for each in cut_off(shown)] == []
    finally:
        qapp.removeTranslator(long)


@pytest.mark.parametrize(("width", "steps"), [(500, 0), (1280, 7)])
def test_no_page_is_wider_than_the_window(
    width: int, steps: int, german: list[QTranslator], library: Library, show: Show
) -> None:
    fill(library)
    window = show()
    window.resize(width, 860)
    for _step in range(steps):
        window.wardrobe.zoom_by(1)
    for place in ("Today", insight(0).id, "days", "review", "Library"):
        window.go(place)
        QApplication.processEvents()
        page = here(window)
        assert isinstance(page, QScrollArea)
        inside = page.widget()
        assert inside is not None
        assert inside.width() <= page.viewport().width(), place
    window.wardrobe.zoom_by(0)


@pytest.mark.parametrize(("width", "steps"), [(500, 5), (1280, 6), (1280, 7)])
def test_nothing_is_cut_off_at_the_side_in_a_narrow_window_of_large_text(
    width: int, steps: int, german: list[QTranslator], library: Library, show: Show, paths: Paths
) -> None:
    fill(library)
    change_settings(paths, lambda now: replace(now, mail_server="smtp.example.org:465"))
    window = show()
    window.resize(width, 860)
    for _step in range(steps):
        window.wardrobe.zoom_by(1)
    faults = []
    for place in ("Search", "Settings", "Saved"):
        window.go(place)
        QApplication.processEvents()
        faults += [f"{place}: {each}" for each in cut_off(window) if "Strip" not in each]
        page = here(window)
        inside = page.widget() if isinstance(page, QScrollArea) else None
        if inside is not None and inside.width() > page.viewport().width():
            faults.append(f"{place}: {inside.width()} px wide")
    window.wardrobe.zoom_by(0)
    assert faults == []


def open_dialogs(window: MainWindow, folder: Path) -> Iterator[QDialog]:
    """Every dialog of the window, one after the other."""
    window.adding.begin("")
    yield next(each for each in window.findChildren(AddShow) if each.isVisible())
    told = "All that was learned goes. What you wrote yourself stays. " * 8
    ask = partial(Question, window, "Forget everything?", told, "Forget", lambda: None)
    export = partial(ExportDialog, window, "Monday", folder, "earmark")
    for made in (ask, export):
        dialog = made()
        dialog.open()
        yield dialog
        dialog.close()
    for made, kind in ((find_command, FindCommand), (show_shortcuts, Shortcuts)):
        made(window)
        yield next(each for each in window.findChildren(kind) if each.isVisible())


def test_a_dialog_that_has_room_does_not_scroll(
    german: list[QTranslator], show: Show, tmp_path: Path
) -> None:
    window = show()
    for dialog in islice(open_dialogs(window, tmp_path), 3):
        QApplication.processEvents()
        assert isinstance(dialog, Sheet)
        (area,) = dialog.findChildren(QScrollArea)
        assert area.verticalScrollBar().maximum() == 0, type(dialog).__name__
        assert area.focusPolicy() == Qt.FocusPolicy.NoFocus, "Tab stops where there is something to do"
        dialog.close()


def test_every_dialog_fits_a_low_screen_and_keeps_its_buttons_in_sight(
    german: list[QTranslator], show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.ui.sheet.room_for", lambda _dialog: QRect(0, 0, 1024, 600))
    window = show()
    window.resize(1024, 860)
    for _step in range(5):
        window.wardrobe.zoom_by(1)
    kinds = []
    for dialog in open_dialogs(window, tmp_path):
        QApplication.processEvents()
        kinds.append(type(dialog).__name__)
        assert dialog.height() <= 560, kinds[-1]
        assert cut_off(dialog) == []
        inside = dialog.findChildren(QScrollArea)
        below = [each for each in dialog.findChildren(QPushButton) if each.isVisible()]
        below = [each for each in below if not any(area.isAncestorOf(each) for area in inside)]
        assert below or kinds[-1] == "FindCommand"
        for each in below:
            assert dialog.rect().contains(QRect(each.mapTo(dialog, QPoint()), each.size())), each.text()
        dialog.close()
    window.wardrobe.zoom_by(0)
    assert kinds == ["AddShow", "Question", "ExportDialog", "FindCommand", "Shortcuts"]


def test_a_language_without_texts_is_english(qapp: QApplication, library: Library, show: Show) -> None:
    before = QLocale()
    installed = speak(qapp, "he")
    try:
        fill(library)
        assert show().places.buttons["Today"].text() == "Today"
        assert qapp.layoutDirection().name == "LeftToRight"
    finally:
        for each in installed:
            qapp.removeTranslator(each)
        QLocale.setDefault(before)
