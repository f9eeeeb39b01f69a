"""The small things that pages are made of. Every text is plain text; every control has a name."""

import hashlib
from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from earmark.records import Card
from earmark.ui.prose import Prose
from earmark.ui.theme import GRID, RING, Token, font, keep_size, zoom
from earmark.ui.words import moment, name, shown, tr

MOST_CHARACTERS = 4000
RING_ABOVE = 3
SEMI_BOLD = QFont.Weight.DemiBold


class Label(QLabel):
    """Text that is only ever text."""

    def __init__(
        self,
        text: str,
        px: float = 15,
        kind: Token = "soft",
        *,
        serif: bool = False,
        weight: QFont.Weight = QFont.Weight.Normal,
        wrap: bool = True,
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(shown(text, MOST_CHARACTERS))
        self.setFont(font(px, serif=serif, weight=weight))
        self.setProperty("kind", kind)
        self.setWordWrap(wrap)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)


class Cut(Label):
    """One line of text that ends in an ellipsis where the room ends."""

    def __init__(
        self, text: str, px: float, kind: Token, *, weight: QFont.Weight = QFont.Weight.Normal
    ) -> None:
        super().__init__("", px, kind, weight=weight, wrap=False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Say something else."""
        self._whole = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._cut()

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Room for the whole line."""
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 1, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """It can be cut down to a letter or two."""
        return QSize(min(24, self.sizeHint().width()), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Cut anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width()))


class Title(Label):
    """The name of a place: one line where there is room for it, else several."""

    def __init__(self, text: str) -> None:
        super().__init__(text, 28, "ink", serif=True, weight=SEMI_BOLD)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """All of it in one line."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Any: it wraps."""
        return QSize()


def button(text: str, look: str, do: Callable[[], object], *, name: str = "", px: float = 13) -> QPushButton:
    """A button of one look: place, word, play, main, plain. `name` is what a screen reader says.

    The mouse does not take the focus, so that the ring shows for the keyboard alone.
    """
    made = QPushButton()
    _dress(made, text, look, do, name, px)
    return made


def _dress(
    made: QPushButton, text: str, look: str, do: Callable[[], object], name: str = "", px: float = 13
) -> None:
    made.setText(text.replace("&", "&&"))
    made.setProperty("look", look)
    made.setFont(font(px, weight=SEMI_BOLD if look in ("play", "main") else QFont.Weight.Normal))
    made.setAccessibleName(name or text)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAutoDefault(True)
    if look in ("main", "plain"):
        keep_size(made, height=36, around=2 * GRID)
    made.clicked.connect(lambda _checked=False: do())


def one_of_several(made: QPushButton, do: Callable[[], object]) -> QPushButton:
    """So that a screen reader says: one of several. `do` is done when it is chosen; twice is as once.

    Who works by hearing may have it turned without a press, and Qt then tells of no click.
    """
    made.setCheckable(True)
    made.setAutoExclusive(True)
    made.toggled.connect(lambda on: do() if on else None)
    return made


class Switch(QPushButton):
    """A word that is chosen or not; chosen it is bolder, and has room for that."""

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """As wide as when it is chosen."""
        bold = self.font()
        bold.setWeight(SEMI_BOLD)
        usual_width, bold_width = (
            QFontMetrics(made).horizontalAdvance(self.text()) for made in (self.font(), bold)
        )
        return super().sizeHint() + QSize(max(0, bold_width - usual_width), 0)


def switch(text: str, do: Callable[[], object], *, px: float = 13) -> Switch:
    """A word that is chosen or not, `do` follows."""
    made = Switch()
    _dress(made, text, "word", lambda: None, px=px)
    made.setCheckable(True)
    made.toggled.connect(lambda _on: do())
    return made


