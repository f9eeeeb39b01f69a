"""An insight as it stands on a page of the day: headline, text, where it is from, and what can be done."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from earmark.records import BriefItem, Card
from earmark.ui.below import said
from earmark.ui.deeds import Act, deed_of_key, more_word, named_word, save_word, thumb_words
from earmark.ui.flow import LEAST_SOURCE_WIDTH, spread
from earmark.ui.parts import (
    RING_ABOVE,
    SEMI_BOLD,
    Label,
    headline,
    inset,
    play_word,
    source_and_play,
)
from earmark.ui.prose import Prose
from earmark.ui.quotation import quotation
from earmark.ui.theme import GRID, RING, zoomed
from earmark.ui.words import heard_count, related_words, tr

NUMBER_WIDTH = 40


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card says beside its insight. `number`: its place in the brief; None: it is not one of the five.
    `disagrees`: something related contradicts it."""

    card: Card
    number: int | None = None
    item: BriefItem | None = None
    disagrees: bool = False


class InsightCard(QWidget):
    """One insight. `opened` names what is unfolded: "why", "quote".

    `act` is called with a deed and the insight's id. Signal: turned(str, bool): the name of a part, and
    whether it is unfolded now.
    """

    turned = Signal(str, bool)

    def __init__(self, facts: Facts, act: Act, opened: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self._facts, self._card, self._act = facts, facts.card, act
        insight = facts.card.insight
        outer = QHBoxLayout(self)
        outer.setContentsMargins(RING, 3 * GRID - 4 - RING_ABOVE, 0, 3 * GRID - 4)
        outer.setSpacing(0)
        outer.addWidget(self._figure())
        body = QVBoxLayout()
        body.setSpacing(0)
        body.addWidget(headline(insight.headline, 18.5, lambda: act("open", insight.id)))
        body.addSpacing(4 - RING_ABOVE)
        body.addLayout(inset(Prose(insight.text, 15)))
        self._quote = Folded(lambda: quotation(insight.quote, ()), GRID + 4, unfolded="quote" in opened)
        body.addLayout(inset(self._quote))
        body.addSpacing(GRID + 4)
        body.addLayout(inset(self._byline(), "right"))
        self._why = Folded(self._reasons, GRID, unfolded="why" in opened)
        body.addLayout(inset(self._why))
        if told := thumb_words(facts.card):
            body.addSpacing(GRID)
            body.addLayout(inset(Label(told, 13, "muted")))
        outer.addLayout(body, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """One key does what a word of the card does."""
        deed = deed_of_key(event, self._card)
        if deed is not None:
            self._act(deed, self._card.insight.id)
        elif event.key() == Qt.Key.Key_Q:
            self._turn("quote", self._quote)
        elif event.key() == Qt.Key.Key_W and self._facts.item is not None:
            self._turn("why", self._why)
        else:
            super().keyPressEvent(event)

    def _figure(self) -> Label:
        number = self._facts.number
        text = "" if number is None else str(number)
        figure = Label(text, 22, "accent", serif=True, weight=SEMI_BOLD, wrap=False)
        figure.setFixedWidth(NUMBER_WIDTH - RING)
        figure.setContentsMargins(0, RING_ABOVE, GRID - RING, 0)
        figure.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        return figure

    def _reasons(self) -> QWidget:
        """Why it was chosen, in words, and the factors that these words stand for."""
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        item = self._facts.item
        if item is not None:
            layout.addWidget(Label(said(item.why), 13, "muted"))
            if item.terms:
                layout.addWidget(Label(factor_words(item), 12, "muted"))
        return holder

    def _byline(self) -> QWidget:
        card, insight = self._card, self._card.insight
        act = self._act
        play = play_word(insight.start_ms, insight.headline, lambda: act("play", insight.id))
        words: list[QWidget] = []
        if heard := heard_count(card):
            words.append(Label(heard, 13, "muted", wrap=False))
        if card.related_count:
            related = related_words(card, disagrees=self._facts.disagrees)
            words.append(named_word(related, card, lambda: act("open", insight.id)))
        words.append(named_word(tr("Quote"), card, lambda: self._turn("quote", self._quote)))
        if self._facts.item is not None:
            words.append(self._why_word())
        words += [more_word(card, act), save_word(card, act)]
        return spread(source_and_play(card, play), words, zoomed(LEAST_SOURCE_WIDTH))

    def _why_word(self) -> QPushButton:
        return named_word(tr("Why this"), self._card, lambda: self._turn("why", self._why))

    def _turn(self, name: str, part: "Folded") -> None:
        part.turn()
        self.turned.emit(name, not part.isHidden())


class Folded(QWidget):
    """A part `above` pixels below what it belongs to; made when it is first unfolded: most never are."""

    def __init__(self, make: Callable[[], QWidget], above: int, *, unfolded: bool) -> None:
        super().__init__()
        self._make: Callable[[], QWidget] | None = make
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, above, 0, 0)
        if unfolded:
            self._fill()
        else:
            self.hide()  # and never show() here: without a parent it would open a window of its own

    def turn(self) -> None:
        """Unfold it, or fold it."""
        self._fill()
        self.setVisible(self.isHidden())

    def _fill(self) -> None:
        if self._make is not None:
            self._layout.addWidget(self._make())
            self._make = None


def factor_words(item: BriefItem) -> str:
    """The factors of its score: “quality 0.82 × freshness 0.9 = 0.74”."""
    names = {
        "quality": tr("quality"),
        "interest": tr("interest"),
        "novelty": tr("novelty"),
        "freshness": tr("freshness"),
        "company": tr("company in your library"),
        "variety": tr("variety"),
    }
    product = 1.0
    told = []
    for name, factor in item.terms:
        product *= factor
        told.append(f"{names.get(name, name)} {factor:.2f}")
    return f"{' × '.join(told)} = {product:.2f}"
