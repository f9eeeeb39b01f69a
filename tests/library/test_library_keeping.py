"""The tenth form of the library."""

from pathlib import Path

from older_library import older_library

from earmark.library import open_library
from earmark.paths import Paths
from earmark.records import Clip, InsightId


def test_recordings_of_an_older_library_count_as_having_come_today(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "profile")
    with older_library(paths, before="m010_keeping", version=7) as db:
        db.execute("INSERT INTO downloads VALUES (1, 'a.audio', 5, 'hash')")
        db.execute("INSERT INTO extractions VALUES (1, '{}', 1)")
    with open_library(paths) as library:
        (kept,) = library.kept_audio()
    assert (kept.file_name, kept.size_bytes, kept.read, kept.asked, kept.cut_ms) == (
        "a.audio",
        5,
        True,
        False,
        None,
    )
    assert kept.fetched_ms > 1_700_000_000_000


def test_clips_are_kept_by_insight_and_replaced_and_forgotten(tmp_path: Path) -> None:
    with open_library(Paths(tmp_path / "profile")) as library:
        first, second = (Clip(InsightId("a"), name, 5, 25_005, 9) for name in ("one.opus", "two.opus"))
        library.store_clips([first])
        assert library.clip(InsightId("a")) == first
        library.store_clips([second])
        assert library.clips() == [second]
        assert library.lost_clips() == [second]
        library.forget_clips([InsightId("a")])
        assert library.clip(InsightId("a")) is None
