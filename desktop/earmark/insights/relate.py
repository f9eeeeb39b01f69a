"""Which insights of other episodes bear on an insight.

Closeness is the cosine of claims in their context (`meaning`). Two steps, so that a library can grow and
shrink bit by bit:

1. `closest` gives what is close to an insight at all. It depends on the vectors alone, and of any set it is
   the same as of its parts put together (`trimmed`).
2. `list_of` makes the list that is shown from what is close, from how much of a hub each of those is, and
   from what a language model told about the pairs. Lists are never padded: below the cut there is nothing.
   A hub must be closer than others to count, near-identical ones are folded into one, no show fills a list.

Both are functions of the library as it is, so the order in which episodes came cannot matter.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from earmark.records import InsightId, Kind, Link


@dataclass(frozen=True, slots=True)
class Calibration:
    """What cosines mean for one embedding model.

    `cut`: least closeness, in context, of a related insight. `same`: from here on two bare claims say the
    same; `again`: from here on they do when both are of one episode, where people come back to a point.
    """

    cut: float
    same: float
    again: float


CALIBRATIONS = {"all-minilm-l6-v2-q8_0": Calibration(cut=0.5, same=0.85, again=0.66)}
"""By reading; the curve stands in tests/benchmarks/related.md."""
UNKNOWN = Calibration(cut=0.65, same=0.9, again=0.8)
"""For a model whose cosines nobody has read: rather nothing than something unrelated."""

MOST, MOST_OF_A_SHOW = 10, 2
MOST_CLOSE, MOST_CLOSE_OF_A_SHOW = 32, 8
"""How many close ones are kept for an insight, from which its list is made."""
HUB_NEIGHBOURS = 10
HUB_WEIGHT = 0.5

_MARGIN = 1e-3
"""Cosines in single precision are only trusted so far."""
_DIGITS = 5
_PAIRS_AT_ONCE = 4096


class Rows(NamedTuple):
    """Embedded insights: one unit row of `vectors`, one episode and one feed for each of `ids`."""

    ids: Sequence[InsightId]
    vectors: NDArray[np.float32]
    episodes: NDArray[np.int64]
    feeds: NDArray[np.int64]


class Close(NamedTuple):
    """An insight that is close to another one."""

    id: InsightId
    score: float
    feed: int
    episode: int


def calibration_of(embedding_model_id: str) -> Calibration:
    """What the cosines of an embedding model mean."""
    return CALIBRATIONS.get(embedding_model_id, UNKNOWN)


def closest(
    asked: Rows, library: Iterable[Rows], cut: float
) -> tuple[dict[InsightId, list[Close]], dict[InsightId, list[Close]]]:
    """What in the library is close to the insights that are asked about, in one pass over it.

    Gives it for each of `asked` (trimmed), and the other way round: which of `asked` are close to an insight
    of the library. Nothing of the same episode.
    """
    forth: dict[InsightId, list[Close]] = {id_: [] for id_ in asked.ids}
    back: dict[InsightId, list[Close]] = defaultdict(list)
    for part in library:
        scores = asked.vectors @ part.vectors.T
        scores[asked.episodes[:, None] == part.episodes[None, :]] = -1.0
        mine, theirs = np.nonzero(scores >= cut - _MARGIN)
        touched = set()
        for me, it, score in zip(
            mine.tolist(), theirs.tolist(), _cosines(asked, mine, part, theirs), strict=True
        ):
            if score >= cut:
                forth[asked.ids[me]].append(
                    Close(part.ids[it], score, int(part.feeds[it]), int(part.episodes[it]))
                )
                back[part.ids[it]].append(
                    Close(asked.ids[me], score, int(asked.feeds[me]), int(asked.episodes[me]))
                )
                touched.add(asked.ids[me])
        for id_ in touched:
            forth[id_] = trimmed(forth[id_])
    return forth, dict(back)


def trimmed(close: Iterable[Close]) -> list[Close]:
    """The closest, nearest first, with bounds for all and for each show; trimming parts first is the same."""
    kept: list[Close] = []
    shows: dict[int, int] = defaultdict(int)
    for each in sorted(set(close), key=lambda c: (-c.score, c.id)):
        if shows[each.feed] < MOST_CLOSE_OF_A_SHOW:
            kept.append(each)
            shows[each.feed] += 1
        if len(kept) == MOST_CLOSE:
            break
    return kept


def hub_penalty(close: Sequence[Close]) -> float:
    """What an insight loses as a candidate in the lists of others: more the closer it is to many."""
    nearest = sorted((each.score for each in close), reverse=True)[:HUB_NEIGHBOURS]
    return round(HUB_WEIGHT * sum(nearest) / HUB_NEIGHBOURS, _DIGITS)


def list_of(
    me: InsightId,
    close: Sequence[Close],
    penalties: Mapping[InsightId, float],
    vectors: Mapping[InsightId, NDArray[np.float32]],
    kinds: Mapping[InsightId, Kind | None],
    known: Calibration,
) -> list[Link]:
    """The links of an insight to all that is close to it: those in its list have a place, at most ten.

    `penalties` and `vectors` (of bare claims) are those of the close ones. Hubs lose places, not score.
    `kinds` is what was told of how they bear on it: what is unrelated has no place, and the first that
    contradicts has one for certain.
    """
    ranked = sorted(close, key=lambda c: (-round(c.score - penalties.get(c.id, 0.0), _DIGITS), c.id))
    ranked = [each for each in ranked if kinds.get(each.id) != "unrelated"]
    against = next((each.id for each in ranked if kinds.get(each.id) == "contradicts"), None)
    ranked.sort(key=lambda c: c.id != against)
    kept: list[Close] = []
    folded: dict[InsightId, InsightId] = {}
    shows: dict[int, int] = defaultdict(int)
    for each in ranked:
        twin = next((other for other in kept if _says_the_same(each, other, vectors, known)), None)
        if twin is not None:
            folded[each.id] = twin.id
        elif len(kept) < MOST and shows[each.feed] < MOST_OF_A_SHOW:
            kept.append(each)
            shows[each.feed] += 1
    places = {other.id: place for place, other in enumerate(kept)}
    return [Link(me, c.id, c.score, places.get(c.id), folded.get(c.id)) for c in close]


def _cosines(asked: Rows, mine: NDArray[np.intp], part: Rows, theirs: NDArray[np.intp]) -> Iterable[float]:
    """The cosines of pairs of rows, the same for a pair whatever else is computed with it."""
    for first in range(0, len(mine), _PAIRS_AT_ONCE):
        some = slice(first, first + _PAIRS_AT_ONCE)
        ones, others = asked.vectors[mine[some]], part.vectors[theirs[some]]
        products = np.einsum("ij,ij->i", ones.astype(np.float64), others.astype(np.float64))
        yield from np.round(products, _DIGITS).tolist()


def _says_the_same(
    one: Close, other: Close, vectors: Mapping[InsightId, NDArray[np.float32]], known: Calibration
) -> bool:
    least = known.again if one.episode == other.episode else known.same
    return _cosine(vectors[one.id], vectors[other.id]) >= least


def _cosine(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return round(float(np.dot(one.astype(np.float64), other.astype(np.float64))), _DIGITS)
