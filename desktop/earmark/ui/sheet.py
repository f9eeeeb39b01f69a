"""A dialog that fits the screen: what it says scrolls where it is higher, and its buttons stay in sight."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from earmark.ui.theme import GRID, SCROLL_BAR_WIDTH, zoomed

EDGE = 3 * GRID
FRAME_HEIGHT = 5 * GRID
"""What the system puts around a dialog."""


def room_for(dialog: QDialog) -> QRect:
    """Where on the screen a dialog may stand."""
    return dialog.screen().availableGeometry()


def most_size(dialog: QDialog) -> QSize:
    """How large a dialog may be: as wide as its window, or the screen where that is not seen; and no higher
    than the screen."""
    window, screen = dialog.parentWidget(), room_for(dialog).size()
    width = window.width() if window is not None and window.isVisible() else screen.width()
    return QSize(width, screen.height() - FRAME_HEIGHT)


def stand_inside(dialog: QDialog, window: QWidget, width: int, height: int) -> None:
    """Make a dialog that scrolls by itself so large at this size of text, and no larger than its window."""
    inside = window.size() - QSize(4 * GRID, 8 * GRID)
    dialog.resize(QSize(zoomed(width), zoomed(height)).boundedTo(inside).boundedTo(most_size(dialog)))


class _Inside(QWidget):
    """What a dialog says: as high as its width makes it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")

    def minimumSizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Wrapped words guess a height of their own, which may be more than they need."""
        return QSize(super().minimumSizeHint().width(), 0)


class Sheet(QDialog):
    """What it says goes into `inside`, its buttons are given to `end`. It is as wide as it likes at this size
    of text, if there is room."""

    def __init__(self, parent: QWidget, title: str, width: int) -> None:
        super().__init__(parent)
        self._likes = width
        self.setWindowTitle(title)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setAccessibleName(title)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always on, and invisible where there is nothing to scroll, so that words never move.
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self._area.verticalScrollBar()
        bar.rangeChanged.connect(lambda _low, high: self._be_reached(scrolls=high > 0))
        self._be_reached(scrolls=False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._area, 1)
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(EDGE, 2 * GRID, EDGE, EDGE)
        outer.addLayout(self._foot)
        self.begin()

    def begin(self) -> QVBoxLayout:
        """An empty inside; `end` shows it."""
        self._page = _Inside()
        self.inside = QVBoxLayout(self._page)
        self.inside.setContentsMargins(EDGE, EDGE, EDGE - SCROLL_BAR_WIDTH, 0)
        self.inside.setSpacing(GRID)
        return self.inside

    def end(self, buttons: QWidget) -> None:
        """Set what is said and the buttons in place of those before, and the size."""
        said = self._area.takeWidget()
        if said is not None:
            said.deleteLater()  # the key that led here may still be on its way up from one of its buttons
        self.inside.addStretch(1)
        self._area.setWidget(self._page)
        while (item := self._foot.takeAt(0)) is not None:
            if (before := item.widget()) is not None:
                before.hide()
                before.deleteLater()
        self._foot.addWidget(buttons)
        buttons.show()
        self.fit()

    def fit(self) -> None:
        """Be as large as what is said needs and the screen allows, and stay on it."""
        most = most_size(self)
        width = min(zoomed(self._likes), most.width())
        self.setMinimumWidth(min(self._likes, width))
        high = _height(self.inside, width - SCROLL_BAR_WIDTH) + _height(self._foot, width)
        self.resize(width, min(high, most.height()))
        if self.isVisible():
            self._stay()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  (Qt's name)
        """What is said has its fonts only now."""
        self.fit()
        super().showEvent(event)

    def _stay(self) -> None:
        place, screen = self.frameGeometry(), room_for(self)
        left = max(screen.left(), min(place.left(), screen.right() + 1 - place.width()))
        top = max(screen.top(), min(place.top(), screen.bottom() + 1 - place.height()))
        if (left, top) != (place.left(), place.top()):
            self.move(QPoint(left, top))

    def _be_reached(self, *, scrolls: bool) -> None:
        """Tab stops at what is said only where it can be scrolled."""
        self._area.verticalScrollBar().setEnabled(scrolls)
        focus = Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.NoFocus
        self._area.setFocusPolicy(focus)


def _height(layout: QVBoxLayout, width: int) -> int:
    layout.activate()
    flows = layout.hasHeightForWidth()
    return layout.totalHeightForWidth(width) if flows else layout.totalSizeHint().height()
