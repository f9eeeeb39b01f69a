"""The dialog that asks in which form insights go out, and where to."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from earmark.pipeline.out import Form
from earmark.pipeline.out.write import ENDINGS, HEARD
from earmark.ui.choice import Choice
from earmark.ui.fields import Check
from earmark.ui.flow import spread
from earmark.ui.parts import SEMI_BOLD, Label, button, row
from earmark.ui.sheet import Sheet
from earmark.ui.theme import GRID, font
from earmark.ui.words import tr

WIDTH = 560


@dataclass(frozen=True, slots=True)
class Order:
    """What the user decided: the form, the place, with sound or without, and whether a file is replaced."""

    form: Form
    to: Path
    with_clips: bool
    replace: bool


class ExportDialog(Sheet):
    """Asks for form and place. Signals: given(Order), stopped()."""

    given = Signal(object)
    stopped = Signal()

    def __init__(self, parent: QWidget, what: str, folder: Path, stem: str) -> None:
        super().__init__(parent, tr("Export"), WIDTH)
        self._stem, layout = stem, self.inside
        layout.addWidget(Label(what, 18.5, "ink", serif=True, weight=SEMI_BOLD))
        self.form = Choice(tr("Form"), _forms(), look="plain")
        self.form.chosen.connect(self._show_form)
        layout.addSpacing(GRID)
        layout.addLayout(row(self.form, None))
        self._about = Label("", 13, "muted")
        layout.addWidget(self._about)
        self.clips = Check(tr("With the sound of each moment, where it is on this computer"), 14)
        self.clips.setChecked(True)
        layout.addWidget(self.clips)
        layout.addSpacing(GRID)
        self.place = QLineEdit(str(folder / stem))
        self.place.setFont(font(14))
        self.place.setAccessibleName(tr("Where it is written"))
        self.place.textChanged.connect(self._warn)
        layout.addWidget(spread(self.place, (button(tr("Choose"), "plain", self._choose, px=14),)))
        self._told, self._fault = Label("", 13, "muted"), Label("", 13, "fault")
        layout.addWidget(self._told)
        layout.addWidget(self._fault)
        self._write = button(tr("Export"), "main", self._give, px=14)
        self._write.setDefault(True)
        self._cancel = button(tr("Cancel"), "plain", self.reject, px=14)
        self.rejected.connect(self.stopped)
        self._show_form(self.form.key)
        self.end(spread(QWidget(), (self._cancel, self._write), 0, 4))
        self.place.setFocus()

    def show_fault(self, text: str) -> None:
        """Say why nothing was written; the user may try again."""
        self._write.setEnabled(True)
        self._told.setText("")
        self._fault.setText(text)
        self.fit()

    def show_progress(self, text: str) -> None:
        """Say what is being done."""
        self._fault.setText("")
        self._told.setText(text)
        self.fit()

    def order(self) -> Order:
        """What is decided so far."""
        form: Form = self.form.key  # type: ignore[assignment]
        to = Path(self.place.text().strip()).expanduser()
        return Order(form, to, self.clips.isChecked() and form in HEARD, replace=self._is_there())

    def _is_there(self) -> bool:
        text = self.place.text().strip()
        return self.form.key != "markdown" and bool(text) and Path(text).expanduser().is_file()

    def _give(self) -> None:
        if not self.place.text().strip():
            self.place.setFocus()
            return
        self._write.setEnabled(False)
        self.show_progress(tr("Being written"))
        self.given.emit(self.order())

    def _show_form(self, form: str) -> None:
        place = Path(self.place.text().strip())
        ending = ENDINGS.get(form, "")  # type: ignore[call-overload]
        name = self._stem if place.suffix in ENDINGS.values() or place.name == self._stem else place.name
        self.place.setText(str(place.with_name("Earmark" if form == "markdown" else name + ending)))
        self._about.setText(_about(form))
        self.clips.setEnabled(form in HEARD)
        self._warn()

    def _warn(self) -> None:
        there = self._is_there()
        self.show_progress(tr("There is a file of this name. It will be replaced.") if there else "")
        self._write.setText(tr("Replace it") if there else tr("Export"))

    def _choose(self) -> None:
        here = self.place.text()
        if self.form.key == "markdown":
            chosen = QFileDialog.getExistingDirectory(self, tr("Choose a folder"), here)
        else:
            options = QFileDialog.Option.DontConfirmOverwrite
            chosen, _ = QFileDialog.getSaveFileName(self, tr("Choose a place"), here, options=options)
        if chosen:
            self.place.setText(chosen)


def _forms() -> list[tuple[str, str]]:
    return [
        ("markdown", tr("Markdown notes")),
        ("html", tr("Web page")),
        ("epub", tr("Book (EPUB)")),
        ("anki", tr("Flashcards (Anki)")),
        ("csv", tr("Table (CSV)")),
        ("json", tr("Data (JSON)")),
        ("text", tr("Plain text")),
    ]


def _about(form: str) -> str:
    return {
        "markdown": tr(
            "A folder of notes with links between them, for Obsidian and the like; renewed later."
        ),
        "html": tr("One file for any browser, with the sound inside."),
        "epub": tr("For book readers."),
        "anki": tr("A deck to learn from: the claim on one side, the words that prove it on the other."),
        "csv": tr("For Readwise and for spreadsheets."),
        "json": tr("For programs."),
        "text": tr("For anything that shows text."),
    }[form]
