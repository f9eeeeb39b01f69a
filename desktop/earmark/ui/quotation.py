"""The words that prove an insight, where they were said."""

import re
from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout

from earmark.records import Segment
from earmark.ui.prose import Prose
from earmark.ui.theme import GRID
from earmark.ui.words import shown

AROUND_CHARACTERS = 150
MOST_OF_A_QUOTE = 4000


def quotation(quote: str, around: Sequence[Segment], reach: int = AROUND_CHARACTERS) -> "Quotation":
    """A quotation in its transcript, with `reach` characters of that at each side."""
    return Quotation(quote, around, reach)


class Quotation(QFrame):
    """The quotation in its transcript, with the quoted words marked; while it is heard, what is said."""

    def __init__(self, quote: str, around: Sequence[Segment], reach: int) -> None:
        super().__init__()
        self.setObjectName("quote")
        said, self._spans = _joined(around)
        text, start, length, self._shift = _cut_out(quote, said, reach)
        self._shown = len(text)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(2 * GRID + 2, 2 * GRID - 1, 2 * GRID + 2, 2 * GRID - 1)
        self.prose = Prose(text, 15, leading=1.6, serif=True)
        self.prose.mark(start, length)
        inner.addWidget(self.prose)

    def show_heard(self, position_ms: int | None) -> int | None:
        """Mark what is said at a moment, and give how far down it stands; None: nothing of this is heard."""
        span = self._span_at(position_ms) if position_ms is not None else None
        self.prose.tint(*(span or (0, 0)))
        return None if span is None else self.prose.y() + self.prose.y_of(span[0])

    def _span_at(self, position_ms: int) -> tuple[int, int] | None:
        for start_ms, end_ms, begin, length in self._spans:
            first, last = max(0, begin + self._shift), min(self._shown, begin + length + self._shift)
            if start_ms <= position_ms < end_ms and first < last:
                return first, last - first
        return None


def _joined(around: Sequence[Segment]) -> tuple[str, list[tuple[int, int, int, int]]]:
    """The segments as one text, and for each (from ms, to ms, first character, length)."""
    text, spans = "", []
    for segment in around:
        words = " ".join(shown(segment.text, len(segment.text)).split())
        if not words:
            continue
        text += " " if text else ""
        spans.append((segment.start_ms, segment.end_ms, len(text), len(words)))
        text += words
    return text, spans


def in_context(quote: str, said: str, reach: int = AROUND_CHARACTERS) -> tuple[str, int, int]:
    """What is said around a quotation, cut at word borders, and where in it the quotation stands.

    >>> in_context("two three", "one two three four")
    ('one two three four', 4, 9)
    """
    text, start, length, _shift = _cut_out(quote, shown(said, len(said)), reach)
    return text, start, length


def _cut_out(quote: str, said: str, reach: int) -> tuple[str, int, int, int]:
    """The same, and by how much a place in what is said must be shifted to be that in the text."""
    quote = shown(quote, MOST_OF_A_QUOTE)
    found = re.search(r"\s+".join(map(re.escape, quote.split())), said, re.IGNORECASE)
    if found is None or not quote.strip():
        return quote, 0, len(quote), -len(said) - len(quote)
    first, last = found.start() - reach, found.end() + reach
    begin = 0 if first <= 0 else said.find(" ", first, found.start()) + 1 or found.start()
    end = len(said) if last >= len(said) else max(said.rfind(" ", found.end(), last), found.end())
    shift = len("… ") - begin if begin else 0
    text = ("… " if begin else "") + said[begin:end] + (" …" if end < len(said) else "")
    return text, found.start() + shift, found.end() - found.start(), shift
