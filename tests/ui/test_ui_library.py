"""Library and shows: what is listed, and what can be done with a show."""

from dataclasses import replace
from pathlib import Path

import pytest
from filled_library import PUBLISHED_MS, FakeJobs, Show, fill
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from small_shows import an_episode, take_in
from test_ui_look import look_at
from test_ui_window import button, here, plain, press, texts

from earmark.library import Library
from earmark.paths import Paths
from earmark.pipeline.art import SIDE, art_file
from earmark.records import (
    Check,
    Enclosure,
    FeedId,
    Funding,
    ParsedEpisode,
    ParsedFeed,
    Progress,
    Schedule,
    Segment,
    ShowFacts,
    Transcript,
)
from earmark.taste import load_taste
from earmark.ui import show_room
from earmark.ui.main_window import MainWindow
from earmark.ui.parts import Tile
from earmark.ui.rows import RowList
from earmark.ui.show_words import plain_notes
from earmark.ui.theme import font

HOUR_MS = 3_600_000


def rows_of(window: MainWindow) -> list[str]:
    """What the list of the shown page says, row by row."""
    listed = here(window).findChild(RowList)
    assert listed is not None
    return [plain(said) for said in listed.text()]


def day(number: int) -> int:
    """So many days before the newest."""
    return PUBLISHED_MS - number * 24 * HOUR_MS


def many(library: Library, shows: int, episodes: int) -> list[FeedId]:
    """Shows with so many episodes each."""
    ids = []
    for show in range(shows):
        url, title = f"https://example.org/{show}", f"Show {show:03}"
        facts = ShowFacts(
            description="<p>Two people talk about <b>houses</b>.</p><p>Every week &amp; in winter.</p>" * 6,
            author="Ann Example",
            funding=(Funding("https://pay.example.org/ann", "Buy us a tea"),),
        )
        feed_id = library.add_feed(url, ParsedFeed(title, "https://ann.example.org", "", "en", ()))
        items = [
            ParsedEpisode(f"g{n}", f"Episode {n} of {title}", day(n), None, (), 2_400_000, "", None)
            for n in range(episodes)
        ]
        asked = Schedule(next_ms=PUBLISHED_MS + 40 * HOUR_MS, newest_ms=PUBLISHED_MS + show)
        library.apply_refresh(
            feed_id, new=items, changed=[], title=title, link="https://ann.example.org", language="en",
            url=url, etag=None, last_modified=None, body_sha256=None, now_ms=PUBLISHED_MS + 30 * HOUR_MS,
            backlog=2, schedule=asked, facts=facts,
        )  # fmt: skip
        ids.append(feed_id)
    return ids


def menu_of(window: MainWindow) -> QMenu:
    """The menu that is open."""
    return next(menu for menu in here(window).findChildren(QMenu) if menu.isVisible())


def choose(window: MainWindow, piece: str) -> None:
    """Choose what has this in its words from the open menu."""
    menu = menu_of(window)
    next(action for action in menu.actions() if piece in action.text()).trigger()
    menu.close()


def test_the_list_of_shows_says_how_each_feed_is_and_what_waits(library: Library, show: Show) -> None:
    first, second, third, _fourth = many(library, 4, 3)
    later = Schedule(next_ms=PUBLISHED_MS + 40 * HOUR_MS)
    library.note_checks([Check(first, "example.org did not answer within 60 seconds.", later)], now_ms=5)
    library.note_checks([Check(second, "It is gone.", replace(later, stopped="gone"))], now_ms=5)
    library.note_checks([Check(third, None, later)], now_ms=PUBLISHED_MS + 33 * HOUR_MS)
    window = show()
    window.go("Library")
    said = {line.partition(".")[0]: line for line in rows_of(window)}
    assert "did not answer within 60 seconds, next about" in said["Show 000"]
    assert "Ended by its publisher, asked no more" in said["Show 001"]
    assert "Asked" in said["Show 002"]
    assert "2 waiting" in said["Show 002"]
    assert "4 shows. 8 episodes wait" in texts(here(window))


