"""The window: lays out the places and forwards what they ask for; it decides and stores nothing."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from earmark.clock import Clock
from earmark.errors import KnownError
from earmark.jobs import Jobs
from earmark.library import Reader
from earmark.records import EpisodeId, InsightId, Progress
from earmark.ui.frame import AddShow, Bar, Places, add_menu
from earmark.ui.history import History
from earmark.ui.moments import Moments
from earmark.ui.pages import PLACES, Pages
from earmark.ui.theme import NARROW, Theme, colours_of, dress
from earmark.ui.words import network_note, tr


class MainWindow(QMainWindow):
    """Earmark's window over one library."""

    def __init__(
        self,
        reader: Reader,
        jobs: Jobs,
        *,
        clock: Clock,
        audio_path: Callable[[EpisodeId], Path | None],
        theme: Theme = "system",
    ) -> None:
        super().__init__()
        self.setWindowTitle("Earmark")
        self.resize(1280, 860)
        self._reader, self._jobs, self._clock = reader, jobs, clock
        self.moments = Moments(reader, jobs, audio_path)
        self._theme: Theme = theme
        self._history = History("Today")
        self._paused = False
        self._lay_out()
        self._connect()
        self._add_menu()
        self._redress()

    def _lay_out(self) -> None:
        self.places, self.bar = Places(), Bar()
        self.pages = Pages(self._reader, self._clock, colours_of(self._theme))
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.pages, 1)
        right.addWidget(self.bar)
        whole = QWidget()
        across = QHBoxLayout(whole)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.places)
        across.addLayout(right, 1)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        self.places.chosen.connect(self.go)
        for page in (self.pages.today, self.pages.saved, self.pages.insight):
            page.opened.connect(self.go)
            page.played.connect(self.moments.play)
        for page in (self.pages.today, self.pages.insight):
            page.save_asked.connect(self._save)
        self.pages.today.day_asked.connect(self.go)
        self.pages.today.add_asked.connect(self.ask_for_show)
        self.pages.library.add_asked.connect(self.ask_for_show)
        self.pages.insight.copied.connect(self._copy)
        self.pages.insight.back_asked.connect(self.back)
        self.pages.insight.forward_asked.connect(self.forward)
        self.bar.pause_asked.connect(self._pause)
        self.bar.go_asked.connect(self._go_on)
        self.bar.audio_asked.connect(self.moments.fetch)
        self.moments.player.said.connect(self.bar.say)
        self.moments.audio_missing.connect(self.bar.offer_audio)
        self._jobs.changed.connect(self._on_changed)
        self._jobs.progressed.connect(self._on_progress)
        self._jobs.failed.connect(self.bar.say)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._redress)

    def _add_menu(self) -> None:
        places = [(tr(p), f"Ctrl+{n}", partial(self.go, p)) for n, p in enumerate(PLACES, start=1)]
        ways = [(tr("Back"), "Alt+Left", self.back), (tr("Forward"), "Alt+Right", self.forward)]
        add_menu(self, tr("Go"), [*places, *ways])
        add_menu(
            self,
            tr("Library"),
            [
                (tr("Add a show"), "Ctrl+N", self.ask_for_show),
                (tr("Ask all shows for news"), "F5", self._jobs.refresh),
                (tr("Play or pause"), "Ctrl+P", self.moments.player.toggle),
                (tr("Quit"), "Ctrl+Q", self.close),
            ],
        )

    @Slot()
    def _redress(self) -> None:
        colours = colours_of(self._theme)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            dress(application, colours)
        self.pages.insight.colours = colours
        self.show_here()

    @Slot(str)
    def go(self, place: str) -> None:
        """Show a place, a past day, or an insight, and remember the way."""
        self._history.visit(place)
        self.show_here()

    @Slot()
    def back(self) -> None:
        """Where the user was before."""
        if self._history.back():
            self.show_here()

    @Slot()
    def forward(self) -> None:
        """Where the user was before going back."""
        if self._history.forward():
            self.show_here()

    def show_here(self) -> None:
        """Ask the library anew for what the current place shows."""
        self.places.show_place(self._history.here)
        try:
            self.pages.show_place(self._history)
        except KnownError as error:
            self.bar.say(str(error))
        counts = self._reader.library_counts()
        self.places.show_count("Library", counts["feeds"])
        self.places.show_count("Saved", counts["saved"])
        self.places.show_count("Activity", counts["waiting"] + counts["running"])
        self.places.note.setText(network_note(self._reader.requests(), self.pages.day_today()))

    @Slot()
    def ask_for_show(self) -> None:
        """Ask for the address of a show."""
        dialog = AddShow(self)
        dialog.given.connect(self._jobs.add_feed)
        dialog.open()

    @Slot(str, bool)
    def _save(self, insight_id: str, saved: bool) -> None:
        self._jobs.set_mark(InsightId(insight_id), saved=saved)

    @Slot(str)
    def _copy(self, words: str) -> None:
        QGuiApplication.clipboard().setText(words)
        self.bar.say(tr("Copied."))

    @Slot()
    def _pause(self) -> None:
        self._paused = True
        self._jobs.pause()
        self.bar.show_paused()

    @Slot()
    def _go_on(self) -> None:
        self._paused = False
        self._jobs.process()

    @Slot(object)
    def _on_changed(self, _changes: object) -> None:
        self.show_here()
        self.moments.look_again()

    @Slot(object)
    def _on_progress(self, progress: Progress | None) -> None:
        if not self._paused:
            self.bar.show_progress(progress)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Give the column the room in a small window."""
        self.places.be_narrow(event.size().width() < NARROW)
        super().resizeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Close at once; the work stops at its next stored unit."""
        self.hide()
        self.moments.player.stop()
        self._jobs.shutdown()
        super().closeEvent(event)
