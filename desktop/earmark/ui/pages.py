"""The pages, one shown at a time, and the way from one to the next."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from earmark.errors import KnownError
from earmark.ui.about import AboutRoom
from earmark.ui.activity_room import ActivityRoom
from earmark.ui.calendar_room import CalendarRoom
from earmark.ui.day_room import DayRoom
from earmark.ui.desk import Desk, Room, kind_of
from earmark.ui.episode_room import EpisodeRoom
from earmark.ui.insight_room import InsightRoom
from earmark.ui.library_page import LibraryPage
from earmark.ui.library_room import LibraryRoom
from earmark.ui.models_room import ModelsRoom
from earmark.ui.network_room import NetworkRoom
from earmark.ui.page import Mark, Page
from earmark.ui.review_room import ReviewRoom
from earmark.ui.running import Running
from earmark.ui.saved_room import SavedRoom
from earmark.ui.search_room import SearchRoom
from earmark.ui.settings_room import SettingsRoom
from earmark.ui.show_page import ShowPage
from earmark.ui.show_room import ShowRoom
from earmark.ui.topics_room import SubjectRoom, TopicsRoom
from earmark.ui.transcript_page import TranscriptPage
from earmark.ui.transcript_room import TranscriptRoom
from earmark.ui.welcome_room import WelcomeRoom
from earmark.ui.words import is_day


class Pages(QStackedWidget):
    """Shows one place at a time, and goes back and forth between places like a browser.

    Every showing asks the library anew, nothing is kept. Signals: arrived(str): an address.
    """

    arrived = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._history = desk, desk.history
        self.days, self.insights = DayRoom(desk), InsightRoom(desk)
        self.library, self.saved, self.activity = LibraryRoom(desk), SavedRoom(desk), ActivityRoom(desk)
        self.shows, self.episodes = ShowRoom(desk), EpisodeRoom(desk)
        self.transcripts = TranscriptRoom(desk)
        rooms: Sequence[Room] = (
            self.days,
            CalendarRoom(desk),
            ReviewRoom(desk),
            self.insights,
            self.library,
            self.shows,
            self.episodes,
            self.transcripts,
            SearchRoom(desk),
            TopicsRoom(desk),
            SubjectRoom(desk),
            self.saved,
            self.activity,
            ModelsRoom(desk),
            NetworkRoom(desk),
            SettingsRoom(desk),
            WelcomeRoom(desk),
            AboutRoom(desk),
        )
        self._rooms = {kind: room for room in rooms for kind in room.kinds}
        for room in rooms:
            self.addWidget(room.page)
        desk.name_of = lambda address: self._room(address).name(address)
        desk.went.connect(self.go)
        desk.turned.connect(self.show_here)
        self._running = Running(desk)
        self._running.turned.connect(self.show_here)
        self.insights.page.back_asked.connect(self.back)
        self.insights.page.forward_asked.connect(self.forward)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The first words of all addresses that lead anywhere."""
        return tuple(self._rooms)

    @Slot(str)
    def go(self, address: str) -> None:
        """Show what is at an address, and remember the way."""
        self._history.keep(self._mark())
        self._history.visit(address)
        self.arrive()

    @Slot()
    def back(self) -> None:
        """Where the user was before."""
        self._history.keep(self._mark())
        if self._history.back():
            self.arrive()

    @Slot()
    def forward(self) -> None:
        """Where the user was before going back."""
        self._history.keep(self._mark())
        if self._history.forward():
            self.arrive()

    def turn_to(self, side: Literal["earlier", "later"]) -> None:
        """The nearest day with a brief on one side of the day that was shown last."""
        page = self.days.page
        day = page.earlier if side == "earlier" else page.later
        if day:
            self.go(day)

    def arrive(self) -> None:
        """Show where the history stands, and bring the keyboard to where it was there."""
        self.show_here()
        page = self.currentWidget()
        if page is not None:
            page.setFocus()
        if isinstance(page, Page):
            page.return_to(self._history.mark)
        elif page is not None:
            page.setFocus()

    def look_for(self) -> None:
        """Bring the keyboard to where something on this page can be looked for, else to Search."""
        page = self.currentWidget()
        if isinstance(page, LibraryPage | ShowPage | TranscriptPage):
            page.look_for()
        else:
            self.go("Search")

    def find_next(self, step: int = 1) -> None:
        """The next place that was found on this page, or the one before."""
        page = self.currentWidget()
        if isinstance(page, TranscriptPage):
            page.find_next(step)

    @Slot()
    def show_here(self) -> None:
        """Ask the library anew for what the current place shows."""
        here = self._history.here
        room = self._room(here)
        try:
            room.show(here)
            self.setCurrentWidget(room.page)
        except KnownError as error:
            self._desk.say(str(error))
        self.arrived.emit(here)

    def _room(self, address: str) -> Room:
        """A bare date is a day, any other word that names no room an insight's id."""
        if is_day(address):
            return self.days
        return self._rooms.get(kind_of(address), self.insights)

    def _mark(self) -> Mark:
        page = self.currentWidget()
        return page.mark() if isinstance(page, Page) else Mark()
