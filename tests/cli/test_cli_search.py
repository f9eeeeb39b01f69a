"""The verbs that ask the library: plain lines, plain faults, JSON where asked."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from shows import Item, serve_show, served

from earmark.cli import main
from earmark.cli.found import as_marked
from earmark.engines.starter import EMBEDDING_ID
from earmark.export import as_podcast_json
from earmark.library import open_library
from earmark.paths import Paths
from earmark.records import Segment, Transcript

SEGMENTS = [
    Segment(
        0, 9000, "A shop that raised its prices by 10 percent lost 2 percent of its customers.", "Ann Lee"
    ),
    Segment(
        9000, 18_000, "The customers who left had always bought the cheapest bread of the shop.", "Ann Lee"
    ),
    Segment(18_000, 25_000, "So the shop earned 8 percent more & needed fewer ovens than <before>.", "Bo"),
    Segment(25_000, 29_000, "And nobody in the shop had expected that.", "Bo"),
]


def earmark(folder: Path, *arguments: str) -> Result:
    """Run a verb in this process."""
    return CliRunner().invoke(main, ["--data-dir", str(folder), *arguments])


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show of two episodes, fetched and read with the starter models."""
    folder = tmp_path_factory.mktemp("profile")
    with served() as web:
        items = [Item(f"e{n}", f"Episode {n}", n + 1, transcript=as_podcast_json(SEGMENTS)) for n in range(2)]
        earmark(folder, "add", serve_show(web, "shop", "Shop Talk", items))
        assert earmark(folder, "process").exit_code == 0
    return folder


def test_search_prints_moments_with_marked_words_and_json(profile: Path) -> None:
    printed = earmark(profile, "search", "prices", "customers")
    assert printed.exit_code == 0
    assert "*prices*" in printed.stdout
    assert "Shop Talk" in printed.stdout
    found = json.loads(earmark(profile, "search", "raising", "prices", "--by", "both", "--json").stdout)
    first = found["moments"][0]
    begin, end = first["marks"][0]
    assert first["text"][begin:end].startswith("raised") or first["text"][begin:end] == "prices"
    assert first["start_ms"] < 9000
    assert found["by"] == "both"


def test_what_nobody_said_has_a_next_step_and_faults_are_one_line(profile: Path) -> None:
    assert "earmark add" in earmark(profile, "search", "zeppelin", "--by", "words").stdout
    for arguments, says in (
        (["search"], "Say what to look for"),
        (["search", "x", "--show", "No such show"], "Shop Talk"),
        (["search", "x", "--since", "yesterday"], "not a date"),
        (["search", "x", "--topic", "nothing"], "no topic"),
        (["topic", "nothing"], "no topic"),
        (["person", "Nobody"], "Nobody called"),
        (["search", "x", "--show", ""], "--show is empty"),
        (["search", "x", "--topic", " "], "--topic is empty"),
        (["search", "x", "--since", ""], "not a date"),
        (["search", "x", "--since", "2026-11-23", "--until", "2026-11-22"], "the other way round"),
        (["ask", ""], "Say what you want to know"),
    ):
        result = earmark(profile, *arguments)
        assert result.exit_code == 1, arguments
        assert says in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1


def test_a_search_may_be_narrowed_and_the_index_built_anew(profile: Path) -> None:
    until = earmark(profile, "search", "prices", "--by", "words", "--until", "1980-01-01")
    assert "Look in the whole library" in until.stdout
    assert (
        "*prices*"
        in earmark(profile, "search", "prices", "--by", "words", "--show", "shop", "--rebuild").stdout
    )
    assert "built anew" in earmark(profile, "search", "--rebuild").stdout


def test_the_first_and_the_last_day_of_the_calendar_are_dates(profile: Path) -> None:
    for first, last, found in (
        ("0001-01-01", "9999-12-31", True),
        ("0001-01-01", "0001-01-01", False),
        ("9999-12-31", "9999-12-31", False),
    ):
        result = earmark(profile, "search", "prices", "--by", "words", "--since", first, "--until", last)
        assert result.exit_code == 0, result.exception
        assert ("*prices*" in result.stdout) is found


def test_nothing_that_was_said_or_asked_reaches_the_terminal_as_an_order(
    profile: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(profile, tmp_path / "profile")
    with open_library(Paths(folder)) as library:  # as if it had come in on another way than from a feed
        said = (Segment(0, 9000, "Nobody \x1b[31mhad heard of zinc.", "Bo"),)
        library.store_transcript(library.episodes()[0].id, Transcript("publisher", said))
    for words, answer in (("zinc", "*zinc*"), ("\x1b[31mzeppelin", "Nothing found for “[31mzeppelin”")):
        search = ["--data-dir", str(folder), "search", words, "--by", "words"]
        told = CliRunner().invoke(main, search, color=True).stdout  # else click itself takes orders out
        assert answer in told
        assert "\x1b" not in told


def test_ask_answers_with_sources_or_says_that_it_is_not_there(profile: Path) -> None:
    told = json.loads(earmark(profile, "ask", "How many customers did the shop lose?", "--json").stdout)
    assert told["in_library"]
    assert "customers" in told["sentences"][0]["source"]["quote"]
    assert told["sentences"][0]["source"]["end_ms"] > told["sentences"][0]["source"]["start_ms"]
    away = earmark(profile, "ask", "Which", "telescope", "sees", "distant", "galaxies?")
    assert away.exit_code == 0
    assert away.stdout.startswith("Not in your library")


def test_people_and_topics_are_listed(profile: Path) -> None:
    people = json.loads(earmark(profile, "people", "--json").stdout)
    assert {person["name"] for person in people} == {"Ann Lee", "Bo"}
    one = json.loads(earmark(profile, "person", "Ann", "Lee", "--json").stdout)
    assert len(one["episodes_with"]) == 2
    assert all(card["show"] == "Shop Talk" for card in one["insights_in_time"])
    assert "Ann Lee: 2 episodes" in earmark(profile, "person", "ann lee").stdout
    assert earmark(profile, "topics", "--json").stdout == "[]\n"
    assert "There are no topics yet" in earmark(profile, "topics").stdout


def test_a_topic_is_read_in_time_by_its_name(profile: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(profile, tmp_path / "profile")
    with open_library(Paths(folder)) as library:
        cards = library.cards()
        members = [card.insight.id for card in cards]
        library.store_topics({}, [("Prices of bread", members), ("Breadth", [])], EMBEDDING_ID)
    (topic,) = json.loads(earmark(folder, "topics", "--json").stdout)
    assert (topic["name"], topic["insights"], topic["episodes"]) == ("Prices of bread", len(members), 2)
    assert f"Prices of bread: {len(members)} insights of 2 episodes" in earmark(folder, "topics").stdout
    told = earmark(folder, "topic", "bread")
    assert told.exit_code == 0
    assert told.stdout.startswith(f"Prices of bread: {len(members)} insights of 2 episodes\n")
    shown = [line.split()[-1] for line in told.stdout.splitlines() if "earmark show" in line]
    in_time = sorted(cards, key=lambda c: (c.published_ms or 0, c.episode_id, c.insight.start_ms))
    assert shown == [card.insight.id for card in in_time]
    whole = json.loads(earmark(folder, "topic", "prices", "of", "bread", "--json").stdout)
    assert [card["id"] for card in whole["insights_in_time"]] == shown
    assert whole["disagreements"] == []


def test_marks_are_plain_and_cannot_be_forged() -> None:
    assert as_marked("a *b* c", ((0, 1),)) == "*a* b c"
