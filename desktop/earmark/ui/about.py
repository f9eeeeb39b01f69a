"""About: the version, what it is made of, where everything lies, and facts for a report."""

from pathlib import Path

from PySide6.QtCore import Signal, qVersion
from PySide6.QtGui import QGuiApplication

from earmark import __version__
from earmark.pipeline.ships import Part, parts, report
from earmark.ui.below import said
from earmark.ui.desk import Desk
from earmark.ui.flow import flow
from earmark.ui.line_place import LinePlace
from earmark.ui.lines import LineList
from earmark.ui.listed import Row
from earmark.ui.opening import open_path
from earmark.ui.parts import Label, button
from earmark.ui.theme import GRID
from earmark.ui.words import shown, tr


class AboutPage(LinePlace):
    """Signals: copy_asked(); folder_asked()."""

    copy_asked = Signal()
    folder_asked = Signal()

    def __init__(self) -> None:
        rows = LineList(tr("What Earmark is made of"), height=52, figure_width=0)
        super().__init__(tr("Earmark"), rows)
        self._where = Label("", 13, "muted")
        self.add(self._where, 4)
        copy = button(tr("Copy facts for a report"), "plain", self.copy_asked.emit, px=14)
        folder = button(tr("Open the data folder"), "plain", self.folder_asked.emit, px=14)
        self.add(flow((copy, folder)), 2 * GRID)
        told = tr("The facts name this computer, the version and counts; no title, no address, no path.")
        self.add(Label(told, 13, "muted"), GRID)

    def show_parts(self, made_of: tuple[Part, ...], folder: Path) -> None:
        """Set everything."""
        version = tr(
            "Version {version}, under the MIT licence. No account, no server, nothing that counts you."
        )
        self.detail.setText(version.format(version=__version__))
        self._where.setText(tr("Everything that is yours lies in {folder}").format(folder=shown(str(folder))))
        head = Row(tr("Made of"), heading=True)
        self.rows.set_rows([head, *map(part_line, made_of)])


def part_line(part: Part) -> Row:
    """A part as a row."""
    title = f"{part.name} {part.version}".strip()
    note = said(part.note)
    return Row(title, note, part.licence, spoken=", ".join(filter(None, (title, part.licence, note))))


class AboutRoom:
    """Shows "About"."""

    kinds = ("About",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.page = AboutPage()
        self.page.copy_asked.connect(self._copy)
        self.page.folder_asked.connect(self._open)

    def name(self, _address: str) -> str:
        """About."""
        return tr("About")

    def show(self, _address: str) -> None:
        """The version and what ships."""
        self.page.show_parts(parts(), self._desk.choices.paths.data)

    def _copy(self) -> None:
        window = f"Qt {qVersion()}, {QGuiApplication.platformName()}"
        counts = self._desk.reader.library_counts()
        self._desk.copied.emit(report(self._desk.choices.paths, self._desk.choices(), counts, window))

    def _open(self) -> None:
        folder = self._desk.choices.paths.data
        if not open_path(folder):
            self._desk.say(tr("Nothing here opens it. It lies at {path}").format(path=folder))
