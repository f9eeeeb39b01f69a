"""Every insight of a library at once: as columns of numbers, and block by block what is too much to be held.

A hundred thousand insights with their words and vectors would be 400 MB; their numbers are 10.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING

from earmark.library.care_queries import ENDED, CareQueries
from earmark.records import EpisodeId, FeedId, InsightColumns, InsightId

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK_ROWS = 2048
"""So many vectors are 3 MB, and no single step over them keeps another thread waiting for long."""
# The + keeps SQLite from the index by model: it would sort all vectors, in a file, before it gives the first.
_OF_MODEL = """FROM embeddings v JOIN insights i ON i.id = v.insight_id
    JOIN episodes e ON e.id = i.episode_id WHERE +v.model_id = ? ORDER BY v.insight_id"""


class PlacedVectors:
    """Vectors in the library, in the order of their insights' ids; a part is read when it is asked for.

    `ids` and `episodes` say whose they are.
    """

    def __init__(self, db: sqlite3.Connection, model_id: str) -> None:
        import numpy as np

        self._db, rows = db, db.execute(f"SELECT v.insight_id, e.id, v.rowid {_OF_MODEL}", [model_id])
        self.ids: list[InsightId] = []
        self.episodes: list[EpisodeId] = []
        places: list[int] = []
        for id_, episode_id, place in rows:
            self.ids.append(InsightId(id_))
            self.episodes.append(EpisodeId(episode_id))
            places.append(place)
        self._places = np.array(places, np.int64)

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, part: slice | NDArray[np.intp], /) -> NDArray[np.float32]:
        import numpy as np

        wanted = self._places[part]
        order = np.argsort(wanted)
        parts: list[NDArray[np.float32]] = []
        for first in range(0, len(wanted), BLOCK_ROWS):
            places = json.dumps(wanted[order[first : first + BLOCK_ROWS]].tolist())
            query = (
                "SELECT vector FROM embeddings WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid"
            )
            blobs = [row[0] for row in self._db.execute(query, [places])]
            parts.append(np.frombuffer(b"".join(blobs), "<f4").reshape(len(blobs), -1))
        if not parts:
            return np.zeros((0, 0), np.float32)
        found = np.empty((len(wanted), parts[0].shape[1]), np.float32)
        found[order] = np.concatenate(parts)
        return found


class PoolQueries(CareQueries):
    """Asks for all insights at once. Between two of these questions nobody may write to the library."""

    def insight_columns(self, model_id: str) -> InsightColumns:
        """What there is to know of every insight in numbers."""
        import numpy as np  # takes as long to load as all of a verb; most need none

        rows = self._db.execute(
            "SELECT v.insight_id, i.quality, e.feed_id, e.id, e.published_ms,"
            " (SELECT count(*) FROM links l WHERE l.insight_id = i.id AND l.place IS NOT NULL"
            " AND l.other_id NOT IN (SELECT insight_id FROM marks WHERE hidden = 1)),"
            f" e.feed_id NOT IN {ENDED} {_OF_MODEL}",
            [model_id],
        )
        ids: list[InsightId] = []
        parts = [np.zeros((0, 6))]
        while block := rows.fetchmany(BLOCK_ROWS):
            ids += [InsightId(row[0]) for row in block]
            parts.append(np.array([tuple(row)[1:] for row in block], np.float64))
        quality, feed, episode, published, related, followed = np.concatenate(parts).T
        return InsightColumns(
            ids,
            quality.copy(),
            feed.astype(np.int64),
            episode.astype(np.int64),
            published.copy(),
            related.astype(np.int64),
            followed.astype(np.bool_),
        )

    def vectors_in_blocks(self, model_id: str) -> Iterator[NDArray[np.float32]]:
        """The vectors of `insight_columns` in the same order, some thousands at a time."""
        import numpy as np

        rows = self._db.execute(f"SELECT v.vector {_OF_MODEL}", [model_id])
        while block := rows.fetchmany(BLOCK_ROWS):
            yield np.frombuffer(b"".join(row[0] for row in block), "<f4").reshape(len(block), -1)

    def words_in_blocks(self, model_id: str) -> Iterator[list[tuple[str, str, str, str]]]:
        """Headline, text, quote and title of the episode of `insight_columns`, in the same blocks."""
        rows = self._db.execute(f"SELECT i.headline, i.text, i.quote, e.title {_OF_MODEL}", [model_id])
        while block := rows.fetchmany(BLOCK_ROWS):
            yield [(row[0], row[1], row[2], row[3]) for row in block]

    def feed_titles(self) -> dict[FeedId, str]:
        """The title of every show, also of those that were unsubscribed from."""
        return {FeedId(row[0]): row[1] for row in self._db.execute("SELECT id, title FROM feeds")}

    def texts_but(self, ids: Set[InsightId], model_id: str) -> Iterator[str]:
        """What every insight with a vector of this name says but these, one after the other."""
        for row in self._db.execute(f"SELECT i.id, i.text {_OF_MODEL}", [model_id]):
            if row[0] not in ids:
                yield row[1]

    def has_insights_without_topic(self, model_id: str) -> bool:
        """Whether an insight with a vector of this name was never looked at for a topic."""
        row = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM embeddings v WHERE v.model_id = ?"
            " AND v.insight_id NOT IN (SELECT insight_id FROM topic_insights))",
            [model_id],
        ).fetchone()
        return bool(row[0])

    def placed_vectors(self, model_id: str) -> PlacedVectors:
        """The vectors of one name, in the order of their insights' ids, to be read in parts."""
        return PlacedVectors(self._db, model_id)
