"""The look, defined once: colours, type, spacing. Two palettes, one accent, no theme package."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

Theme = Literal["light", "dark", "system"]

GRID = 8
COLUMN = 760
NAV_WIDTH = 212
BAR_HEIGHT = 52
NARROW = 900
SERIFS = ("Charter", "Iowan Old Style", "Georgia", "Noto Serif", "Source Serif 4", "DejaVu Serif")


@dataclass(frozen=True, slots=True)
class Colours:
    """The tokens of one palette."""

    paper: str
    card: str
    ink: str
    soft: str
    muted: str
    line: str
    accent: str
    tint: str
    select: str
    quote: str


LIGHT = Colours(
    paper="#FAF9F6",
    card="#FFFFFF",
    ink="#1F2328",
    soft="#3C434D",
    muted="#5F6673",
    line="#E4E1D9",
    accent="#2F5D50",
    tint="#EAF1EE",
    select="#EFEDE6",
    quote="#F4F2EC",
)
DARK = Colours(
    paper="#15171A",
    card="#1C1F23",
    ink="#E9E7E2",
    soft="#CCCBC6",
    muted="#9BA2AC",
    line="#2B2F35",
    accent="#86C5AE",
    tint="#1F2E29",
    select="#23272C",
    quote="#202429",
)


def colours_of(theme: Theme) -> Colours:
    """The palette of a theme; the system's own wish is read back, since setting it is not always heeded."""
    if theme == "system":
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if theme == "dark" else LIGHT


def serif_family() -> str:
    """The first of our serif families that this system has."""
    known = set(QFontDatabase.families())
    return next((name for name in SERIFS if name in known), "serif")


def font(px: float, *, serif: bool = False, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """A font of `px` pixels at 100%, in the serif for what was said or claimed, else the system's own."""
    made = QFont(serif_family()) if serif else QFont(QApplication.font())
    made.setPointSizeF(px * 0.75)
    made.setWeight(weight)
    return made


def dress(application: QApplication, colours: Colours) -> None:
    """Give the whole program its palette and its style sheet."""
    application.setStyle("Fusion")
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, colours.paper),
        (QPalette.ColorRole.Base, colours.paper),
        (QPalette.ColorRole.AlternateBase, colours.card),
        (QPalette.ColorRole.Button, colours.card),
        (QPalette.ColorRole.WindowText, colours.ink),
        (QPalette.ColorRole.Text, colours.soft),
        (QPalette.ColorRole.ButtonText, colours.ink),
        (QPalette.ColorRole.PlaceholderText, colours.muted),
        (QPalette.ColorRole.Highlight, colours.accent),
        (QPalette.ColorRole.HighlightedText, colours.card),
        (QPalette.ColorRole.Mid, colours.line),
        (QPalette.ColorRole.Link, colours.accent),
        (QPalette.ColorRole.ToolTipBase, colours.card),
        (QPalette.ColorRole.ToolTipText, colours.ink),
    ):
        palette.setColor(role, QColor(colour))
    application.setPalette(palette)
    application.setStyleSheet(style_sheet(colours))


def style_sheet(c: Colours) -> str:
    """The rules that a palette cannot say."""
    return f"""
    QMainWindow, QScrollArea, #page {{ background: {c.paper}; border: none; }}
    #nav {{ background: {c.paper}; border-right: 1px solid {c.line}; }}
    #bar {{ background: {c.card}; border-top: 1px solid {c.line}; }}
    QLabel[kind="ink"] {{ color: {c.ink}; }}
    QLabel[kind="soft"] {{ color: {c.soft}; }}
    QLabel[kind="muted"] {{ color: {c.muted}; }}
    QLabel[kind="accent"] {{ color: {c.accent}; }}
    #hairline {{ background: {c.line}; border: none; }}
    #quote {{ background: {c.quote}; border: none; border-left: 3px solid {c.accent};
              border-top-right-radius: 8px; border-bottom-right-radius: 8px; }}
    QPushButton {{ border: none; border-radius: 8px; background: transparent; }}
    QPushButton:focus {{ outline: none; border: 2px solid {c.accent}; }}
    QPushButton[look="place"] {{ text-align: left; padding: 8px 10px; color: {c.soft};
              border: 2px solid transparent; }}
    QPushButton[look="place"]:checked {{ background: {c.select}; color: {c.ink}; font-weight: 600; }}
    QPushButton[look="place"]:hover {{ text-decoration: underline; }}
    QPushButton[look="place"]:focus {{ border: 2px solid {c.accent}; }}
    QPushButton[look="word"], QPushButton[look="play"], QPushButton[look="title"] {{ padding: 2px 2px;
              border: 2px solid transparent; border-radius: 4px; }}
    QPushButton[look="word"] {{ color: {c.muted}; }}
    QPushButton[look="play"] {{ color: {c.accent}; font-weight: 600; }}
    QPushButton[look="word"]:hover, QPushButton[look="play"]:hover {{ text-decoration: underline; }}
    QPushButton[look="word"]:focus, QPushButton[look="play"]:focus {{ border: 2px solid {c.accent}; }}
    QPushButton[look="word"]:disabled {{ color: {c.line}; }}
    QPushButton[look="main"] {{ background: {c.accent}; color: {c.card}; font-weight: 600;
              padding: 8px 14px; border: 2px solid {c.accent}; }}
    QPushButton[look="main"]:focus {{ border: 2px solid {c.ink}; }}
    QPushButton[look="plain"] {{ background: {c.card}; color: {c.ink}; border: 1px solid {c.line};
              padding: 9px 14px; }}
    QPushButton[look="plain"]:focus {{ border: 2px solid {c.accent}; padding: 8px 13px; }}
    QPushButton[look="main"]:hover, QPushButton[look="plain"]:hover {{ text-decoration: underline; }}
    QProgressBar {{ background: {c.line}; border: none; border-radius: 2px; max-height: 4px; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: 2px; }}
    QLineEdit {{ background: {c.card}; color: {c.ink}; border: 1px solid {c.line}; border-radius: 8px;
              padding: 8px; }}
    QLineEdit:focus {{ border: 2px solid {c.accent}; padding: 7px; }}
    QMenuBar, QMenu {{ background: {c.paper}; color: {c.soft}; }}
    QMenu::item:selected, QMenuBar::item:selected {{ background: {c.select}; color: {c.ink}; }}
    QDialog {{ background: {c.paper}; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {c.line}; border-radius: 5px; min-height: 32px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
    QTableView {{ background: {c.paper}; color: {c.soft}; border: none; gridline-color: {c.line}; }}
    """
