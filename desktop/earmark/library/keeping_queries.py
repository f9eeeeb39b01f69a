"""What can be asked about recordings and the moments kept of them."""

import sqlite3

from earmark.library.search_queries import SearchQueries
from earmark.records import Clip, EpisodeId, InsightId, KeptAudio

_AUDIO = """SELECT d.episode_id, d.file_name, d.size_bytes, d.fetched_ms,
    x.episode_id IS NOT NULL AND coalesce(j.state, 'done') IN ('done', 'failed') AS is_read, d.asked, d.cut_ms
    FROM downloads d LEFT JOIN extractions x ON x.episode_id = d.episode_id
    LEFT JOIN jobs j ON j.episode_id = d.episode_id"""
_CLIP = "SELECT insight_id, file_name, start_ms, end_ms, size_bytes FROM clips"


def _kept(row: sqlite3.Row) -> KeptAudio:
    episode_id, name, size, fetched_ms, read, asked, cut_ms = row
    return KeptAudio(episode_id, name, size, fetched_ms, bool(read), bool(asked), cut_ms)


class KeepingQueries(SearchQueries):
    """Recordings on this computer, and clips."""

    def kept_audio(self) -> list[KeptAudio]:
        """Every recording, that which came first first."""
        rows = self._db.execute(_AUDIO + " ORDER BY d.fetched_ms, d.episode_id")
        return [_kept(row) for row in rows]

    def clip(self, insight_id: InsightId) -> Clip | None:
        """The moment of an insight, where it is kept."""
        row = self._db.execute(_CLIP + " WHERE insight_id = ?", [insight_id]).fetchone()
        return Clip(*row) if row else None

    def clips(self) -> list[Clip]:
        """Every moment that is kept."""
        return [Clip(*row) for row in self._db.execute(_CLIP + " ORDER BY insight_id")]

    def length_is_told(self, episode_id: EpisodeId) -> bool:
        """Whether the server said how long a recording is that came from it; True where none came."""
        row = self._db.execute(
            "SELECT length_told FROM downloads WHERE episode_id = ?", [episode_id]
        ).fetchone()
        return row is None or bool(row[0])

    def lost_clips(self) -> list[Clip]:
        """Moments of insights that are neither there any more nor saved, nor shown in a brief."""
        rows = self._db.execute(
            _CLIP + " c WHERE NOT EXISTS (SELECT 1 FROM insights i WHERE i.id = c.insight_id)"
            " AND NOT EXISTS (SELECT 1 FROM marks m WHERE m.insight_id = c.insight_id AND m.saved = 1)"
            " AND NOT EXISTS (SELECT 1 FROM brief_items b WHERE b.insight_id = c.insight_id)"
        )
        return [Clip(*row) for row in rows]
