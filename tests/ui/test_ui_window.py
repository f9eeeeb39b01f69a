"""The window: what it shows, what it asks for, and that a keyboard is enough."""

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from filled_library import (
    AFTER,
    BEFORE,
    CLAIMS,
    COVERAGE,
    SHOWS,
    WHY,
    YESTERDAY,
    FakeJobs,
    Show,
    add_episode,
    fill,
    insight,
)
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from small_shows import an_episode, take_in
from typist import plain

from earmark.clock import to_ms
from earmark.library import Library
from earmark.paths import Paths
from earmark.pipeline.proofs import Moment
from earmark.records import Brief, BriefItem, Changes, Check, Progress, Schedule, Verdict
from earmark.settings import change_settings
from earmark.ui.add_show import AddShow
from earmark.ui.main_window import MainWindow
from earmark.ui.parts import Linked
from earmark.ui.places import PLACES

LISTENING = Progress("Listening to", "Field Notes", 0.5, 2280, "36 of 58 min")


def texts(widget: QWidget) -> list[str]:
    """Every visible text below a widget."""
    found = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    found += [each.text() for each in widget.findChildren(QPushButton) if each.isVisible()]
    return [plain(text) for text in found]


def here(window: MainWindow) -> QWidget:
    """The page that is shown."""
    page = window.pages.currentWidget()
    assert page is not None
    return page


def button(window: QWidget, text: str) -> QPushButton:
    """The first visible button with this text."""
    return next(b for b in window.findChildren(QPushButton) if b.isVisible() and text in b.text())


def press(qtbot: QtBot, window: QWidget, text: str) -> None:
    """Click the first visible button with this text."""
    qtbot.mouseClick(button(window, text), Qt.MouseButton.LeftButton)


def claims(window: MainWindow) -> list[Linked]:
    """What opens an insight on the page, top to bottom."""
    return [each for each in here(window).findChildren(Linked) if each.isVisible()]


def claim_names(window: MainWindow) -> list[str]:
    """What they say."""
    return [each.accessibleName() for each in claims(window)]


HEADLINES = [headline for headline, _text in CLAIMS]
TEXTS = [text for _headline, text in CLAIMS]


