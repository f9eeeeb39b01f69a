"""Saved: a plain list."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from earmark.records import Card
from earmark.ui.page import Page
from earmark.ui.parts import (
    RING_ABOVE,
    Tile,
    hairline,
    headline,
    play_word,
    row,
    source_line,
)
from earmark.ui.prose import Prose
from earmark.ui.theme import GRID
from earmark.ui.words import count_of, tr


class ListPage(Page):
    """A title and rows under it."""

    def _row(self, *things: QWidget | None) -> None:
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, GRID, 0, GRID)
        inside.addLayout(row(*things))
        self.add(hairline())
        self.add(holder)


class SavedPage(ListPage):
    """What the user saved. Signals: opened(str), played(str)."""

    opened = Signal(str)
    played = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("Saved"))

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Set the saved insights."""
        if not self.begin("", tuple(cards)):
            return
        self.add_title(tr("Saved"), count_of(len(cards), "%n insight", "%n insights") if cards else "")
        if not cards:
            self.add(Prose(tr("Nothing yet. Press Save on an insight to keep it here."), 15))
        for card in cards:
            insight = card.insight
            self.add(hairline())
            opens = headline(insight.headline, 18.5, partial(self.opened.emit, insight.id))
            self.add(opens, 3 * GRID - 4 - RING_ABOVE, ringed="both")
            self.add(Prose(insight.text, 15), 4 - RING_ABOVE)
            play = play_word(insight.start_ms, insight.headline, partial(self.played.emit, insight.id))
            self.add(row(Tile(card.feed_title), 4, source_line(card), 1, play, None, spacing=6), GRID + 2)
            self.column.addSpacing(3 * GRID - 4)
        self.finish()
