"""What stands below the field of Search, made as a whole: lines, and rows by what they are about."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from earmark.ui.parts import SEMI_BOLD, Label, hairline, headline, inset, row
from earmark.ui.prose import Prose
from earmark.ui.theme import GRID


class Results(QWidget):
    """From the top down. `rows` has each that the keyboard can be in, by what it opens."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, QWidget] = {}
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 2 * GRID, 0, 0)
        self._body.setSpacing(0)

    def add_prose(self, text: str) -> None:
        """A sentence."""
        self._body.addLayout(inset(Prose(text, 15)))

    def add_gap(self) -> None:
        """Some room."""
        self._body.addSpacing(2 * GRID)

    def add_title(self, text: str) -> None:
        """What the rows below it are."""
        self.add_gap()
        self._body.addLayout(inset(Label(text, 15, "ink", weight=SEMI_BOLD)))

    def add_show(self, address: str, title: str, go: Callable[[], object]) -> None:
        """The title of a show, under a line."""
        self.rows[address] = opens = headline(title, 17, go)
        self._body.addLayout(inset(hairline()))
        self._body.addSpacing(GRID + 4)
        self._body.addLayout(inset(opens, "both"))
        self._body.addSpacing(GRID + 4)

    def add_row(self, address: str, thing: QWidget) -> None:
        """A row under a line."""
        self.rows[address] = thing
        self._body.addLayout(inset(hairline()))
        self._body.addLayout(inset(thing, "both"))

    def add_words(self, title: str, texts: Sequence[str], look_for: Callable[[str], object]) -> None:
        """Words that can be looked for with one press; nothing where there are none."""
        if not texts:
            return
        self._body.addSpacing(4 * GRID)
        self._body.addLayout(inset(Label(title, 13, "muted", weight=SEMI_BOLD)))
        self._body.addSpacing(4)
        for text in texts:
            word = headline(text, 15, partial(look_for, text))
            self.rows[f"{title}: {text}"] = word
            self._body.addWidget(word)

    def add_waiting(self, seconds: Label, stop: QPushButton) -> None:
        """How long something takes, and the word that ends it."""
        self.rows["stop"] = stop
        self._body.addSpacing(GRID)
        self._body.addLayout(inset(row(seconds, stop, None)))
