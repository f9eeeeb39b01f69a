"""Lists over the whole page, which scroll by themselves: lines with a figure, a square and a word beside.

No buttons are painted: what can be done with the current row stands above the list, as words.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from earmark.ui.listed import EDGE, SCROLL_BAR_WIDTH, Index, Row, Rows, ground, hairline, settle, write
from earmark.ui.parts import SEMI_BOLD, paint_tile
from earmark.ui.theme import COLUMN, GRID, RING, Token, colour, font, zoomed

FIGURE_WIDTH, TILE_SIDE, MOST_SIDE_WIDTH = 5 * GRID, 26, 240
RowAt = Callable[[int], Row]
"""The row of a number, 0 first."""
LAID_OUT_AT_ONCE = 2000
"""So many rows are laid out before the list is shown; a day's reading may be ten times these."""


class Lines(Rows):
    """Rows by their numbers, some of which may be chosen and moved."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen; what may move may be dragged."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        row = self.row(index.row())
        if row.heading:
            return Qt.ItemFlag.ItemIsEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if row.movable else flags

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802  (Qt's name)
        """A row may be put elsewhere."""
        return Qt.DropAction.MoveAction


class LinePainter(QStyledItemDelegate):
    """Paints a row: figure, square, title over detail, and what stands at the right."""

    def __init__(self, view: "LineList", height: int, figure_width: int, figure_token: Token) -> None:
        super().__init__(view)
        self._view, self._height = view, height
        self._figure_width, self._figure_token = figure_width, figure_token

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """Every row is as high as every other, so that long lists are laid out at once."""
        return QSize(100, max(zoomed(self._height), 3 * QFontMetrics(font(15)).height() // 2))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row in the middle of the view."""
        row = self._view.rows.row(index.row())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = column_of(option.rect)
        if row.heading:
            low = Qt.AlignmentFlag.AlignBottom
            self._words(painter, place.adjusted(RING, 0, 0, -GRID), row.title, 13, "accent", low)
        else:
            self._row(painter, place, row, option.state)
        painter.restore()

    def _row(self, painter: QPainter, place: QRect, row: Row, state: QStyle.StateFlag) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hairline(painter, self._view, place, place.top())
        inside = place.adjusted(1, 2, -1, -2)
        ground(painter, self._view, inside, chosen=chosen, ringed=chosen and self._view.hasFocus())
        inner = self._before(painter, place.adjusted(RING, 0, -RING - GRID // 2, 0), row)
        if row.side:
            words = max(_width_of(row.title, 15), _width_of(row.detail, 13)) + 2 * GRID
            most = max(min(zoomed(MOST_SIDE_WIDTH), inner.width() // 2), inner.width() - words)
            width = min(most, _width_of(row.side, 13) + GRID)
            beside = QRect(inner.right() - width, inner.top(), width, inner.height())
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            self._words(painter, beside, row.side, 13, "muted", right)
            inner.setRight(beside.left() - GRID)
        if not row.detail:
            self._words(painter, inner, row.title, 15, "soft")
            return
        gap, middle = 2, inner.center().y()
        above = QRect(inner.left(), inner.top(), inner.width(), middle - inner.top() - gap)
        below = QRect(inner.left(), middle + gap, inner.width(), inner.bottom() - middle - gap)
        self._words(painter, above, row.title, 15, "soft", Qt.AlignmentFlag.AlignBottom)
        self._words(painter, below, row.detail, 13, "muted", Qt.AlignmentFlag.AlignTop)

    def _before(self, painter: QPainter, inner: QRect, row: Row) -> QRect:
        """What stands before the words, and the room that is left for them."""
        if self._figure_width:
            figure = QRect(inner.left() + RING, inner.top(), zoomed(self._figure_width), inner.height())
            token = self._figure_token
            made = font(15, serif=True, weight=SEMI_BOLD) if token == "accent" else font(13)
            write(painter, figure, row.figure, made, colour(self._view, token))
            inner.setLeft(figure.right() + 1)
        if row.tile:
            side = zoomed(TILE_SIDE)
            top = inner.top() + (inner.height() - side) // 2
            paint_tile(painter, QRect(inner.left(), top, side, side), row.tile, row.art)
            inner.setLeft(inner.left() + side + GRID + 2)
        return inner

    def _words(
        self,
        painter: QPainter,
        place: QRect,
        text: str,
        px: float,
        token: Token,
        where: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter,
    ) -> None:
        made = font(px, weight=SEMI_BOLD if token == "accent" else font(px).weight())
        write(painter, place, text, made, colour(self._view, token), where)


def _width_of(text: str, px: float) -> int:
    return QFontMetrics(font(px)).horizontalAdvance(text)


def column_of(whole: QRect) -> QRect:
    """The part of a row that stands in the page's column."""
    width = min(zoomed(COLUMN) + 2 * RING, whole.width() + SCROLL_BAR_WIDTH - 2 * EDGE)
    left = whole.left() + (whole.width() + SCROLL_BAR_WIDTH - width) // 2
    return QRect(left, whole.top(), width, whole.height())


class LineList(QListView):
    """The list itself.

    Signals: moved(int, int): a row was dropped in the place of another; chosen(int): Enter or a double click
    on a row; looked_at(int): the row that is chosen now, -1: none.
    """

    moved = Signal(int, int)
    chosen = Signal(int)
    looked_at = Signal(int)

    def __init__(
        self, name: str, *, height: int = 64, figure_width: int = FIGURE_WIDTH, figure: Token = "accent"
    ) -> None:
        super().__init__()
        settle(self, name, scrolls=True)
        self.rows = Lines()
        self.setModel(self.rows)
        self.setItemDelegate(LinePainter(self, height, figure_width, figure))
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(LAID_OUT_AT_ONCE)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.doubleClicked.connect(lambda index: self.chosen.emit(index.row()))
        self.selectionModel().currentChanged.connect(lambda now, _before: self.looked_at.emit(now.row()))
        self.rows.modelReset.connect(lambda: self.looked_at.emit(-1))

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these."""
        self.set_source(len(rows), rows.__getitem__)

    def set_source(self, count: int, at: RowAt) -> None:
        """Show `count` rows, each asked for when it comes into sight."""
        self.rows.set_keys(range(count), lambda numbers: {number: at(number) for number in numbers})

    def scrollTo(  # noqa: N802  (Qt's name)
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """A row that is not laid out yet is laid out first."""
        if index.row() >= LAID_OUT_AT_ONCE and not self.visualRect(index).isValid():
            self.setLayoutMode(QListView.LayoutMode.SinglePass)
            self.doItemsLayout()
        super().scrollTo(index, hint)

    def let_move(self) -> None:
        """Rows that may move can be dragged to another place."""
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)

    @property
    def number(self) -> int:
        """Which row is chosen, -1: none."""
        return self.currentIndex().row()

    def row(self) -> Row | None:
        """The row that is chosen."""
        return self.rows.row(self.number) if 0 <= self.number < self.rows.rowCount() else None

    def look_at(self, number: int) -> None:
        """Choose a row."""
        self.setCurrentIndex(self.rows.index(number))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Enter opens the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.number >= 0:
            self.chosen.emit(self.number)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """The first row is chosen where none is, so that keys have something to work with."""
        super().focusInEvent(event)  # makes the first row the current one, also a heading, and chooses none
        by_mouse = event.reason() == Qt.FocusReason.MouseFocusReason
        if not self.selectionModel().hasSelection() and not by_mouse:
            numbers = range(min(2, self.rows.rowCount()))
            first = next((number for number in numbers if not self.rows.row(number).heading), None)
            if first is not None:
                self.look_at(first)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Tell where the chosen row was put; the rows themselves come from elsewhere."""
        position = event.position().toPoint()
        index = self.indexAt(position)
        target = index.row() if index.isValid() else self.rows.rowCount()
        if index.isValid() and position.y() > self.visualRect(index).center().y():
            target += 1
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        source = self.number
        self.moved.emit(source, target - 1 if target > source else target)
