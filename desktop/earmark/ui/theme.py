"""The look, defined once: colours, type, spacing. Two palettes, one accent, no theme package.

Every token is also a role of the program's palette, so that a widget asks its own palette for a colour and
is repainted by Qt when the palette changes.
"""

import sys
from dataclasses import fields
from functools import cache
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from earmark.look import COLUMN as COLUMN
from earmark.look import DARK, LIGHT, SERIFS, Colours

Theme = Literal["light", "dark", "system"]
Token = Literal["paper", "card", "ink", "soft", "muted", "line", "accent", "tint", "select", "quote"]

GRID = 8
NAV_WIDTH, NAV_NARROW_WIDTH = 212, 60
BAR_HEIGHT = 52
NARROW, NARROWEST = 900, 700
RING = 4
"""What a word keeps free at each side for the focus ring; rows of words reach this far over their edge."""

_POINTS_PER_PIXEL = 1.0 if sys.platform == "darwin" else 0.75
"""Points, because pixel sizes are whole numbers and ignore the user's own text size."""

_ROLES: dict[str, tuple[QPalette.ColorRole, ...]] = {
    "paper": (QPalette.ColorRole.Window, QPalette.ColorRole.Base),
    "card": (QPalette.ColorRole.Button, QPalette.ColorRole.HighlightedText, QPalette.ColorRole.ToolTipBase),
    "ink": (QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText, QPalette.ColorRole.ToolTipText),
    "soft": (QPalette.ColorRole.Text,),
    "muted": (QPalette.ColorRole.PlaceholderText,),
    "line": (QPalette.ColorRole.Mid,),
    "accent": (QPalette.ColorRole.Highlight, QPalette.ColorRole.Link, QPalette.ColorRole.Accent),
    "tint": (QPalette.ColorRole.Midlight,),
    "select": (QPalette.ColorRole.Light,),
    "quote": (QPalette.ColorRole.AlternateBase,),
}


def colours_of(theme: Theme) -> Colours:
    """The palette of a theme; the system's own wish is read back, since setting it is not always heeded."""
    if theme == "system":
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if theme == "dark" else LIGHT


def colour(widget: QWidget, token: Token) -> QColor:
    """A token in the palette that is in use now."""
    return widget.palette().color(_ROLES[token][0])


@cache
def serif_family() -> str:
    """The first of our serif families that this system has."""
    known = set(QFontDatabase.families())
    return next((name for name in SERIFS if name in known), "serif")


def font(px: float, *, serif: bool = False, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """A font of `px` pixels at 100%, in the serif for what was said or claimed, else the system's own."""
    made = QFont(serif_family()) if serif else QFont(QApplication.font())
    made.setPointSizeF(px * _POINTS_PER_PIXEL)
    made.setWeight(weight)
    return made


def dress(application: QApplication, theme: Theme) -> None:
    """Give the whole program its palette and its style sheet; Fusion, but on macOS the system's style.

    The system is told of a chosen theme, so that title bars follow. Bare X11 does not heed it, which is why
    the palette is ours in any case.
    """
    scheme = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}
    QGuiApplication.styleHints().setColorScheme(scheme[theme])
    if sys.platform != "darwin" and application.style().name() != "fusion":
        application.setStyle("Fusion")
    colours = colours_of(theme)
    palette = QPalette()
    for field in fields(colours):
        for role in _ROLES[field.name]:
            palette.setColor(role, QColor(getattr(colours, field.name)))
    application.setPalette(palette)
    application.setStyleSheet(style_sheet(colours))


