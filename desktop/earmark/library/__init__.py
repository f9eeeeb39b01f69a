"""The user's library: one SQLite file, one writer, and this is all that others may use of it.

`open_library` gives the writer (`Library`), `open_reader` gives questions only (`Reader`). All SQL of the
program is in this folder; it imports records, errors and paths, knows neither network nor models, and every
call that writes is one transaction which returns its `Changes`.

Feed data and what the user did stand in separate tables: feeds may go and be fetched again, marks may not.
"""

from earmark.clock import Clock, system_clock
from earmark.library.feed_writes import MOST_QUEUED
from earmark.library.insight_queries import Reader
from earmark.library.opening import (
    LibraryInUse,
    back_up,
    backups,
    connect_reader,
    connect_writer,
    is_at_hand,
    is_older,
    lock,
)
from earmark.library.requests_beside import log_beside
from earmark.library.secret_rows import Hidden, addresses_in, hide_in_copy
from earmark.library.writer import Library
from earmark.paths import Paths

__all__ = [
    "MOST_QUEUED",
    "Hidden",
    "Library",
    "LibraryInUse",
    "Reader",
    "addresses_in",
    "back_up",
    "backups",
    "hide_in_copy",
    "is_at_hand",
    "log_beside",
    "open_library",
    "open_reader",
]


def open_library(paths: Paths, *, clock: Clock = system_clock) -> Library:
    """Own the library of a profile, made or brought to the newest form first.

    A copy is kept before any change of form, and one a day. Raises LibraryInUse, and KnownError for a
    library that is damaged, of a newer Earmark, or on a full disk.
    """
    paths.create()
    held = lock(paths)
    try:
        library = Library(connect_writer(paths, clock()), paths.cache, held, clock)
        library.take_in_requests(paths.data)
        return library
    except BaseException:
        held.release()
        raise


def open_reader(paths: Paths) -> Reader:
    """Ask a library that exists, without owning it; one of an older form is brought to the newest first.

    Raises KnownError, LibraryInUse among them where that cannot be.
    """
    db = connect_reader(paths)
    if is_older(db):
        db.close()
        open_library(paths).close()
        db = connect_reader(paths)
    return Reader(db, paths.cache)
