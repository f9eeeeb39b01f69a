"""Which day's brief is due. Pure: the clock, the zone and what is stored are handed in.

A day is a date on the user's own calendar, and each has one brief. It is due from the user's time of day on,
by the clock on the wall, so a time that the clock leaps over is due right after the leap, and one that comes
twice is due once. Days that nobody lived through with this program running are not made up for: after any
absence there is one brief, that of today. A clock that was wrong for a while costs nothing: the date that it
showed has a brief, and so has the true one.
"""

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta, tzinfo


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


def next_due(now: datetime, zone: tzinfo, stored: Collection[str], brief_at: time = time(7)) -> datetime:
    """The moment (UTC) from which on `decide` will give a date; `now` itself when it already does."""
    if decide(now, zone, stored, brief_at):
        return now.astimezone(UTC)
    date = now.astimezone(zone).date()
    while date.isoformat() in stored:
        date += timedelta(days=1)
    return _first_moment(datetime.combine(date, brief_at), zone)


def _first_moment(wall: datetime, zone: tzinfo) -> datetime:
    """When the clock on the wall first shows `wall` or, where it leaps over that, what comes next."""
    first = wall.replace(tzinfo=zone, fold=0)
    moment = first.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    # In a gap fold=0 counts with the offset before the leap, so the wall shows a later time: walk back to it.
    leap = timedelta(0)
    offset = (moment - timedelta(days=1)).astimezone(zone).utcoffset()
    while (moment - leap).astimezone(zone).utcoffset() != offset:
        leap += timedelta(minutes=1)
    return moment - leap + timedelta(minutes=1)
