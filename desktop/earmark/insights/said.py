"""Where within passages it is said: the few sentences that are nearest in meaning to a question."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earmark.insights.candidates import Embed, window_spans
from earmark.insights.noise import set_apart
from earmark.insights.sentences import Sentence, split_sentences
from earmark.records import Segment


@dataclass(frozen=True, slots=True)
class Said:
    """Some neighbouring sentences of an episode, and how near they are to what was asked (cosine)."""

    sentences: tuple[Sentence, ...]
    nearness: float

    @property
    def text(self) -> str:
        """What is said."""
        return " ".join(s.text for s in self.sentences)

    @property
    def start_ms(self) -> int:
        """When it begins."""
        return self.sentences[0].start_ms

    @property
    def end_ms(self) -> int:
        """When it ends."""
        return self.sentences[-1].end_ms


def sentences_between(segments: Sequence[Segment], start_ms: int, end_ms: int) -> list[Sentence]:
    """The sentences of some neighbouring segments that are said mostly between two moments."""
    return [
        s for s in split_sentences(set_apart(segments)) if start_ms <= (s.start_ms + s.end_ms) / 2 <= end_ms
    ]


def windows_of(sentences: Sequence[Sentence]) -> list[tuple[Sentence, ...]]:
    """Every three neighbouring sentences, as they were embedded when the episode was read."""
    return [tuple(sentences[a : b + 1]) for a, b in window_spans(["talk"] * len(sentences))]


def nearest_said(
    windows: Iterable[tuple[Sentence, ...]], vector: NDArray[np.float32], embed: Embed
) -> list[Said]:
    """The windows, nearest to the vector of a question first; of those that mostly overlap only one."""
    listed = list(windows)
    if not listed:
        return []
    nearness = embed([" ".join(s.text for s in window) for window in listed]) @ vector
    found: list[Said] = []
    for k in np.argsort(-nearness, kind="stable"):
        window = listed[k]
        if all(not _overlap(window, other.sentences) for other in found):
            found.append(Said(window, float(nearness[k])))
    return found


def _overlap(one: tuple[Sentence, ...], other: tuple[Sentence, ...]) -> bool:
    """Whether two windows are the same words for the most part; one sentence may stand in both."""
    common = min(one[-1].number, other[-1].number) - max(one[0].number, other[0].number) + 1
    return 2 * common > min(len(one), len(other))
