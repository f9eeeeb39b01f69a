"""The five of a day: quality x interest x novelty, from several shows, no claim twice."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earmark.clock import DAY_MS
from earmark.counting import count_of
from earmark.insights.coverage import Coverage, coverage_line
from earmark.insights.interest import MOST_DOWN, MOST_UP, Interest
from earmark.records import Brief, BriefItem, EpisodeId, FeedId, InsightColumns, InsightId

FIVE = 5
MOST_OF_A_SHOW = 2
SAME_SAID = 0.75
"""From this closeness on a claim is one that was met before, for all-MiniLM-L6-v2 on the text of cards.

Fourteen claims of the sample shows, told again by hand in other words: 0.77 to 0.92. Unlike claims of those
shows are at 0.60 at most but for one pair in a thousand, and at 0.72 at the very most; of 718 quotations of
50 real episodes no two of different episodes are above 0.69.
"""
LIKE_SHOWN = 0.5
"""Closeness to something shown before from which an insight begins to lose novelty; gone at SAME_SAID."""
HALF_LIFE_DAYS = 21.0
"""An insight of an episode this old counts half as much as a new one."""
CROWDING = 0.4
"""What a pick loses for each full unit of closeness to one already picked, and half of it for its episode."""
ALONE = 0.7
"""What an insight is worth that bears on nothing else in the library: a card leads on to others if it can."""
EXPLORED_AMONG = 5
"""From outside the user's interests, one of the best so many is shown, another one each day."""
MOST_REASONS = 4
HARDLY, MUCH = 0.35, 0.64
"""Shares of a full interest, or aversion: from which on it is told, and told without "somewhat". For an
interest in a few words that is a closeness of 0.14, as half of the cards on a subject have, and of 0.21,
as one in 20 of all others has."""
READ_AT_ONCE = 64
"""Of so many rows the vectors are read together: five picks rarely look at more."""


Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pool:
    """What may be chosen from. A row is one of `columns`; those whose show is left are only compared with.

    `interests`, `outside` and `novelties` are what taste and the past make of each row, see `weights_of` and
    `novelties_of`. `titles` are those of the shows. `vectors` gives the claims of some rows, of unit length,
    and `told` what the taste says of one row.
    """

    columns: InsightColumns
    interests: NDArray[np.float64]
    outside: NDArray[np.bool_]
    novelties: NDArray[np.float64]
    titles: Mapping[FeedId, str]
    vectors: Callable[[Sequence[int]], Vectors]
    told: Callable[[int], Interest]


@dataclass(frozen=True, slots=True)
class _Pick:
    """A row that stands in the brief, and its claim's vector."""

    row: int
    vector: Vectors


def compose(
    pool: Pool,
    *,
    date: str,
    now_ms: int,
    already: Sequence[BriefItem],
    barred: Set[InsightId],
    has_past: bool,
    coverage: Coverage,
    taken: Set[int] = frozenset(),
    exploring: bool = False,
) -> Brief:
    """The brief of `date` (ISO): what stands in `already` keeps its place, free places are filled.

    Those of `already` and `barred` (shown before, hidden, muted) are compared with, not chosen. `has_past`:
    something was shown lately. `taken` are places of things that are gone; they stay empty. Five items when
    there are enough distinct claims; at most two of a show unless fewer than three shows have any. When
    `exploring`, the fifth comes from outside the user's interests.
    """
    fixed = [item.insight_id for item in already]
    row_of = {id_: row for row, id_ in enumerate(pool.columns.ids) if id_ in fixed}
    standing = [row_of[id_] for id_ in fixed if id_ in row_of]
    picked = [_Pick(row, vector) for row, vector in zip(standing, pool.vectors(standing), strict=True)]
    items = sorted(already, key=lambda item: item.position)
    choice = _Choice(pool, _factors(pool, now_ms), barred | set(fixed))
    few_shows = len(np.unique(pool.columns.feeds[pool.columns.followed])) < 3
    gone = set(taken) | {item.position for item in already}
    for place in sorted(set(range(FIVE)) - gone):
        explored = exploring and place == FIVE - 1 and not any(item.outside for item in items)
        best = choice.explored(picked, date) if explored else None
        outside = best is not None
        best = best or choice.best(picked, MOST_OF_A_SHOW)
        if best is None and few_shows:
            best = choice.best(picked, FIVE)
        if best is None:
            break
        items.append(choice.item(best, picked, place, has_past=has_past, outside=outside))
        picked.append(best)
    items.sort(key=lambda item: item.position)
    return Brief(date, coverage_line(len(items), coverage), tuple(items))


