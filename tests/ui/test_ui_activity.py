"""Activity: the queue in the user's order, what failed and why, what is done; and pictures of it."""

from typing import Any

import pytest
from filled_library import NOW, FakeJobs, Show, add_episode, fill
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QFontMetrics
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_ui_look import look_at
from test_ui_window import plain, press, texts

from earmark.clock import to_ms
from earmark.errors import KnownError
from earmark.library import Library
from earmark.pipeline.forecast import plan_at_a_glance
from earmark.pipeline.plan import Plan
from earmark.records import Changes, EpisodeId, Extraction, ExtractionCounts, Progress
from earmark.ui import activity_room
from earmark.ui.activity_page import ActivityPage
from earmark.ui.lines import LAID_OUT_AT_ONCE, LineList
from earmark.ui.listed import Row
from earmark.ui.main_window import MainWindow
from earmark.ui.theme import font


def page_of(window: MainWindow) -> ActivityPage:
    """Activity, shown."""
    window.go("Activity")
    QApplication.processEvents()
    page = window.pages.currentWidget()
    assert isinstance(page, ActivityPage)
    return page


def titles(page: ActivityPage) -> list[str]:
    """What the rows say first, headings too."""
    rows = page.rows.rows
    return [plain(rows.row(number).title) for number in range(rows.rowCount())]


def sentences(page: ActivityPage) -> list[str]:
    """What a screen reader hears of the rows."""
    rows = page.rows.rows
    role = Qt.ItemDataRole.AccessibleTextRole
    return [plain(rows.index(number).data(role)) for number in range(rows.rowCount())]


def queued(library: Library, count: int = 4) -> list[EpisodeId]:
    """So many episodes that wait, as they stand in the plan without any wish of the user."""
    ids = [add_episode(library, number) for number in range(count)]
    for id_ in ids:
        library.set_job(id_, step="words", state="waiting")
    return ids


def choose(page: ActivityPage, title: str) -> None:
    """Choose the row of an episode."""
    page.rows.look_at(titles(page).index(title))


EPISODES = ("The ceiling you cannot see", "Memory keeps office hours", "What the engineers found")


