"""Every command of the window: what the menus say, its keys, and what it does."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from earmark.ui.choosing import turn_offline
from earmark.ui.places import PLACES, Command
from earmark.ui.words import tr

if TYPE_CHECKING:
    from earmark.ui.main_window import MainWindow


def window_commands(window: "MainWindow") -> Sequence[tuple[str, Sequence[Command]]]:
    """The menus in their order, each with its title."""
    return (
        (tr("Go"), _ways(window)),
        (tr("Library"), _deeds(window)),
        (tr("Sound"), _sounds(window)),
        (tr("View"), _looks(window)),
        (tr("Help"), _helps(window)),
    )


def _ways(window: "MainWindow") -> Sequence[Command]:
    pages = window.pages
    return (
        *((tr(place), f"Ctrl+{n}", partial(window.go, place)) for n, place in enumerate(PLACES, start=1)),
        (tr("Network"), "Ctrl+Shift+N", partial(window.go, "Network")),
        (tr("Back"), "Alt+Left", pages.back),
        (tr("Forward"), "Alt+Right", pages.forward),
        (tr("Earlier day"), "Alt+Up", partial(pages.turn_to, "earlier")),
        (tr("Later day"), "Alt+Down", partial(pages.turn_to, "later")),
        (tr("Find a command, place or show"), "Ctrl+K", window.find_command),
    )


def _deeds(window: "MainWindow") -> Sequence[Command]:
    return (
        (tr("Add a show"), "Ctrl+N", window.ask_for_show),
        (tr("Look for new episodes"), "F5", window.refresh),
        (tr("Pause or go on with the work"), "Ctrl+.", window.pause_or_go_on),
        (tr("Go offline, or online again"), "Ctrl+Shift+O", partial(turn_offline, window.desk)),
        (tr("Quit"), "Ctrl+Q", window.close),
    )


def _sounds(window: "MainWindow") -> Sequence[Command]:
    player = window.moments.player
    return ((tr("Play or pause the sound"), "Ctrl+P; Media Play; Toggle Media Play/Pause", player.toggle),)


def _looks(window: "MainWindow") -> Sequence[Command]:
    look = window.wardrobe
    return (
        (tr("Larger text"), "Ctrl++; Ctrl+=", partial(look.zoom_by, 1)),
        (tr("Smaller text"), "Ctrl+-", partial(look.zoom_by, -1)),
        (tr("Usual text size"), "Ctrl+0", partial(look.zoom_by, 0)),
        (tr("Light colours"), "Ctrl+Alt+L", partial(look.choose_theme, "light")),
        (tr("Dark colours"), "Ctrl+Alt+D", partial(look.choose_theme, "dark")),
        (tr("Colours as the system has them"), "Ctrl+Alt+S", partial(look.choose_theme, "system")),
        (tr("High or usual contrast"), "Ctrl+Alt+H", look.turn_contrast),
        (tr("Whole screen, or no longer"), "F11", window.turn_whole_screen),
    )


def _helps(window: "MainWindow") -> Sequence[Command]:
    return (
        (tr("Keyboard"), "F1; Ctrl+/", window.show_shortcuts),
        (tr("First steps"), "Ctrl+Shift+F1", partial(window.go, "welcome")),
        (tr("About Earmark"), "Shift+F1", partial(window.go, "About")),
    )
