"""Time as a value that is passed in, so that tests can choose it."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime

DAY_MS = 86_400_000
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
