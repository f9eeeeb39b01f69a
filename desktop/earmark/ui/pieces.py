"""Lists that may be long: rows come from the library in pieces, as they are looked at."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from earmark.ui.parts import SEMI_BOLD
from earmark.ui.theme import COLUMN, GRID, RING, Token, colour, font
from earmark.ui.words import name, shown

PIECE = 64
EDGE = 3 * GRID - RING + 10
"""What stays free at each side of the column, as on other pages; 10 is the scroll bar's width."""
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says: a title, a quiet line under it, another such, and a word at the right of the title.
    `said`: a claim is set in the serif, a mere name is not."""

    title: str
    detail: str = ""
    under: str = ""
    right: str = ""
    said: bool = True

    @property
    def spoken(self) -> str:
        """One sentence for a screen reader."""
        parts = (self.title, self.detail, self.under, self.right)
        return shown(", ".join(" ".join(part.split()) for part in parts if part), 600)


Fetch = Callable[[Sequence[Hashable]], Sequence[Row]]
"""The rows of keys, as many and in their order."""


class RowsModel(QAbstractListModel):
    """Rows by their keys; PIECE rows are asked for at once, when the first of them is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: tuple[Hashable, ...] = ()
        self._fetch: Fetch = lambda keys: [Row("") for _ in keys]
        self._rows: dict[int, Sequence[Row]] = {}

    def set_keys(self, keys: Sequence[Hashable], fetch: Fetch) -> None:
        """Set what is listed; rows that stay are asked for anew."""
        self._fetch = fetch
        if tuple(keys) == self.keys:
            self._rows = {}
            if self.keys:
                self.dataChanged.emit(self.index(0), self.index(len(self.keys) - 1))
            return
        self.beginResetModel()
        self.keys, self._rows = tuple(keys), {}
        self.endResetModel()

    def row(self, number: int) -> Row:
        """The row at a place."""
        piece = number // PIECE
        if piece not in self._rows:
            self._rows[piece] = self._fetch(self.keys[piece * PIECE : (piece + 1) * PIECE])
        return self._rows[piece][number % PIECE]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008  (Qt's names)
        """How many there are."""
        return 0 if parent.isValid() else len(self.keys)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title to look for by typing; the whole in one sentence to be spoken."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(self.row(index.row()).title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.row(index.row()).spoken
        return None


class RowPainter(QStyledItemDelegate):
    """Paints rows in the middle column. `lines`: how many stand under each other, 1 to 3."""

    def __init__(self, view: "RowsView", lines: int) -> None:
        super().__init__(view)
        self._view, self._lines = view, lines

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802  (Qt's name)
        """All rows are as high, so that a long list is laid out at once."""
        claim = measures(17).height()
        small = measures(13).height()
        return QSize(100, claim + (self._lines - 1) * (small + 4) + 3 * GRID)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row, with a ring where the keyboard is."""
        model = self._view.rows
        row, column = model.row(index.row()), self._view.column()
        state = option.state
        area: QRect = option.rect
        area = QRect(column.left(), area.top(), column.width(), area.height())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, area, state, first=index.row() == 0)
        inner = area.adjusted(2 * RING, GRID + 4, -2 * RING, 0)
        right = self._line(painter, inner, row.right, 13, "muted", at_right=True)
        title = inner.adjusted(0, 0, -right - (2 * GRID if right else 0), 0)
        inner.setTop(inner.top() + self._title(painter, title, row) + 4)
        for text in (row.detail, row.under):
            if text:
                self._line(painter, inner, text, 13, "muted")
                inner.setTop(inner.top() + measures(13).height() + 4)
        painter.restore()

    def _paint_ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag, *, first: bool) -> None:
        view = self._view
        if not first:
            painter.setPen(QPen(colour(view, "line"), 1))
            painter.drawLine(area.left() + RING, area.top(), area.right() - RING, area.top())
        ground = area.adjusted(1, 3, -1, -2)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(colour(view, "select"))
            painter.drawRoundedRect(ground, GRID, GRID)
        if state & QStyle.StateFlag.State_HasFocus and view.rings:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(view, "accent"), 2))
            painter.drawRoundedRect(ground, GRID, GRID)

    def _title(self, painter: QPainter, area: QRect, row: Row) -> int:
        made = font(16, serif=True, weight=SEMI_BOLD) if row.said else font(15)
        return self._draw(painter, area, name(row.title), made, colour(self._view, "ink"))

    def _line(
        self, painter: QPainter, area: QRect, text: str, px: float, token: Token, *, at_right: bool = False
    ) -> int:
        """Draw a line; how wide it is."""
        if not text:
            return 0
        made = font(px)
        self._draw(painter, area, shown(text), made, colour(self._view, token), at_right=at_right)
        return measures(px).horizontalAdvance(text)

    def _draw(
        self, painter: QPainter, area: QRect, text: str, made: QFont, ink: QColor, *, at_right: bool = False
    ) -> int:
        """Draw one line that ends in an ellipsis where the room ends; how high it is."""
        painter.setFont(made)
        painter.setPen(ink)
        metrics = painter.fontMetrics()
        side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
        line = " ".join(text.split())
        cut = metrics.elidedText(line, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, side | Qt.AlignmentFlag.AlignTop, cut)
        return metrics.height()


class RowsView(QListView):
    """A list over the whole width whose rows stand in the column.

    Signals: opened(object): the key of a row; pressed_key(int, object): a key that rows heed, and the row's
    key; menu_asked(object): the key of the row whose menu is wanted.
    """

    opened = Signal(object)
    pressed_key = Signal(int, object)
    menu_asked = Signal(object)

    def __init__(self, spoken: str, lines: int, *, keys: frozenset[int] = frozenset()) -> None:
        super().__init__()
        self.setAccessibleName(spoken)
        self.rows = RowsModel()
        self.rings = False
        self._keys = keys
        self.setModel(self.rows)
        self.setItemDelegate(RowPainter(self, lines))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda low, high: bar.setEnabled(high > low))
        bar.setEnabled(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.menu_place = QPoint()
        """Where on the screen the menu is wanted: where the mouse is, or at the row that has the keyboard."""
        self.activated.connect(lambda index: self.opened.emit(self.rows.keys[index.row()]))
        self.setProperty("rows", True)

    def column(self) -> QRect:
        """Where rows stand, across."""
        width = min(COLUMN + 4 * RING, self.width() - 2 * EDGE + 2 * RING)
        return QRect((self.width() - width) // 2, 0, width, 0)

    def set_keys(self, keys: Sequence[Hashable], fetch: Fetch) -> None:
        """Set what is listed; the current row and the place stay where they can."""
        current, at = self.current(), self.verticalScrollBar().value()
        self.rows.set_keys(keys, fetch)
        if current in self.rows.keys:
            self.setCurrentIndex(self.rows.index(self.rows.keys.index(current)))
            self.verticalScrollBar().setValue(at)
        elif keys and self.hasFocus():
            self.setCurrentIndex(self.rows.index(0))

    def current(self) -> Hashable | None:
        """The key of the current row."""
        index = self.currentIndex()
        return self.rows.keys[index.row()] if index.isValid() and index.row() < len(self.rows.keys) else None

    def selected(self) -> list[Hashable]:
        """The keys of the selected rows, in their order."""
        return [self.rows.keys[n] for n in sorted(index.row() for index in self.selectedIndexes())]

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Some keys do something with the row; the first use of the keyboard brings the ring."""
        self.rings = True
        current = self.current()
        if event.key() in self._keys and current is not None and not event.modifiers():
            self.pressed_key.emit(event.key(), current)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current is not None:
            self.opened.emit(current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """The keyboard comes to the first row where it was on none."""
        super().focusInEvent(event)
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.rings = event.reason() in reasons
        if not self.currentIndex().isValid() and self.rows.keys:
            self.setCurrentIndex(self.rows.index(0))

    def _ask_menu(self, at: QPoint) -> None:
        if (current := self.current()) is not None:
            self.menu_place = self.viewport().mapToGlobal(at)
            self.menu_asked.emit(current)


def measures(px: float) -> QFontMetrics:
    """The measures of the system's font in this size."""
    return QFontMetrics(font(px))
