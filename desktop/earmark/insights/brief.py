"""The five of a day: quality x interest x novelty, from several shows, no claim twice."""

import hashlib
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from math import prod

import numpy as np
from numpy.typing import NDArray

from earmark.clock import DAY_MS
from earmark.counting import count_of
from earmark.insights.coverage import Coverage, coverage_line
from earmark.insights.interest import MOST_DOWN, MOST_UP, Interest
from earmark.records import Brief, BriefItem, EpisodeId, FeedId, InsightId

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
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class BriefCandidate:
    """An insight that may stand in a brief.

    `vector` is its claim's embedding, of unit length; `related` is how many insights bear on it;
    `interest` is what the user's taste makes of it.
    """

    insight_id: InsightId
    quality: float
    feed_id: FeedId
    feed_title: str
    episode_id: EpisodeId
    published_ms: int | None
    vector: NDArray[np.float32]
    related: int = 0
    interest: Interest = field(default=Interest())


@dataclass(frozen=True, slots=True)
class _Term:
    """The parts of a candidate's worth, kept to be told. `outside`: worth without the user's interests."""

    candidate: BriefCandidate
    novelty: float
    freshness: float
    place: int
    of: int

    @property
    def factors(self) -> tuple[tuple[str, float], ...]:
        """All that its worth is the product of, but for its neighbours in the brief."""
        return (
            ("quality", self.candidate.quality),
            ("interest", self.candidate.interest.factor),
            ("novelty", self.novelty),
            ("freshness", self.freshness),
            ("company", 1.0 if self.candidate.related else ALONE),
        )

    @property
    def worth(self) -> float:
        return prod(factor for _, factor in self.factors)


def compose(
    candidates: Sequence[BriefCandidate],
    *,
    date: str,
    now_ms: int,
    already: Sequence[BriefItem],
    barred: Set[InsightId],
    recent: NDArray[np.float32],
    coverage: Coverage,
    taken: Set[int] = frozenset(),
    exploring: bool = False,
) -> Brief:
    """The brief of `date` (ISO): what stands in `already` keeps its place, free places are filled.

    `candidates` are all insights of the library; those of `already` and `barred` (shown before, hidden,
    muted) are compared with, not chosen. `recent` holds a vector for each claim that was shown lately.
    `taken` are places of things that are gone; they stay empty. Five items when there are enough distinct
    claims; at most two of a show unless fewer than three shows have any. When `exploring`, the fifth comes
    from outside the user's interests. The order of `candidates` does not matter.
    """
    ordered = sorted(candidates, key=lambda candidate: candidate.insight_id)
    fixed = {item.insight_id for item in already}
    picked = [c for item in already for c in ordered if c.insight_id == item.insight_id]
    terms = _terms(ordered, barred | fixed, recent, now_ms)
    items = sorted(already, key=lambda item: item.position)
    few_shows = len({candidate.feed_id for candidate in ordered}) < 3
    gone = set(taken) | {item.position for item in already}
    for place in sorted(set(range(FIVE)) - gone):
        explored = exploring and place == FIVE - 1 and not any(item.outside for item in items)
        best = _explored(terms, picked, date) if explored else None
        outside = best is not None
        best = best or _best(terms, picked, MOST_OF_A_SHOW)
        if best is None and few_shows:
            best = _best(terms, picked, FIVE)
        if best is None:
            break
        items.append(_item(best, picked, place, has_past=bool(len(recent)), outside=outside))
        picked.append(best.candidate)
        terms = [term for term in terms if term is not best]
    items.sort(key=lambda item: item.position)
    return Brief(date, coverage_line(len(items), coverage), tuple(items))


def heard_in(
    vectors: NDArray[np.float32], everyone: NDArray[np.float32], episodes: Sequence[EpisodeId]
) -> list[int]:
    """In how many episodes each claim of `vectors` was heard, its own among them.

    `everyone` has a row for each insight of the library, and `episodes` says where it was said. All vectors
    are of unit length.
    """
    where, counts = np.array([int(episode) for episode in episodes]), []
    for first in range(0, len(vectors), _BLOCK):
        same = vectors[first : first + _BLOCK] @ everyone.T >= SAME_SAID
        counts += [len(np.unique(where[row])) if row.sum() > 1 else 1 for row in same]
    return counts


def _terms(
    ordered: Sequence[BriefCandidate], barred: Set[InsightId], recent: NDArray[np.float32], now_ms: int
) -> list[_Term]:
    """The terms of all that may be chosen."""
    ranks = _ranks(ordered)
    sizes = Counter(candidate.episode_id for candidate in ordered)
    free = [candidate for candidate in ordered if candidate.insight_id not in barred]
    novelties = _novelties([candidate.vector for candidate in free], recent)
    return [
        _Term(c, novelty, _freshness(c, now_ms), ranks[c.insight_id], sizes[c.episode_id])
        for c, novelty in zip(free, novelties, strict=True)
    ]