def test_today_shows_five_cards_and_what_was_left_out(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    shown = texts(here(window))
    assert {"Monday, 23 November", COVERAGE, "2 related", "▶ 13:24", *TEXTS[:5]} <= set(shown)
    assert claim_names(window) == HEADLINES[:5]
    assert "0 related" not in shown


def test_a_card_that_was_hidden_is_one_line(library: Library, show: Show) -> None:
    fill(library)
    (second,) = (card for card in library.cards() if card.insight.headline == HEADLINES[1])
    library.set_mark(second.insight.id, hidden=True)
    window = show()
    assert claim_names(window) == [HEADLINES[0], *HEADLINES[2:5]]
    assert "You hid this one." in texts(here(window))


def test_why_this_opens_stays_open_when_the_library_changes_and_closes(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    assert WHY.format(0) not in texts(here(window))
    press(qtbot, here(window), "Why this")
    assert WHY.format(0) in texts(here(window))
    press(qtbot, here(window), "Save")
    assert WHY.format(0) in texts(here(window))
    press(qtbot, here(window), "Why this")
    assert WHY.format(0) not in texts(here(window))


def test_an_insight_shows_its_quotation_and_its_relations(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    window.go(insight(0).id)
    shown = texts(here(window))
    assert {HEADLINES[0], TEXTS[0], f"{BEFORE} {TEXTS[0]} {AFTER}", "also said by 1 other"} <= set(shown)
    assert "Words matched to the transcript" in shown
    assert "Second Draft, The ceiling you cannot see" in shown
    assert "13:24 to 13:51" in shown
    assert "Today, 23 November" in shown
    assert claim_names(window) == [TEXTS[1], TEXTS[2]]


def test_those_who_say_the_same_are_opened_under_the_one_that_stands_for_them(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    window.go(insight(0).id)
    assert claim_names(window) == [TEXTS[1], TEXTS[2]]
    press(qtbot, here(window), "also said by 1 other")
    assert claim_names(window) == [TEXTS[1], TEXTS[2], TEXTS[3]]
    press(qtbot, here(window), "also said by 1 other")
    assert claim_names(window) == [TEXTS[1], TEXTS[2]]


def test_relations_stand_under_their_kind_with_the_line_that_says_why(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    window.go(insight(0).id)
    assert not {"Disagrees", "Close to this"} & set(texts(here(window)))
    one, other = sorted((insight(0).id, insight(2).id))
    verdict = Verdict(one, other, "contradicts", "whether churn has a ceiling")
    library.store_verdicts([verdict], version="1", model_id="m")
    window = show()
    window.go(insight(0).id)
    shown = texts(here(window))
    assert [t for t in shown if t in ("Disagrees", "Close to this")] == ["Disagrees", "Close to this"]
    assert "whether churn has a ceiling" in shown
    assert claim_names(window) == [TEXTS[2], TEXTS[1]]


def test_the_way_from_today_to_a_relation_and_back_needs_only_keys(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    claims(window)[0].setFocus()
    qtbot.keyClick(claims(window)[0], Qt.Key.Key_Return)
    assert HEADLINES[0] in texts(here(window))
    relation = claims(window)[0]
    relation.setFocus()
    qtbot.keyClick(relation, Qt.Key.Key_Space)
    assert HEADLINES[1] in texts(here(window))
    assert HEADLINES[0] in texts(here(window)), "where the user comes from is said"
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert claims(window)[0].hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.pages.days.page.isVisible()
    assert claims(window)[0].hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert HEADLINES[0] in texts(here(window))


def test_back_and_forward_can_be_clicked_and_stop_at_the_ends(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    window.pages.back()
    window.go(insight(0).id)
    assert not button(window, "→").isEnabled()
    press(qtbot, window, "←")
    assert window.pages.days.page.isVisible()
    window.pages.forward()
    window.pages.forward()
    assert window.pages.insights.page.isVisible()


def test_every_claim_is_reached_by_tab_and_by_arrows(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    reached = []
    for _ in range(60):
        focus = QApplication.focusWidget()
        reached.append(focus.accessibleName() if focus else "")
        qtbot.keyClick(focus or window, Qt.Key.Key_Tab)
    assert set(HEADLINES[:5]) <= set(reached)
    claims(window)[0].setFocus()
    for number in (1, 2, 3, 4, 4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
        assert claims(window)[number].hasFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    assert claims(window)[3].hasFocus()


def test_places_have_keys_and_no_ring_shows_before_a_key_is_pressed(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    assert not isinstance(QApplication.focusWidget(), QPushButton)
    for number, place in enumerate(PLACES, start=1):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert window.desk.history.here == place


def test_past_days_are_one_word_or_one_key_away(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    press(qtbot, here(window), "Earlier")
    assert "Sunday, 22 November" in texts(here(window))
    assert claim_names(window) == [HEADLINES[5]]
    press(qtbot, here(window), "Later")
    assert "Monday, 23 November" in texts(here(window))
    qtbot.keyClick(window, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert "Sunday, 22 November" in texts(here(window))


def test_save_is_kept_and_shown_in_its_place(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    press(qtbot, here(window), "Save")
    assert library.saved_cards()[0].insight.id == insight(0).id
    assert "Saved" in texts(here(window))
    window.go("Saved")
    assert "1 insight" in texts(here(window))


def test_an_empty_library_says_what_to_do_and_asks_for_a_show(
    jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    window = show()
    assert any("Add the first one." in text for text in texts(here(window)))
    press(qtbot, here(window), "Add a show")
    dialog = window.findChild(AddShow)
    assert dialog is not None
    field = dialog.address
    given: list[str] = []
    dialog.given.connect(given.append)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert given == [], "an empty address is not taken"
    qtbot.keyClicks(field, "example.org/feed")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert given == ["example.org/feed"]


def test_a_day_without_cards_says_what_is_being_done(library: Library, jobs: FakeJobs, show: Show) -> None:
    for number in (0, 1):
        add_episode(library, number)
    window = show()
    sentence = "Insights appear as soon as the first episode is through. 2 episodes to go."
    assert sentence in texts(here(window))
    jobs.progressed.emit(LISTENING)
    assert "Listening to Field Notes. 36 of 58 min, about 38 min left" in texts(here(window))


def test_a_day_without_cards_counts_down_in_place(library: Library, jobs: FakeJobs, show: Show) -> None:
    ids = [add_episode(library, number) for number in (0, 1, 2)]
    window = show()
    jobs.progressed.emit(LISTENING)
    page = window.pages.days.page.widget()
    library.set_job(ids[0], step="words", state="failed", reason="No words.")
    jobs.changed.emit(Changes())
    sentence = "Insights appear as soon as the first episode is through. 2 episodes to go."
    assert sentence in texts(here(window))
    assert "Listening to Field Notes. 36 of 58 min, about 38 min left" in texts(here(window))
    assert window.pages.days.page.widget() is page, "laid out anew where only the words changed"


def test_news_makes_the_window_ask_its_library_a_few_questions_alone(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    ids = [add_episode(library, number) for number in (0, 1)]
    window, questions = show(), []
    window.desk.reader._db.set_trace_callback(questions.append)
    library.set_job(ids[0], step="words", state="failed", reason="No words.")
    jobs.changed.emit(Changes())
    qtbot.waitUntil(lambda: window.places.buttons["Activity"].accessibleName() == "Activity, 1")
    assert len(questions) <= 8, "each gives up Python's lock, and waits to have it back"


def test_a_day_without_cards_says_what_went_wrong_and_offers_to_try_again(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    episode = library.episode(add_episode(library, 0))
    library.set_job(episode.id, step="words", state="failed", reason="No words.")
    failed = Check(episode.feed_id, "example.org did not answer within 60 seconds.", Schedule())
    library.note_checks([failed], now_ms=2)
    window = show()
    assert "example.org did not answer within 60 seconds." in texts(here(window))
    press(qtbot, here(window), "Look for new episodes")
    assert jobs.asked == [("refresh",)]


def test_before_the_time_of_the_brief_the_day_says_when_it_comes(
    library: Library, show: Show, tmp_path: Path
) -> None:
    add_episode(library, 0)
    library.store_brief(Brief(YESTERDAY, "", (BriefItem(insight(5).id, 0, "New."),)), now_ms=1)
    window = show()
    assert "Today's five come at 10:30." not in texts(here(window))
    change_settings(Paths(tmp_path / "profile"), lambda now: replace(now, brief_time="10:30"))
    window.pages.show_here()
    assert "Today's five come at 10:30." in texts(here(window))


def test_a_card_says_how_often_its_claim_was_heard(library: Library, show: Show) -> None:
    fill(library)
    library.store_heard({insight(0).id: 5})
    assert texts(here(show())).count("Heard 5 times") == 1


def test_the_bar_says_what_is_worked_on_pauses_and_goes_on(jobs: FakeJobs, show: Show, qtbot: QtBot) -> None:
    window = show()
    assert window.work.text() == "Nothing to do just now"
    jobs.progressed.emit(LISTENING)
    assert window.work.text() == "Listening to Field Notes 36 of 58 min, about 38 min left"
    press(qtbot, window.work, "Pause")
    jobs.progressed.emit(LISTENING)
    assert window.work.text() == "Paused. What is done is kept."
    press(qtbot, window.work, "Go on")
    jobs.progressed.emit(LISTENING)
    assert "Field Notes" in window.work.text()
    assert jobs.asked == [("pause",), ("process",)]


def test_the_bar_says_when_all_is_ready_and_why_work_waits(
    library: Library, jobs: FakeJobs, show: Show
) -> None:
    add_episode(library, 0)
    window = show()
    ready = datetime(2026, 11, 24, 6, 36).astimezone()
    jobs.progressed.emit(replace(LISTENING, left_s=7800, ready_ms=to_ms(ready)))
    assert window.work.text().endswith("36 of 58 min, about 2 hours left, ready by about 06:40")
    jobs.progressed.emit(Progress("Waiting", "Field Notes", waiting="the computer runs on battery"))
    assert window.work.text() == "Waiting Field Notes the computer runs on battery"
    assert "Waiting: the computer runs on battery" in texts(here(window))


def test_asking_for_news_ends_a_pause(jobs: FakeJobs, show: Show, qtbot: QtBot) -> None:
    window = show()
    window.pause_or_go_on()
    qtbot.keyClick(window, Qt.Key.Key_F5)
    jobs.progressed.emit(LISTENING)
    assert "Field Notes" in window.work.text()


def test_a_fault_stays_until_it_is_closed(jobs: FakeJobs, show: Show, qtbot: QtBot) -> None:
    window = show()
    jobs.failed.emit("example.org cannot be reached. Is this computer online?")
    jobs.progressed.emit(None)
    jobs.changed.emit(Changes())
    assert "cannot be reached" in window.notice.text()
    press(qtbot, window.notice, "Close")
    assert window.notice.text() == ""


def test_what_is_said_briefly_leaves_an_offered_undo_where_it_is(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    window.desk.act("hide", insight(0).id)
    offered = window.notice.text()
    window.wardrobe.zoom_by(1)
    assert window.notice.text() == f"Text at 110%. {offered}"
    window.notice._timer.timeout.emit()
    assert window.notice.text() == offered
    press(qtbot, window.notice, "Undo")
    assert not library.card(insight(0).id).hidden
    window.wardrobe.zoom_by(0)
    assert window.notice.text() == "Text at 100%."
    window.notice._timer.timeout.emit()
    assert window.notice.text() == ""


def test_two_deeds_are_undone_one_after_the_other(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    window.desk.act("hide", insight(0).id)
    window.desk.unsave([insight(1).id])
    assert window.notice.text() == "No longer saved."
    press(qtbot, window.notice, "Undo")
    assert library.card(insight(1).id).saved
    assert library.card(insight(0).id).hidden
    assert window.notice.text() == "Hidden. It does not come back."
    press(qtbot, window.notice, "Undo")
    assert not library.card(insight(0).id).hidden
    assert window.notice.text() == ""


def test_keys_undo_what_was_done_last_and_say_when_there_is_nothing_left(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    window.desk.act("hide", insight(0).id)
    window.desk.act("hide", insight(1).id)
    window.desk.say("Something else.")
    keys = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, *keys)
    assert window.notice.text() == "Hidden. It does not come back.", "what goes is shown before it goes"
    assert library.card(insight(1).id).hidden
    qtbot.keyClick(window, *keys)
    assert not library.card(insight(1).id).hidden
    qtbot.keyClick(window, *keys)
    assert not library.card(insight(0).id).hidden
    qtbot.keyClick(window, *keys)
    assert window.notice.text() == "There is nothing to undo."


def test_what_was_offered_is_let_go_where_it_is_closed(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    window.desk.act("hide", insight(0).id)
    press(qtbot, window.notice, "Close")
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.notice.text() == "There is nothing to undo."
    assert library.card(insight(0).id).hidden


def test_the_kept_moment_plays_where_the_recording_is_gone(
    library: Library, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library)
    window = show()
    played: list[tuple[Path, int]] = []
    monkeypatch.setattr(window.moments, "kept", lambda _id, start: Moment(Path("kept.opus"), start - 802_500))
    monkeypatch.setattr(window.moments.player, "play", lambda *what: not played.append(what))
    press(qtbot, here(window), "▶ 13:24")
    assert played == [(Path("kept.opus"), 1500)]
    assert "13:24" in plain(window.sound.text())
    assert window.notice.text() == ""


def test_a_missing_recording_is_offered_for_download_and_then_plays(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library)
    window = show()
    press(qtbot, here(window), "▶ 13:24")
    assert "not on this computer" in window.notice.text()
    press(qtbot, window.notice, "Download it")
    assert jobs.asked == [("fetch_audio", library.card(insight(0).id).episode_id)]
    played: list[tuple[Path, int]] = []
    monkeypatch.setattr(window.moments, "_audio_path", lambda _id: Path("there.opus"))
    monkeypatch.setattr(window.moments.player, "play", lambda *what: not played.append(what))
    jobs.changed.emit(Changes())
    jobs.changed.emit(Changes())
    assert played == [(Path("there.opus"), 804_000)], "from the quotation"
    assert plain(window.sound.text()) == "Playing Second Draft The ceiling you cannot see 13:24"
    press(qtbot, window.sound, "Stop")
    assert window.sound.text() == ""


def test_a_recording_that_nobody_asked_to_download_does_not_play_when_it_comes(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library)
    window = show()
    played: list[tuple[Path, int]] = []
    monkeypatch.setattr(window.moments.player, "play", lambda *what: not played.append(what))
    press(qtbot, here(window), "▶ 13:24")
    press(qtbot, window.notice, "Close")
    with monkeypatch.context() as come:
        come.setattr(window.moments, "_audio_path", lambda _id: Path("there.opus"))
        jobs.changed.emit(Changes())
    press(qtbot, here(window), "▶ 13:24")
    press(qtbot, window.notice, "Download it")
    window.moments.stop()
    monkeypatch.setattr(window.moments, "_audio_path", lambda _id: Path("there.opus"))
    jobs.changed.emit(Changes())
    assert played == []


def test_what_the_player_refuses_is_not_told_as_what_plays(
    library: Library, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library)
    window = show(audio=Path("there.opus"))
    monkeypatch.setattr(window.moments.player, "play", lambda *_: False)
    moved: list[tuple[int, int]] = []
    window.moments.moved.connect(lambda episode_id, at_ms: moved.append((episode_id, at_ms)))
    window.moments.play(insight(0).id)
    window.moments.player.moved.emit(1_000)
    assert moved == []


def test_without_the_multimedia_library_a_sentence_says_so(
    library: Library, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library)
    window = show(audio=Path("there.opus"))
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    press(qtbot, here(window), "▶ 13:24")
    assert "libpulse0" in window.notice.text()
    assert window.sound.text() == ""


def test_copy_puts_the_words_and_their_source_on_the_clipboard(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    window = show()
    window.go(insight(0).id)
    press(qtbot, here(window), "Copy")
    copied = QGuiApplication.clipboard().text()
    assert TEXTS[0] in copied
    assert SHOWS[0] in copied
    assert window.notice.text() == "Copied."


def test_an_insight_that_is_gone_is_said_and_nothing_breaks(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    window.go("no such insight")
    assert "no insight with the id" in window.notice.text()
    window.moments.play("no such insight")
    window.pages.back()
    assert window.pages.days.page.isVisible()


@pytest.mark.parametrize("dead", ["insight/nope", "show/99", "episode/99", "transcript/99", "days/xx"])
def test_an_address_that_leads_nowhere_is_said_once_and_the_page_stays(
    dead: str, library: Library, jobs: FakeJobs, show: Show
) -> None:
    fill(library)
    window = show()
    window.go("Saved")
    before = here(window)
    window.go(dead)
    assert window.notice.text()
    window.notice.hide()
    window._minute.timeout.emit()
    jobs.changed.emit(Changes())
    assert window.notice.text() == ""
    assert (window.desk.history.here, here(window)) == ("Saved", before)
    window.pages.back()
    assert window.desk.history.here == "Today"


@pytest.mark.parametrize("dead", ["show/abc", "episode/x", "transcript/-1", f"show/{'9' * 40}"])
def test_what_is_no_number_is_no_place(dead: str, show: Show) -> None:
    window = show()
    window.go(dead)
    assert window.notice.text() == "There is no such place in Earmark."


def test_a_place_that_goes_while_it_is_shown_gives_way_to_the_one_above(
    library: Library, jobs: FakeJobs, show: Show
) -> None:
    add_episode(library, 0)
    window = show()
    feed = library.feeds()[0]
    window.go(f"show/{feed.id}")
    window.go("Saved")
    window.pages.back()
    jobs.changed.emit(library.unsubscribe(feed.id, now_ms=3))
    assert window.desk.history.here == "Library"
    assert here(window) is window.pages.library.page
    assert window.notice.text() == ""
    window.pages.forward()
    assert window.desk.history.here == "Saved"


def test_an_insight_is_shown_though_where_the_user_came_from_is_gone(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    empty = take_in(library, "Empty", [an_episode("e")], url="https://example.org/e", backlog=1)[0]
    feed_id = library.episode(empty).feed_id
    window.go(f"show/{feed_id}")
    library.unsubscribe(feed_id, now_ms=3)
    window.go(f"insight/{insight(0).id}")
    assert HEADLINES[0] in texts(here(window))


def test_the_list_at_the_left_counts_and_says_what_the_network_was_used_for(
    library: Library, show: Show
) -> None:
    fill(library)
    window = show()
    assert window.places.buttons["Library"].accessibleName() == "Library, 3"
    assert window.places.buttons["Activity"].accessibleName() == "Activity"
    assert window.places.note.text().startswith("Online for feeds only")


def test_many_changes_at_once_are_counted_once_and_after_the_page(
    library: Library, jobs: FakeJobs, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library)
    window = show()
    counted: list[str] = []
    monkeypatch.setattr(window.places, "show_counts", lambda _desk, today: counted.append(today))
    for _ in range(5):
        jobs.changed.emit(Changes())
    assert counted == []
    QApplication.processEvents()
    assert counted == [window.pages.days.today()]


def test_a_brief_that_was_told_of_is_not_read_again_with_each_change(
    library: Library, jobs: FakeJobs, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library)
    window = show()
    window.go("About")
    monkeypatch.setattr(window.desk.reader, "brief", lambda _day: pytest.fail("it was read"))
    jobs.changed.emit(Changes())


def test_a_small_window_has_letters_and_a_smaller_one_menus(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    window.resize(820, 700)
    QApplication.processEvents()
    assert window.places.buttons["Library"].text() == "L"
    assert window.places.buttons["Library"].accessibleName() == "Library, 3"
    window.resize(640, 700)
    QApplication.processEvents()
    assert not window.places.isVisible()
    assert window.menuBar().isVisible()
    assert all(each.width() <= 640 for each in here(window).findChildren(QWidget) if each.isVisible())
    window.resize(1280, 860)
    QApplication.processEvents()
    assert window.places.buttons["Library"].text() == "Library"


def test_the_smallest_size_does_not_grow_with_what_was_visited(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    window.resize(500, 400)
    window.wardrobe.zoom_by(1)
    for place in PLACES:
        window.go(place)
        QApplication.processEvents()
        assert window.width() == 500
    window.wardrobe.zoom_by(0)


def test_closing_stops_the_jobs(jobs: FakeJobs, show: Show) -> None:
    show().close()
    assert jobs.asked == [("shutdown",)]


def test_a_closed_window_asks_its_library_no_more(show: Show) -> None:
    window = show()
    window.close()
    window.close()
    assert not window._minute.isActive()
