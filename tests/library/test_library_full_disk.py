"""A full disk is said in words, ends nothing with a traceback, and loses nothing that was stored."""

import sqlite3
from pathlib import Path

import pytest

from earmark.errors import DISK_FULL, KnownError, disk_is_full
from earmark.library import open_library
from earmark.paths import Paths
from earmark.records import ParsedFeed

FEED = ParsedFeed("A show", None, "", None, ())


def test_words_that_find_no_room_say_what_to_do_and_what_was_stored_stays(tmp_path: Path) -> None:
    with open_library(Paths(tmp_path)) as library:
        library.add_feed("https://example.org/1", FEED)
        pages = library._db.execute("PRAGMA page_count").fetchone()[0]
        library._db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(KnownError, match=DISK_FULL):
            library.add_feed("https://example.org/2", ParsedFeed("A show" * 100_000, None, "", None, ()))
        assert [feed.url for feed in library.feeds()] == ["https://example.org/1"]


def test_a_library_whose_last_notes_find_no_room_is_closed_all_the_same(tmp_path: Path) -> None:
    library = open_library(Paths(tmp_path))
    pages = library._db.execute("PRAGMA page_count").fetchone()[0]
    library._db.execute(f"PRAGMA max_page_count = {pages}")
    library.log_request(1, "example.org" * 100_000, "a test", 200, 1)
    with pytest.raises(KnownError, match=DISK_FULL):
        library.close()
    with open_library(Paths(tmp_path)) as again, pytest.raises(sqlite3.ProgrammingError):
        library.feeds()
    assert again is not library


def test_a_library_that_finds_no_room_as_it_is_opened_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def small(*given: object, **more: object) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(*given, **more)  # type: ignore[call-overload]
        db.execute("PRAGMA max_page_count = 3")
        return db

    monkeypatch.setattr("earmark.library.opening.sqlite3.connect", small)
    with pytest.raises(KnownError, match=DISK_FULL):
        open_library(Paths(tmp_path))
    monkeypatch.undo()
    with open_library(Paths(tmp_path)) as library:
        assert library.feeds() == []


def test_only_a_full_disk_is_called_one() -> None:
    assert disk_is_full(OSError(28, "No space left on device"))
    assert not disk_is_full(PermissionError(13, "Permission denied"))
    assert not disk_is_full(ValueError())
