"""What care for the library means for the rows of a feed, within whatever transaction changes them."""

import sqlite3
from collections.abc import Sequence

from earmark.records import FeedId, ParsedEpisode

DAY_MS = 86_400_000
UNTOUCHED = "id NOT IN (SELECT episode_id FROM insights) AND id NOT IN (SELECT episode_id FROM episode_marks)"
"""Episodes that nothing of the user's hangs on."""
NEVER_WORKED_ON = (
    f"{UNTOUCHED} AND id NOT IN (SELECT episode_id FROM extractions)"
    " AND id NOT IN (SELECT episode_id FROM jobs) AND id NOT IN (SELECT episode_id FROM transcripts)"
    " AND id NOT IN (SELECT episode_id FROM downloads)"
)


def take_first_episodes(db: sqlite3.Connection, feed_id: FeedId) -> int | None:
    """How many of a feed's newest episodes are to be queued as if it were new, told once; else None."""
    row = db.execute("SELECT first_episodes FROM subscriptions WHERE feed_id = ?", [feed_id]).fetchone()
    if row is None or row[0] is None:
        return None
    db.execute("UPDATE subscriptions SET first_episodes = NULL WHERE feed_id = ?", [feed_id])
    return int(row[0])


def still_listed(
    db: sqlite3.Connection, feed_id: FeedId, episodes: Sequence[ParsedEpisode]
) -> list[ParsedEpisode]:
    """Those of a feed's episodes that were not dropped from the list for their age."""
    row = db.execute("SELECT dropped_before_ms FROM subscriptions WHERE feed_id = ?", [feed_id]).fetchone()
    before_ms = row[0] if row and row[0] is not None else 0
    return [e for e in episodes if e.published_ms is None or e.published_ms >= before_ms]


def drop_old(db: sqlite3.Connection, feed_id: FeedId, now_ms: int) -> int:
    """Take episodes off the list that nobody worked on and that are older than the user wants; how many."""
    row = db.execute("SELECT keep_days FROM subscriptions WHERE feed_id = ?", [feed_id]).fetchone()
    if row is None or row[0] is None:
        return 0
    before_ms = now_ms - row[0] * DAY_MS
    gone = db.execute(
        f"DELETE FROM episodes WHERE feed_id = ? AND published_ms < ? AND {NEVER_WORKED_ON}",
        [feed_id, before_ms],
    ).rowcount
    if gone:
        db.execute(
            "UPDATE subscriptions SET dropped_before_ms = max(coalesce(dropped_before_ms, 0), ?)"
            " WHERE feed_id = ?",
            [before_ms, feed_id],
        )
    return gone
