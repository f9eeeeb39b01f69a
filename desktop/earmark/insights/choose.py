"""Which windows become cards in the speaker's own words, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass

from earmark.insights.candidates import Ranker, Window
from earmark.insights.headlines import headline_options
from earmark.insights.sentences import Sentence
from earmark.insights.spans import Span, spans_for, unbroken
from earmark.records import PassageKind

LEAST_QUALITY = 0.12
"""Below this a window is not shown, however few there are: a weak episode gives few insights."""
NO_HEADLINE = 1.2
"""What a span loses when none of its clauses can head it."""
SPACE = 4
"""Sentences between two chosen windows: what stands closer mostly tells the same thing again."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A window with the span that quotes it."""

    window: Window
    span: Span


def choose_spans(
    windows: Sequence[Window],
    sentences: Sequence[Sentence],
    kinds: Sequence[PassageKind],
    ranker: Ranker,
    most: int,
) -> list[Choice]:
    """The best windows that can be quoted, not overlapping, best first."""
    worth = _worth(windows)
    taken: set[int] = set()
    near: set[int] = set()
    chosen: list[Choice] = []
    places = 0
    for blocked in (near, taken):  # first with room between them, then whatever is left
        for window in windows:
            if places == most or ranker.quality(window.score) < LEAST_QUALITY:
                break
            if blocked & set(range(window.first, window.last + 1)):
                continue
            spans = spans_for(window, sentences, kinds, worth, taken)
            place, shown = best_span(spans), quotable(spans, sentences)
            if place is None:
                continue
            if shown:
                chosen.append(Choice(window, shown))
            places += 1
            taken |= set(range(place.first, place.last + 1))
            near |= set(range(place.first - SPACE, place.last + SPACE + 1))
    return sorted(chosen, key=lambda choice: (-choice.window.score, choice.span.first))


def quotable(spans: Sequence[Span], sentences: Sequence[Sentence]) -> Span | None:
    """The best span in whose midst nothing was left out as noise.

    The place in the order stays that of the best of all, so that the choice of the others is the same as if
    the noise were not there.
    """
    best = best_span(spans)
    if best and not unbroken(best, sentences):
        best = best_span([span for span in spans if unbroken(span, sentences)])
    return best


def best_span(spans: Sequence[Span]) -> Span | None:
    """The span that stands alone best and can be headed."""
    return max(spans[:8], key=_value, default=None)


def _value(span: Span) -> float:
    options = headline_options(span.text, most=1)
    return span.fitness + (0.5 * options[0].score if options else -NO_HEADLINE)


def _worth(windows: Sequence[Window]) -> dict[int, float]:
    """The mean score of the windows that hold a sentence."""
    sums: dict[int, list[float]] = {}
    for window in windows:
        for i in range(window.first, window.last + 1):
            sums.setdefault(i, []).append(window.score)
    return {i: sum(scores) / len(scores) for i, scores in sums.items()}
