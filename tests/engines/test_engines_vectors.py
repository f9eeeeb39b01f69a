"""Vectors that were made before are not made again."""

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from earmark.demo import demo_episodes
from earmark.engines import Language, VectorCache
from earmark.insights import extract
from earmark.paths import Paths
from earmark.records import Extraction, Segment, Transcript

WIDTH = 8


def unit(seed: int) -> NDArray[np.float32]:
    vector = np.random.default_rng(seed).standard_normal(WIDTH).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def test_a_vector_comes_back_bit_for_bit_and_only_for_its_model_and_text(tmp_path: Path) -> None:
    one, other = VectorCache(tmp_path / "v.db"), VectorCache(tmp_path / "v.db")
    odd = ["a", "\ud800", "你好", ""]
    one.keep("m", {text: unit(i) for i, text in enumerate(odd)})
    found = other.known("m", [*odd, "b"], WIDTH)
    assert list(found) == odd or set(found) == set(odd)
    assert all(np.array_equal(found[text], unit(i)) for i, text in enumerate(odd))
    assert other.known("n", odd, WIDTH) == {}
    assert other.known("m", odd, WIDTH + 1) == {}
    one.close()
    other.close()


def test_the_oldest_are_dropped_above_the_limit(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v.db", most_rows=10)
    for i in range(25):
        cache.keep("m", {f"text {i}": unit(i)})
        cache.keep("m", {f"text {i}": unit(i)})
    kept = cache.known("m", [f"text {i}" for i in range(25)], WIDTH)
    assert sorted(kept) == sorted(f"text {i}" for i in range(15, 25))
    cache.close()


def another_form(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 77")
    db.close()


def torn(path: Path) -> None:
    cache = VectorCache(path)
    cache.keep("m", {f"{i}": unit(i) for i in range(2000)})
    cache.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "spoil", [lambda path: path.write_bytes(b"no database" * 999), another_form, torn], ids=str
)
def test_a_damaged_file_is_begun_anew_without_a_word(spoil: object, tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    assert callable(spoil)
    spoil(path)
    cache = VectorCache(path)
    assert cache.known("m", ["1", "2"], WIDTH) == {}
    cache.keep("m", {"1": unit(1)})
    assert set(cache.known("m", ["1", "2"], WIDTH)) == {"1"}
    cache.close()


def test_a_row_that_is_no_unit_vector_is_not_given(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v.db")
    cache.keep("m", {"zero": np.zeros(WIDTH, np.float32), "nan": np.full(WIDTH, np.nan, np.float32)})
    assert cache.known("m", ["zero", "nan"], WIDTH) == {}
    cache.close()


def test_a_place_that_cannot_be_used_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    for path in (tmp_path / "folder.db", tmp_path / "missing" / "v.db"):
        cache = VectorCache(path)
        cache.keep("m", {"1": unit(1)})
        assert cache.known("m", ["1"], WIDTH) == {}
        cache.close()


WRITER = """
import sys
import threading
from contextlib import closing
from pathlib import Path
import numpy as np
from earmark.engines import VectorCache
cache = VectorCache(Path(sys.argv[1]))
for i in range(150):
    vector = np.zeros(8, np.float32)
    vector[i % 8] = 1
    cache.keep("m", {f"{sys.argv[2]} {i}": vector, f"both {i}": vector})
    assert len(cache.known("m", [f"{sys.argv[2]} {k}" for k in range(i + 1)], 8)) == i + 1
cache.close()
"""


def test_a_file_that_another_program_is_just_making_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.execute("BEGIN IMMEDIATE")
        soon = threading.Timer(0.2, other.execute, ["COMMIT"])
        soon.start()
        cache = VectorCache(path)
        cache.keep("m", {"1": unit(1)})
        soon.join()
    assert set(cache.known("m", ["1"], WIDTH)) == {"1"}
    cache.close()


def test_two_programs_may_use_it_at_once(tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    argv = [sys.executable, "-c", WRITER, str(path)]
    both = [subprocess.Popen([*argv, name], stderr=subprocess.PIPE) for name in ("one", "two")]
    said = [child.communicate(timeout=120)[1].decode() for child in both]
    assert [child.returncode for child in both] == [0, 0], said
    cache = VectorCache(path)
    names = [f"{name} {i}" for name in ("one", "two", "both") for i in range(150)]
    assert len(cache.known("m", names, WIDTH)) == 450
    cache.close()


def test_the_second_reading_of_a_transcript_embeds_nothing(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    paths.create()
    lines = demo_episodes()[0].lines
    segments = tuple(Segment(i * 5000, i * 5000 + 5000, x.text, x.speaker) for i, x in enumerate(lines))

    def read() -> tuple[Extraction, int, bool]:
        with Language(paths, cache=VectorCache(paths.vectors)) as language:
            extraction = extract(
                Transcript("publisher", segments),
                language,
                identity="a",
                cancelled=lambda: False,
                on_progress=lambda _: None,
            )
            return extraction, language.usage.tokens_embedded, "embed" in language.usage.seconds

    first, tokens, asked = read()
    assert first.insights
    assert tokens > 0
    assert asked
    assert read() == (first, 0, False)
