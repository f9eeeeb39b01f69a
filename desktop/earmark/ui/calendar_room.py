"""The room of all days."""

from earmark.clock import local_date
from earmark.errors import KnownError
from earmark.ui.calendar_page import CalendarPage
from earmark.ui.desk import Desk, rest_of
from earmark.ui.weeks import is_month, month_name
from earmark.ui.words import tr


class CalendarRoom:
    """Shows "days/2026-11", and "days": the month that it is."""

    kinds = ("days",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.page = CalendarPage()
        self.page.asked.connect(desk.go)

    def name(self, address: str) -> str:
        """November 2026."""
        month = self._month(address)
        return month_name(month) if is_month(month) else tr("All days")

    def show(self, address: str) -> None:
        """A month. Raises KnownError for what is none."""
        month = self._month(address)
        if not is_month(month):
            raise KnownError(tr("“{month}” is no month. Write it like 2026-11.").format(month=month))
        today = local_date(self._desk.clock).isoformat()
        self.page.show_month(month, self._desk.reader.archive(), today)

    def _month(self, address: str) -> str:
        return rest_of(address) or local_date(self._desk.clock).isoformat()[:7]
