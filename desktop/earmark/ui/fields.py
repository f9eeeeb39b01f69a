"""Things that like a width, and take less where there is less."""

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from earmark.ui.theme import GRID, colour, font, zoomed

LEAST_WIDTH = 8 * GRID
"""So much of what is typed is seen in any case."""


class Field(QLineEdit):
    """A line to type into, as wide as it likes at this size of text; narrower where there is less room."""

    def __init__(self, px: float, width: int) -> None:
        super().__init__()
        self._likes = width
        self.setFont(font(px))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """What it likes."""
        return QSize(zoomed(self._likes), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """What it can do with."""
        return QSize(LEAST_WIDTH, super().minimumSizeHint().height())


class Likes(QWidget):
    """Holds a thing that by itself likes no width, so that it gets one beside others; `grows`: and all that
    is left."""

    def __init__(self, thing: QWidget, width: int, *, grows: bool = False) -> None:
        super().__init__()
        self._likes = width
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(thing)
        wide = QSizePolicy.Policy.Expanding if grows else QSizePolicy.Policy.Preferred
        policy = QSizePolicy(wide, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """So wide, and as high as that takes."""
        width = zoomed(self._likes)
        high = self.heightForWidth(width) if self.hasHeightForWidth() else super().sizeHint().height()
        return QSize(width, high)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """As narrow as the thing can be."""
        return QSize(min(zoomed(self._likes), super().minimumSizeHint().width()), 0)


class Check(QCheckBox):
    """A box to tick, whose words go on in a new line where the room ends."""

    def __init__(self, text: str, px: float) -> None:
        super().__init__(text)
        self._whole = text
        self.setAccessibleName(text)
        self.setFont(font(px))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:  # noqa: N802  (Qt's name)
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Of all lines."""
        metrics = self.fontMetrics()
        return (len(self._lines(width)) - 1) * metrics.lineSpacing() + max(24, metrics.height() + GRID + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Break the words anew."""
        super().resizeEvent(event)
        text = "\n".join(self._lines(self.width()))
        if text != self.text():
            self.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The style sheet draws the box; a tick in a colour of ours it could only take from a file."""
        super().paintEvent(event)
        if self.isChecked():
            option = QStyleOptionButton()
            self.initStyleOption(option)
            box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
            points = ((0.25, 0.52), (0.43, 0.70), (0.76, 0.32))
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour(self, "paper" if self.isEnabled() else "muted"), 2))
            painter.drawPolyline(
                [QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in points]
            )

    def _lines(self, width: int) -> list[str]:
        style, metrics = self.style(), self.fontMetrics()
        box = style.pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, self)
        room = width - box - style.pixelMetric(QStyle.PixelMetric.PM_CheckBoxLabelSpacing, None, self) - GRID
        lines: list[str] = []
        for word in self._whole.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and metrics.horizontalAdvance(longer) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines
