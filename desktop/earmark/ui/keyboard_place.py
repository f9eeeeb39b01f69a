"""Where the keyboard is among rows that are set anew, found again by what the rows are called."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget


@dataclass(frozen=True, slots=True)
class KeyboardPlace:
    """A button: its row, by the name of that's first button and its number; its own name and number there."""

    row_name: str
    row: int
    name: str
    number: int


def keyboard_place(rows: QWidget) -> KeyboardPlace | None:
    """On which button of these rows the keyboard is; None: on none."""
    for row, buttons in enumerate(_buttons_by_row(rows)):
        for number, each in enumerate(buttons):
            if each.hasFocus():
                return KeyboardPlace(buttons[0].accessibleName(), row, each.accessibleName(), number)
    return None


def give_keyboard(rows: QWidget, place: KeyboardPlace) -> bool:
    """Put the keyboard where it was, in the row of the same name wherever that stands now; False where there
    is no such row: what took its place is another thing, and the next key must not open that."""
    called_so = [
        (abs(row - place.row), row, buttons)
        for row, buttons in enumerate(_buttons_by_row(rows))
        if buttons[0].accessibleName() == place.row_name
    ]
    if not called_so:
        return False
    _far, _row, buttons = min(called_so)
    named_so = next((each for each in buttons if each.accessibleName() == place.name), None)
    numbered = buttons[min(place.number, len(buttons) - 1)]  # "Save" is "Saved" once it is done
    (named_so or numbered).setFocus(Qt.FocusReason.TabFocusReason)
    return True


def _buttons_by_row(rows: QWidget) -> list[list[QPushButton]]:
    """Per child its buttons; children without any are left out."""
    children = rows.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    by_row = (
        [each] if isinstance(each, QPushButton) else each.findChildren(QPushButton) for each in children
    )
    return [buttons for buttons in by_row if buttons]
