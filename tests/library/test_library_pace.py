"""A large library answers at once: what is asked often looks at indexes, not at all rows."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from older_library import older_library

from earmark.found import Narrow
from earmark.library import Library, open_library, open_reader
from earmark.library.schema import SCHEMA_VERSION
from earmark.paths import Paths
from earmark.records import ParsedFeed


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "profile")


def plan_of(library: Library, asked: Callable[[], object]) -> str:
    """How SQLite answers the questions that a call asks."""
    told: list[str] = []
    library._db.set_trace_callback(told.append)
    asked()
    library._db.set_trace_callback(None)
    plans = [library._db.execute(f"EXPLAIN QUERY PLAN {each}") for each in told if each.startswith("SELECT")]
    return "\n".join(row[3] for plan in plans for row in plan)


def test_an_older_library_gets_what_makes_it_answer_at_once(paths: Paths) -> None:
    with older_library(paths, "m017_pace", 16) as db:
        db.execute("INSERT INTO extractions (episode_id, counts, read_ms) VALUES (1, '{}', 5)")
    with open_library(paths) as library:
        assert library.read_since(5) == [1]
    with closing(sqlite3.connect(paths.library)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        found = {row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'index'")}
    assert {"insights_with_episode", "extractions_by_time"} <= found


def test_topics_are_counted_without_the_texts_of_insights(paths: Paths) -> None:
    with open_library(paths) as library:
        assert "insights_with_episode" in plan_of(library, library.topics)


def test_the_open_work_is_found_without_looking_at_all_episodes(paths: Paths) -> None:
    with open_library(paths) as library:
        for ask in (library.open_jobs, library.unfinished_jobs):
            plan = plan_of(library, ask)
            assert "jobs_by_state" in plan
            assert "SCAN" not in plan


def test_what_is_unfinished_is_all_but_what_is_done_in_the_order_of_work(paths: Paths) -> None:
    with open_library(paths) as library:
        library.add_feed("u", ParsedFeed("A show", None, "", None, ()), near=True)
        states = {2: "waiting", 3: "done", 4: "running", 5: "failed", 6: "waiting"}
        with library._transaction() as db:
            for number, state in states.items():
                names = "id, feed_id, guid, title, transcripts, notes, published_ms"
                row = [number, library.feeds()[0].id, f"g{number}", "t", "[]", "", number]
                db.execute(f"INSERT INTO episodes ({names}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
                db.execute(
                    "INSERT INTO jobs (episode_id, step, state) VALUES (?, 'words', ?)", [number, state]
                )
        assert [job.episode_id for job in library.unfinished_jobs()] == [6, 5, 4, 2]
        assert library.unfinished_jobs() == [job for job in library.jobs() if job.state != "done"]


def test_what_was_read_since_a_moment_is_found_by_its_time(paths: Paths) -> None:
    with open_library(paths) as library:
        assert "extractions_by_time" in plan_of(library, lambda: library.read_since(0))


@pytest.mark.parametrize("narrow", [Narrow(), Narrow(since_ms=0)])
def test_only_the_best_are_looked_up_unless_a_search_is_narrowed(narrow: Narrow, paths: Paths) -> None:
    open_library(paths).close()
    with open_reader(paths) as reader:
        library: Library = reader  # type: ignore[assignment]
        for ask in (reader.insights_with, reader.episodes_with):
            plan = plan_of(library, lambda ask=ask: ask("word", narrow, 5))  # type: ignore[misc]
            assert ("MATERIALIZE w" in plan or "CO-ROUTINE w" in plan) == (narrow == Narrow())
