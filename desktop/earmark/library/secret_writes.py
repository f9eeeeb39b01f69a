"""What the library knows of secrets, and how they leave it."""

from collections.abc import Collection, Mapping

from earmark.library.care_writes import CareWrites
from earmark.library.secret_rows import Hidden, hide_rows
from earmark.records import Changes, FeedId

_IN_USE = """(SELECT url FROM feeds WHERE id NOT IN
    (SELECT feed_id FROM subscriptions WHERE ended_ms IS NOT NULL))"""


class SecretWrites(CareWrites):
    """Stores which shows have their secrets here, and which hidden addresses were left; see `Library`."""

    def hide_feeds(self, feeds: Mapping[FeedId, Hidden]) -> Changes:
        """Take the secrets out of shows and all that came from them. They are read anew at the next check."""
        if not feeds:
            return Changes()
        with self._transaction() as db:
            ids = hide_rows(db, feeds)
            db.executemany("DELETE FROM kept_open WHERE feed_id = ?", [[feed_id] for feed_id in feeds])
        return Changes(frozenset(feeds), frozenset(ids))

    def keep_open(self, feed_ids: Collection[FeedId]) -> Changes:
        """The user wants the secrets of these shows in the library."""
        with self._transaction() as db:
            db.executemany("INSERT OR IGNORE INTO kept_open VALUES (?)", [[feed_id] for feed_id in feed_ids])
        return Changes(frozenset(feed_ids))

    def note_left(self, addresses: Collection[str]) -> None:
        """No show is asked at these hidden addresses any more."""
        with self._transaction() as db:
            db.executemany("INSERT OR IGNORE INTO left_addresses VALUES (?, NULL)", [[a] for a in addresses])

    def left_addresses(self, *, now_ms: int, since_ms: int) -> list[str]:
        """Hidden addresses that were left at `since_ms` or before; what was left of late is noted first.

        Left is also that of a show which was unsubscribed from and stays for its insights.
        """
        if not self._db.execute("SELECT 1 FROM left_addresses LIMIT 1").fetchone():
            return []
        with self._transaction() as db:
            db.execute(f"DELETE FROM left_addresses WHERE url IN {_IN_USE}")
            db.execute("UPDATE left_addresses SET left_ms = ? WHERE left_ms IS NULL", [now_ms])
            query = "SELECT url FROM left_addresses WHERE left_ms <= ?"
            return [row[0] for row in db.execute(query, [since_ms]).fetchall()]

    def forget_left(self, addresses: Collection[str]) -> None:
        """What these hid is not kept any more."""
        with self._transaction() as db:
            db.executemany("DELETE FROM left_addresses WHERE url = ?", [[each] for each in addresses])
