"""The keyboard stays with what it is on, where what was found is set anew under it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from filled_library import Show, fill, insight
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot
from test_ui_search import field, opened
from test_ui_window import HEADLINES, claim_names, texts

from earmark.found import FoundEpisode, SearchPage
from earmark.library import Library
from earmark.pipeline import search
from earmark.records import EpisodeId
from earmark.ui.main_window import MainWindow
from earmark.ui.search_page import FindPage

Searched = tuple[MainWindow, FindPage, SearchPage]


@pytest.fixture
def searched(library: Library, show: Show, qtbot: QtBot) -> Searched:
    """A window with several insights that were found, and what they were made of."""
    fill(library)
    window, page = opened(show)
    page._by.choose("words")
    window.go("search/the")
    page._kind.choose("insights")
    qtbot.waitUntil(lambda: len(claim_names(window)) > 2 and set(claim_names(window)) <= set(HEADLINES))
    settle()
    found = search(window.desk.reader, None, "the", by="words")
    found = replace(found, moments=tuple(each for each in found.moments if each.card is not None))
    return window, page, found


def settle() -> None:
    """Until what goes is gone and what came stands in its place."""
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def strike(window: MainWindow, key: Qt.Key) -> None:
    """Press a key wherever the keyboard is."""
    QTest.keyClick(window.windowHandle(), key)
    settle()


def focused_name() -> str:
    """What the thing that has the keyboard is called."""
    focused = QApplication.focusWidget()
    return focused.accessibleName() if focused is not None else ""


def to_claim(window: MainWindow, number: int) -> str:
    """Bring the keyboard to a claim, 0 first; what it says."""
    field(window).setFocus()
    for _ in range(number + 1):
        strike(window, Qt.Key.Key_Down)
    assert focused_name() == claim_names(window)[number]
    return focused_name()


def test_it_stays_on_a_result_when_later_ones_come_before_it(searched: Searched) -> None:
    window, page, found = searched
    first = to_claim(window, 0)
    page.show_found(replace(found, moments=found.moments[::-1]))
    assert focused_name() == first == claim_names(window)[-1]
    strike(window, Qt.Key.Key_Up)
    assert focused_name() == claim_names(window)[-2]


def test_it_goes_to_the_field_where_another_result_took_the_place_by_itself(searched: Searched) -> None:
    window, page, found = searched
    to_claim(window, 0)
    page.show_found(replace(found, moments=found.moments[1:]))
    assert field(window).hasFocus(), "the next key was not meant for what stands there now"


def test_of_two_results_with_one_headline_it_stays_on_its_own(searched: Searched, qtbot: QtBot) -> None:
    window, page, found = searched
    cards = [each.card for each in found.moments if each.card is not None]
    alike = [replace(card, insight=replace(card.insight, headline="The same")) for card in cards]
    same = tuple(replace(each, card=card) for each, card in zip(found.moments, alike, strict=True))
    page.show_found(replace(found, moments=same))
    to_claim(window, 1)
    page.show_found(replace(found, moments=same[::-1]))
    with qtbot.waitSignal(page.acted) as acted:
        strike(window, Qt.Key.Key_Return)
    assert acted.args == ["open", cards[1].insight.id]


def test_results_that_are_hidden_one_after_the_other_by_key_leave_what_was_looked_for(
    searched: Searched, library: Library
) -> None:
    window, _page, _found = searched
    hidden = [to_claim(window, 1), claim_names(window)[2]]
    strike(window, Qt.Key.Key_H)
    assert focused_name() == hidden[1], "on with the next one"
    strike(window, Qt.Key.Key_H)
    assert not set(hidden) & set(claim_names(window))
    assert field(window).text() == "the"
    assert {card.insight.headline for card in library.cards() if card.hidden} == set(hidden)


def test_the_last_result_that_is_hidden_gives_it_to_the_one_before(searched: Searched) -> None:
    window, _page, found = searched
    to_claim(window, len(found.moments) - 1)
    strike(window, Qt.Key.Key_H)
    assert focused_name() == claim_names(window)[-1]


def test_a_word_that_was_pressed_keeps_it_though_it_says_something_else_now(searched: Searched) -> None:
    window, page, _found = searched
    next(each for each in page.findChildren(QPushButton) if each.text() == "Save").setFocus()
    strike(window, Qt.Key.Key_Space)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Saved"


def test_it_is_still_there_when_the_user_comes_back_from_another_window(
    searched: Searched, qtbot: QtBot
) -> None:
    window, page, found = searched
    second, other = to_claim(window, 1), QLineEdit()
    qtbot.addWidget(other)
    with qtbot.waitActive(other):
        other.show()
        other.activateWindow()
    page.show_found(replace(found, moments=found.moments[::-1]))
    settle()
    other.close()
    with qtbot.waitActive(window):
        window.activateWindow()
    assert focused_name() == second


@pytest.mark.parametrize("order", [lambda rows: rows[::-1], lambda rows: rows[9:]], ids=["turned", "fewer"])
def test_it_stays_in_sight(
    order: Callable[[tuple[FoundEpisode, ...]], tuple[FoundEpisode, ...]],
    searched: Searched,
    qtbot: QtBot,
) -> None:
    window, page, found = searched
    titles = tuple(
        FoundEpisode(EpisodeId(number), f"Title {number}", "A show", None, "some notes", ())
        for number in range(18)
    )
    page._kind.choose("episodes")
    qtbot.waitUntil(lambda: not set(claim_names(window)) & set(HEADLINES))
    page.show_found(replace(found, moments=(), episodes=titles))
    settle()
    stood = to_claim(window, 14)
    page.show_found(replace(found, moments=(), episodes=order(titles)))
    settle()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused_name() == stood
    assert not focused.visibleRegion().isEmpty()


def test_a_menu_stays_open_while_results_come(searched: Searched, library: Library) -> None:
    window, page, found = searched
    claim = to_claim(window, 0)
    more = next(each for each in page.findChildren(QPushButton) if each.accessibleName() == f"More: {claim}")
    more.setFocus()
    strike(window, Qt.Key.Key_Space)
    page.show_found(replace(found, moments=found.moments[::-1]))
    settle()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(each for each in menu.actions() if each.text() == "Hide").trigger()
    settle()
    assert QApplication.activePopupWidget() is None, "also where a screen reader chose, without a press"
    assert [card.insight.headline for card in library.cards() if card.hidden] == [claim]
    assert claim not in claim_names(window)


@pytest.mark.parametrize("deed", ["nothing", "it is saved", "another is hidden"])
def test_who_comes_back_from_a_result_is_on_it_again(deed: str, searched: Searched, library: Library) -> None:
    window, _page, _found = searched
    other, stood = claim_names(window)[0], to_claim(window, 1)
    strike(window, Qt.Key.Key_Return)
    assert window.desk.history.here.startswith("insight/")
    if deed == "it is saved":
        window.desk.save(insight(HEADLINES.index(stood)).id, True)
    if deed == "another is hidden":
        window.desk.hide(insight(HEADLINES.index(other)).id)
    settle()
    window.pages.back()
    settle()
    assert focused_name() == stood
    assert "Saved" in texts(window) or deed != "it is saved"
    assert (other in claim_names(window)) is (deed != "another is hidden")


def test_who_comes_back_to_a_field_is_in_it_again_however_many_results_there_are_by_then(
    searched: Searched,
) -> None:
    window, page, found = searched
    page._show.setFocus()
    window.go("Today")
    page.show_found(replace(found, moments=found.moments[:1]))
    settle()
    window.pages.back()
    assert page._show.hasFocus()


def test_who_comes_back_to_an_earlier_search_is_on_its_row_once_it_is_found_again(
    searched: Searched, qtbot: QtBot
) -> None:
    window, page, _found = searched
    stood = to_claim(window, 1)
    window.go("search/heat")
    qtbot.waitUntil(lambda: stood not in claim_names(window) and bool(claim_names(window)))
    window.pages.back()
    assert page.text() == "the"
    assert field(window).hasFocus(), "until then no key is for a row of another search"
    qtbot.waitUntil(lambda: focused_name() == stood)


def test_a_key_that_is_held_hides_one_insight_and_not_all(searched: Searched, library: Library) -> None:
    window, _page, found = searched
    to_claim(window, 0)
    strike(window, Qt.Key.Key_H)
    for _ in range(3):
        held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_H, Qt.KeyboardModifier.NoModifier, "h", True, 1)
        QApplication.sendEvent(window.windowHandle(), held)
        settle()
    assert len([card for card in library.cards() if card.hidden]) == 1
    assert len(claim_names(window)) == len(found.moments) - 1


def test_when_all_that_was_found_is_hidden_it_says_so_and_no_key_is_typed(searched: Searched) -> None:
    window, page, found = searched
    to_claim(window, 0)
    for _ in range(len(found.moments) + 2):
        strike(window, Qt.Key.Key_H)
    assert "You hid all that was found." in texts(page)
    assert field(window).text() == "the"


def test_what_is_still_looked_for_is_said_also_after_a_deed(searched: Searched) -> None:
    window, page, _found = searched
    page.tell("Looking for what it means, too")
    to_claim(window, 0)
    strike(window, Qt.Key.Key_H)
    assert "Looking for what it means, too" in texts(page)


def test_on_a_page_of_the_day_it_stays_with_its_card_when_another_one_gains_a_word(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    third = next(each for each in window.findChildren(QPushButton) if each.accessibleName() == HEADLINES[2])
    third.setFocus()
    other = QLineEdit()
    qtbot.addWidget(other)
    with qtbot.waitActive(other):
        other.show()
        other.activateWindow()
    window.desk.hide(insight(0).id)
    window.desk.like(insight(1).id, 1)
    settle()
    other.close()
    with qtbot.waitActive(window):
        window.activateWindow()
    assert focused_name() == HEADLINES[2]
