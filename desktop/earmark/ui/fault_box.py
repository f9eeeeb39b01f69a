"""What keeps the program from running, said on the screen where its window would have stood."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from earmark.paths import resource
from earmark.settings import Settings
from earmark.ui.below import said
from earmark.ui.language import speak
from earmark.ui.parts import MOST_CHARACTERS, button
from earmark.ui.theme import dress, font, zoom_to
from earmark.ui.words import shown, tr

NO_SCREENS = ("offscreen", "minimal", "minimalegl")
"""Where Qt draws for nobody: a box there would wait in vain."""


class FaultBox(QMessageBox):
    """A fault, which can be chosen and copied."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.setFont(font(15))
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle("Earmark")
        self.setWindowIcon(QIcon(str(resource("icons") / "earmark.svg")))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(shown(said(fault), MOST_CHARACTERS))
        by = Qt.TextInteractionFlag
        self.setTextInteractionFlags(by.TextSelectableByMouse | by.TextSelectableByKeyboard)
        self._close = button(tr("Close"), "main", self.reject, px=14)  # held here, for the box does not
        self.addButton(self._close, QMessageBox.ButtonRole.RejectRole)
        self.setEscapeButton(self._close)
        self.setDefaultButton(self._close)


def show_fault(application: QApplication, fault: str, settings: Settings) -> None:
    """Say a fault until somebody has closed the box; nothing where nobody would see it."""
    if QGuiApplication.platformName() in NO_SCREENS:
        return
    speak(application, settings.language)
    zoom_to(application, settings.text_percent / 100)
    dress(application, settings.theme, settings.contrast)
    FaultBox(fault).exec()
