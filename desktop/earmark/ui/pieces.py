"""Lists over the whole page, which scroll by themselves: claims and names in the column."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from earmark.ui.listed import EDGE, Fetch, Index, Row, Rows, ground, hairline, settle, write
from earmark.ui.parts import SEMI_BOLD
from earmark.ui.theme import COLUMN, GRID, RING, colour, font
from earmark.ui.words import name, shown


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
        if index.row():
            hairline(painter, self._view, area, area.top())
        focused = bool(state & QStyle.StateFlag.State_HasFocus) and self._view.rings
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        ground(painter, self._view, area.adjusted(1, 3, -1, -2), chosen=chosen, ringed=focused)
        self._words(painter, area.adjusted(2 * RING, GRID + 4, -2 * RING, 0), row)
        painter.restore()

    def _words(self, painter: QPainter, inner: QRect, row: Row) -> None:
        top, muted = Qt.AlignmentFlag.AlignTop, colour(self._view, "muted")
        beside = measures(13).horizontalAdvance(row.side) + 2 * GRID if row.side else 0
        write(painter, inner, shown(row.side), font(13), muted, top | Qt.AlignmentFlag.AlignRight)
        made = font(16, serif=True, weight=SEMI_BOLD) if row.said else font(15)
        title = inner.adjusted(0, 0, -beside, 0)
        write(painter, title, name(row.title), made, colour(self._view, "ink"), top)
        inner.setTop(inner.top() + QFontMetrics(made).height() + 4)
        for text in filter(None, (row.detail, row.under)):
            write(painter, inner, shown(text), font(13), muted, top)
            inner.setTop(inner.top() + measures(13).height() + 4)


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
        settle(self, spoken, scrolls=True)
        self.rows = Rows()
        self.rings = False
        self._keys = keys
        self.setModel(self.rows)
        self.setItemDelegate(RowPainter(self, lines))
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
        self.rings = event.reason() != Qt.FocusReason.MouseFocusReason
        if not self.currentIndex().isValid() and self.rows.keys:
            self.setCurrentIndex(self.rows.index(0))

    def _ask_menu(self, at: QPoint) -> None:
        if (current := self.current()) is not None:
            self.menu_place = self.viewport().mapToGlobal(at)
            self.menu_asked.emit(current)


def measures(px: float) -> QFontMetrics:
    """The measures of the system's font in this size."""
    return QFontMetrics(font(px))
