"""A long list in the column of the page: one model, one delegate, rows that are read only when they are seen.

No buttons are painted: what can be done with the current row stands above the list, as words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QDropEvent, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from earmark.ui.parts import SEMI_BOLD, paint_tile
from earmark.ui.theme import COLUMN, GRID, RING, Token, colour, font, zoomed

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE = int(Qt.ItemDataRole.UserRole)
FIGURE_WIDTH, TILE_SIDE, MOST_SIDE_WIDTH, SCROLL_BAR_WIDTH = 5 * GRID, 26, 240, 10
LAID_OUT_AT_ONCE = 2000
"""So many rows are laid out before the list is shown; a day's reading may be ten times these."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `spoken` is what a screen reader says, one sentence; empty: title, detail and side.

    A `heading` stands over the rows below it and cannot be chosen. `figure` stands at the left, `side` at the
    right; `tile`: the show whose square stands before the words; `key` tells it from others; `movable`: the
    user may give it another place.
    """

    title: str
    detail: str = ""
    side: str = ""
    figure: str = ""
    tile: str | None = None
    key: object = None
    heading: bool = False
    movable: bool = False
    spoken: str = ""

    @property
    def sentence(self) -> str:
        """What a screen reader says."""
        return self.spoken or ", ".join(
            part for part in (self.figure, self.title, self.detail, self.side) if part
        )


LineAt = Callable[[int], Line]


class LineModel(QAbstractListModel):
    """So many rows, each asked for when it is first seen."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._at: LineAt = lambda _row: Line("")

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these."""
        kept = list(lines)
        self.set_source(len(kept), kept.__getitem__)

    def set_source(self, count: int, at: LineAt) -> None:
        """Show `count` rows; `at` gives the one of a number, 0 first."""
        if count != self._count:
            self.beginResetModel()
            self._count, self._at = count, at
            self.endResetModel()
            return
        self._at = at
        if count:
            self.dataChanged.emit(self.index(0), self.index(count - 1))

    def line(self, row: int) -> Line:
        """The row of a number."""
        return self._at(row)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802  (Qt's name)
        """How many rows there are."""
        return 0 if parent is not None and parent.isValid() else self._count

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The words of a row for those who read, and the row itself for those who paint."""
        if not index.isValid() or index.row() >= self._count:
            return None
        line = self._at(index.row())
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.sentence
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen; what may move may be dragged."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        line = self._at(index.row())
        if line.heading:
            return Qt.ItemFlag.ItemIsEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if line.movable else flags

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802
        """A row may be put elsewhere."""
        return Qt.DropAction.MoveAction


