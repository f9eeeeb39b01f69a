"""The library: what is stored stays, what is shown stays, and nobody else writes."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from older_library import older_library
from small_shows import an_insight, take_in

from earmark.errors import KnownError
from earmark.library import (
    Library,
    LibraryInUse,
    backups,
    log_beside,
    open_library,
    open_reader,
    pool_queries,
    schema,
)
from earmark.paths import Paths
from earmark.records import (
    Brief,
    BriefItem,
    Enclosure,
    EpisodeId,
    Extraction,
    ExtractionCounts,
    Insight,
    InsightId,
    Link,
    ParsedEpisode,
    Passage,
    Segment,
    Transcript,
    TranscriptLink,
    Verdict,
)

MODEL = "a-model"


def episode(guid: str, published_ms: int | None = 1000) -> ParsedEpisode:
    """An item of a feed."""
    return ParsedEpisode(
        guid,
        f"Title of {guid}",
        published_ms,
        Enclosure("https://example.org/a.mp3", "audio/mpeg", 12),
        (TranscriptLink("https://example.org/t.json", "application/json", "en"),),
        60_000,
        "<p>notes</p>",
        None,
    )


def insight(id_: str, **changes: object) -> Insight:
    """An insight with everything filled in."""
    told: dict[str, object] = {"headline": "A claim", "quote": "a claim", "end_ms": 500}
    return an_insight(id_, "A claim.", **(told | changes))


def extraction(*insights: Insight) -> Extraction:
    """What reading gave."""
    return Extraction(insights, (Passage(0, 1, 0, 500, "talk"),), ExtractionCounts(candidates=3, kept=1))


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """A profile."""
    return Paths(tmp_path / "profile")


def filled(library: Library, *guids: str, backlog: int = 100) -> list[EpisodeId]:
    """A feed with these episodes; their ids in this order."""
    new = [episode(guid, 1000 - n) for n, guid in enumerate(guids)]
    return take_in(library, "A show", new, backlog=backlog, etag='"e"', body_sha256="0")


def read(library: Library, episode_id: EpisodeId, *insights: Insight) -> None:
    """Give an episode words and insights."""
    library.store_transcript(episode_id, Transcript("publisher", (Segment(0, 500, "a claim", "Ann"),)))
    vectors = {i.id: np.eye(3, dtype=np.float32)[n % 3] for n, i in enumerate(insights)}
    library.store_extraction(episode_id, extraction(*insights), vectors, MODEL, now_ms=1)


def test_an_episode_comes_back_as_it_was_given(paths: Paths) -> None:
    with open_library(paths) as library:
        [episode_id] = filled(library, "g1")
        found, given = library.episode(episode_id), episode("g1")
        for name in ("guid", "title", "published_ms", "enclosure", "transcripts", "duration_ms", "notes"):
            assert getattr(found, name) == getattr(given, name)
        assert found.feed_title == "A show"


def test_only_the_newest_of_a_new_feed_are_queued_and_later_ones_all(paths: Paths) -> None:
    with open_library(paths) as library:
        ids = filled(library, "g1", "g2", "g3", "g4", backlog=2)
        assert [job.episode_id for job in library.jobs()] == ids[:2]
        filled(library, "g5", "g6", "g7")
        assert len(library.jobs()) == 5


def test_words_insights_and_vectors_come_back_as_they_were_stored(paths: Paths) -> None:
    with open_library(paths) as library:
        [episode_id] = filled(library, "g1")
        read(library, episode_id, insight("a"), insight("b"))
        assert library.insights(episode_id) == [insight("a"), insight("b")]
        assert library.transcript(episode_id) == Transcript("publisher", (Segment(0, 500, "a claim", "Ann"),))
        placed = library.placed_vectors(MODEL)
        ids, matrix = placed.ids, placed[:]
        assert ids == ["a", "b"]
        assert matrix.tolist() == np.eye(3)[:2].tolist()
        assert library.counts(episode_id) == ExtractionCounts(candidates=3, kept=1)


def test_what_is_read_in_parts_and_columns_is_what_is_read_one_by_one(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_queries, "BLOCK_ROWS", 2)
    with open_library(paths) as library:
        first, second = filled(library, "g1", "g2")
        read(library, second, insight("d"), insight("b"))
        read(library, first, insight("c"), insight("a"), insight("e"))
        columns = library.insight_columns(MODEL)
        assert columns.ids == ["a", "b", "c", "d", "e"]
        assert columns.episodes.tolist() == [first, second, first, second, first]
        cards = library.cards(columns.ids)
        assert columns.qualities.tolist() == [card.insight.quality for card in cards]
        assert [None if np.isnan(ms) else ms for ms in columns.published_ms] == [
            c.published_ms for c in cards
        ]
        assert columns.followed.all()
        assert columns.feeds.tolist() == [feed.id for feed in library.feeds()] * 5
        _, vectors, *_ = library.vectors_of(columns.ids, MODEL)
        alone = vectors.tolist()
        blocks = list(library.vectors_in_blocks(MODEL))
        assert [len(block) for block in blocks] == [2, 2, 1]
        assert np.concatenate(blocks).tolist() == alone
        words = [each for block in library.words_in_blocks(MODEL) for each in block]
        assert words == [
            (c.insight.headline, c.insight.text, c.insight.quote, c.episode_title) for c in cards
        ]
        placed = library.placed_vectors(MODEL)
        assert (placed.ids, placed.episodes) == (columns.ids, columns.episodes.tolist())
        assert placed[:].tolist() == alone
        assert placed[np.array([4, 0, 3])].tolist() == [alone[4], alone[0], alone[3]]
        assert placed[1:1].size == 0
        assert library.insight_columns("another model").ids == []


def test_looking_at_every_insight_sorts_nothing(paths: Paths) -> None:
    """SQLite would sort all vectors, and the user's words, in a file on the disk."""
    with open_library(paths) as library:
        asked: list[str] = []
        library._db.set_trace_callback(asked.append)
        library.insight_columns(MODEL)
        list(library.vectors_in_blocks(MODEL))
        list(library.words_in_blocks(MODEL))
        library._db.set_trace_callback(None)
        assert len(asked) == 3
        for query in asked:
            plan = [row[3] for row in library._db.execute(f"EXPLAIN QUERY PLAN {query}")]
            assert not [step for step in plan if "TEMP B-TREE" in step]


