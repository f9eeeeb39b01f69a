"""What all lists share: what a row says, the model that asks for rows as they come into sight, the strokes.

A model knows the keys of all rows and nothing else; what a row says is fetched for a few dozen at a time, and
forgotten when the library changes.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from earmark.ui.theme import GRID, RING, colour
from earmark.ui.words import ended_once, shown

PIECE = 64
SCROLL_BAR_WIDTH = 10
EDGE = 3 * GRID - RING + SCROLL_BAR_WIDTH
"""What stays free at each side of the column of a list that scrolls, as on other pages."""
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says: a title, a quiet line under it, another such, and a word at its right.

    `spoken` is what a screen reader says; empty: all of it. `figure` stands at the left; `tile` names the
    show whose square stands before the words, `art` is its picture if there is one. `said`: a claim, set in
    the serif. `alarm`: the quiet line tells of a fault. A `heading` stands over the rows below it and cannot
    be chosen; what is `movable` may be given another place; `key` tells it from others.
    """

    title: str
    detail: str = ""
    side: str = ""
    under: str = ""
    spoken: str = ""
    figure: str = ""
    tile: str = ""
    art: QPixmap | None = None
    said: bool = False
    alarm: bool = False
    faint: bool = False
    heading: bool = False
    movable: bool = False
    key: object = None

    @property
    def sentence(self) -> str:
        """What a screen reader says."""
        parts = (self.figure, self.title, self.detail, self.under, self.side)
        told = self.spoken or ", ".join(" ".join(part.split()) for part in parts if part.strip())
        return shown(ended_once(told), 600)


Fetch = Callable[[Sequence[Any]], Mapping[Any, Row]]
"""The rows of these keys; what is gone by now may be left out."""


class Rows(QAbstractListModel):
    """Rows by their keys; PIECE rows are asked for at once, when the first of them is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: Sequence[Hashable] = ()
        self._fetch: Fetch = lambda _keys: {}
        self._rows: dict[Hashable, Row] = {}

    def set_keys(self, keys: Sequence[Hashable], fetch: Fetch) -> bool:
        """Set what is listed; False where it is the same rows, which may say other things now."""
        keys = keys if isinstance(keys, range) else tuple(keys)
        self._fetch, self._rows = fetch, {}
        if keys == self.keys:
            if keys:
                self.dataChanged.emit(self.index(0), self.index(len(keys) - 1))
            return False
        self.beginResetModel()
        self.keys = keys
        self.endResetModel()
        return True

    def forget(self, key: Hashable) -> None:
        """A row says something else now."""
        if self._rows.pop(key, None) is not None:
            index = self.index(self.keys.index(key))
            self.dataChanged.emit(index, index)

    def row(self, number: int) -> Row:
        """The row at a place, 0 first."""
        key = self.keys[number]
        if key not in self._rows:
            first = number // PIECE * PIECE
            asked = self.keys[first : first + PIECE]
            self._rows |= dict.fromkeys(asked, Row("")) | dict(self._fetch(asked))
        return self._rows[key]

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802  (Qt's name)
        """How many there are."""
        return 0 if parent.isValid() else len(self.keys)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title, to look for by typing; the whole in one sentence, to be spoken."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(self.row(index.row()).title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.row(index.row()).sentence
        return None


def settle(view: QListView, name: str, *, scrolls: bool) -> None:
    """What all lists are: equal rows without a frame. `scrolls`: it has a bar of its own, always there, so
    that the column never moves, and invisible where there is nothing to scroll."""
    view.setAccessibleName(name)
    view.setUniformItemSizes(True)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if not scrolls:
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    bar = view.verticalScrollBar()
    bar.setSingleStep(3 * GRID)
    bar.rangeChanged.connect(lambda low, high: bar.setEnabled(high > low))
    bar.setEnabled(False)


def write(
    painter: QPainter,
    place: QRect,
    text: str,
    made: QFont,
    ink: QColor,
    where: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter,
) -> None:
    """Write one line that ends in an ellipsis where the room ends."""
    painter.setFont(made)
    painter.setPen(ink)
    line = " ".join(text.split())
    cut = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, where | Qt.TextFlag.TextSingleLine, cut)


def hairline(painter: QPainter, view: QWidget, row: QRect, y: int) -> None:
    """The line between two rows."""
    painter.fillRect(QRect(row.left() + RING, y, row.width() - 2 * RING, 1), colour(view, "line"))


def ground(painter: QPainter, view: QWidget, place: QRect, *, chosen: bool, ringed: bool) -> None:
    """What shows that a row is chosen, and a ring where the keyboard is."""
    if chosen or ringed:
        painter.setBrush(colour(view, "select") if chosen else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour(view, "accent"), 2) if ringed else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(place, GRID, GRID)
