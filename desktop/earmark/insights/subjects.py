"""Topics of a library: insights that belong together, and a name for each that stays.

What is there already is the beginning: an insight stays in its topic unless another one is clearly nearer, a
topic stays unless it falls apart, and only what belongs nowhere makes new ones. So new insights move little,
and numbers and names are kept. Pure functions over vectors of unit length.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Protocol, overload

import numpy as np
from numpy.typing import NDArray

from earmark.insights.meaning import unit

Vectors = NDArray[np.float32]


class PartedVectors(Protocol):
    """Vectors of unit length that need not lie in memory: parts of them are read when they are asked for."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    @overload
    def __getitem__(self, part: slice, /) -> Vectors: ...
    @overload
    def __getitem__(self, part: NDArray[np.intp], /) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class Nearness:
    """What cosines to the middle of a topic mean, for vectors in context of one embedding model.

    `join`: from here on an insight belongs to a topic. `stray`: below it, it does no more. `begin`: how near
    insights must be to each other to begin a topic. `apart`: two halves of a topic whose middles are no
    nearer than this are two topics. `one`: two topics whose middles are nearer than this are one.
    """

    join: float
    stray: float
    begin: float
    apart: float
    one: float


NEARNESS = {"all-minilm-l6-v2-q8_0": Nearness(join=0.45, stray=0.35, begin=0.45, apart=0.25, one=0.75)}
"""By reading the topics of 57 episodes: half of the insights belong to one, in 38 topics of 4 to 27."""
UNKNOWN = Nearness(join=0.65, stray=0.55, begin=0.6, apart=0.35, one=0.9)

LEAST_INSIGHTS, LEAST_EPISODES = 4, 2
SPLIT_FROM = 40
"""Only a topic of so many insights is looked at for a split."""
CLEARLY = 0.05
ROUNDS = 4
_BLOCK = 1024
_SEEDS = 256
"""So many are compared with all others at once: of a hundred thousand that is 25 MB."""


def nearness_of(embedding_model_id: str) -> Nearness:
    """What nearness means for an embedding model."""
    return NEARNESS.get(embedding_model_id, UNKNOWN)


def arranged(
    vectors: PartedVectors, episodes: Sequence[int], before: Sequence[int | None], known: Nearness
) -> NDArray[np.int64]:
    """The topic of each insight, given its topic so far: a number above 0, 0 for none.

    None before: it is new; topics only begin around what is new. New topics get numbers above all that are
    known. A topic with too few insights or episodes ends. The order of the rows does not matter.
    """
    if not len(vectors):
        return np.zeros(0, np.int64)
    so_far = np.array([topic or 0 for topic in before], np.int64)
    order = _stable_order(vectors, so_far)
    rows, owners, topics = _Ordered(vectors, order), np.asarray(episodes)[order], so_far[order]
    fresh = np.array([topic is None for topic in before])[order]
    next_topic = int(topics.max(initial=0)) + 1
    looked_at: NDArray[np.int64] | None = None
    for _ in range(ROUNDS):
        moved = _settled(rows, topics, known)
        moved, next_topic = _begun(rows, owners, moved, fresh, next_topic, known)
        whole = moved
        moved, next_topic = _split(rows, looked_at, whole, next_topic, known)
        looked_at = whole
        moved = _joined(rows, moved, known)
        moved = _without_small(owners, moved)
        if np.array_equal(moved, topics):
            break
        topics = moved
    found = np.zeros(len(order), np.int64)
    found[order] = topics
    return found


@dataclass(frozen=True, slots=True)
class _Ordered:
    """Rows in another order."""

    rows: PartedVectors
    order: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, part: slice | NDArray[np.intp], /) -> Vectors:
        return self.rows[self.order[part]]


def _parts(count: int, size: int = _BLOCK) -> Iterator[slice]:
    return (slice(begin, min(begin + size, count)) for begin in range(0, count, size))


def _stable_order(vectors: PartedVectors, before: NDArray[np.int64]) -> NDArray[np.intp]:
    """An order that only the insights themselves decide, never the order in which they came."""
    first = np.concatenate([vectors[part][:, :8].copy() for part in _parts(len(vectors))])
    keys = np.round(first.astype(np.float64), 5)
    return np.lexsort([*keys.T[::-1], before])


