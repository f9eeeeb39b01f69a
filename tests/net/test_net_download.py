"""Files that arrive whole, or not at all."""

import errno
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from evil_server import AUDIO, OTHER_AUDIO, Evil

from earmark.errors import Cancelled, KnownError
from earmark.net import Door, download

MAX = 10**9


@pytest.fixture
def fetch(door: Door, evil: Evil, tmp_path: Path) -> Callable[..., Any]:
    """Download a path of the server to `audio` in the test's folder."""

    def fetched(path: str, **options: Any) -> Any:
        return download(
            options.pop("door", door),
            evil.url(path),
            tmp_path / "audio",
            why="download an episode",
            max_bytes=options.pop("max_bytes", MAX),
            **options,
        )

    return fetched


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_arrives_under_the_name_it_was_given(fetch: Callable[..., Any], tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    got = fetch("/audio", on_progress=lambda received, total: seen.append((received, total)))
    assert (got.size_bytes, got.sha256) == (len(AUDIO), hashlib.sha256(AUDIO).hexdigest())
    assert (tmp_path / "audio").read_bytes() == AUDIO
    assert names(tmp_path) == ["audio"]
    assert seen[-1] == (len(AUDIO), len(AUDIO))


@pytest.mark.parametrize("path", ["/breaks-off-once", "/breaks-off-dated"])
def test_n_02_a_download_that_broke_off_goes_on(
    fetch: Callable[..., Any], evil: Evil, tmp_path: Path, path: str
) -> None:
    with pytest.raises(KnownError, match="broke off"):
        fetch(path)
    assert (tmp_path / "audio.part").read_bytes() == AUDIO[:100_000]
    assert not (tmp_path / "audio").exists()
    assert fetch(path).sha256 == hashlib.sha256(AUDIO).hexdigest()
    assert evil.asked(path)[1].headers["range"] == "bytes=100000-"
    assert evil.asked(path)[1].headers["if-range"]
    assert names(tmp_path) == ["audio"]


def test_n_02_a_download_that_was_reset_goes_on_too(fetch: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="broke off"):
        fetch("/resets-once")
    assert not (tmp_path / "audio").exists()
    assert fetch("/resets-once").sha256 == hashlib.sha256(AUDIO).hexdigest()


@pytest.mark.parametrize("path", ["/changes", "/changes-and-lies"])
def test_n_04_two_files_are_never_joined(fetch: Callable[..., Any], tmp_path: Path, path: str) -> None:
    with pytest.raises(KnownError):
        fetch(path)
    fetch(path)
    assert (tmp_path / "audio").read_bytes() == OTHER_AUDIO


@pytest.mark.parametrize("path", ["/wrong-place", "/no-range"])
def test_n_05_a_range_that_is_not_honoured_starts_over_at_once(
    fetch: Callable[..., Any], evil: Evil, tmp_path: Path, path: str
) -> None:
    with pytest.raises(KnownError):
        fetch(path)
    fetch(path)
    assert (tmp_path / "audio").read_bytes() == AUDIO
    assert ["range" in request.headers for request in evil.asked(path)] == [False, True, False]


@pytest.mark.parametrize("note", ["", "{", "[]", '{"validator": 5, "total": null}', '{"validator": null}'])
def test_a_part_of_unknown_origin_is_not_gone_on_with(
    fetch: Callable[..., Any], evil: Evil, tmp_path: Path, note: str
) -> None:
    (tmp_path / "audio.part").write_bytes(b"something else")
    (tmp_path / "audio.note").write_text(note)
    fetch("/audio")
    assert (tmp_path / "audio").read_bytes() == AUDIO
    assert "range" not in evil.requests[0].headers


def test_a_part_as_long_as_the_file_does_not_stick(
    fetch: Callable[..., Any], evil: Evil, tmp_path: Path
) -> None:
    evil.visits["/no-range"] = 1
    (tmp_path / "audio.part").write_bytes(AUDIO)
    (tmp_path / "audio.note").write_text(json.dumps({"validator": '"one"', "total": len(AUDIO)}))
    fetch("/no-range")
    assert (tmp_path / "audio").read_bytes() == AUDIO


def test_n_03_a_file_without_a_length_is_taken_and_said_to_be_unproven(fetch: Callable[..., Any]) -> None:
    got = fetch("/no-length")
    assert (got.size_bytes, got.length_told) == (len(AUDIO), False)


@pytest.mark.parametrize("path", ["/audio", "/audio-gzip", "/audio-in-chunks"])
def test_n_03_a_file_whose_end_is_told_in_any_way_is_whole(fetch: Callable[..., Any], path: str) -> None:
    got = fetch(path)
    assert (got.size_bytes, got.length_told) == (len(AUDIO), True)


@pytest.mark.parametrize("path", ["/bomb", "/bomb-in-a-bomb", "/brotli"])
def test_n_12_a_bomb_in_place_of_a_recording_leaves_nothing(
    fetch: Callable[..., Any], tmp_path: Path, path: str
) -> None:
    with pytest.raises(KnownError):
        fetch(path, max_bytes=8 * 2**20)
    assert not (tmp_path / "audio").exists()
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 9 * 2**20


def test_a_file_that_was_packed_unasked_is_unpacked(fetch: Callable[..., Any], tmp_path: Path) -> None:
    fetch("/audio-gzip")
    assert (tmp_path / "audio").read_bytes() == AUDIO


def test_n_13_a_file_beyond_the_bound_is_not_begun(fetch: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="larger than"):
        fetch("/huge")
    assert names(tmp_path) == []


def test_n_13_an_endless_file_ends_and_leaves_nothing(fetch: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="more than 2 MB"):
        fetch("/endless", max_bytes=2 * 2**20)
    assert names(tmp_path) == []


def test_n_14_a_silent_server_is_left_after_a_minute(
    fetch: Callable[..., Any], hasty_door: Callable[[float], Door]
) -> None:
    with pytest.raises(KnownError, match="silent for 60 seconds"):
        fetch("/silent", door=hasty_door(10.0))


def test_n_14_a_drip_below_eight_kilobytes_a_second_is_left(
    fetch: Callable[..., Any], hasty_door: Callable[[float], Door]
) -> None:
    with pytest.raises(KnownError, match="so slowly"):
        fetch("/drip", door=hasty_door(9.0))


@pytest.mark.parametrize("path", ["/portal", "/empty"])
def test_n_17_n_22_a_web_page_or_nothing_is_no_file(
    fetch: Callable[..., Any], tmp_path: Path, path: str
) -> None:
    with pytest.raises(KnownError):
        fetch(path)
    assert names(tmp_path) == []


def test_a_wish_to_stop_keeps_what_is_there(fetch: Callable[..., Any], tmp_path: Path) -> None:
    received: list[int] = []
    with pytest.raises(Cancelled):
        fetch(
            "/audio", on_progress=lambda size, _total: received.append(size), cancelled=lambda: bool(received)
        )
    assert names(tmp_path) == ["audio.note", "audio.part"]
    fetch("/audio")
    assert (tmp_path / "audio").read_bytes() == AUDIO


def test_s_02_a_full_disk_is_told_and_leaves_no_part(
    fetch: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KnownError, match="Is the disk full"):
        fetch("/audio")
    assert names(tmp_path) == []


def test_s_02_a_download_that_would_fill_the_disk_is_not_begun(
    fetch: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 500 * 10**6}))
    with pytest.raises(KnownError, match="room on the disk"):
        fetch("/audio")
    assert names(tmp_path) == []


def test_a_folder_that_is_missing_is_told(door: Door, evil: Evil, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="could not be written"):
        download(door, evil.url("/audio"), tmp_path / "no" / "audio", why="test", max_bytes=MAX)
