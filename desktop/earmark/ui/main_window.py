"""The window: lays out the places and forwards what they ask for; it decides and stores nothing."""

import sys
from datetime import datetime

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from earmark.clock import Clock, to_ms
from earmark.library import Reader
from earmark.paths import resource
from earmark.records import Progress
from earmark.settings import Choices
from earmark.ui.add_show import AddShow
from earmark.ui.bars import Notice, SoundBar, WorkBar
from earmark.ui.commands import window_commands
from earmark.ui.desk import Desk
from earmark.ui.moments import Moments
from earmark.ui.pages import Pages
from earmark.ui.places import Places, add_menu
from earmark.ui.theme import NARROW, NARROWEST, Theme, dress
from earmark.ui.words import network_note, tr
from earmark.ui.work import AudioPath, JobsLike

EVERY_MINUTE_MS = 60_000


class MainWindow(QMainWindow):
    """Earmark's window over one library."""

    def __init__(
        self,
        reader: Reader,
        jobs: JobsLike,
        *,
        clock: Clock,
        choices: Choices,
        audio_path: AudioPath,
        theme: Theme = "system",
    ) -> None:
        super().__init__()
        self.setWindowTitle("Earmark")
        self.setWindowIcon(QIcon(str(resource("icons") / "earmark.svg")))
        self.resize(1280, 860)
        self._reader, self._jobs, self._theme = reader, jobs, theme
        self._dress()
        self.desk = Desk(reader, jobs, clock, choices)
        self.places, self.pages = Places(), Pages(self.desk)
        self.notice, self.sound, self.work = Notice(), SoundBar(), WorkBar()
        self.moments = Moments(reader, jobs, audio_path, self.notice, self.sound)
        self._lay_out()
        self._add_menus()
        self._connect_pages()
        self._connect_desk()
        self._connect_work()
        self.pages.arrive()

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.pages, 1)
        for strip in (self.notice, self.sound, self.work):
            right.addWidget(strip)
        whole = QWidget()
        across = QHBoxLayout(whole)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.places)
        across.addLayout(right, 1)
        self.setCentralWidget(whole)

    def _add_menus(self) -> None:
        self._menu = QMenu(self)
        for title, commands in window_commands(self):
            self._menu.addActions(add_menu(self, title, commands))
            self._menu.addSeparator()
        QShortcut(QKeySequence("F10"), self, self._open_menu)

    def _connect_pages(self) -> None:
        pages = self.pages
        self.places.chosen.connect(self.go)
        self.places.menu_asked.connect(self._open_menu)
        pages.arrived.connect(self._show_around)
        for add_asked in (pages.days.page.add_asked, pages.library.page.add_asked):
            add_asked.connect(self.ask_for_show)
        pages.days.page.news_asked.connect(self.refresh)
        pages.insights.page.back_asked.connect(pages.back)
        pages.insights.page.forward_asked.connect(pages.forward)

    def _connect_desk(self) -> None:
        desk = self.desk
        desk.said.connect(lambda sentence, briefly: self.notice.say(sentence, briefly=briefly))
        desk.offered.connect(lambda sentence, word, deed: self.notice.say(sentence, offer=word, deed=deed))
        desk.played.connect(self.moments.play)
        desk.heard.connect(self.moments.hear)
        desk.copied.connect(self._copy)
        self.moments.moved.connect(desk.moved)

    def _connect_work(self) -> None:
        self._jobs.changed.connect(self._on_changed)
        self._jobs.progressed.connect(self._on_progress)
        self._jobs.failed.connect(self.notice.say)
        self.work.pause_asked.connect(self.pause_or_go_on)
        self.work.go_asked.connect(self.pause_or_go_on)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress)
        self._midnight = QTimer(self)
        self._midnight.timeout.connect(self.pages.show_here)
        self._midnight.start(EVERY_MINUTE_MS)

    @Slot()
    def _dress(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            dress(application, self._theme)

    @Slot(str)
    def go(self, place: str) -> None:
        """Show what is at an address (see `desk`), and remember the way."""
        self.pages.go(place)

    @Slot(str)
    def _show_around(self, place: str) -> None:
        self.places.show_place(place)
        counts = self._reader.library_counts()
        self.places.buttons["Library"].show_count(counts["feeds"])
        self.places.buttons["Saved"].show_count(counts["saved"])
        self.places.buttons["Activity"].show_count(counts["waiting"] + counts["running"])
        today = self.pages.days.today()
        since_ms = to_ms(datetime.fromisoformat(today).astimezone())
        self.places.note.setText(network_note(*self._reader.request_count(since_ms), today))

    @Slot()
    def ask_for_show(self) -> None:
        """Ask for the address of a show."""
        dialog = AddShow(self)
        dialog.given.connect(self._add_show)
        dialog.open()

    @Slot(str)
    def _add_show(self, address: str) -> None:
        self.work.be_paused(False)
        self._jobs.add_feed(address)

    @Slot()
    def refresh(self) -> None:
        """Ask every show for news."""
        self.work.be_paused(False)
        self._jobs.refresh()

    @Slot(str)
    def _copy(self, words: str) -> None:
        QGuiApplication.clipboard().setText(words)
        self.notice.say(tr("Copied."), briefly=True)

    @Slot()
    def _open_menu(self) -> None:
        self._menu.popup(self.places.menu_corner())

    @Slot()
    def pause_or_go_on(self) -> None:
        """Stop the work at its next stored unit, or go on from there."""
        self.work.be_paused(not self.work.paused)
        (self._jobs.pause if self.work.paused else self._jobs.process)()

    @Slot(object)
    def _on_changed(self, _changes: object) -> None:
        self.pages.show_here()
        self.moments.look_again()

    @Slot(object)
    def _on_progress(self, progress: Progress | None) -> None:
        self.work.show_progress(progress)
        self.desk.progressed.emit(None if self.work.paused else progress)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Letters in place of names, then menus in place of letters, as the window gets smaller."""
        width = event.size().width()
        self.places.be_narrow(width < NARROW)
        self.places.setVisible(width >= NARROWEST)
        self.menuBar().setVisible(width < NARROWEST or sys.platform == "darwin")
        super().resizeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Close at once; the work stops at its next stored unit."""
        self.hide()
        if self._midnight.isActive():
            self._midnight.stop()
            QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._dress)
        self.moments.player.stop()
        self.desk.asides.close()
        self._jobs.shutdown()
        super().closeEvent(event)
