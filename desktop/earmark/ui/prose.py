"""Running text with the leading that a page needs, which QLabel cannot give; plain text by construction."""

from PySide6.QtCore import QEvent, QPointF, QSize
from PySide6.QtGui import QColor, QFontInfo, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from earmark.ui.theme import COLUMN, Token, colour, font
from earmark.ui.words import shown

MOST_CHARACTERS = 8000


class Prose(QWidget):
    """A paragraph, and one stretch of it marked with the tint. `leading` is a multiple of the size."""

    def __init__(
        self, text: str, px: float, token: Token = "soft", *, leading: float = 1.5, serif: bool = False
    ) -> None:
        super().__init__()
        self._text = shown(text, MOST_CHARACTERS)
        self._token, self._leading = token, leading
        self.setFont(font(px, serif=serif))
        self._marked = (0, 0)
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
        self.updateGeometry()
        self.update()

    def mark(self, start: int, length: int) -> None:
        """Put the tint behind `length` characters from `start`."""
        self._marked = (start, length)
        self.update()

    def underline(self, on: bool) -> None:
        """Underline all of it, or no longer."""
        lined = self.font()
        lined.setUnderline(on)
        self.setFont(lined)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """Text of another size needs another height."""
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """The height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of the text at a width."""
        return round(self._laid_out(width)[1])

    def sizeHint(self) -> QSize:  # noqa: N802
        """A column's width."""
        return QSize(COLUMN, self.heightForWidth(max(self.width(), 200)))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the text and what is marked."""
        painter = QPainter(self)
        painter.setPen(colour(self, self._token))
        layout, _height = self._laid_out(self.width())
        layout.draw(painter, QPointF(0, 0), self._formats())

    def _formats(self) -> list[QTextLayout.FormatRange]:
        if not self._marked[1]:
            return []
        marked = QTextLayout.FormatRange()
        # Qt counts UTF-16 units, Python characters.
        start, length = self._marked
        marked.start = _units(self._text[:start])
        marked.length = _units(self._text[start : start + length])
        look = QTextCharFormat()
        look.setBackground(QColor(colour(self, "tint")))
        look.setForeground(QColor(colour(self, "ink")))
        marked.format = look
        return [marked]

    def _laid_out(self, width: int) -> tuple[QTextLayout, float]:
        layout = QTextLayout(self._text.replace("\n", "\u2028"), self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
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
