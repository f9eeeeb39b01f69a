"""Which day's brief is due. Pure: the clock, the zone and what is stored are handed in.

A day is a date on the user's own calendar, and each has one brief. It is due from the user's time of day on,
by the clock on the wall, so a time that the clock leaps over is due right after the leap, and one that comes
twice is due once. Days that nobody lived through with this program running are not made up for: after any
absence there is one brief, that of today. A clock that was wrong for a while costs nothing: the date that it
showed has a brief, and so has the true one.
"""

from collections.abc import Collection
from datetime import datetime, time, tzinfo


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