def style_sheet(c: Colours) -> str:
    """The rules that a palette cannot say."""
    return f"""
    QMainWindow, QDialog, QScrollArea, #page {{ background: {c.paper}; border: none; }}
    #nav {{ background: {c.paper}; border-right: 1px solid {c.line}; }}
    #bar {{ background: {c.card}; border-top: 1px solid {c.line}; }}
    QLabel[kind="ink"] {{ color: {c.ink}; }}
    QLabel[kind="soft"] {{ color: {c.soft}; }}
    QLabel[kind="muted"] {{ color: {c.muted}; }}
    QLabel[kind="accent"] {{ color: {c.accent}; }}
    #hairline {{ background: {c.line}; border: none; }}
    #quote {{ background: {c.quote}; border: none; border-left: 3px solid {c.accent};
              border-top-right-radius: 8px; border-bottom-right-radius: 8px; }}
    QPushButton {{ border: 2px solid transparent; background: transparent; outline: none; }}
    QPushButton[look="place"] {{ text-align: left; padding: 0 10px; color: {c.soft}; border-radius: 8px; }}
    QPushButton[look="place"][narrow="true"] {{ text-align: center; padding: 0; }}
    QPushButton[look="place"]:checked {{ background: {c.select}; color: {c.ink}; font-weight: 600; }}
    QPushButton[look="title"], QPushButton[look="word"], QPushButton[look="play"] {{ border-radius: 4px; }}
    QPushButton[look="word"], QPushButton[look="play"] {{ padding: 1px 2px; }}
    QPushButton[look="word"] {{ color: {c.muted}; }}
    QPushButton[look="word"]:disabled {{ color: {c.line}; }}
    QPushButton[look="play"] {{ color: {c.accent}; font-weight: 600; }}
    QPushButton[look="main"], QPushButton[look="plain"] {{ padding: 0 12px; border-radius: 8px; }}
    QPushButton[look="main"] {{ background: {c.accent}; color: {c.card}; font-weight: 600;
              border-color: {c.accent}; }}
    QPushButton[look="plain"] {{ background: {c.card}; color: {c.soft}; border: 1px solid {c.line};
              padding: 0 13px; }}
    QPushButton[look="day"] {{ color: {c.accent}; font-weight: 600; border-radius: 8px; }}
    QPushButton[look="day"]:checked {{ background: {c.select}; }}
    QPushButton:hover {{ text-decoration: underline; }}
    QPushButton:focus {{ border: 2px solid {c.accent}; }}
    QPushButton[look="plain"]:focus {{ padding: 0 12px; }}
    QPushButton[look="main"]:focus {{ border-color: {c.ink}; }}
    QPushButton::menu-indicator {{ width: 0; image: none; }}
    QProgressBar {{ background: {c.line}; border: none; border-radius: 2px; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: 2px; }}
    QMenu {{ background: {c.card}; color: {c.soft}; border: 1px solid {c.line}; padding: 4px 0; }}
    QMenu::item {{ padding: 6px 24px 6px 16px; }}
    QMenu::item:selected {{ background: {c.select}; color: {c.ink}; }}
    QMenu::separator {{ height: 1px; background: {c.line}; margin: 4px 0; }}
    QToolTip {{ background: {c.card}; color: {c.ink}; border: 1px solid {c.line}; padding: 4px; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
    QScrollBar::handle:vertical {{ background: {c.line}; border-radius: 3px; min-height: 32px; }}
    QScrollBar::handle:vertical:disabled {{ background: transparent; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """ + _fields_sheet(c)


def _fields_sheet(c: Colours) -> str:
    """What is typed into, and long lists."""
    return f"""
    QLineEdit {{ background: {c.card}; color: {c.ink}; border: 1px solid {c.line}; border-radius: 8px;
              padding: 8px; }}
    QPlainTextEdit {{ background: {c.card}; color: {c.ink}; border: 1px solid {c.line}; border-radius: 8px;
              padding: 4px; }}
    QPlainTextEdit:focus {{ border: 2px solid {c.accent}; padding: 3px; }}
    QLineEdit[look="small"] {{ padding: 3px 6px; }}
    QLineEdit[look="small"]:focus {{ padding: 2px 5px; }}
    QPushButton[look="word"]:checked {{ color: {c.ink}; text-decoration: underline; }}
    QLineEdit:focus {{ border: 2px solid {c.accent}; padding: 7px; }}
    QListView[rows="true"] {{ background: {c.paper}; border: none; outline: none; }}
    """
