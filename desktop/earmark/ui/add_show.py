"""The dialog that brings shows in. It asks, waits, lets choose, and reports; `adding` does what it says."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from earmark.ui.flow import flow, spread
from earmark.ui.listed import Fetch
from earmark.ui.parts import SEMI_BOLD, Label, button, hairline
from earmark.ui.rows import LOW, TALL, RowList
from earmark.ui.sheet import Sheet
from earmark.ui.theme import GRID, font, keep_size, zoomed
from earmark.ui.words import tr

WIDTH, LIST_HEIGHT = 80 * GRID, 40 * GRID

Choice = tuple[int, str]
"""A number, and what it means."""


class Addresses(QPlainTextEdit):
    """A few lines for addresses, or a whole list. Signals: given(): Enter was pressed."""

    given = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFont(font(15))
        self.setTabChangesFocus(True)
        keep_size(self, height=9 * GRID)
        self.setPlaceholderText("https://")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Enter gives what is written; with Shift it begins a new line."""
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not shifted:
            self.given.emit()
        else:
            super().keyPressEvent(event)


class AddShow(Sheet):
    """Brings shows in, step by step; each step is told what to do with the answer.

    Signals: given(str): an address, a path or a list; file_asked(), folder_asked(); directory_asked(str):
    some words.
    """

    given = Signal(str)
    file_asked = Signal()
    folder_asked = Signal()
    directory_asked = Signal(str)

    def __init__(self, parent: QWidget, address: str = "") -> None:
        super().__init__(parent, tr("Add a show"), WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._typed, self._words = "", ""

    def ask(self, typed: str = "", trouble: str = "") -> None:
        """The first step: what is to be added; `trouble` says why that did not go."""
        layout = self._begin(tr("Add a show"))
        asked = tr("The address of a show or of its page, or a list from another program (OPML)")
        layout.addWidget(Label(asked, 15, "soft"))
        self.address = Addresses(asked)
        self.address.setPlainText(typed or self._typed)
        self.address.given.connect(self._give)
        layout.addWidget(self.address)
        if trouble:
            layout.addWidget(Label(trouble, 13, "fault"))
        file = button(tr("Choose a file"), "plain", self.file_asked.emit, px=14)
        folder = button(tr("Choose a folder"), "plain", self.folder_asked.emit, px=14)
        add = button(tr("Add"), "main", self._give, px=14)
        layout.addWidget(flow((file, folder)))
        layout.addSpacing(GRID)
        layout.addWidget(hairline())
        layout.addSpacing(GRID)
        self._add_directory(layout)
        self._end(self._cancel(), add)
        self._go_to(self.address)

    def wait(self, sentence: str) -> None:
        """Say what is being done."""
        layout = self._begin(tr("Add a show"))
        layout.addWidget(Label(sentence, 15, "soft"))
        self._end(button(tr("Close"), "plain", self.reject, px=14))

    def choose_row(
        self, title: str, rows: Sequence[int], fetch: Fetch, picked: Callable[[int], object], note: str = ""
    ) -> None:
        """Let one of some rows be picked."""
        layout = self._begin(title)
        if note:
            layout.addWidget(Label(note, 13, "muted"))
        listed = self._listed(layout, title, rows, fetch, TALL)
        listed.opened.connect(picked)
        self._end(self._cancel(), button(tr("Back"), "plain", self.ask, px=14))
        self._go_to(listed)

    def choose_number(
        self,
        title: str,
        asked: str,
        choices: Sequence[Choice],
        usual: int,
        chosen: Callable[[int], object],
        notes: Sequence[str] = (),
    ) -> None:
        """Let a number be chosen: how many of the newest episodes shall be worked through."""
        layout = self._begin(title)
        for note in notes:
            layout.addWidget(Label(note, 13, "muted"))
        layout.addWidget(Label(asked, 15, "soft"))
        group = QButtonGroup(layout.parentWidget())
        for number, text in choices:
            made = QRadioButton(text.replace("&", "&&"))
            made.setFont(font(14))
            made.setAccessibleName(text)
            made.setChecked(number == usual)
            group.addButton(made, number)
            layout.addWidget(made)
        start = button(tr("Start"), "main", lambda: chosen(group.checkedId()), px=14)
        start.setDefault(True)
        self._end(self._cancel(), start)
        self._go_to(group.checkedButton())

    def report(
        self,
        title: str,
        sentences: Sequence[str],
        rows: Sequence[int],
        fetch: Fetch,
        undo: Callable[[], object] | None,
    ) -> None:
        """Say what came of it, and what did not and why."""
        layout = self._begin(title)
        for sentence in sentences:
            layout.addWidget(Label(sentence, 15, "soft"))
        if rows:
            self._listed(layout, tr("What was passed over"), rows, fetch, TALL)
        done = button(tr("Done"), "main", self.accept, px=14)
        done.setDefault(True)
        back = [] if undo is None else [button(tr("Take it back"), "plain", undo, px=14)]
        self._end(*back, done)
        self._go_to(done)

    def _add_directory(self, layout: QVBoxLayout) -> None:
        told = tr("Apple learns these words and this computer's address. Nothing is asked before you press.")
        self.words = QLineEdit(self._words)
        self.words.setFont(font(14))
        self.words.setAccessibleName(tr("Words to look for in Apple's directory"))
        self.words.setPlaceholderText(tr("Or look for words in a directory"))
        self.words.returnPressed.connect(self._ask_directory)
        asks = button(tr("Ask Apple Podcasts"), "plain", self._ask_directory, px=14)
        layout.addWidget(spread(self.words, (asks,), spacing=GRID))
        layout.addWidget(Label(told, 13, "muted"))

    def _listed(
        self, layout: QVBoxLayout, name: str, rows: Sequence[int], fetch: Fetch, height: int = LOW
    ) -> RowList:
        area, listed = QScrollArea(), RowList(name, height=height)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(name)
        holder = QWidget()
        holder.setObjectName("page")
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, GRID, 0)
        inside.addWidget(listed)
        inside.addStretch(1)
        area.setWidget(holder)
        area.setFixedHeight(min(LIST_HEIGHT, len(rows) * zoomed(height) + 2))
        listed.set_keys(rows, fetch)
        listed.looked_at.connect(
            lambda place: area.ensureVisible(place.left(), place.center().y(), 0, zoomed(height))
        )
        layout.addWidget(area)
        return listed

    def _begin(self, title: str) -> QVBoxLayout:
        layout = self.begin()
        layout.addWidget(Label(title, 20, "ink", serif=True, weight=SEMI_BOLD))
        return layout

    def _cancel(self) -> QWidget:
        return button(tr("Cancel"), "plain", self.reject, px=14)

    def _end(self, *buttons: QWidget) -> None:
        self.end(spread(QWidget(), buttons, 0, 4))

    def _go_to(self, first: QWidget | None) -> None:
        """The keyboard is where the step begins."""
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _give(self) -> None:
        typed = self.address.toPlainText().strip()
        if typed:
            self._typed = typed
            self.given.emit(typed)
        else:
            self.address.setFocus()

    def _ask_directory(self) -> None:
        self._words = self.words.text().strip()
        if self._words:
            self.directory_asked.emit(self._words)
        else:
            self.words.setFocus()
