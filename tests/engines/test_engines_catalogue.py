"""What was proven is remembered by all processes, for the very file that was read, or done without."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from earmark.engines import catalogue
from earmark.engines.catalogue import ModelRow, is_noted, note, require, sha256_of
from earmark.errors import KnownError

NOTES = 200
NOTING = """
import sys
from pathlib import Path
from earmark.engines.catalogue import note
folder, name = Path(sys.argv[1]), sys.argv[2]
for n in range(int(sys.argv[3])):
    file = folder / f"{name}{n}"
    file.write_bytes(b"x")
    note(file, "a" * 64, folder)
"""


def row_of(content: bytes) -> ModelRow:
    """A model of these bytes."""
    return ModelRow(
        "m", "llm", "m.gguf", "MIT", "here", (), len(content), hashlib.sha256(content).hexdigest()
    )


def swapped(path: Path, content: bytes) -> None:
    """Put other bytes in the file's place, which look the same in size and time."""
    was = path.stat()
    other = path.with_name("other")
    other.write_bytes(content)
    os.utime(other, ns=(was.st_atime_ns, was.st_mtime_ns))
    other.replace(path)
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (was.st_size, was.st_mtime_ns)


def test_two_processes_that_note_at_once_lose_nothing(tmp_path: Path) -> None:
    names = ["a", "b"]
    argv = [[sys.executable, "-c", NOTING, str(tmp_path), name, str(NOTES)] for name in names]
    both = [subprocess.Popen(each) for each in argv]
    assert [each.wait(120) for each in both] == [0, 0]
    assert all(is_noted(tmp_path / f"{name}{n}", "a" * 64, tmp_path) for name in names for n in range(NOTES))
    assert not list(tmp_path.glob("*.part"))


def in_the_way_of_the_record(folder: Path) -> None:
    (folder / "verified.json").mkdir()


def in_the_way_of_the_lock(folder: Path) -> None:
    (folder / "verified.json.lock").mkdir()


def in_the_way_of_the_folder(folder: Path) -> None:
    folder.rmdir()
    folder.write_bytes(b"")


@pytest.mark.parametrize(
    "block", [in_the_way_of_the_record, in_the_way_of_the_lock, in_the_way_of_the_folder]
)
def test_where_nothing_can_be_noted_a_model_is_proven_all_the_same(
    tmp_path: Path, block: Callable[[Path], None]
) -> None:
    folder, file = tmp_path / "models", tmp_path / "m.gguf"
    folder.mkdir()
    block(folder)
    file.write_bytes(b"good")
    assert require(row_of(b"good"), file, folder) == file
    note(file, "a" * 64, folder)
    assert not is_noted(file, "a" * 64, folder)
    assert not list(tmp_path.rglob("*.part"))


def test_other_bytes_of_the_same_size_and_time_are_noticed(tmp_path: Path) -> None:
    file, row = tmp_path / "m.gguf", row_of(b"good")
    file.write_bytes(b"good")
    require(row, file, tmp_path)
    assert row.sha256
    assert is_noted(file, row.sha256, tmp_path)
    swapped(file, b"evil")
    assert not is_noted(file, row.sha256, tmp_path)
    with pytest.raises(KnownError, match="damaged"):
        require(row, file, tmp_path)


def test_a_file_that_is_replaced_while_it_is_read_is_not_taken_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, row = tmp_path / "m.gguf", row_of(b"good")
    file.write_bytes(b"good")
    digest = hashlib.file_digest

    def slow_digest(*given: Any) -> Any:
        found = digest(*given)
        swapped(file, b"evil")
        return found

    monkeypatch.setattr(catalogue.hashlib, "file_digest", slow_digest)
    with pytest.raises(KnownError, match="changed while it was read"):
        require(row, file, tmp_path)
    with pytest.raises(KnownError, match="changed while it was read"):
        sha256_of(file)
    assert row.sha256
    assert not is_noted(file, row.sha256, tmp_path)
