"""Today: the date, what was left out, five cards, and the days before."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from earmark.records import BriefItem, BriefPage, Card
from earmark.ui.parts import Label, Page, Tile, button, hairline, row
from earmark.ui.theme import GRID, font
from earmark.ui.words import long_day, moment, related_count, tr


class InsightCard(QWidget):
    """One of the five.

    Signals: opened(str), played(str), save_asked(str, bool): the insight's id.
    """

    opened = Signal(str)
    played = Signal(str)
    save_asked = Signal(str, bool)

    def __init__(self, number: int, card: Card, item: BriefItem) -> None:
        super().__init__()
        self._card = card
        insight = card.insight
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 3 * GRID - 4, 0, 3 * GRID - 4)
        outer.setSpacing(0)
        figure = Label(str(number), 22, "accent", serif=True, weight=QFont.Weight.DemiBold, wrap=False)
        figure.setFixedWidth(40)
        figure.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        outer.addWidget(figure)
        body = QVBoxLayout()
        body.setSpacing(GRID - 2)
        body.addWidget(headline(insight.headline, 18.5, lambda: self.opened.emit(insight.id)))
        body.addWidget(Label(insight.text, 15))
        body.addLayout(self._byline())
        self._why = Label(item.why, 13, "muted")
        self._why.hide()
        body.addWidget(self._why)
        outer.addLayout(body, 1)

    def _byline(self) -> QHBoxLayout:
        card, insight = self._card, self._card.insight
        play = button(
            f"▶ {moment(insight.start_ms)}",
            "play",
            lambda: self.played.emit(insight.id),
            name=tr("Play from {time}: {headline}").format(
                time=moment(insight.start_ms), headline=insight.headline
            ),
        )
        related = button(related_count(card), "word", lambda: self.opened.emit(insight.id))
        related.setAccessibleName(
            tr("{count} to: {headline}").format(count=related_count(card), headline=insight.headline)
        )
        why = button(tr("Why this"), "word", self._toggle_why)
        self._save = save_word(card, self._toggle_save)
        return row(Tile(card.feed_title), source_line(card), play, None, related, why, self._save)

    def _toggle_why(self) -> None:
        self._why.setVisible(self._why.isHidden())

    def _toggle_save(self) -> None:
        self.save_asked.emit(self._card.insight.id, not self._card.saved)


def headline(text: str, px: float, do: Callable[[], object]) -> QPushButton:
    """A headline that opens its insight."""
    made = Headline(text, px)
    made.clicked.connect(lambda _checked=False: do())
    return made


class Headline(QPushButton):
    """A wrapping headline as a button; Enter and Space open it."""

    def __init__(self, text: str, px: float) -> None:
        super().__init__()
        self.setProperty("look", "title")
        self.setAutoDefault(True)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.label = Label(text, px, "ink", serif=True, weight=QFont.Weight.DemiBold)
        self.label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout.addWidget(self.label)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:  # noqa: N802  (Qt's name)
        """The height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of the wrapped text."""
        return self.label.heightForWidth(width)


def source_line(card: Card, extra: str = "") -> QWidget:
    """Show in bold, episode beside it; both cut where there is no room."""
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(0)
    line.addWidget(Cut(card.feed_title, "soft", QFont.Weight.DemiBold))
    line.addWidget(Cut(f", {card.episode_title}{extra}", "muted", QFont.Weight.Normal), 1)
    return holder


class Cut(Label):
    """One line of text that ends in an ellipsis where the room ends."""

    def __init__(self, text: str, kind: str, weight: QFont.Weight) -> None:
        super().__init__("", 13, kind, weight=weight, wrap=False)
        self._whole = " ".join(text.split())[:300] if not text.startswith(",") else text[:300]
        self.setAccessibleName(self._whole)
        self.setMinimumWidth(24)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Room for the whole line."""
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 1, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """It can be cut down to a letter or two."""
        return QSize(24, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Cut anew."""
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width()))
        super().resizeEvent(event)


def save_word(card: Card, do: Callable[[], object]) -> QPushButton:
    """Save, or Saved."""
    text = tr("Saved") if card.saved else tr("Save")
    made = button(text, "word", do, name=f"{text}: {card.insight.headline}")
    made.setFont(font(13))
    return made


class TodayPage(Page):
    """A day's brief, and its neighbours.

    Signals: opened(str), played(str), save_asked(str, bool), day_asked(str), add_asked().
    """

    opened = Signal(str)
    played = Signal(str)
    save_asked = Signal(str, bool)
    day_asked = Signal(str)
    add_asked = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Today"))

    def show_day(self, day: str, page: BriefPage | None, dates: list[str], waiting: str) -> None:
        """Set a day's brief; `waiting` is what to say when it has no card."""
        if not self.begin(day, page, tuple(dates), waiting):
            return
        self.add(self._head(day, dates))
        if page is None or not page.cards:
            self.add(Label(waiting, 15), 2 * GRID)
        else:
            self.add(Label(page.brief.coverage, 13, "muted"), 4)
            self.column.addSpacing(2 * GRID + 4)
            for number, (item, card) in enumerate(zip(page.brief.items, page.cards, strict=True), start=1):
                self.add(hairline())
                self.add(self._card(number, card, item))
        self.finish()

    def show_empty(self, day: str) -> None:
        """A library without a show: what to do."""
        if not self.begin(day, None):
            return
        self.add(self._head(day, []))
        self.add(
            Label(
                tr("Earmark shows you five things a day from your podcasts. It needs a show first."),
                15,
            ),
            2 * GRID,
        )
        self.add(row(button(tr("Add a show"), "main", self.add_asked.emit, px=14), None), 3 * GRID)
        self.finish()

    def _card(self, number: int, card: Card, item: BriefItem) -> InsightCard:
        made = InsightCard(number, card, item)
        made.opened.connect(self.opened)
        made.played.connect(self.played)
        made.save_asked.connect(self.save_asked)
        return made

    def _head(self, day: str, dates: list[str]) -> QHBoxLayout:
        title = Label(long_day(day), 28, "ink", serif=True, weight=QFont.Weight.DemiBold, wrap=False)
        earlier = next((d for d in dates if d < day), None)
        later = next((d for d in reversed(dates) if d > day), None)
        words = [
            self._to_day(tr("Earlier"), earlier),
            self._to_day(tr("Later"), later),
        ]
        shown = [word for word in words if word is not None]
        return row(title, None, *shown)

    def _to_day(self, word: str, day: str | None) -> QPushButton | None:
        if day is None:
            return None
        return button(word, "word", lambda: self.day_asked.emit(day), name=f"{word}: {long_day(day)}")
