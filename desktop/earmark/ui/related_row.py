"""A related insight on the page of another: its claim, why it is there, who says it."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from earmark.records import Card, Insight, Kind, RelatedCard
from earmark.ui.flow import flow
from earmark.ui.parts import (
    RING_ABOVE,
    Label,
    Linked,
    button,
    claim,
    inset,
    play_word,
    source_and_play,
)
from earmark.ui.theme import GRID, zoomed
from earmark.ui.words import count_of, day_of, tr

FOLDED_IN = 26 + 6 + 4
"""Folded insights begin where the show's name does, behind its tile."""

Do = Callable[[str], object]


class RelatedRow(QWidget):
    """One item of the list. `opened` and `played` are called with the id of an insight."""

    def __init__(self, item: RelatedCard, opened: Do, played: Do) -> None:
        super().__init__()
        self._opened, self._played = opened, played
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 2 * GRID - 2 - RING_ABOVE, 0, 2 * GRID - 2)
        self._body.setSpacing(GRID - 2 - RING_ABOVE)
        self._body.addWidget(self._claim(item.card.insight))
        if item.why:
            self._body.addLayout(inset(Label(item.why, 13, "soft")))
        line = [self._source(item.card)]
        if item.also:
            self._folded = QWidget()
            self._word = self._also_word(item)
            line.append(self._word)
        self._body.addLayout(inset(flow(line, 6)))
        if item.also:
            self._fill_folded(item.also)

    def _source(self, card: Card) -> QWidget:
        insight, day = card.insight, day_of(card.published_ms)
        play = play_word(insight.start_ms, insight.headline, lambda: self._played(insight.id))
        return source_and_play(card, play, f", {day}" if day else "")

    def _also_word(self, item: RelatedCard) -> QPushButton:
        text = tr("said again in this episode")
        if item.by_others:
            text = count_of(len(item.by_others), "also said by %n other", "also said by %n others")
        word = button(text, "word", lambda: None, name=tr("{text}, show them").format(text=text))
        word.setCheckable(True)
        word.toggled.connect(lambda _on: self._turn())
        return word

    def _claim(self, insight: Insight) -> Linked:
        return claim(insight.text, lambda: self._opened(insight.id))

    def _turn(self) -> None:
        self._folded.setVisible(self._word.isChecked())

    def _fill_folded(self, also: tuple[Card, ...]) -> None:
        inner = QVBoxLayout(self._folded)
        inner.setContentsMargins(zoomed(FOLDED_IN), 0, 0, 0)
        inner.setSpacing(GRID)
        for card in also:
            inner.addWidget(self._claim(card.insight))
            inner.addLayout(inset(flow((self._source(card),))))
        self._folded.hide()
        self._body.addWidget(self._folded)


def kind_words(kind: Kind | None) -> str:
    """The heading of those that bear on an insight in this way."""
    words: dict[Kind | None, str] = {
        "contradicts": tr("Disagrees"),
        "extends": tr("Goes further"),
        "extended by": tr("What this takes further"),
        "example": tr("For example"),
        "example of": tr("What this is an example of"),
        "agrees": tr("Agrees"),
        "same claim": tr("Says the same"),
        "unrelated": tr("Of another matter"),
        None: tr("Close to this"),
    }
    return words[kind]
