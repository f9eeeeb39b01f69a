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
from earmark.look import DARK, HIGH_DARK, HIGH_LIGHT, LIGHT, SERIFS, Colours
from earmark.settings import Contrast
from earmark.settings import Theme as Theme

Token = Literal["paper", "card", "ink", "soft", "muted", "line", "accent", "tint", "select", "quote", "fault"]

GRID = 8
NAV_WIDTH, NAV_NARROW_WIDTH = 212, 60
BAR_HEIGHT = 52
NARROW, NARROWEST = 900, 700
SCROLL_BAR_WIDTH = 10
RING = 4
"""What a word keeps free at each side for the focus ring; rows of words reach this far over their edge."""

_POINTS_PER_PIXEL = 1.0 if sys.platform == "darwin" else 0.75
"""Points, because pixel sizes are whole numbers and ignore the user's own text size."""
_AT_100 = "size at 100%"
_zoomed = {"factor": 1.0, "points": 0.0}

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
    "fault": (QPalette.ColorRole.BrightText,),
}


def colours_of(theme: Theme, contrast: Contrast = "normal") -> Colours:
    """The palette of a theme; the system's own wish is read back, since setting it is not always heeded."""
    hints = QGuiApplication.styleHints()
    dark = hints.colorScheme() == Qt.ColorScheme.Dark if theme == "system" else theme == "dark"
    wanted = hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
    high = wanted if contrast == "system" else contrast == "high"
    if high:
        return HIGH_DARK if dark else HIGH_LIGHT
    return DARK if dark else LIGHT


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
    made.setPointSizeF(px * _POINTS_PER_PIXEL * _zoomed["factor"])
    made.setWeight(weight)
    return made


def zoom() -> float:
    """How large text is: 1.0 as it was drawn, 2.0 twice that."""
    return _zoomed["factor"]


def zoomed(px: float) -> int:
    """A length that follows the size of text."""
    return round(px * _zoomed["factor"])


def keep_size(widget: QWidget, width: int = 0, height: int = 0, around: int = 0) -> None:
    """Give a widget a fixed width or height (0: leave it free) that follows the size of text.

    `around` is what of the height is room above and below the text, which stays as it is.
    """
    widget.setProperty(_AT_100, [width, height, around])
    if width:
        widget.setFixedWidth(zoomed(width))
    if height:
        widget.setFixedHeight(zoomed(height - around) + around)


def zoom_to(application: QApplication, factor: float) -> None:
    """Make every text so large, also where it stands already, and what has a size because of its text."""
    ratio = factor / _zoomed["factor"]
    _zoomed["points"] = _zoomed["points"] or application.font().pointSizeF()
    _zoomed["factor"] = factor
    chosen = filter(_has_own_font, application.allWidgets())
    sizes = [(widget, widget.font().pointSizeF() * ratio) for widget in chosen]
    base = application.font()
    base.setPointSizeF(_zoomed["points"] * factor)
    application.setFont(base)
    for widget, points in sizes:
        larger = widget.font()
        larger.setPointSizeF(points)
        widget.setFont(larger)
    for widget in application.allWidgets():
        if at_100 := widget.property(_AT_100):
            keep_size(widget, *at_100)


def dress(application: QApplication, theme: Theme, contrast: Contrast = "normal") -> None:
    """Give the whole program its palette and its style sheet; Fusion, but on macOS the system's style.

    The system is told of a chosen theme, so that title bars follow. Bare X11 does not heed it, which is why
    the palette is ours in any case.
    """
    scheme = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}
    QGuiApplication.styleHints().setColorScheme(scheme[theme])
    if sys.platform != "darwin" and not application.styleSheet():  # the style hides behind the sheet
        application.setStyle("Fusion")
    colours = colours_of(theme, contrast)
    palette = QPalette()
    for field in fields(colours):
        for role in _ROLES[field.name]:
            palette.setColor(role, QColor(getattr(colours, field.name)))
    application.setPalette(palette)
    sheet = style_sheet(colours)
    if sheet == application.styleSheet():
        return
    chosen = [(widget, widget.font()) for widget in application.allWidgets() if _has_own_font(widget)]
    application.setStyleSheet(sheet)
    for widget, wanted in chosen:  # a new sheet brings back the fonts of the time before text was zoomed
        if widget.font() != wanted:
            widget.setFont(wanted)


def _has_own_font(widget: QWidget) -> bool:
    return widget.testAttribute(Qt.WidgetAttribute.WA_SetFont)


def style_sheet(c: Colours) -> str:
    """The rules that a palette cannot say."""
    return _choice_sheet(c) + _pages_and_words(c) + _fields_lists_and_menus(c)


