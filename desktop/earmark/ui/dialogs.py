"""The dialogs that ask for a file, and the one that asks whether something is really meant."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QVBoxLayout, QWidget

from earmark.ui.parts import SEMI_BOLD, Label, button, row
from earmark.ui.theme import GRID
from earmark.ui.words import tr


def ask_where(parent: QWidget, title: str, name: str, given: Callable[[str], object]) -> QFileDialog:
    """Ask where a file shall be written; `given` gets its path."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(name)
    return _open(dialog, given)


def ask_which(parent: QWidget, title: str, given: Callable[[str], object], kinds: str = "") -> QFileDialog:
    """Ask for a file that is there; `kinds` as Qt writes them: "Models (*.gguf *.bin)"."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    if kinds:
        dialog.setNameFilters([kinds, tr("All files (*)")])
    return _open(dialog, given)


def ask_folder(parent: QWidget, title: str, given: Callable[[str], object]) -> QFileDialog:
    """Ask for a folder that is there."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _open(dialog, given)


def _open(dialog: QFileDialog, given: Callable[[str], object]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: given(path))
    dialog.open()
    return dialog


class Question(QDialog):
    """Asks before something goes that cannot come back. The way out has the focus."""

    def __init__(
        self, parent: QWidget, asked: str, told: str, word: str, meant: Callable[[], object]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(asked)
        self.setMinimumWidth(440)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(Label(asked, 17, "ink", serif=True, weight=SEMI_BOLD))
        layout.addWidget(Label(told, 15))
        layout.addSpacing(GRID)
        keep = button(tr("Cancel"), "plain", self.reject, px=14)
        keep.setDefault(True)
        layout.addLayout(row(None, keep, button(word, "main", self.accept, px=14), spacing=4))
        self.accepted.connect(lambda: meant())
        keep.setFocus()
