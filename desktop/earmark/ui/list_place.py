"""A place that is one long list under a head."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QVBoxLayout, QWidget

from earmark.ui.listed import EDGE
from earmark.ui.parts import SEMI_BOLD, Label, Sides, inset
from earmark.ui.pieces import RowsView
from earmark.ui.theme import COLUMN, GRID, RING


class ListPlace(QWidget):
    """A head in the column, and a list over the whole width. What has the focus on arriving is the list."""

    def __init__(self, spoken: str, view: RowsView) -> None:
        super().__init__()
        self.setAccessibleName(spoken)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.view = view
        self._across = QVBoxLayout(self)
        self._across.setContentsMargins(0, 4 * GRID - 2, 0, 0)
        self._across.setSpacing(0)
        holder = QWidget()
        self._head = QVBoxLayout(holder)
        self._head.setContentsMargins(0, 0, 0, 2 * GRID)
        self._head.setSpacing(0)
        self._holder = holder
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)  # else a head of large text is squeezed by the list
        holder.setSizePolicy(policy)
        self._across.addWidget(holder)
        self._across.addWidget(view, 1)
        self.setFocusProxy(view)
        self.title = Label("", 28, "ink", serif=True, weight=SEMI_BOLD)
        self.detail = Label("", 13, "muted")
        self.add(self.title)
        self.add(self.detail, 4)

    def add(self, thing: QWidget | QLayout, above: int = 0, *, ringed: Sides = "none") -> None:
        """Put something into the head, `above` pixels down."""
        if above:
            self._head.addSpacing(above)
        self._head.addLayout(inset(thing, ringed))

    def say(self, detail: str) -> None:
        """Set the quiet line; the head grows with it at once, also where text is large."""
        self.detail.setText(detail)
        self._head.activate()
        self._across.activate()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Keep the head over the column of the list."""
        width = min(COLUMN + 2 * RING, event.size().width() - 2 * EDGE)
        side = max(0, (event.size().width() - width) // 2)
        self._holder.setContentsMargins(side, 0, side, 0)
        super().resizeEvent(event)
