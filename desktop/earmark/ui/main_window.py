"""The window: lays out the places and forwards what they ask for; it decides and stores nothing."""

from __future__ import annotations

import sys
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMainWindow

from earmark.paths import resource
from earmark.ui.arrivals import receive
from earmark.ui.bars import Notice, WorkBar
from earmark.ui.commands import menus_of
from earmark.ui.deeds import open_at
from earmark.ui.desk import Desk
from earmark.ui.drops import Drops
from earmark.ui.geometry import bring_back_geometry, keep_geometry, laid_out
from earmark.ui.moments import Moments
from earmark.ui.pages import Pages
from earmark.ui.places import Places
from earmark.ui.remembered import Remembered
from earmark.ui.sound_bar import SoundBar
from earmark.ui.theme import NARROW, NARROWEST, Theme, zoom
from earmark.ui.tray import Tray
from earmark.ui.wardrobe import Wardrobe
from earmark.ui.words import tr

if TYPE_CHECKING:
    from earmark.clock import Clock
    from earmark.library import Reader
    from earmark.records import Progress
    from earmark.settings import Choices
    from earmark.ui.adding import Adding
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
        theme: Theme | None = None,
        remembered: Remembered | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle("Earmark")
        self.setWindowIcon(QIcon(str(resource("icons") / "earmark.svg")))
        self.resize(1280, 860)
        self._jobs, self._leaving = jobs, False
        self.desk = Desk(reader, jobs, clock, choices)
        self.wardrobe = Wardrobe(self.desk, theme)
        self.places, self.pages = Places(), Pages(self.desk)
        self.notice, self.sound, self.work = Notice(), SoundBar(), WorkBar()
        self.remembered = remembered or Remembered()
        self.moments = Moments(reader, jobs, audio_path, self.notice, self.sound, self.remembered)
        strips = (self.notice, self.sound, self.work)
        self.setCentralWidget(laid_out(self.places, self.pages, strips))
        self.tray = Tray(
            self.desk, self.remembered, self.windowIcon(), partial(receive, self, ""), self.leave
        )
        self._menu, self.menus = menus_of(self)
        QShortcut(QKeySequence("F10"), self, self._open_menu)
        self._connect_pages()
        self._connect_desk()
        self._connect_work()
        self.pages.arrive()
        bring_back_geometry(self, self.remembered)
        self._tell_of_brief()

    @cached_property
    def adding(self) -> Adding:
        """Who brings shows in; loaded when it is first asked for."""
        from earmark.ui.adding import Adding

        return Adding(self.desk, self)

    def _connect_pages(self) -> None:
        self.places.chosen.connect(self.go)
        self.places.menu_asked.connect(self._open_menu)
        self.pages.arrived.connect(self._show_around)
        self.pages.days.page.add_asked.connect(partial(self.desk.add_wanted.emit, ""))

    def _connect_desk(self) -> None:
        desk = self.desk
        desk.told.connect(lambda sentence, briefly: self.notice.say(sentence, briefly=briefly))
        desk.offered.connect(lambda sentence, word, deed: self.notice.say(sentence, offer=word, deed=deed))
        desk.played.connect(self.moments.play)
        desk.heard.connect(self.moments.hear)
        desk.copied.connect(self._copy)
        desk.news_wanted.connect(self.refresh)
        desk.work_wanted.connect(lambda: None if self.work.paused else self._jobs.process())
        desk.add_wanted.connect(lambda text: self.adding.begin(text))
        desk.export_wanted.connect(lambda: self.adding.ask_where_to_export())
        Drops(self).dropped.connect(desk.add_wanted)
        self.moments.moved.connect(desk.moved)

    def _connect_work(self) -> None:
        self._jobs.changed.connect(self._on_changed)
        self._jobs.progressed.connect(self._on_progress)
        self._jobs.failed.connect(self.notice.say)
        for asked in (self.work.pause_asked, self.work.go_asked, self.desk.rest_asked):
            asked.connect(self.pause_or_go_on)
        self.wardrobe.resized.connect(self._fit)
        self.wardrobe.resized.connect(self.pages.show_here)
        self._minute = QTimer(self)
        self._minute.timeout.connect(self.pages.show_here)
        self._minute.start(EVERY_MINUTE_MS)

    @Slot(str)
    def go(self, place: str) -> None:
        """Show what is at an address (see `desk`), and remember the way."""
        self.pages.go(place)

    @Slot(str)
    def _show_around(self, place: str) -> None:
        self.places.show_place(place)
        self.places.show_counts_soon(self.desk, self.pages.days.today())

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
        open_at(self._menu, self.places.menu_corner())

    @Slot()
    def pause_or_go_on(self) -> None:
        """Stop the work at its next stored unit, or go on from there."""
        self.work.be_paused(not self.work.paused)
        (self._jobs.pause if self.work.paused else self._jobs.process)()
        self.desk.rested.emit(self.work.paused)

    @Slot(object)
    def _on_changed(self, _changes: object) -> None:
        self.pages.show_here()
        self.moments.look_again()
        self._tell_of_brief()

    def _tell_of_brief(self) -> None:
        self.tray.look_for_brief(self.pages.days.today(), self.isActiveWindow())

    @Slot(object)
    def _on_progress(self, progress: Progress | None) -> None:
        self.work.show_progress(progress)
        self.desk.progressed.emit(None if self.work.paused else progress)

    def leave(self) -> None:
        """End the program, also where it would go on without a window."""
        self._leaving = True
        self.close()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Fit what stands beside the page into the window."""
        self._fit()
        super().resizeEvent(event)

    @Slot()
    def _fit(self) -> None:
        """Letters in place of names, then menus in place of letters, as there is less room for words."""
        width = self.width() / zoom()
        self.places.be_narrow(width < NARROW)
        self.places.setVisible(width >= NARROWEST)
        self.menuBar().setVisible(width < NARROWEST or sys.platform == "darwin")

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Close at once; the work stops at its next stored unit, or goes on where the user wants that."""
        self.hide()
        if self.tray.stays() and not self._leaving:
            keep_geometry(self, self.remembered)
            event.ignore()
            return
        self.tray.close()
        self._minute.stop()
        self.wardrobe.close()
        keep_geometry(self, self.remembered)
        self.moments.close()
        self.desk.asides.close()
        self._jobs.shutdown()
        super().closeEvent(event)