def _ranks(ordered: Sequence[BriefCandidate]) -> dict[InsightId, int]:
    """The place of each insight among those of its episode, by quality; equal ones share it."""
    of_episode: dict[EpisodeId, list[float]] = {}
    for candidate in ordered:
        of_episode.setdefault(candidate.episode_id, []).append(candidate.quality)
    return {c.insight_id: 1 + sum(q > c.quality for q in of_episode[c.episode_id]) for c in ordered}


def _novelties(vectors: Sequence[NDArray[np.float32]], recent: NDArray[np.float32]) -> list[float]:
    """1 for what is unlike all that was shown, 0 for what says the same."""
    if not vectors or not len(recent):
        return [1.0] * len(vectors)
    novelties: list[float] = []
    for first in range(0, len(vectors), _BLOCK):
        closest = (np.stack(vectors[first : first + _BLOCK]) @ recent.T).max(axis=1)
        lost = (closest - LIKE_SHOWN) / (SAME_SAID - LIKE_SHOWN)
        novelties += [float(value) for value in np.clip(1.0 - lost, 0.0, 1.0)]
    return novelties


def _freshness(candidate: BriefCandidate, now_ms: int) -> float:
    if candidate.published_ms is None:
        return 1.0
    return float(0.5 ** (max(0.0, (now_ms - candidate.published_ms) / DAY_MS) / HALF_LIFE_DAYS))


def _variety(term: _Term, picked: Sequence[BriefCandidate], limit: int) -> float:
    """What a candidate keeps of its worth beside those already picked; 0: it may not stand there."""
    me = term.candidate
    closest = max((float(me.vector @ other.vector) for other in picked), default=0.0)
    if closest >= SAME_SAID or sum(other.feed_id == me.feed_id for other in picked) >= limit:
        return 0.0
    again = any(other.episode_id == me.episode_id for other in picked)
    return (1 - CROWDING * max(0.0, closest)) * (1 - CROWDING / 2 * again)


def _best(terms: Sequence[_Term], picked: Sequence[BriefCandidate], limit: int) -> _Term | None:
    """The candidate worth most beside those already picked, or None when no distinct one is left."""
    best: _Term | None = None
    best_worth = 0.0
    for term in terms:
        worth = term.worth
        if worth > best_worth and (worth := worth * _variety(term, picked, limit)) > best_worth:
            best, best_worth = term, worth
    return best


def _explored(terms: Sequence[_Term], picked: Sequence[BriefCandidate], date: str) -> _Term | None:
    """One of the best from outside the user's interests; which one follows from the date."""
    rated = [
        (term.worth * _variety(term, picked, MOST_OF_A_SHOW), term)
        for term in terms
        if term.candidate.interest.outside
    ]
    rated = sorted(((worth, term) for worth, term in rated if worth > 0), key=lambda pair: -pair[0])
    if not rated:
        return None
    draw = int.from_bytes(hashlib.sha256(date.encode()).digest()[:4], "big")
    return rated[draw % min(EXPLORED_AMONG, len(rated))][1]


def _item(
    term: _Term, picked: Sequence[BriefCandidate], place: int, *, has_past: bool, outside: bool
) -> BriefItem:
    variety = _variety(term, picked, FIVE)
    factors = (*term.factors, ("variety", variety))
    told = tuple((name, round(factor, 4)) for name, factor in factors)
    why = _why(term, picked, has_past, outside)
    return BriefItem(term.candidate.insight_id, place, why, told, outside)


def _graded(says: str, factor: float) -> str:
    """A reason as strongly as it counted; nothing when it hardly did.

    >>> _graded("close to “trams”, which you wrote", 2.5), _graded("less on rye, because you hid 3", 0.8)
    ('somewhat close to “trams”, which you wrote', '')
    """
    much = (factor - 1) / MOST_UP if factor > 1 else (1 - factor) / MOST_DOWN
    if much < HARDLY:
        return ""
    return says if much >= MUCH else f"somewhat {says}"


def _why(term: _Term, picked: Sequence[BriefCandidate], has_past: bool, outside: bool) -> str:
    """The terms of the choice that were true, the user's own first."""
    candidate = term.candidate
    reasons = ["from outside your interests, as one of the five is"] if outside else []
    reasons += [told for says, factor in candidate.interest.reasons if (told := _graded(says, factor))][:2]
    if term.of > 1 and term.place == 1:
        reasons.append(f"ranked first of {term.of} in its episode")
    elif term.of > 1:
        reasons.append(f"ranked {term.place} of {term.of} in its episode")
    if term.freshness > 0.5 ** (2 / HALF_LIFE_DAYS) and candidate.published_ms is not None:
        reasons.append("published in the last two days")
    if candidate.related:
        reasons.append(f"bears on {count_of(candidate.related, 'other')} in your library")
    if has_past and term.novelty == 1.0:
        reasons.append("nothing like it in your earlier briefs")
    elif all(other.feed_id != candidate.feed_id for other in picked):
        reasons.append(f"the first today from {candidate.feed_title}")
    text = ", ".join(reasons[:MOST_REASONS]) or "the best of what is left"
    return text[:1].upper() + text[1:] + "."
