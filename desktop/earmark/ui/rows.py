"""Lists that may be long: rows that are asked of the library as they come into sight, painted in the look.

A list is as tall as its rows and scrolls with its page. Its model knows the numbers of all rows and nothing
else; what a row says is fetched for a few dozen at a time, and forgotten when the library changes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QWidget
from PySide6.QtWidgets import QStyleOptionViewItem as Option

from earmark.ui.parts import SEMI_BOLD, paint_tile
from earmark.ui.theme import GRID, RING, colour, font

AT_ONCE = 64
TALL, LOW = 8 * GRID, 5 * GRID
TILE = 4 * GRID
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says: a title, a quiet line below it, and a word at its right; `spoken` is all of it.

    `tile` names whose square stands before it, `art` is its picture if there is one. `alarm`: the quiet line
    tells of a fault.
    """

    title: str
    detail: str = ""
    side: str = ""
    spoken: str = ""
    tile: str = ""
    art: QPixmap | None = None
    alarm: bool = False
    faint: bool = False


Fetch = Callable[[Sequence[int]], Mapping[int, Row]]
"""The rows of these numbers."""


class Rows(QAbstractListModel):
    """The rows of a list, by number."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: list[int] = []
        self._fetch: Fetch = lambda _numbers: {}
        self._rows: dict[int, Row] = {}

    def show_rows(self, numbers: Sequence[int], fetch: Fetch) -> bool:
        """Set what the list holds; False where it holds the same rows, which may say other things now."""
        self._fetch, self._rows = fetch, {}
        if self.numbers == list(numbers):
            if self.numbers:
                self.dataChanged.emit(self.index(0), self.index(len(self.numbers) - 1))
            return False
        self.beginResetModel()
        self.numbers = list(numbers)
        self.endResetModel()
        return True

    def forget(self, number: int) -> None:
        """A row says something else now."""
        if number in self._rows:
            del self._rows[number]
            index = self.index(self.numbers.index(number))
            self.dataChanged.emit(index, index)

    def row(self, index: Index) -> Row:
        """What a row says."""
        number = self.numbers[index.row()]
        if number not in self._rows:
            first = index.row() // AT_ONCE * AT_ONCE
            self._rows |= self._fetch(self.numbers[first : first + AT_ONCE])
        return self._rows.get(number, Row(""))

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802  (Qt's name)
        """How many there are."""
        return 0 if parent.isValid() else len(self.numbers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title, and what a screen reader says."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.row(index).title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            row = self.row(index)
            return row.spoken or ", ".join(filter(None, (row.title, row.detail, row.side)))
        return None


class RowPainter(QStyledItemDelegate):
    """Paints a row: words on paper, a hairline below, a ring where the keyboard is."""

    def __init__(self, height: int) -> None:
        super().__init__()
        self._height = height

    def sizeHint(self, _option: Option, _index: Index) -> QSize:  # noqa: N802  (Qt's name)
        """All rows are equal."""
        return QSize(10 * GRID, self._height)

    def paint(self, painter: QPainter, option: Option, index: Index) -> None:
        """Paint one row."""
        view, model = option.widget, index.model()
        if not isinstance(view, RowList) or not isinstance(model, Rows):
            return
        row, space = model.row(index), option.rect
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QRect(space.left() + RING, space.bottom(), space.width() - 2 * RING, 1)
        painter.fillRect(line, colour(view, "line"))
        inner = space.adjusted(RING, 0, -RING, -1)
        if row.tile:
            square = QRect(inner.left(), inner.center().y() - TILE // 2, TILE, TILE)
            paint_tile(painter, square, row.tile, row.art)
            inner.setLeft(square.right() + 2 * GRID)
        right = self._side(painter, view, row, inner)
        inner.setRight(right)
        self._words(painter, view, row, inner, underlined=hovered)
        if view.hasFocus() and view.currentIndex() == index and view.shows_ring:
            painter.setPen(QPen(colour(view, "accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(space.adjusted(1, 1, -1, -2), 4, 4)
        painter.restore()

    def _side(self, painter: QPainter, view: QWidget, row: Row, inner: QRect) -> int:
        """The word at the right; where the others have to end."""
        if not row.side:
            return inner.right()
        painter.setFont(font(13))
        width = min(painter.fontMetrics().horizontalAdvance(row.side), inner.width() // 2)
        place = QRect(inner.right() - width, inner.top(), width + 1, inner.height())
        _text(painter, place, row.side, colour(view, "muted"))
        return place.left() - 2 * GRID

    def _words(self, painter: QPainter, view: QWidget, row: Row, inner: QRect, *, underlined: bool) -> None:
        title = font(15, weight=SEMI_BOLD if row.tile else font(15).weight())
        title.setUnderline(underlined)
        painter.setFont(title)
        ink = colour(view, "muted" if row.faint else "ink")
        if not row.detail:
            _text(painter, inner, row.title, ink)
            return
        above, below = QFontMetrics(title).height(), QFontMetrics(font(13)).height()
        top = inner.top() + (inner.height() - above - below - 2) // 2
        _text(painter, QRect(inner.left(), top, inner.width(), above), row.title, ink)
        painter.setFont(font(13))
        place = QRect(inner.left(), top + above + 2, inner.width(), below)
        _text(painter, place, row.detail, colour(view, "accent" if row.alarm else "muted"))


class RowList(QListView):
    """A list of rows, as tall as they are. Signals: opened(int): a row's number, by click or Enter;
    looked_at(QRect): where in the list the keyboard went."""

    opened = Signal(int)
    looked_at = Signal(QRect)

    def __init__(self, name: str, *, height: int = TALL) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.rows, self._painter, self._height = Rows(), RowPainter(height), height
        self.shows_ring = True
        self.setModel(self.rows)
        self.setItemDelegate(self._painter)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self.clicked.connect(self._open)
        self.setFixedHeight(0)

    def show_rows(self, numbers: Sequence[int], fetch: Fetch) -> None:
        """Set the rows; the one that had the keyboard keeps it, wherever it stands now."""
        before = self.number()
        if not self.rows.show_rows(numbers, fetch):
            return
        self.setFixedHeight(len(self.rows.numbers) * self._height)
        self.setVisible(bool(self.rows.numbers))
        self.go_to(before)

    def number(self) -> int | None:
        """The number of the row where the keyboard is."""
        index = self.currentIndex()
        return self.rows.numbers[index.row()] if index.isValid() else None

    def go_to(self, number: int | None) -> None:
        """Bring the keyboard to a row; to the first where there is no such row."""
        if self.rows.numbers:
            at = self.rows.numbers.index(number) if number in self.rows.numbers else 0
            self.setCurrentIndex(self.rows.index(at))

    def text(self) -> list[str]:
        """What every row says, for tests."""
        said = Qt.ItemDataRole.AccessibleTextRole
        return [str(self.rows.index(n).data(said)) for n in range(self.rows.rowCount())]

    def scrollTo(self, index: Index, _hint: object = None) -> None:  # noqa: N802  (Qt's name)
        """The page scrolls, not the list."""
        if self.hasFocus():
            self.looked_at.emit(self.visualRect(index))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the ring, and where it is."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.go_to(None)
        self.scrollTo(self.currentIndex())
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter opens; the page keys go by the height of the page, not of the list."""
        index = self.currentIndex()
        pages = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._open(index)
        elif event.key() in pages and index.isValid():
            in_sight = self.visibleRegion().boundingRect().height() // self._height
            step = pages[Qt.Key(event.key())] * max(1, in_sight - 1)
            at = min(max(0, index.row() + step), self.rows.rowCount() - 1)
            self.setCurrentIndex(self.rows.index(at))
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Letters go to a row that begins with them, where looking through all rows is no matter."""
        if self.rows.rowCount() <= 10 * AT_ONCE:
            super().keyboardSearch(search)

    def _open(self, index: Index) -> None:
        self.opened.emit(self.rows.numbers[index.row()])


def _text(painter: QPainter, place: QRect, text: str, ink: QColor) -> None:
    painter.setPen(ink)
    cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, cut)
