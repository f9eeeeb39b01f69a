"""The room of the weeks."""

from datetime import date, datetime, time
from functools import partial

from earmark.clock import local_date, to_ms
from earmark.errors import KnownError
from earmark.library import Reader
from earmark.pipeline import Review, Tools, Watch, review_of
from earmark.ui.desk import Desk, rest_of
from earmark.ui.review_page import ReviewPage
from earmark.ui.weeks import week_beside, week_days, week_name, week_of
from earmark.ui.words import tr

REVIEW = "review"


class ReviewRoom:
    """Shows "review/2026-W48", and "review": the week that it is."""

    kinds = ("review",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._address = ""
        self.page = ReviewPage()
        self.page.saved_asked.connect(lambda: desk.go("Saved"))
        self.page.acted.connect(desk.act)
        self.page.week_asked.connect(lambda week: desk.go(f"review/{week}"))

    def name(self, address: str) -> str:
        """The week, 23 November to 29 November."""
        return tr("The week, {days}").format(days=week_name(self._week(address)))

    def show(self, address: str) -> None:
        """Looks back on a week. Raises KnownError for what is no week."""
        week = self._week(address)
        days = week_days(week)
        if days is None:
            raise KnownError(tr("“{week}” is no week. Write it like 2026-W48.").format(week=week))
        if address != self._address:
            self._address = address
            self.page.show_looking(week)
        end_ms = self._end_ms(days[1])

        def look(reader: Reader, _tools: Tools, _watch: Watch) -> Review:
            return review_of(reader, days[1], now_ms=end_ms)

        self._desk.find(REVIEW, look, partial(self._take, week))

    def _take(self, week: str, found: Review | KnownError) -> None:
        if isinstance(found, KnownError):
            self._desk.say(str(found))
            return
        later, earlier = week < week_of(self._today()), self._has_earlier(week)
        self.page.show_week(week, found, later=later, earlier=earlier)

    def _today(self) -> str:
        return local_date(self._desk.clock).isoformat()

    def _week(self, address: str) -> str:
        return rest_of(address) or week_of(self._today())

    def _has_earlier(self, week: str) -> bool:
        dates = self._desk.reader.brief_dates()
        before = week_days(week_beside(week, -1))
        return bool(dates) and before is not None and dates[-1] <= before[1]

    def _end_ms(self, last: str) -> int:
        """The end of a week's last day, or now within it."""
        now = self._desk.clock()
        end = datetime.combine(date.fromisoformat(last), time.max, tzinfo=now.tzinfo)
        return min(to_ms(end), to_ms(now)) if week_of(last) == week_of(self._today()) else to_ms(end)
