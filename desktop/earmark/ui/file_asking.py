"""The system's dialogs for files, which never stand in the way of the rest of the window."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from earmark.ui.words import tr


def ask_for_file(
    parent: QWidget, title: str, kind: str, patterns: str, chosen: Callable[[Path], object]
) -> QFileDialog:
    """Let the user choose a file; `patterns` are those of its kind, but every other can be had."""
    dialog = QFileDialog(parent, title, "", f"{kind} ({patterns});;{tr('All files')} (*)")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _opened(dialog, chosen)


def ask_for_folder(parent: QWidget, title: str, chosen: Callable[[Path], object]) -> QFileDialog:
    """Let the user choose a folder."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _opened(dialog, chosen)


def ask_where_to(
    parent: QWidget, title: str, name: str, kind: str, patterns: str, chosen: Callable[[Path], object]
) -> QFileDialog:
    """Let the user say where a file is to be written; the system asks before one is replaced."""
    dialog = QFileDialog(parent, title, name, f"{kind} ({patterns})")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(patterns.partition(" ")[0].removeprefix("*."))
    dialog.selectFile(name)
    return _opened(dialog, chosen)


def _opened(dialog: QFileDialog, chosen: Callable[[Path], object]) -> QFileDialog:
    dialog.fileSelected.connect(lambda file: chosen(Path(file)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
