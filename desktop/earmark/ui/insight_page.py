"""Insight: the claim, the words that prove it where they were said, and what else the library holds on it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from earmark.records import Card, RelatedCard, Segment
from earmark.ui.parts import Label, Page, Prose, Tile, button, hairline, row
from earmark.ui.theme import GRID, Colours
from earmark.ui.today_page import headline, source_line
from earmark.ui.words import moment, tr

AROUND_CHARACTERS = 150


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

    def __init__(self, colours: Colours) -> None:
        super().__init__(tr("Insight"))
        self.colours = colours

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
        content = (card, tuple(around), related, came_from, back, forward, self.colours)
        if not self.begin(insight.id, *content):
            return
        self._add_history(came_from, back=back, forward=forward)
        self.add(Label(insight.headline, 26, "ink", serif=True, weight=QFont.Weight.DemiBold), 2 * GRID + 4)
        self.add(Prose(insight.text, self.colours, px=17, leading=1.6, serif=False, colour="ink"), GRID)
        self.add(quotation(insight.quote, around, self.colours), 2 * GRID)
        times = tr("{start} to {end}").format(start=moment(insight.start_ms), end=moment(insight.end_ms))
        proof = tr("Words matched to the transcript")
        if card.source == "speech":
            proof = tr("Words matched to what was heard on this computer")
        source = source_line(card, f", {times}")
        self.add(row(source, Label(proof, 13, "muted", wrap=False), None, spacing=2 * GRID), GRID)
        self._add_actions(card)
        self._add_related(related)
        self.finish()

    def _add_history(self, came_from: str, *, back: bool, forward: bool) -> None:
        back_word = button("←", "word", self.back_asked.emit, name=tr("Back"), px=15)
        forward_word = button("→", "word", self.forward_asked.emit, name=tr("Forward"), px=15)
        back_word.setEnabled(back)
        forward_word.setEnabled(forward)
        self.add(row(back_word, forward_word, Label(came_from, 13, "muted", wrap=False), None))

    def _add_actions(self, card: Card) -> None:
        insight = card.insight
        words = f"{insight.headline}\n\n{insight.text}\n\n“{insight.quote}”\n{card.feed_title}, "
        words += f"{card.episode_title}, {moment(insight.start_ms)}"
        play = button(tr("▶ Play this moment"), "main", lambda: self.played.emit(insight.id), px=14)
        save = button(
            tr("Saved") if card.saved else tr("Save"),
            "plain",
            lambda: self.save_asked.emit(insight.id, not card.saved),
            px=14,
        )
        copy = button(tr("Copy"), "plain", lambda: self.copied.emit(words), px=14)
        self.add(row(play, save, copy, None, spacing=4), 3 * GRID)

    def _add_related(self, related: Sequence[RelatedCard]) -> None:
        self.add(Label(tr("Related Insights"), 15, "ink", weight=QFont.Weight.DemiBold), 4 * GRID)
        self.add(hairline(), GRID)
        if not related:
            self.add(Label(tr("Nothing in your library bears on this yet."), 15, "muted"), 2 * GRID)
        for number, item in enumerate(related):
            if number:
                self.add(hairline())
            self.add(self._related_row(item))

    def _related_row(self, item: RelatedCard) -> QWidget:
        holder = QWidget()
        body = QVBoxLayout(holder)
        body.setContentsMargins(0, 2 * GRID - 2, 0, 2 * GRID - 2)
        body.setSpacing(4)
        card, insight = item.card, item.card.insight
        body.addWidget(headline(insight.headline, 16, lambda: self.opened.emit(insight.id)))
        body.addWidget(Label(insight.text, 15))
        play = button(
            f"▶ {moment(insight.start_ms)}",
            "play",
            lambda: self.played.emit(insight.id),
            name=tr("Play from {time}: {headline}").format(
                time=moment(insight.start_ms), headline=insight.headline
            ),
        )
        also = Label(tr("also said by %n others", item.also_said_by), 13, "muted", wrap=False)
        also.setVisible(item.also_said_by > 0)
        body.addLayout(row(Tile(card.feed_title), source_line(card), play, also, None))
        return holder


def quotation(quote: str, around: Sequence[Segment], colours: Colours) -> QFrame:
    """The quotation in its transcript, with the quoted words marked."""
    text, start, length = in_context(quote, " ".join(segment.text for segment in around))
    frame = QFrame()
    frame.setObjectName("quote")
    inner = QVBoxLayout(frame)
    inner.setContentsMargins(2 * GRID + 2, 2 * GRID - 4, 2 * GRID + 2, 2 * GRID - 4)
    prose = Prose(text, colours, px=15, leading=1.55, serif=True, colour="soft")
    prose.mark(start, length)
    inner.addWidget(prose)
    return frame


def in_context(quote: str, said: str) -> tuple[str, int, int]:
    """What is said around a quotation, cut at word borders, and where in it the quotation stands.

    >>> in_context("two three", "one two three four")
    ('one two three four', 4, 9)
    """
    at = said.find(quote)
    if at < 0:
        at = said.lower().find(quote.lower())
    if at < 0:
        return quote, 0, len(quote)
    first, last = at - AROUND_CHARACTERS, at + len(quote) + AROUND_CHARACTERS
    before = said[:at] if first <= 0 else "… " + said[first:at].partition(" ")[2]
    after = said[at + len(quote) :]
    if last < len(said):
        after = said[at + len(quote) : last].rpartition(" ")[0] + " …"
    return before + said[at : at + len(quote)] + after, len(before), len(quote)
