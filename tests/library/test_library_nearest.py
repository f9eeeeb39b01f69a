"""The index of vectors: it finds what comparing all finds, follows the library, and can lose its files."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_library import MODEL, filled, insight

from earmark.library import Library, nearest, open_library, open_reader
from earmark.library.nearest import Nearest, Numbers, Vectors
from earmark.paths import Paths
from earmark.records import (
    EpisodeId,
    Extraction,
    ExtractionCounts,
    InsightId,
    Passage,
)

WIDTH = 70  # no multiple of eight


def vectors_of(marks: Numbers) -> Vectors:
    """What the library holds under these fingerprints: a few dozen clouds of vectors."""
    made = [
        np.random.default_rng(int(m) % 40).standard_normal(WIDTH)
        + 0.8 * np.random.default_rng([int(m), 1]).standard_normal(WIDTH)
        for m in marks
    ]
    rows = np.array(made, np.float32).reshape(len(marks), WIDTH)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


class Shelf:
    """The library's side of an index; notes what it is asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def fetch(self, marks: Numbers) -> tuple[Numbers, Vectors]:
        """Everything is there."""
        self.asked += len(marks)
        return marks, vectors_of(marks)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "BLOCK_ROWS", 128)


def best_by_comparing_all(marks: Numbers, vector: Vectors, count: int) -> list[int]:
    scores = np.einsum("ij,j->i", vectors_of(marks), vector)
    return [int(marks[k]) for k in np.lexsort((marks, -scores))[:count]]


def numbers(*marks: int) -> Numbers:
    return np.array(marks, np.int64)


@pytest.mark.parametrize("plain_most", [10_000, 0])
@pytest.mark.usefixtures("small_blocks")
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.booleans(), st.integers(1, 300), st.integers(1, 120)), min_size=1, max_size=6)
)
def test_after_any_coming_and_going_the_nearest_are_those_of_comparing_all(
    tmp_path_factory: pytest.TempPathFactory, plain_most: int, steps: list[tuple[bool, int, int]]
) -> None:
    shelf = Shelf()
    index = Nearest(tmp_path_factory.mktemp("index"), WIDTH, shelf.fetch, plain_most=plain_most)
    held: set[int] = set()
    for coming, first, many in steps:
        marks = np.arange(first, first + many, dtype=np.int64)
        if coming:
            index.add(*shelf.fetch(marks))
            held |= set(marks.tolist())
        else:
            index.remove(marks)
            held -= set(marks.tolist())
        index.rest()
    assert len(index) == len(held)
    query = vectors_of(numbers(7))[0]
    everything = np.array(sorted(held), np.int64)
    found = index.search(query, 10)
    assert [mark for mark, _ in found] == best_by_comparing_all(everything, query, 10)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    index.close()


def test_signs_and_bytes_find_the_ten_nearest_of_many(tmp_path: Path) -> None:
    shelf = Shelf()
    index = Nearest(tmp_path, WIDTH, shelf.fetch, plain_most=0)
    everything = np.arange(1, 6001, dtype=np.int64)
    index.follow(everything)
    shelf.asked = 0
    query = vectors_of(numbers(7))[0]
    assert [mark for mark, _ in index.search(query, 10)] == best_by_comparing_all(everything, query, 10)
    assert shelf.asked == nearest.EXACT_LEAST
    index.close()


@pytest.mark.usefixtures("small_blocks")
def test_an_index_that_is_opened_again_fetches_only_what_is_new(tmp_path: Path) -> None:
    shelf, marks = Shelf(), np.arange(1, 301, dtype=np.int64)
    first = Nearest(tmp_path, WIDTH, shelf.fetch, plain_most=0)
    first.follow(marks)
    first.close()
    shelf.asked = 0
    again = Nearest(tmp_path, WIDTH, shelf.fetch, plain_most=0)
    again.follow(np.arange(11, 311, dtype=np.int64))
    assert shelf.asked <= 10 + 3 * (nearest.SAMPLED + 1)
    assert len(again) == 300
    query = vectors_of(numbers(305))[0]
    assert again.search(query, 1)[0][0] == 305
    assert again.search(vectors_of(numbers(5))[0], 1)[0][0] != 5
    again.close()


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def of_another_form(path: Path) -> None:
    path.write_bytes(b"earmark nearest 9" + path.read_bytes()[17:])


