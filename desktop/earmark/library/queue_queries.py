"""What can be asked about the work at hand without reading all that was ever done."""

from earmark.library.schedule_queries import ScheduleQueries
from earmark.records import EpisodeId, JobState


class QueueQueries(ScheduleQueries):
    """Questions about what waits and what is through."""

    def open_jobs(self) -> list[tuple[EpisodeId, JobState]]:
        """Every episode that is not done and where it stands, newest first."""
        rows = self._db.execute(
            "SELECT j.episode_id, j.state FROM jobs j CROSS JOIN episodes e ON e.id = j.episode_id"
            " WHERE j.state IN ('waiting', 'running', 'failed') ORDER BY e.published_ms DESC, e.id"
        )
        return [(EpisodeId(row[0]), row[1]) for row in rows]

    def queue_places(self) -> dict[EpisodeId, int]:
        """The places that the user gave to episodes, 0 first; without those that they left to the plan."""
        rows = self._db.execute("SELECT episode_id, place FROM queue_places")
        return {EpisodeId(row[0]): row[1] for row in rows}

    def read_since(self, since_ms: int) -> list[EpisodeId]:
        """The episodes that were read since a moment, the latest first."""
        rows = self._db.execute(
            "SELECT episode_id FROM extractions WHERE read_ms >= ? ORDER BY read_ms DESC", [since_ms]
        )
        return [EpisodeId(row[0]) for row in rows]
