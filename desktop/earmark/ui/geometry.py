"""How the window is divided, and where it stands on the screen, from one start to the next."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QVBoxLayout, QWidget

from earmark.ui.remembered import Remembered


def laid_out(beside: QWidget, pages: QWidget, strips: Sequence[QWidget]) -> QWidget:
    """The list beside the pages, and the strips below them."""
    right = QVBoxLayout()
    right.setSpacing(0)
    right.addWidget(pages, 1)
    for strip in strips:
        right.addWidget(strip)
    whole = QWidget()
    across = QHBoxLayout(whole)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(0)
    across.addWidget(beside)
    across.addLayout(right, 1)
    return whole


def keep_geometry(window: QMainWindow, remembered: Remembered) -> None:
    """Note where the window stands, and how each splitter with a name is divided."""
    remembered.note("geometry", _written(window.saveGeometry()))
    for splitter in window.findChildren(QSplitter):
        if splitter.objectName():
            remembered.note(f"splitter {splitter.objectName()}", _written(splitter.saveState()))


def bring_back_geometry(window: QMainWindow, remembered: Remembered) -> None:
    """Put the window back, on a screen that is there; what cannot be read changes nothing."""
    window.restoreGeometry(_read(remembered.text("geometry")))
    for splitter in window.findChildren(QSplitter):
        if state := remembered.text(f"splitter {splitter.objectName()}"):
            splitter.restoreState(_read(state))


def _written(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode("ascii")


def _read(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "ignore"))
