"""The list at the left, and the menus."""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
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

from earmark.clock import to_ms
from earmark.ui.desk import Desk, kind_of
from earmark.ui.parts import SEMI_BOLD, Label, Linked, button, row
from earmark.ui.theme import GRID, NAV_NARROW_WIDTH, NAV_WIDTH, RING, font, keep_size
from earmark.ui.words import network_note, tr

PLACES = ("Today", "Library", "Search", "Topics", "Saved", "Activity", "Models", "Settings")
AT_THE_FOOT = ("Models", "Settings")
UNLISTED = ("Network", "About", "welcome")
PLACE_OF = {
    "show": "Library",
    "episode": "Library",
    "transcript": "Library",
    "days": "Today",
    "review": "Today",
    "search": "Search",
    "ask": "Search",
    "topic": "Topics",
    "person": "Topics",
}
"""Which place the others belong to, by the first word of their addresses."""
Command = tuple[str, str, Callable[[], object]]
"""What a menu says, its keys (several with "; " between them), and what it does."""


def _nothing() -> None:
    """Nothing is to be counted yet."""


class Place(QPushButton):
    """The name of a place and how many there are; in a small window its first letter."""

    def __init__(self, place: str, do: Callable[[], object]) -> None:
        super().__init__(tr(place))
        self._name = tr(place)
        self.setProperty("look", "place")
        self.setFont(font(14))
        self.setCheckable(True)
        self.setAutoExclusive(True)  # so that a screen reader says: one of several
        self.setAutoDefault(True)
        keep_size(self, height=37, around=2 * GRID)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(lambda _checked=False: do())
        self._at_hand = False
        self.toggled.connect(lambda on: do() if on and not self._at_hand else None)
        self._count = Label("", 13.5, "muted", wrap=False)
        self._count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        beside = QHBoxLayout(self)
        beside.setContentsMargins(GRID + 4, 0, GRID + 4, 0)
        beside.addStretch(1)
        beside.addWidget(self._count)
        self.show_count(0)

    def nextCheckState(self) -> None:  # noqa: N802  (Qt's name)
        """A press says by itself what it does; what helps to hear may only turn it."""
        self._at_hand = True
        super().nextCheckState()
        self._at_hand = False

    def show_chosen(self, chosen: bool) -> None:
        """It is the place that is shown, or is not."""
        self._at_hand = True
        self.setChecked(chosen)
        self._at_hand = False

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


class Note(Linked):
    """What the network was used for; pressed, it shows the list of requests."""

    def __init__(self, do: Callable[[], object]) -> None:
        self._words = Label("", 12, "muted")
        super().__init__("", self._words, do)

    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def show_note(self, text: str) -> None:
        """Say something else."""
        self._words.setText(text)
        self.setAccessibleName(tr("Network: {note}").format(note=text.replace("\n", ", ")))
        self.updateGeometry()


class Places(QFrame):
    """The list at the left. Signals: chosen(str): one of PLACES, or "Network"; menu_asked()."""

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
        for place in PLACES:
            if place == AT_THE_FOOT[0]:
                layout.addStretch(1)
            layout.addWidget(self.buttons[place])
        self._wanted: Callable[[], None] = _nothing
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(lambda: self._wanted())
        self.note = Note(lambda: self.chosen.emit("Network"))
        beside = QHBoxLayout()
        beside.setContentsMargins(GRID + 4 - RING, 0, GRID - RING, 0)
        beside.addWidget(self.note)
        layout.addLayout(beside)
        self.be_narrow(False)

    def show_place(self, place: str) -> None:
        """Mark the current place; an insight leaves the mark where it was, what is not listed takes it."""
        place = PLACE_OF.get(kind_of(place), kind_of(place))
        self._group.setExclusive(place not in UNLISTED)
        for each, shown in self.buttons.items():
            if place == each or place in UNLISTED:
                shown.show_chosen(place == each)

    def show_counts_soon(self, desk: Desk, today: str) -> None:
        """The same once what goes on is done: the page comes first, and many changes are counted once."""
        self._wanted = partial(self.show_counts, desk, today)
        self._soon.start()

    def show_counts(self, desk: Desk, today: str) -> None:
        """How many there are of what, and what the network was used for since `today` began."""
        reader, offline = desk.reader, desk.choices().offline
        counts = reader.library_counts()
        self.buttons["Library"].show_count(counts["feeds"])
        self.buttons["Saved"].show_count(counts["saved"])
        self.buttons["Activity"].show_count(counts["waiting"] + counts["running"])
        since_ms = to_ms(datetime.fromisoformat(today).astimezone())
        self.note.show_note(network_note(*reader.request_count(since_ms), today, offline=offline))

    def be_narrow(self, narrow: bool) -> None:
        """Letters in place of names, in a small window."""
        if self.property("narrow") == narrow:
            return
        self.setProperty("narrow", narrow)
        keep_size(self, NAV_NARROW_WIDTH if narrow else NAV_WIDTH)
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
    bar = window.menuBar()
    bar.setFont(font(14))
    menu = bar.addMenu(title)
    menu.setFont(font(14))
    actions = []
    for text, keys, do in commands:
        action = QAction(text, window)
        action.setShortcuts(QKeySequence.listFromString(keys))
        action.triggered.connect(lambda _checked=False, do=do: do())
        menu.addAction(action)
        window.addAction(action)
        actions.append(action)
    return actions
