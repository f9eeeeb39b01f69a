"""Running text with the leading that a page needs, which QLabel cannot give; plain text by construction."""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
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
from PySide6.QtWidgets import QLabel, QSizePolicy

from earmark.ui.theme import COLUMN, Token, colour, font
from earmark.ui.words import shown

MOST_CHARACTERS = 8000


class Prose(QLabel):
    """A paragraph, one stretch of it marked, and one that is heard. `leading` is a multiple of the size.

    A label to a screen reader, which passes over what is no more than a widget; painted here.
    """

    def __init__(
        self, text: str, px: float, token: Token = "soft", *, leading: float = 1.5, serif: bool = False
    ) -> None:
        super().__init__()
        self._heights: dict[int, int] = {}
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self._text = shown(text, MOST_CHARACTERS)
        self._token, self._leading = token, leading
        self.setFont(font(px, serif=serif))
        self._marked = self._said = (0, 0)
        self._bold: tuple[tuple[int, int], ...] = ()
        self.setAccessibleName(self._text)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def text(self) -> str:
        """What it says."""
        return self._text

    def say(self, text: str) -> None:
        """Say something else."""
        self._text = shown(text, MOST_CHARACTERS)
        self.setAccessibleName(self._text)
        self._measure_anew()

    def mark(self, start: int, length: int) -> None:
        """Put the tint behind `length` characters from `start`."""
        self._marked = (start, length)
        self.update()

    def embolden(self, stretches: tuple[tuple[int, int], ...]) -> None:
        """Set the characters from `begin` to `end` of each stretch in bold ink."""
        self._bold = tuple((begin, end) for begin, end in stretches if end <= len(self._text))
        self._measure_anew()

    def tint(self, start: int, length: int) -> None:
        """Put the tint behind what is heard just now instead; no length: nothing is."""
        if (start, length) != self._said:
            self._said = (start, length)
            self.update()

    def y_of(self, place: int) -> int:
        """How far down the line of a character stands."""
        layout, _height = self._laid_out(self.width())
        line = layout.lineForTextPosition(_units(self._text[:place]))
        return round(line.y()) if line.isValid() else 0

    def underline(self, on: bool) -> None:
        """Underline all of it, or no longer."""
        lined = self.font()
        lined.setUnderline(on)
        self.setFont(lined)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """Text of another size needs another height."""
        if event.type() == QEvent.Type.FontChange:
            self._measure_anew()
        super().changeEvent(event)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """The height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of the text at a width. Qt asks for the same ones again and again."""
        if width not in self._heights:
            self._heights[width] = round(self._laid_out(width)[1])
        return self._heights[width]

    def sizeHint(self) -> QSize:  # noqa: N802
        """A column's width."""
        return QSize(COLUMN, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Any: it wraps."""
        return QSize()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the text and what is marked."""
        painter = QPainter(self)
        painter.setPen(colour(self, self._token))
        layout, _height = self._laid_out(self.width())
        layout.draw(painter, QPointF(0, 0), self._formats())

    def _measure_anew(self) -> None:
        self._heights.clear()
        self.updateGeometry()
        self.update()

    def _formats(self) -> list[QTextLayout.FormatRange]:
        formats = [self._format(*self._marked, tinted=not self._said[1])] if self._marked[1] else []
        return [*formats, self._format(*self._said, tinted=True)] if self._said[1] else formats

    def _format(
        self, start: int, length: int, *, tinted: bool = False, bold: bool = False
    ) -> QTextLayout.FormatRange:
        marked = QTextLayout.FormatRange()
        # Qt counts UTF-16 units, Python characters.
        marked.start = _units(self._text[:start])
        marked.length = _units(self._text[start : start + length])
        look = QTextCharFormat()
        look.setForeground(QColor(colour(self, "ink")))
        if tinted:
            look.setBackground(QColor(colour(self, "tint")))
        if bold:
            look.setFontWeight(QFont.Weight.DemiBold)
        marked.format = look
        return marked

    def _laid_out(self, width: int) -> tuple[QTextLayout, float]:
        layout = QTextLayout(self._text.replace("\n", "\u2028"), self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        # The weight of letters changes where lines break, so it is no matter of painting alone.
        layout.setFormats([self._format(begin, end - begin, bold=True) for begin, end in self._bold])
        pitch = QFontInfo(self.font()).pixelSize() * self._leading
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 50))
            line.setPosition(QPointF(0, y + max(0.0, (pitch - line.height()) / 2)))
            y += max(pitch, line.height())
        layout.endLayout()
        return layout, y


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
