"""Today's cards, the days and the weeks before, and what goes out of a day."""

from pathlib import Path

import pytest
from filled_library import NOW, TODAY, WHY, YESTERDAY, FakeJobs, Show, add_episode, fill, insight
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from test_ui_look import look_at
from test_ui_window import HEADLINES, TEXTS, button, claim_names, claims, here, plain, press, texts

from earmark.clock import DAY_MS
from earmark.library import Library
from earmark.paths import Paths
from earmark.pipeline import review_of
from earmark.pipeline.out import Wish, chosen
from earmark.records import Act, Brief, BriefItem
from earmark.settings import change_settings
from earmark.ui.calendar_page import CalendarPage, DayButton
from earmark.ui.deeds import deeds_menu
from earmark.ui.export_dialog import ExportDialog
from earmark.ui.main_window import MainWindow
from earmark.ui.parts import Cut
from earmark.ui.printing import as_print, put_on_paper
from earmark.ui.today_page import TodayPage
from earmark.ui.weeks import month_weeks


def act_of(library: Library, number: int) -> Act:
    """What the user did with an insight."""
    return next(
        (act for act in library.acts() if act.insight_id == insight(number).id), Act(insight(number).id)
    )


class Opened(QObject):
    """Sees every window that is opened, however briefly."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Passes everything on."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(type(watched).__name__)
        return False


def choose(window: MainWindow, number: int, text: str) -> None:
    """Choose from the menu of an insight."""
    menu = deeds_menu(window.desk.reader.card(insight(number).id), window.desk.act, window)
    next(action for action in menu.actions() if action.text() == text).trigger()


def test_the_quotation_is_shown_on_demand_and_stays_when_the_library_changes(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    before = texts(here(window)).count(TEXTS[0])
    press(qtbot, here(window), "Quote")
    assert texts(here(window)).count(TEXTS[0]) == before + 1
    press(qtbot, here(window), "Save")
    assert texts(here(window)).count(TEXTS[0]) == before + 1
    press(qtbot, here(window), "Quote")
    assert texts(here(window)).count(TEXTS[0]) == before


def test_the_word_that_plays_stands_beside_the_name_of_the_episode(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    QApplication.processEvents()
    page = here(window)
    episode = next(each for each in page.findChildren(Cut) if "The ceiling you cannot see" in each.text())
    play = next(each for each in page.findChildren(QPushButton) if each.text().startswith("▶"))
    words_end = episode.mapTo(page, episode.rect().topRight()).x()
    assert 0 <= play.mapTo(page, play.rect().topLeft()).x() - words_end < 24


def test_what_a_card_unfolds_is_made_once_and_only_on_demand(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    assert not here(window).findChildren(QWidget, "quote")
    for _ in range(3):
        press(qtbot, here(window), "Quote")
    assert len(here(window).findChildren(QWidget, "quote")) == 1


def test_a_page_set_anew_opens_no_window_of_its_own_and_leaves_the_keyboard(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    press(qtbot, here(window), "Quote")
    press(qtbot, here(window), "Why this")
    button(here(window), "Quote").setFocus()
    opened = Opened()
    QApplication.instance().installEventFilter(opened)
    try:
        window.desk.like(insight(0).id, 1)
        QApplication.processEvents()
    finally:
        QApplication.instance().removeEventFilter(opened)
    assert "You want more like this." in texts(here(window)), "it was set anew"
    assert opened.windows == []
    assert window.isActiveWindow()
    assert button(here(window), "Quote").hasFocus()


def test_thumbs_are_kept_said_and_taken_back(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    choose(window, 0, "Less like this")
    assert act_of(library, 0).thumb == -1
    assert "You want less like this." in texts(here(window))
    choose(window, 0, "More like this")
    assert act_of(library, 0).thumb == 1
    choose(window, 0, "Take that back")
    assert act_of(library, 0).thumb == 0
    assert not any(text.startswith("You want") for text in texts(here(window)))


def test_hiding_can_be_undone_at_once_and_later(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    choose(window, 1, "Hide")
    assert act_of(library, 1).hidden
    assert HEADLINES[1] not in claim_names(window)
    press(qtbot, window.notice, "Undo")
    assert HEADLINES[1] in claim_names(window)
    choose(window, 1, "Hide")
    press(qtbot, here(window), "Show it again")
    assert HEADLINES[1] in claim_names(window)
    assert not act_of(library, 1).hidden


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Qt.Key.Key_S, Act(insight(0).id, saved=True)),
        (Qt.Key.Key_H, Act(insight(0).id, hidden=True)),
        (Qt.Key.Key_Plus, Act(insight(0).id, thumb=1)),
        (Qt.Key.Key_Minus, Act(insight(0).id, thumb=-1)),
    ],
)
def test_one_key_does_what_a_word_does(
    key: Qt.Key, expected: Act, library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    claims(window)[0].setFocus()
    qtbot.keyClick(claims(window)[0], key)
    assert act_of(library, 0) == expected


def test_why_this_names_the_factors_of_its_score(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    item = BriefItem(insight(5).id, 0, WHY.format(0), (("quality", 0.5), ("novelty", 0.8)))
    library.store_brief(Brief("2026-11-20", "1 of 1.", (item,)), now_ms=1)
    window = show()
    window.go("2026-11-20")
    press(qtbot, here(window), "Why this")
    assert {WHY.format(0), "quality 0.50 × novelty 0.80 = 0.40"} <= set(texts(here(window)))


def test_what_was_saved_long_ago_comes_from_the_shelf(library: Library, show: Show) -> None:
    fill(library)
    library.store_shelf(TODAY, insight(5).id)
    window = show()
    assert "From your shelf" in texts(here(window))
    assert claim_names(window) == HEADLINES


def test_what_mutes_kept_out_is_listed_on_demand_with_its_reason(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    brief = Brief("2026-11-20", "1 of 2.", (BriefItem(insight(5).id, 0, "New."),))
    library.store_brief(brief, now_ms=1, held_back={insight(4).id: "You muted “bus”."})
    window = show()
    window.go("2026-11-20")
    assert HEADLINES[4] not in claim_names(window)
    press(qtbot, here(window), "1 held back")
    assert HEADLINES[4] in claim_names(window)
    assert "You muted “bus”." in texts(here(window))


def test_offline_a_day_without_cards_says_so(
    library: Library, show: Show, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    episode_id = add_episode(library, 0)
    library.set_job(episode_id, step="done", state="done")
    change_settings(Paths(tmp_path / "profile"), lambda now: now.__class__(offline=True))
    window = show()
    assert any("stay offline" in text for text in texts(here(window)))
    look_at(window, "today-offline", pytestconfig)


def test_the_calendar_goes_to_days_by_arrows_and_to_months_by_page_keys(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    for day in ("2026-11-16", "2026-10-30"):
        library.store_brief(Brief(day, "", (BriefItem(insight(5).id, 0, "New."),)), now_ms=1)
    window = show()
    window.go("days")
    page = here(window)
    assert isinstance(page, CalendarPage)
    assert "November 2026" in texts(page)
    days = {each.day: each for each in page.findChildren(DayButton)}
    assert set(days) == {TODAY, YESTERDAY, "2026-11-16"}
    days[TODAY].setFocus()
    qtbot.keyClick(days[TODAY], Qt.Key.Key_Left)
    assert days[YESTERDAY].hasFocus()
    qtbot.keyClick(days[YESTERDAY], Qt.Key.Key_Right)
    qtbot.keyClick(days[TODAY], Qt.Key.Key_Up)
    assert days["2026-11-16"].hasFocus()
    qtbot.keyClick(page, Qt.Key.Key_PageUp)
    assert window.desk.history.here == "days/2026-10"
    qtbot.keyClick(here(window), Qt.Key.Key_PageDown)
    again = {each.day: each for each in here(window).findChildren(DayButton)}
    qtbot.keyClick(again[YESTERDAY], Qt.Key.Key_Return)
    assert window.desk.history.here == YESTERDAY


def test_a_month_has_each_of_its_days_once() -> None:
    days = [day for week in month_weeks("2028-02") for day in week if day]
    assert days == [f"2028-02-{n:02}" for n in range(1, 30)]


def test_the_week_shows_what_was_best_saved_and_heard_often(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    library.set_mark(insight(3).id, saved=True)
    library.store_heard({insight(2).id: 3})
    window = show()
    window.go("review/2026-W48")
    parts = {"23 November to 29 November", "5 insights in 1 brief", "The best", "Heard often"}
    qtbot.waitUntil(lambda: parts <= set(texts(here(window))))
    press(qtbot, here(window), "Earlier")
    assert window.desk.history.here == "review/2026-W47"
    qtbot.waitUntil(lambda: "1 insight in 1 brief" in texts(here(window)))
    press(qtbot, here(window), "Later")
    window.go("review/nothing")
    assert "is no week" in window.notice.text()


def test_a_past_week_does_not_hold_what_was_saved_after_it(library: Library) -> None:
    fill(library)
    library.set_mark(insight(3).id, saved=True)
    saved_ms = next(iter(library.saved_times().values()))
    assert review_of(library, TODAY, now_ms=saved_ms + DAY_MS).saved
    assert not review_of(library, TODAY, now_ms=saved_ms - DAY_MS).saved


def test_a_day_is_exported_through_the_dialog(
    library: Library, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    fill(library)
    window = show()
    page = here(window)
    assert isinstance(page, TodayPage)
    next(action for action in page.menu().actions() if action.text() == "Export this day").trigger()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    dialog.form.choose("text")
    target = tmp_path / "day.txt"
    target.write_text("something else", encoding="utf-8")
    dialog.place.setText(str(target))
    assert "There is a file of this name. It will be replaced." in texts(dialog)
    press(qtbot, dialog, "Replace it")
    qtbot.waitUntil(lambda: "5 insights written" in window.notice.text())
    assert HEADLINES[0] in target.read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_said_in_the_dialog(
    library: Library, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    fill(library)
    window = show()
    window.pages.days.page.asked.emit("export")
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    dialog.form.choose("text")
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    dialog.place.setText(str(tmp_path / "file" / "day.txt"))
    press(qtbot, dialog, "Export")
    qtbot.waitUntil(lambda: any("cannot be written" in plain(text) for text in texts(dialog)))
    assert dialog.isVisible()


def test_a_day_is_printed_with_its_texts_escaped(
    library: Library, show: Show, tmp_path: Path, qapp: QApplication
) -> None:
    fill(library, "<img src=/etc/passwd>")
    selection = chosen(library, Wish(brief=TODAY), lambda: NOW)
    page = as_print(selection)
    assert "<img" not in page
    assert "&lt;img" in page
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "day.pdf"))
    put_on_paper(selection, printer)
    assert (tmp_path / "day.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_cards_days_and_weeks_are_painted(
    theme: str, library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot, pytestconfig: pytest.Config
) -> None:
    fill(library)
    terms = (("quality", 0.91), ("interest", 1.4), ("novelty", 1.0), ("freshness", 0.95))
    items = tuple(BriefItem(insight(n).id, n, WHY.format(n), terms) for n in range(2))
    held = {insight(4).id: "You muted “bus”."}
    library.store_brief(Brief("2026-11-20", "2 of 3.", items), now_ms=1, held_back=held)
    library.store_shelf("2026-11-20", insight(5).id)
    library.set_mark(insight(0).id, saved=True, thumb=1)
    window = show(theme=theme)
    window.go("2026-11-20")
    for word in ("Quote", "Why this", "1 held back"):
        press(qtbot, here(window), word)
    look_at(window, f"today-open-{theme}", pytestconfig)
    window.go("days")
    next(iter(here(window).findChildren(DayButton))).setFocus(Qt.FocusReason.TabFocusReason)
    look_at(window, f"days-{theme}", pytestconfig)
    library.store_heard({insight(2).id: 3})
    window.go("review/2026-W48")
    qtbot.waitUntil(lambda: "Heard often" in texts(here(window)))
    look_at(window, f"review-{theme}", pytestconfig)
    window.pages.days.page.asked.emit("export")
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    look_at(dialog, f"export-{theme}", pytestconfig)
    assert all(each.accessibleName() for each in dialog.findChildren(QPushButton))
