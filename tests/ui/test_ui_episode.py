"""An episode's place and its transcript: where it stands, what can be done, and reading along."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from filled_library import NOW, PUBLISHED_MS, FakeJobs, Show, fill, insight
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot
from test_ui_library import rows_of
from test_ui_look import HOSTILE, look_at
from test_ui_window import button, here, press, texts

from earmark.clock import to_ms
from earmark.library import Library
from earmark.records import (
    Chapter,
    Enclosure,
    EpisodeId,
    ParsedEpisode,
    ParsedFeed,
    Progress,
    Segment,
    Transcript,
)
from earmark.ui.main_window import MainWindow
from earmark.ui.reader_view import ReaderView
from earmark.ui.script import paragraphs, segment_at

NOTES = "<p>We talk about <a href='https://example.org'>heat pumps</a>.</p><img src='file:///etc/passwd'>"
CHAPTERS = (Chapter(0, "Welcome"), Chapter(600_000, "Two winters"), Chapter(1_500_000, "What it cost"))


def talk(count: int) -> tuple[Segment, ...]:
    """What two people say, five seconds at a time."""
    said = (
        "We looked at it for two winters, and nobody had expected what came out of it.",
        "Was it the cold, or was it the way in which the pipes had been laid?",
        "It was the pipes \U0001f600. Nine in ten complaints came from pipes sized for a boiler.",
    )
    return tuple(
        Segment(n * 5000, n * 5000 + 4900, said[n % 3], "Ann Example" if n % 3 != 1 else "Ben")
        for n in range(count)
    )


def an_episode(library: Library, *, backlog: int = 1) -> EpisodeId:
    """One with sound, chapters, notes and a link."""
    url = "https://example.org/feed"
    feed_id = library.add_feed(url, ParsedFeed("Warm House", None, "", None, ()))
    sound = Enclosure("https://example.org/a.mp3", "audio/mpeg")
    item = ParsedEpisode(
        "g", "What the engineers found", PUBLISHED_MS, sound, (), 3_480_000, NOTES,
        "https://example.org/a", CHAPTERS, None, ("Ann Example", "Ben"),
    )  # fmt: skip
    library.apply_refresh(
        feed_id, new=[item], changed=[], title="Warm House", link=None, language="en", url=url, etag=None,
        last_modified=None, body_sha256=None, now_ms=1, backlog=backlog,
    )  # fmt: skip
    return library.episode_ids(feed_id)[0]


def with_words(library: Library, count: int = 400) -> EpisodeId:
    """The same, and its transcript."""
    episode_id = an_episode(library)
    library.store_transcript(episode_id, Transcript("publisher", talk(count)))
    return episode_id


def hear(library: Library, episode_id: EpisodeId, said: Sequence[Segment]) -> None:
    """So much of it was listened to."""
    end_ms = said[-1].end_ms
    library.append_window(episode_id, said, next_ms=end_ms, total_ms=3_480_000, language="en", model_id="m")


def reader_of(window: MainWindow) -> ReaderView:
    """The transcript that is shown."""
    return window.pages.transcripts.page.words


def marked(view: ReaderView) -> list[str]:
    """The marked pieces of the text."""
    return [each.cursor.selectedText() for each in view.extraSelections()]


def test_an_episode_says_where_it_stands_in_every_state(library: Library, jobs: FakeJobs, show: Show) -> None:
    episode_id = an_episode(library, backlog=0)
    window = show()
    window.go(f"episode/{episode_id}")
    assert {"Not chosen", "21 November, 58 min, Ann Example, Ben"} <= set(texts(here(window)))
    assert "We talk about heat pumps." in texts(here(window)), "notes are plain text"
    library.queue([episode_id])
    window.pages.show_here()
    assert "Waiting" in texts(here(window))
    library.set_job(episode_id, step="download", state="running")
    window.pages.show_here()
    jobs.progressed.emit(Progress("Downloading", "x", 0.4, order=(episode_id,)))
    assert "Downloading, 40%" in texts(here(window))
    library.set_job(episode_id, step="transcribe", state="running")
    window.pages.show_here()
    jobs.progressed.emit(Progress("Listening to", "x", 0.2, detail="12 of 58 min", order=(episode_id,)))
    assert "Listening, 12 of 58 min" in texts(here(window))
    jobs.progressed.emit(Progress("Looking for news", "Another show", 0.9, detail="of no matter"))
    assert "Listening, 12 of 58 min" in texts(here(window)), "what is told of other work is none of it"
    library.set_job(episode_id, step="extract", state="running")
    window.pages.show_here()
    jobs.progressed.emit(Progress("Waiting", "x", waiting="it runs on battery", order=(episode_id,)))
    assert "Waiting: it runs on battery" in texts(here(window))
    library.set_job(episode_id, step="download", state="failed", reason="The disk is full.")
    window.pages.show_here()
    assert "Failed: The disk is full." in texts(here(window))


def test_an_episode_is_queued_skipped_tried_again_and_marked(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    episode_id = an_episode(library, backlog=0)
    window = show()
    window.go(f"episode/{episode_id}")
    press(qtbot, here(window), "Work through it")
    assert library.job(episode_id)
    assert jobs.asked == [("process",)]
    press(qtbot, here(window), "Skip")
    assert library.job(episode_id) is None
    assert "Skipped" in texts(here(window))
    press(qtbot, window.notice, "Undo")
    assert library.job(episode_id)
    library.set_job(episode_id, step="download", state="failed", attempts=3, reason="The disk is full.")
    window.pages.show_here()
    press(qtbot, here(window), "Try again")
    job = library.job(episode_id)
    assert job
    assert (job.step, job.state, job.attempts, job.reason) == ("download", "waiting", 0, None)
    press(qtbot, here(window), "Mark as played")
    assert library.episode_rows(ids=[episode_id])[0].played_ms == to_ms(NOW)
    press(qtbot, here(window), "Not played")
    assert library.episode_rows(ids=[episode_id])[0].played_ms is None
    press(qtbot, here(window), "Download the recording")
    assert jobs.asked[-1] == ("fetch_audio", episode_id)


def test_a_paused_user_is_not_overruled(library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot) -> None:
    episode_id = an_episode(library, backlog=0)
    window = show()
    window.pause_or_go_on()
    window.go(f"episode/{episode_id}")
    press(qtbot, here(window), "Work through it")
    assert jobs.asked == [("pause",)]


def test_the_recording_is_removed(library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot) -> None:
    episode_id = with_words(library)
    library.set_job(episode_id, step="done", state="done")
    audio = jobs.tools.paths.audio / "a.mp3"
    audio.parent.mkdir(parents=True, exist_ok=True)
    audio.write_bytes(b"sound")
    library.note_download(episode_id, "a.mp3", 5, "0" * 64)
    library.note_kept(episode_id, fetched_ms=1, length_told=True, asked=True)
    window = show()
    window.go(f"episode/{episode_id}")
    press(qtbot, here(window), "Remove the recording")
    assert not audio.exists()
    assert button(here(window), "Download the recording")


def test_chapters_and_insights_are_played_and_opened(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    episode_id = an_episode(library)
    window = show()
    heard: list[tuple[int, int]] = []
    window.desk.heard.connect(lambda *moment: heard.append(moment))
    window.go(f"episode/{episode_id}")
    assert rows_of(window)[1] == "Play from 10:00: Two winters"
    chapters = window.pages.episodes.page.chapters
    chapters.setFocus()
    qtbot.keyClick(chapters, Qt.Key.Key_Down)
    qtbot.keyClick(chapters, Qt.Key.Key_Return)
    assert heard == [(episode_id, 600_000)]
    window.go(f"episode/{library.card(insight(0).id).episode_id}")
    press(qtbot, here(window), "▶ 13:24")
    assert window.notice.text() == "The audio of this episode is not on this computer."
    press(qtbot, here(window), "Second Draft")
    assert window.desk.history.here == "show/1"


def test_a_transcript_of_ones_own_is_added_and_one_that_does_not_fit_is_offered(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    episode_id = an_episode(library, backlog=0)
    file = tmp_path / "own.srt"
    file.write_text("1\n00:00:01,000 --> 00:00:03,000\nWe said this.\n\n")
    window = show()
    window.go(f"episode/{episode_id}")
    press(qtbot, here(window), "Add a transcript")
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(file))
    dialog.close()
    assert not library.has_transcript(episode_id)
    assert "own.srt" in window.notice.text()
    assert "--anyway" not in window.notice.text()
    press(qtbot, window.notice, "Take it anyway")
    assert library.has_own_transcript(episode_id)
    assert "3 words, from your transcript" in texts(here(window))
    press(qtbot, here(window), "Remove your transcript")
    assert not library.has_own_transcript(episode_id)


def test_a_transcript_is_read_and_a_line_plays_by_click_or_enter(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    episode_id = with_words(library)
    window = show()
    heard: list[tuple[int, int]] = []
    window.desk.heard.connect(lambda *moment: heard.append(moment))
    window.go(f"episode/{episode_id}")
    press(qtbot, here(window), "Read the transcript")
    view = reader_of(window)
    assert view.hasFocus()
    assert view.toPlainText().startswith("00:00\tAnn Example\nWe looked at it for two winters")
    assert "from its publisher's transcript. Click a line" in " ".join(texts(here(window)))
    view.go_to(7_000)
    place = view.cursorRect()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place.center() + QPoint(30, 0))
    assert heard == [(episode_id, 5_000)]
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert heard[1] == (episode_id, 5_000)


def test_what_plays_is_marked_and_scrolled_into_sight_unless_one_looks_elsewhere(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    episode_id = with_words(library)
    window = show()
    window.go(f"transcript/{episode_id}")
    view, page = reader_of(window), window.pages.transcripts.page
    window.desk.moved.emit(episode_id, 1_001_000)
    assert marked(view) == [talk(201)[200].text]
    scrolled = view.verticalScrollBar().value()
    assert scrolled > 0
    window.desk.moved.emit(episode_id + 1, 5_000)
    assert marked(view) == [talk(201)[200].text], "another episode's sound is none of ours"
    view.scrolled_by_hand.emit()
    window.desk.moved.emit(episode_id, 11_000)
    assert view.verticalScrollBar().value() == scrolled
    press(qtbot, page, "Follow the sound")
    window.desk.moved.emit(episode_id, 16_000)
    assert view.verticalScrollBar().value() < scrolled


def test_a_transcript_is_searched_with_keys(library: Library, show: Show, qtbot: QtBot) -> None:
    episode_id = with_words(library, 30)
    window = show()
    window.go(f"transcript/{episode_id}")
    view, page = reader_of(window), window.pages.transcripts.page
    window.pages.look_for()
    field = QApplication.focusWidget()
    assert field is not None
    qtbot.keyClicks(field, "SIZED for")
    assert "1 of 10" in texts(page)
    assert view.extraSelections()[0].cursor.selectedText() == "sized for", "behind a sign of two units, too"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "2 of 10" in texts(page)
    window.pages.find_next(-1)
    window.pages.find_next(-1)
    assert "10 of 10" in texts(page)
    qtbot.keyClicks(field, "xx")
    assert "not found" in texts(page)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert view.hasFocus()
    assert marked(view) == []


def test_an_address_leads_to_a_moment_of_a_transcript_and_stays_there_when_words_come(
    library: Library, show: Show
) -> None:
    episode_id = an_episode(library)
    said = talk(300)
    window = show()
    hear(library, episode_id, said[:200])
    window.go(f"transcript/{episode_id}/500000")
    view = reader_of(window)
    assert view.textCursor().block().text()
    scrolled = view.verticalScrollBar().value()
    assert scrolled > 0
    assert "listening goes on" in " ".join(texts(here(window)))
    hear(library, episode_id, said[200:])
    window.pages.show_here()
    assert view.verticalScrollBar().value() == scrolled
    assert len(view.toPlainText()) > 300 * 60


def test_six_hours_of_words_are_set_as_paragraphs_that_a_page_can_hold() -> None:
    made = paragraphs([Segment(n * 5000, n * 5000 + 1, "word " * 14 + "end.") for n in range(4320)])
    assert 500 < len(made) < 800
    assert [each.first for each in made[1:]] == [each.last + 1 for each in made[:-1]]
    assert segment_at(talk(3), 4_999) == 0
    assert segment_at(talk(3)[1:], 1) is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_episode_and_transcript_are_painted(
    theme: str, library: Library, show: Show, pytestconfig: pytest.Config
) -> None:
    fill(library)
    episode_id = with_words(library)
    window = show(theme=theme)
    window.go(f"episode/{episode_id}")
    look_at(window, f"episode-{theme}", pytestconfig)
    window.go(f"episode/{library.card(insight(0).id).episode_id}")
    look_at(window, f"episode-read-{theme}", pytestconfig)
    window.go(f"transcript/{episode_id}")
    window.desk.moved.emit(episode_id, 11_000)
    window.pages.look_for()
    window.pages.transcripts.page._asked.setText("pipes")
    look_at(window, f"transcript-{theme}", pytestconfig)


@pytest.mark.parametrize("trouble", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_is_said_of_shows_and_episodes_keeps_the_layout(
    trouble: str, library: Library, show: Show
) -> None:
    fill(library, trouble)
    feed_id = library.feeds()[0].id
    episode_id = library.episode_ids(feed_id)[0]
    said = (Segment(0, 900, trouble, trouble), Segment(900, 1800, trouble or "x", "Ben"))
    library.store_transcript(episode_id, Transcript("publisher", said))
    window = show()
    for place in ("Library", f"show/{feed_id}", f"episode/{episode_id}", f"transcript/{episode_id}"):
        window.go(place)
        QApplication.processEvents()
        page = here(window)
        assert window.width() == 1280
        assert all(label.textFormat() == Qt.TextFormat.PlainText for label in page.findChildren(QLabel))
        assert all(each.width() <= page.width() for each in page.findChildren(QWidget) if each.isVisible())
        assert not any(each.toolTip() for each in page.findChildren(QWidget))
        unnamed = [each for each in page.findChildren(QWidget) if takes_keys(each) and not spoken(each)]
        assert not unnamed


def takes_keys(widget: QWidget) -> bool:
    """Whether the keyboard can be brought there."""
    return widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def spoken(widget: QWidget) -> str:
    """What a screen reader calls it."""
    found = QAccessible.queryAccessibleInterface(widget)
    return found.text(QAccessible.Text.Name).strip() if found else ""
