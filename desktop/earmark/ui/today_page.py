"""Today: the date, what was left out, five cards, and the days before."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from earmark.records import BriefItem, BriefPage, Card, Progress
from earmark.ui.page import Page
from earmark.ui.parts import (
    RING_ABOVE,
    SEMI_BOLD,
    Label,
    Tile,
    button,
    hairline,
    headline,
    inset,
    play_word,
    row,
    source_line,
)
from earmark.ui.prose import Prose
from earmark.ui.theme import GRID, RING, keep_size
from earmark.ui.words import heard_count, long_day, related_count, shown, tr, working_sentence

NUMBER_WIDTH = 40


class InsightCard(QWidget):
    """One of the five.

    Signals: opened(str), played(str), save_asked(str, bool), why_asked(str, bool): the insight's id.
    """

    opened = Signal(str)
    played = Signal(str)
    save_asked = Signal(str, bool)
    why_asked = Signal(str, bool)

    def __init__(self, number: int, card: Card, item: BriefItem, *, with_why: bool) -> None:
        super().__init__()
        self._card = card
        insight = card.insight
        outer = QHBoxLayout(self)
        outer.setContentsMargins(RING, 3 * GRID - 4 - RING_ABOVE, 0, 3 * GRID - 4)
        outer.setSpacing(0)
        figure = Label(str(number), 22, "accent", serif=True, weight=SEMI_BOLD, wrap=False)
        keep_size(figure, NUMBER_WIDTH - RING)
        figure.setContentsMargins(0, RING_ABOVE, GRID - RING, 0)
        figure.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        outer.addWidget(figure)
        body = QVBoxLayout()
        body.setSpacing(0)
        body.addWidget(headline(insight.headline, 18.5, lambda: self.opened.emit(insight.id)))
        body.addSpacing(4 - RING_ABOVE)
        body.addLayout(inset(Prose(insight.text, 15)))
        body.addSpacing(GRID + 4)
        body.addLayout(inset(self._byline(), "right"))
        self._why = Label(item.why, 13, "muted")
        self._why.setContentsMargins(0, GRID, 0, 0)
        self._why.setVisible(with_why)
        body.addLayout(inset(self._why))
        outer.addLayout(body, 1)

    def _byline(self) -> QHBoxLayout:
        card, insight = self._card, self._card.insight
        play = play_word(insight.start_ms, insight.headline, lambda: self.played.emit(insight.id))
        words: list[QWidget] = []
        if heard := heard_count(card):
            words.append(Label(heard, 13, "muted", wrap=False))
        if card.related_count:
            words.append(self._word(related_count(card), lambda: self.opened.emit(insight.id)))
        words.append(self._word(tr("Why this"), self._toggle_why))
        words.append(self._word(tr("Saved") if card.saved else tr("Save"), self._toggle_save))
        tile = Tile(card.feed_title)
        return row(tile, 4, source_line(card), 1, play, None, *words, spacing=6)

    def _word(self, text: str, do: Callable[[], object]) -> QPushButton:
        return button(text, "word", do, name=f"{text}: {shown(self._card.insight.headline)}")

    def _toggle_why(self) -> None:
        self._why.setVisible(self._why.isHidden())
        self.why_asked.emit(self._card.insight.id, not self._why.isHidden())

    def _toggle_save(self) -> None:
        self.save_asked.emit(self._card.insight.id, not self._card.saved)


class TodayPage(Page):
    """A day's brief, and its neighbours.

    Signals: opened(str), played(str), save_asked(str, bool), day_asked(str), add_asked(), news_asked().
    """

    opened = Signal(str)
    played = Signal(str)
    save_asked = Signal(str, bool)
    day_asked = Signal(str)
    add_asked = Signal()
    news_asked = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Today"))
        self._with_why: set[str] = set()
        self._working: Label | None = None
        self._progress: Progress | None = None
        self.earlier: str | None = None
        self.later: str | None = None

    def show_day(self, day: str, page: BriefPage, dates: list[str]) -> None:
        """Set a day's brief; it has at least one card."""
        if not self._begin(day, page, dates):
            return
        self.add(Label(page.brief.coverage, 13, "muted"), 6)
        self.column.addSpacing(2 * GRID + 5)
        for number, (item, card) in enumerate(zip(page.brief.items, page.cards, strict=True), start=1):
            self.add(hairline())
            if card.hidden:
                self.add(Label(tr("You hid this one."), 13, "muted"), 2 * GRID)
            else:
                self.add(self._card(number, card, item), ringed="both")
        self.finish()

    def show_no_show(self, day: str) -> None:
        """A library without a show: what to do."""
        sentence = tr("Earmark finds five things a day worth hearing in your podcasts. Add the first one.")
        if self._begin(day, "no show", []):
            self._say(sentence, button(tr("Add a show"), "main", self.add_asked.emit, px=14))

    def show_waiting(self, day: str, sentence: str, dates: list[str]) -> None:
        """A day without a card while work goes on: what is being done."""
        if self._begin(day, sentence, dates):
            self._working = Label("", 13, "muted")
            self._say(sentence, self._working)
            self.show_progress(self._progress)

    def show_nothing(self, day: str, sentence: str, dates: list[str]) -> None:
        """A day without a card, and nothing goes on: why, and what can be done."""
        if self._begin(day, sentence, dates):
            again = button(tr("Look for new episodes"), "main", self.news_asked.emit, px=14)
            self._say(sentence, again)

    def show_progress(self, progress: Progress | None) -> None:
        """Say what is being worked on, where that is all there is to say."""
        self._progress = progress
        if self._working is not None:
            self._working.setText(working_sentence(progress) if progress else "")

    def _begin(self, day: str, content: object, dates: list[str]) -> bool:
        self.earlier = next((d for d in dates if d < day), None)
        self.later = next((d for d in reversed(dates) if d > day), None)
        if not self.begin(day, content, self.earlier, self.later):
            return False
        self._working = None
        self.add(self._head(day), ringed="right")
        return True

    def _say(self, sentence: str, below: QWidget) -> None:
        self.add(Prose(sentence, 15), 2 * GRID)
        self.add(row(below, None) if isinstance(below, QPushButton) else below, 2 * GRID)
        self.finish()

    def _card(self, number: int, card: Card, item: BriefItem) -> InsightCard:
        made = InsightCard(number, card, item, with_why=card.insight.id in self._with_why)
        made.opened.connect(self.opened)
        made.played.connect(self.played)
        made.save_asked.connect(self.save_asked)
        made.why_asked.connect(self._remember_why)
        return made

    def _remember_why(self, insight_id: str, open_: bool) -> None:
        (self._with_why.add if open_ else self._with_why.discard)(insight_id)

    def _head(self, day: str) -> QHBoxLayout:
        title = Label(long_day(day), 28, "ink", serif=True, weight=SEMI_BOLD, wrap=False)
        words = (self._to_day(tr("Earlier"), self.earlier), self._to_day(tr("Later"), self.later))
        return row(title, None, *(word for word in words if word is not None), spacing=6)

    def _to_day(self, word: str, day: str | None) -> QPushButton | None:
        if day is None:
            return None
        return button(word, "word", lambda: self.day_asked.emit(day), name=f"{word}: {long_day(day)}")