def heard_in(vectors: Vectors, said: Iterable[tuple[Vectors, Sequence[EpisodeId]]]) -> list[int]:
    """In how many episodes each claim of `vectors` was heard, its own among them.

    `said` gives the vectors of all insights of the library, some at a time, and where each was said. All
    vectors are of unit length.
    """
    where: list[set[EpisodeId]] = [set() for _ in vectors]
    for block, episodes in said:
        for mine, other in np.argwhere(vectors @ block.T >= SAME_SAID):
            where[mine].add(episodes[other])
    return [max(1, len(each)) for each in where]


def novelties_of(vectors: Vectors, recent: Vectors) -> NDArray[np.float64]:
    """1 for what is unlike all that was shown, 0 for what says the same."""
    if not len(vectors) or not len(recent):
        return np.ones(len(vectors))
    closest = (vectors @ recent.T).max(axis=1)
    return np.asarray(np.clip(1.0 - (closest - LIKE_SHOWN) / (SAME_SAID - LIKE_SHOWN), 0.0, 1.0), np.float64)


def _factors(pool: Pool, now_ms: int) -> dict[str, NDArray[np.float64]]:
    """All that the worth of a row is the product of, but for its neighbours in the brief."""
    age_days = np.maximum(0.0, (now_ms - pool.columns.published_ms) / DAY_MS)
    return {
        "quality": pool.columns.qualities,
        "interest": pool.interests,
        "novelty": pool.novelties,
        "freshness": np.where(np.isnan(age_days), 1.0, 0.5 ** (age_days / HALF_LIFE_DAYS)),
        "company": np.where(pool.columns.related > 0, 1.0, ALONE),
    }