def full_of_noise(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    tail = len(whole) - 128 * (WIDTH + 16)  # signs and codes, not the fingerprints
    whole[tail:] = bytes(b ^ 0x5A for b in whole[tail:])
    path.write_bytes(bytes(whole))


def not_a_file(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [cut_short, of_another_form, full_of_noise, Path.unlink, not_a_file])
@pytest.mark.usefixtures("small_blocks")
def test_a_damaged_file_is_made_anew_from_the_library(damage: Callable[[Path], None], tmp_path: Path) -> None:
    shelf, marks = Shelf(), np.arange(1, 301, dtype=np.int64)
    index = Nearest(tmp_path, WIDTH, shelf.fetch, plain_most=0)
    index.follow(marks)
    index.close()
    damage(tmp_path / "0001.block")
    again = Nearest(tmp_path, WIDTH, shelf.fetch, plain_most=0)
    again.follow(marks)
    for query in vectors_of(numbers(3, 140, 299)):
        assert [mark for mark, _ in again.search(query, 10)] == best_by_comparing_all(marks, query, 10)
    again.close()


@pytest.mark.usefixtures("small_blocks")
def test_a_second_index_over_the_same_files_changes_none_of_them(tmp_path: Path) -> None:
    shelf, marks = Shelf(), np.arange(1, 301, dtype=np.int64)
    owner = Nearest(tmp_path, WIDTH, shelf.fetch, plain_most=0)
    owner.follow(marks)
    guest = Nearest(tmp_path, WIDTH, shelf.fetch, plain_most=0)
    guest.follow(np.arange(101, 501, dtype=np.int64))
    guest.rest()
    query = vectors_of(numbers(450))[0]
    assert guest.search(query, 1)[0][0] == 450
    assert len(owner) == 300
    assert owner.search(vectors_of(numbers(5))[0], 1)[0][0] == 5
    guest.close()
    owner.close()


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="asks /proc which pages are held")
def test_an_index_at_rest_holds_no_page_of_its_files(tmp_path: Path) -> None:
    shelf, marks = Shelf(), np.arange(1, 301, dtype=np.int64)
    index = Nearest(tmp_path, WIDTH, shelf.fetch, plain_most=0)
    index.follow(marks)
    query = vectors_of(numbers(7))[0]
    found = index.search(query, 10)
    assert held_kb(tmp_path) > 0
    index.rest()
    assert held_kb(tmp_path) == 0
    assert index.search(query, 10) == found
    index.close()


def held_kb(folder: Path) -> int:
    """How much of the files in a folder this process holds in memory."""
    maps = Path("/proc/self/smaps").read_text()
    return sum(int(kb) for kb in re.findall(rf"{re.escape(str(folder))}/.*(?:\n\w.*)*?\nRss: +(\d+)", maps))


def test_a_folder_that_cannot_be_used_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    index = Nearest(tmp_path / "file", WIDTH, Shelf().fetch, plain_most=0)
    index.follow(np.arange(1, 100, dtype=np.int64))
    assert index.search(vectors_of(numbers(5))[0], 1)[0][0] == 5
    index.close()


def test_an_empty_index_has_nothing_near(tmp_path: Path) -> None:
    for plain_most in (0, 9):
        index = Nearest(tmp_path, WIDTH, Shelf().fetch, plain_most=plain_most)
        index.follow(numbers())
        assert index.search(vectors_of(numbers(1))[0], 5) == []
        index.close()


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "profile")


def store(library: Library, episode_id: EpisodeId, **vectors: list[float]) -> None:
    made = tuple(insight(name) for name in vectors)
    rows = {InsightId(name): np.array(vector, np.float32) for name, vector in vectors.items()}
    passage = Passage(0, 3, 0, 500, "talk")
    extraction = Extraction(made, (passage,), ExtractionCounts())
    library.store_extraction(
        episode_id, extraction, rows, MODEL, now_ms=1, passages={0: np.array([0, 1], np.float32)}
    )


@pytest.mark.parametrize("plain_most", [nearest.PLAIN_MOST, 0])
def test_readers_follow_what_is_written(
    paths: Paths, plain_most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "PLAIN_MOST", plain_most)
    monkeypatch.setattr(nearest, "BLOCK_ROWS", 64)
    east = np.array([1, 0], np.float32)
    with open_library(paths) as library:
        one, two = filled(library, "g1", "g2")
        with open_reader(paths) as reader:
            assert reader.nearest_insights(east, 3, MODEL) == []
            store(library, one, a=[1, 0], b=[0.6, 0.8])
            assert reader.nearest_insights(east, 3, MODEL) == [("a", 1.0), ("b", pytest.approx(0.6))]
            store(library, two, c=[0.8, 0.6])
            store(library, one, b=[0, 1])
            for each in (reader, library):
                assert [id_ for id_, _ in each.nearest_insights(east, 3, MODEL)] == ["c", "b"]
            assert reader.nearest_insights(east, 3, "another model") == []
            north = np.array([0, 1], np.float32)
            [(episode_id, passage, score), _] = reader.nearest_passages(north, 5, MODEL)
            assert (episode_id in (one, two), passage.end_ms, score) == (True, 500, 1.0)


def test_an_index_that_is_far_behind_looks_at_everything(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.library.writer.CHANGES_KEPT", 2)
    east = np.array([1, 0], np.float32)
    with open_library(paths) as library:
        one, two = filled(library, "g1", "g2")
        store(library, one, a=[1, 0])
        assert library.nearest_insights(east, 9, MODEL) == [("a", 1.0)]
        for _ in range(3):
            store(library, two, b=[0.6, 0.8], c=[0.8, 0.6])
        store(library, one)
        assert [id_ for id_, _ in library.nearest_insights(east, 9, MODEL)] == ["c", "b"]
