"""Writing insights, links, briefs and the user's marks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from earmark.clock import Clock
from earmark.library.form import fingerprint
from earmark.library.nearest_queries import FORMS
from earmark.library.secret_writes import SecretWrites
from earmark.records import Brief, Changes, EpisodeId, Extraction, InsightId

if TYPE_CHECKING:
    import numpy as np
    from filelock import FileLock
    from numpy.typing import NDArray

CHANGES_KEPT = 20_000
"""So many changes of vectors are remembered; an index that is further behind looks at everything."""


class Library(SecretWrites):
    """The one writer. Held by the process that owns the lock, used on the thread that opened it."""

    def __init__(self, db: sqlite3.Connection, cache: Path, held: FileLock, clock: Clock) -> None:
        super().__init__(db, cache, clock)
        self._held = held

    def store_extraction(
        self,
        episode_id: EpisodeId,
        extraction: Extraction,
        embeddings: Mapping[InsightId, NDArray[np.float32]],
        embedding_model_id: str,
        *,
        now_ms: int,
        passages: Mapping[int, NDArray[np.float32]] | None = None,
    ) -> Changes:
        """What reading an episode gave, in place of what it gave before. Marks are kept.

        `embeddings` are those of the claims, `passages` those of passages by their first sentence.
        """
        with self._transaction() as db:
            before: dict[InsightId, str] = {
                row[0]: row[1]
                for row in db.execute("SELECT id, text FROM insights WHERE episode_id = ?", [episode_id])
            }
            db.execute("DELETE FROM insights WHERE episode_id = ?", [episode_id])
            db.execute("DELETE FROM passages WHERE episode_id = ?", [episode_id])
            rows = [
                {**asdict(i), "checks": json.dumps(i.checks), "episode_id": episode_id, "place": n}
                for n, i in enumerate(extraction.insights)
            ]
            for row in rows:
                names = ", ".join(row)
                places = ", ".join("?" * len(row))
                db.execute(f"INSERT INTO insights ({names}) VALUES ({places})", list(row.values()))
            db.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
                [
                    [episode_id, p.first_sentence, p.last_sentence, p.start_ms, p.end_ms, p.kind]
                    for p in extraction.passages
                ],
            )
            _insert_embeddings(db, embeddings, embedding_model_id)
            _insert_passages(db, episode_id, passages or {}, embedding_model_id)
            db.execute(
                "DELETE FROM vector_changes WHERE number <= (SELECT max(number) FROM vector_changes) - ?",
                [CHANGES_KEPT],
            )
            other_words = [[i.id, i.id] for i in extraction.insights if before.get(i.id, i.text) != i.text]
            db.executemany("DELETE FROM kinds WHERE one_id = ? OR other_id = ?", other_words)
            db.execute(
                "INSERT OR REPLACE INTO extractions (episode_id, counts, read_ms) VALUES (?, ?, ?)",
                [episode_id, json.dumps(asdict(extraction.counts)), now_ms],
            )
        ids = {*before, *(insight.id for insight in extraction.insights)}
        return Changes(episode_ids=frozenset({episode_id}), insight_ids=frozenset(ids))

    def store_vectors(self, vectors: Mapping[InsightId, NDArray[np.float32]], model_id: str) -> None:
        """Keep further vectors of insights, under a name of their own."""
        with self._transaction() as db:
            _insert_embeddings(db, vectors, model_id)

    def store_passages(
        self, episode_id: EpisodeId, vectors: Mapping[int, NDArray[np.float32]], model_id: str
    ) -> None:
        """Keep the vectors of passages, by their first sentence, in place of those of other models."""
        with self._transaction() as db:
            db.execute("DELETE FROM passage_embeddings WHERE episode_id = ?", [episode_id])
            _insert_passages(db, episode_id, vectors, model_id)

    def store_brief(
        self, brief: Brief, *, now_ms: int, held_back: Mapping[InsightId, str] | None = None
    ) -> Changes:
        """Keep a day's brief, or fill its free places. What was shown stays in its place.

        `held_back` says of what the user's taste kept out, why.

        Raises ValueError when an item that was shown would change: that would be a mistake of ours.
        """
        with self._transaction() as db:
            query = "SELECT position, insight_id FROM brief_items WHERE date = ?"
            shown = dict(db.execute(query, [brief.date]).fetchall())
            held_back = held_back or {}
            wanted = {item.position: item.insight_id for item in brief.items}
            if any(wanted.get(position, id_) != id_ for position, id_ in shown.items()):
                raise ValueError(f"the brief of {brief.date} would change after it was shown")
            db.execute(
                "INSERT INTO briefs (date, coverage, made_ms) VALUES (?, ?, ?)"
                " ON CONFLICT (date) DO UPDATE SET coverage = excluded.coverage",
                [brief.date, brief.coverage, now_ms],
            )
            fresh = [item for item in brief.items if item.position not in shown]
            db.executemany(
                "INSERT INTO brief_items (date, position, insight_id, why, terms, outside)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    [brief.date, i.position, i.insight_id, i.why, json.dumps(i.terms), i.outside]
                    for i in fresh
                ],
            )
            db.executemany(
                "INSERT OR IGNORE INTO shown_vectors SELECT insight_id, model_id, vector FROM embeddings"
                " WHERE insight_id = ?",
                [[item.insight_id] for item in fresh],
            )
            db.executemany(
                "INSERT OR IGNORE INTO held_back (date, insight_id, why) VALUES (?, ?, ?)",
                [[brief.date, insight_id, why] for insight_id, why in held_back.items()],
            )
        return Changes(insight_ids=frozenset(item.insight_id for item in fresh))

    def close(self) -> None:
        """Fold the log into the file, let go of it, and of the lock. May be called twice.

        Raises KnownError when the last requests could not be listed; everything is let go of all the same.
        """
        try:
            if self._held.is_locked:
                with self._transaction():
                    pass  # the requests that were noted last
                with suppress(sqlite3.OperationalError):  # on a full disk the log stays for next time
                    self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            super().close()
            self._held.release()


def _insert_embeddings(
    db: sqlite3.Connection, embeddings: Mapping[InsightId, NDArray[np.float32]], model_id: str
) -> None:
    blobs = {id_: vector.astype("<f4").tobytes() for id_, vector in embeddings.items()}
    db.executemany(
        "INSERT OR IGNORE INTO embeddings (insight_id, model_id, vector, fingerprint) VALUES (?, ?, ?, ?)",
        [[id_, model_id, blob, fingerprint(id_, model_id, blob)] for id_, blob in blobs.items()],
    )


def _insert_passages(
    db: sqlite3.Connection,
    episode_id: EpisodeId,
    vectors: Mapping[int, NDArray[np.float32]],
    model_id: str,
) -> None:
    blobs = {first: vector.astype(FORMS["passage_embeddings"]).tobytes() for first, vector in vectors.items()}
    db.executemany(
        "INSERT INTO passage_embeddings (episode_id, first_sentence, model_id, vector, fingerprint)"
        " VALUES (?, ?, ?, ?, ?)",
        [
            [episode_id, first, model_id, blob, fingerprint(f"{episode_id}:{first}", model_id, blob)]
            for first, blob in blobs.items()
        ],
    )
