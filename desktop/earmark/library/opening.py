"""Opening a library: one owner, copies before changes, and never a fresh start over a damaged one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from earmark.errors import DISK_FULL, KnownError, disk_is_full
from earmark.library.form import APPLICATION_ID, SCHEMA_VERSION
from earmark.paths import Paths

if TYPE_CHECKING:
    from filelock import FileLock

BUSY_MS = 5_000
BACKUPS_KEPT = 7


class LibraryInUse(KnownError):  # noqa: N818  (a state of the world)
    """Another Earmark owns this library."""

    def __init__(self) -> None:
        super().__init__("Earmark is already open with this library. Close it, or use it there.")


def lock(paths: Paths) -> FileLock:
    """Own the library until the lock is released or this process ends. Raises LibraryInUse."""
    from filelock import FileLock, Timeout

    held = FileLock(paths.data / "library.lock", mode=0o600)
    try:
        held.acquire(timeout=0)
    except Timeout as error:
        raise LibraryInUse from error
    return held


def connect_writer(paths: Paths, now: datetime) -> sqlite3.Connection:
    """The one writing connection, with the newest form of the tables.

    The caller holds the lock. Raises KnownError, without having changed anything, for a library that is
    damaged, lost, of a newer Earmark, or somebody else's database.
    """
    from sqlite_utils import Database  # half a second of work; those who only read need none of it

    from earmark.library.schema import migrations

    _clear_cut_off(paths)
    _refuse_loss(paths)
    try:
        db = sqlite3.connect(paths.library, isolation_level=None)
        try:
            version, tables = _examined(db, paths)
            _prepare_writer(db)
            pending = bool(migrations.pending(Database(db)))
            if tables and (pending or not _backup_file(paths, now, version).exists()):
                back_up(db, paths, now)
            if pending:
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                migrations.apply(Database(db))
                db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        except BaseException:
            db.close()
            raise
    except sqlite3.DatabaseError as error:
        raise _damaged(paths, error) from error
    if os.name == "posix":
        paths.library.chmod(0o600)
    return db


def connect_reader(paths: Paths) -> sqlite3.Connection:
    """A read-only connection. Raises KnownError where there is no library or it is damaged."""
    if not paths.library.exists():
        raise KnownError("There is no library here yet. Add a show first: earmark add ADDRESS")
    try:
        db = sqlite3.connect(f"{paths.library.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            _examined(db, paths)
        except BaseException:
            db.close()
            raise
    except sqlite3.DatabaseError as error:
        raise _damaged(paths, error) from error
    return db


def is_at_hand(paths: Paths) -> bool:
    """Whether a library can be read as it is, and nobody owns it just now. Raises KnownError."""
    if not paths.library.exists():
        return False
    with contextlib.closing(connect_reader(paths)) as db:
        if is_older(db):
            return False
    try:
        lock(paths).release()
    except LibraryInUse:
        return False
    return True


def is_older(db: sqlite3.Connection) -> bool:
    """Whether a library has an older form than this program writes."""
    return _version(db) < SCHEMA_VERSION


def back_up(db: sqlite3.Connection, paths: Paths, now: datetime) -> Path:
    """Copy the library as it stands, prove that the copy opens, and keep the newest seven. Raises KnownError.

    Through SQLite itself: opening the file in this process in any other way would drop its locks.
    """
    target = _backup_file(paths, now, _version(db))
    part = target.with_suffix(".part")
    try:
        part.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(part)) as copy:
            db.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise KnownError("A copy of the library could not be made: the copy was not whole.")
        part.replace(target)
        for old in backups(paths)[BACKUPS_KEPT:]:
            old.unlink()
    except (OSError, sqlite3.OperationalError) as error:
        raise KnownError(f"A copy of the library could not be made ({error}). Is the disk full?") from error
    finally:
        part.unlink(missing_ok=True)
    return target


def backups(paths: Paths) -> list[Path]:
    """The copies that were kept, newest first."""
    return sorted(paths.backups.glob("library-*.db"), key=_date_and_form, reverse=True)


def _date_and_form(backup: Path) -> tuple[str, int]:
    date, _, form = backup.stem.rpartition("-v")
    return date, int(form) if form.isdigit() else 0


def _backup_file(paths: Paths, now: datetime, version: int) -> Path:
    """A day's copy of a library of one form: the copy before a change of form is another file."""
    return paths.backups / f"library-{now:%Y-%m-%d}-v{version}.db"


def _clear_cut_off(paths: Paths) -> None:
    """Delete copies whose making was cut off, as by a crash: they hold the whole library, secrets too."""
    for part in paths.backups.glob("library-*.part*"):  # with what SQLite puts beside them
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _refuse_loss(paths: Paths) -> None:
    """A library that is gone or empty while copies of it exist is not begun anew in silence."""
    kept = backups(paths)
    lost = not paths.library.exists() or paths.library.stat().st_size == 0
    if kept and lost:
        raise KnownError(
            f"The library {paths.library} is gone or empty, but copies of it are kept. "
            f"The newest is {kept[0]}. Put it in the library's place, or move the copies away to begin anew."
        )


def _prepare_writer(db: sqlite3.Connection) -> None:
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "wal_autocheckpoint = 256",
        "journal_size_limit = 1048576",
    ):
        db.execute(f"PRAGMA {pragma}").fetchall()


def _examined(db: sqlite3.Connection, paths: Paths) -> tuple[int, int]:
    """Form and number of tables of a library that is ours. Reads only. Raises KnownError."""
    version = _version(db)
    if version > SCHEMA_VERSION:
        raise KnownError(
            f"The library {paths.library} was made by a newer Earmark (form {version}, this one knows "
            f"{SCHEMA_VERSION}). Install the newer version; nothing was changed."
        )
    owner = db.execute("PRAGMA application_id").fetchone()[0]
    tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if owner != APPLICATION_ID and tables:
        raise KnownError(f"{paths.library} is not a library of Earmark, so it is left alone.")
    return int(version), int(tables)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _damaged(paths: Paths, error: sqlite3.DatabaseError) -> KnownError:
    if disk_is_full(error):
        return KnownError(f"The library {paths.library} cannot be opened. {DISK_FULL}")
    if isinstance(error, sqlite3.OperationalError):
        return KnownError(f"The library {paths.library} cannot be opened: {error}.")
    kept = backups(paths)
    advice = f"The newest good copy is {kept[0]}." if kept else "There is no copy of it yet."
    return KnownError(f"The library {paths.library} is damaged ({error}). It is left as it is. {advice}")