class _Choice:
    """Rows of a pool that may be chosen, those worth most first. Only what is looked at is read in full."""

    def __init__(
        self, pool: Pool, factors: Mapping[str, NDArray[np.float64]], barred: Set[InsightId]
    ) -> None:
        self._pool, self._columns, self._factors = pool, pool.columns, factors
        free = pool.columns.followed & np.array([id_ not in barred for id_ in pool.columns.ids], np.bool_)
        self._worths = np.where(free, np.prod(list(factors.values()), axis=0), 0.0)
        order = np.argsort(-self._worths, kind="stable")
        self._order = order[self._worths[order] > 0]
        self._vectors: dict[int, Vectors] = {}

    def best(self, picked: Sequence[_Pick], limit: int) -> _Pick | None:
        """What is worth most beside those already picked, or None when nothing distinct is left."""
        best, best_worth = None, 0.0
        for pick, worth in self._ranked(picked, limit):
            if worth <= best_worth:
                break
            beside = worth * self._variety(pick, picked, limit)
            if beside > best_worth:
                best, best_worth = pick, beside
        return best

    def explored(self, picked: Sequence[_Pick], date: str) -> _Pick | None:
        """One of the best from outside the user's interests; which one follows from the date."""
        rated: list[tuple[float, _Pick]] = []
        for pick, worth in self._ranked(picked, MOST_OF_A_SHOW):
            if len(rated) == EXPLORED_AMONG and worth <= rated[-1][0]:
                break
            beside = worth * self._variety(pick, picked, MOST_OF_A_SHOW)
            if self._pool.outside[pick.row] and beside > 0:
                rated = sorted([*rated, (beside, pick)], key=lambda pair: -pair[0])[:EXPLORED_AMONG]
        if not rated:
            return None
        draw = int.from_bytes(hashlib.sha256(date.encode()).digest()[:4], "big")
        return rated[draw % len(rated)][1]

    def item(
        self, pick: _Pick, picked: Sequence[_Pick], place: int, *, has_past: bool, outside: bool
    ) -> BriefItem:
        """A pick at its place, with the terms of its score and why it was chosen."""
        factors = {name: float(column[pick.row]) for name, column in self._factors.items()}
        terms = factors | {"variety": self._variety(pick, picked, FIVE)}
        told = tuple((name, round(factor, 4)) for name, factor in terms.items())
        why = self._why(pick.row, [each.row for each in picked], has_past=has_past, outside=outside)
        return BriefItem(self._columns.ids[pick.row], place, why, told, outside)

    def _ranked(self, picked: Sequence[_Pick], limit: int) -> Iterator[tuple[_Pick, float]]:
        """But for those of shows that have their places: they are not even read."""
        feeds, times = np.unique([self._columns.feeds[each.row] for each in picked], return_counts=True)
        order = self._order[~np.isin(self._columns.feeds[self._order], feeds[times >= limit])]
        for first in range(0, len(order), READ_AT_ONCE):
            rows = order[first : first + READ_AT_ONCE].tolist()
            new = [row for row in rows if row not in self._vectors]
            self._vectors.update(zip(new, self._pool.vectors(new), strict=True))
            yield from ((_Pick(row, self._vectors[row]), float(self._worths[row])) for row in rows)

    def _variety(self, pick: _Pick, picked: Sequence[_Pick], limit: int) -> float:
        """What a row keeps of its worth beside those already picked; 0: it may not stand there."""
        feeds, episodes = self._columns.feeds, self._columns.episodes
        closest = max((float(pick.vector @ other.vector) for other in picked), default=0.0)
        of_show = sum(feeds[other.row] == feeds[pick.row] for other in picked)
        if closest >= SAME_SAID or of_show >= limit or any(other.row == pick.row for other in picked):
            return 0.0
        again = any(episodes[other.row] == episodes[pick.row] for other in picked)
        return (1 - CROWDING * max(0.0, closest)) * (1 - CROWDING / 2 * again)

    def _why(self, row: int, picked: Sequence[int], *, has_past: bool, outside: bool) -> str:
        """The terms of the choice that were true, the user's own first."""
        pool, columns = self._pool, self._columns
        reasons = ["from outside your interests, as one of the five is"] if outside else []
        reasons += [told for says, by in pool.told(row).reasons if (told := _graded(says, by))][:2]
        beside = columns.qualities[columns.episodes == columns.episodes[row]]
        place, of = 1 + int((beside > columns.qualities[row]).sum()), len(beside)
        if of > 1 and place == 1:
            reasons.append(f"ranked first of {of} in its episode")
        elif of > 1:
            reasons.append(f"ranked {place} of {of} in its episode")
        is_dated = not np.isnan(columns.published_ms[row])
        if is_dated and self._factors["freshness"][row] > 0.5 ** (2 / HALF_LIFE_DAYS):
            reasons.append("published in the last two days")
        if columns.related[row]:
            reasons.append(f"bears on {count_of(int(columns.related[row]), 'other')} in your library")
        if has_past and pool.novelties[row] == 1.0:
            reasons.append("nothing like it in your earlier briefs")
        elif all(columns.feeds[other] != columns.feeds[row] for other in picked):
            feed_title = pool.titles[FeedId(int(columns.feeds[row]))]
            reasons.append(f"the first today from {feed_title}")
        text = ", ".join(reasons[:MOST_REASONS]) or "the best of what is left"
        return text[:1].upper() + text[1:] + "."


def _graded(says: str, factor: float) -> str:
    """A reason as strongly as it counted; nothing when it hardly did.

    >>> _graded("close to “trams”, which you wrote", 2.5), _graded("less on rye, because you hid 3", 0.8)
    ('somewhat close to “trams”, which you wrote', '')
    """
    much = (factor - 1) / MOST_UP if factor > 1 else (1 - factor) / MOST_DOWN
    if much < HARDLY:
        return ""
    return says if much >= MUCH else f"somewhat {says}"
