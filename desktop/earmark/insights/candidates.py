"""Every stretch of an episode scored before any language model reads it.

The score is a logistic head on the MiniLM embeddings of three sentences and of what stands around them, and
on the cues of `cues`. It was trained by tests/tools/train_ranker.py on episodes that were marked
by reading; its weights are resources/ranker.npz. What else was tried: tests/benchmarks/insights.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earmark.insights.cues import around, closeness_cues, main_share, place_cues, text_cues, turn_words
from earmark.insights.sentences import Sentence
from earmark.paths import resource
from earmark.records import PassageKind

WINDOW = 3
"""Sentences that are scored together. Cards are then cut within and around them."""

REACH = 6
"""How many windows to either side make up what stands around one."""
EMBEDDING_SCALE = 2.0
"""Weight of meaning against cues under the same regularisation; chosen leaving one show out."""

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences `first` to `last`, and how likely they hold an insight, as log-odds (0 is even)."""

    first: int
    last: int
    score: float


@dataclass(frozen=True, slots=True)
class Ranker:
    """The trained head: `weights` for scaled embeddings and then cues, and the calibration of its scores."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float
    slope: float
    offset: float

    def scores(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds under balanced classes for each row of `raw_features`."""
        return self.prepared(features) @ self.weights + self.bias

    def prepared(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Cues standardised and bounded, embeddings scaled."""
        count = len(self.mean)
        cues = np.clip((features[:, -count:] - self.mean) / self.spread, -3, 3)
        return np.hstack([features[:, :-count] * EMBEDDING_SCALE, cues])

    def quality(self, score: float) -> float:
        """The share of windows chosen with this score that a person marked as insights: in [0, 1]."""
        return float(1 / (1 + np.exp(-(self.slope * score + self.offset))))


@cache
def load_ranker() -> Ranker:
    """The weights that come with the program."""
    with np.load(resource("ranker.npz"), allow_pickle=False) as stored:
        values = {name: stored[name].astype(np.float64) for name in stored.files}
    return Ranker(
        mean=values["mean"],
        spread=values["spread"],
        weights=values["weights"],
        bias=float(values["bias"]),
        slope=float(values["slope"]),
        offset=float(values["offset"]),
    )


def window_spans(kinds: Sequence[PassageKind]) -> list[tuple[int, int]]:
    """(first, last) of every window that lies wholly in talk."""
    spans, begin = [], 0
    for i in range(len(kinds) + 1):
        if i < len(kinds) and kinds[i] == "talk":
            continue
        run = i - begin
        size = min(WINDOW, run)
        spans += [(k, k + size - 1) for k in range(begin, i - size + 1) if size]
        begin = i + 1
    return spans


def window_texts(sentences: Sequence[Sentence], spans: Sequence[tuple[int, int]]) -> list[str]:
    """What is said in each window."""
    return [" ".join(s.text for s in sentences[first : last + 1]) for first, last in spans]


def raw_features(
    sentences: Sequence[Sentence], spans: Sequence[tuple[int, int]], embed: Embed
) -> NDArray[np.float64]:
    """One row a window: its embedding and those of its surroundings, then its cues in the order of `CUES`.

    From each embedding the episode's mean is taken away: what an episode is about says nothing about which of
    its sentences are worth a card.
    """
    texts = window_texts(sentences, spans)
    vectors = embed(texts) if texts else np.zeros((0, 1), np.float32)
    turns, shares = turn_words(sentences), main_share(sentences)
    cues = [
        text_cues(text) + place_cues(first, last, sentences, turns, shares)
        for text, (first, last) in zip(texts, spans, strict=True)
    ]
    meanings = [_centred(vectors), _centred(around(vectors, REACH))]
    return np.hstack([*meanings, np.array(cues).reshape(len(texts), -1), closeness_cues(vectors)])


def _centred(vectors: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(vectors - vectors.mean(axis=0), np.float64) if len(vectors) else vectors


def score_windows(
    sentences: Sequence[Sentence], kinds: Sequence[PassageKind], embed: Embed, ranker: Ranker
) -> list[Window]:
    """All windows of the talk, best first; equal scores keep the order of speech."""
    spans = window_spans(kinds)
    if not spans:
        return []
    scores = ranker.scores(raw_features(sentences, spans, embed))
    windows = [Window(first, last, float(score)) for (first, last), score in zip(spans, scores, strict=True)]
    return sorted(windows, key=lambda window: (-window.score, window.first))
