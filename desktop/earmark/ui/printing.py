"""A day's brief on paper, through the system's own printing."""

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget

from earmark.errors import KnownError
from earmark.export import Item, Selection, clock_time
from earmark.look import SERIFS
from earmark.pipeline.out import Wish, chosen
from earmark.ui.desk import Desk
from earmark.ui.words import tr

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

MARGIN_MM = 20


def print_day(desk: Desk, parent: QWidget, day: str) -> None:
    """Ask for a printer and print the brief of a day; where this system cannot print, say so."""
    try:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter
    except ImportError:
        desk.say(tr("This system cannot print from here. Export the day as a web page and print that."))
        return
    try:
        selection = chosen(desk.reader, Wish(brief=day), desk.clock)
    except KnownError as error:
        desk.say(str(error))
        return
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(f"Earmark {day}")
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(tr("Print this day"))
    if dialog.exec():
        put_on_paper(selection, printer)
    dialog.deleteLater()


def put_on_paper(selection: Selection, printer: "QPrinter") -> None:
    """Print a selection."""
    from PySide6.QtCore import QMarginsF
    from PySide6.QtGui import QPageLayout

    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    printer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    document = QTextDocument()
    document.setHtml(as_print(selection))
    document.print_(printer)


def as_print(selection: Selection) -> str:
    """What is printed; every text that came from outside is escaped, and nothing is fetched."""
    serif = ", ".join(f"'{family}'" for family in SERIFS) + ", serif"
    parts = [
        f'<h1 style="font-family: {serif}; font-size: 20pt">{escape(section.heading)}</h1>'
        f'<p style="font-size: 9pt; color: #5F6673">{escape(section.note)}</p>'
        + "".join(_printed(entry.item, serif) for entry in section.entries)
        for section in selection.sections
    ]
    return "".join(parts)


def _printed(item: Item, serif: str) -> str:
    source = f"{item.show}, {item.episode}, {clock_time(item.start_ms)}"
    return (
        f'<h2 style="font-family: {serif}; font-size: 13pt">{escape(item.headline)}</h2>'
        f'<p style="font-size: 10.5pt">{escape(item.text)}</p>'
        f'<p style="font-size: 10pt; font-family: {serif}; margin-left: 18px; color: #3C434D">'
        f"“{escape(item.quote)}”</p>"
        f'<p style="font-size: 9pt; color: #5F6673">{escape(source)}</p>'
    )