def _pages_and_words(c: Colours) -> str:
    return f"""
    QMainWindow, QDialog, QScrollArea, #page {{ background: {c.paper}; border: none; }}
    #nav {{ background: {c.paper}; border-right: 1px solid {c.line}; }}
    #bar {{ background: {c.card}; border-top: 1px solid {c.line}; }}
    QLabel[kind="ink"] {{ color: {c.ink}; }}
    QLabel[kind="soft"] {{ color: {c.soft}; }}
    QLabel[kind="muted"] {{ color: {c.muted}; }}
    QLabel[kind="accent"] {{ color: {c.accent}; }}
    QLabel[kind="fault"] {{ color: {c.fault}; }}
    #hairline {{ background: {c.line}; border: none; }}
    #quote {{ background: {c.quote}; border: none; border-left: 3px solid {c.accent};
              border-top-right-radius: 8px; border-bottom-right-radius: 8px; }}
    #quote[turned="true"] {{ border-left: none; border-right: 3px solid {c.accent}; border-radius: 0;
              border-top-left-radius: 8px; border-bottom-left-radius: 8px; }}
    QPushButton {{ border: 2px solid transparent; background: transparent; outline: none; }}
    QPushButton[look="place"] {{ text-align: left; padding: 0 10px; color: {c.soft}; border-radius: 8px; }}
    QPushButton[look="place"][narrow="true"] {{ text-align: center; padding: 0; }}
    QPushButton[look="place"]:checked {{ background: {c.select}; color: {c.ink}; font-weight: 600; }}
    QPushButton[look="title"], QPushButton[look="word"], QPushButton[look="play"] {{ border-radius: 4px; }}
    QPushButton[look="word"], QPushButton[look="play"] {{ padding: 1px 2px; }}
    QPushButton[look="word"] {{ color: {c.muted}; }}
    QPushButton[look="word"]:checked {{ color: {c.ink}; font-weight: 600; }}
    QPushButton[look="word"]:disabled {{ color: {c.line}; }}
    QPushButton[look="play"] {{ color: {c.accent}; font-weight: 600; }}
    QPushButton[look="main"], QPushButton[look="plain"] {{ padding: 0 12px; border-radius: 8px; }}
    QPushButton[look="main"] {{ background: {c.accent}; color: {c.card}; font-weight: 600;
              border-color: {c.accent}; }}
    QPushButton[look="plain"] {{ background: {c.card}; color: {c.soft}; border: 1px solid {c.line};
              padding: 0 13px; }}
    QPushButton[look="day"] {{ color: {c.accent}; font-weight: 600; border-radius: 8px; }}
    QPushButton[look="day"][today="true"] {{ background: {c.select}; }}
    QPushButton:hover {{ text-decoration: underline; }}
    QPushButton:focus {{ border: 2px solid {c.accent}; }}
    QPushButton[look="plain"]:focus {{ padding: 0 12px; }}
    QPushButton[look="main"]:focus {{ border-color: {c.ink}; }}
    QPushButton::menu-indicator {{ width: 0; image: none; }}
    """


def _fields_lists_and_menus(c: Colours) -> str:
    """The rules of what is typed into, chosen from, and scrolled."""
    return f"""
    QProgressBar {{ background: {c.line}; border: none; border-radius: 2px; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: 2px; }}
    QLineEdit, QPlainTextEdit {{ background: {c.card}; color: {c.ink}; border: 1px solid {c.line};
              border-radius: 8px; padding: 6px 8px; }}
    QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {c.accent}; padding: 5px 7px; }}
    QLineEdit[look="small"] {{ padding: 3px 6px; }}
    QLineEdit[look="small"]:focus {{ padding: 2px 5px; }}
    QRadioButton {{ color: {c.soft}; spacing: 8px; border: 2px solid transparent; border-radius: 4px;
              padding: 3px 2px; }}
    QRadioButton:focus {{ border-color: {c.accent}; }}
    QRadioButton::indicator {{ width: 10px; height: 10px; border: 2px solid {c.muted}; border-radius: 7px; }}
    QRadioButton::indicator:checked {{ border-color: {c.accent}; background: {c.accent}; }}
    QCheckBox {{ color: {c.soft}; spacing: 8px; border: 2px solid transparent; border-radius: 4px;
              padding: 3px 2px; }}
    QCheckBox:focus {{ border-color: {c.accent}; }}
    QCheckBox::indicator {{ width: 12px; height: 12px; border: 2px solid {c.muted}; border-radius: 4px; }}
    QCheckBox::indicator:checked {{ border-color: {c.accent}; background: {c.accent}; }}
    QCheckBox:disabled {{ color: {c.muted}; }}
    QCheckBox::indicator:disabled {{ border-color: {c.line}; }}
    QCheckBox::indicator:checked:disabled {{ background: {c.line}; }}
    QSlider::groove:horizontal {{ height: 4px; background: {c.line}; border-radius: 2px; }}
    QSlider::sub-page:horizontal {{ background: {c.accent}; border-radius: 2px; }}
    QSlider::handle:horizontal {{ width: 12px; margin: -4px 0; border-radius: 6px; background: {c.accent};
              border: 2px solid {c.card}; }}
    QSlider:focus {{ border: 2px solid {c.accent}; border-radius: 4px; }}
    QSlider {{ border: 2px solid transparent; min-height: 20px; }}
    QListView {{ background: {c.paper}; border: none; outline: none; }}
    QMenu {{ background: {c.card}; color: {c.soft}; border: 1px solid {c.line}; padding: 4px 0; }}
    QMenu::item {{ padding: 6px 24px 6px 16px; }}
    QMenu::item:selected {{ background: {c.select}; color: {c.ink}; }}
    QMenu::separator {{ height: 1px; background: {c.line}; margin: 4px 0; }}
    QToolTip {{ background: {c.card}; color: {c.ink}; border: 1px solid {c.line}; padding: 4px; }}
    QScrollBar:vertical {{ background: transparent; width: {SCROLL_BAR_WIDTH}px; margin: 2px; }}
    QScrollBar::handle:vertical {{ background: {c.line}; border-radius: 3px; min-height: 32px; }}
    QScrollBar::handle:vertical:disabled {{ background: transparent; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """


def _choice_sheet(c: Colours) -> str:
    """Words of which one is chosen."""
    return f"""
    QPushButton[look="choice"] {{ color: {c.soft}; background: {c.card}; border: 1px solid {c.line};
              border-radius: 8px; padding: 0 11px; }}
    QPushButton[look="choice"]:checked {{ color: {c.ink}; background: {c.tint}; border-color: {c.accent}; }}
    QPushButton[look="choice"]:focus {{ border: 2px solid {c.accent}; padding: 0 10px; }}
    """
