"""Things side by side that go on in a new line where the room ends: long words need no wide window."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QLayout, QLayoutItem, QSizePolicy, QWidget

from earmark.ui.theme import GRID

MOST_WIDTH = 16_777_215
"""As wide as anything can be for Qt."""
LEAST_SOURCE_WIDTH = 240
"""So much of where an insight is from is seen beside what can be done with it, at 100%."""
Line = list[tuple[QLayoutItem, int, QSize]]


class Flow(QLayout):
    """Lays out in lines, in the direction of reading.

    `least`: the first thing stands at one edge and all others at the far one, as long as it keeps so much
    width; else the others go on below it.
    """

    def __init__(self, spacing: int = 4, least: int | None = None) -> None:
        super().__init__()
        self._least = least
        self._items: list[QLayoutItem] = []
        self._gap = spacing
        self._heights: dict[int, int] = {}
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802  (Qt's name)
        """One more thing."""
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        """How many things there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """The thing of a number."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Take a thing out."""
        self.invalidate()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        """It takes no more room than it needs; with a far edge, the whole width."""
        return Qt.Orientation(0) if self._least is None else Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of all lines at a width. Qt asks for the same ones again and again."""
        if width not in self._heights:
            self._heights[width] = self._lay_out(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def invalidate(self) -> None:
        """Something in it has changed."""
        self._heights.clear()
        super().invalidate()

    def sizeHint(self) -> QSize:  # noqa: N802
        """All in one line."""
        shown = [item for item in self._items if not item.isEmpty()]
        width = sum(item.sizeHint().width() + self._gap for item in shown)
        return QSize(max(0, width - self._gap), max((item.sizeHint().height() for item in shown), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802
        """One thing a line."""
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        """Put everything in its place."""
        super().setGeometry(rect)
        self._lay_out(rect, move=True)

    def _lay_out(self, rect: QRect, *, move: bool) -> int:
        y = 0
        for number, line in enumerate(self._lines(rect.width())):
            height = max(size.height() for _item, _x, size in line)
            y += max(self._gap, GRID // 2) if number else 0
            for item, x, size in line if move else ():
                left = rect.left() + x
                if QApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                    left = rect.right() + 1 - x - size.width()
                top = rect.top() + y + (height - size.height()) // 2
                item.setGeometry(QRect(left, top, size.width(), size.height()))
            y += height
        return y

    def _lines(self, width: int) -> list[Line]:
        """What stands in each line: the thing, how far in, and its size."""
        shown = [item for item in self._items if not item.isEmpty()]
        if self._least is None or not shown:
            return self._flowing(shown, width)
        first, others = shown[0], shown[1:]
        needed = sum(item.sizeHint().width() + self._gap for item in others)
        grows = bool(first.expandingDirections() & Qt.Orientation.Horizontal)
        if width - needed < min(self._least, first.sizeHint().width()):
            return [[(first, 0, _size(first, width, grows=grows))], *self._flowing(others, width)]
        line, x = [(first, 0, _size(first, width - needed, grows=grows))], width - needed + self._gap
        for item in others:
            size = _size(item, item.sizeHint().width())
            line.append((item, x, size))
            x += size.width() + self._gap
        return [line]

    def _flowing(self, items: Sequence[QLayoutItem], width: int) -> list[Line]:
        lines: list[Line] = []
        x = 0
        for item in items:
            size = _size(item, width)
            if not lines or x + size.width() > width:
                lines.append([])
                x = 0
            lines[-1].append((item, x, size))
            x += size.width() + self._gap
        return lines


def _size(item: QLayoutItem, most: int, *, grows: bool = False) -> QSize:
    """As wide as it likes to be within a width (`grows`: all of it), and as high as that takes."""
    hint = item.sizeHint()
    likes = item.maximumSize().width() if grows else hint.width()
    width = min(likes, max(most, item.minimumSize().width()))
    return QSize(width, item.heightForWidth(width) if item.hasHeightForWidth() else hint.height())


def flow(things: Sequence[QWidget], spacing: int = 4) -> QWidget:
    """Things side by side, in as many lines as they need."""
    return _held(Flow(spacing), things)


def spread(first: QWidget, others: Sequence[QWidget], least: int = MOST_WIDTH, spacing: int = 6) -> QWidget:
    """One thing at the edge and others at the far one; below it where it would keep less width than `least`
    (as it is: than it likes to have)."""
    return _held(Flow(spacing, least), [first, *others])


def _held(layout: Flow, things: Sequence[QWidget]) -> QWidget:
    holder = QWidget()
    for thing in things:
        layout.addWidget(thing)
    holder.setLayout(layout)
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    holder.setSizePolicy(policy)
    return holder
