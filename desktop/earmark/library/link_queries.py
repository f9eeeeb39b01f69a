"""What can be asked about what is close to what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from earmark.library.queue_queries import QueueQueries
from earmark.records import MIRRORED, EpisodeId, FeedId, InsightId, Kind, Link

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = tuple[list[InsightId], NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]
    """Insights, and for each its vector, its episode and its feed."""

ROWS_AT_ONCE = 8192
_VECTORS = """SELECT v.insight_id, v.vector, i.episode_id, e.feed_id FROM embeddings v
    JOIN insights i ON i.id = v.insight_id JOIN episodes e ON e.id = i.episode_id WHERE v.model_id = ?"""


class LinkQueries(QueueQueries):
    """Links, their kinds, and the vectors that they are made from."""

    def vectors_of(self, ids: Iterable[InsightId], model_id: str) -> Vectors:
        """The embedded claims of these insights, in the order of their ids; unknown ones are left out."""
        query = f"{_VECTORS} AND v.insight_id IN (SELECT value FROM json_each(?)) ORDER BY v.insight_id"
        return _vectors(self._db.execute(query, [model_id, json.dumps(sorted(ids))]).fetchall())

    def all_vectors(self, model_id: str) -> Iterator[Vectors]:
        """All embedded claims of one embedding model, some thousands at a time."""
        found = self._db.execute(_VECTORS, [model_id])
        while rows := found.fetchmany(ROWS_AT_ONCE):
            yield _vectors(rows)

    def episodes_without(self, model_id: str, instead_of: str) -> list[EpisodeId]:
        """Episodes with insights that have a vector of one name (`instead_of`) but not of another."""
        rows = self._db.execute(
            "SELECT DISTINCT i.episode_id FROM embeddings v JOIN insights i ON i.id = v.insight_id"
            " WHERE v.model_id = ? AND NOT EXISTS"
            " (SELECT 1 FROM embeddings o WHERE o.insight_id = v.insight_id AND o.model_id = ?)"
            " ORDER BY i.episode_id",
            [instead_of, model_id],
        )
        return [EpisodeId(row[0]) for row in rows]

    def homes_of(self, ids: Iterable[InsightId]) -> dict[InsightId, tuple[FeedId, EpisodeId]]:
        """The shows and episodes that these insights are from."""
        rows = self._db.execute(
            "SELECT i.id, e.feed_id, e.id FROM insights i JOIN episodes e ON e.id = i.episode_id"
            " WHERE i.id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(ids))],
        )
        return {InsightId(row[0]): (FeedId(row[1]), EpisodeId(row[2])) for row in rows}

    def links(self, insight_id: InsightId | None = None) -> list[Link]:
        """The links that start at an insight, or all; those that are not shown as well."""
        where, values = (" WHERE insight_id = ?", [insight_id]) if insight_id is not None else ("", [])
        query = f"SELECT insight_id, other_id, score, place, folded_into FROM links{where} ORDER BY 1, 2"
        return [Link(*row) for row in self._db.execute(query, values)]

    def links_of(self, ids: Iterable[InsightId]) -> dict[InsightId, list[Link]]:
        """For each insight the links that start at it."""
        rows = self._db.execute(
            "SELECT insight_id, other_id, score, place, folded_into FROM links"
            " WHERE insight_id IN (SELECT value FROM json_each(?)) ORDER BY 1, 2",
            [json.dumps(list(ids))],
        )
        found: dict[InsightId, list[Link]] = {}
        for row in rows:
            found.setdefault(InsightId(row[0]), []).append(Link(*row))
        return found

    def hubs(self, ids: Iterable[InsightId]) -> dict[InsightId, float]:
        """How close to its nearest each of these insights is, as it was stored with its links."""
        query = "SELECT insight_id, hub FROM relations WHERE insight_id IN (SELECT value FROM json_each(?))"
        return {InsightId(row[0]): row[1] for row in self._db.execute(query, [json.dumps(list(ids))])}

    def linked(self, ids: Iterable[InsightId], model_id: str) -> set[InsightId]:
        """Those of these insights whose links were found, by the vectors of this model, and all stand."""
        rows = self._db.execute(
            "SELECT insight_id FROM relations WHERE model_id = ? AND stale < 2"
            " AND insight_id IN (SELECT value FROM json_each(?))",
            [model_id, json.dumps(list(ids))],
        )
        return {InsightId(row[0]) for row in rows}

    def unlinked(self, model_id: str, most: int) -> list[InsightId]:
        """Insights whose links are still to be found, or to be found anew."""
        rows = self._db.execute(
            "SELECT v.insight_id FROM embeddings v LEFT JOIN relations r USING (insight_id)"
            " WHERE v.model_id = ? AND (r.insight_id IS NULL OR r.stale = 2 OR r.model_id <> v.model_id)"
            " ORDER BY v.insight_id LIMIT ?",
            [model_id, most],
        )
        return [InsightId(row[0]) for row in rows]

    def unlisted(self, most: int) -> list[InsightId]:
        """Insights whose links stand, but whose list is to be made anew."""
        rows = self._db.execute("SELECT insight_id FROM relations WHERE stale = 1 LIMIT ?", [most])
        return [InsightId(row[0]) for row in rows]

    def verdicts(self, insight_id: InsightId) -> dict[InsightId, tuple[Kind | None, str]]:
        """What was told of how others bear on an insight, each with one line why."""
        rows = self._db.execute(
            "SELECT one_id, other_id, kind, why FROM kinds WHERE one_id = ?1 OR other_id = ?1", [insight_id]
        )
        found: dict[InsightId, tuple[Kind | None, str]] = {}
        for one, other, kind, why in rows:
            if one == insight_id:
                found[InsightId(other)] = kind, why
            else:
                found[InsightId(one)] = kind and MIRRORED[kind], why
        return found

    def untold_pairs(self, version: str, most: int) -> list[tuple[InsightId, InsightId]]:
        """Linked pairs of which nobody told how one bears on the other: those that are shown first, then the
        closest."""
        rows = self._db.execute(
            "SELECT one, other FROM (SELECT min(insight_id, other_id) AS one, max(insight_id, other_id) AS"
            " other, score, place FROM links) LEFT JOIN kinds k ON k.one_id = one AND k.other_id = other"
            " WHERE k.version IS NOT ? GROUP BY one, other"
            " ORDER BY max(place IS NOT NULL) DESC, max(score) DESC, one, other LIMIT ?",
            [version, most],
        )
        return [(InsightId(row[0]), InsightId(row[1])) for row in rows]


def _vectors(rows: Sequence[Sequence[object]]) -> Vectors:
    import numpy as np  # takes as long to load as all of a verb; most need none

    matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4")  # type: ignore[misc]
    return (
        [InsightId(str(row[0])) for row in rows],
        matrix.reshape(len(rows), -1 if rows else 0).astype(np.float32),
        np.array([row[2] for row in rows], np.int64),
        np.array([row[3] for row in rows], np.int64),
    )
