"""One of a few things, chosen from a menu below a word."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from earmark.ui.deeds import open_below
from earmark.ui.parts import button, row
from earmark.ui.words import tr


class Choice(QWidget):
    """A word that says what is chosen. `name` is what it is about. Signals: chosen(str): a key."""

    chosen = Signal(str)

    def __init__(self, name: str, options: Sequence[tuple[str, str]], *, look: str = "word") -> None:
        super().__init__()
        self._name, self._options = name, dict(options)
        self.key = options[0][0]
        self._button = button("", look, self._open, px=13 if look == "word" else 14)
        self.setLayout(row(self._button))
        self.setFocusProxy(self._button)
        self._show()

    def choose(self, key: str) -> None:
        """Choose it, and tell."""
        self.set_key(key)
        self.chosen.emit(key)

    def set_key(self, key: str) -> None:
        """Show it as chosen, without telling."""
        self.key = key
        self._show()

    def menu(self) -> QMenu:
        """All that can be chosen."""
        menu = QMenu(self)
        menu.setAccessibleName(self._name)
        for key, text in self._options.items():
            action = menu.addAction(text, partial(self.choose, key))
            action.setCheckable(True)
            action.setChecked(key == self.key)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _show(self) -> None:
        text = self._options[self.key]
        self._button.setText(f"{text} ▾".replace("&", "&&"))
        self._button.setAccessibleName(tr("{name}: {choice}").format(name=self._name, choice=text))

    def _open(self) -> None:
        open_below(self._button, self.menu())
