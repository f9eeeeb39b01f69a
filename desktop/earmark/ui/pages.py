"""The pages, one shown at a time, and the way from one to the next.

A room is made when it is first visited, and loaded then or soon after the window was shown: the first sight
of the window waits for none but Today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Literal, cast

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedWidget

from earmark.errors import KnownError
from earmark.ui.day_room import DayRoom
from earmark.ui.desk import Desk, Room, kind_of
from earmark.ui.page import Mark, Page
from earmark.ui.running import Running
from earmark.ui.words import is_day, tr

if TYPE_CHECKING:
    from earmark.ui.episode_room import EpisodeRoom
    from earmark.ui.insight_room import InsightRoom
    from earmark.ui.library_room import LibraryRoom
    from earmark.ui.show_room import ShowRoom
    from earmark.ui.transcript_room import TranscriptRoom

ROOMS = {
    "insight": "insight_room.InsightRoom",
    "Library": "library_room.LibraryRoom",
    "show": "show_room.ShowRoom",
    "episode": "episode_room.EpisodeRoom",
    "transcript": "transcript_room.TranscriptRoom",
    "Search": "search_room.SearchRoom",
    "search": "search_room.SearchRoom",
    "ask": "search_room.SearchRoom",
    "Topics": "topics_room.TopicsRoom",
    "topic": "topics_room.SubjectRoom",
    "person": "topics_room.SubjectRoom",
    "Saved": "saved_room.SavedRoom",
    "Activity": "activity_room.ActivityRoom",
    "days": "calendar_room.CalendarRoom",
    "review": "review_room.ReviewRoom",
    "Models": "models_room.ModelsRoom",
    "Network": "network_room.NetworkRoom",
    "Settings": "settings_room.SettingsRoom",
    "welcome": "welcome_room.WelcomeRoom",
    "About": "about.AboutRoom",
}
"""Which room shows what, by the first word of an address, beside Today."""
ABOVE = {
    "show": "Library",
    "episode": "Library",
    "transcript": "Library",
    "topic": "Topics",
    "person": "Topics",
}
"""Where a place is looked for that is no longer there; all others under Today."""
SMALLEST_WIDTH, SMALLEST_HEIGHT = 160, 120
LOAD_EVERY_MS = 20
"""So much is left to all else between two rooms that are loaded."""


class Pages(QStackedWidget):
    """Shows one place at a time, and goes back and forth between places like a browser.

    Every showing asks the library anew, nothing is kept. Signals: arrived(str): an address.
    """

    arrived = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._history = desk, desk.history
        self.days = DayRoom(desk)
        self._rooms: dict[str, Room] = {}
        self._take_in(self.days)
        desk.name_of = self._name
        desk.went.connect(self.go)
        desk.turned.connect(self.show_here)
        self._running = Running(desk)
        self._running.turned.connect(self.show_here)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """The window may be this small whatever was visited: a page scrolls or wraps, and none that is
        hidden counts."""
        return QSize(SMALLEST_WIDTH, SMALLEST_HEIGHT)

    def load_soon(self, then: Callable[[], object]) -> None:
        """Load what the rooms need, one at a time with time for all else in between; then do the last."""
        modules = iter(dict.fromkeys(place.partition(".")[0] for place in ROOMS.values()))
        idle = QTimer(self)
        idle.timeout.connect(lambda: _load_next(modules, idle, then))
        idle.start(LOAD_EVERY_MS)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The first words of all addresses that lead anywhere."""
        return (*self.days.kinds, *ROOMS)

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
        """Show where the history stands, and bring the keyboard to where it was there.

        What is not there is said once, and forgotten as a place.
        """
        try:
            self._show()
        except KnownError as error:
            self._desk.say(str(error))
            self._history.drop()
            self.show_here()
        page = self.currentWidget()
        if page is not None:
            page.setFocus()
        if isinstance(page, Page):
            page.return_to(self._history.mark)

    def look_for(self) -> None:
        """Bring the keyboard to where something on this page can be looked for, else to Search."""
        kind = kind_of(self._history.here)
        if kind == "Library":
            self.library.page.look_for()
        elif kind == "show":
            self.shows.page.look_for()
        elif kind == "transcript":
            self.transcripts.page.look_for()
        else:
            self.go("Search")

    def find_next(self, step: int = 1) -> None:
        """The next place that was found on this page, or the one before."""
        if kind_of(self._history.here) == "transcript":
            self.transcripts.page.find_next(step)

    @Slot()
    def show_here(self) -> None:
        """Ask the library anew for what the current place shows, or the one above where it is gone."""
        try:
            self._show()
        except KnownError:
            self._history.replace(ABOVE.get(kind_of(self._history.here), "Today"))
            self._show()

    def _show(self) -> None:
        here = self._history.here
        room = self._room(here)
        room.show(here)
        self.setCurrentWidget(room.page)
        self.arrived.emit(here)

    @property
    def insights(self) -> InsightRoom:
        """The room of single insights."""
        return cast("InsightRoom", self._room("insight"))

    @property
    def library(self) -> LibraryRoom:
        """The room of all shows."""
        return cast("LibraryRoom", self._room("Library"))

    @property
    def shows(self) -> ShowRoom:
        """The room of a single show."""
        return cast("ShowRoom", self._room("show"))

    @property
    def episodes(self) -> EpisodeRoom:
        """The room of a single episode."""
        return cast("EpisodeRoom", self._room("episode"))

    @property
    def transcripts(self) -> TranscriptRoom:
        """The room of an episode's words."""
        return cast("TranscriptRoom", self._room("transcript"))

    def _room(self, address: str) -> Room:
        """A bare date is a day, any other word that names no room an insight's id."""
        kind = kind_of(address)
        if is_day(address) or kind in self.days.kinds:
            return self.days
        kind = kind if kind in ROOMS else "insight"
        if kind not in self._rooms:
            module, _, name = ROOMS[kind].partition(".")
            self._take_in(getattr(import_module(f"earmark.ui.{module}"), name)(self._desk))
            if kind == "insight":
                self.insights.page.back_asked.connect(self.back)
                self.insights.page.forward_asked.connect(self.forward)
        return self._rooms[kind]

    def _name(self, address: str) -> str:
        """What the way back to it says, also where it is no longer there."""
        try:
            return self._room(address).name(address)
        except KnownError:
            return tr("Back")

    def _take_in(self, room: Room) -> None:
        self._rooms |= dict.fromkeys(room.kinds, room)
        self.addWidget(room.page)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  (Qt's name)
        """A window that closes has the last words on insights written, also of those it shows no more."""
        super().hideEvent(event)
        if "insight" in self._rooms:
            self.insights.notes.try_again()

    def _mark(self) -> Mark:
        page = self.currentWidget()
        return page.mark() if isinstance(page, Page) else Mark()


def _load_next(modules: Iterator[str], idle: QTimer, then: Callable[[], object]) -> None:
    module = next(modules, None)
    if module is None:
        idle.stop()
        idle.deleteLater()
        then()
    else:
        import_module(f"earmark.ui.{module}")
