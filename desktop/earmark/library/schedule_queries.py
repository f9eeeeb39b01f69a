"""What can be asked about when feeds are checked, and about their episodes without reading all of them."""

from earmark.library.episode_queries import JobQueries
from earmark.records import FeedId, Schedule

_COLUMNS = "next_ms, not_before_ms, errors, failing_since_ms, full_ms, gap_ms, newest_ms, ttl_ms, stopped"


class ScheduleQueries(JobQueries):
    """Questions about the times of feeds."""

    def schedules(self) -> dict[FeedId, Schedule]:
        """When each feed is to be asked again; feeds that were never asked are left out."""
        rows = self._db.execute(f"SELECT feed_id, {_COLUMNS} FROM schedules")
        return {FeedId(row[0]): Schedule(*tuple(row)[1:]) for row in rows}

    def schedule(self, feed_id: FeedId) -> Schedule:
        """When one feed is to be asked again."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM schedules WHERE feed_id = ?", [feed_id]).fetchone()
        return Schedule(*row) if row else Schedule()

    def first_fault(self) -> str | None:
        """Why the last check of a feed failed: of the first by title that did; None where all went well."""
        row = self._db.execute(
            "SELECT error FROM feeds WHERE error IS NOT NULL ORDER BY title COLLATE NOCASE, id LIMIT 1"
        ).fetchone()
        return str(row[0]) if row else None