class LinePainter(QStyledItemDelegate):
    """Paints a row: figure, square, title over detail, and what stands at the right."""

    def __init__(self, view: QListView, height: int, figure_width: int, figure_token: Token) -> None:
        super().__init__(view)
        self._view, self._height = view, height
        self._figure_width, self._figure_token = figure_width, figure_token

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """Every row is as high as every other, so that long lists are laid out at once."""
        return QSize(100, max(zoomed(self._height), 3 * QFontMetrics(font(15)).height() // 2))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row in the middle of the view."""
        line = index.data(LINE_ROLE)
        assert isinstance(line, Line)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = column_of(option.rect)
        if line.heading:
            self._words(painter, place.adjusted(RING, 0, 0, -GRID), line.title, 13, "accent", bottom=True)
        else:
            self._row(painter, place, line, option.state)
        painter.restore()

    def _row(self, painter: QPainter, place: QRect, line: Line, state: QStyle.StateFlag) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        self._ground(painter, place, chosen, focused=chosen and self._view.hasFocus())
        inner = place.adjusted(RING, 0, -RING - GRID // 2, 0)
        if self._figure_width:
            figure = QRect(inner.left() + RING, inner.top(), zoomed(self._figure_width), inner.height())
            serif = self._figure_token == "accent"
            self._words(painter, figure, line.figure, 15 if serif else 13, self._figure_token, serif=serif)
            inner.setLeft(figure.right() + 1)
        if line.tile is not None:
            side = zoomed(TILE_SIDE)
            top = inner.top() + (inner.height() - side) // 2
            paint_tile(painter, QRect(inner.left(), top, side, side), line.tile)
            inner.setLeft(inner.left() + side + GRID + 2)
        if line.side:
            most = min(zoomed(MOST_SIDE_WIDTH), inner.width() // 2)
            width = min(most, QFontMetrics(font(13)).horizontalAdvance(line.side) + GRID)
            beside = QRect(inner.right() - width, inner.top(), width, inner.height())
            self._words(painter, beside, line.side, 13, "muted", right=True)
            inner.setRight(beside.left() - GRID)
        if not line.detail:
            self._words(painter, inner, line.title, 15, "soft")
            return
        gap, middle = 2, inner.center().y()
        above = QRect(inner.left(), inner.top(), inner.width(), middle - inner.top() - gap)
        below = QRect(inner.left(), middle + gap, inner.width(), inner.bottom() - middle - gap)
        self._words(painter, above, line.title, 15, "soft", bottom=True)
        self._words(painter, below, line.detail, 13, "muted", top=True)

    def _ground(self, painter: QPainter, place: QRect, chosen: bool, *, focused: bool) -> None:
        hairline = QRect(place.left() + RING, place.top(), place.width() - 2 * RING, 1)
        painter.fillRect(hairline, colour(self._view, "line"))
        if chosen:
            inside = QRectF(place).adjusted(1, 2, -1, -2)
            painter.setBrush(colour(self._view, "select"))
            accent = QPen(colour(self._view, "accent"), 2)
            painter.setPen(accent if focused else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(inside, 8, 8)

    def _words(
        self,
        painter: QPainter,
        place: QRect,
        text: str,
        px: float,
        token: Token,
        *,
        serif: bool = False,
        top: bool = False,
        bottom: bool = False,
        right: bool = False,
    ) -> None:
        chosen = font(px, serif=serif, weight=SEMI_BOLD if token == "accent" else font(px).weight())
        painter.setFont(chosen)
        painter.setPen(colour(self._view, token))
        cut = QFontMetrics(chosen).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        upright = Qt.AlignmentFlag.AlignVCenter
        if top or bottom:
            upright = Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag.AlignBottom
        sideways = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, upright | sideways | Qt.TextFlag.TextSingleLine, cut)


def column_of(whole: QRect) -> QRect:
    """The part of a row that stands in the page's column."""
    room = whole.width() - SCROLL_BAR_WIDTH - 2 * (3 * GRID - RING)
    width = min(zoomed(COLUMN) + 2 * RING, room)
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
        self.lines = LineModel()
        self.setAccessibleName(name)
        self.setObjectName("lines")  # the chosen row has the ring, not the whole
        self.setModel(self.lines)
        self.setItemDelegate(LinePainter(self, height, figure_width, figure))
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)  # what is far below comes later
        self.setBatchSize(LAID_OUT_AT_ONCE)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda low, high: bar.setEnabled(high > low))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(3 * GRID)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.doubleClicked.connect(lambda index: self.chosen.emit(index.row()))
        self.selectionModel().currentChanged.connect(lambda now, _before: self.looked_at.emit(now.row()))
        self.lines.modelReset.connect(lambda: self.looked_at.emit(-1))

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
    def row(self) -> int:
        """The row that is chosen, -1: none."""
        return self.currentIndex().row()

    def line(self) -> Line | None:
        """The line that is chosen."""
        return self.lines.line(self.row) if 0 <= self.row < self.lines.rowCount() else None

    def look_at(self, row: int) -> None:
        """Choose a row."""
        self.setCurrentIndex(self.lines.index(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Enter opens the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row >= 0:
            self.chosen.emit(self.row)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """The first row is chosen where none is, so that keys have something to work with."""
        super().focusInEvent(event)
        if self.row < 0 and event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.OtherFocusReason,
        ):
            rows = range(min(2, self.lines.rowCount()))
            first = next((number for number in rows if not self.lines.line(number).heading), None)
            if first is not None:
                self.look_at(first)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Tell where the chosen row was put; the rows themselves come from elsewhere."""
        position = event.position().toPoint()
        index = self.indexAt(position)
        target = index.row() if index.isValid() else self.lines.rowCount()
        if index.isValid() and position.y() > self.visualRect(index).center().y():
            target += 1
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        source = self.row
        self.moved.emit(source, target - 1 if target > source else target)
