"""The room of the library: all shows."""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from earmark.errors import KnownError
from earmark.pipeline.muting import muted_feeds
from earmark.records import FeedId, Schedule
from earmark.taste import load_taste
from earmark.ui.art import art_of
from earmark.ui.desk import Desk
from earmark.ui.library_page import LibraryPage
from earmark.ui.listed import Row
from earmark.ui.show_words import Listed, show_line
from earmark.ui.words import count_of, tr

NO_SCHEDULE = Schedule()


class LibraryRoom:
    """Shows "Library"."""

    kinds = ("Library",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._words, self._order = "", "newest"
        self._shows: Sequence[Listed] = ()
        self._muted: Container[FeedId] = ()
        self.page = LibraryPage()
        self.page.opened.connect(lambda number: desk.go(f"show/{number}"))
        self.page.add_asked.connect(lambda: desk.add_wanted.emit(""))
        self.page.export_asked.connect(desk.export_wanted)
        self.page.filtered.connect(self._narrow)
        self.page.ordered.connect(self._sort)

    def name(self, _address: str) -> str:
        """Library."""
        return tr("Library")

    def show(self, _address: str) -> None:
        """All shows, with how each feed is."""
        reader = self._desk.reader
        schedules, work = reader.schedules(), reader.work_of_shows()
        self._shows = [
            Listed(feed, schedules.get(feed.id, NO_SCHEDULE), *work.get(feed.id, (0, 0)))
            for feed in reader.feeds()
        ]
        self._muted = muted_shows(self._desk)
        self._set()

    def _narrow(self, words: str) -> None:
        self._words = " ".join(words.split()).casefold()
        self._set()

    def _sort(self, order: str) -> None:
        self._order = order
        self._set()

    def _set(self) -> None:
        wanted = [show for show in self._shows if self._words in show.feed.title.casefold()]
        shows = {show.feed.id: show for show in in_order(wanted, self._order)}
        waiting = sum(show.waiting for show in self._shows)
        many = count_of(len(self._shows), "%n show", "%n shows")
        waits = count_of(waiting, "%n episode waits", "%n episodes wait") if waiting else ""
        detail = ". ".join(filter(None, (many, waits))) if self._shows else ""
        fetch = partial(self._fetch, shows)
        self.page.show_shows(list(shows), fetch, detail, any_show=bool(self._shows))

    def _fetch(self, shows: Mapping[FeedId, Listed], numbers: Sequence[int]) -> Mapping[int, Row]:
        now, listed = self._desk.clock(), [shows[FeedId(number)] for number in numbers]
        return {show.feed.id: self._line(show, now) for show in listed}

    def _line(self, show: Listed, now: datetime) -> Row:
        art = art_of(self._desk.choices.paths, show.feed.id)
        return show_line(show, now, art, muted=show.feed.id in self._muted)


def in_order(shows: Sequence[Listed], order: str) -> list[Listed]:
    """Shows as the user wants them: by title as they come, by their newest episode, or what waits first."""
    keys: dict[str, Callable[[Listed], Any]] = {
        "title": lambda _show: 0,
        "newest": lambda show: -(show.schedule.newest_ms or 0),
        "waiting": lambda show: (-show.waiting, -show.failed),
    }
    return sorted(shows, key=keys[order])


def muted_shows(desk: Desk) -> Container[FeedId]:
    """The shows that the user muted; none where the file of their taste is broken just now."""
    try:
        return muted_feeds(desk.reader, load_taste(desk.choices.paths).muted_shows)
    except KnownError:
        return ()
