"""Search and Ask, with the real indexes and the real models."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from filled_library import BEFORE, NOW, PUBLISHED_MS, FakeJobs, Show, fill, insight
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from test_ui_look import look_at
from test_ui_window import HEADLINES, TEXTS, claim_names, here, press, texts

from earmark.clock import DAY_MS, from_ms, to_ms
from earmark.errors import KnownError
from earmark.found import Answer, AnswerSentence, Narrow, Source
from earmark.library import Library, Reader
from earmark.library.search_queries import SearchDamagedError
from earmark.pipeline import Watch
from earmark.records import EpisodeId, InsightId
from earmark.ui.main_window import MainWindow
from earmark.ui.search_page import FindPage
from earmark.ui.search_room import build_anew, day_typed


def embed(library: Library, jobs: FakeJobs) -> None:
    """Give the insights true vectors."""
    ids = [insight(n).id for n in range(len(TEXTS))]
    vectors = jobs.tools.language.embed(TEXTS)
    model_id = jobs.tools.language.embedding_model_id
    library.store_vectors(dict(zip(ids, vectors, strict=True)), model_id)


def field(window: MainWindow) -> QLineEdit:
    """Where words are typed."""
    page = here(window)
    assert isinstance(page, FindPage)
    return page.field


def opened(show: Show, theme: str = "light") -> tuple[MainWindow, FindPage]:
    """The window at the place."""
    window = show(theme=theme)
    window.go("Search")
    page = here(window)
    assert isinstance(page, FindPage)
    return window, page


def test_words_are_found_while_they_are_typed(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window, _page = opened(show)
    assert field(window).hasFocus()
    qtbot.keyClicks(field(window), "heat pu")
    qtbot.waitUntil(lambda: HEADLINES[2] in claim_names(window))
    assert HEADLINES[1] not in claim_names(window)


def test_a_meaning_is_found_without_its_words(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    embed(library, jobs)
    window, _page = opened(show)
    qtbot.keyClicks(field(window), "remembering what you learned")
    qtbot.keyClick(field(window), Qt.Key.Key_Return)
    assert window.desk.history.here == "search/remembering what you learned"
    qtbot.waitUntil(lambda: HEADLINES[1] in claim_names(window)[:1], timeout=30_000)


def lines_in(page: FindPage, kind: str) -> list[str]:
    """The lines of this kind that stand under the field."""
    lines = (page._trouble, page._looking)
    return [line.text() for line in lines if line.isVisible() and line.property("kind") == kind]


def test_what_is_still_looked_for_is_not_written_as_a_fault(
    library: Library, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library)
    window, page = opened(show)
    looks: list[Callable[[KnownError], None]] = []
    monkeypatch.setattr(window.desk, "find", lambda _kind, _look, take: looks.append(take))
    window.go("search/heat")
    assert (lines_in(page, "muted"), lines_in(page, "fault")) == (["Looking for the words"], [])
    looks[-1](KnownError("The disk is full."))
    assert (lines_in(page, "muted"), lines_in(page, "fault")) == ([], ["The disk is full."])
    page._by.choose("meaning")
    assert (lines_in(page, "muted"), lines_in(page, "fault")) == (["Looking for what it means"], [])
    page.say("")
    assert (lines_in(page, "muted"), lines_in(page, "fault")) == ([], [])


def test_what_is_said_is_found_played_and_opened_at_its_place(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window, page = opened(show)
    window.go("search/brochure")
    qtbot.waitUntil(lambda: any("brochure" in name for name in claim_names(window)))
    heard, gone = [], []
    window.desk.heard.connect(lambda *place: heard.append(place))
    window.desk.went.connect(gone.append)
    press(qtbot, page, "▶")
    ((_episode_id, start_ms),) = heard
    assert start_ms >= 804_000
    qtbot.keyClick(field(window), Qt.Key.Key_Down)
    found = next(each for each in page.findChildren(QWidget) if each.hasFocus())
    qtbot.keyClick(found, Qt.Key.Key_Return)
    assert gone[-1].split("/")[0] == "transcript"
    assert int(gone[-1].split("/")[2]) >= 804_000


def test_a_search_is_narrowed_by_show_time_kind_and_saved(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    library.set_mark(insight(3).id, saved=True)
    window, page = opened(show)
    page._by.choose("words")
    window.go("search/the")
    qtbot.waitUntil(lambda: len(set(claim_names(window)) & set(HEADLINES)) > 2)
    press(qtbot, page, "Saved only")
    qtbot.waitUntil(lambda: claim_names(window) == [HEADLINES[3]])
    press(qtbot, page, "Saved only")
    qtbot.keyClicks(page._show, "Warm House")
    qtbot.keyClick(page._show, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: set(claim_names(window)) & set(HEADLINES) == {HEADLINES[5]})
    page._kind.choose("said")
    qtbot.waitUntil(lambda: not set(claim_names(window)) & set(HEADLINES))
    page._kind.choose("all")
    page._when.choose("week")
    recent = to_ms(NOW) - 7 * DAY_MS <= PUBLISHED_MS
    qtbot.waitUntil(lambda: bool(claim_names(window)) == recent)
    page._show.setText("No such show")
    page.narrowed.emit()
    qtbot.waitUntil(lambda: any("There is no show “No such show”" in text for text in texts(page)))


def test_a_search_is_narrowed_to_the_days_between_two_that_are_typed(
    library: Library, show: Show, qtbot: QtBot, pytestconfig: pytest.Config
) -> None:
    fill(library)
    window, page = opened(show)
    page._by.choose("words")
    window.go("search/the")
    qtbot.waitUntil(lambda: bool(claim_names(window)))
    assert not page._first.isVisible()
    page._when.choose("days")
    assert page._first.hasFocus()
    day = from_ms(PUBLISHED_MS).astimezone().date()
    before = (day - timedelta(days=1)).isoformat()

    def typed(first: str, last: str) -> None:
        for each, text in ((page._first, first), (page._last, last)):
            each.setText(text)
        qtbot.keyClick(page._last, Qt.Key.Key_Return)

    typed("", before)
    qtbot.waitUntil(lambda: not claim_names(window))
    typed(day.isoformat(), day.isoformat())
    qtbot.waitUntil(lambda: bool(claim_names(window)))
    look_at(window, "search-days", pytestconfig)
    typed("soon", "")
    qtbot.waitUntil(lambda: "“soon” is no day. Write it like 2026-01-31." in texts(page))
    typed(day.isoformat(), before)
    qtbot.waitUntil(lambda: "The first of these days is after the last." in texts(page))
    page._when.choose("any")
    qtbot.waitUntil(lambda: bool(claim_names(window)))
    assert not page._first.isVisible()


def test_days_are_understood_as_they_are_written_in_the_users_language() -> None:
    before = QLocale()
    try:
        QLocale.setDefault(QLocale(QLocale.Language.German))
        assert day_typed("31.01.26") == "2026-01-31"
        assert day_typed("2026-01-31") == "2026-01-31"
        assert day_typed("31.02.26") is None
    finally:
        QLocale.setDefault(before)


def test_nothing_found_says_what_to_try(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window, page = opened(show)
    page._by.choose("words")
    window.go("search/zyzzyva")
    qtbot.waitUntil(lambda: any("Nothing found for “zyzzyva”" in text for text in texts(page)))


def test_the_empty_field_offers_what_was_looked_for(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window, _page = opened(show)
    window.go("search/heat")
    window.go("Search")
    qtbot.waitUntil(lambda: "heat" in claim_names(window))
    assert field(window).text() == ""
    window.pages.back()
    assert field(window).text() == "heat"


def found_to_save(library: Library, show: Show, qtbot: QtBot) -> tuple[MainWindow, FindPage, QPushButton]:
    """The window with a result, and the word that saves it."""
    fill(library)
    window, page = opened(show)
    page._by.choose("words")
    window.go("search/heat pumps")
    qtbot.waitUntil(lambda: HEADLINES[2] in claim_names(window))
    return window, page, next(each for each in page.findChildren(QPushButton) if each.text() == "Save")


def test_what_is_done_with_a_result_is_shown_and_the_search_is_not_made_again(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    window, page, word = found_to_save(library, show, qtbot)
    qtbot.mouseClick(word, Qt.MouseButton.LeftButton)
    assert library.card(insight(2).id).saved
    QApplication.processEvents()
    assert "Saved" in texts(page)
    window.desk.hide(insight(2).id)
    assert HEADLINES[2] not in claim_names(window)


def test_a_library_without_words_says_so(show: Show, qtbot: QtBot) -> None:
    _window, page = opened(show)
    qtbot.waitUntil(lambda: any("nothing to search yet" in text for text in texts(page)))


def test_a_question_is_answered_with_its_sources(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    embed(library, jobs)
    window, page = opened(show)
    qtbot.keyClicks(field(window), "Does sleep help you remember what you study?")
    press(qtbot, page, "Ask")
    assert window.desk.history.here.startswith("ask/Does sleep help")
    qtbot.waitUntil(lambda: TEXTS[1] in texts(page), timeout=60_000)
    press(qtbot, page, "Open")
    assert window.desk.history.here == f"insight/{insight(1).id}"


def test_a_question_that_nothing_answers_says_so(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    embed(library, jobs)
    window, page = opened(show)
    window.go("ask/Which colour do dragons prefer?")
    qtbot.waitUntil(
        lambda: any(text.startswith("Not in your library.") for text in texts(page)), timeout=60_000
    )


def test_a_damaged_index_is_built_anew_at_a_press(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library)

    def damaged(*_: object, **__: object) -> None:
        raise SearchDamagedError

    monkeypatch.setattr("earmark.ui.search_room.search", damaged)
    window, _page = opened(show)
    window.go("search/heat")
    qtbot.waitUntil(lambda: "The search index is damaged" in window.notice.text())
    press(qtbot, window.notice, "Build it anew")
    assert jobs.asked == [("run", build_anew)]
    build_anew(jobs.tools, Watch())
    assert library.insights_with("heat", Narrow(), 5)


def test_asking_says_how_long_and_stops(
    library: Library, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library)

    asked: list[str] = []

    def never(_reader: Reader, _model: object, question: str) -> Answer:
        asked.append(question)
        raise KnownError("The language engine stopped.")

    monkeypatch.setattr("earmark.ui.search_room.ask", never)
    window, page = opened(show)
    window.go("ask/What is it?")
    qtbot.waitUntil(lambda: "The language engine stopped." in texts(page))
    page.show_asking(12)
    qtbot.waitUntil(lambda: {"12 seconds", "Stop"} <= set(texts(page)))
    stop = next(each for each in page.findChildren(QPushButton) if each.text() == "Stop")
    page.show_asking(13)
    assert stop.isVisible(), "a press that is under way when a second is counted is not lost"
    assert "13 seconds" in texts(page)
    press(qtbot, page, "Stop")
    qtbot.waitUntil(lambda: "Stopped. Press Ask to look again." in texts(page))
    press(qtbot, page, "Ask")
    qtbot.waitUntil(lambda: asked == ["What is it?"] * 2)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_search_and_ask_are_painted(
    theme: str,
    library: Library,
    jobs: FakeJobs,
    show: Show,
    qtbot: QtBot,
    pytestconfig: pytest.Config,
    tmp_path: Path,
) -> None:
    fill(library)
    window, page = opened(show, theme)
    window.go("search/heat pumps")
    window.go("Search")
    qtbot.waitUntil(lambda: "heat pumps" in claim_names(window))
    look_at(window, f"search-start-{theme}", pytestconfig)
    page._by.choose("words")
    window.go("search/the engineers found pipes")
    qtbot.waitUntil(lambda: HEADLINES[2] in claim_names(window))
    look_at(window, f"search-found-{theme}", pytestconfig)
    page.show_asking(12)
    look_at(window, f"ask-waiting-{theme}", pytestconfig)
    source = Source(
        EpisodeId(1),
        "What the engineers found",
        "Warm House",
        PUBLISHED_MS,
        804_000,
        812_000,
        BEFORE,
        "Ann Lee",
    )
    shown = Source(
        EpisodeId(2), "Switching off at ten", "Warm House", PUBLISHED_MS, 61_000, 70_000, TEXTS[5],
        insight_id=InsightId(insight(5).id),
    )  # fmt: skip
    sentences = (
        AnswerSentence("Two winters of measurements went against what everybody expected.", source),
        AnswerSentence("In a tight house, switching off at night saves 4 percent.", shown),
    )
    page.set_text("Does switching off at night save heat?")
    page.show_answer(Answer("Does it?", sentences, written=True))
    look_at(window, f"ask-answer-{theme}", pytestconfig)
    page.show_answer(Answer("Does it?", near=(source,)))
    look_at(window, f"ask-nothing-{theme}", pytestconfig)
