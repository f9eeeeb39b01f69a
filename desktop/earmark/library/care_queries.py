"""What can be asked about shows and episodes as lists, without reading all of them."""

import sqlite3
from collections.abc import Iterable

from earmark.library.taste_queries import TasteQueries
from earmark.records import EpisodeId, EpisodeRow, Feed, FeedId, Leaving, ShowRow

ENDED = "(SELECT feed_id FROM subscriptions WHERE ended_ms IS NOT NULL)"
_ROWS = """SELECT e.id, e.feed_id, f.title AS feed_title, e.title, e.published_ms, e.duration_ms, j.state,
    j.step, coalesce(j.progress_ms, 0) AS progress_ms, j.total_ms, j.reason, x.read_ms IS NOT NULL AS read,
    (SELECT count(*) FROM insights i WHERE i.episode_id = e.id) AS insights, k.played_ms,
    coalesce(k.skipped, 0) AS skipped
    FROM episodes e JOIN feeds f ON f.id = e.feed_id LEFT JOIN jobs j ON j.episode_id = e.id
    LEFT JOIN extractions x ON x.episode_id = e.id LEFT JOIN episode_marks k ON k.episode_id = e.id"""
# NULL is smaller than every number to SQLite, so undated ones come last without a word on them.
_NEWEST_FIRST = " ORDER BY e.published_ms DESC, e.id LIMIT ?"


