"""How things are said, without a window."""

import doctest
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filled_library import fill, insight

from earmark.clock import to_ms
from earmark.library import open_library
from earmark.paths import Paths
from earmark.records import EpisodeId, Job, Progress
from earmark.ui import below, calendar_page, desk, quotation, weeks, words
from earmark.ui.history import History
from earmark.ui.listed import Row
from earmark.ui.page import Mark
from earmark.ui.parts import tile_hue
from earmark.ui.quotation import in_context


def test_the_examples_in_the_docstrings_hold() -> None:
    for module in (words, weeks, calendar_page, quotation, desk):
        assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(("ms", "said"), [(0, "00:00"), (804_999, "13:24"), (3_804_000, "1:03:24")])
def test_moments_read_as_people_write_them(ms: int, said: str) -> None:
    assert words.moment(ms) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (20, "less than a minute left"),
        (61, "about 1 min left"),
        (2280, "about 38 min left"),
        (3700, "about 1 hour left"),
        (9000, "about 2 hours left"),
    ],
)
def test_time_left_is_said_in_round_numbers(seconds: float, said: str) -> None:
    assert words.time_left(seconds) == said


def test_progress_says_when_all_is_ready() -> None:
    ready = datetime(2026, 11, 24, 6, 36).astimezone()
    progress = Progress("Reading", "Sleep", 0.5, 3 * 3600, ready_ms=to_ms(ready))
    assert words.progress_detail(progress) == "about 3 hours left, ready by about 06:40"
    later = words.ready_by(ready + timedelta(days=2), ready)
    assert later == "ready by about 06:40 on 26 November"


def test_progress_that_stands_still_says_why_and_promises_nothing() -> None:
    waiting = Progress("Waiting", "Sleep", left_s=60, ready_ms=1, waiting="the computer runs on battery")
    assert words.progress_detail(waiting) == "the computer runs on battery"
    assert words.work_line("transcribe", waiting) == "waiting: the computer runs on battery"
    assert words.working_sentence(waiting) == "Waiting: the computer runs on battery"
    assert words.work_line("transcribe", Progress("Listening to", "Sleep", detail="3 of 9 min")) == (
        "listening, 3 of 9 min"
    )


@pytest.mark.parametrize("title", ["Who sleeps well?", "Wait!", "And then…", "Warm House Inc."])
def test_a_sentence_that_a_title_ends_has_one_end(title: str) -> None:
    working = words.working_sentence(Progress("Listening to", title, 0.5, detail="36 of 58 min"))
    assert working == f"Listening to {title} 36 of 58 min"
    assert Row(words.name(title), spoken=f"{title}. 3 October").sentence == f"{title} 3 October"
    assert words.ended_once(f"{words.name(title)}.") == words.name(title)
    assert words.ended_once("Wait for it... ../a. b.") == "Wait for it... ../a. b."


def test_a_name_is_one_bounded_isolated_line() -> None:
    said = words.name("a\nb \u202e" + "c" * 100_000)
    assert said.startswith("\u2068a b c")
    assert said.endswith("…\u2069")
    assert len(said) <= words.MOST_OF_A_NAME + 2


def test_a_state_says_how_far_listening_is() -> None:
    job = Job(EpisodeId(1), "transcribe", "running", 0, 36 * 60_000, 58 * 60_000, None)
    assert words.job_state(job) == "listening, 36 of 58 min"


def test_the_network_note_counts_the_requests_of_the_day() -> None:
    now = datetime.now(UTC).astimezone()
    at = round(now.timestamp() * 1000)
    note = words.network_note(at, 1, now.date().isoformat())
    assert note == f"Online for feeds only\nLast request {now:%H:%M}, 1 in all today"
    assert "Nothing was asked yet" in words.network_note(None, 0, now.date().isoformat())


def test_a_quotation_stands_in_what_was_said_around_it() -> None:
    said = "alpha " * 60 + "The quoted\nwords " + "omega " * 60
    text, start, length = in_context("the quoted words", said)
    assert text[start : start + length] == "The quoted\nwords"
    assert text.startswith("… alpha")
    assert text.endswith("omega …")
    assert in_context("not there", said) == ("not there", 0, 9)
    assert in_context("", said) == ("", 0, 0)


def test_history_goes_like_a_browser_and_remembers_where_on_a_page_the_user_was() -> None:
    history = History("Today")
    history.keep(Mark(120, 3))
    history.visit("a")
    history.visit("a")
    history.visit("b")
    assert (history.before, history.here, history.after) == ("a", "b", None)
    assert history.back() == "a"
    assert history.back() == "Today"
    assert history.back() is None
    assert history.mark == Mark(120, 3)
    assert history.forward() == "a"
    history.visit("c")
    assert history.after is None
    assert history.forward() is None


def test_a_place_that_leads_nowhere_is_forgotten_and_the_user_stands_where_they_came_from() -> None:
    history = History("Today")
    history.visit("a")
    history.visit("gone")
    history.drop()
    assert (history.before, history.here, history.after) == ("Today", "a", None)
    history.drop()
    assert history.here == "a", "only what was just come to"
    history.visit("b")
    history.back()
    history.drop()
    assert (history.before, history.here, history.after) == ("Today", "b", None)
    history.back()
    history.forward()
    history.drop()
    assert (history.before, history.here, history.after) == (None, "Today", None)
    history.visit("c")
    history.replace("above")
    assert (history.before, history.here) == ("Today", "above")


def test_a_show_keeps_its_colour() -> None:
    assert tile_hue("Second Draft") == tile_hue("Second Draft")
    assert 0 <= tile_hue("\ud800") < 360


def test_a_claim_says_how_often_it_was_heard_from_twice_on(tmp_path: Path) -> None:
    with open_library(Paths(tmp_path)) as library:
        fill(library)
        library.store_heard({insight(0).id: 5})
        assert words.heard_count(library.card(insight(0).id)) == "Heard 5 times"
        assert words.heard_count(library.card(insight(1).id)) == ""


def test_a_fault_of_any_length_is_read_once() -> None:
    """As many steps as letters: a square of them would never end."""
    for endless in ("x" * 2_000_000, "earmark a " * 200_000):
        assert below.without_commands(endless) == endless
