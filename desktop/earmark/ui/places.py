"""The list at the left, and the menus."""

import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QToolTip,
    QVBoxLayout,
)

from earmark.ui.parts import SEMI_BOLD, Label, button, row
from earmark.ui.theme import GRID, NAV_NARROW_WIDTH, NAV_WIDTH, font
from earmark.ui.words import tr

PLACES = ("Today", "Library", "Search", "Topics", "Saved", "Activity")
Command = tuple[str, str, Callable[[], object]]
"""What a menu says, its keys, and what it does."""


class Place(QPushButton):
    """The name of a place and how many there are; in a small window its first letter."""

    def __init__(self, place: str, do: Callable[[], object]) -> None:
        super().__init__(tr(place))
        self._name = tr(place)
        self.setProperty("look", "place")
        self.setFont(font(14))
        self.setCheckable(True)
        self.setAutoDefault(True)
        self.setFixedHeight(37)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(lambda _checked=False: do())
        self._count = Label("", 13.5, "muted", wrap=False)
        self._count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        beside = QHBoxLayout(self)
        beside.setContentsMargins(0, 0, GRID + 4, 0)
        beside.addStretch(1)
        beside.addWidget(self._count)
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """How many there are; 0 is not shown."""
        self._count.setText(str(count) if count else "")
        self.setAccessibleName(f"{self._name}, {count}" if count else self._name)

    def be_narrow(self, narrow: bool) -> None:
        """A letter, with the name on hover and focus; or the name."""
        self.setText(self._name[:1] if narrow else self._name)
        self.setToolTip(self._name if narrow else "")
        self._count.setVisible(not narrow)
        self.setProperty("narrow", narrow)
        self.style().unpolish(self)
        self.style().polish(self)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  (Qt's name)
        """Say the name where only a letter stands."""
        super().focusInEvent(event)
        if self.toolTip():
            QToolTip.showText(self.mapToGlobal(QPoint(self.width(), 0)), self.toolTip(), self)


class Places(QFrame):
    """The list at the left. Signals: chosen(str): one of PLACES; menu_asked()."""

    chosen = Signal(str)
    menu_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("nav")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID + 4, 2 * GRID + 2, GRID + 4, 3 * GRID)
        layout.setSpacing(2)
        self._title = Label("Earmark", 17, "ink", serif=True, weight=SEMI_BOLD, wrap=False)
        self._menu = button(tr("Menu"), "word", self.menu_asked.emit)
        self._menu.setVisible(sys.platform != "darwin")  # there the system shows the menus
        head = row(self._title, None, self._menu, None)
        head.setStretch(3, 0)
        head.setContentsMargins(GRID + 4, 0, GRID, 2 * GRID + 4)
        layout.addLayout(head)
        self._head = head
        self._group = QButtonGroup(self)
        self.buttons: dict[str, Place] = {}
        for place in PLACES:
            self.buttons[place] = Place(place, lambda place=place: self.chosen.emit(place))  # type: ignore[misc]
            self._group.addButton(self.buttons[place])
            layout.addWidget(self.buttons[place])
        layout.addStretch(1)
        self.note = Label("", 12, "muted")
        self.note.setContentsMargins(GRID + 4, 0, GRID, 0)
        layout.addWidget(self.note)
        self.be_narrow(False)

    def show_place(self, place: str) -> None:
        """Mark the current place; an insight leaves the mark where it was."""
        if place in self.buttons:
            self.buttons[place].setChecked(True)

    def be_narrow(self, narrow: bool) -> None:
        """Letters in place of names, in a small window."""
        if self.property("narrow") == narrow:
            return
        self.setProperty("narrow", narrow)
        self.setFixedWidth(NAV_NARROW_WIDTH if narrow else NAV_WIDTH)
        self._title.setVisible(not narrow)
        self.note.setVisible(not narrow)
        self._head.setContentsMargins(0 if narrow else GRID + 4, 0, 0 if narrow else GRID, 2 * GRID + 4)
        self._head.setStretch(3, 1 if narrow else 0)
        self._menu.setText("…" if narrow else tr("Menu"))
        for place in self.buttons.values():
            place.be_narrow(narrow)

    def menu_corner(self) -> QPoint:
        """Where the menu opens, on the screen."""
        return self._menu.mapToGlobal(QPoint(0, self._menu.height() + 4))


def add_menu(window: QMainWindow, title: str, commands: Sequence[Command]) -> list[QAction]:
    """A menu in the window's menu bar; its keys work also while the bar is hidden."""
    menu = window.menuBar().addMenu(title)
    actions = []
    for text, keys, do in commands:
        action = QAction(text, window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False, do=do: do())
        menu.addAction(action)
        window.addAction(action)
        actions.append(action)
    return actions
