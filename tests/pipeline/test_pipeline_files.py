"""A file of the user's is heard, and nothing is left of it."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from earmark.errors import Cancelled, KnownError
from earmark.pipeline import Watch
from earmark.pipeline.files import sweep, transcribe_file


def test_what_killed_processes_left_is_deleted_and_what_living_ones_need_is_not(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    for name in (f"heard-{int(ended.stdout)}-a", f"heard-{os.getpid()}-b", "another"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "audio.pcm").write_bytes(b"x")
    sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"heard-{os.getpid()}-b", "another"}


def test_a_recording_that_cannot_be_decoded_is_told_without_waiting_for_the_model(tmp_path: Path) -> None:
    begun = threading.Event()

    def decode(*_: Any, **__: Any) -> None:
        begun.wait()
        raise KnownError("no sound")

    def prepare(_model: Path, *, cancelled: Any) -> None:
        begun.set()
        while not cancelled():
            pass
        raise Cancelled

    engines: Any = SimpleNamespace(
        media=SimpleNamespace(decode=decode), speech=SimpleNamespace(prepare=prepare)
    )
    with pytest.raises(KnownError, match="no sound"):
        transcribe_file(engines, tmp_path / "a.mp3", tmp_path / "m.bin", tmp_path, None, Watch())
    assert list(tmp_path.iterdir()) == []
