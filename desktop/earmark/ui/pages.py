"""The pages, and how each is set from what the library holds."""

from PySide6.QtWidgets import QStackedWidget

from earmark.clock import Clock, local_date
from earmark.library import Reader
from earmark.records import InsightId
from earmark.ui.history import History
from earmark.ui.insight_page import InsightPage
from earmark.ui.list_pages import ActivityPage, LibraryPage, SavedPage
from earmark.ui.theme import Colours
from earmark.ui.today_page import TodayPage
from earmark.ui.words import is_day, long_day, tr

AROUND_SEGMENTS = 6
PLACES = ("Today", "Library", "Saved", "Activity")


class Pages(QStackedWidget):
    """Shows one place at a time; every showing asks the library anew, nothing is kept."""

    def __init__(self, reader: Reader, clock: Clock, colours: Colours) -> None:
        super().__init__()
        self._reader, self._clock = reader, clock
        self.today, self.library = TodayPage(), LibraryPage()
        self.saved, self.activity = SavedPage(), ActivityPage()
        self.insight = InsightPage(colours)
        for page in (self.today, self.library, self.saved, self.activity, self.insight):
            self.addWidget(page)

    def show_place(self, history: History) -> None:
        """Show where the history stands. Raises KnownError for an insight that is no longer there."""
        here = history.here
        show = {"Library": self._show_library, "Saved": self._show_saved, "Activity": self._show_activity}
        if here in show:
            show[here]()
        elif here == "Today" or is_day(here):
            self._show_day(self.day_today() if here == "Today" else here)
        else:
            self._show_insight(InsightId(here), history)

    def day_today(self) -> str:
        """The user's date now, YYYY-MM-DD."""
        return local_date(self._clock).isoformat()

    def _show_day(self, day: str) -> None:
        if not self._reader.feeds():
            self.today.show_empty(day)
        else:
            dates = sorted({*self._reader.brief_dates(), self.day_today()}, reverse=True)
            self.today.show_day(day, self._reader.brief(day), dates, self._waiting())
        self.setCurrentWidget(self.today)

    def _waiting(self) -> str:
        counts = self._reader.library_counts()
        if counts["waiting"] or counts["running"]:
            return tr("Insights appear as soon as an episode is through. %n to go.", counts["waiting"])
        return tr("Nothing new was found for this day. Earmark looks again when you press F5.")

    def _show_insight(self, insight_id: InsightId, history: History) -> None:
        card = self._reader.card(insight_id)
        first, last = card.insight.first_segment, card.insight.last_segment
        around = self._reader.segments(card.episode_id, first - AROUND_SEGMENTS, last + AROUND_SEGMENTS)
        self.insight.show_insight(
            card,
            around,
            self._reader.related(insight_id),
            self._came_from(history),
            back=history.before is not None,
            forward=history.after is not None,
        )
        self.setCurrentWidget(self.insight)

    def _came_from(self, history: History) -> str:
        before = history.before or "Today"
        if before == "Today":
            return f"{tr('Today')}, {long_day(self.day_today())}"
        return long_day(before) if is_day(before) else tr(before) if before in PLACES else tr("Insight")

    def _show_library(self) -> None:
        feeds = [(feed, self._reader.episodes(feed.id)) for feed in self._reader.feeds()]
        self.library.show_feeds(feeds, {job.episode_id: job for job in self._reader.jobs()})
        self.setCurrentWidget(self.library)

    def _show_saved(self) -> None:
        self.saved.show_cards(self._reader.saved_cards())
        self.setCurrentWidget(self.saved)

    def _show_activity(self) -> None:
        jobs = [(job, self._reader.episode(job.episode_id)) for job in self._reader.jobs()]
        self.activity.show_jobs(jobs)
        self.setCurrentWidget(self.activity)
