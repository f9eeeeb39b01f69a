"""Taking secrets out of the rows of a show, in the library and in its copies, of whatever form they are."""

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from earmark.errors import KnownError
from earmark.library.search_rows import put_episode_text
from earmark.records import EpisodeId, FeedId

Hidden = tuple[str, Callable[[str], str]]
"""The address of a show without its secrets, and what gives any of its texts without them."""

_TABLES = {
    "feeds": "id = ?",
    "show_facts": "feed_id = ?",
    "episodes": "feed_id = ?",
    "jobs": "episode_id IN (SELECT id FROM episodes WHERE feed_id = ?)",
}


def hide_rows(db: sqlite3.Connection, feeds: Mapping[FeedId, Hidden]) -> list[EpisodeId]:
    """Write shows and all that came from them without their secrets; which episodes those are.

    Every text of theirs is looked at. They are read anew at the next check. The caller holds the transaction.
    """
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    ids = []
    for feed_id, (url, hidden) in feeds.items():
        before = db.execute("SELECT url FROM feeds WHERE id = ?", [feed_id]).fetchone()[0]
        db.execute(
            "UPDATE feeds SET url = ?, etag = NULL, last_modified = NULL, body_sha256 = NULL WHERE id = ?",
            [url, feed_id],
        )
        for table in (each for each in _TABLES if each in tables):
            _hide_texts(db, table, feed_id, hidden)
        if "left_addresses" in tables:  # a part of it may have been hidden before
            db.execute("DELETE FROM left_addresses WHERE url = ?", [before])
        ids += [
            EpisodeId(row[0]) for row in db.execute("SELECT id FROM episodes WHERE feed_id = ?", [feed_id])
        ]
        if "episode_texts" in tables:
            _find_by_new_texts(db, feed_id)
    forget_words(db)
    return ids


def forget_words(db: sqlite3.Connection) -> None:
    """Make the indexes of words anew: they hold what stood there before. The caller holds the transaction."""
    for index in ("episode_words", "show_words"):
        if db.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", [index]).fetchone():
            db.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")


def addresses_in(copy: Path) -> dict[FeedId, str]:
    """The address of every show in a copy of a library. Raises sqlite3.Error."""
    with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as db:
        return {FeedId(row[0]): row[1] for row in db.execute("SELECT id, url FROM feeds")}


def hide_in_copy(copy: Path, feeds: Mapping[FeedId, Hidden]) -> None:
    """Take the secrets of shows out of a copy of a library: a whole one is put in its place, or none.

    Raises KnownError; then the copy is as it was.
    """
    part = copy.with_suffix(".part")
    try:
        shutil.copyfile(copy, part)
        with closing(sqlite3.connect(part, isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA secure_delete = ON").fetchall()
            db.execute("BEGIN IMMEDIATE")
            hide_rows(db, feeds)
            db.execute("COMMIT")
            db.execute("VACUUM")
            whole = tuple(db.execute("PRAGMA quick_check").fetchone()) == ("ok",)
        if not whole:
            raise KnownError(f"{copy} could not be written without the passwords in it; it is as it was.")
        shutil.copymode(copy, part)
        part.replace(copy)
    except (OSError, sqlite3.Error) as error:
        raise KnownError(
            f"{copy} could not be written without the passwords in it ({error}); it is as it was."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _hide_texts(db: sqlite3.Connection, table: str, feed_id: int, hidden: Callable[[str], str]) -> None:
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[2] == "TEXT"]
    columns = [name for name in columns if (table, name) != ("feeds", "url")]
    changing = db.execute(
        f"SELECT rowid, {', '.join(columns)} FROM {table} WHERE {_TABLES[table]}", [feed_id]
    ).fetchall()
    for row in changing:
        texts = list(row)[1:]
        without = [text and hidden(text) for text in texts]
        if without != texts:
            settings = ", ".join(f"{name} = ?" for name in columns)
            db.execute(f"UPDATE {table} SET {settings} WHERE rowid = ?", [*without, row[0]])


def _find_by_new_texts(db: sqlite3.Connection, feed_id: int) -> None:
    rows = db.execute("SELECT id, title, notes FROM episodes WHERE feed_id = ?", [feed_id]).fetchall()
    for number, title, notes in rows:
        put_episode_text(db, number, title, notes)
