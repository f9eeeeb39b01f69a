"""The small dialog that asks for a show's address."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from earmark.ui.parts import Label, button, row
from earmark.ui.theme import GRID, font
from earmark.ui.words import tr


class AddShow(QDialog):
    """Asks for the address of a show. Signals: given(str)."""

    given = Signal(str)

    def __init__(self, parent: QWidget, address: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Add a show"))
        self.setMinimumWidth(480)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        layout.setSpacing(GRID)
        asked = Label(tr("The address of the show's feed, or of its web page"), 15, "ink")
        self.address = QLineEdit(address)
        self.address.setFont(font(15))
        self.address.setAccessibleName(asked.text())
        self.address.setPlaceholderText("https://")
        asked.setBuddy(self.address)
        add = button(tr("Add"), "main", self._give, px=14)
        add.setDefault(True)
        layout.addWidget(asked)
        layout.addWidget(self.address)
        layout.addSpacing(GRID)
        layout.addLayout(row(None, button(tr("Cancel"), "plain", self.reject, px=14), add, spacing=4))
        self.address.setFocus()

    def _give(self) -> None:
        address = self.address.text().strip()
        if address:
            self.given.emit(address)
            self.accept()
        else:
            self.address.setFocus()
