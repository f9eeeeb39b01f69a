"""What can be asked about what the user did, and about what was shown to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earmark.library.topic_queries import TopicQueries
from earmark.records import Act, InsightId

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ACTS = """SELECT insight_id, max(saved), sum(thumb), max(hidden), max(read_ms) FROM (
        SELECT insight_id, saved, thumb, hidden, 0 AS read_ms FROM marks
        UNION ALL SELECT insight_id, 0, 0, 0, read_ms FROM reading
    ) GROUP BY insight_id ORDER BY insight_id"""


class TasteQueries(TopicQueries):
    """Questions about the user's own doing; see `Reader`."""

    def acts(self) -> list[Act]:
        """All that the user did with insights, also with those that were withdrawn since."""
        rows = self._db.execute(_ACTS)
        return [Act(InsightId(row[0]), bool(row[1]), row[2], bool(row[3]), row[4]) for row in rows]

    def note(self, insight_id: InsightId) -> str:
        """The user's own words on an insight, also on one that was withdrawn since."""
        row = self._db.execute("SELECT text FROM notes WHERE insight_id = ?", [insight_id]).fetchone()
        return str(row[0]) if row else ""

    def taught(self) -> dict[tuple[InsightId, str], str | None]:
        """For (insight, "topic" or "show"): the lesson that it taught; None: nothing is learned from it."""
        rows = self._db.execute("SELECT insight_id, about, lesson FROM taught")
        return {(InsightId(row[0]), row[1]): row[2] for row in rows}

    def shown_vectors(self, model_id: str, since: str, *, but: str) -> NDArray[np.float32]:
        """The claims that stood in briefs from `since` on, but not on the date `but`: unit-length rows."""
        import numpy as np  # takes as long to load as all of a verb; most need none

        rows = self._db.execute(
            "SELECT vector FROM shown_vectors WHERE model_id = ? AND insight_id IN"
            " (SELECT insight_id FROM brief_items WHERE date >= ? AND date <> ?) ORDER BY insight_id",
            [model_id, since, but],
        ).fetchall()
        if not rows:
            return np.zeros((0, 0), dtype=np.float32)
        return np.frombuffer(b"".join(row[0] for row in rows), "<f4").reshape(len(rows), -1).copy()

    def shown_since(self, date_iso: str) -> dict[InsightId, str]:
        """What stood in briefs from a date on, with the date."""
        rows = self._db.execute(
            "SELECT insight_id, max(date) FROM brief_items WHERE date >= ? GROUP BY insight_id", [date_iso]
        )
        return {InsightId(row[0]): row[1] for row in rows}

    def shown_places(self, date_iso: str) -> set[int]:
        """The places of a day that are taken, also by insights that were withdrawn since."""
        rows = self._db.execute("SELECT position FROM brief_items WHERE date = ?", [date_iso])
        return {row[0] for row in rows}

    def archive(self) -> dict[str, int]:
        """Every day that has a brief, the newest first, with the number of its insights."""
        rows = self._db.execute(
            "SELECT b.date, count(i.insight_id) FROM briefs b LEFT JOIN brief_items i ON i.date = b.date"
            " GROUP BY b.date ORDER BY b.date DESC"
        )
        return {row[0]: row[1] for row in rows}

    def saved_times(self) -> dict[InsightId, int]:
        """When each saved insight was last marked, in milliseconds since 1970."""
        rows = self._db.execute("SELECT insight_id, changed_ms FROM marks WHERE saved = 1")
        return {InsightId(row[0]): row[1] for row in rows}

    def shelf_dates(self) -> dict[InsightId, str]:
        """When each insight last came from the shelf."""
        rows = self._db.execute("SELECT insight_id, max(date) FROM shelf GROUP BY insight_id")
        return {InsightId(row[0]): row[1] for row in rows}

    def heard_often(self, ids: set[InsightId]) -> dict[InsightId, int]:
        """Those of `ids` whose claim was heard in more than one episode, with the number of episodes."""
        rows = self._db.execute("SELECT insight_id, times FROM heard WHERE times > 1 ORDER BY insight_id")
        return {InsightId(row[0]): row[1] for row in rows if row[0] in ids}

    def unannounced(self) -> list[str]:
        """The days whose brief was made and of which nobody was told yet, the newest first."""
        rows = self._db.execute("SELECT date FROM briefs WHERE announced = 0 ORDER BY date DESC")
        return [row[0] for row in rows]

    def last_read_ms(self) -> int:
        """When an episode was last read, in milliseconds since 1970; 0: never."""
        return int(self._db.execute("SELECT coalesce(max(read_ms), 0) FROM extractions").fetchone()[0])
