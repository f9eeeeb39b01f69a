"""The dialogs that ask for a file, and the one that asks whether something is really meant."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from earmark.ui.flow import spread
from earmark.ui.parts import SEMI_BOLD, Label, button
from earmark.ui.sheet import Sheet
from earmark.ui.words import tr

WIDTH = 440


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


class Question(Sheet):
    """Asks before something goes that cannot come back. The way out has the focus."""

    def __init__(
        self, parent: QWidget, asked: str, told: str, word: str, meant: Callable[[], object]
    ) -> None:
        super().__init__(parent, asked, WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.inside.addWidget(Label(asked, 17, "ink", serif=True, weight=SEMI_BOLD))
        self.inside.addWidget(Label(told, 15))
        keep = button(tr("Cancel"), "plain", self.reject, px=14)
        keep.setDefault(True)
        self.end(spread(QWidget(), (keep, button(word, "main", self.accept, px=14)), 0, 4))
        self.accepted.connect(lambda: meant())
        keep.setFocus()
