"""Topics and people: lists, pages, and what the user wants of them."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from filled_library import FakeJobs, Show, fill, insight
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible, QFont, QFontMetrics
from PySide6.QtWidgets import QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from test_ui_look import look_at
from test_ui_window import HEADLINES, TEXTS, button, here, plain, press, texts

from earmark.found import TopicId
from earmark.library import Library
from earmark.paths import Paths
from earmark.pipeline.gathering import disagreements
from earmark.records import Changes, Segment, Transcript, Verdict
from earmark.taste import load_taste
from earmark.ui.listed import PIECE, Row, Rows
from earmark.ui.main_window import MainWindow
from earmark.ui.parts import switch
from earmark.ui.pieces import RowsView
from earmark.ui.subject_page import SubjectPage
from earmark.ui.topics_page import TopicsPage


def gather(library: Library) -> None:
    """Two topics; two people, one of whom contradicts herself."""
    ids = [insight(n).id for n in range(6)]
    library.store_topics({}, [("heat pumps", ids[2:6]), ("learning", ids[:2])], "e", anew=False)
    one, other = sorted((ids[2], ids[5]))
    verdict = Verdict(one, other, "contradicts", "whether cold matters")
    library.store_verdicts([verdict], version="1", model_id="m")
    for number in (2, 5):
        card = library.card(ids[number])
        said = Segment(804_000, 831_000, card.insight.quote, "Ann Lee")
        segments = (Segment(796_000, 804_000, "So we looked.", "Ann Lee"), said)
        library.store_transcript(card.episode_id, Transcript("publisher", segments))


def rows(view: RowsView) -> list[str]:
    """What the rows are called."""
    return [view.rows.row(n).title for n in range(view.rows.rowCount())]


def listed(show: Show, qtbot: QtBot) -> tuple[object, TopicsPage]:
    """The window at the lists, filled."""
    window = show()
    window.go("Topics")
    page = here(window)
    assert isinstance(page, TopicsPage)
    qtbot.waitUntil(lambda: bool(rows(page.view)))
    return window, page


def test_topics_are_listed_by_size_and_narrowed_by_words(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    gather(library)
    _window, page = listed(show, qtbot)
    assert rows(page.view) == ["heat pumps", "learning"]
    assert page.view.rows.row(0).side == "4 insights, 4 episodes"
    qtbot.keyClicks(page.field, "learn")
    assert rows(page.view) == ["learning"]
    page.field.clear()
    press(qtbot, page, "People")
    assert [plain(title) for title in rows(page.view)] == ["Ann Lee"]


def test_a_topic_is_opened_and_its_insights_by_keys_alone(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    gather(library)
    window = show()
    window.go("Topics")
    page = here(window)
    assert isinstance(page, TopicsPage)
    qtbot.waitUntil(lambda: bool(rows(page.view)))
    assert page.view.hasFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert window.desk.history.here.startswith("topic/")
    subject = here(window)
    assert isinstance(subject, SubjectPage)
    qtbot.waitUntil(lambda: set(rows(subject.view)) == set(HEADLINES[:2]))
    assert subject.view.hasFocus()
    qtbot.keyClick(subject.view, Qt.Key.Key_S)
    qtbot.keyClick(subject.view, Qt.Key.Key_Down)
    first = subject.view.rows.keys[0]
    assert library.card(first).saved or library.card(subject.view.rows.keys[1]).saved
    qtbot.keyClick(subject.view, Qt.Key.Key_Return)
    assert window.desk.history.here.startswith("insight/")
    window.pages.back()
    assert here(window) is subject


def test_disagreements_and_changed_views_are_listed_in_pairs(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    gather(library)
    assert disagreements(library, [insight(2).id, insight(5).id])[0].same_speaker == "Ann Lee"
    window = show()
    window.go("topic/1")
    page = here(window)
    assert isinstance(page, SubjectPage)
    qtbot.waitUntil(lambda: len(rows(page.view)) == 4)
    press(qtbot, page, "1 disagreement")
    assert sorted(rows(page.view)) == sorted([HEADLINES[2], HEADLINES[5]])
    spoken = plain(" ".join(page.view.rows.row(n).sentence for n in range(2)))
    assert "Ann Lee changed a view" in spoken
    assert "whether cold matters" in spoken


def test_somebody_has_insights_and_episodes(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    gather(library)
    window = show()
    window.go("person/ann lee")
    page = here(window)
    assert isinstance(page, SubjectPage)
    qtbot.waitUntil(lambda: set(rows(page.view)) == {HEADLINES[2], HEADLINES[5]})
    press(qtbot, page, "2 episodes")
    assert page.view.rows.keys[0].startswith("episode/")
    assert not any(text == "Mute this topic" for text in texts(page))
    window.go("person/nobody")
    qtbot.waitUntil(lambda: "Nobody called “nobody”" in window.notice.text())


def muted_topic(library: Library, show: Show, qtbot: QtBot) -> tuple[MainWindow, QWidget]:
    """The window at a topic that was just muted."""
    fill(library)
    gather(library)
    window = show()
    window.go("topic/1")
    page = here(window)
    qtbot.waitUntil(lambda: "Mute this topic" in texts(page))
    press(qtbot, page, "Mute this topic")
    return window, page


def test_a_topic_is_muted_and_liked_in_one_press_each_and_muting_is_undone(
    library: Library, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    window, page = muted_topic(library, show, qtbot)
    paths = Paths(tmp_path / "profile")
    assert load_taste(paths).muted_topics == ("heat pumps",)
    qtbot.waitUntil(lambda: "Show it again" in texts(page))
    press(qtbot, window.notice, "Undo")
    assert load_taste(paths).muted_topics == ()
    qtbot.waitUntil(lambda: "Mute this topic" in texts(page))
    press(qtbot, page, "More of this")
    assert load_taste(paths).interests == ("heat pumps",)
    qtbot.waitUntil(lambda: "No longer more of this" in texts(page))
    button(page, "No longer more of this").click()
    assert load_taste(paths).interests == ()


def test_what_was_muted_is_undone_from_wherever_the_user_went(
    library: Library, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    window, page = muted_topic(library, show, qtbot)
    window.go("topic/2")
    qtbot.waitUntil(lambda: "learning" in texts(page))
    press(qtbot, window.notice, "Undo")
    assert load_taste(Paths(tmp_path / "profile")).muted_topics == ()
    assert window.notice.text() == "Taken back."


@pytest.mark.parametrize("gone", ["topic/99", "person/nobody"])
def test_a_topic_or_somebody_who_is_gone_is_told_once_and_makes_way_for_the_list(
    gone: str, library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    gather(library)
    window = show()
    told: list[str] = []
    window.desk.told.connect(lambda sentence, _briefly: told.append(sentence))
    window.go("Saved")
    window.go(gone)
    qtbot.waitUntil(lambda: bool(told))
    jobs.changed.emit(Changes())
    assert window.desk.history.here == "Topics"
    qtbot.waitUntil(lambda: bool(rows(window.pages.currentWidget().view)))
    assert len(told) == 1
    window.pages.back()
    assert window.desk.history.here == "Saved"
    window.go(gone)
    qtbot.waitUntil(lambda: len(told) == 2)


def test_a_library_without_topics_says_when_they_come(show: Show, qtbot: QtBot) -> None:
    window = show()
    window.go("Topics")
    page = here(window)
    qtbot.waitUntil(lambda: any("There are no topics yet" in text for text in texts(page)))
    press(qtbot, page, "People")
    assert any("Nobody is named yet" in text for text in texts(page))


def test_a_long_list_asks_for_what_is_looked_at_alone(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    asked: list[int] = []
    view = RowsView("Long", 2)
    qtbot.addWidget(view)

    def fetch(keys: Sequence[int]) -> dict[int, Row]:
        asked.extend(keys)
        return {key: Row(f"Row {key}", "below") for key in keys}

    view.set_keys(range(100_000), fetch)
    view.resize(800, 600)
    with qtbot.waitExposed(view):
        view.show()
    view.repaint()
    assert 0 < len(asked) <= 4 * PIECE
    view.setCurrentIndex(view.rows.index(77_777))
    view.set_keys(range(100_000), fetch)
    assert view.current() == 77_777
    spoken = view.rows.data(view.rows.index(77_777), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Row 77777, below"
    assert view.rows.data(QModelIndex()) is None
    small = Rows()
    small.set_keys(range(3), lambda keys: {key: Row(str(key)) for key in keys})
    qtmodeltester.check(small)
    found = QAccessible.queryAccessibleInterface(view)
    assert found is not None
    assert found.text(QAccessible.Text.Name) == "Long"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_topics_and_people_are_painted(
    theme: str, library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot, pytestconfig: pytest.Config
) -> None:
    fill(library)
    gather(library)
    window = show(theme=theme)
    window.go("Topics")
    page = here(window)
    assert isinstance(page, TopicsPage)
    qtbot.waitUntil(lambda: bool(rows(page.view)))
    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    look_at(window, f"topics-{theme}", pytestconfig)
    window.go(f"topic/{TopicId(1)}")
    subject = here(window)
    assert isinstance(subject, SubjectPage)
    qtbot.waitUntil(lambda: len(rows(subject.view)) == 4)
    qtbot.keyClick(subject.view, Qt.Key.Key_Down)
    look_at(window, f"topic-{theme}", pytestconfig)
    press(qtbot, subject, "1 disagreement")
    look_at(window, f"topic-against-{theme}", pytestconfig)
    assert TEXTS


def test_the_lists_say_that_they_are_being_looked_for(qtbot: QtBot) -> None:
    page = TopicsPage()
    qtbot.addWidget(page)
    assert page.detail.text() == "Looking through your library"


def test_a_word_that_is_chosen_has_room_for_its_bolder_letters(qtbot: QtBot) -> None:
    word = switch("12 disagreements", lambda: None, px=14)
    qtbot.addWidget(word)
    usual = word.sizeHint().width()
    bold = word.font()
    bold.setWeight(QFont.Weight.DemiBold)
    assert usual >= QFontMetrics(bold).horizontalAdvance(word.text()) + 4
