"""Topics: what belongs together is found, and what was found stays while the library grows."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from earmark.engines import Language
from earmark.insights.candidates import Embed
from earmark.insights.subject_names import names_of
from earmark.insights.subjects import Nearness, arranged
from earmark.paths import Paths

KNOWN = Nearness(join=0.5, stray=0.4, begin=0.5, apart=0.2, one=0.85)
WIDTH = 24


def around(middle: NDArray[np.float64], count: int, seed: int, spread: float = 0.12) -> NDArray[np.float32]:
    """Unit vectors near a middle."""
    rows = middle + spread * np.random.default_rng(seed).standard_normal((count, WIDTH))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def axis(number: int, other: int | None = None, share: float = 0.0) -> NDArray[np.float64]:
    """One direction, or one on the way to another."""
    vector = np.zeros(WIDTH)
    vector[number] = 1.0 - share
    if other is not None:
        vector[other] = share
    return vector / float(np.linalg.norm(vector))


def owners(count: int) -> list[int]:
    """Three episodes in turn."""
    return [n % 3 for n in range(count)]


def test_what_belongs_together_becomes_a_topic_and_single_ones_stay_alone() -> None:
    rows = np.vstack([around(axis(0), 8, 1), around(axis(1), 6, 2), around(axis(2), 2, 3)])
    found = arranged(rows, owners(16), [None] * 16, KNOWN)
    assert len(set(found[:8])) == len(set(found[8:14])) == 1
    assert found[0] != found[8]
    assert set(found[14:]) == {0}


def test_what_only_one_episode_says_is_no_topic() -> None:
    assert set(arranged(around(axis(0), 8, 1), [7] * 8, [None] * 8, KNOWN)) == {0}


@given(st.integers(0, 10**6), st.lists(st.integers(0, 4), min_size=1, max_size=4), st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_new_insights_move_no_old_topic(seed: int, kinds: list[int], count: int) -> None:
    base = np.vstack([around(axis(k), 7 + 2 * k, k) for k in range(4)])
    first = arranged(base, owners(len(base)), [None] * len(base), KNOWN)
    new = np.vstack([around(axis(kind), count, seed + n) for n, kind in enumerate(kinds)])
    rows = np.vstack([base, new])
    before: list[int | None] = [*map(int, first), *[None] * len(new)]
    second = arranged(rows, owners(len(rows)), before, KNOWN)
    assert np.array_equal(second[: len(base)], first)
    for n, kind in enumerate(kinds):
        own = second[len(base) + n * count : len(base) + (n + 1) * count]
        wanted = int(first[sum(7 + 2 * k for k in range(kind))]) if kind < 4 else None
        if wanted is not None:
            assert set(own.tolist()) == {wanted}
    again = arranged(rows, owners(len(rows)), [int(t) for t in second], KNOWN)
    assert np.array_equal(again, second)


@given(st.permutations(range(26)))
@settings(max_examples=25, deadline=None)
def test_the_order_of_insights_does_not_matter(order: list[int]) -> None:
    rows = np.vstack([around(axis(0), 10, 1, 0.2), around(axis(1), 9, 2, 0.2), around(axis(2), 7, 3, 0.3)])
    episodes = owners(26)
    plain = arranged(rows, episodes, [None] * 26, KNOWN)
    mixed = arranged(rows[order], [episodes[k] for k in order], [None] * 26, KNOWN)
    assert [int(plain[k]) for k in order] == mixed.tolist()


def test_a_topic_that_falls_apart_is_split_and_the_larger_half_keeps_its_number() -> None:
    rows = np.vstack([around(axis(0), 30, 1), around(axis(1), 20, 2)])
    found = arranged(rows, owners(50), [5] * 50, KNOWN)
    assert set(found[:30]) == {5}
    assert len(set(found[30:])) == 1
    assert found[30] > 5


def test_two_topics_that_have_grown_together_are_the_older_one() -> None:
    rows = np.vstack([around(axis(0), 6, 1), around(axis(0), 6, 2)])
    assert set(arranged(rows, owners(12), [3] * 6 + [4] * 6, KNOWN)) == {3}


def test_a_topic_whose_insights_went_ends() -> None:
    rows = np.vstack([around(axis(0), 2, 1), around(axis(1), 5, 2)])
    assert arranged(rows, owners(7), [3, 3, 4, 4, 4, 4, 4], KNOWN).tolist() == [0, 0, 4, 4, 4, 4, 4]


def test_nothing_gives_nothing() -> None:
    assert len(arranged(np.zeros((0, WIDTH), np.float32), [], [], KNOWN)) == 0


BREAD = [
    "Sourdough needs a warm kitchen and a patient baker.",
    "A baker who keeps sourdough warm wastes less flour.",
    "Old flour spoils the sourdough more than a cold kitchen.",
]
TRAINS = [
    "Night trains lose money because the EU taxes electricity.",
    "The night train was slower, but electricity from the EU grid was cheap.",
    "Nobody books a night train for one stop, they said about the EU.",
]


@pytest.fixture(scope="module")
def embed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embed]:
    """The starter model's."""
    with Language(Paths(tmp_path_factory.mktemp("profile"))) as language:
        yield language.embed


def test_a_name_is_made_of_the_words_that_set_a_topic_apart(embed: Embed) -> None:
    names = names_of({1: BREAD, 2: TRAINS}, ["The kitchen was the money of the house."], [], embed)
    assert names[1].startswith("Sourdough")
    assert "night train" in names[2].casefold()
    assert "EU" in names[2]
    assert "money" not in names[1].casefold()


def test_a_word_that_is_far_from_what_a_topic_means_does_not_name_it(embed: Embed) -> None:
    told = [f"{text} That was on Tuesday." for text in BREAD]
    (name,) = names_of({1: told}, ["Nobody said so."] * 20, [], embed).values()
    assert "tuesday" not in name.casefold()


def test_names_are_never_given_twice_and_a_topic_without_words_is_numbered(embed: Embed) -> None:
    first = names_of({1: BREAD}, [], [], embed)[1]
    names = names_of({7: BREAD, 8: BREAD, 9: ["It was what it was."]}, [], [first], embed)
    assert len(Counter(name.casefold() for name in [first, *names.values()])) == 4
    assert names[9] == "Topic 9"
