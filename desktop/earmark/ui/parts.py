"""The small things that pages are made of. Every text is plain text; every control has a name."""

import hashlib
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from earmark.ui.theme import COLUMN, GRID, Colours, font

MOST_CHARACTERS = 4000


class Label(QLabel):
    """Text that is only ever text. `kind` is one of ink, soft, muted, accent."""

    def __init__(
        self,
        text: str,
        px: float = 15,
        kind: str = "soft",
        *,
        serif: bool = False,
        weight: QFont.Weight = QFont.Weight.Normal,
        wrap: bool = True,
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text[:MOST_CHARACTERS])
        self.setFont(font(px, serif=serif, weight=weight))
        self.setProperty("kind", kind)
        self.setWordWrap(wrap)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)


def button(text: str, look: str, do: Callable[[], object], *, name: str = "", px: float = 13) -> QPushButton:
    """A button of one look: place, word, play, title, main, plain. `name` is what a screen reader says."""
    made = QPushButton(text.replace("&", "&&"))
    made.setProperty("look", look)
    made.setFont(font(px, weight=QFont.Weight.DemiBold if look in ("play", "main") else QFont.Weight.Normal))
    made.setAccessibleName(name or text)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAutoDefault(True)
    made.clicked.connect(lambda _checked=False: do())
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
            layout.addWidget(thing, 1 if isinstance(thing, Label) and thing.wordWrap() else 0)
    return layout


class Tile(QWidget):
    """A show's square: the first letter of its name on a colour made from the name."""

    def __init__(self, title: str, side: int = 26) -> None:
        super().__init__()
        self.setFixedSize(QSize(side, side))
        self._letter = title.strip()[:1].upper()
        self._colour = QColor.fromHsl(tile_hue(title), 75, 125)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Paint the square."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setPen(QColor("#FFFFFF"))
        painter.setFont(font(13, weight=QFont.Weight.DemiBold))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)


def tile_hue(title: str) -> int:
    """A show's hue, 0 to 359, the same on every day and machine."""
    return int.from_bytes(hashlib.sha256(title.encode()).digest()[:4]) % 360


class Prose(QWidget):
    """Running text with generous leading, and one stretch of it marked; plain text by construction."""

    def __init__(
        self, text: str, colours: Colours, *, px: float, leading: float, serif: bool, colour: str
    ) -> None:
        super().__init__()
        self._text = text[: MOST_CHARACTERS * 2]
        self._colours, self._colour = colours, colour
        self._font = font(px, serif=serif)
        self._leading = leading
        self._marked = (0, 0)
        self.setAccessibleName(self._text)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def mark(self, start: int, length: int) -> None:
        """Put the tint behind `length` characters from `start`."""
        self._marked = (start, length)
        self.update()

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """The height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of the text at a width."""
        return round(self._laid_out(width)[1]) + 2

    def sizeHint(self) -> QSize:  # noqa: N802
        """A column's width."""
        return QSize(COLUMN, self.heightForWidth(max(self.width(), 200)))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the text and what is marked."""
        painter = QPainter(self)
        painter.setPen(QColor(getattr(self._colours, self._colour)))
        layout, _height = self._laid_out(self.width())
        layout.draw(painter, QPointF(0, 0), self._formats())

    def _formats(self) -> list[QTextLayout.FormatRange]:
        if not self._marked[1]:
            return []
        marked = QTextLayout.FormatRange()
        marked.start, marked.length = self._marked
        look = QTextCharFormat()
        look.setBackground(QColor(self._colours.tint))
        look.setForeground(QColor(self._colours.ink))
        marked.format = look
        return [marked]

    def _laid_out(self, width: int) -> tuple[QTextLayout, float]:
        layout = QTextLayout(self._text, self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 50))
            extra = QFontInfo(self._font).pixelSize() * self._leading - line.height()
            line.setPosition(QPointF(0, y + max(0.0, extra / 2)))
            y += line.height() + max(0.0, extra)
        layout.endLayout()
        return layout, y


class Page(QScrollArea):
    """A place: one column in the middle, scrolled by itself, set anew as a whole.

    Set anew, it keeps its scroll position and the focus, as long as it is about the same `subject`.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._shown: tuple[object, ...] = ()
        self.begin("")

    def begin(self, subject: str, *content: object) -> bool:
        """Start an empty column; False when just this content is shown already and nothing is to do."""
        if (subject, *content) == self._shown:
            return False
        self._same_subject = bool(self._shown) and self._shown[0] == subject
        self._shown = (subject, *content)
        self._page, inner = QWidget(), QWidget()
        self._page.setObjectName("page")
        inner.setMaximumWidth(COLUMN)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 4 * GRID, 0, 6 * GRID)
        self.column.setSpacing(0)
        outer = QHBoxLayout(self._page)
        outer.setContentsMargins(3 * GRID, 0, 3 * GRID, 0)
        outer.addStretch(1)
        outer.addWidget(inner, 1000)
        outer.addStretch(1)
        return True

    def add(self, thing: QWidget | QHBoxLayout, above: int = 0) -> None:
        """Put something under what is there, `above` pixels down."""
        if above:
            self.column.addSpacing(above)
        if isinstance(thing, QWidget):
            self.column.addWidget(thing)
        else:
            self.column.addLayout(thing)

    def finish(self) -> None:
        """Show the column in place of the one before."""
        self.column.addStretch(1)
        focused = self._focused_button() if self._same_subject else None
        scrolled = self.verticalScrollBar().value() if self._same_subject else 0
        self.setWidget(self._page)
        self._page.show()  # a widget given to a scroll area that is visible stays hidden otherwise
        self.verticalScrollBar().setValue(scrolled)
        buttons = self._page.findChildren(QPushButton)
        if focused is not None and focused < len(buttons):
            buttons[focused].setFocus()

    def _focused_button(self) -> int | None:
        before = self.widget()
        buttons = before.findChildren(QPushButton) if before is not None else []
        return next((n for n, each in enumerate(buttons) if each.hasFocus()), None)
