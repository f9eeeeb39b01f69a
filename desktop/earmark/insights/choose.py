"""Which windows become cards in the speaker's own words, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass

from earmark.insights.candidates import Ranker, Window
from earmark.insights.headlines import headline_options
from earmark.insights.sentences import Sentence
from earmark.insights.spans import Span, spans_for
from earmark.records import PassageKind

LEAST_QUALITY = 0.12
"""Below this a window is not shown, however few there are: a weak episode gives few insights."""
NO_HEADLINE = 1.2
"""What a span loses when none of its clauses can head it."""
FORM_WEIGHT = 0.4
"""How much standing alone counts beside the ranker's log-odds when the cards are put in order."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A window with the span that quotes it, and its place in the order."""

    window: Window
    span: Span
    order: float


def choose_spans(
    windows: Sequence[Window],
    sentences: Sequence[Sentence],
    kinds: Sequence[PassageKind],
    ranker: Ranker,
    most: int,
) -> list[Choice]:
    """The best windows that can be quoted, not overlapping, in the order in which cards are shown."""
    worth = _worth(windows)
    taken: set[int] = set()
    chosen: list[Choice] = []
    for window in windows:
        if len(chosen) == most or ranker.quality(window.score) < LEAST_QUALITY:
            break
        if taken & set(range(window.first, window.last + 1)):
            continue
        best = best_span(spans_for(window, sentences, kinds, worth, taken))
        if best:
            span, value = best
            form = value - 0.5 * window.score
            chosen.append(Choice(window, span, window.score + FORM_WEIGHT * form))
            taken |= set(range(span.first, span.last + 1))
    return sorted(chosen, key=lambda choice: (-choice.order, choice.span.first))


def best_span(spans: Sequence[Span]) -> tuple[Span, float] | None:
    """The span that stands alone best and can be headed, with its value."""
    valued = [(span, _value(span)) for span in spans[:8]]
    return max(valued, key=lambda pair: pair[1]) if valued else None


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