class Linked(QPushButton):
    """Wrapping text as a button: Enter and Space open it, hovering underlines it."""

    def __init__(self, text: str, label: Label | Prose, do: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("look", "title")
        self.setAutoDefault(True)
        self.setAccessibleName(shown(text))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(RING, RING_ABOVE, RING, RING_ABOVE)
        self._label = label
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout.addWidget(label)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(lambda _checked=False: do())

    def hasHeightForWidth(self) -> bool:  # noqa: N802  (Qt's name)
        """The height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of the wrapped text."""
        return self._label.heightForWidth(width - 2 * RING) + 2 * RING_ABOVE

    def sizeHint(self) -> QSize:  # noqa: N802
        """As tall as the text; as wide as there is room."""
        hint = self._label.sizeHint()
        return QSize(hint.width(), self.heightForWidth(max(self.width(), 200)))

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Underline the words."""
        self._underline(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """No longer."""
        self._underline(False)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Up and Down are for the page, which goes to the next text of this kind."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _underline(self, on: bool) -> None:
        if isinstance(self._label, Prose):
            self._label.underline(on)
        else:
            changed = self._label.font()
            changed.setUnderline(on)
            self._label.setFont(changed)


def headline(text: str, px: float, do: Callable[[], object]) -> Linked:
    """A headline that opens its insight."""
    return Linked(text, Label(shown(text), px, "ink", serif=True, weight=SEMI_BOLD), do)


def claim(text: str, do: Callable[[], object]) -> Linked:
    """A claim in running text that opens its insight."""
    return Linked(text, Prose(text, 15, "ink"), do)


def play_word(start_ms: int, title: str, do: Callable[[], object]) -> QPushButton:
    """▶ 13:24."""
    spoken = tr("Play from {time}: {headline}").format(time=moment(start_ms), headline=shown(title))
    return button(f"▶ {moment(start_ms)}", "play", do, name=spoken)


def search_line(hint: str, spoken: str) -> QLineEdit:
    """A line for words that narrow what is shown below it."""
    made = QLineEdit()
    made.setFont(font(14))
    made.setPlaceholderText(hint)
    made.setAccessibleName(spoken)
    made.setMaximumWidth(40 * GRID)
    return made


def hairline() -> QFrame:
    """A line of one pixel."""
    line = QFrame()
    line.setObjectName("hairline")
    line.setFixedHeight(1)
    return line


def row(*things: QWidget | int | None, spacing: int = GRID) -> QHBoxLayout:
    """Things side by side; None stretches, a number is a gap."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for thing in things:
        if thing is None:
            layout.addStretch(1)
        elif isinstance(thing, int):
            layout.addSpacing(thing)
        else:
            wraps = isinstance(thing, Label) and thing.wordWrap()
            layout.addWidget(thing, 1 if wraps else 0, Qt.AlignmentFlag.AlignVCenter)
    return layout


Sides = Literal["none", "left", "right", "both"]


def inset(thing: QWidget | QLayout, ringed: Sides = "none") -> QLayout:
    """A thing with the room that focus rings need beside it.

    `ringed` says on which sides it brings that room itself, so that words with and without a ring stand on
    one edge.
    """
    if isinstance(thing, QWidget):
        layout: QLayout = QHBoxLayout()
        layout.addWidget(thing)
    else:
        layout = thing
    left = 0 if ringed in ("left", "both") else RING
    right = 0 if ringed in ("right", "both") else RING
    layout.setContentsMargins(left, 0, right, 0)
    return layout


def source_line(card: Card, extra: str = "") -> QWidget:
    """Show in bold, episode beside it; both cut where there is no room."""
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(0)
    line.addWidget(Cut(name(card.feed_title), 13, "soft", weight=SEMI_BOLD))
    line.addWidget(Label(", ", 13, "muted", wrap=False))
    line.addWidget(Cut(f"{name(card.episode_title)}{extra}", 13, "muted"), 1)
    return holder


def source_and_play(card: Card, play: QWidget, extra: str = "") -> QWidget:
    """Where it is from, and beside it the word that plays it; the names are cut where there is no room."""
    holder = QWidget()
    holder.setLayout(row(Tile(card.feed_title), 4, source_line(card, extra), 1, play, None, spacing=6))
    return holder


class Tile(QWidget):
    """A show's square: its picture, or the first letter of its name on a colour made from the name."""

    def __init__(self, title: str, side: int = 26, art: QPixmap | None = None) -> None:
        super().__init__()
        self._art = art
        keep_size(self, side, side)
        self._title = title

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Paint the square."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_tile(painter, self.rect(), self._title, self._art)


def paint_tile(painter: QPainter, place: QRect, title: str, art: QPixmap | None = None) -> None:
    """Paint a show's square: its picture, or else a letter."""
    if art is not None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(place), 6, 6)
        painter.save()
        painter.setClipPath(path)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(place, art)
        painter.restore()
        return
    painter.setBrush(QColor.fromHsl(tile_hue(title), 70, 140))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(place), 6, 6)
    painter.setPen(QColor("#FFFFFF"))
    painter.setFont(font(12.5 * place.width() / 26 / zoom(), weight=SEMI_BOLD))
    letter = next((sign for sign in title if sign.isalnum()), "").upper()
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, letter)


def tile_hue(title: str) -> int:
    """A show's hue, 0 to 359, the same on every day and machine."""
    return int.from_bytes(hashlib.sha256(title.encode(errors="replace")).digest()[:4]) % 360
