"""Every command of the window: what the menus say, its keys, and what it does."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from earmark.ui.choosing import turn_offline
from earmark.ui.places import PLACES, Command, add_menu
from earmark.ui.sound_bar import BACK_S, FORWARD_S
from earmark.ui.theme import font
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
        (tr("Program"), _manners(window)),
        (tr("Help"), _helps(window)),
    )


def menus_of(window: "MainWindow") -> tuple[QMenu, list[tuple[str, list[QAction]]]]:
    """All commands in the window's menu bar, and once more in one menu for a window that has no bar."""
    whole = QMenu(window)
    whole.setFont(font(14))
    menus = [(title, add_menu(window, title, each)) for title, each in window_commands(window)]
    for _title, actions in menus:
        whole.addActions(actions)
        whole.addSeparator()
    return whole, menus


def find_command(window: "MainWindow") -> None:
    """Ask for a few letters of a command, a place or a show."""
    from earmark.ui.find_command import FindCommand, entries_of, shows_of

    FindCommand(window, [*entries_of(window.menus), *shows_of(window.desk)]).open()


def show_shortcuts(window: "MainWindow") -> None:
    """All keys on one sheet."""
    from earmark.ui.shortcuts import Shortcuts

    Shortcuts(window, window.menus).open()


def _turn_whole_screen(window: "MainWindow") -> None:
    window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)


def _ways(window: "MainWindow") -> Sequence[Command]:
    pages = window.pages
    return (
        *((tr(place), f"Ctrl+{n}", partial(window.go, place)) for n, place in enumerate(PLACES, start=1)),
        (tr("Network"), "Ctrl+Shift+N", partial(window.go, "Network")),
        (tr("Back"), "Alt+Left", pages.back),
        (tr("Forward"), "Alt+Right", pages.forward),
        (tr("Earlier day"), "Alt+Up", partial(pages.turn_to, "earlier")),
        (tr("Later day"), "Alt+Down", partial(pages.turn_to, "later")),
        (tr("All days"), "Ctrl+D", partial(window.go, "days")),
        (tr("The week"), "Ctrl+Shift+D", partial(window.go, "review")),
        (tr("Find a command, place or show"), "Ctrl+K", partial(find_command, window)),
        (tr("Find"), "Ctrl+F", pages.look_for),
        (tr("Next place found"), "F3", partial(pages.find_next, 1)),
        (tr("Previous place found"), "Shift+F3", partial(pages.find_next, -1)),
    )


def _deeds(window: "MainWindow") -> Sequence[Command]:
    return (
        (tr("Add a show"), "Ctrl+N", partial(window.desk.add_wanted.emit, "")),
        (tr("Write the list of shows to a file"), "Ctrl+Shift+E", window.desk.export_wanted.emit),
        (tr("Undo"), "Ctrl+Z", window.notice.undo),
        (tr("Look for new episodes"), "F5", window.refresh),
        (tr("Pause or go on with the work"), "Ctrl+.", window.pause_or_go_on),
        (tr("Export the day"), "Ctrl+E", partial(window.pages.days.page.asked.emit, "export")),
        (tr("Print the day"), "Ctrl+Alt+P", partial(window.pages.days.page.asked.emit, "print")),
        (tr("Go offline, or online again"), "Ctrl+Shift+O", partial(turn_offline, window.desk)),
    )


def _sounds(window: "MainWindow") -> Sequence[Command]:
    moments, player = window.moments, window.moments.player
    return (
        (tr("Play or pause the sound"), "Ctrl+P; Media Play; Toggle Media Play/Pause", player.toggle),
        (tr("Stop the sound"), "Ctrl+Shift+P; Media Stop", moments.stop),
        (tr("Back 15 seconds"), "Ctrl+Left; Media Previous", partial(player.step, -BACK_S)),
        (tr("On 30 seconds"), "Ctrl+Right; Media Next", partial(player.step, FORWARD_S)),
        (tr("Faster"), "Ctrl+Shift+Up", partial(moments.change_speed, 1)),
        (tr("Slower"), "Ctrl+Shift+Down", partial(moments.change_speed, -1)),
        (tr("Louder"), "Alt+Shift+Up", partial(moments.change_volume, 0.1)),
        (tr("Quieter"), "Alt+Shift+Down", partial(moments.change_volume, -0.1)),
    )


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
        (tr("Whole screen, or no longer"), "F11", partial(_turn_whole_screen, window)),
    )


def _manners(window: "MainWindow") -> Sequence[Command]:
    tray = window.tray
    return (
        (tr("Start with the computer, or no longer"), "Ctrl+Alt+A", tray.turn_autostart),
        (tr("Keep running without a window, or no longer"), "Ctrl+Alt+K", tray.turn_keeping),
        (tr("Tell when the five are ready, or no longer"), "Ctrl+Alt+N", tray.turn_telling),
        (tr("Quit"), "Ctrl+Q", window.leave),
    )


def _helps(window: "MainWindow") -> Sequence[Command]:
    return (
        (tr("Keyboard"), "F1; Ctrl+/", partial(show_shortcuts, window)),
        (tr("First steps"), "Ctrl+Shift+F1", partial(window.go, "welcome")),
        (tr("About Earmark"), "Shift+F1", partial(window.go, "About")),
    )
