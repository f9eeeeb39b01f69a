"""Storing when feeds are asked again."""

import sqlite3
from collections.abc import Sequence
from dataclasses import astuple

from earmark.records import Changes, Check, FeedId, Schedule


def put_schedule(db: sqlite3.Connection, feed_id: FeedId, schedule: Schedule) -> None:
    """Keep the state of a feed between two checks, within whatever transaction stores its check.

    A feed that was unsubscribed from meanwhile has none.
    """
    values = [feed_id, *astuple(schedule)]
    places = ", ".join(f"?{number + 1}" for number in range(len(values)))
    db.execute(
        f"INSERT OR REPLACE INTO schedules SELECT {places} WHERE EXISTS (SELECT 1 FROM feeds WHERE id = ?1)",
        values,
    )


def put_checks(db: sqlite3.Connection, checks: Sequence[Check], now_ms: int) -> Changes:
    """Keep what checks came to that brought nothing."""
    db.executemany(
        "UPDATE feeds SET checked_ms = ?, error = ? WHERE id = ?",
        [[now_ms, check.error, check.feed_id] for check in checks],
    )
    for check in checks:
        put_schedule(db, check.feed_id, check.schedule)
    return Changes(feed_ids=frozenset(check.feed_id for check in checks))
