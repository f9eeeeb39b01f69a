"""What the user does with shows and episodes, and what it leaves of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database
from test_library import MODEL, episode, filled, insight, read

from earmark.library import Library, open_library, schema
from earmark.paths import Paths
from earmark.records import EpisodeId, FeedId, InsightId, NewShow, ParsedEpisode

DAY_MS = 86_400_000
NOW_MS = 1000 * DAY_MS


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library that is empty."""
    with open_library(Paths(tmp_path / "profile")) as made:
        yield made


def refreshed(library: Library, feed_id: FeedId, *episodes: ParsedEpisode, now_ms: int = NOW_MS) -> None:
    """A refresh brings these episodes, those that are known among them."""
    feed = library.feed(feed_id)
    known = {each.guid for each in library.episodes(feed_id)}
    library.apply_refresh(
        feed_id, new=[e for e in episodes if e.guid not in known], changed=[], title=feed.title, link=None,
        language=None, url=feed.url, etag=None, last_modified=None, body_sha256="1", now_ms=now_ms, backlog=3,
    )  # fmt: skip


def sound(library: Library) -> None:
    """Every table, its references and the indexes of words agree."""
    db = library._db
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    for index in ("episode_words", "spoken_words", "insight_words", "show_words"):
        db.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")


def test_what_is_unsubscribed_from_leaves_its_insights_and_what_the_user_did(library: Library) -> None:
    kept, heard_for_nothing, _queued, played = filled(library, "g1", "g2", "g3", "g4")
    read(library, kept, insight("i1"), insight("i2"))
    read(library, heard_for_nothing)
    library.set_job(kept, step="done", state="done")
    library.set_mark(InsightId("i1"), saved=True)
    library.mark_played([played], played_ms=5)
    library.note_download(kept, "a.audio", 70, "0")
    feed_id = library.feeds()[0].id
    leaving = library.leaving(feed_id)
    assert (leaving.episodes, leaving.queued, leaving.audio, leaving.audio_bytes) == (2, 3, ("a.audio",), 70)
    assert (leaving.kept_episodes, leaving.insights, leaving.saved) == (2, 2, 1)
    library.unsubscribe(feed_id, now_ms=9)
    assert library.feeds() == []
    assert library.library_counts()["feeds"] == 0
    assert library.episodes_titled("title of g") == []
    assert {id_ for id_, _ in library.episodes_titled("title of g", of_left_shows=True)} == {kept, played}
    assert {e.id for e in library.episodes(feed_id)} == {kept, played}
    assert [job.state for job in library.jobs()] == ["done"]
    assert library.download(kept) is None
    assert [card.insight.id for card in library.saved_cards()] == ["i1"]
    assert library.card(InsightId("i2")).feed_title == "A show"
    assert (library.transcript(kept) is not None, library.is_ended(feed_id)) == (True, True)
    assert (library.show_rows(), library.episode_rows(), library.feeds_named("show")) == ([], [], [])
    assert library.insight_columns(MODEL).followed.tolist() == [False, False]
    sound(library)


def test_a_show_that_gave_nothing_goes_wholly(library: Library) -> None:
    filled(library, "g1", "g2")
    feed_id = library.feeds()[0].id
    library.unsubscribe(feed_id, now_ms=9)
    assert library.feed_addresses() == {}
    assert library.library_counts()["episodes"] == 0
    sound(library)


def test_a_show_taken_up_again_finds_its_insights_and_begins_like_a_new_one(library: Library) -> None:
    [first, *_] = filled(library, "g1", "g2", "g3")
    read(library, first, insight("i1"))
    library.set_job(first, step="done", state="done")
    feed_id = library.feeds()[0].id
    library.unsubscribe(feed_id, now_ms=9)
    library.subscribe_again(feed_id, first_episodes=2, imported_ms=None)
    feed = library.feed(feed_id)
    assert (feed.etag, feed.body_sha256, feed.checked_ms) == (None, None, None)
    again = [episode(f"g{n}", 10_000 - n) for n in range(1, 30)]
    refreshed(library, feed_id, *again)
    assert [f.id for f in library.feeds()] == [feed_id]
    columns = library.insight_columns(MODEL)
    assert (columns.followed.tolist(), columns.feeds.tolist()) == ([True], [feed_id])
    assert [job.state for job in library.jobs()].count("waiting") == 2
    refreshed(library, feed_id, *again, episode("new", 20_000))
    assert [job.state for job in library.jobs()].count("waiting") == 3, "from then on every new one"
    sound(library)


