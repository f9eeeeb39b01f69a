"""Every command of the window: what the menus say, its keys, and what it does."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from earmark.ui.places import PLACES, Command
from earmark.ui.words import tr

if TYPE_CHECKING:
    from earmark.ui.main_window import MainWindow


def window_commands(window: "MainWindow") -> Sequence[tuple[str, Sequence[Command]]]:
    """The menus in their order, each with its title."""
    return ((tr("Go"), _ways(window)), (tr("Library"), _deeds(window)))


def _ways(window: "MainWindow") -> Sequence[Command]:
    pages = window.pages
    return (
        *((tr(place), f"Ctrl+{n}", partial(window.go, place)) for n, place in enumerate(PLACES, start=1)),
        (tr("Back"), "Alt+Left", pages.back),
        (tr("Forward"), "Alt+Right", pages.forward),
        (tr("Earlier day"), "Alt+Up", partial(pages.turn_to, "earlier")),
        (tr("Later day"), "Alt+Down", partial(pages.turn_to, "later")),
        (tr("All days"), "Ctrl+D", partial(window.go, "days")),
        (tr("The week"), "Ctrl+Shift+D", partial(window.go, "review")),
        (tr("Find"), "Ctrl+F", partial(window.go, "Search")),
    )


def _deeds(window: "MainWindow") -> Sequence[Command]:
    return (
        (tr("Add a show"), "Ctrl+N", window.ask_for_show),
        (tr("Look for new episodes"), "F5", window.refresh),
        (tr("Pause or go on with the work"), "Ctrl+.", window.pause_or_go_on),
        (tr("Play or pause the sound"), "Ctrl+P", window.moments.player.toggle),
        (tr("Export the day"), "Ctrl+E", partial(window.pages.days.page.asked.emit, "export")),
        (tr("Print the day"), "Ctrl+Shift+P", partial(window.pages.days.page.asked.emit, "print")),
        (tr("Quit"), "Ctrl+Q", window.close),
    )
