"""Where the keyboard is among rows that are set anew, found again by what each row is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QPushButton, QWidget

Rows = Mapping[str, QWidget]
"""By what each is about, such as the address that it opens, from the top."""


@dataclass(frozen=True, slots=True)
class KeyboardPlace:
    """A button of a row. `about`: names the row; `row`, `number`: which row it was, and which button of
    it, 0 first; `seen`: whether it stood in the visible part."""

    about: str
    row: int
    number: int
    seen: bool


def keyboard_place(rows: Rows) -> KeyboardPlace | None:
    """On which button the keyboard is, or will be once the user comes back to the window; None: on none."""
    for row, (about, widget) in enumerate(rows.items()):
        focused = widget.window().focusWidget()
        for number, each in enumerate(_buttons(widget)):
            if each is focused:
                seen = not each.visibleRegion().isEmpty()
                return KeyboardPlace(about, row, number, seen)
    return None


def button_at(rows: Rows, place: KeyboardPlace) -> QPushButton | None:
    """The button of the same row, wherever that stands now. Its word may be another one: Save, then Saved."""
    if place.about not in rows:
        return None
    buttons = _buttons(rows[place.about])
    return buttons[min(place.number, len(buttons) - 1)]


def button_near(rows: Rows, place: KeyboardPlace) -> QPushButton | None:
    """The same; where the row is gone, the first button of the one that took its place, or of the last."""
    widgets = list(rows.values())
    there = button_at(rows, place)
    return there or (_buttons(widgets[min(place.row, len(widgets) - 1)])[0] if widgets else None)


def _buttons(row: QWidget) -> list[QPushButton]:
    return [row] if isinstance(row, QPushButton) else row.findChildren(QPushButton)
