"""Vectors of texts that were embedded before, kept in a file, so that no text is read twice.

Only a cache: whatever is wrong with the file, it is begun anew or done without, and nobody is told. It holds
hashes and numbers, no words.
"""

import hashlib
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MOST_ROWS = 100_000
"""About 170 MB, or the vectors of some 70 episodes; the oldest are dropped above it."""
PATIENCE_S = 2.0
"""How long another process may hold the file before this one does without it."""
_PAUSE_S = 0.01
_FORM = 1
_KEYS_A_QUESTION = 500


class VectorCache:
    """The vectors of one file, for any number of processes at once. Opens the file when it is first asked.

    Never raises for what the file or the disk do.
    """

    def __init__(self, path: Path, *, most_rows: int = MOST_ROWS) -> None:
        self._path = path
        self._most_rows = most_rows
        self._db: sqlite3.Connection | None = None
        self._mended = False
        self._given_up = False

    def known(self, model_id: str, texts: Sequence[str], width: int) -> dict[str, NDArray[np.float32]]:
        """The vectors of those texts that the cache holds; a row that is no unit vector is not given."""
        rows: dict[bytes, bytes] = {}
        keys = {_key(model_id, text): text for text in texts}
        asked = list(keys)
        try:
            if (db := self._opened()) is None:
                return {}
            for first in range(0, len(asked), _KEYS_A_QUESTION):
                part = asked[first : first + _KEYS_A_QUESTION]
                marks = ", ".join("?" * len(part))
                rows.update(db.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part))
        except sqlite3.Error as error:
            self._mend(error)
        found = {
            keys[key]: np.frombuffer(blob, "<f4") for key, blob in rows.items() if len(blob) == 4 * width
        }
        return {text: vector.astype(np.float32) for text, vector in found.items() if _is_unit(vector)}

    def keep(self, model_id: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Hold these vectors, and drop the oldest above the limit."""
        rows = [(_key(model_id, text), vector.astype("<f4").tobytes()) for text, vector in vectors.items()]
        try:
            if (db := self._opened()) is None:
                return
            with db:
                db.executemany("INSERT OR IGNORE INTO vectors (key, vector) VALUES (?, ?)", rows)
                # Rows are numbered as they come and dropped from below only, so numbers count them.
                db.execute(
                    "DELETE FROM vectors WHERE number <= (SELECT max(number) FROM vectors) - ?",
                    [self._most_rows],
                )
        except sqlite3.Error as error:
            self._mend(error)

    def close(self) -> None:
        """Let go of the file."""
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    def _opened(self) -> sqlite3.Connection | None:
        if self._db is None and not self._given_up:
            try:
                self._db = _connect(self._path)
            except sqlite3.Error as error:
                self._mend(error)
                if not self._given_up:
                    self._db = _connect(self._path)
        return self._db

    def _mend(self, error: sqlite3.Error) -> None:
        """Remove the file when it is damaged, once; do without it when it is out of reach, or busy."""
        self.close()
        if isinstance(error, sqlite3.OperationalError) or self._mended:
            self._given_up = True
            return
        self._mended = True
        for name in ("", "-wal", "-shm"):
            try:
                self._path.with_name(self._path.name + name).unlink(missing_ok=True)
            except OSError:  # another process holds it, or it is no file
                self._given_up = True


def _connect(path: Path) -> sqlite3.Connection:
    """Raises sqlite3.Error; DatabaseError alone when the file is damaged or of another form.

    SQLite does not wait for a lock when a file changes to WAL (it says busy at once), so this does.
    """
    until_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            return _connect_now(path)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until_s:
                raise
        time.sleep(_PAUSE_S)


def _connect_now(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=PATIENCE_S, check_same_thread=False)
    try:
        (form,) = db.execute("PRAGMA user_version").fetchone()
        if form not in (0, _FORM):
            raise sqlite3.DatabaseError("another form of this cache")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        with db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS vectors"
                " (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL)"
            )
            db.execute(f"PRAGMA user_version = {_FORM}")
    except BaseException:
        db.close()
        raise
    return db


def _key(model_id: str, text: str) -> bytes:
    return hashlib.sha256(f"{model_id}\n{text}".encode("utf-8", "surrogatepass")).digest()


def _is_unit(vector: NDArray[np.float32]) -> bool:
    return bool(abs(float(np.linalg.norm(vector)) - 1.0) < 1e-3)
