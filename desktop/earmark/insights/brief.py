"""The five of a day: quality x interest x novelty, from several shows, no claim twice."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earmark.insights.relate import SAME_CLAIM
from earmark.records import Brief, BriefItem, EpisodeId, FeedId, InsightId

FIVE = 5
MOST_OF_A_SHOW = 2
LIKE_SHOWN = 0.5
"""Closeness to something shown before from which an insight begins to lose novelty; gone at SAME_CLAIM."""
HALF_LIFE_DAYS = 21.0
"""An insight of an episode this old counts half as much as a new one."""
CROWDING = 0.4
"""What a pick loses for each full unit of closeness to one already picked, and half of it for its episode."""
ALONE = 0.7
"""What an insight is worth that bears on nothing else in the library: a card leads on to others if it can."""
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class BriefCandidate:
    """An insight that may stand in a brief.

    `vector` is its claim's embedding, of unit length; `related` is how many insights bear on it.
    """

    insight_id: InsightId
    quality: float
    feed_id: FeedId
    feed_title: str
    episode_id: EpisodeId
    published_ms: int | None
    vector: NDArray[np.float32]
    related: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the brief was chosen from: `read` of `new` episodes have insights, `waiting` have not yet.

    `foreign` episodes are in a language that the insights do not know. Of the cards that a model wrote,
    `rewritten` held at the second try, `quoted` gave way to the speaker's words, `dropped` held in no form.
    `broke_off`: (heard_ms, claimed_ms) of each recording that ended far before its feed says.
    """

    insights: int
    read: int
    new: int
    waiting: int = 0
    waiting_ms: int | None = None
    failed: int = 0
    adverts: int = 0
    foreign: int = 0
    rewritten: int = 0
    quoted: int = 0
    dropped: int = 0
    broke_off: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Term:
    """The parts of a candidate's worth, kept to be told."""

    candidate: BriefCandidate
    novelty: float
    freshness: float
    place: int
    of: int

    @property
    def worth(self) -> float:
        company = 1.0 if self.candidate.related else ALONE
        return self.candidate.quality * self.novelty * self.freshness * company


def compose(
    candidates: Sequence[BriefCandidate],
    *,
    date: str,
    now_ms: int,
    already: Sequence[BriefItem],
    shown_before: Set[InsightId],
    coverage: Coverage,
) -> Brief:
    """The brief of `date` (ISO): what stands in `already` keeps its place, free places are filled.

    `candidates` are all insights of the library that are not hidden, those of `already` and `shown_before`
    among them (they are compared with, not chosen). Five items when there are enough distinct claims; at most
    two of a show unless fewer than three shows have any. The order of `candidates` does not matter.
    """
    ordered = sorted(candidates, key=lambda candidate: candidate.insight_id)
    fixed = {item.insight_id for item in already}
    old = [c for c in ordered if c.insight_id in shown_before and c.insight_id not in fixed]
    picked = [c for item in already for c in ordered if c.insight_id == item.insight_id]
    barred = shown_before | fixed
    terms = [_term(c, old, ordered, now_ms) for c in ordered if c.insight_id not in barred]
    items = sorted(already, key=lambda item: item.position)
    for limit in (MOST_OF_A_SHOW, FIVE) if len({c.feed_id for c in ordered}) < 3 else (MOST_OF_A_SHOW,):
        while len(items) < FIVE and (best := _best(terms, picked, limit)):
            items.append(BriefItem(best.candidate.insight_id, len(items), _why(best, picked, bool(old))))
            picked.append(best.candidate)
            terms = [term for term in terms if term is not best]
    return Brief(date, coverage_line(len(items), coverage), tuple(items))


