"""Weeks and months as addresses name them: 2026-W48, 2026-11. Pure functions."""

import calendar
import re
from datetime import date, timedelta

from PySide6.QtCore import QDate, QLocale

from earmark.ui.words import short_day, tr


def week_of(day: str) -> str:
    """The week of a date, as ISO 8601 counts them.

    >>> week_of("2026-11-23"), week_of("2027-01-01")
    ('2026-W48', '2026-W53')
    """
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02}"


def week_days(week: str) -> tuple[str, str] | None:
    """Monday and Sunday of a week; None for what is no week.

    >>> week_days("2026-W48"), week_days("2026-W60")
    (('2026-11-23', '2026-11-29'), None)
    """
    if not re.fullmatch(r"\d{4}-W\d\d", week):
        return None
    try:
        first = date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
        return first.isoformat(), (first + timedelta(days=6)).isoformat()
    except (ValueError, OverflowError):
        return None


def week_beside(week: str, step: int) -> str:
    """The week so many weeks later.

    >>> week_beside("2026-W53", 1)
    '2027-W01'
    """
    days = week_days(week)
    return (
        week if days is None else week_of((date.fromisoformat(days[0]) + timedelta(weeks=step)).isoformat())
    )


def week_name(week: str) -> str:
    """“23 November to 29 November”."""
    days = week_days(week)
    if days is None:
        return week
    return tr("{first} to {last}").format(first=short_day(days[0]), last=short_day(days[1]))


def is_month(text: str) -> bool:
    """Whether it names a month.

    >>> is_month("2026-11"), is_month("2026-13")
    (True, False)
    """
    return re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", text) is not None


def month_beside(month: str, step: int) -> str:
    """The month so many months later.

    >>> month_beside("2026-12", 1), month_beside("2026-01", -1)
    ('2027-01', '2025-12')
    """
    count = int(month[:4]) * 12 + int(month[5:]) - 1 + step
    return f"{count // 12:04}-{count % 12 + 1:02}"


def month_weeks(month: str, first_weekday: int = 0) -> list[list[str | None]]:
    """The days of a month in rows of seven; None where a day is of another month."""
    rows = calendar.Calendar(first_weekday).monthdayscalendar(int(month[:4]), int(month[5:]))
    return [[f"{month}-{day:02}" if day else None for day in row] for row in rows]


def month_name(month: str) -> str:
    """November 2026."""
    first = QDate(int(month[:4]), int(month[5:]), 1)
    return f"{QLocale().standaloneMonthName(first.month())} {first.year()}"
