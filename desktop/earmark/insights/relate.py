"""Which insights of other episodes bear on an insight.

Closeness is the cosine of claim embeddings. Lists are never padded: below the cut there is nothing. An
insight that is close to everything (a hub) must be closer than others to count, near-identical ones are
folded into one, and no show may fill a list.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from earmark.records import EpisodeId, FeedId, InsightId, Link

CUT = 0.48
"""Least closeness of a related insight, for all-MiniLM-L6-v2 on the text of cards.

Pairs of other episodes, read by eye. Of 144 hand-written insights of eight long episodes (six shows on unlike
topics): 0.42-0.46 bear on each other in 3 of 10, 0.46-0.50 in 3 of 4, 0.50-0.56 in 6 of 10, the other four
being one hub. Of 46 quotations of the sample shows: 0.44-0.48 in 2 of 10, 0.48-0.54
in 6 of 11, above in 5 of 5.
At 0.40 / 0.44 / 0.48 / 0.50 there are related insights for 72 / 57 / 41 / 30 of 100 quotations of the sample
shows, and for 38 / 24 / 12 / 9 of 100 of the hand-written ones.
"""

SAME_CLAIM = 0.85
"""From here on two insights say the same: one is shown, the other counted as "also said by"."""

MOST, MOST_OF_A_SHOW = 10, 2
HUB_NEIGHBOURS = 10
HUB_WEIGHT = 0.5
HUB_FREE = 0.30
"""Mean closeness to its nearest neighbours that every insight may have without being held for a hub."""

_BLOCK = 512


def related_links(
    ids: Sequence[InsightId],
    episode_of: Mapping[InsightId, EpisodeId],
    feed_of: Mapping[InsightId, FeedId],
    vectors: NDArray[np.float32],
    *,
    cut: float = CUT,
) -> list[Link]:
    """For every insight its related ones, best first, at most 10: each link starts at `insight_id`.

    `vectors` has one row of unit length for each of `ids`. The result does not depend on the order of `ids`.
    `score` is the plain cosine; hubs lose places, not score.
    """
    order = sorted(range(len(ids)), key=lambda i: ids[i])
    names = [ids[i] for i in order]
    rows = np.asarray(vectors, dtype=np.float32)[order] if order else np.zeros((0, 1), np.float32)
    episodes = np.array([int(episode_of[name]) for name in names])
    penalty = _hub_penalty(rows, episodes)
    links: list[Link] = []
    for begin in range(0, len(names), _BLOCK):
        closeness = rows[begin : begin + _BLOCK] @ rows.T
        for offset, scores in enumerate(closeness):
            me = begin + offset
            near = [int(k) for k in np.flatnonzero((scores >= cut) & (episodes != episodes[me]))]
            ranked = sorted(near, key=lambda k: (-round(float(scores[k] - penalty[k]), 5), names[k]))
            links += _list_of(names[me], ranked, scores, names, feed_of, rows)
    return links


def _hub_penalty(rows: NDArray[np.float32], episodes: NDArray[np.int64]) -> NDArray[np.float32]:
    """What each insight loses as a candidate, by its mean closeness to its nearest of other episodes."""
    penalty = np.zeros(len(rows), np.float32)
    for begin in range(0, len(rows), _BLOCK):
        scores = rows[begin : begin + _BLOCK] @ rows.T
        scores[episodes[begin : begin + _BLOCK, None] == episodes[None, :]] = -1.0
        count = min(HUB_NEIGHBOURS, len(rows))
        nearest = -np.partition(-scores, count - 1, axis=1)[:, :count]
        mean = np.where(nearest > -1, nearest, 0).mean(axis=1)
        penalty[begin : begin + _BLOCK] = HUB_WEIGHT * np.maximum(0, mean - HUB_FREE)
    return penalty


def _list_of(
    me: InsightId,
    ranked: Sequence[int],
    scores: NDArray[np.float32],
    names: Sequence[InsightId],
    feed_of: Mapping[InsightId, FeedId],
    rows: NDArray[np.float32],
) -> list[Link]:
    """One insight's list: folded, bounded by show, cut at `MOST`."""
    kept: list[int] = []
    folded: dict[int, int] = {}
    shows: dict[FeedId, int] = {}
    for k in ranked:
        twin = next((other for other in kept if float(rows[k] @ rows[other]) >= SAME_CLAIM), None)
        if twin is not None:
            folded[twin] += 1
            continue
        feed = feed_of[names[k]]
        if len(kept) < MOST and shows.get(feed, 0) < MOST_OF_A_SHOW:
            kept.append(k)
            folded[k] = 0
            shows[feed] = shows.get(feed, 0) + 1
    return [Link(me, names[k], round(float(scores[k]), 5), folded[k]) for k in kept]
