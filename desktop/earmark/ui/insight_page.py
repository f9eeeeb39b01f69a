"""Insight: the claim, the words that prove it where they were said, and what else the library holds on it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from earmark.records import Card, RelatedCard, Segment
from earmark.ui.page import Page
from earmark.ui.parts import (
    SEMI_BOLD,
    Cut,
    Label,
    button,
    hairline,
    row,
)
from earmark.ui.prose import Prose
from earmark.ui.quotation import quotation
from earmark.ui.related_row import RelatedRow, kind_words
from earmark.ui.theme import GRID
from earmark.ui.words import as_text, name, shown, span, tr


class InsightPage(Page):
    """One insight.

    Signals: opened(str), played(str), save_asked(str, bool), copied(str), back_asked(), forward_asked().
    """

    opened = Signal(str)
    played = Signal(str)
    save_asked = Signal(str, bool)
    copied = Signal(str)
    back_asked = Signal()
    forward_asked = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Insight"))

    def show_insight(
        self,
        card: Card,
        around: Sequence[Segment],
        related: Sequence[RelatedCard],
        came_from: str,
        *,
        back: bool,
        forward: bool,
    ) -> None:
        """Set an insight; `around` is the transcript from a little before it to a little after."""
        insight = card.insight
        related = tuple(related)
        if not self.begin(insight.id, card, tuple(around), related, came_from, back, forward):
            return
        self._add_history(came_from, back=back, forward=forward)
        title = Label(shown(insight.headline), 26, "ink", serif=True, weight=SEMI_BOLD)
        self.add(title, 2 * GRID + 2)
        self.add(Prose(insight.text, 17, "ink", leading=1.6), GRID)
        self.add(quotation(insight.quote, around), 2 * GRID + 2)
        self._add_byline(card)
        self._add_actions(card)
        self._add_related(related)
        self.finish()

    def _add_history(self, came_from: str, *, back: bool, forward: bool) -> None:
        back_word = button("←", "word", self.back_asked.emit, name=tr("Back"), px=15)
        forward_word = button("→", "word", self.forward_asked.emit, name=tr("Forward"), px=15)
        back_word.setEnabled(back)
        forward_word.setEnabled(forward)
        line = row(back_word, forward_word, 2, Cut(came_from, 13, "muted"), None, spacing=6)
        self.column.setContentsMargins(0, 3 * GRID + 2, 0, 6 * GRID)
        self.add(line, ringed="left")

    def _add_byline(self, card: Card) -> None:
        insight = card.insight
        proof = tr("Words matched to the transcript")
        if card.source == "speech":
            proof = tr("Words matched to what was heard on this computer")
        times = span(insight.start_ms, insight.end_ms)
        source = Cut(f"{name(card.feed_title)}, {name(card.episode_title)}, {times}", 13, "muted")
        self.add(row(source, Cut(proof, 13, "muted"), None, spacing=2 * GRID), GRID)

    def _add_actions(self, card: Card) -> None:
        insight = card.insight
        play = button(tr("▶ Play this moment"), "main", lambda: self.played.emit(insight.id), px=14)
        save = button(
            tr("Saved") if card.saved else tr("Save"),
            "plain",
            lambda: self.save_asked.emit(insight.id, not card.saved),
            px=14,
        )
        copy = button(tr("Copy"), "plain", lambda: self.copied.emit(as_text(card)), px=14)
        self.add(row(play, save, copy, None, spacing=4), 3 * GRID)

    def _add_related(self, related: Sequence[RelatedCard]) -> None:
        self.add(Label(tr("Related Insights"), 15, "ink", weight=SEMI_BOLD), 4 * GRID)
        self.add(hairline(), 4)
        if not related:
            self.add(Label(tr("Nothing else in your library bears on this yet."), 15, "muted"), 2 * GRID)
        grouped = any(item.kind for item in related)
        for number, item in enumerate(related):
            begins = grouped and (number == 0 or item.kind != related[number - 1].kind)
            if number:
                self.add(hairline())
            if begins:
                self.add(Label(kind_words(item.kind), 13, "muted", weight=SEMI_BOLD), 2 * GRID - 2)
            self.add(RelatedRow(item, self.opened.emit, self.played.emit), ringed="both")
