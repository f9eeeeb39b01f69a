"""A place that is one long list: its name and what can be done in the column above, the list below."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from earmark.ui.lines import LineList
from earmark.ui.listed import EDGE
from earmark.ui.parts import SEMI_BOLD, Label, inset
from earmark.ui.theme import COLUMN, GRID, RING, zoomed


class LinePlace(QWidget):
    """Title, a quiet line, rows of things to do, and the list. What is set keeps the chosen row and the
    scroll position."""

    def __init__(self, title: str, rows: LineList) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self.rows = rows
        self.detail = Label("", 13, "muted")
        self._head, whole = QWidget(), QVBoxLayout(self)
        self.column = QVBoxLayout(self._head)
        self.column.setContentsMargins(0, 4 * GRID - 2, 0, 0)
        self.column.setSpacing(0)
        across = QHBoxLayout()
        across.setContentsMargins(EDGE, 0, EDGE, 0)
        across.addStretch(1)
        across.addWidget(self._head, 1000)
        across.addStretch(1)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GRID)
        whole.addLayout(across)
        whole.addWidget(rows, 1)
        self.add(Label(title, 28, "ink", serif=True, weight=SEMI_BOLD))
        self.add(self.detail, 4)
        self.setFocusProxy(rows)

    def add(self, thing: QWidget | QLayout, above: int = 0) -> None:
        """Put something into the column above the list."""
        if above:
            self.column.addSpacing(above)
        self.column.addLayout(inset(thing))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """The column is as wide as the text is large."""
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """So also when the size of text changes."""
        if event.type() == QEvent.Type.FontChange:
            self._fit()
            self.rows.scheduleDelayedItemsLayout()
        super().changeEvent(event)

    def _fit(self) -> None:
        self._head.setMaximumWidth(zoomed(COLUMN) + 2 * RING)

    def key(self, keys: str, do: Callable[[], object]) -> None:
        """What a key does while the list has the focus."""
        shortcut = QShortcut(QKeySequence(keys), self.rows)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(lambda: do())