def test_what_bears_on_an_insight_counts_without_what_is_hidden(paths: Paths) -> None:
    with open_library(paths) as library:
        [first, second] = filled(library, "g1", "g2")
        read(library, first, insight("a"))
        read(library, second, insight("b"), insight("c"))
        a, b, c = (InsightId(id_) for id_ in "abc")
        library.store_links({a: [Link(a, b, 0.9), Link(a, c, 0.8)]}, {a: 0.0}, MODEL)
        library.store_lists({a: [Link(a, b, 0.9, 0), Link(a, c, 0.8, 1)]})
        assert library.insight_columns(MODEL).related.tolist() == [2, 0, 0]
        library.set_mark(c, hidden=True)
        assert library.insight_columns(MODEL).related.tolist() == [1, 0, 0]


def test_marks_survive_reading_an_episode_again_and_the_loss_of_the_insight(paths: Paths) -> None:
    with open_library(paths) as library:
        [episode_id] = filled(library, "g1")
        read(library, episode_id, insight("a"))
        library.set_mark(InsightId("a"), saved=True)
        read(library, episode_id, insight("b"))
        assert library.saved_cards() == []
        read(library, episode_id, insight("a"))
        assert [card.insight.id for card in library.saved_cards()] == ["a"]


def test_what_a_brief_showed_keeps_its_place(paths: Paths) -> None:
    with open_library(paths) as library:
        [episode_id] = filled(library, "g1")
        read(library, episode_id, insight("a"), insight("b"))
        first = Brief("2026-11-23", "one", (BriefItem(InsightId("a"), 1, "why"),))
        library.store_brief(first, now_ms=1)
        longer = Brief("2026-11-23", "two", (*first.items, BriefItem(InsightId("b"), 2, "why")))
        library.store_brief(longer, now_ms=1)
        page = library.brief("2026-11-23")
        assert page is not None
        assert page.brief == longer
        with pytest.raises(ValueError, match="would change"):
            library.store_brief(Brief("2026-11-23", "x", (BriefItem(InsightId("b"), 1, "why"),)), now_ms=1)
        assert library.brief("2026-11-23") == page


