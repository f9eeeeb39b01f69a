"""Writing what the user did, and what follows from it."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from earmark.clock import Clock, to_ms
from earmark.library.search_writes import SearchWrites
from earmark.records import Changes, InsightId


class TasteWrites(SearchWrites):
    """Stores the user's own doing; see `Library`."""

    def __init__(self, db: sqlite3.Connection, cache: Path, clock: Clock) -> None:
        super().__init__(db, cache)
        self._clock = clock

    def set_mark(
        self,
        insight_id: InsightId,
        *,
        saved: bool | None = None,
        thumb: int | None = None,
        hidden: bool | None = None,
    ) -> Changes:
        """What the user did with an insight; what is None stays. `thumb` is -1, 0 or 1.

        From what is done anew something may be learned again, although an earlier lesson was taken back.
        """
        with self._transaction() as db:
            db.execute(
                "INSERT INTO marks (insight_id, changed_ms) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [insight_id, 0],
            )
            db.execute(
                "UPDATE marks SET saved = coalesce(?, saved), thumb = coalesce(?, thumb),"
                " hidden = coalesce(?, hidden), changed_ms = ? WHERE insight_id = ?",
                [saved, thumb, hidden, to_ms(self._clock()), insight_id],
            )
            db.execute("DELETE FROM taught WHERE insight_id = ? AND lesson IS NULL", [insight_id])
        return Changes(insight_ids=frozenset({insight_id}))

    def write_note(self, insight_id: InsightId, text: str, *, was: str) -> Changes:
        """Keep the user's own words on an insight in place of those that they were written over (`was`).

        Where something else stands there by now, written from elsewhere meanwhile, both are kept: what stands
        there, then an empty line and what is new.
        """
        with self._transaction() as db:
            row = db.execute("SELECT text FROM notes WHERE insight_id = ?", [insight_id]).fetchone()
            there = str(row[0]) if row else ""
            kept = text if there in (was, text, "") else f"{there}\n\n{text}".rstrip()
            if kept == there:
                return Changes()
            if kept:
                db.execute(
                    "INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", [insight_id, kept, to_ms(self._clock())]
                )
            else:
                db.execute("DELETE FROM notes WHERE insight_id = ?", [insight_id])
        return Changes(insight_ids=frozenset({insight_id}))

    def add_reading(self, insight_id: InsightId, read_ms: int) -> None:
        """A card was open for `read_ms`; adds to what it was open for before."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO reading (insight_id, read_ms) VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET read_ms = read_ms + excluded.read_ms",
                [insight_id, max(0, read_ms)],
            )

    def store_taught(self, taught: Mapping[tuple[InsightId, str], str | None]) -> None:
        """Which acts stand in which lesson (see `taught`), in place of what was stored."""
        with self._transaction() as db:
            db.execute("DELETE FROM taught")
            db.executemany(
                "INSERT INTO taught (insight_id, about, lesson) VALUES (?, ?, ?)",
                [[insight_id, about, lesson] for (insight_id, about), lesson in sorted(taught.items())],
            )

    def forget_acts(self) -> None:
        """Learn nothing from anything that was done so far; what is saved or hidden stays so, and reading
        times go."""
        with self._transaction() as db:
            db.execute("DELETE FROM reading")
            db.execute("DELETE FROM taught")
            db.execute("INSERT INTO taught SELECT insight_id, 'topic', NULL FROM marks")
            db.execute("INSERT INTO taught SELECT insight_id, 'show', NULL FROM marks")

    def store_heard(self, times: Mapping[InsightId, int]) -> Changes:
        """In how many episodes the claims of these insights were heard; known ones are not written."""
        before = dict(self._db.execute("SELECT insight_id, times FROM heard").fetchall())
        fresh = {id_: count for id_, count in times.items() if before.get(id_, 1) != count}
        if not fresh:
            return Changes()
        with self._transaction() as db:
            db.executemany("INSERT OR REPLACE INTO heard (insight_id, times) VALUES (?, ?)", fresh.items())
        return Changes(insight_ids=frozenset(fresh))

    def store_shelf(self, date_iso: str, insight_id: InsightId) -> None:
        """What comes from the shelf on a day that has a brief; the first stays."""
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO shelf (date, insight_id) VALUES (?, ?)", [date_iso, insight_id])

    def note_announced(self, date_iso: str, *, announced: bool = True) -> None:
        """The user was told of this brief, or was not after all."""
        with self._transaction() as db:
            db.execute("UPDATE briefs SET announced = ? WHERE date = ?", [announced, date_iso])
