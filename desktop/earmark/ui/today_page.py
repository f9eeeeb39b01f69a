"""Today: the date, what was left out, five cards, and the way to the days before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from earmark.records import BriefPage, HeldBack, Progress
from earmark.ui.below import said
from earmark.ui.deeds import open_below
from earmark.ui.flow import spread
from earmark.ui.insight_card import Facts, InsightCard
from earmark.ui.page import Page
from earmark.ui.parts import SEMI_BOLD, Label, Title, button, hairline, headline, inset, row
from earmark.ui.prose import Prose
from earmark.ui.theme import GRID
from earmark.ui.words import count_of, long_day, shown, tr, working_sentence


@dataclass(frozen=True, slots=True)
class Step:
    """What can be done on a day without cards: the word for it, and the name of what is asked."""

    word: str
    asked: str


class TodayPage(Page):
    """A day's brief, and its neighbours.

    Signals: acted(str, str): a deed and an insight's id (see `deeds`); day_asked(str): a day's address;
    add_asked(), news_asked(); asked(str): "calendar", "week", "export", "print" or "settings".
    """

    acted = Signal(str, str)
    day_asked = Signal(str)
    add_asked = Signal()
    news_asked = Signal()
    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("Today"))
        self._opened: dict[str, frozenset[str]] = {}
        self._held_opened: set[str] = set()
        self._waiting: Prose | None = None
        self._working: Label | None = None
        self._progress: Progress | None = None
        self._has_cards = False
        self.day = ""
        self.earlier: str | None = None
        self.later: str | None = None

    def show_day(
        self, day: str, page: BriefPage, dates: list[str], disagreeing: frozenset[str] = frozenset()
    ) -> None:
        """Set a day's brief; it has at least one card. `disagreeing`: those that something contradicts."""
        if not self._begin(day, (page, disagreeing), dates, has_cards=True):
            return
        self.add(Label(said(page.brief.coverage), 13, "muted"), 6)
        if page.held_back:
            self._add_held_back(day, page.held_back)
        self.column.addSpacing(2 * GRID + 5)
        for number, (item, card) in enumerate(zip(page.brief.items, page.cards, strict=True), start=1):
            self.add(hairline())
            if card.hidden:
                self._add_hidden(card.insight.id, card.insight.headline)
            else:
                disagrees = card.insight.id in disagreeing
                self.add(self._card(Facts(card, number, item, disagrees)), ringed="both")
        if page.shelf is not None and not page.shelf.hidden:
            self.add(hairline())
            self.add(Label(tr("From your shelf"), 13, "muted", weight=SEMI_BOLD), 2 * GRID + 4)
            self.add(self._card(Facts(page.shelf)), ringed="both")
        self.finish()

    def show_no_show(self, day: str) -> None:
        """A library without a show: what to do."""
        sentence = tr("Earmark finds five things a day worth hearing in your podcasts. Add the first one.")
        if self._begin(day, "no show", []):
            self._say(sentence, button(tr("Add a show"), "main", self.add_asked.emit, px=14))

    def show_waiting(self, day: str, sentence: str, dates: list[str]) -> None:
        """A day without a card while work goes on: what is being done. As that changes, only the words do."""
        if self._begin(day, "waiting", dates):
            self._working = Label("", 13, "muted")
            self._waiting = self._say(sentence, self._working)
            self.show_progress(self._progress)
        elif self._waiting is not None and self._waiting.text() != sentence:
            self._waiting.say(sentence)

    def show_nothing(self, day: str, sentence: str, dates: list[str], step: Step | None = None) -> None:
        """A day without a card, and nothing goes on: why, and what can be done (else: look for news)."""
        if self._begin(day, (sentence, step), dates):
            if step is None:
                below = button(tr("Look for new episodes"), "main", self.news_asked.emit, px=14)
            else:
                below = button(step.word, "main", lambda: self.asked.emit(step.asked), px=14)
            self._say(sentence, below)

    def show_progress(self, progress: Progress | None) -> None:
        """Say what is being worked on, where that is all there is to say."""
        self._progress = progress
        if self._working is not None:
            self._working.setText(working_sentence(progress) if progress else "")

    def _begin(self, day: str, content: object, dates: list[str], *, has_cards: bool = False) -> bool:
        self.day = day
        self.earlier = next((d for d in dates if d < day), None)
        self.later = next((d for d in reversed(dates) if d > day), None)
        if not self.begin(day, content, self.earlier, self.later):
            return False
        self._waiting = self._working = None
        self._has_cards = has_cards
        self.add(self._head(day), ringed="right")
        return True

    def _say(self, sentence: str, below: QWidget) -> Prose:
        told = Prose(sentence, 15)
        self.add(told, 2 * GRID)
        self.add(row(below, None) if isinstance(below, QPushButton) else below, 2 * GRID)
        self.finish()
        return told

    def _card(self, facts: Facts) -> InsightCard:
        insight_id = facts.card.insight.id
        made = self.rows[insight_id] = InsightCard(
            facts, self.acted.emit, self._opened.get(insight_id, frozenset())
        )
        made.turned.connect(lambda part, open_: self._remember(insight_id, part, open_))
        return made

    def _remember(self, insight_id: str, part: str, open_: bool) -> None:
        before = self._opened.get(insight_id, frozenset())
        self._opened[insight_id] = before | {part} if open_ else before - {part}

    def _add_hidden(self, insight_id: str, title: str) -> None:
        again = button(
            tr("Show it again"),
            "word",
            lambda: self.acted.emit("unhide", insight_id),
            name=f"{tr('Show it again')}: {shown(title)}",
        )
        self.rows[insight_id] = again
        told = Label(tr("You hid this one."), 13, "muted", wrap=False)
        self.add(row(told, again, None, spacing=6), 2 * GRID)
        self.column.addSpacing(2 * GRID)

    def _add_held_back(self, day: str, held_back: Sequence[HeldBack]) -> None:
        """How many the user's mutes kept out; which ones and why, on demand."""
        text = count_of(len(held_back), "%n held back by what you muted", "%n held back by what you muted")
        part = QWidget()
        fold = button(text, "word", lambda: turn(), name=tr("{text}, show them").format(text=text))
        self.add(row(fold, None), 4, ringed="left")
        inside = QVBoxLayout(part)
        inside.setContentsMargins(0, GRID, 0, 0)
        inside.setSpacing(2)
        for held in held_back:
            insight = held.card.insight
            inside.addWidget(headline(insight.headline, 15, partial(self.acted.emit, "open", insight.id)))
            inside.addLayout(inset(Label(said(held.why), 13, "muted")))
        self.add(part, ringed="left")
        part.setVisible(day in self._held_opened)

        def turn() -> None:
            part.setVisible(part.isHidden())
            self._held_opened ^= {day}

    def _head(self, day: str) -> QWidget:
        title = Title(long_day(day))
        words = (self._to_day(tr("Earlier"), self.earlier), self._to_day(tr("Later"), self.later))
        more = button(tr("More"), "word", lambda: open_below(more, self.menu()), name=tr("More for this day"))
        return spread(title, [*(word for word in words if word is not None), more])

    def menu(self) -> QMenu:
        """What else there is to a day."""
        menu = QMenu(self)
        menu.setAccessibleName(tr("More for this day"))
        menu.addAction(tr("All days"), lambda: self.asked.emit("calendar"))
        menu.addAction(tr("The week"), lambda: self.asked.emit("week"))
        if self._has_cards:
            menu.addSeparator()
            menu.addAction(tr("Export this day"), lambda: self.asked.emit("export"))
            menu.addAction(tr("Print this day"), lambda: self.asked.emit("print"))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _to_day(self, word: str, day: str | None) -> QPushButton | None:
        if day is None:
            return None
        return button(word, "word", lambda: self.day_asked.emit(day), name=f"{word}: {long_day(day)}")
