"""Lists that stand in a page: as tall as their rows, so that the page scrolls and not the list."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QWidget
from PySide6.QtWidgets import QStyleOptionViewItem as Option

from earmark.ui.listed import PIECE, Fetch, Index, Row, Rows, ground, hairline, settle, write
from earmark.ui.parts import SEMI_BOLD, paint_tile
from earmark.ui.theme import GRID, RING, colour, font, zoomed

TALL, LOW = 8 * GRID, 5 * GRID
TILE = 4 * GRID


class RowPainter(QStyledItemDelegate):
    """Paints a row: words on paper, a hairline below, a ring where the keyboard is."""

    def __init__(self, height: int) -> None:
        super().__init__()
        self._height = height

    def sizeHint(self, _option: Option, _index: Index) -> QSize:  # noqa: N802  (Qt's name)
        """All rows are equal."""
        return QSize(10 * GRID, zoomed(self._height))

    def paint(self, painter: QPainter, option: Option, index: Index) -> None:
        """Paint one row."""
        view, model = option.widget, index.model()
        if not isinstance(view, RowList) or not isinstance(model, Rows):
            return
        row, space = model.row(index.row()), option.rect
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hairline(painter, view, space, space.bottom())
        inner = space.adjusted(RING, 0, -RING, -1)
        if row.tile:
            side = zoomed(TILE)
            square = QRect(inner.left(), inner.center().y() - side // 2, side, side)
            paint_tile(painter, square, row.tile, row.art)
            inner.setLeft(square.right() + 2 * GRID)
        right = self._side(painter, view, row, inner)
        inner.setRight(right)
        self._words(painter, view, row, inner, underlined=hovered)
        here = view.hasFocus() and view.currentIndex() == index
        ground(painter, view, space.adjusted(1, 1, -1, -2), chosen=False, ringed=here)
        painter.restore()

    def _side(self, painter: QPainter, view: QWidget, row: Row, inner: QRect) -> int:
        """The word at the right; where the others have to end."""
        if not row.side:
            return inner.right()
        width = min(QFontMetrics(font(13)).horizontalAdvance(row.side), inner.width() // 2)
        place = QRect(inner.right() - width, inner.top(), width + 1, inner.height())
        write(painter, place, row.side, font(13), colour(view, "muted"))
        return place.left() - 2 * GRID

    def _words(self, painter: QPainter, view: QWidget, row: Row, inner: QRect, *, underlined: bool) -> None:
        title = font(15, weight=SEMI_BOLD if row.tile else font(15).weight())
        title.setUnderline(underlined)
        ink = colour(view, "muted" if row.faint else "ink")
        if not row.detail:
            write(painter, inner, row.title, title, ink)
            return
        above, below = QFontMetrics(title).height(), QFontMetrics(font(13)).height()
        top = inner.top() + (inner.height() - above - below - 2) // 2
        write(painter, QRect(inner.left(), top, inner.width(), above), row.title, title, ink)
        place = QRect(inner.left(), top + above + 2, inner.width(), below)
        write(painter, place, row.detail, font(13), colour(view, "fault" if row.alarm else "muted"))


class RowList(QListView):
    """A list of rows, as tall as they are. Signals: opened(int): a row's number, by click or Enter;
    looked_at(QRect): where in the list the keyboard went."""

    opened = Signal(int)
    looked_at = Signal(QRect)

    def __init__(self, name: str, *, height: int = TALL) -> None:
        super().__init__()
        settle(self, name, scrolls=False)
        self.rows, self._painter, self._height = Rows(), RowPainter(height), height
        self.setModel(self.rows)
        self.setItemDelegate(self._painter)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self.clicked.connect(self._open)
        self.setFixedHeight(0)
        self.setFont(font(15))  # who has a font of their own is told when the size of text changes

    def set_keys(self, numbers: Sequence[int], fetch: Fetch) -> None:
        """Set the rows; the one that had the keyboard keeps it, wherever it stands now."""
        before = self.number()
        if not self.rows.set_keys(numbers, fetch):
            return
        self._fit()
        self.setVisible(bool(self.rows.keys))
        self.go_to(before)

    def number(self) -> int | None:
        """The number of the row where the keyboard is."""
        index = self.currentIndex()
        return self._number_at(index) if index.isValid() else None

    def go_to(self, number: int | None) -> None:
        """Bring the keyboard to a row; to the first where there is no such row."""
        if self.rows.keys:
            at = self.rows.keys.index(number) if number in self.rows.keys else 0
            self.setCurrentIndex(self.rows.index(at))

    def text(self) -> list[str]:
        """What every row says, for tests."""
        return [self.rows.row(number).sentence for number in range(self.rows.rowCount())]

    def scrollTo(self, index: Index, _hint: object = None) -> None:  # noqa: N802  (Qt's name)
        """The page scrolls, not the list."""
        if self.hasFocus():
            self.looked_at.emit(self.visualRect(index))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Rows grow with the size of text."""
        if event.type() == QEvent.Type.FontChange:
            self._fit()
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)

    def _fit(self) -> None:
        self.setFixedHeight(len(self.rows.keys) * zoomed(self._height))

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
            in_sight = self.visibleRegion().boundingRect().height() // zoomed(self._height)
            step = pages[Qt.Key(event.key())] * max(1, in_sight - 1)
            at = min(max(0, index.row() + step), self.rows.rowCount() - 1)
            self.setCurrentIndex(self.rows.index(at))
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Letters go to a row that begins with them, where looking through all rows is no matter."""
        if self.rows.rowCount() <= 10 * PIECE:
            super().keyboardSearch(search)

    def _open(self, index: Index) -> None:
        self.opened.emit(self._number_at(index))

    def _number_at(self, index: Index) -> int:
        number = self.rows.keys[index.row()]
        assert isinstance(number, int), number
        return number
