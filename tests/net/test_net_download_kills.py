"""A download whose process is killed; more kills: tests/benchmarks/download_kills.py."""

import hashlib
import random
import sys
from pathlib import Path

import pytest
from kill_server import download_with_kills, serving

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs kill -9")
ONE = random.Random(1).randbytes(12 * 2**20)
OTHER = random.Random(2).randbytes(12 * 2**20)


def test_n_02_a_download_that_is_killed_five_times_goes_on_and_ends_whole(tmp_path: Path) -> None:
    """N-02"""
    with serving(ONE) as file:
        assert download_with_kills(file, tmp_path / "audio", 5, random.Random(3), turning=False) == 5
        assert file.gone_on == 5
    assert hashlib.sha256((tmp_path / "audio").read_bytes()).hexdigest() == hashlib.sha256(ONE).hexdigest()
    assert [path.name for path in tmp_path.iterdir()] == ["audio"]


def test_n_04_a_file_that_changes_between_kills_is_never_spliced(tmp_path: Path) -> None:
    """N-04"""
    with serving(ONE, OTHER) as file:
        download_with_kills(file, tmp_path / "audio", 5, random.Random(4), turning=True)
        assert file.turn >= 1
        now = hashlib.sha256(file.body).hexdigest()
    assert hashlib.sha256((tmp_path / "audio").read_bytes()).hexdigest() == now
