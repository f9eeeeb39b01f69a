"""Writing what the user does with shows and episodes."""

import sqlite3
from collections.abc import Iterable, Sequence

from earmark.library.care_rows import UNTOUCHED, drop_old
from earmark.library.secret_rows import forget_words
from earmark.library.taste_writes import TasteWrites
from earmark.records import Changes, EpisodeId, FeedId, NewShow


class CareWrites(TasteWrites):
    """Stores subscriptions that begin and end, and the marks of episodes; see `Library`."""

    def add_shows(self, shows: Sequence[NewShow], *, now_ms: int, first_episodes: int) -> Changes:
        """Subscribe to the shows of a list, which nobody was asked about yet, all or none of them.

        Of each the newest `first_episodes` are queued when it is first read. One whose address is known is
        left as it is.
        """
        ids = []
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO latest_list VALUES (1, ?)", [now_ms])
            for show in shows:
                row = db.execute(
                    "INSERT INTO feeds (url, title, link, near) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (url) DO NOTHING RETURNING id",
                    [show.url, show.title, show.link, show.near],
                ).fetchone()
                if row is not None:
                    ids.append(FeedId(row[0]))
                    _subscribe(db, ids[-1], first_episodes, now_ms)
        return Changes(feed_ids=frozenset(ids))

    def subscribe_again(self, feed_id: FeedId, *, first_episodes: int, imported_ms: int | None) -> Changes:
        """Take up a show again that was unsubscribed from; it is asked as if nothing of it were known."""
        with self._transaction() as db:
            _subscribe(db, feed_id, first_episodes, imported_ms)
            _ask_anew(db, feed_id)
        return Changes(feed_ids=frozenset({feed_id}))

    def unsubscribe(self, *feed_ids: FeedId, now_ms: int, secret: bool = False) -> Changes:
        """Leave shows: `Reader.leaving` says what goes. A show of which nothing stays goes itself.

        Not while one of its episodes is worked on. The files of its audio are the caller's to delete.
        `secret`: their passwords stand here, so no index of words may hold on to what goes.
        """
        with self._transaction() as db:
            for feed_id in feed_ids:
                _leave(db, feed_id, now_ms)
            if secret:
                forget_words(db)
        return Changes(feed_ids=frozenset(feed_ids))

    def mark_played(self, ids: Iterable[EpisodeId], *, played_ms: int | None) -> Changes:
        """Note that episodes were played, or (None) that they were not."""
        wanted = list(ids)
        with self._transaction() as db:
            _mark(db, wanted, "played_ms", played_ms)
        return Changes(episode_ids=frozenset(wanted))

    def skip(self, ids: Iterable[EpisodeId]) -> Changes:
        """Take episodes out of the work. What was heard so far of them is kept."""
        wanted = list(ids)
        with self._transaction() as db:
            _mark(db, wanted, "skipped", 1)
            db.executemany(
                "DELETE FROM jobs WHERE state <> 'done' AND episode_id = ?", [[id_] for id_ in wanted]
            )
        return Changes(episode_ids=frozenset(wanted))

    def unskip(self, ids: Iterable[EpisodeId]) -> Changes:
        """Queue episodes that were skipped."""
        wanted = list(ids)
        with self._transaction() as db:
            _mark(db, wanted, "skipped", 0)
            _queue(db, wanted)
        return Changes(episode_ids=frozenset(wanted))

    def queue(self, ids: Iterable[EpisodeId]) -> int:
        """Have episodes worked on that were not queued before; how many."""
        with self._transaction() as db:
            return _queue(db, ids)

    def set_queue_order(self, ids: Iterable[EpisodeId]) -> Changes:
        """Have these episodes worked on first, in this order; places that were given before are forgotten."""
        wanted = list(dict.fromkeys(ids))
        with self._transaction() as db:
            db.execute("DELETE FROM queue_places")
            db.executemany(
                "INSERT INTO queue_places (episode_id, place) SELECT id, ?2 FROM episodes WHERE id = ?1",
                [[id_, place] for place, id_ in enumerate(wanted)],
            )
        return Changes(episode_ids=frozenset(wanted))

    def ask_anew(self, feed_ids: Iterable[FeedId]) -> None:
        """Have shows asked at the next refresh as if nothing of them were known."""
        with self._transaction() as db:
            for feed_id in feed_ids:
                _ask_anew(db, feed_id)

    def set_keep_days(self, feed_id: FeedId, days: int | None, *, now_ms: int) -> int:
        """For how long a show's episodes that were never worked on stay listed, None: for ever. What is older
        goes now and at each refresh; how many went now. What went before is listed again with None."""
        with self._transaction() as db:
            _put(db, feed_id, "keep_days", days)
            if days is None:
                _put(db, feed_id, "dropped_before_ms", None)
                _put(db, feed_id, "first_episodes", 0)
                _ask_anew(db, feed_id)
            return drop_old(db, feed_id, now_ms)


