"""Find a command, a place or a show by typing a few letters of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from earmark.ui.desk import Desk
from earmark.ui.parts import Label
from earmark.ui.sheet import stand_inside
from earmark.ui.shortcuts import Menus, keys_of
from earmark.ui.theme import GRID, colour, font, zoomed
from earmark.ui.words import count_of, name, tr

MOST_FOUND = 200
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found: what it is called, what stands beside it, and what it does."""

    text: str
    beside: str
    do: Callable[[], object]


def found(entries: Sequence[Entry], typed: str) -> list[Entry]:
    """The entries that hold every typed word; those where a word of theirs begins so come first.

    >>> [e.text for e in found([Entry("Going to sea", "", print), Entry("See all", "", print)], "se")]
    ['Going to sea', 'See all']
    """
    words = typed.casefold().split()
    ranked = []
    for place, entry in enumerate(entries):
        text = f"{entry.text} {entry.beside}".casefold()
        if all(word in text for word in words):
            begun = text.split()
            begins = sum(any(part.startswith(word) for part in begun) for word in words)
            ranked.append((-begins, place, entry))
    return [entry for *_, entry in sorted(ranked, key=lambda each: each[:2])]


class Entries(QAbstractListModel):
    """What was found, one row each; a screen reader says the text and what stands beside it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.shown: list[Entry] = []

    def show_entries(self, entries: list[Entry]) -> None:
        """Other rows in place of these."""
        self.beginResetModel()
        self.shown = entries[:MOST_FOUND]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  (Qt's name and default)
        """How many were found."""
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a row; under UserRole what stands beside it."""
        entry = self.shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.UserRole:
            return entry.beside
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.text}, {entry.beside}" if entry.beside else entry.text
        return None


class _Row(QStyledItemDelegate):
    """A text at the reading edge, and quietly at the other what stands beside it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = option.widget
        rect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(rect, colour(view, "select"))
            edge = rect.adjusted(0, 0, -(rect.width() - 3), 0)
            painter.fillRect(edge, colour(view, "accent"))
        inner = rect.adjusted(2 * GRID, 0, -2 * GRID, 0)
        painter.setFont(font(13))
        beside = str(index.data(Qt.ItemDataRole.UserRole))
        width = min(inner.width() // 2, painter.fontMetrics().horizontalAdvance(beside) + 2)
        painter.setPen(colour(view, "muted"))
        line = painter.fontMetrics().elidedText(beside, Qt.TextElideMode.ElideRight, width)
        turned = view.layoutDirection() == Qt.LayoutDirection.RightToLeft
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        start, end = (right, left) if turned else (left, right)
        painter.drawText(inner, middle | end, line)
        painter.setFont(font(15))
        painter.setPen(colour(view, "ink" if chosen else "soft"))
        left_over = inner.width() - width - 2 * GRID
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, left_over)
        painter.drawText(inner, middle | start, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802  (Qt's name)
        """A line with room above and below."""
        metrics = option.fontMetrics
        return QSize(0, max(zoomed(36), metrics.height() + 2 * GRID))


class FindCommand(QDialog):
    """A line to type into, and what fits: Up and Down choose, Enter does it."""

    def __init__(self, parent: QWidget, entries: Sequence[Entry]) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Find a command"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        stand_inside(self, parent, 640, 480)
        self._entries = entries
        self.line = QLineEdit()
        self.line.setFont(font(15))
        self.line.setAccessibleName(tr("Command, place or show"))
        self.line.setPlaceholderText(tr("Command, place or show"))
        self.list = QListView()
        self.list.setFont(font(15))
        self.list.setAccessibleName(tr("What was found"))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Row(self.list))
        self._model = Entries(self)
        self.list.setModel(self._model)
        self.count = Label("", 12, "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        for part in (self.line, self.list, self.count):
            layout.addWidget(part)
        self.line.textChanged.connect(self._find)
        self.line.returnPressed.connect(self._do_chosen)
        self.list.activated.connect(self._do_chosen)
        self._find("")
        self.line.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Up, Down and the pages of them choose in the list, from wherever the focus is."""
        rows, row = self._model.rowCount(), self.list.currentIndex().row()
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
        if event.key() in step and rows:
            self._choose(max(0, min(rows - 1, row + step[Qt.Key(event.key())])))
        else:
            super().keyPressEvent(event)

    def _find(self, typed: str) -> None:
        self._model.show_entries(found(self._entries, typed))
        rows = self._model.rowCount()
        self.count.setText(count_of(rows, "%n found", "%n found") if rows else tr("Nothing is called so."))
        if rows:
            self._choose(0)

    def _choose(self, row: int) -> None:
        self.list.setCurrentIndex(self._model.index(row))

    def _do_chosen(self) -> None:
        row = self.list.currentIndex().row()
        if 0 <= row < len(self._model.shown):
            chosen = self._model.shown[row]
            self.accept()
            chosen.do()


def entries_of(menus: Menus) -> list[Entry]:
    """Every command of the menus, with its keys."""
    return [Entry(each.text(), keys_of(each), each.trigger) for _title, actions in menus for each in actions]


def shows_of(desk: Desk) -> list[Entry]:
    """The user's shows, by name."""
    shows = sorted(desk.reader.feeds(), key=lambda feed: feed.title.casefold())
    return [Entry(name(feed.title), tr("Show"), partial(desk.go, f"show/{feed.id}")) for feed in shows]
