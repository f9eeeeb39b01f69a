"""Which sentences a language model gets to read, so that it reads little and misses little."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from earmark.insights import prompts
from earmark.insights.candidates import Window
from earmark.insights.model import LanguageModel
from earmark.insights.sentences import Sentence
from earmark.records import PassageKind

READ_SHARE = 0.3
"""The share of an episode's words that a writing model reads; tests/benchmarks/insights.md says why."""
LEAST_WORDS = 400
"""So much is read of any episode: three minutes of speech cost little, and a third of them says little."""
STRETCH = 8
"""Sentences that are read together where nothing ends sooner."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring sentences to be read together, around the window for which they were chosen."""

    window: Window
    numbers: tuple[int, ...]


def stretches(
    windows: Sequence[Window],
    sentences: Sequence[Sentence],
    kinds: Sequence[PassageKind],
    borders: Set[int],
    most_words: float,
) -> list[Stretch]:
    """The most promising stretches, best first, of at most `most_words` in all; none overlaps another.

    `borders` are the sentences with which a new topic begins: no stretch reaches across one.
    """
    taken: set[int] = set()
    found: list[Stretch] = []
    words = 0
    for window in windows:
        if any(i in taken for i in range(window.first, window.last + 1)):
            continue
        numbers = grown(window, sentences, kinds, borders, taken)
        size = sum(sentences[i].words for i in numbers)
        if words + size > most_words:
            continue
        words += size
        taken |= set(numbers)
        found.append(Stretch(window, numbers))
    return found


def grown(
    window: Window,
    sentences: Sequence[Sentence],
    kinds: Sequence[PassageKind],
    borders: Set[int],
    taken: Set[int],
    most: int = STRETCH,
) -> tuple[int, ...]:
    """The window with the talk around it: what follows first, since proof follows a claim."""
    first, last = window.first, window.last

    def free(i: int) -> bool:
        return 0 <= i < len(sentences) and kinds[i] == "talk" and i not in taken

    def joined(i: int) -> bool:
        return sentences[i + 1].number == sentences[i].number + 1

    while last - first + 1 < most:
        forward = free(last + 1) and last + 1 not in borders and joined(last)
        if forward:
            last += 1
        back = last - first + 1 < most and free(first - 1) and first not in borders and joined(first - 1)
        if back:
            first -= 1
        if not (forward or back):
            break
    return tuple(range(first, last + 1))


def fitted(numbers: Sequence[int], sentences: Sequence[Sentence], model: LanguageModel) -> tuple[int, ...]:
    """As many of the sentences as the model's context takes, from the first."""
    count = prompts.fitting(model, model.tier, [sentences[i].text for i in numbers])
    return tuple(numbers[:count])