def test_shows_of_a_list_are_there_before_anybody_was_asked(library: Library) -> None:
    shows = [NewShow("https://e.org/a", "A"), NewShow("https://e.org/b", "B", "https://e.org", near=True)]
    assert len(library.add_shows(shows, now_ms=7, first_episodes=1).feed_ids) == 2
    assert [f.title for f in library.last_import()] == ["A", "B"]
    assert library.add_shows(shows, now_ms=8, first_episodes=1).feed_ids == frozenset()
    assert [(f.title, f.link, f.near, f.checked_ms) for f in library.feeds()] == [
        ("A", None, False, None),
        ("B", "https://e.org", True, None),
    ]
    assert library.last_import() == [], "the latest list brought nothing"
    feed_id = library.feeds()[0].id
    refreshed(library, feed_id, *(episode(f"g{n}", n) for n in range(9)))
    assert len(library.jobs()) == 1


def test_an_episode_that_is_skipped_is_out_of_the_work_until_it_is_wanted(library: Library) -> None:
    first, second = filled(library, "g1", "g2")
    library.skip([first])
    assert [job.episode_id for job in library.jobs()] == [second]
    row = {row.id: row for row in library.episode_rows()}[first]
    assert (row.skipped, row.state) == (True, None)
    library.unskip([first])
    assert {job.episode_id for job in library.jobs()} == {first, second}
    assert library._db.execute("SELECT count(*) FROM episode_marks").fetchone()[0] == 0


@pytest.mark.parametrize(("change", "fault"), [("skip", "DELETE ON jobs"), ("unskip", "INSERT ON jobs")])
def test_what_breaks_off_between_the_mark_and_the_queue_changed_nothing(
    library: Library, change: str, fault: str
) -> None:
    first, _second = filled(library, "g1", "g2")
    if change == "unskip":
        library.skip([first])
    before = library.episode_rows()
    library._db.execute(
        f"CREATE TEMP TRIGGER broken BEFORE {fault} BEGIN SELECT raise(ABORT, 'broke off'); END"
    )
    with pytest.raises(sqlite3.IntegrityError, match="broke off"):
        getattr(library, change)([first])
    assert library.episode_rows() == before


def test_skipping_what_was_read_keeps_its_insights_and_its_place(library: Library) -> None:
    [only] = filled(library, "g1")
    read(library, only, insight("i1"))
    library.set_job(only, step="done", state="done")
    library.skip([only])
    [row] = library.episode_rows()
    assert (row.state, row.insights) == ("done", 1)


def test_played_is_noted_and_taken_back(library: Library) -> None:
    [only] = filled(library, "g1")
    library.mark_played([only], played_ms=5)
    assert [row.played_ms for row in library.episode_rows()] == [5]
    library.mark_played([only], played_ms=None)
    assert [row.played_ms for row in library.episode_rows()] == [None]


def test_old_episodes_that_nobody_touched_go_from_the_list_and_do_not_come_back(library: Library) -> None:
    old = [episode(f"old{n}", n * DAY_MS) for n in range(1, 6)]
    recent = [episode(f"new{n}", (990 + n) * DAY_MS) for n in range(5)]
    undated = episode("undated", None)
    filled(library)
    feed_id = library.feeds()[0].id
    refreshed(library, feed_id, *old, *recent, undated)
    ids = {e.guid: e.id for e in library.episodes(feed_id)}
    read(library, ids["old1"], insight("i1"))
    library.mark_played([ids["old2"]], played_ms=1)
    library.queue([ids["old3"]])
    assert library.set_keep_days(feed_id, 30, now_ms=NOW_MS) == 2
    left = {e.guid for e in library.episodes(feed_id)}
    assert left == {*(e.guid for e in recent), "undated", "old1", "old2", "old3"}
    refreshed(library, feed_id, *old, *recent, undated, episode("newest", 999 * DAY_MS))
    assert {e.guid for e in library.episodes(feed_id)} == {*left, "newest"}
    refreshed(library, feed_id, undated, now_ms=NOW_MS + 100 * DAY_MS)
    assert "new0" not in {e.guid for e in library.episodes(feed_id)}, "it counts at each refresh"
    sound(library)
    library.set_keep_days(feed_id, None, now_ms=NOW_MS)
    queued = len(library.jobs())
    refreshed(library, feed_id, *old, *recent, undated)
    assert "old5" in {e.guid for e in library.episodes(feed_id)}
    assert len(library.jobs()) == queued, "what comes back is not worked on unasked"


