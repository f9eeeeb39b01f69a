"""Writing insights, links, briefs and the user's marks."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from earmark.library.taste_writes import TasteWrites
from earmark.records import Brief, Changes, EpisodeId, Extraction, InsightId, Link


class Library(TasteWrites):
    """The one writer. Held by the process that owns the lock, used on the thread that opened it."""

    def __init__(self, db: sqlite3.Connection, held: FileLock) -> None:
        super().__init__(db)
        self._held = held

    def store_extraction(
        self,
        episode_id: EpisodeId,
        extraction: Extraction,
        embeddings: Mapping[InsightId, NDArray[np.float32]],
        embedding_model_id: str,
        *,
        now_ms: int,
    ) -> Changes:
        """What reading an episode gave, in place of what it gave before. Marks are kept."""
        with self._transaction() as db:
            before = {
                row[0] for row in db.execute("SELECT id FROM insights WHERE episode_id = ?", [episode_id])
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
            db.executemany(
                "INSERT INTO embeddings (insight_id, model_id, vector) VALUES (?, ?, ?)",
                [[i, embedding_model_id, v.astype("<f4").tobytes()] for i, v in embeddings.items()],
            )
            db.execute(
                "INSERT OR REPLACE INTO extractions (episode_id, counts, read_ms) VALUES (?, ?, ?)",
                [episode_id, json.dumps(asdict(extraction.counts)), now_ms],
            )
        ids = before | {insight.id for insight in extraction.insights}
        return Changes(episode_ids=frozenset({episode_id}), insight_ids=frozenset(ids))

    def store_links(self, links: Sequence[Link]) -> Changes:
        """Replace all links; nothing is written when they are what they were."""
        wanted = sorted(links, key=lambda link: (link.insight_id, link.other_id))
        before = self.links()
        if before == wanted:
            return Changes()
        with self._transaction() as db:
            db.execute("DELETE FROM links")
            db.executemany(
                "INSERT INTO links (insight_id, other_id, score, also_said_by) VALUES (?, ?, ?, ?)",
                [[link.insight_id, link.other_id, link.score, link.also_said_by] for link in wanted],
            )
        touched = set(before) ^ set(wanted)
        return Changes(insight_ids=frozenset(link.insight_id for link in touched))

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
        """Fold the log into the file, let go of it, and of the lock. May be called twice."""
        if self._held.is_locked:
            with self._transaction():
                pass  # the requests that were noted last
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        super().close()
        self._held.release()