def test_related_are_in_the_order_of_the_list_and_bring_what_is_folded_into_them(paths: Paths) -> None:
    with open_library(paths) as library:
        one, two = filled(library, "g1", "g2")
        read(library, one, insight("a"))
        read(library, two, insight("b"), insight("c"), insight("d"))
        a, b, c, d = (InsightId(name) for name in "abcd")
        listed = [Link(a, b, 0.6, 1), Link(a, c, 0.5, 0), Link(a, d, 0.4, folded_into=b)]
        library.store_links({a: listed}, {a: 0.3}, MODEL)
        assert library.related(a) == []
        assert library.store_lists({a: listed}).insight_ids == {a}
        assert not library.store_lists({a: listed})
        found = [
            (item.card.insight.id, [also.insight.id for also in item.also]) for item in library.related(a)
        ]
        assert found == [("c", []), ("b", ["d"])]
        assert library.card(a).related_count == 2
        assert library.hubs([a]) == {a: 0.3}


def test_an_insight_whose_links_lose_their_end_is_to_be_linked_anew(paths: Paths) -> None:
    with open_library(paths) as library:
        one, two = filled(library, "g1", "g2")
        read(library, one, insight("a"))
        read(library, two, insight("b"))
        assert library.unlinked(MODEL, 9) == ["a", "b"]
        a, b = InsightId("a"), InsightId("b")
        library.store_links({a: [Link(a, b, 0.5)], b: []}, {a: 0.0, b: 0.0}, MODEL)
        assert library.unlinked(MODEL, 9) == []
        assert library.unlinked("another model", 9) == []
        read(library, two)
        assert library.unlinked(MODEL, 9) == ["a"]
        assert library.links() == []


def test_verdicts_outlive_reading_again_but_not_other_words(paths: Paths) -> None:
    with open_library(paths) as library:
        one, two = filled(library, "g1", "g2")
        read(library, one, insight("a"))
        read(library, two, insight("b"))
        a, b = InsightId("a"), InsightId("b")
        library.store_verdicts([Verdict(a, b, "example", "why")], version="1", model_id="m")
        with pytest.raises(ValueError, match="lower id"):
            library.store_verdicts([Verdict(b, a, "example")], version="1", model_id="m")
        read(library, one, insight("a"))
        assert (library.verdicts(a), library.verdicts(b)) == (
            {b: ("example", "why")},
            {a: ("example of", "why")},
        )
        read(library, one, replace(insight("a"), text="Other words."))
        assert library.verdicts(b) == {}
        library.store_verdicts([Verdict(a, b, None)], version="1", model_id="m")
        read(library, two)
        library.forget_lost_verdicts()
        assert library.verdicts(a) == {}


def test_listening_goes_on_behind_the_last_stored_window(paths: Paths) -> None:
    with open_library(paths) as library:
        [episode_id] = filled(library, "g1")
        unsure = Segment(900, 2000, "two or", None, (900, 1500), ((1, 0.25),))
        said = [Segment(0, 900, "one"), unsure, Segment(2000, 2500, "three")]
        library.append_window(episode_id, said[:2], next_ms=2000, total_ms=2500, model_id="m", language="en")
        assert library.heard_language(episode_id) == "en"
        assert library.partial_segments(episode_id) == (said[:2], 2000)
        assert library.transcript(episode_id) is None
        library.append_window(episode_id, said[2:], next_ms=2500, total_ms=2500, model_id="m", language="en")
        library.finish_transcript(episode_id)
        assert library.transcript(episode_id) == Transcript("speech", tuple(said), "en", "m")


def test_a_recording_that_ended_far_before_its_feed_says_is_known(paths: Paths) -> None:
    with open_library(paths) as library:
        broken, whole = filled(library, "broken", "whole")
        for each, heard_ms in ((broken, 20_000), (whole, 59_000)):
            library.append_window(each, (), next_ms=heard_ms, total_ms=heard_ms, model_id="m", language="en")
        assert library.broke_off() == {}  # for all that is known, listening goes on
        for each in (broken, whole):
            library.finish_transcript(each)
        assert library.broke_off() == {broken: (20_000, 60_000)}


def test_a_second_writer_is_refused_and_readers_are_not(paths: Paths) -> None:
    with open_library(paths) as library:
        filled(library, "g1")
        with pytest.raises(LibraryInUse, match="already open"):
            open_library(paths)
        with open_reader(paths) as reader:
            assert len(reader.episodes()) == 1


def test_a_library_of_a_newer_earmark_is_left_alone(paths: Paths) -> None:
    open_library(paths).close()
    with closing(sqlite3.connect(paths.library)) as db:
        db.execute("PRAGMA user_version = 999")
    before = paths.library.read_bytes()
    for opener in (open_library, open_reader):
        with pytest.raises(KnownError, match="newer Earmark"):
            opener(paths)
    assert paths.library.read_bytes() == before


