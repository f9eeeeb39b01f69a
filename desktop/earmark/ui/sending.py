"""Out of the window: insights as files, and a day on paper."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from earmark.clock import local_date
from earmark.errors import KnownError
from earmark.library import Reader
from earmark.pipeline import Tools, Watch
from earmark.pipeline.out import Wish, Written, write_out
from earmark.ui.desk import Desk
from earmark.ui.export_dialog import ExportDialog, Order
from earmark.ui.printing import print_day
from earmark.ui.words import count_of, long_day, shown, tr

KIND = "export"


def send_out(desk: Desk, parent: QWidget, asked: str, day: str) -> None:
    """Export or print the brief of a day."""
    if asked == "print":
        print_day(desk, parent, day)
    else:
        export(desk, parent, Wish(brief=day), long_day(day), f"earmark-{day}")


def export(desk: Desk, parent: QWidget, wish: Wish, what: str, stem: str = "") -> ExportDialog:
    """Ask for form and place, then write; the dialog stays until it is written, or says why it was not."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    stem = stem or f"earmark-{local_date(desk.clock).isoformat()}"
    dialog = ExportDialog(parent, what, Path(folder or Path.home()), stem)

    def write(order: Order) -> None:
        desk.find(KIND, lambda reader, tools, watch: written(reader, tools, watch, wish, order), tell)

    def tell(result: Written | KnownError) -> None:
        if isinstance(result, KnownError):
            dialog.show_fault(str(result))
            return
        dialog.accept()
        desk.offer(_told(result), tr("Show the folder"), lambda: show_folder(result.path))

    dialog.given.connect(write)
    dialog.stopped.connect(lambda: desk.asides.stop(KIND))
    desk.asides.progressed.connect(lambda progress: dialog.show_progress(_doing(progress.subject)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def written(reader: Reader, tools: Tools, watch: Watch, wish: Wish, order: Order) -> Written:
    """Write what is wished for in the form that was decided. Raises KnownError, Cancelled."""
    return write_out(
        reader,
        tools.media,
        tools.paths,
        order.form,
        wish,
        order.to,
        tools.clock,
        watch,
        with_clips=order.with_clips,
        replace=order.replace,
    )


def show_folder(path: Path) -> None:
    """Open the folder that holds a file, or the folder itself, in the system's own way."""
    folder = path if path.is_dir() else path.parent
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder.absolute())))


def _told(result: Written) -> str:
    count = count_of(result.insights, "%n insight", "%n insights")
    text = tr("{insights} written to {place}.").format(insights=count, place=shown(result.path.name))
    if result.problems:
        missing = count_of(len(result.problems), "%n episode", "%n episodes")
        text += " " + tr("There is no sound from {episodes}.").format(episodes=missing)
    return text


def _doing(subject: str) -> str:
    return tr("Taking sound from {episode}").format(episode=shown(subject))