def _sums(rows: PartedVectors, topics: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The topics that there are, and the sum of the vectors of each."""
    numbers, places = np.unique(topics, return_inverse=True)
    sums = np.zeros((len(numbers), rows[:1].shape[1]), np.float64)
    for part in _parts(len(rows)):  # the same as np.add.at, which takes thirty times as long
        order = np.argsort(places[part], kind="stable")
        own = places[part][order]
        begin = np.flatnonzero(np.diff(own, prepend=-1))
        sums[own[begin]] += np.add.reduceat(rows[part].astype(np.float64)[order], begin, axis=0)
    return numbers[numbers > 0], sums[numbers > 0]


def _directions(sums: NDArray[np.float64]) -> Vectors:
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return np.asarray(sums / lengths, np.float32)


def _settled(rows: PartedVectors, topics: NDArray[np.int64], known: Nearness) -> NDArray[np.int64]:
    """Every insight in its topic, in a clearly nearer one, or in none."""
    numbers, sums = _sums(rows, topics)
    if not len(numbers):
        return topics.copy()
    moved, middles = topics.copy(), _directions(sums)
    for part in _parts(len(rows)):
        near = rows[part] @ middles.T
        best = near.argmax(axis=1)
        top = near[np.arange(len(best)), best]
        place = np.searchsorted(numbers, topics[part])
        own = np.where(
            topics[part] > 0, near[np.arange(len(best)), np.minimum(place, len(numbers) - 1)], -1.0
        )
        stays = (topics[part] > 0) & (own >= known.stray) & (top - own < CLEARLY)
        moved[part] = np.where(stays, topics[part], np.where(top >= known.join, numbers[best], 0))
    return moved


def _begun(
    rows: PartedVectors,
    owners: NDArray[np.int64],
    topics: NDArray[np.int64],
    fresh: NDArray[np.bool_],
    next_topic: int,
    known: Nearness,
) -> tuple[NDArray[np.int64], int]:
    """New topics among what belongs nowhere: around the insight with the most near ones, again and again."""
    free = np.flatnonzero(topics == 0)
    moved = topics.copy()
    near_of = _near_ones(_Ordered(rows, free), np.flatnonzero(fresh[free]), known.begin)
    taken = np.zeros(len(free), np.bool_)
    seeds = [(-len(near), k) for k, near in near_of.items() if len(near) >= LEAST_INSIGHTS]
    heapify(seeds)
    while seeds:
        count, seed = heappop(seeds)
        group = near_of[seed][~taken[near_of[seed]]]
        if taken[seed] or len(group) < LEAST_INSIGHTS:
            continue
        if len(group) < -count:  # some went to others meanwhile: it waits for its turn
            heappush(seeds, (-len(group), seed))
        elif len(np.unique(owners[free[group]])) >= LEAST_EPISODES:
            moved[free[group]] = next_topic
            next_topic += 1
            taken[group] = True
    return moved, next_topic


def _near_ones(rows: PartedVectors, fresh: NDArray[np.intp], least: float) -> dict[int, NDArray[np.int32]]:
    """For each fresh row and whatever is near to one, all rows that are near to it, itself among them."""
    found: dict[int, NDArray[np.int32]] = {}
    todo = fresh
    for _ in range(2):
        reached = np.zeros(len(rows), np.bool_)
        for seeds in _parts(len(todo), _SEEDS):
            part = todo[seeds]
            mine, near = rows[part], np.zeros((len(part), len(rows)), np.bool_)
            for others in _parts(len(rows)):
                near[:, others] = mine @ rows[others].T >= least
            near[np.arange(len(part)), part] = True
            reached |= near.any(axis=0)
            found |= {int(k): np.flatnonzero(row).astype(np.int32) for k, row in zip(part, near, strict=True)}
        todo = np.array([k for k in np.flatnonzero(reached).tolist() if k not in found], np.intp)
    return found


def _split(
    rows: PartedVectors,
    looked_at: NDArray[np.int64] | None,
    topics: NDArray[np.int64],
    next_topic: int,
    known: Nearness,
) -> tuple[NDArray[np.int64], int]:
    """A large topic that falls into two halves is two: the larger half keeps the number.

    A topic that is as it was when it was `looked_at` is passed over.
    """
    moved = topics.copy()
    changed = np.ones(len(topics), np.bool_) if looked_at is None else topics != looked_at
    touched = np.union1d(topics[changed], topics[changed] if looked_at is None else looked_at[changed])
    for number in touched[touched > 0]:
        own = np.flatnonzero(moved == number)
        if len(own) < SPLIT_FROM:
            continue
        mine = rows[own]
        second = _halves(mine)
        sizes = np.bincount(second.astype(int), minlength=2)
        middles = [unit(mine[second == half].sum(axis=0)) for half in (False, True)]
        if sizes.min() >= LEAST_INSIGHTS and float(middles[0] @ middles[1]) <= known.apart:
            smaller = second if sizes[1] <= sizes[0] else ~second
            moved[own[smaller]] = next_topic
            next_topic += 1
    return moved, next_topic


def _halves(rows: Vectors) -> NDArray[np.bool_]:
    """Which rows belong to the second of two groups, found from the two rows that are furthest apart."""
    middle = unit(rows.sum(axis=0))
    one = rows[int(np.argmin(rows @ middle))]
    other = rows[int(np.argmin(rows @ one))]
    for _ in range(12):
        second = np.asarray(rows @ other > rows @ one)
        if second.all() or not second.any():
            return second
        weights = np.stack([~second, second]).astype(np.float32)
        one, other = unit(weights @ rows)
    return np.asarray(rows @ other > rows @ one)


def _joined(rows: PartedVectors, topics: NDArray[np.int64], known: Nearness) -> NDArray[np.int64]:
    """Two topics that are hardly apart are one: that with the lower, older number."""
    moved = topics.copy()
    numbers, sums = _sums(rows, moved)
    while len(numbers) > 1:
        middles = _directions(sums)
        near = np.tril(middles @ middles.T, -1)
        if near.max() < known.one:
            break
        later, earlier = np.unravel_index(int(near.argmax()), near.shape)
        moved[moved == numbers[later]] = numbers[earlier]
        sums[earlier] += sums[later]
        numbers, sums = np.delete(numbers, later), np.delete(sums, later, axis=0)
    return moved


def _without_small(owners: NDArray[np.int64], topics: NDArray[np.int64]) -> NDArray[np.int64]:
    moved = topics.copy()
    for number in np.unique(topics[topics > 0]):
        own = topics == number
        if own.sum() < LEAST_INSIGHTS or len(np.unique(owners[own])) < LEAST_EPISODES:
            moved[own] = 0
    return moved
