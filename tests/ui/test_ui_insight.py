"""The place of an insight: notes of one's own, following the sound, sharing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from filled_library import AFTER, BEFORE, FakeJobs, Show, fill, insight
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot
from test_ui_look import look_at
from test_ui_window import HEADLINES, TEXTS, here, press, texts

from earmark.library import Library, open_library
from earmark.paths import Paths
from earmark.records import Changes
from earmark.ui.insight_page import InsightPage
from earmark.ui.main_window import MainWindow
from earmark.ui.note import Note
from earmark.ui.notes import Notes
from earmark.ui.quotation import Quotation

ID = insight(0).id


def note_of(window: MainWindow) -> Note:
    """The note on the page."""
    found = here(window).findChild(Note)
    assert found is not None
    return found


def page_of(window: MainWindow) -> InsightPage:
    """The page of the insight."""
    page = here(window)
    assert isinstance(page, InsightPage)
    return page


def quotation_of(window: MainWindow) -> Quotation:
    """The quotation on the page."""
    found = here(window).findChild(Quotation)
    assert found is not None
    return found


def write(qtbot: QtBot, window: MainWindow, words: str) -> None:
    """Begin a note, and type."""
    press(qtbot, here(window), "Note")
    qtbot.keyClicks(note_of(window), words)


@pytest.fixture
def filled(library: Library) -> Library:
    """The library with something in it."""
    fill(library)
    return library


def opened(show: Show) -> MainWindow:
    """The window at the first insight, reached by its deep link."""
    window = show()
    window.desk.go(f"earmark:insight/{ID}")
    assert HEADLINES[0] in texts(here(window))
    return window


@pytest.fixture
def window(filled: Library, show: Show) -> MainWindow:
    """That window, over a library with something in it."""
    return opened(show)


def test_a_note_is_kept_as_it_is_typed_and_shown_again(
    library: Library, window: MainWindow, qtbot: QtBot
) -> None:
    press(qtbot, here(window), "Note")
    assert note_of(window).hasFocus()
    qtbot.keyClicks(note_of(window), "ask Ann")
    qtbot.waitUntil(lambda: library.note(ID) == "ask Ann")
    assert note_of(window).hasFocus()
    assert note_of(window).toPlainText() == "ask Ann"
    window.go("Today")
    window.go(f"insight/{ID}")
    assert note_of(window).toPlainText() == "ask Ann"


def test_leaving_keeps_a_note_at_once(library: Library, window: MainWindow, qtbot: QtBot) -> None:
    write(qtbot, window, "one")
    window.go(f"insight/{insight(1).id}")
    assert library.note(ID) == "one"
    assert here(window).findChild(Note) is None
    window.pages.back()
    qtbot.keyClicks(note_of(window), "and two ")
    window.close()
    assert "and two" in library.note(ID)


@pytest.fixture
def held(filled: Library, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The library as another program holds it, until `rollback`."""
    filled._db.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(Paths(tmp_path / "profile").library, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_a_note_that_could_not_be_written_is_kept_on_the_page_and_written_later(
    library: Library, held: sqlite3.Connection, window: MainWindow, qtbot: QtBot
) -> None:
    write(qtbot, window, "ask Ann")
    note_of(window).keep()
    assert "could not be written" in window.notice.text()
    window.go(f"insight/{insight(1).id}")
    window.pages.back()
    assert note_of(window).toPlainText() == "ask Ann"
    window.go(f"insight/{insight(1).id}")
    window.notice.hide()
    window.pages.insights.notes.try_again()
    assert window.notice.text() == "", "said once"
    assert window.pages.insights.notes._again.isActive()
    held.rollback()
    window.pages.insights.notes._again.timeout.emit()
    assert library.note(ID) == "ask Ann"
    window.pages.back()
    qtbot.keyClicks(note_of(window), "now ")
    window.go("Today")
    assert "now" in library.note(ID)
    assert "\n" not in library.note(ID), "not taken for words from elsewhere"


def test_words_that_were_taken_back_before_they_could_be_written_do_not_come_later(
    library: Library, held: sqlite3.Connection, window: MainWindow, qtbot: QtBot
) -> None:
    write(qtbot, window, "x")
    note_of(window).keep()
    qtbot.keyClick(note_of(window), Qt.Key.Key_Backspace)
    note_of(window).keep()
    held.rollback()
    window.pages.insights.notes.try_again()
    assert library.note(ID) == ""


def test_a_note_that_could_not_be_written_is_written_when_the_window_closes(
    library: Library, held: sqlite3.Connection, window: MainWindow, qtbot: QtBot
) -> None:
    write(qtbot, window, "ask Ann")
    window.go("Today")
    held.rollback()
    window.close()
    assert library.note(ID) == "ask Ann"


def test_what_is_typed_while_the_last_words_are_written_is_no_second_note(
    library: Library, jobs: FakeJobs, show: Show
) -> None:
    fill(library)
    notes = Notes(show().desk)
    notes.keep(ID, "half a sen", "")
    notes.keep(ID, "half a sentence", "")
    assert library.note(ID) == "half a sentence"


def test_what_changes_in_the_library_leaves_what_is_typed_alone(
    library: Library, jobs: FakeJobs, window: MainWindow, qtbot: QtBot
) -> None:
    write(qtbot, window, "half a sen")
    library.set_mark(ID, saved=True)
    jobs.changed.emit(Changes(insight_ids=frozenset({ID})))
    assert note_of(window).toPlainText() == "half a sen"
    assert note_of(window).hasFocus()
    qtbot.keyClicks(note_of(window), "tence")
    note_of(window).keep()
    assert library.note(ID) == "half a sentence"


def test_a_note_written_elsewhere_meanwhile_is_kept_beside_the_users(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    library.write_note(ID, "mine", was="")
    window = opened(show)
    qtbot.keyClicks(note_of(window), "still ")
    library.write_note(ID, "from elsewhere", was="mine")
    note_of(window).keep()
    assert library.note(ID) == "from elsewhere\n\nstill mine"
    assert note_of(window).toPlainText() == "from elsewhere\n\nstill mine"


def test_notes_outlive_their_insight_and_an_empty_one_is_none(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "profile")
    with open_library(paths) as library:
        assert library.write_note(ID, "kept", was="")
        assert not library.write_note(ID, "kept", was="")
    with open_library(paths) as library:
        assert library.note(ID) == "kept"
        assert library.write_note(ID, "", was="kept")
        assert library.note(ID) == ""


def test_the_words_that_are_heard_are_marked_while_they_are(library: Library, window: MainWindow) -> None:
    quote = quotation_of(window)
    quoted = quote.prose._said
    episode_id = library.card(ID).episode_id
    window.moments.moved.emit(episode_id, 800_000)
    begin, length = quote.prose._said
    assert quote.prose.text()[begin : begin + length] == BEFORE
    window.moments.moved.emit(episode_id, 835_000)
    begin, length = quote.prose._said
    assert quote.prose.text()[begin : begin + length] == AFTER
    window.moments.moved.emit(episode_id + 1, 835_000)
    assert quote.prose._said == quoted
    window.moments.moved.emit(episode_id, 800_000)
    window.moments.stop()
    assert quote.prose._said == quoted


def test_the_page_scrolls_to_what_is_heard(library: Library, window: MainWindow, qtbot: QtBot) -> None:
    window.resize(700, 420)
    page = page_of(window)
    QApplication.processEvents()
    page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
    window.moments.moved.emit(library.card(ID).episode_id, 800_000)
    quote = quotation_of(window)
    y = quote.mapTo(page.viewport(), quote.rect().topLeft()).y()
    assert 0 <= y < page.viewport().height()


def test_more_of_the_transcript_is_shown_on_demand(
    library: Library, window: MainWindow, qtbot: QtBot
) -> None:
    press(qtbot, here(window), "More around it")
    assert "Less around it" in texts(here(window))
    press(qtbot, here(window), "Less around it")
    assert "More around it" in texts(here(window))


@pytest.mark.parametrize("width", [1280, 500])
def test_the_times_of_the_proof_are_not_cut_however_long_the_title_is(
    width: int, library: Library, show: Show
) -> None:
    fill(library, "Many words in a title that goes on and on ")
    window = show()
    window.resize(width, 860)
    window.go(ID)
    QApplication.processEvents()
    labels = [label for label in here(window).findChildren(QLabel) if label.isVisible()]
    times = next(label for label in labels if label.text() == "13:24 to 13:51")
    assert times.width() >= times.sizeHint().width()
    assert times.mapTo(here(window), times.rect().topRight()).x() < width
    assert any(label.text().startswith("Words matched to the transcript") for label in labels)


def test_thumbs_and_hiding_work_here_too(library: Library, window: MainWindow, qtbot: QtBot) -> None:
    page = page_of(window)
    menu = {action.text(): action for action in page.menu().actions()}
    menu["More like this"].trigger()
    assert "You want more like this." in texts(page)
    menu["Hide"].trigger()
    assert "You hid this one." in texts(page)
    press(qtbot, window.notice, "Undo")
    assert "You hid this one." not in texts(page)


def test_an_insight_is_shared_as_text_and_as_a_picture(
    library: Library, window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(window)
    press(qtbot, page, "Copy")
    copied = QGuiApplication.clipboard().text()
    assert all(part in copied for part in (HEADLINES[0], f"“{TEXTS[0]}”", "Second Draft"))
    page.shared.emit("picture")
    assert QGuiApplication.clipboard().image().width() == 1080
    target = tmp_path / "card.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page.shared.emit("file")
    assert target.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_insight_with_its_note_is_painted_while_it_plays(
    theme: str, library: Library, show: Show, qtbot: QtBot, pytestconfig: pytest.Config
) -> None:
    fill(library)
    library.write_note(ID, "Compare with what the newsletter said.\nAsk Ann for the figures.", was="")
    library.set_mark(ID, thumb=1)
    window = show(theme=theme)
    window.go(f"insight/{ID}")
    window.moments.moved.emit(library.card(ID).episode_id, 800_000)
    note_of(window).setFocus(Qt.FocusReason.TabFocusReason)
    look_at(window, f"insight-note-{theme}", pytestconfig)
    folder = pytestconfig.getoption("--screenshots", default=None)
    if folder:
        window.desk.copied.emit("")
        page_of(window).shared.emit("picture")
        QGuiApplication.clipboard().image().save(f"{folder}/shared-{theme}.png")