def _mark(db: sqlite3.Connection, ids: Iterable[EpisodeId], name: str, value: int | None) -> None:
    db.executemany(
        f"INSERT INTO episode_marks (episode_id, {name}) VALUES (?1, ?2)"
        f" ON CONFLICT (episode_id) DO UPDATE SET {name} = ?2",
        [[id_, value] for id_ in ids],
    )
    db.execute("DELETE FROM episode_marks WHERE played_ms IS NULL AND skipped = 0")


def _queue(db: sqlite3.Connection, ids: Iterable[EpisodeId]) -> int:
    """Queue what is not queued yet; how many."""
    return sum(
        db.execute(
            "INSERT INTO jobs (episode_id, step, state) VALUES (?, 'words', 'waiting')"
            " ON CONFLICT DO NOTHING",
            [id_],
        ).rowcount
        for id_ in ids
    )


def _subscribe(db: sqlite3.Connection, feed_id: FeedId, first_episodes: int, imported_ms: int | None) -> None:
    _put(db, feed_id, "ended_ms", None)
    _put(db, feed_id, "first_episodes", first_episodes)
    _put(db, feed_id, "imported_ms", imported_ms)


def _put(db: sqlite3.Connection, feed_id: FeedId, name: str, value: int | None) -> None:
    db.execute(
        f"INSERT INTO subscriptions (feed_id, {name}) VALUES (?1, ?2)"
        f" ON CONFLICT (feed_id) DO UPDATE SET {name} = ?2",
        [feed_id, value],
    )


def _leave(db: sqlite3.Connection, feed_id: FeedId, now_ms: int) -> None:
    of_feed = "IN (SELECT id FROM episodes WHERE feed_id = ?)"
    db.execute(f"DELETE FROM jobs WHERE state <> 'done' AND episode_id {of_feed}", [feed_id])
    db.execute(f"DELETE FROM downloads WHERE episode_id {of_feed}", [feed_id])
    db.execute(f"DELETE FROM episodes WHERE feed_id = ? AND {UNTOUCHED}", [feed_id])
    if db.execute("SELECT 1 FROM episodes WHERE feed_id = ? LIMIT 1", [feed_id]).fetchone():
        _put(db, feed_id, "ended_ms", now_ms)
        _forget_schedule(db, feed_id)
    else:
        db.execute("DELETE FROM feeds WHERE id = ?", [feed_id])


def _ask_anew(db: sqlite3.Connection, feed_id: FeedId) -> None:
    """Have a feed read at the next refresh as if nothing of it were known."""
    db.execute(
        "UPDATE feeds SET etag = NULL, last_modified = NULL, body_sha256 = NULL, checked_ms = NULL,"
        " error = NULL WHERE id = ?",
        [feed_id],
    )
    _forget_schedule(db, feed_id)


def _forget_schedule(db: sqlite3.Connection, feed_id: FeedId) -> None:
    """When to ask is told anew, where the library knows of that at all."""
    if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'schedules'").fetchone():
        db.execute("DELETE FROM schedules WHERE feed_id = ?", [feed_id])