def coverage_line(shown: int, facts: Coverage) -> str:
    """What the brief rests on, in plain words.

    >>> coverage_line(0, Coverage(0, 1, 1, broke_off=((720_000, 3_480_000),)))
    'No insights yet, from 1 of 1 new episode. A recording broke off after 12 of about 58 min.'

    >>> coverage_line(5, Coverage(41, 7, 9, waiting=2, waiting_ms=2_280_000, adverts=3))
    '5 of 41 insights, from 7 of 9 new episodes. 2 still to be read, about 38 minutes. 3 adverts left out.'
    >>> coverage_line(1, Coverage(1, 1, 1, rewritten=2, dropped=1))
    '1 of 1 insight, from 1 of 1 new episode. Did not hold to what was said: 2 written again, 1 dropped.'
    """
    parts = [
        f"{shown} of {_count(facts.insights, 'insight')}, from {facts.read} of "
        f"{_count(facts.new, 'new episode')}."
    ]
    if not facts.insights:
        parts = [f"No insights yet, from {facts.read} of {_count(facts.new, 'new episode')}."]
    if facts.waiting:
        minutes = round((facts.waiting_ms or 0) / 60_000)
        left = f", about {_count(minutes, 'minute')}" if minutes else ""
        parts.append(f"{facts.waiting} still to be read{left}.")
    if facts.failed:
        parts.append(f"{facts.failed} could not be read.")
    if len(facts.broke_off) == 1:
        heard_ms, claimed_ms = facts.broke_off[0]
        parts.append(f"A recording broke off after {heard_ms // 60_000} of about {claimed_ms // 60_000} min.")
    elif facts.broke_off:
        parts.append(f"{len(facts.broke_off)} recordings broke off far before their end.")
    if facts.foreign:
        parts.append(f"{facts.foreign} not in English, which is all that insights know so far.")
    if facts.adverts:
        parts.append(f"{_count(facts.adverts, 'advert')} left out.")
    outcomes = (
        (facts.rewritten, "written again"),
        (facts.quoted, "quoted instead"),
        (facts.dropped, "dropped"),
    )
    if any(count for count, _ in outcomes):
        told = ", ".join(f"{count} {outcome}" for count, outcome in outcomes if count)
        parts.append(f"Did not hold to what was said: {told}.")
    return " ".join(parts)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _term(
    candidate: BriefCandidate, old: Sequence[BriefCandidate], everyone: Sequence[BriefCandidate], now_ms: int
) -> _Term:
    closest = max((float(candidate.vector @ other.vector) for other in old), default=0.0)
    lost = (closest - LIKE_SHOWN) / (SAME_CLAIM - LIKE_SHOWN)
    age_days = 0.0
    if candidate.published_ms is not None:
        age_days = max(0.0, (now_ms - candidate.published_ms) / DAY_MS)
    same = [other for other in everyone if other.episode_id == candidate.episode_id]
    return _Term(
        candidate,
        novelty=float(min(1.0, max(0.0, 1.0 - lost))),
        freshness=0.5 ** (age_days / HALF_LIFE_DAYS),
        place=1 + sum(other.quality > candidate.quality for other in same),
        of=len(same),
    )


def _best(terms: Sequence[_Term], picked: Sequence[BriefCandidate], limit: int) -> _Term | None:
    """The candidate worth most beside those already picked, or None when no distinct one is left."""
    best: _Term | None = None
    best_worth = 0.0
    for term in terms:
        feed = term.candidate.feed_id
        closest = max((float(term.candidate.vector @ other.vector) for other in picked), default=0.0)
        if closest >= SAME_CLAIM or sum(other.feed_id == feed for other in picked) >= limit:
            continue
        again = any(other.episode_id == term.candidate.episode_id for other in picked)
        worth = term.worth * (1 - CROWDING * max(0.0, closest)) * (1 - CROWDING / 2 * again)
        if worth > best_worth:
            best, best_worth = term, worth
    return best


def _why(term: _Term, picked: Sequence[BriefCandidate], has_past: bool) -> str:
    """The terms of the choice that were true, at most three."""
    candidate = term.candidate
    reasons = []
    if term.of > 1 and term.place == 1:
        reasons.append(f"ranked first of {term.of} in its episode")
    elif term.of > 1:
        reasons.append(f"ranked {term.place} of {term.of} in its episode")
    if term.freshness > 0.5 ** (2 / HALF_LIFE_DAYS) and candidate.published_ms is not None:
        reasons.append("a new episode")
    if candidate.related:
        reasons.append(f"bears on {_count(candidate.related, 'other')} in your library")
    if has_past and term.novelty == 1.0:
        reasons.append("nothing like it in your earlier briefs")
    elif all(other.feed_id != candidate.feed_id for other in picked):
        reasons.append(f"the first today from {candidate.feed_title}")
    text = ", ".join(reasons[:3]) or "the best of what is left"
    return text[:1].upper() + text[1:] + "."
