"""What the program was asked to show from outside: by a second start, a link, or a notification."""

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from earmark.ui.desk import kind_of
from earmark.ui.words import is_day, tr

if TYPE_CHECKING:
    from earmark.ui.main_window import MainWindow

SCHEME = "earmark:"
_ADDRESS = re.compile(r"[A-Za-z0-9]+(?:[/-][A-Za-z0-9_.-]+)*")


def place_in(what: str) -> str | None:
    """The address in a link of ours; None for anything else.

    >>> place_in("earmark:insight/ab12"), place_in("earmark://Today"), place_in("https://example.org/feed")
    ('insight/ab12', 'Today', None)
    """
    if not what.lower().startswith(SCHEME):
        return None
    address = what[len(SCHEME) :].strip("/")
    return address if _ADDRESS.fullmatch(address) else ""


def receive(window: "MainWindow", what: str) -> None:
    """Bring the window to the front and show `what`: a place of ours, or the address of a show to add.

    Nothing is done but shown: a show is added when the user says so.
    """
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    address = place_in(what)
    if address is None:
        if what.strip():
            window.adding.begin(what.strip())
    elif is_day(address) or kind_of(address) in window.pages.kinds:
        window.go(address)
    else:
        window.desk.say(tr("There is no such place in Earmark."))
