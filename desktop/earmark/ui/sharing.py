"""An insight as a picture, drawn from the same look."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QWidget

from earmark.records import Card
from earmark.ui.theme import Token, colour, serif_family
from earmark.ui.words import moment, shown

WIDTH, MARGIN = 1080, 72
MOST_OF_A_TEXT, MOST_OF_A_QUOTE = 700, 600


class Drawing:
    """Paragraphs one under the other; measured first, then drawn."""

    def __init__(self, owner: QWidget) -> None:
        self._owner = owner
        self._things: list[tuple[QTextLayout, float, float, QColor]] = []
        self._rules: list[tuple[float, float]] = []
        self.y = float(MARGIN)

    def add(
        self, text: str, px: int, token: Token, *, serif: bool, bold: bool = False, left: int = 0
    ) -> None:
        """Put a paragraph under what is there."""
        font = QFont(serif_family()) if serif else QFont(self._owner.font().family())
        font.setPixelSize(px)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        layout = QTextLayout(text, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(WIDTH - 2 * MARGIN - left)
            line.setPosition(QPointF(0, height))
            height += max(line.height(), px * 1.5)
        layout.endLayout()
        self._things.append((layout, MARGIN + left, self.y, colour(self._owner, token)))
        self.y += height

    def add_rule(self, top: float) -> None:
        """An accent rule at the left, from `top` to here."""
        self._rules.append((top, self.y))

    def drawn(self) -> QImage:
        """The picture."""
        image = QImage(WIDTH, round(self.y) + MARGIN, QImage.Format.Format_RGB32)
        image.fill(colour(self._owner, "paper"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for top, bottom in self._rules:
            block = QRectF(MARGIN, top - 24, WIDTH - 2 * MARGIN, bottom - top + 48)
            painter.fillRect(block, colour(self._owner, "quote"))
            painter.fillRect(QRectF(MARGIN, top - 24, 6, bottom - top + 48), colour(self._owner, "accent"))
        for layout, x, y, ink in self._things:
            painter.setPen(ink)
            layout.draw(painter, QPointF(x, y))
        painter.end()
        return image


def picture_of(card: Card, owner: QWidget) -> QImage:
    """An insight with the words that prove it and where they were said, in the colours of `owner`."""
    insight, drawing = card.insight, Drawing(owner)
    drawing.add(shown(insight.headline), 46, "ink", serif=True, bold=True)
    drawing.y += 24
    drawing.add(shown(insight.text, MOST_OF_A_TEXT), 30, "soft", serif=False)
    drawing.y += 64
    top = drawing.y
    drawing.add(f"“{shown(insight.quote, MOST_OF_A_QUOTE)}”", 28, "soft", serif=True, left=36)
    drawing.add_rule(top)
    drawing.y += 56
    source = f"{card.feed_title}, {card.episode_title}, {moment(insight.start_ms)}"
    drawing.add(shown(source), 24, "muted", serif=False)
    return drawing.drawn()