class CareQueries(TasteQueries):
    """Questions about what is subscribed to, and what was done with it; see `Reader`."""

    def is_ended(self, feed_id: FeedId) -> bool:
        """Whether the user unsubscribed from a show that the library still holds insights of."""
        row = self._db.execute(f"SELECT ? IN {ENDED}", [feed_id]).fetchone()
        return bool(row[0])

    def ended_feed_ids(self) -> set[FeedId]:
        """The shows that the user unsubscribed from and that the library still holds insights of."""
        return {FeedId(row[0]) for row in self._db.execute(ENDED[1:-1])}

    def feed_addresses(self) -> dict[str, FeedId]:
        """Every address with its feed, also of those that were unsubscribed from."""
        return {row[0]: FeedId(row[1]) for row in self._db.execute("SELECT url, id FROM feeds")}

    def has_address(self, beginning: str) -> bool:
        """Whether the address of any feed begins so."""
        query = "SELECT 1 FROM feeds WHERE url >= ? AND url < ? LIMIT 1"
        return self._db.execute(query, [beginning, beginning + chr(0x10FFFF)]).fetchone() is not None

    def kept_open(self) -> set[FeedId]:
        """The shows whose passwords and tokens are in the library because the user wants it so."""
        return {FeedId(row[0]) for row in self._db.execute("SELECT feed_id FROM kept_open")}

    def show_rows(self) -> list[ShowRow]:
        """Every subscription with its numbers, by title."""
        episodes = self.episode_counts()
        read = self._per_feed(_per_episode("extractions"))
        insights = self._per_feed(_per_episode("insights"))
        failed = self._per_feed(_per_episode("jobs", "j.state = 'failed'"))
        waiting = self._per_feed(_per_episode("jobs", "j.state IN ('waiting', 'running')"))
        keep = dict(self._db.execute("SELECT feed_id, keep_days FROM subscriptions").fetchall())
        checks = self._next_checks()
        return [
            ShowRow(
                feed,
                episodes=episodes.get(feed.id, 0),
                waiting=waiting.get(feed.id, 0),
                failed=failed.get(feed.id, 0),
                read=read.get(feed.id, 0),
                insights=insights.get(feed.id, 0),
                keep_days=keep.get(feed.id),
                next_check_ms=checks.get(feed.id),
            )
            for feed in self.feeds()
        ]

    def work_of_shows(self) -> dict[FeedId, tuple[int, int]]:
        """For each show of which something waits or failed: how many episodes wait, and how many failed.

        Far quicker than `show_rows`, which counts everything.
        """
        rows = self._db.execute(
            "SELECT e.feed_id, sum(j.state <> 'failed'), sum(j.state = 'failed') FROM jobs j"
            " JOIN episodes e ON e.id = j.episode_id WHERE j.state <> 'done' GROUP BY e.feed_id"
        )
        return {FeedId(row[0]): (row[1], row[2]) for row in rows}

    def show_row(self, feed_id: FeedId) -> ShowRow:
        """One subscription with its numbers. Raises KnownError for an unknown id."""
        of_feed = "episode_id IN (SELECT id FROM episodes WHERE feed_id = ?)"
        row = self._db.execute("SELECT keep_days FROM subscriptions WHERE feed_id = ?", [feed_id]).fetchone()
        jobs = f"SELECT count(*) FROM jobs WHERE {of_feed} AND state"
        return ShowRow(
            self.feed(feed_id),
            episodes=self._count("SELECT count(*) FROM episodes WHERE feed_id = ?", feed_id),
            waiting=self._count(f"{jobs} IN ('waiting', 'running')", feed_id),
            failed=self._count(f"{jobs} = 'failed'", feed_id),
            read=self._count(f"SELECT count(*) FROM extractions WHERE {of_feed}", feed_id),
            insights=self._count(f"SELECT count(*) FROM insights WHERE {of_feed}", feed_id),
            keep_days=row[0] if row else None,
            next_check_ms=self._next_checks().get(feed_id),
        )

    def episode_ids(self, feed_id: FeedId, words: str = "") -> list[EpisodeId]:
        """The numbers of a show's episodes, newest first; only those with `words` in their titles."""
        columns, wanted = ("id, title", words.casefold()) if words else ("id", "")
        query = f"SELECT {columns} FROM episodes WHERE feed_id = ? ORDER BY published_ms DESC, id"
        rows = self._db.execute(query, [feed_id])
        return [EpisodeId(row[0]) for row in rows if not wanted or wanted in row[1].casefold()]

    def episode_rows(
        self,
        *,
        feed_ids: Iterable[FeedId] | None = None,
        ids: Iterable[EpisodeId] | None = None,
        most: int = -1,
    ) -> list[EpisodeRow]:
        """Episodes as they are listed, newest first: of these feeds, or of all that are subscribed to."""
        if ids is not None:
            wanted = ", ".join(str(int(id_)) for id_ in ids)
            where = f" WHERE e.id IN ({wanted})"
        elif feed_ids is not None:
            wanted = ", ".join(str(int(id_)) for id_ in feed_ids)
            where = f" WHERE e.feed_id IN ({wanted})"
        else:
            where = f" WHERE e.feed_id NOT IN {ENDED}"
        return [_row(row) for row in self._db.execute(_ROWS + where + _NEWEST_FIRST, [most])]

    def episodes_titled(self, words: str, *, of_left_shows: bool = False) -> list[tuple[EpisodeId, bool]]:
        """The episodes whose title holds `words` (case-folded), newest first, and whether that is all of it.

        `of_left_shows`: also of those that the user unsubscribed from.
        """
        where = "" if of_left_shows else f" WHERE e.feed_id NOT IN {ENDED}"
        rows = self._db.execute(f"SELECT e.id, e.title FROM episodes e{where}{_NEWEST_FIRST}", [-1])
        titles = ((EpisodeId(row[0]), row[1].casefold()) for row in rows)
        return [(id_, title == words) for id_, title in titles if words in title]

    def episode_counts(self) -> dict[FeedId, int]:
        """How many episodes each show has."""
        return self._per_feed("SELECT feed_id, count(*) FROM episodes GROUP BY feed_id")

    def lasting_ids(self) -> set[str]:
        """Of every show, also of those that the user unsubscribed from."""
        return {row[0] for row in self._db.execute("SELECT lasting_id FROM feeds")}

    def waiting_sound(self, usual_s: float, bytes_a_second: int) -> dict[FeedId, tuple[float, float]]:
        """For each show with episodes that wait: seconds that are still to be heard, and to be read.

        An episode without a length is measured by its size, or taken for `usual_s`.
        """
        length = "coalesce(j.total_ms, e.duration_ms, e.enclosure_bytes * 1000 / ?2, ?1 * 1000)"
        heard = "(e.transcripts = '[]' OR j.step IN ('download', 'decode', 'transcribe'))"
        heard += " AND coalesce(t.complete, 0) = 0"
        rows = self._db.execute(
            f"SELECT e.feed_id, sum(CASE WHEN {heard} THEN max(0, {length} - j.progress_ms) ELSE 0 END),"
            f" sum({length}) FROM jobs j JOIN episodes e ON e.id = j.episode_id"
            " LEFT JOIN transcripts t ON t.episode_id = e.id"
            " WHERE j.state IN ('waiting', 'running') GROUP BY e.feed_id",
            [usual_s, bytes_a_second],
        )
        return {FeedId(row[0]): (row[1] / 1000, row[2] / 1000) for row in rows}

    def leaving(self, feed_id: FeedId) -> Leaving:
        """What would go and stay if the user unsubscribed from a show now."""
        of_feed = "IN (SELECT id FROM episodes WHERE feed_id = ?)"
        kept = f"{of_feed[:-1]} AND (id IN (SELECT episode_id FROM insights)"
        kept += " OR id IN (SELECT episode_id FROM episode_marks)))"
        audio = self._db.execute(
            f"SELECT file_name, size_bytes FROM downloads WHERE episode_id {of_feed}", [feed_id]
        ).fetchall()
        number = self._count("SELECT count(*) FROM episodes WHERE feed_id = ?", feed_id)
        kept_number = self._count(f"SELECT count(*) FROM episodes WHERE id {kept}", feed_id)
        return Leaving(
            episodes=number - kept_number,
            queued=self._count(
                f"SELECT count(*) FROM jobs WHERE state <> 'done' AND episode_id {of_feed}", feed_id
            ),
            audio=tuple(row[0] for row in audio),
            audio_bytes=sum(row[1] for row in audio),
            kept_episodes=kept_number,
            insights=self._count(f"SELECT count(*) FROM insights WHERE episode_id {of_feed}", feed_id),
            saved=self._count(
                "SELECT count(*) FROM insights JOIN marks ON marks.insight_id = insights.id"
                f" WHERE saved = 1 AND episode_id {of_feed}",
                feed_id,
            ),
        )

    def last_import(self) -> list[Feed]:
        """The shows that the latest list brought and that are still subscribed to."""
        rows = self._db.execute(
            "SELECT feed_id FROM subscriptions WHERE ended_ms IS NULL AND imported_ms ="
            " (SELECT imported_ms FROM latest_list)"
        ).fetchall()
        there = {row[0] for row in rows}
        return [feed for feed in self.feeds() if feed.id in there]

    def _per_feed(self, query: str) -> dict[FeedId, int]:
        return {FeedId(row[0]): row[1] for row in self._db.execute(query)}

    def _next_checks(self) -> dict[FeedId, int]:
        """When each feed is asked again, where the library knows; none for those that are asked no more."""
        there = self._db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'schedules'").fetchone()
        if there is None:
            return {}
        return self._per_feed(
            "SELECT feed_id, next_ms FROM schedules WHERE stopped IS NULL AND next_ms IS NOT NULL"
        )


def _per_episode(table: str, where: str = "1") -> str:
    return (
        f"SELECT e.feed_id, count(*) FROM {table} j JOIN episodes e ON e.id = j.episode_id WHERE {where}"
        " GROUP BY e.feed_id"
    )


def _row(row: sqlite3.Row) -> EpisodeRow:
    return EpisodeRow(**{**dict(row), "read": bool(row["read"]), "skipped": bool(row["skipped"])})
