"""Time as a value that is passed in, so that tests can choose it."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

DAY_MS = 86_400_000
_END_OF_TIME_MS = 2**62
Clock = Callable[[], datetime]
"""Gives the present moment as an aware datetime in the user's own zone."""


def system_clock() -> datetime:
    """The present moment in the zone that this computer is set to, also when it was set to another one since
    the program began."""
    if hasattr(time, "tzset"):  # else a C library may know only the zone that it saw first
        time.tzset()
    return datetime.now().astimezone()


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 in UTC; `moment` must be aware."""
    return round(moment.astimezone(UTC).timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The aware UTC moment that `to_ms` gave."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def local_date(clock: Clock) -> date:
    """The user's own calendar day now."""
    return clock().date()


def begin_ms(iso: str, *, days_later: int = 0) -> int:
    """When a day begins where the user is, or one that is some days later; also at the ends of the calendar,
    where the computer knows no more moments."""
    try:
        day = date.fromisoformat(iso) + timedelta(days=days_later)
        return to_ms(datetime(day.year, day.month, day.day).astimezone())
    except (ValueError, OverflowError, OSError):
        return -_END_OF_TIME_MS if iso < "1970" else _END_OF_TIME_MS


def clock_time(ms: int) -> str:
    """A moment in an episode.

    >>> clock_time(804_000), clock_time(3_804_000)
    ('13:24', '1:03:24')
    """
    seconds = ms // 1000
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def long_date(iso: str) -> str:
    """2026-11-23 as “Monday, 23 November 2026”."""
    day = date.fromisoformat(iso)
    return f"{day:%A}, {day.day} {day:%B %Y}"
