"""An insight in a short list: headline, where it is from, and what can be done."""

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from earmark.records import Card
from earmark.ui.deeds import Act, deed_of_key, more_word, save_word
from earmark.ui.flow import LEAST_SOURCE_WIDTH, spread
from earmark.ui.parts import (
    RING_ABOVE,
    Label,
    headline,
    inset,
    play_word,
    source_and_play,
)
from earmark.ui.prose import Prose
from earmark.ui.theme import GRID, zoomed
from earmark.ui.words import day_of, heard_count, shown


class InsightRow(QWidget):
    """One row; `act` is called with a deed and the insight's id. `said`: words in place of its text, with
    marks (begin, end) of what was asked for in them; `under`: a quiet line below, such as the user's note."""

    def __init__(
        self,
        card: Card,
        act: Act,
        *,
        said: str | None = None,
        marks: tuple[tuple[int, int], ...] = (),
        under: str = "",
    ) -> None:
        super().__init__()
        self._card, self._act = card, act
        insight = card.insight
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 2 * GRID - RING_ABOVE, 0, 2 * GRID)
        body.setSpacing(0)
        body.addWidget(headline(insight.headline, 17, lambda: act("open", insight.id)))
        prose = Prose(insight.text if said is None else said, 15)
        prose.embolden(marks)
        body.addLayout(inset(prose))
        body.addSpacing(GRID)
        day = day_of(card.published_ms)
        play = play_word(insight.start_ms, insight.headline, lambda: act("play", insight.id))
        words: list[QWidget] = [Label(heard, 13, "muted", wrap=False)] if (heard := heard_count(card)) else []
        words += [more_word(card, act), save_word(card, act)]
        source = source_and_play(card, play, f", {day}" if day else "")
        line = spread(source, words, zoomed(LEAST_SOURCE_WIDTH))
        body.addLayout(inset(line, "right"))
        if under:
            body.addSpacing(GRID)
            body.addLayout(inset(Label(shown(under, 400), 13, "muted")))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """One key does what a word of the row does."""
        deed = deed_of_key(event, self._card)
        if deed is not None:
            self._act(deed, self._card.insight.id)
        else:
            super().keyPressEvent(event)