@pytest.mark.parametrize("empty", [True, False])
def test_a_library_that_is_lost_while_copies_are_kept_is_not_begun_anew(paths: Paths, *, empty: bool) -> None:
    with open_library(paths) as library:
        filled(library, "g1")
    open_library(paths).close()
    paths.library.unlink()
    if empty:
        paths.library.touch()
    with pytest.raises(KnownError, match=r"copies of it are kept.*library-\d{4}"):
        open_library(paths)
    assert len(backups(paths)) == 1
    backups(paths)[0].rename(paths.library)
    with open_library(paths) as library:
        assert len(library.episodes()) == 1


def test_a_database_of_another_program_is_left_alone(paths: Paths) -> None:
    paths.create()
    with closing(sqlite3.connect(paths.library)) as db:
        db.execute("CREATE TABLE recipes (name)")
    before = paths.library.read_bytes()
    for opener in (open_library, open_reader):
        with pytest.raises(KnownError, match="not a library of Earmark"):
            opener(paths)
    assert paths.library.read_bytes() == before
    assert backups(paths) == []


def test_a_disk_without_room_is_told_and_the_next_write_works(paths: Paths) -> None:
    with open_library(paths) as library:
        (episode_id,) = filled(library, "g1")
        library.log_request(1, "example.org", "test", 200, 10)
        full = library._db.execute("PRAGMA page_count").fetchone()[0]
        library._db.execute(f"PRAGMA max_page_count = {full}")
        words = Transcript("publisher", (Segment(0, 500, "a claim " * 50_000),))
        with pytest.raises(KnownError, match="disk is full"):
            library.store_transcript(episode_id, words)
        assert not library.has_transcript(episode_id)
        library._db.execute("PRAGMA max_page_count = 1000000")
        library.store_transcript(episode_id, words)
        assert library.transcript(episode_id) == words
        assert [request["host"] for request in library.requests(10)] == ["example.org"]


def test_of_one_day_s_copies_that_of_the_newest_form_comes_first(paths: Paths) -> None:
    paths.create()
    for name in ("2026-11-25-v12", "2026-11-26-v7", "2026-11-26-v12"):
        (paths.backups / f"library-{name}.db").touch()
    assert [file.stem[8:] for file in backups(paths)] == ["2026-11-26-v12", "2026-11-26-v7", "2026-11-25-v12"]


def test_a_copy_that_was_cut_off_another_day_goes_when_the_library_is_opened(paths: Paths) -> None:
    with open_library(paths) as library:
        filled(library, "a")
    names = [f"library-2020-01-01-v3.part{ending}" for ending in ("", "-wal", "-shm", "-journal")]
    for name in (*names, "library-2020-01-02-v3.db"):
        (paths.backups / name).touch()
    with open_library(paths):
        assert not list(paths.backups.glob("*.part*"))
    assert (paths.backups / "library-2020-01-02-v3.db").exists()


def test_a_damaged_library_is_kept_and_the_newest_copy_is_named(paths: Paths) -> None:
    with open_library(paths) as library:
        filled(library, "g1")
    open_library(paths, clock=lambda: datetime(2026, 11, 24, tzinfo=UTC)).close()
    damaged = b"this is no database at all" * 400
    paths.library.write_bytes(damaged)
    with pytest.raises(KnownError, match=r"damaged.*library-2026-11-24"):
        open_library(paths)
    assert paths.library.read_bytes() == damaged


def test_copies_are_made_daily_and_the_newest_seven_are_kept(paths: Paths) -> None:
    for day in range(1, 12):
        open_library(paths, clock=lambda day=day: datetime(2026, 11, day, tzinfo=UTC)).close()
    kept = [path.name for path in backups(paths)]
    assert kept[0].startswith("library-2026-11-11")
    assert len(kept) == 7
    for path in backups(paths):
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("SELECT count(*) FROM feeds").fetchone() == (0,)


def test_a_change_of_form_that_fails_leaves_the_old_form(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "FIRST_FORM", (*schema.FIRST_FORM, "CREATE TABLE feeds (id)"))
    with pytest.raises(KnownError):
        open_library(paths)
    with closing(sqlite3.connect(paths.library)) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    assert "feeds" not in tables
    monkeypatch.undo()
    with open_library(paths) as library:
        assert filled(library, "g1")


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX files")
def test_only_the_user_can_read_the_library(paths: Paths) -> None:
    open_library(paths).close()
    assert paths.data.stat().st_mode & 0o777 == 0o700
    assert paths.library.stat().st_mode & 0o777 == 0o600


