"""Where an episode turns to something else: the publisher's chapters, and valleys between meanings.

The valleys are those of TextTiling (Hearst, "TextTiling: Segmenting Text into Multi-paragraph Subtopic
Passages", Computational Linguistics 23(1), 1997), with the means of embeddings in place of word counts.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from earmark.insights.candidates import Embed, window_spans, window_texts
from earmark.insights.chapters import sentence_at
from earmark.insights.sentences import Sentence
from earmark.records import Chapter, PassageKind

REACH = 20
"""How many windows to either side of a gap are compared."""
SHORTEST = 12
"""No topic has fewer sentences than this, unless talk or a chapter ends."""
DEPTH = 1.5
"""How far above the mean, in standard deviations, a valley's depth must be to count."""


def topic_borders(
    sentences: Sequence[Sentence],
    kinds: Sequence[PassageKind],
    chapters: Sequence[Chapter],
    embed: Embed,
) -> frozenset[int]:
    """The indices of the sentences with which something new begins: a chapter or, within talk, a topic."""
    spans = window_spans(kinds)
    vectors = embed(window_texts(sentences, spans)) if spans else np.zeros((0, 1), np.float32)
    named = {sentence_at(sentences, chapter.start_ms) for chapter in chapters}
    turns: set[int] = set()
    run: list[int] = []
    for place, (first, _) in enumerate(spans):
        if run and first != spans[run[-1]][0] + 1:
            turns |= _valleys([spans[k][0] for k in run], vectors[run])
            run = []
        run.append(place)
    if run:
        turns |= _valleys([spans[k][0] for k in run], vectors[run])
    apart = {turn for turn in turns if all(abs(turn - name) >= SHORTEST for name in named)}
    return frozenset((named | apart) - {0, len(sentences)})


def _valleys(firsts: Sequence[int], vectors: NDArray[np.float32]) -> set[int]:
    """The sentences before which the meaning of one uninterrupted stretch of talk turns."""
    count = len(firsts)
    if count < 2 * SHORTEST:
        return set()
    closeness = np.array([_across(vectors, gap) for gap in range(SHORTEST, count - SHORTEST + 1)])
    depths = _depths(closeness)
    least = depths.mean() + DEPTH * depths.std()
    found: list[int] = []
    for gap in np.argsort(-depths, kind="stable"):
        if depths[gap] < max(least, 1e-6):
            break
        if all(abs(int(gap) - other) >= SHORTEST for other in found):
            found.append(int(gap))
    return {firsts[gap + SHORTEST] for gap in found}


def _across(vectors: NDArray[np.float32], gap: int) -> float:
    """How close what is said before a gap is to what is said after it."""
    before, after = vectors[max(0, gap - REACH) : gap].mean(axis=0), vectors[gap : gap + REACH].mean(axis=0)
    return float(before @ after / max(1e-9, float(np.linalg.norm(before) * np.linalg.norm(after))))


def _depths(closeness: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each gap, how far the closeness climbs to the nearest peaks on both sides of it."""
    left, right = _climbs(closeness), _climbs(closeness[::-1])[::-1]
    return np.array(left + right)


def _climbs(closeness: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far the closeness climbs going back from each gap until it first falls."""
    climbs = np.zeros(len(closeness))
    for gap in range(1, len(closeness)):
        rises = closeness[gap - 1] >= closeness[gap]
        climbs[gap] = climbs[gap - 1] + closeness[gap - 1] - closeness[gap] if rises else 0.0
    return climbs
