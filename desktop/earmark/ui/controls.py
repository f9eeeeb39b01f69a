"""Controls for choices: one of a few words, a value to type, a list of texts. Each tells what the user wants;
what stands is set from outside, and never over what is just being typed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from earmark.ui.fields import Field
from earmark.ui.flow import flow
from earmark.ui.parts import Label, button, one_of_several, row
from earmark.ui.prose import Prose
from earmark.ui.theme import GRID, keep_size
from earmark.ui.words import name as shown_name
from earmark.ui.words import tr

FIELD_HEIGHT = 36


class OneOf(QWidget):
    """A few words of which one is chosen; arrow keys go from one to the next.

    Signals: wanted(str): its key.
    """

    wanted = Signal(str)

    def __init__(self, name: str, words: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for key, word in words:
            made = button(word, "choice", lambda key=key: self._press(key), name=f"{name}: {word}")  # type: ignore[misc]
            one_of_several(made, lambda key=key: self._press(key))  # type: ignore[misc]
            keep_size(made, height=30, around=GRID)
            self._group.addButton(made)
            self._buttons[key] = made
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(flow(list(self._buttons.values()), spacing=2))
        self._key = ""

    @property
    def key(self) -> str:
        """Which one is chosen."""
        return self._key

    def show_key(self, key: str) -> None:
        """This one is chosen."""
        self._key = key
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def _press(self, key: str) -> None:
        if key != self._key:
            self._key = key
            self.wanted.emit(key)


class Typed(QWidget):
    """A value to type, with its unit and, below, why it cannot be kept. Signals: wanted(str)."""

    wanted = Signal(str)

    def __init__(self, name: str, *, width: int = 12 * GRID, unit: str = "", example: str = "") -> None:
        super().__init__()
        self.field = Field(14, width)
        self.field.setAccessibleName(f"{name}, {unit}" if unit else name)
        self.field.setPlaceholderText(example)
        keep_size(self.field, height=FIELD_HEIGHT, around=2 * GRID)
        self._fault = Prose("", 13, "fault")
        self._fault.hide()
        self._kept = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row(self.field, Label(unit, 13, "muted", wrap=False), None))
        layout.addWidget(self._fault)
        self.field.editingFinished.connect(self._finished)

    def show_value(self, text: str) -> None:
        """What is kept now; what is being typed stays."""
        typing = self.field.hasFocus() and self.field.text() != self._kept
        self._kept = text
        if not typing and self._fault.isHidden():
            self.field.setText(text)

    def show_fault(self, fault: str) -> None:
        """Why it cannot be kept; empty: it is."""
        self._fault.say(fault)
        self._fault.setVisible(bool(fault))
        self.field.setAccessibleDescription(fault)

    def back(self) -> None:
        """What is kept stands there again."""
        self.show_fault("")
        self.field.setText(self._kept)

    def _finished(self) -> None:
        text = self.field.text().strip()
        if text == self._kept:
            self.back()
        else:
            self.wanted.emit(text)


class Texts(QWidget):
    """A list of the user's texts, each with a word that takes it out, and a field for one more.

    Signals: added(str); removed(str).
    """

    added = Signal(str)
    removed = Signal(str)

    def __init__(self, name: str, example: str) -> None:
        super().__init__()
        self._name = name
        self._shown: tuple[str, ...] | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self.field = Field(14, 36 * GRID)
        self.field.setAccessibleName(tr("Add: {list}").format(list=name))
        self.field.setPlaceholderText(example)
        keep_size(self.field, height=FIELD_HEIGHT, around=2 * GRID)
        self.field.returnPressed.connect(self._add)
        add = button(tr("Add"), "plain", self._add, name=tr("Add to {list}").format(list=name), px=14)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(self._list)
        layout.addWidget(flow((self.field, add)))

    def show_texts(self, texts: Sequence[str], said: Callable[[str], str] = shown_name) -> None:
        """What is in the list now."""
        if tuple(texts) == self._shown:
            return
        self._shown = tuple(texts)
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for text in texts:
            self._list.addWidget(self._line(text, said(text)))

    def _line(self, text: str, said: str) -> QWidget:
        holder = QWidget()
        spoken = tr("Take out {text}").format(text=said)
        take = button(tr("Take out"), "word", lambda: self.removed.emit(text), name=spoken)
        holder.setLayout(row(Label(said, 15, "soft"), take))
        return holder

    def _add(self) -> None:
        text = " ".join(self.field.text().split())
        if text:
            self.field.clear()
            self.added.emit(text)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
