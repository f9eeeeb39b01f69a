"""The window: lays out the places and forwards what they ask for. It decides nothing and stores nothing."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from earmark.clock import Clock
from earmark.errors import KnownError
from earmark.jobs import Jobs
from earmark.library import Reader
from earmark.records import EpisodeId, InsightId, Progress
from earmark.ui.frame import AddShow, Bar, Places
from earmark.ui.history import History
from earmark.ui.pages import PLACES, Pages
from earmark.ui.player import Player
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
        self._reader, self._jobs, self._clock, self._audio_path = reader, jobs, clock, audio_path
        self._theme: Theme = theme
        self._history = History("Today")
        self._wanted_audio: InsightId | None = None
        self._paused = False
        self._lay_out()
        self._connect()
        self._add_menu()
        self._redress()

    def _lay_out(self) -> None:
        self.places, self.bar, self.player = Places(), Bar(), Player()
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
            page.played.connect(self.play)
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
        self.bar.audio_asked.connect(self._fetch_audio)
        self.player.said.connect(self.bar.say)
        self._jobs.changed.connect(self._on_changed)
        self._jobs.progressed.connect(self._on_progress)
        self._jobs.failed.connect(self.bar.say)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._redress)

    def _add_menu(self) -> None:
        go = self.menuBar().addMenu(tr("Go"))
        for number, place in enumerate(PLACES, start=1):
            self._add_action(go, tr(place), f"Ctrl+{number}", partial(self.go, place))
        self._add_action(go, tr("Back"), "Alt+Left", self.back)
        self._add_action(go, tr("Forward"), "Alt+Right", self.forward)
        library = self.menuBar().addMenu(tr("Library"))
        self._add_action(library, tr("Add a show"), "Ctrl+N", self.ask_for_show)
        self._add_action(library, tr("Ask all shows for news"), "F5", self._jobs.refresh)
        self._add_action(library, tr("Play or pause"), "Ctrl+P", self.player.toggle)
        self._add_action(library, tr("Quit"), "Ctrl+Q", self.close)

    def _add_action(self, menu: QMenu, text: str, keys: str, do: Callable[[], object]) -> None:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: do())
        menu.addAction(action)

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

    @Slot(str)
    def play(self, insight_id: str) -> None:
        """Play the moment of an insight, or offer to fetch its audio."""
        card = self._reader.card(InsightId(insight_id))
        audio = self._audio_path(card.episode_id)
        if audio is None:
            self._wanted_audio = card.insight.id
            self.bar.say(tr("The audio of this episode is not on this computer."), action=tr("Download it"))
            return
        self.player.play(audio, card.insight.start_ms)

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

    @Slot()
    def _fetch_audio(self) -> None:
        if self._wanted_audio is not None:
            self._jobs.fetch_audio(self._reader.card(self._wanted_audio).episode_id)

    @Slot(object)
    def _on_changed(self, _changes: object) -> None:
        self.show_here()
        wanted = self._wanted_audio
        if wanted and self._audio_path(self._reader.card(wanted).episode_id):
            self._wanted_audio = None
            self.play(wanted)

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
        self.player.stop()
        self._jobs.shutdown()
        super().closeEvent(event)
