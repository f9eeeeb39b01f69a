"""Which day's brief is due, and how it is told of. Pure: clock, zone and what is stored are handed in.

A day is a date on the user's own calendar, and each has one brief. It is due from the user's time of day on,
by the clock on the wall, so a time that the clock leaps over is due right after the leap, and one that comes
twice is due once. Days that nobody lived through with this program running are not made up for: after any
absence there is one brief, that of today. A clock that was wrong for a while costs nothing: the date that it
showed has a brief, and so has the true one.
"""

from collections.abc import Collection
from datetime import datetime, time, tzinfo
from typing import Literal

Telling = Literal["not now", "silently", "aloud"]


def decide(now: datetime, zone: tzinfo, stored: Collection[str], brief_at: time = time(7)) -> tuple[str, ...]:
    """The dates (ISO) of which a brief is to be made now: today's, or none.

    `now` is aware; `stored` holds the dates that have a brief. A library without any brief does not wait for
    the time of day: somebody who has just begun wants to see one.
    """
    here = now.astimezone(zone)
    today = here.date().isoformat()
    if today in stored or (stored and here.time() < brief_at):
        return ()
    return (today,)


def telling(day: str, told_of: str, cards: int, *, looking: bool, wanted: bool) -> Telling:
    """How a day's brief of so many cards is told of: once, once there is something in it, and aloud only to
    somebody who wants that and does not look at the window just now.

    `told_of` is the day that was told of last. "silently": nothing is said, and nothing will be.

    >>> telling("2026-11-23", "2026-11-22", 5, looking=False, wanted=True)
    'aloud'
    """
    if not cards or told_of == day:
        return "not now"
    return "aloud" if wanted and not looking else "silently"
