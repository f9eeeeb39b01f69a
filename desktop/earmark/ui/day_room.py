"""The room of Today and of every day before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earmark.clock import local_date
from earmark.pipeline.due import decide
from earmark.ui.below import said
from earmark.ui.today_page import Step, TodayPage
from earmark.ui.weeks import week_of
from earmark.ui.words import count_of, is_day, long_day, short_day, shown, tr

if TYPE_CHECKING:
    from earmark.ui.desk import Desk


class DayRoom:
    """Shows "Today", and a past day by its date."""

    kinds = ("Today",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.page = TodayPage()
        self.page.acted.connect(desk.act)
        self.page.day_asked.connect(desk.go)
        self.page.asked.connect(self._go_on)
        self.page.news_asked.connect(desk.news_wanted)
        desk.follow(self.page.show_progress)

    def today(self) -> str:
        """The user's date now, YYYY-MM-DD."""
        return local_date(self._desk.clock).isoformat()

    def name(self, address: str) -> str:
        """Today, 23 November; or the day."""
        return long_day(address) if is_day(address) else f"{tr('Today')}, {short_day(self.today())}"

    def show(self, address: str) -> None:
        """The five of a day, or what there is to say where there are none."""
        reader = self._desk.reader
        day = address if is_day(address) else self.today()
        page = reader.brief(day)
        dates = sorted({*reader.brief_dates(), self.today()}, reverse=True)
        if page is not None and page.cards:
            contradicted = reader.contradicted(card.insight.id for card in page.cards)
            self.page.show_day(day, page, dates, frozenset(contradicted))
        else:
            self._show_none(day, dates)

    def _show_none(self, day: str, dates: list[str]) -> None:
        reader = self._desk.reader
        counts = reader.library_counts()
        open_jobs = counts["waiting"] + counts["running"]
        if not counts["feeds"]:
            self.page.show_no_show(day)
        elif day == self.today() and self._is_early():
            come = tr("Today's five come at {time}.").format(time=f"{self._desk.choices().brief_at:%H:%M}")
            self.page.show_nothing(day, come, dates)
        elif day == self.today() and open_jobs:
            many = "Insights appear as soon as the first episode is through. %n episodes to go."
            one = "Insights appear as soon as the episode is through."
            self.page.show_waiting(day, count_of(open_jobs, one, many), dates)
        elif day == self.today() and self._desk.choices().offline:
            stays = tr("Earmark is set to stay offline, so nothing new comes in. All that is here stays.")
            self.page.show_nothing(day, stays, dates, Step(tr("Settings"), "settings"))
        else:
            fault = reader.first_fault()
            nothing = tr("Nothing new for this day.")
            self.page.show_nothing(day, shown(said(fault)) if fault else nothing, dates)

    def _go_on(self, asked: str) -> None:
        """What the page asks for beside the days."""
        day = self.page.day
        if asked == "calendar":
            self._desk.go(f"days/{day[:7]}")
        elif asked == "week":
            self._desk.go(f"review/{week_of(day)}")
        elif asked == "settings":
            self._desk.go("Settings")
        else:
            from earmark.ui.sending import send_out

            send_out(self._desk, self.page, asked, day)

    def _is_early(self) -> bool:
        """Whether today's brief is not made yet because its time has not come."""
        now, dates = self._desk.clock(), self._desk.reader.brief_dates()
        assert now.tzinfo is not None, now
        return self.today() not in dates and not decide(now, now.tzinfo, dates, self._desk.choices().brief_at)