def test_lists_are_newest_first_and_undated_ones_last(library: Library) -> None:
    filled(library)
    feed_id = library.feeds()[0].id
    refreshed(library, feed_id, episode("a", 1), episode("b", 3), episode("c", None), episode("d", 2))
    assert [row.title for row in library.episode_rows()] == [f"Title of {g}" for g in "bdac"]
    assert [row.title for row in library.episode_rows(most=2)] == ["Title of b", "Title of d"]
    every = [row.id for row in library.episode_rows()]
    assert [id_ for id_, _ in library.episodes_titled("")] == every


def test_the_numbers_of_a_show_are_those_of_its_episodes(library: Library) -> None:
    first, second, third, _fourth = filled(library, "g1", "g2", "g3", "g4")
    read(library, first, insight("i1"), insight("i2"))
    library.set_job(first, step="done", state="done")
    library.set_job(second, step="words", state="failed", reason="no")
    library.skip([third])
    [row] = library.show_rows()
    assert (row.episodes, row.waiting, row.failed, row.read, row.insights) == (4, 1, 1, 1, 2)
    assert library.waiting_sound(100.0, 16_000) == {row.feed.id: (0.0, 60.0)}


def test_the_length_of_what_waits_is_what_is_left_to_hear(library: Library) -> None:
    filled(library)
    feed_id = library.feeds()[0].id
    silent = replace(episode("a"), transcripts=())
    sizes = replace(silent, guid="b", duration_ms=None)
    refreshed(library, feed_id, silent, sizes)
    first = next(e.id for e in library.episodes() if e.guid == "a")
    library.append_window(first, [], next_ms=20_000, total_ms=50_000, model_id="m")
    heard_s, read_s = library.waiting_sound(100.0, 16_000)[feed_id]
    assert (round(heard_s), round(read_s)) == (30, 50)


def test_a_library_of_an_older_form_takes_this_on_with_all_that_it_holds(tmp_path: Path) -> None:
    """X-05"""
    paths = Paths(tmp_path / "profile")
    with open_library(paths) as library:
        ids = filled(library, "g1", "g2")
        read(library, ids[0], insight("i1"))
    with closing(sqlite3.connect(paths.library)) as db:
        db.execute("DROP TABLE subscriptions")
        db.execute("DROP TABLE episode_marks")
        db.execute("DROP TABLE latest_list")
        Database(db)["_sqlite_migrations"].delete_where("name = 'm011_care'")
        db.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION - 1}")
        db.commit()
    with open_library(paths) as library:
        assert [row.insights for row in library.show_rows()] == [1]
        library.skip([ids[1]])
        assert library.episode_rows(ids=[EpisodeId(ids[1])])[0].skipped


def test_shows_of_an_older_library_get_what_tells_them_apart_for_ever(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "profile")
    with open_library(paths) as library:
        ids = filled(library, "g1", "g2")
    with closing(sqlite3.connect(paths.library)) as db:
        db.execute("DROP TRIGGER a_feed_is_marked")
        db.execute("DROP INDEX episodes_by_feed")
        db.execute("ALTER TABLE feeds DROP COLUMN lasting_id")
        db.execute("INSERT INTO feeds (url, title, near) VALUES ('second', 'A show', 0)")
        Database(db)["_sqlite_migrations"].delete_where("name = 'm014_lasting'")
        db.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION - 1}")
        db.commit()
    with open_library(paths) as library:
        library.add_shows([NewShow("third", "A show")], now_ms=1, first_episodes=1)
        assert len({feed.lasting_id for feed in library.feeds()} - {""}) == 3
        assert [row.id for row in library.episode_rows()] == ids


def test_the_newest_of_a_show_are_found_without_looking_at_its_others(library: Library) -> None:
    filled(library)
    feed_id = library.feeds()[0].id
    refreshed(library, feed_id, *(episode(f"g{n}", n) for n in range(500)))
    looked: list[str] = []
    library._db.set_trace_callback(looked.append)
    newest = library.episode_rows(feed_ids=[feed_id], most=2)
    library._db.set_trace_callback(None)
    assert [row.title for row in newest] == ["Title of g499", "Title of g498"]
    plan = [str(row[3]) for row in library._db.execute(f"EXPLAIN QUERY PLAN {looked[0]}")]
    assert any("episodes_by_feed" in step for step in plan)
    assert not any("TEMP B-TREE" in step for step in plan)
