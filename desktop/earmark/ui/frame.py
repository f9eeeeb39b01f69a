"""What stands around every page: the list of places at the left, the bar below, the dialog for a new show."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QFont, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from earmark.records import Progress
from earmark.ui.pages import PLACES
from earmark.ui.parts import Label, button, row
from earmark.ui.theme import BAR_HEIGHT, GRID, NAV_WIDTH
from earmark.ui.words import progress_detail, tr


class Places(QFrame):
    """The list at the left. Signals: chosen(str): one of PLACES."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("nav")
        self.setFixedWidth(NAV_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID + 4, 2 * GRID + 4, GRID + 4, 2 * GRID)
        layout.setSpacing(2)
        name = Label("Earmark", 17, "ink", serif=True, weight=QFont.Weight.DemiBold, wrap=False)
        name.setContentsMargins(GRID + 4, 0, 0, 2 * GRID)
        layout.addWidget(name)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        self._counts: dict[str, Label] = {}
        for place in PLACES:
            layout.addWidget(self._place(place))
        layout.addStretch(1)
        self.note = Label("", 12, "muted")
        self.note.setContentsMargins(GRID + 4, 0, GRID, 0)
        layout.addWidget(self.note)

    def _place(self, place: str) -> QPushButton:
        made = button(tr(place), "place", lambda: self.chosen.emit(place), px=14)
        made.setCheckable(True)
        made.setMinimumHeight(38)
        self._group.addButton(made)
        self.buttons[place] = made
        self._counts[place] = Label("", 13, "muted", wrap=False)
        self._counts[place].setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        beside = QHBoxLayout(made)
        beside.setContentsMargins(0, 0, GRID + 4, 0)
        beside.addStretch(1)
        beside.addWidget(self._counts[place])
        return made

    def show_place(self, place: str) -> None:
        """Mark the current place."""
        if place in self.buttons:
            self.buttons[place].setChecked(True)

    def show_count(self, place: str, count: int) -> None:
        """How many there are, beside a place's name."""
        self._counts[place].setText(str(count) if count else "")
        self.buttons[place].setAccessibleName(f"{tr(place)}, {count}" if count else tr(place))

    def be_narrow(self, narrow: bool) -> None:
        """Give the column the room in a small window."""
        self.setVisible(not narrow)


class Bar(QFrame):
    """What is being worked on, and a plain sentence when something went wrong.

    Signals: pause_asked(), go_asked(), audio_asked().
    """

    pause_asked = Signal()
    go_asked = Signal()
    audio_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setFixedHeight(BAR_HEIGHT)
        self._doing = Label("", 13, "muted", wrap=False)
        self._subject = Label("", 13, "ink", weight=QFont.Weight.DemiBold, wrap=False)
        self._progress = QProgressBar()
        self._progress.setAccessibleName(tr("Progress"))
        self._progress.setTextVisible(False)
        self._progress.setFixedSize(180, 4)
        self._progress.setRange(0, 1000)
        self._detail = Label("", 13, "muted", wrap=False)
        self._action = button(tr("Pause"), "word", self._act)
        self._working = False
        self._offers_audio = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID + 4, 0, 2 * GRID + 4, 0)
        layout.setSpacing(GRID + 4)
        for thing in (self._doing, self._subject, self._progress, self._detail):
            layout.addWidget(thing)
        layout.addStretch(1)
        layout.addWidget(self._action)
        self.show_progress(None)

    def show_progress(self, progress: Progress | None) -> None:
        """Say what is being worked on; None: nothing is."""
        self._working = progress is not None
        self._offers_audio = False
        self._progress.setVisible(bool(progress and progress.fraction is not None))
        self._subject.setVisible(self._working)
        self._action.setVisible(self._working)
        self._action.setText(tr("Pause"))
        self._action.setAccessibleName(tr("Pause"))
        if progress is None:
            self._doing.setText(tr("Nothing to do just now."))
            self._detail.setText("")
            return
        self._doing.setText(progress.doing)
        subject = self._subject.fontMetrics().elidedText(progress.subject, Qt.TextElideMode.ElideRight, 320)
        self._subject.setText(subject)
        self._progress.setValue(round(1000 * (progress.fraction or 0)))
        self._detail.setText(progress_detail(progress))

    def say(self, sentence: str, *, action: str = "") -> None:
        """A sentence in place of the progress; `action` names what the button at the right then does."""
        self._progress.hide()
        self._subject.hide()
        self._detail.setText("")
        self._doing.setText(sentence[:200])
        self._doing.setToolTip("")
        self._offers_audio = bool(action)
        self._action.setVisible(bool(action))
        self._action.setText(action)
        self._action.setAccessibleName(action)

    def offer_audio(self) -> None:
        """Say that an episode's audio is missing, and offer to fetch it."""
        self.say(tr("The audio of this episode is not on this computer."), action=tr("Download it"))

    def show_paused(self) -> None:
        """Work stopped because the user asked."""
        self.say(tr("Paused. What is done is kept."))
        self._working = False
        self._action.setText(tr("Go on"))
        self._action.setAccessibleName(tr("Go on"))
        self._action.show()

    def text(self) -> str:
        """What the bar says, for screen readers and tests."""
        parts = (self._doing.text(), self._subject.text() if self._working else "", self._detail.text())
        return " ".join(part for part in parts if part)

    def _act(self) -> None:
        if self._offers_audio:
            self.audio_asked.emit()
        elif self._working:
            self.pause_asked.emit()
        else:
            self.go_asked.emit()


def add_menu(
    window: QMainWindow, title: str, actions: Sequence[tuple[str, str, Callable[[], object]]]
) -> None:
    """A menu of (text, shortcut, what it does)."""
    menu = window.menuBar().addMenu(title)
    for text, keys, do in actions:
        action = QAction(text, window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False, do=do: do())
        menu.addAction(action)


class AddShow(QDialog):
    """Asks for the address of a show. Signals: given(str)."""

    given = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Add a show"))
        self.setMinimumWidth(480)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(Label(tr("The address of the show's feed, or of its web page:"), 15))
        self.address = QLineEdit()
        self.address.setAccessibleName(tr("Address of the show"))
        self.address.setPlaceholderText("https://")
        layout.addWidget(self.address)
        add = button(tr("Add"), "main", self._give, px=14)
        add.setDefault(True)
        layout.addLayout(row(None, button(tr("Cancel"), "plain", self.reject, px=14), add))

    def _give(self) -> None:
        if self.address.text().strip():
            self.given.emit(self.address.text().strip())
            self.accept()
