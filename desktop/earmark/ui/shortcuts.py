"""All keys of the window on one sheet."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from earmark.ui.parts import SEMI_BOLD, Label, button, row
from earmark.ui.sheet import stand_inside
from earmark.ui.theme import GRID
from earmark.ui.words import tr

Menus = Sequence[tuple[str, Sequence[QAction]]]


def keys_of(action: QAction) -> str:
    """The keys of a command as they stand on this system's keyboard, several with “or” between them.

    Keys for media say themselves what they do.
    """
    native = QKeySequence.SequenceFormat.NativeText
    named = [keys for keys in action.shortcuts() if "Media" not in keys.toString()]
    return f" {tr('or')} ".join(keys.toString(native) for keys in named)


class Shortcuts(QDialog):
    """Every command with its keys, menu by menu; and what the keyboard does on a page."""

    def __init__(self, parent: QWidget, menus: Menus) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        stand_inside(self, parent, 720, 640)
        sheet = QWidget()
        sheet.setObjectName("page")
        grid = QGridLayout(sheet)
        grid.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        grid.setHorizontalSpacing(3 * GRID)
        grid.setVerticalSpacing(GRID - 2)
        grid.setColumnStretch(0, 1)
        for title, actions in menus:
            lines = [(action.text().replace("&", ""), keys_of(action)) for action in actions]
            _add(grid, title, [line for line in lines if line[1]])
        _add(grid, tr("On a page"), _on_a_page())
        grid.setRowStretch(grid.rowCount(), 1)
        area = QScrollArea()
        area.setAccessibleName(tr("Keys"))
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(sheet)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 2 * GRID)
        layout.addWidget(area)
        closing = row(None, button(tr("Close"), "main", self.accept, px=14))
        closing.setContentsMargins(0, 0, 3 * GRID, 0)
        layout.addLayout(closing)


def _on_a_page() -> list[tuple[str, str]]:
    return [
        (tr("To the next control, to the one before"), tr("Tab, Shift+Tab")),
        (tr("To the next claim, to the one before"), tr("Down, Up")),
        (tr("Open what has the ring around it"), tr("Enter, Space")),
        (tr("The menu"), "F10"),
    ]


def _add(grid: QGridLayout, title: str, lines: Sequence[tuple[str, str]]) -> None:
    head = Label(title, 15, "ink", weight=SEMI_BOLD)
    head.setContentsMargins(0, 2 * GRID if grid.count() else 0, 0, 0)
    grid.addWidget(head, grid.rowCount(), 0, 1, 2)
    for text, keys in lines:
        at = grid.rowCount()
        grid.addWidget(Label(text, 14, "soft"), at, 0)
        grid.addWidget(Label(keys, 14, "muted", wrap=False), at, 1)
