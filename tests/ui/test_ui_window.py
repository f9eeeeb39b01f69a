"""The window: what it shows, what it asks for, and that a keyboard is enough."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from conftest import CLAIMS, SHOWS, TODAY, YESTERDAY, Show, fill, insight
from earmark.library import Library
from earmark.records import Progress
from earmark.ui.frame import AddShow
from earmark.ui.insight_page import in_context
from earmark.ui.main_window import MainWindow
from earmark.ui.parts import Prose
from earmark.ui.today_page import Cut, Headline

SEED_OF_TROUBLE = '<img src="/etc/passwd"><b>bold</b> & co\u202e ' + "long " * 2000


def texts(widget: QWidget) -> list[str]:
    """Every visible text below a widget."""
    found = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    found += [button.text() for button in widget.findChildren(QPushButton) if button.isVisible()]
    return found + [prose.accessibleName() for prose in widget.findChildren(Prose) if prose.isVisible()]


def here(window: MainWindow) -> QWidget:
    """The page that is shown."""
    page = window.pages.currentWidget()
    assert page is not None
    return page


def button(window: QWidget, text: str) -> QPushButton:
    """The first visible button with this text."""
    return next(b for b in window.findChildren(QPushButton) if b.isVisible() and text in b.text())


def headlines(window: MainWindow) -> list[Headline]:
    """The headlines on the page, top to bottom."""
    return [h for h in here(window).findChildren(Headline) if h.isVisible()]


def test_today_shows_five_cards_and_what_was_left_out(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    shown = texts(here(window))
    assert "Monday, 23 November" in shown
    assert "5 of 6 insights, from 6 of 6 new episodes." in shown
    assert [h.accessibleName() for h in headlines(window)] == [claim for claim, _ in CLAIMS[:5]]
    assert all(text in shown for _, text in CLAIMS[:5])
    assert "2 related" in shown
    assert "▶ 00:05" in shown


def test_why_this_opens_and_closes(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    assert "Ranked first, 0." not in texts(here(window))
    qtbot.mouseClick(button(here(window), "Why this"), Qt.MouseButton.LeftButton)
    assert "Ranked first, 0." in texts(here(window))


def test_an_insight_shows_its_quotation_and_its_relations(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    window.go(insight(0).id)
    shown = texts(here(window))
    assert CLAIMS[0][0] in shown
    assert f"And so we looked at it. {CLAIMS[0][1]} Yes." in shown
    assert "Words matched to the transcript" in shown
    assert [h.accessibleName() for h in headlines(window)] == [CLAIMS[1][0], CLAIMS[2][0]]
    assert "also said by 1 others" in shown


def test_the_way_from_today_to_a_relation_and_back_needs_only_keys(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    headlines(window)[0].setFocus()
    qtbot.keyClick(headlines(window)[0], Qt.Key.Key_Space)
    assert window.pages.insight.isVisible()
    relation = headlines(window)[0]
    relation.setFocus()
    qtbot.keyClick(relation, Qt.Key.Key_Space)
    assert CLAIMS[1][0] in texts(here(window))
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert CLAIMS[0][0] in texts(here(window))
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.pages.today.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert CLAIMS[0][0] in texts(here(window))


def test_every_card_can_be_reached_by_tab(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    window.places.buttons["Today"].setFocus()
    reached = set()
    for _ in range(60):
        focus = QApplication.focusWidget()
        reached.add(focus.accessibleName() if focus else "")
        qtbot.keyClick(focus or window, Qt.Key.Key_Tab)
    assert {claim for claim, _ in CLAIMS[:5]} <= reached


def test_past_days_are_one_word_away(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    qtbot.mouseClick(button(here(window), "Earlier"), Qt.MouseButton.LeftButton)
    assert "Sunday, 22 November" in texts(here(window))
    assert [h.accessibleName() for h in headlines(window)] == [CLAIMS[5][0]]
    qtbot.mouseClick(button(here(window), "Later"), Qt.MouseButton.LeftButton)
    assert "Monday, 23 November" in texts(here(window))
    assert TODAY > YESTERDAY


def test_save_is_kept_and_shown_in_its_place(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    qtbot.mouseClick(button(here(window), "Save"), Qt.MouseButton.LeftButton)
    assert library.saved_cards()[0].insight.id == insight(0).id
    window.go("Saved")
    assert [h.accessibleName() for h in headlines(window)] == [CLAIMS[0][0]]


def test_an_empty_library_says_what_to_do_and_asks_for_a_show(show: Show, qtbot: QtBot) -> None:
    window = show()
    assert any("It needs a show first." in text for text in texts(here(window)))
    qtbot.mouseClick(button(here(window), "Add a show"), Qt.MouseButton.LeftButton)
    dialog = window.findChild(AddShow)
    assert dialog is not None
    field = dialog.findChild(QLineEdit)
    assert field is not None
    qtbot.keyClicks(field, "example.org/feed")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert ("add_feed", "example.org/feed") in window._jobs.asked  # type: ignore[attr-defined]


def test_the_bar_says_what_is_worked_on_pauses_and_goes_on(show: Show, qtbot: QtBot) -> None:
    window = show()
    assert window.bar.text() == "Nothing to do just now."
    window._jobs.progressed.emit(Progress("Listening to", "Field Notes", 0.5, 2280, "36 of 58 min"))
    assert window.bar.text() == "Listening to Field Notes 36 of 58 min, about 38 min left"
    qtbot.mouseClick(button(window.bar, "Pause"), Qt.MouseButton.LeftButton)
    assert window.bar.text() == "Paused. What is done is kept."
    qtbot.mouseClick(button(window.bar, "Go on"), Qt.MouseButton.LeftButton)
    assert window._jobs.asked == [("pause",), ("process",)]  # type: ignore[attr-defined]


def test_a_fault_is_said_in_the_bar(show: Show) -> None:
    window = show()
    window._jobs.failed.emit("example.org cannot be reached. Is this computer online?")
    assert "cannot be reached" in window.bar.text()


def test_a_missing_recording_is_offered_for_download(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    qtbot.mouseClick(button(here(window), "▶ 00:05"), Qt.MouseButton.LeftButton)
    assert "not on this computer" in window.bar.text()
    qtbot.mouseClick(button(window.bar, "Download it"), Qt.MouseButton.LeftButton)
    assert window._jobs.asked[-1][0] == "fetch_audio"  # type: ignore[attr-defined]


def test_copy_puts_the_words_and_their_source_on_the_clipboard(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    window.go(insight(0).id)
    qtbot.mouseClick(button(here(window), "Copy"), Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert CLAIMS[0][1] in copied
    assert SHOWS[0] in copied


def test_library_and_activity_say_in_words_where_episodes_stand(library: Library, show: Show) -> None:
    fill(library)
    episode = library.episodes()[0]
    library.set_job(episode.id, step="download", state="failed", reason="The disk is full.")
    window = show()
    window.go("Library")
    assert "failed: The disk is full." in texts(here(window))
    window.go("Activity")
    assert "failed: The disk is full." in texts(here(window))


def test_whatever_feeds_say_is_shown_as_plain_text(library: Library, show: Show) -> None:
    fill(library, title=SEED_OF_TROUBLE + "{show}")
    window = show()
    for place in ("Today", "Library", insight(0).id, "Activity"):
        window.go(place)
        for label in window.findChildren(QLabel):
            assert label.textFormat() == Qt.TextFormat.PlainText
        assert not any(widget.toolTip() for widget in window.findChildren(QWidget))
        assert here(window).widget().minimumSizeHint().width() < 1000  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", ["Today", "Library", "Saved", "Activity", "id0"])
def test_every_control_has_a_name(place: str, library: Library, show: Show) -> None:
    fill(library)
    window = show()
    window.go(place)
    controls = [w for kind in (QPushButton, QLineEdit) for w in window.findChildren(kind)]
    assert controls
    assert all(control.accessibleName() for control in controls)


def test_a_small_window_gives_the_column_the_room(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    window.resize(640, 700)
    QApplication.processEvents()
    assert not window.places.isVisible()
    cuts = [cut for cut in here(window).findChildren(Cut) if cut.isVisible()]
    assert all(cut.width() <= 640 for cut in cuts)


def test_closing_stops_the_jobs(show: Show) -> None:
    window = show()
    window.close()
    assert window._jobs.asked == [("shutdown",)]  # type: ignore[attr-defined]


def test_a_quotation_stands_in_what_was_said_around_it() -> None:
    said = "alpha " * 60 + "the quoted words " + "omega " * 60
    text, start, length = in_context("the quoted words", said)
    assert text[start : start + length] == "the quoted words"
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert in_context("not there", said) == ("not there", 0, 9)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("place", ["Today", "Library", "Saved", "Activity", "id0"])
def test_every_place_is_painted_in_both_palettes(
    theme: str, place: str, library: Library, show: Show, pytestconfig: pytest.Config
) -> None:
    fill(library)
    window = show(theme=theme)
    window.go(place)
    QApplication.processEvents()
    picture = window.grab()
    image = picture.toImage()
    points = ((x, y) for x in range(0, image.width(), 9) for y in range(0, image.height(), 9))
    assert len({image.pixel(x, y) for x, y in points}) > 8
    folder = pytestconfig.getoption("--screenshots")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        picture.save(str(Path(folder) / f"{place.lower()}-{theme}.png"))