def test_the_queue_stands_in_its_order_with_what_each_waits_for(library: Library, show: Show) -> None:
    queued(library, 3)
    page = page_of(show())
    assert titles(page) == ["In this order", *EPISODES]
    assert sentences(page)[1].startswith("1, The ceiling you cannot see, Second Draft, waiting")
    QAbstractItemModelTester(page.rows.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_keys_put_an_episode_elsewhere_and_the_order_is_kept(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    first, second, third = queued(library, 3)
    page = page_of(show())
    choose(page, EPISODES[2])
    qtbot.keyClick(page.rows, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert titles(page)[1:] == [EPISODES[0], EPISODES[2], EPISODES[1]]
    assert page.rows.row().key == ("waiting", third), "it is still the one that is chosen"
    qtbot.keyClick(page.rows, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert titles(page)[1:] == [EPISODES[2], EPISODES[0], EPISODES[1]]
    qtbot.keyClick(page.rows, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert titles(page)[1] == EPISODES[2], "before the first there is nothing"
    qtbot.keyClick(page.rows, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert titles(page)[1:] == [EPISODES[0], EPISODES[2], EPISODES[1]]
    assert sorted(library.queue_places(), key=library.queue_places().get) == [first, third, second]


def test_whoever_comes_by_keyboard_stands_on_the_first_episode_and_not_on_the_heading(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    first, second, _third = queued(library, 3)
    page = page_of(show())
    assert page.rows.hasFocus()
    assert titles(page)[page.rows.number] == EPISODES[0]
    assert page.rows.selectionModel().hasSelection(), "and it is seen to be chosen"
    qtbot.keyClick(page.rows, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert library.queue_places() == {second: 0, first: 1}


def test_a_row_is_dragged_to_another_place(library: Library, show: Show) -> None:
    queued(library, 3)
    page = page_of(show())
    choose(page, EPISODES[0])
    rows = page.rows
    below = QPointF(QPoint(rows.width() // 2, rows.visualRect(rows.rows.index(3)).bottom() - 2))
    drop = QDropEvent(
        below,
        Qt.DropAction.MoveAction,
        QMimeData(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    rows.dropEvent(drop)
    assert titles(page)[1:] == [EPISODES[1], EPISODES[2], EPISODES[0]]


def test_what_is_taken_out_comes_back_at_its_place(library: Library, show: Show, qtbot: QtBot) -> None:
    queued(library, 3)
    window = show()
    page = page_of(window)
    choose(page, EPISODES[1])
    qtbot.keyClick(page.rows, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page.rows, Qt.Key.Key_Delete)
    assert titles(page)[1:] == [EPISODES[0], EPISODES[2]]
    assert EPISODES[1] in plain(window.notice.text())
    press(qtbot, window.notice, "Undo")
    assert titles(page)[1:] == [EPISODES[1], EPISODES[0], EPISODES[2]]


def test_what_is_worked_on_cannot_be_taken_out_or_moved(library: Library, show: Show, qtbot: QtBot) -> None:
    first, *_ = queued(library, 2)
    library.set_job(first, step="transcribe", state="running")
    page = page_of(show())
    choose(page, EPISODES[0])
    assert "Take out" not in texts(page), "what cannot be done is not offered"
    qtbot.keyClick(page.rows, Qt.Key.Key_Delete)
    qtbot.keyClick(page.rows, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert titles(page)[1:] == [EPISODES[0], EPISODES[1]]
    choose(page, EPISODES[1])
    assert "Take out" in texts(page)
    qtbot.keyClick(page.rows, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert titles(page)[1:] == [EPISODES[0], EPISODES[1]], "nothing comes before what is worked on"


def test_what_failed_says_why_and_is_tried_again(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    first, second, third = queued(library, 3)
    for id_ in (first, second):
        library.set_job(id_, step="download", state="failed", attempts=5, reason="The disk is full.")
    page = page_of(show())
    assert titles(page) == ["In this order", EPISODES[2], "Did not work", EPISODES[0], EPISODES[1]]
    assert "The disk is full." in sentences(page)[3]
    choose(page, EPISODES[0])
    press(qtbot, page, "Try again")
    job = library.job(first)
    assert job is not None
    assert (job.state, job.step, job.attempts) == ("waiting", "download", 0)
    assert ("process",) in jobs.asked
    library.set_job(first, step="download", state="failed", reason="Again.")
    page_of(show())
    library.set_job(third, step="words", state="failed", reason="No words.")
    page = page_of(show())
    press(qtbot, page, "Try all again")
    assert {job.state for job in library.jobs()} == {"waiting"}


def test_progress_shows_in_its_row_and_what_goes_on_beside_stands_above(
    library: Library, jobs: FakeJobs, show: Show
) -> None:
    first, _second = queued(library, 2)
    library.set_job(first, step="transcribe", state="running")
    page = page_of(show())
    jobs.progressed.emit(Progress("Listening to", EPISODES[0], 0.6, 2280, "36 of 58 min", order=(first,)))
    assert "listening, 36 of 58 min, about 38 min left" in sentences(page)[1]
    jobs.progressed.emit(Progress("Looking for news", "Small Numbers", 0.25))
    jobs.progressed.emit(Progress("Downloading", "whisper-base", 0.5, 60, "30 of 60 MB"))
    assert titles(page)[:3] == ["Beside the work", "Looking for new episodes", "Downloading"]
    assert sentences(page)[1] == "Looking for new episodes, Small Numbers, 25%"
    jobs.progressed.emit(None)
    assert titles(page)[0] == "In this order"


def test_the_order_of_the_plan_is_the_order_of_the_rows(library: Library, jobs: FakeJobs, show: Show) -> None:
    first, second, third = queued(library, 3)
    page = page_of(show())
    jobs.progressed.emit(Progress("Listening to", "x", 0.1, order=(third, first, second)))
    window = page.window()
    assert isinstance(window, MainWindow)
    window.pages.show_here()
    assert titles(page)[1:] == [EPISODES[2], EPISODES[0], EPISODES[1]]


def test_a_plan_that_could_not_be_made_once_is_asked_for_again(
    library: Library, jobs: FakeJobs, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(library)

    def refuse(*_: object) -> Plan:
        raise KnownError("The disk was not there.")

    with monkeypatch.context() as once:
        once.setattr(activity_room, "plan_at_a_glance", refuse)
        window = show()
        page_of(window)
        assert window.notice.text() == "The disk was not there."
    asked: list[object] = []
    monkeypatch.setattr(
        activity_room, "plan_at_a_glance", lambda *what: asked.append(what) or plan_at_a_glance(*what)
    )
    jobs.changed.emit(Changes())
    assert len(asked) == 1


def test_a_plan_that_keeps_failing_is_told_once_until_it_works_again_or_fails_otherwise(
    library: Library, jobs: FakeJobs, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(library)
    faults: list[str] = []

    def make(*what: Any) -> Plan:
        if faults:
            raise KnownError(faults[0])
        return plan_at_a_glance(*what)

    monkeypatch.setattr(activity_room, "plan_at_a_glance", make)
    window, told = show(), []
    monkeypatch.setattr(window.notice, "say", lambda sentence, **_: told.append(sentence))
    page_of(window)
    for at_this_look in ("The disk is away.", "The disk is away.", "It is full.", "", "It is full."):
        faults[:] = filter(None, [at_this_look])
        jobs.changed.emit(Changes())
    assert told == ["The disk is away.", "It is full.", "It is full."]


def test_what_was_read_today_is_listed_and_opens(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    episode = library.episodes()[0]
    library.store_extraction(
        episode.id, Extraction((), (), ExtractionCounts(kept=0)), {}, "e", now_ms=to_ms(NOW)
    )
    window = show()
    page = page_of(window)
    assert titles(page) == ["Read today", episode.title]
    assert "All done. New episodes are worked through as they come." in texts(page)
    page.rows.look_at(1)
    qtbot.keyClick(page.rows, Qt.Key.Key_Return)
    assert window.desk.history.here == f"episode/{episode.id}"


def test_the_work_is_paused_from_here_and_goes_on(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    queued(library, 1)
    page = page_of(show())
    press(qtbot, page, "Pause the work")
    assert jobs.asked[-1] == ("pause",)
    press(qtbot, page, "Go on")
    assert jobs.asked[-1] == ("process",)
    press(qtbot, page, "Look for new episodes")
    assert jobs.asked[-1] == ("refresh",)


def test_trying_again_does_not_end_a_pause(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    (first,) = queued(library, 1)
    library.set_job(first, step="download", state="failed", reason="The disk is full.")
    page = page_of(show())
    press(qtbot, page, "Pause the work")
    choose(page, EPISODES[0])
    press(qtbot, page, "Try again")
    assert jobs.asked == [("pause",)]
    assert [job.state for job in library.jobs()] == ["waiting"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_activity_is_painted_with_all_its_states(
    theme: str, library: Library, jobs: FakeJobs, show: Show, pytestconfig: pytest.Config
) -> None:
    fill(library)
    ids = [episode.id for episode in library.episodes()]
    library.set_job(ids[0], step="transcribe", state="running")
    for id_ in ids[1:4]:
        library.set_job(id_, step="words", state="waiting")
    library.set_job(ids[4], step="download", state="failed", reason="The disk is full. Make some room.")
    done = Extraction((), (), ExtractionCounts(kept=0))
    library.store_extraction(ids[5], done, {}, "e", now_ms=to_ms(NOW))
    window = show(theme=theme)
    page = page_of(window)
    ready = {"left_s": 8000.0, "detail": "36 of 58 min", "ready_ms": 1_795_500_000_000}
    jobs.progressed.emit(Progress("Listening to", EPISODES[0], 0.62, order=tuple(ids[:4]), **ready))
    jobs.progressed.emit(Progress("Looking for news", "Small Numbers", 0.25))
    page.rows.look_at(5)
    look_at(window, f"activity-{theme}", pytestconfig)


def test_a_very_long_list_is_shown_before_all_of_it_is_laid_out(qtbot: QtBot) -> None:
    rows = LineList("Long")
    qtbot.addWidget(rows)
    rows.set_source(10 * LAID_OUT_AT_ONCE, lambda number: Row(str(number), key=number))
    with qtbot.waitExposed(rows):
        rows.resize(600, 600)
        rows.show()
    assert rows.layoutMode() == LineList.LayoutMode.Batched
    assert rows.batchSize() < rows.rows.rowCount()
    last = rows.rows.index(10 * LAID_OUT_AT_ONCE - 1)
    rows.setCurrentIndex(last)
    rows.scrollTo(last)
    qtbot.waitUntil(lambda: 0 < rows.visualRect(last).bottom() <= rows.viewport().height())


def test_how_long_it_still_takes_is_written_in_full_where_there_is_room(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    room: dict[str, int] = {}
    monkeypatch.setattr(
        "earmark.ui.lines.write", lambda _painter, place, text, *_: room.update({text: place.width()})
    )
    far = "62%, 36 of 58 min, about 2 hours left, ready by about 06:00"
    rows = LineList("Work")
    qtbot.addWidget(rows)
    rows.set_rows([Row("Listening to", "Field Notes 88", far), Row("A long title " * 20, "", far)])
    rows.resize(700, 300)
    with qtbot.waitExposed(rows):
        rows.show()
    rows.grab()
    assert 200 < room[far] < 700 // 2, "beside a long title it takes no more than its share"
    rows.set_rows([Row("Listening to", "Field Notes 88", far)])
    rows.grab()
    assert room[far] >= QFontMetrics(font(13)).horizontalAdvance(far)
