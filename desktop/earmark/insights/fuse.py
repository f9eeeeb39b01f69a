"""Several lists of found moments as one: reciprocal rank fusion, with moments that overlap taken for one.

Cormack, Clarke, Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
Methods", SIGIR 2009. Ranks are put together, not scores: those of words and of meaning cannot be compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from earmark.found import Moment

SMOOTHING = 10
"""How much less a second place is worth than a first: the smaller, the less. The paper has 60, for lists of a
thousand; chosen on tests/benchmarks/search."""

WITHIN = 0.75
"""An insight stands for what is said when so much of that lies within it; it may stand for no other words."""


@dataclass(slots=True)
class _Group:
    """Moments that are one for whoever listens: the best of them, and what each list gives it."""

    moment: Moment
    shares: dict[int, float] = field(default_factory=dict)


def fused(lists: Sequence[Sequence[tuple[Moment, float]]]) -> list[tuple[Moment, float]]:
    """All moments, best first, with their scores. Each comes with its weight in [0, 1], 1 for full.

    An insight stands for what is said in it. What is found in several lists is worth the sum.
    """
    groups: dict[int, list[_Group]] = {}
    everything = [
        (moment.insight_id is None, rank, number, moment, weight)
        for number, found in enumerate(lists)
        for rank, (moment, weight) in enumerate(found)
    ]
    for _, rank, number, moment, weight in sorted(everything, key=lambda each: each[:3]):
        own = groups.setdefault(int(moment.episode_id), [])
        group = next((g for g in own if same_moment(moment, g.moment)), None)
        if group is None:
            group = _Group(moment)
            own.append(group)
        share = weight / (SMOOTHING + rank)
        group.shares[number] = max(share, group.shares.get(number, 0.0))
    scored = [(group.moment, sum(group.shares.values())) for own in groups.values() for group in own]
    return sorted(scored, key=lambda each: (-each[1], each[0].episode_id, each[0].start_ms))


def same_moment(new: Moment, known: Moment) -> bool:
    """Whether what is new is known already: the same insight, or the same words for the most part."""
    if new.episode_id != known.episode_id:
        return False
    if new.insight_id and known.insight_id:
        return new.insight_id == known.insight_id
    common = min(new.end_ms, known.end_ms) - max(new.start_ms, known.start_ms)
    length, other = new.end_ms - new.start_ms, known.end_ms - known.start_ms
    if known.insight_id:
        return common >= WITHIN * length
    return common > 0 and 2 * common >= min(length, other)
