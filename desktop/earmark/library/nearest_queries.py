"""What is nearest in meaning to a vector: an index that follows the library, whoever writes to it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from earmark.library.link_queries import LinkQueries
from earmark.records import EpisodeId, InsightId, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from earmark.library.nearest import Nearest, Numbers, Vectors

Whose = Literal["embeddings", "passage_embeddings"]
FORMS: dict[Whose, str] = {"embeddings": "<f4", "passage_embeddings": "<f2"}
"""How the numbers of a vector are stored: those of passages, of which there are many, in half the bytes. That
moves a cosine by less than 0.001."""
_NEVER = -2
"""No change is known, not even that there was none."""


@dataclass(slots=True)
class _Followed:
    """An index, and the last change of the library that it knows."""

    index: Nearest
    width: int
    seen: int


class NearestQueries(LinkQueries):
    """Asks by meaning. An index is made at the first question, and brought up to date at each."""

    def __init__(self, db: sqlite3.Connection, cache: Path) -> None:
        """`cache` is the folder for what only saves time."""
        super().__init__(db)
        self._cache = cache
        self._followed: dict[tuple[Whose, str], _Followed] = {}

    def nearest_insights(
        self, vector: NDArray[np.float32], count: int, model_id: str
    ) -> list[tuple[InsightId, float]]:
        """The insights whose claims are nearest to a unit vector of this model, with their cosines."""
        found = self._nearest("embeddings", vector, count, model_id)
        rows = self._db.execute(
            "SELECT fingerprint, insight_id FROM embeddings WHERE model_id = ?"
            " AND fingerprint IN (SELECT value FROM json_each(?))",
            [model_id, json.dumps([mark for mark, _ in found])],
        )
        ids = {row[0]: InsightId(row[1]) for row in rows}
        return [(ids[mark], score) for mark, score in found if mark in ids]

    def nearest_passages(
        self, vector: NDArray[np.float32], count: int, model_id: str
    ) -> list[tuple[EpisodeId, Passage, float]]:
        """The passages that are nearest to a unit vector of this model, with their cosines."""
        found = self._nearest("passage_embeddings", vector, count, model_id)
        rows = self._db.execute(
            "SELECT v.fingerprint, p.episode_id, p.first_sentence, p.last_sentence, p.start_ms, p.end_ms,"
            " p.kind FROM passage_embeddings v JOIN passages p USING (episode_id, first_sentence)"
            " WHERE v.model_id = ? AND v.fingerprint IN (SELECT value FROM json_each(?))",
            [model_id, json.dumps([mark for mark, _ in found])],
        )
        passages = {row[0]: (EpisodeId(row[1]), Passage(*row[2:])) for row in rows}
        return [(*passages[mark], score) for mark, score in found if mark in passages]

    def episodes_without_passages(self, model_id: str) -> list[EpisodeId]:
        """Episodes that were read, of whose talk no passage has a vector of this model."""
        rows = self._db.execute(
            "SELECT DISTINCT p.episode_id FROM passages p WHERE p.kind = 'talk' AND NOT EXISTS"
            " (SELECT 1 FROM passage_embeddings v WHERE v.episode_id = p.episode_id AND v.model_id = ?)",
            [model_id],
        )
        return [EpisodeId(row[0]) for row in rows]

    def rest(self) -> None:
        """Give back the memory of what is quickly read again."""
        for each in self._followed.values():
            each.index.rest()

    def close(self) -> None:
        """Let go of the files."""
        for each in self._followed.values():
            each.index.close()
        self._followed = {}
        self._db.close()

    def _nearest(
        self, whose: Whose, vector: NDArray[np.float32], count: int, model_id: str
    ) -> list[tuple[int, float]]:
        from earmark.library.nearest import Nearest  # brings numpy, which most verbs need none of

        followed = self._followed.get((whose, model_id))
        if followed is None or followed.width != len(vector):
            folder = self._cache / f"{whose}-{model_id}"
            width = len(vector)
            index = Nearest(folder, width, lambda marks: self._vectors_by(whose, model_id, marks, width))
            followed = self._followed[whose, model_id] = _Followed(index, width, _NEVER)
        self._follow(followed, whose, model_id)
        return followed.index.search(vector, count)

    def _follow(self, followed: _Followed, whose: Whose, model_id: str) -> None:
        """Tell the index what came and went; all there is when that is not known any more."""
        import numpy as np

        first, last = self._db.execute(
            "SELECT coalesce(min(number), 0), coalesce(max(number), 0) FROM vector_changes"
        ).fetchone()
        if followed.seen == last:
            return
        if followed.seen < first - 1 or followed.seen > last:
            query = f"SELECT fingerprint FROM {whose} WHERE model_id = ?"
            marks = (row[0] for row in self._db.execute(query, [model_id]))
            followed.index.follow(np.fromiter(marks, np.int64))
        else:
            changes = self._db.execute(
                "SELECT fingerprint, gone FROM vector_changes WHERE number > ? AND whose = ? AND model_id = ?"
                " ORDER BY number",
                [followed.seen, whose, model_id],
            )
            gone = dict(changes.fetchall())
            followed.index.remove(np.array([mark for mark, went in gone.items() if went], np.int64))
            came = np.array([mark for mark, went in gone.items() if not went], np.int64)
            followed.index.add(*self._vectors_by(whose, model_id, came, followed.width))
        followed.seen = last

    def _vectors_by(self, whose: Whose, model_id: str, marks: Numbers, width: int) -> tuple[Numbers, Vectors]:
        """The stored vectors of these fingerprints."""
        import numpy as np

        rows = self._db.execute(
            f"SELECT fingerprint, vector FROM {whose} WHERE model_id = ?"
            " AND fingerprint IN (SELECT value FROM json_each(?))",
            [model_id, json.dumps(marks.tolist())],
        ).fetchall()
        vectors = np.frombuffer(b"".join(row[1] for row in rows), FORMS[whose])
        marks_found = np.array([row[0] for row in rows], np.int64)
        return marks_found, vectors.reshape(len(rows), width).astype(np.float32)