WRITER = """
import sys
from pathlib import Path
from earmark.library import open_library
from earmark.paths import Paths
with open_library(Paths(Path(sys.argv[1]))) as library:
    start = len(library.requests(1_000_000))
    for number in range(100_000):
        library.log_request(number, "host", "why", 200, number)
        library.note_checks([], now_ms=number)
        print(start + number + 1, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_what_was_acknowledged_survives_kill_9_at_any_moment(paths: Paths) -> None:
    open_library(paths).close()
    chance = random.Random(7)
    for _ in range(12):
        command = [sys.executable, "-c", WRITER, str(paths.data)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randint(1, 40)):
                acknowledged = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            acknowledged = max([acknowledged, *(int(line) for line in writer.stdout if line.endswith("\n"))])
        with open_reader(paths) as reader:
            assert 0 <= len(reader.requests(1_000_000)) - min(acknowledged, 1000) <= 1
        with closing(sqlite3.connect(paths.library)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_requests_made_while_another_process_owns_the_library_are_listed_by_its_next_owner(
    tmp_path: Path,
) -> None:
    paths = Paths(tmp_path)
    with open_library(paths):
        log = log_beside(tmp_path)
        log(5, "hub.example", "download a model", 200, 7)
        log(6, "hub.example", "download a model", None, 0)
        with (tmp_path / "requests.jsonl").open("a") as file:
            file.write('[7, "cut')
    with open_library(paths) as library:
        listed = [
            tuple(row) for row in library._db.execute("SELECT time_ms, status, size_bytes FROM requests")
        ]
    assert listed == [(5, 200, 7), (6, None, 0)]
    assert not (tmp_path / "requests.jsonl").exists()


def test_a_kill_while_they_are_taken_in_lists_none_of_them_twice(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    open_library(paths).close()
    log_beside(tmp_path)(5, "hub.example", "download a model", 200, 7)
    before = (tmp_path / "requests.jsonl").read_bytes()
    open_library(paths).close()
    (tmp_path / "requests.taking").write_bytes(before)
    with open_library(paths) as library:
        assert library._db.execute("SELECT count(*) FROM requests").fetchone()[0] == 1


def test_a_library_of_the_form_before_keeps_its_insights_and_links_them_anew(paths: Paths) -> None:
    with older_library(paths, before="m005_links", version=4) as db:
        values = "1, 0, 'h', 't', 'q', 0, 1, 0, 0, 0.5, 'quotes', 'm', '1', '[]'"
        db.execute(f"INSERT INTO insights VALUES ('a', {values})")
        db.execute(f"INSERT INTO insights VALUES ('b', {values})")
        blob = np.ones(2, "<f4").tobytes()
        db.executemany("INSERT INTO embeddings VALUES (?, ?, ?)", [["a", MODEL, blob], ["b", MODEL, blob]])
        db.execute("INSERT INTO links VALUES ('a', 'b', 0.7, 3)")
    with open_library(paths) as library:
        assert [found.id for found in library.insights()] == ["a", "b"]
        assert [found.moment_ms for found in library.insights()] == [(0, 1), (0, 1)]
        assert library.unlinked(MODEL, 9) == ["a", "b"]
        assert library.links() == []
    with closing(sqlite3.connect(paths.library)) as db:
        marks = db.execute("SELECT insight_id, fingerprint FROM embeddings").fetchall()
    assert dict(marks) == {id_: schema.fingerprint(id_, MODEL, blob) for id_ in "ab"}


NO_ROOM = """
import resource, sys
from pathlib import Path
from earmark.library import open_library
from earmark.paths import Paths
from earmark.records import ParsedFeed
library = open_library(Paths(Path(sys.argv[1])))
library.add_feed("https://example.org/feed.xml", ParsedFeed("A show", None, "", None, ()))
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
library.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on file sizes is POSIX's")
def test_a_library_that_cannot_be_folded_together_is_closed_and_keeps_everything(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", NO_ROOM, str(tmp_path)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    with open_library(Paths(tmp_path)) as library:
        assert [feed.url for feed in library.feeds()] == ["https://example.org/feed.xml"]


def test_requests_are_counted_from_a_moment_on_and_the_latest_is_told(tmp_path: Path) -> None:
    with open_library(Paths(tmp_path)) as library:
        assert library.request_count(0) == (None, 0)
        for time_ms in (10, 20, 30):
            library.log_request(time_ms, "host", "why", 200, 1)
        library.note_checks([], now_ms=1)
        assert library.request_count(20) == (30, 2)