def test_shows_are_sorted_and_found_by_a_part_of_their_name(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    many(library, 12, 1)
    window = show()
    window.go("Library")
    assert rows_of(window)[0].startswith("Show 011")
    press(qtbot, here(window), "By name")
    assert rows_of(window)[0].startswith("Show 000")
    window.pages.library.page.look_for()
    field = QApplication.focusWidget()
    assert field is not None
    qtbot.keyClicks(field, "w 01")
    assert [line[:8] for line in rows_of(window)] == ["Show 010", "Show 011"]
    library.set_job(library.episodes()[0].id, step="words", state="failed", reason="No.")
    window.pages.show_here()
    assert field.hasFocus(), "what is typed is not disturbed"
    assert [line[:8] for line in rows_of(window)] == ["Show 010", "Show 011"]
    qtbot.keyClicks(field, "xyz")
    assert "No show here has these words in its name." in texts(here(window))


def test_a_show_and_its_episode_are_reached_by_keys_and_the_way_back_finds_the_row(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    many(library, 30, 40)
    window = show()
    window.go("Library")
    shows = window.pages.library.page.shows
    shows.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(20):
        qtbot.keyClick(shows, Qt.Key.Key_Down)
    bar = window.pages.library.page.verticalScrollBar()
    scrolled, number = bar.value(), shows.number()
    assert scrolled > 0, "the page scrolls with the keyboard"
    qtbot.keyClick(shows, Qt.Key.Key_Return)
    assert window.desk.history.here == f"show/{number}"
    episodes = window.pages.shows.page.episodes
    assert episodes.rows.rowCount() == 40
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert (bar.value(), shows.number()) == (scrolled, number)
    assert shows.hasFocus()


def test_a_long_list_asks_for_what_is_seen_only(library: Library, show: Show) -> None:
    (feed_id,) = many(library, 1, 2000)
    window = show()
    window.go(f"show/{feed_id}")
    QApplication.processEvents()
    episodes = window.pages.shows.page.episodes
    assert episodes.rows.rowCount() == 2000
    assert len(episodes.rows._rows) <= 200


def test_rows_grow_with_the_size_of_text_and_stay_apart(library: Library, show: Show) -> None:
    many(library, 9, 1)
    window = show()
    window.go("Library")
    shows = window.pages.library.page.shows
    usual = shows.height()
    for _step in range(5):
        window.wardrobe.zoom_by(1)
        QApplication.processEvents()
        index = shows.rows.index(8)
        assert shows.visualRect(index).bottom() < shows.height()
        assert shows.visualRect(index).height() >= QFontMetrics(font(15)).height() * 2
    assert shows.height() == 2 * usual
    window.wardrobe.zoom_by(0)
    assert shows.height() == usual


def test_a_list_keeps_its_row_when_the_library_changes(library: Library, show: Show) -> None:
    (feed_id,) = many(library, 1, 100)
    window = show()
    window.go(f"show/{feed_id}")
    page = window.pages.shows.page
    page.episodes.setFocus(Qt.FocusReason.TabFocusReason)
    page.episodes.go_to(page.episodes.rows.keys[50])
    scrolled = page.verticalScrollBar().value()
    assert scrolled > 0
    library.set_job(library.episode_ids(feed_id)[50], step="transcribe", state="running")
    window.pages.show_here()
    assert page.episodes.hasFocus()
    assert page.verticalScrollBar().value() == scrolled
    assert page.episodes.text()[50].endswith("listening")


def test_the_row_that_is_worked_on_says_how_far_it_is_and_turns_with_the_work(
    library: Library, jobs: FakeJobs, show: Show
) -> None:
    (feed_id,) = many(library, 1, 3)
    first, second, _third = library.episode_ids(feed_id)
    window = show()
    window.go(f"show/{feed_id}")
    assert rows_of(window)[0].endswith("waiting")
    library.set_job(first, step="transcribe", state="running")
    jobs.progressed.emit(Progress("Listening to", "x", 0.2, detail="12 of 58 min", order=(first, second)))
    assert rows_of(window)[0].endswith("listening, 12 of 58 min"), "long work tells no changes before its end"
    jobs.progressed.emit(Progress("Listening to", "x", 0.3, detail="17 of 58 min", order=(first, second)))
    assert rows_of(window)[0].endswith("listening, 17 of 58 min")
    library.set_job(first, step="done", state="done")
    library.set_job(second, step="words", state="running")
    jobs.progressed.emit(Progress("Fetching the transcript of", "y", order=(second,)))
    assert rows_of(window)[0].endswith("done, 0 insights")
    assert rows_of(window)[1].endswith("fetching the transcript")


def test_the_models_keep_the_rules_of_qt(library: Library, show: Show, qtmodeltester: ModelTester) -> None:
    (feed_id,) = many(library, 1, 70)
    window = show()
    window.go(f"show/{feed_id}")
    qtmodeltester.check(window.pages.shows.page.episodes.rows)


def test_an_episode_is_found_by_words_of_its_title_and_typing_is_not_disturbed(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    feed_id, other = many(library, 2, 30)
    window = show()
    window.go(f"show/{feed_id}")
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    page = window.pages.shows.page
    assert page.narrow.hasFocus()
    qtbot.keyClicks(page.narrow, "EPISODE 2")
    assert [line[:10] for line in rows_of(window)][:2] == ["Episode 2 ", "Episode 20"]
    library.set_job(library.episode_ids(feed_id)[3], step="words", state="failed", reason="No.")
    window.pages.show_here()
    assert page.narrow.hasFocus()
    qtbot.keyClicks(page.narrow, "1")
    assert [line[:10] for line in rows_of(window)] == ["Episode 21"]
    window.go(f"show/{other}")
    assert len(rows_of(window)) == 30


def test_a_show_says_what_it_says_of_itself_as_plain_text(library: Library, show: Show, qtbot: QtBot) -> None:
    (feed_id,) = many(library, 1, 3)
    window = show()
    window.go(f"show/{feed_id}")
    said = texts(here(window))
    assert "Ann Example, 3 episodes" in said
    assert "Website: ann.example.org" in said
    assert "Buy us a tea: pay.example.org" in said
    assert "Two people talk about houses.\nEvery week & in winter.\nTwo people talk about houses. …" in said
    press(qtbot, here(window), "More")
    assert max(text.count("\n") for text in texts(here(window))) == 11
    press(qtbot, here(window), "Less")


def test_a_show_is_muted_and_the_mute_is_taken_back(
    library: Library, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    (feed_id,) = many(library, 1, 3)
    window = show()
    window.go(f"show/{feed_id}")
    press(qtbot, here(window), "Mute")
    assert [each.title for each in load_taste(Paths(tmp_path / "profile")).muted_shows] == ["Show 000"]
    assert button(here(window), "No longer muted")
    window.go("Library")
    assert "Muted" in rows_of(window)[0]
    press(qtbot, window.notice, "Undo")
    assert load_taste(Paths(tmp_path / "profile")).muted_shows == ()
    assert "Muted" not in rows_of(window)[0]


def test_unsubscribing_is_undone_with_its_queue(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    feed_id, _other = many(library, 2, 3)
    window = show()
    window.go(f"show/{feed_id}")
    press(qtbot, here(window), "Unsubscribe")
    assert [feed.title for feed in library.feeds()] == ["Show 001"]
    assert window.desk.history.here == "Library"
    assert len(rows_of(window)) == 1
    press(qtbot, window.notice, "Undo")
    back = next(feed for feed in library.feeds() if feed.title == "Show 000")
    assert back.checked_ms is None, "it is asked anew"
    assert ("refresh",) in jobs.asked


def test_leaving_a_show_whose_name_asks_something_is_told_in_a_sentence_that_ends_once(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    (one,) = take_in(library, "Who sleeps well?", [an_episode("e")])
    window = show()
    window.go(f"show/{library.episode(one).feed_id}")
    press(qtbot, here(window), "Unsubscribe")
    assert window.notice.text() == "You unsubscribed from Who sleeps well?"


def test_a_show_that_was_left_and_whose_insights_stay_can_be_taken_up_again(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    feed = library.feeds()[0]
    window = show()
    window.go(f"show/{feed.id}")
    press(qtbot, here(window), "Unsubscribe")
    assert "Its 2 insights stay." in window.notice.text()
    assert library.is_ended(feed.id)
    window.go(f"show/{feed.id}")
    assert "You unsubscribed from this show." in texts(here(window))
    press(qtbot, here(window), "Subscribe again")
    assert not library.is_ended(feed.id)


def test_how_far_back_how_long_listed_and_which_language_are_chosen_from_menus(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    fill(library)
    feed_id = library.feeds()[0].id
    window = show()
    window.go(f"show/{feed_id}")
    press(qtbot, here(window), "Heard anew")
    choose(window, "German")
    assert library.feed(feed_id).listen_language == "de"
    assert "German" in texts(here(window))
    press(qtbot, here(window), "All episodes")
    choose(window, "last 90 days")
    assert library.show_row(feed_id).keep_days == 90
    press(qtbot, here(window), "Go further back")
    assert menu_of(window).actions()[0].text() == "No episode has anything to read or to hear."
    choose(window, "No episode")


def test_going_back_queues_the_newest_and_says_how_much_work_it_is(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    feed_id = library.add_feed("https://example.org/a", ParsedFeed("Ann", None, "", None, ()))
    items = [
        ParsedEpisode(
            f"g{n}", f"E{n}", PUBLISHED_MS - n, Enclosure(f"https://example.org/{n}.mp3", "audio/mpeg"), (),
            3_600_000, "", None,
        )
        for n in range(12)
    ]  # fmt: skip
    library.apply_refresh(
        feed_id, new=items, changed=[], title="Ann", link=None, language=None, url="https://example.org/a",
        etag=None, last_modified=None, body_sha256=None, now_ms=1, backlog=0,
    )  # fmt: skip
    window = show()
    window.go(f"show/{feed_id}")
    press(qtbot, here(window), "Go further back")
    offered = [action.text() for action in menu_of(window).actions()]
    assert [text.partition(",")[0] for text in offered] == [
        "The newest episode", "The newest 3 episodes", "The newest 10 episodes", "All 12 episodes",
    ]  # fmt: skip
    assert all("of work" in text for text in offered)
    assert "12 episodes have no transcript, and no speech model is chosen" in window.notice.text()
    choose(window, "newest 3")
    assert library.library_counts()["waiting"] == 3
    assert ("process",) in jobs.asked
    assert [line.rpartition(". ")[2] for line in rows_of(window)[:4]] == ["waiting"] * 3 + ["not chosen"]


def test_a_show_has_its_picture_where_there_is_one_and_a_letter_where_not(
    library: Library, show: Show, tmp_path: Path
) -> None:
    first, second = many(library, 2, 1)
    file = art_file(Paths(tmp_path / "profile"), first)
    file.parent.mkdir(parents=True)
    window = show()
    window.go(f"show/{first}")
    file.write_bytes(bytes(32) + bytes((200, 30, 40)) * SIDE * SIDE)
    window.pages.show_here()
    QApplication.processEvents()
    tile = next(each for each in here(window).findChildren(Tile) if each.isVisible())
    assert tile.grab().toImage().pixelColor(24, 24).name() == "#c81e28"
    window.go("Library")
    shows = window.pages.library.page.shows
    assert shows.rows.row(shows.rows.keys.index(first)).art is not None
    assert shows.rows.row(shows.rows.keys.index(second)).art is None


def test_a_shows_picture_is_fetched_when_its_place_is_opened(
    library: Library, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://example.org/0"
    feed_id = library.add_feed(url, ParsedFeed("Ann", None, "", None, ()))
    library.apply_refresh(
        feed_id, new=[], changed=[], title="Ann", link=None, language=None, url=url, etag=None,
        last_modified=None, body_sha256=None, now_ms=1, backlog=0,
        facts=ShowFacts(image_url="https://example.org/art.png"),
    )  # fmt: skip
    asked: list[int] = []

    def fetch(_tools: object, wanted: FeedId, _watch: object) -> bool:
        asked.append(wanted)
        return False

    monkeypatch.setattr(show_room, "fetch_art", fetch)
    window = show()
    window.go("Library")
    assert asked == []
    window.go(f"show/{feed_id}")
    window.pages.show_here()
    assert asked == [feed_id], "once"


def test_a_private_show_is_shown_without_its_secret(library: Library, show: Show) -> None:
    secret = "https://example.org/feed?token=~earmark-00c0ffee~"
    feed_id = library.add_feed(secret, ParsedFeed("Ours", secret, "", None, ()))
    window = show()
    window.go(f"show/{feed_id}")
    said = " ".join(texts(here(window)))
    assert "Private: what is secret in its address is kept by your system's keyring." in said
    assert "earmark-00c0ffee" not in said


def test_notes_become_plain_text_with_their_paragraphs() -> None:
    assert plain_notes("<img src='file:///etc/passwd'>a<br/>b<style>c</style>") == "a\nb"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_library_and_show_are_painted(
    theme: str, library: Library, show: Show, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    ids = many(library, 9, 30)
    later = Schedule(next_ms=PUBLISHED_MS + 40 * HOUR_MS, newest_ms=PUBLISHED_MS)
    library.note_checks([Check(ids[7], "example.org did not answer within 60 seconds.", later)], now_ms=5)
    library.note_checks([Check(ids[6], "Gone.", replace(later, stopped="gone"))], now_ms=5)
    library.note_checks([Check(ids[5], None, later)], now_ms=PUBLISHED_MS + 33 * HOUR_MS)
    rows = library.episode_ids(ids[8])
    library.set_job(rows[0], step="download", state="failed", reason="The disk is full. Make some room.")
    library.set_job(rows[1], step="transcribe", state="running")
    library.skip([rows[5]])
    file = art_file(Paths(tmp_path / "profile"), ids[8])
    file.parent.mkdir(parents=True)
    stripes = b"".join(bytes((200, 90 + n, 40)) * SIDE for n in range(SIDE))
    file.write_bytes(bytes(32) + stripes)
    window = show(theme=theme)
    window.go("Library")
    look_at(window, f"library-many-{theme}", pytestconfig)
    window.pages.library.page.shows.setFocus(Qt.FocusReason.TabFocusReason)
    look_at(window, f"library-focus-{theme}", pytestconfig)
    window.go(f"show/{ids[8]}")
    look_at(window, f"show-{theme}", pytestconfig)


@pytest.mark.parametrize("width", [820, 640])
def test_narrow_windows_keep_the_places_of_the_library_whole(
    width: int, library: Library, show: Show, pytestconfig: pytest.Config
) -> None:
    ids = many(library, 9, 30)
    episode_id = library.episode_ids(ids[8])[0]
    said = tuple(
        Segment(n * 5000, n * 5000 + 4900, "We looked at it for two winters.", "Ann") for n in range(90)
    )
    library.store_transcript(episode_id, Transcript("publisher", said))
    window = show()
    window.resize(width, 700)
    places = ("Library", f"show/{ids[8]}", f"episode/{episode_id}", f"transcript/{episode_id}")
    for place in places:
        window.go(place)
        QApplication.processEvents()
        assert window.width() == width
        page = here(window)
        assert all(each.width() <= page.width() for each in page.findChildren(QWidget) if each.isVisible())
        look_at(window, f"{place.partition('/')[0].lower()}-{width}", pytestconfig)
