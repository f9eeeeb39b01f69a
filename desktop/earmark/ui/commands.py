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
        (tr("Find on this page"), "Ctrl+F", pages.look_for),
        (tr("Next place found"), "F3", partial(pages.find_next, 1)),
        (tr("Previous place found"), "Shift+F3", partial(pages.find_next, -1)),
    )


def _deeds(window: "MainWindow") -> Sequence[Command]:
    return (
        (tr("Add a show"), "Ctrl+N", window.adding.begin),
        (tr("Write the list of shows to a file"), "", window.adding.ask_where_to_export),
        (tr("Look for new episodes"), "F5", window.refresh),
        (tr("Pause or go on with the work"), "Ctrl+.", window.pause_or_go_on),
        (tr("Play or pause the sound"), "Ctrl+P", window.moments.player.toggle),
        (tr("Quit"), "Ctrl+Q", window.close),
    )
