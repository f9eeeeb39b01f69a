"""The pages, and how each is set from what the library holds."""

from datetime import time
from typing import Literal

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from earmark.clock import Clock, local_date
from earmark.errors import KnownError
from earmark.library import Reader
from earmark.pipeline.due import decide
from earmark.records import EpisodeId, InsightId, Progress
from earmark.settings import Settings
from earmark.ui.history import History
from earmark.ui.insight_page import InsightPage
from earmark.ui.list_pages import ActivityPage, LibraryPage, ListedShow, SavedPage
from earmark.ui.page import Mark, Page
from earmark.ui.places import PLACES
from earmark.ui.today_page import TodayPage
from earmark.ui.words import count_of, is_day, long_day, short_day, shown, tr

AROUND_SEGMENTS = 6
MOST_JOBS = 100


class Pages(QStackedWidget):
    """Shows one place at a time, and goes back and forth between places like a browser.

    Every showing asks the library anew, nothing is kept. Signals: arrived(str): a place; said(str).
    """

    arrived = Signal(str)
    said = Signal(str)

    def __init__(self, reader: Reader, clock: Clock) -> None:
        super().__init__()
        self._reader, self._clock = reader, clock
        self._brief_at = Settings().brief_at
        self._history = History("Today")
        self._order: dict[EpisodeId, int] = {}
        self.today, self.library = TodayPage(), LibraryPage()
        self.saved, self.activity = SavedPage(), ActivityPage()
        self.insight = InsightPage()
        self.library.folded.connect(self._show_library)
        for page in (self.today, self.library, self.saved, self.activity, self.insight):
            self.addWidget(page)

    @Slot(str)
    def go(self, place: str) -> None:
        """Show a place, a past day, or an insight, and remember the way."""
        self._history.keep(self._mark())
        self._history.visit(place)
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
        day = self.today.earlier if side == "earlier" else self.today.later
        if day:
            self.go(day)

    def arrive(self) -> None:
        """Show where the history stands, and bring the keyboard to where it was there."""
        self.show_here()
        page = self.currentWidget()
        if isinstance(page, Page):
            page.setFocus()
            page.return_to(self._history.mark)

    @Slot()
    def show_here(self) -> None:
        """Ask the library anew for what the current place shows."""
        here = self._history.here
        show = {"Library": self._show_library, "Saved": self._show_saved, "Activity": self._show_activity}
        try:
            if here in show:
                show[here]()
            elif here == "Today" or is_day(here):
                self._show_day(self.day_today() if here == "Today" else here)
            else:
                self._show_insight(InsightId(here))
        except KnownError as error:
            self.said.emit(str(error))
        self.arrived.emit(here)

    def set_brief_time(self, at: time) -> None:
        """From when on there is a brief of today; said to somebody who looks earlier."""
        self._brief_at = at
        self.show_here()

    def show_progress(self, progress: Progress | None) -> None:
        """What is being worked on, for the pages that say so."""
        if progress is not None and progress.order:
            self._order = {episode_id: place for place, episode_id in enumerate(progress.order)}
        self.today.show_progress(progress)
        self.activity.show_progress(progress)

    def day_today(self) -> str:
        """The user's date now, YYYY-MM-DD."""
        return local_date(self._clock).isoformat()

    def _mark(self) -> Mark:
        page = self.currentWidget()
        return page.mark() if isinstance(page, Page) else Mark()

    def _show_day(self, day: str) -> None:
        page = self._reader.brief(day)
        dates = sorted({*self._reader.brief_dates(), self.day_today()}, reverse=True)
        if page is not None and page.cards:
            self.today.show_day(day, page, dates)
        elif not self._reader.library_counts()["feeds"]:
            self.today.show_no_show(day)
        elif day == self.day_today() and self._is_early():
            come = tr("Today's five come at {time}.").format(time=f"{self._brief_at:%H:%M}")
            self.today.show_nothing(day, come, dates)
        elif day == self.day_today() and (open_jobs := self._open_jobs()):
            many = "Insights appear as soon as the first episode is through. %n episodes to go."
            one = "Insights appear as soon as the episode is through."
            self.today.show_waiting(day, count_of(open_jobs, one, many), dates)
        else:
            fault = self._reader.first_fault()
            nothing = tr("Nothing new for this day.")
            self.today.show_nothing(day, shown(fault) if fault else nothing, dates)
        self.setCurrentWidget(self.today)

    def _is_early(self) -> bool:
        """Whether today's brief is not made yet because its time has not come."""
        now, dates = self._clock(), self._reader.brief_dates()
        assert now.tzinfo is not None, now
        return self.day_today() not in dates and not decide(now, now.tzinfo, dates, self._brief_at)

    def _open_jobs(self) -> int:
        counts = self._reader.library_counts()
        return counts["waiting"] + counts["running"]

    def _show_insight(self, insight_id: InsightId) -> None:
        card = self._reader.card(insight_id)
        first, last = card.insight.first_segment, card.insight.last_segment
        around = self._reader.segments(card.episode_id, first - AROUND_SEGMENTS, last + AROUND_SEGMENTS)
        self.insight.show_insight(
            card,
            around,
            self._reader.related(insight_id),
            self._came_from(),
            back=self._history.before is not None,
            forward=self._history.after is not None,
        )
        self.setCurrentWidget(self.insight)

    def _came_from(self) -> str:
        before = self._history.before or "Today"
        if before == "Today":
            return f"{tr('Today')}, {short_day(self.day_today())}"
        if is_day(before):
            return long_day(before)
        if before in PLACES:
            return tr(before)
        return shown(next((card.insight.headline for card in self._reader.cards([InsightId(before)])), ""))

    def _show_library(self) -> None:
        counts = self._reader.episode_counts()
        shows = [
            ListedShow(
                feed,
                counts.get(feed.id, 0),
                tuple(self._reader.episode_rows(feed_ids=[feed.id], most=self.library.wanted(feed.id))),
            )
            for feed in self._reader.feeds()
        ]
        self.library.show_feeds(shows)
        self.setCurrentWidget(self.library)

    def _show_saved(self) -> None:
        self.saved.show_cards(self._reader.saved_cards())
        self.setCurrentWidget(self.saved)

    def _show_activity(self) -> None:
        jobs = [job for job in self._reader.jobs() if job.state != "done"]
        jobs.sort(key=lambda job: (job.state == "failed", self._order.get(job.episode_id, len(self._order))))
        listed = [(job, self._reader.episode(job.episode_id)) for job in jobs[:MOST_JOBS]]
        self.activity.show_jobs(listed, more=len(jobs) - len(listed))
        self.setCurrentWidget(self.activity)
