"""When a feed is to be asked again. Pure: the clock, and what is left to chance, are handed in.

What a publisher asks for (Retry-After, Cache-Control, ttl) is followed within bounds, for some ask for ten
years, and some for none at all. A feed that says nothing is asked as often as its own rhythm suggests.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from itertools import pairwise
from statistics import median

from earmark.records import Schedule, Wish

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
FLOOR_MS = 30 * MINUTE_MS
LONGEST_MS = DAY_MS
UNKNOWN_MS = 6 * HOUR_MS
LEAST_RETRY_MS, MOST_RETRY_MS = MINUTE_MS, DAY_MS
FULL_EVERY_MS = 7 * DAY_MS
"""Some servers say 304 for ever (NetNewsWire drops its conditions every 8 days for the same reason)."""
GIVE_UP_AFTER_MS = 30 * DAY_MS
GIVE_UP_ERRORS = 20
"""Beside the days: after a month without this program, or under a wrong clock, one fault says nothing."""
CHECKS_A_GAP = 8
DATES_READ = 10
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})\b", re.I)
_JITTER = 0.25


def is_due(schedule: Schedule, checked_ms: int | None, now_ms: int, wish: Wish = "due") -> bool:
    """Whether a feed may be asked now.

    By itself, the program asks what is due; a user who looks for news also gets what was not asked for half
    an hour, or a minute where it failed; a user who insists gets everything but what a server asked to be
    left alone with. A time that no rule gives was set under a clock that was wrong, and counts for nothing.
    """
    if rests(schedule, now_ms):
        return False
    if wish == "now":
        return True
    if schedule.stopped:
        return False
    floor_ms = MINUTE_MS if wish == "news" and schedule.errors else FLOOR_MS
    rested = checked_ms is None or not 0 <= now_ms - checked_ms < floor_ms
    return rested and (wish == "news" or not _holds(schedule.next_ms, now_ms, LONGEST_MS * (1 + _JITTER)))


def rests(schedule: Schedule, now_ms: int) -> bool:
    """Whether the server of a feed asked to be left alone until later."""
    return _holds(schedule.not_before_ms, now_ms, MOST_RETRY_MS)


def wants_all(schedule: Schedule, now_ms: int) -> bool:
    """Whether it is time to ask without conditions, whatever the server says of changes."""
    return schedule.full_ms is None or not 0 <= now_ms - schedule.full_ms < FULL_EVERY_MS


def after_answer(
    old: Schedule, headers: Mapping[str, str], *, now_ms: int, full: bool, chance: float
) -> Schedule:
    """The state after a check that went well. `full`: the document came whole; `chance` is in [0, 1)."""
    return replace(
        old,
        next_ms=now_ms + round(_interval_ms(old, headers, now_ms) * (1 + _JITTER * chance / 2)),
        not_before_ms=None,
        errors=0,
        failing_since_ms=None,
        full_ms=now_ms if full else old.full_ms,
        stopped=None,
    )


def after_document(old: Schedule, dates: Sequence[int], ttl_ms: int | None, now_ms: int) -> Schedule:
    """What a new document tells of a feed's rhythm: the dates of its episodes, and its own `ttl`."""
    past = sorted((date for date in dates if date <= now_ms), reverse=True)[:DATES_READ]
    gaps = [later - earlier for later, earlier in pairwise(past)]
    return replace(
        old,
        gap_ms=round(median(gaps)) if gaps else None,
        newest_ms=past[0] if past else None,
        ttl_ms=ttl_ms,
    )


def after_fault(old: Schedule, *, now_ms: int, retry_ms: int | None, chance: float) -> Schedule:
    """The state after a check that failed: twice as long until the next each time, at most a day.

    `retry_ms`: for how long the server asked to be left alone. After a month of faults the feed is given up
    until the user wants it again.
    """
    since = old.failing_since_ms
    since = now_ms if since is None or since > now_ms else since
    errors = old.errors + 1
    wait_ms = min(FLOOR_MS * 2 ** min(errors - 1, 10), LONGEST_MS)
    wait_ms = max(round(wait_ms * (1 + _JITTER * chance)), retry_ms or 0)
    hopeless = now_ms - since >= GIVE_UP_AFTER_MS and errors >= GIVE_UP_ERRORS
    return replace(
        old,
        next_ms=now_ms + wait_ms,
        not_before_ms=now_ms + retry_ms if retry_ms else None,
        errors=errors,
        failing_since_ms=since,
        stopped=old.stopped or ("failing" if hopeless else None),
    )


def retry_after_ms(text: str | None, now_ms: int) -> int | None:
    """How long a Retry-After header asks to wait, between a minute and a day; None for nonsense.

    >>> [retry_after_ms(t, 0) for t in ("120", "-5", "99999999999", "soon")]
    [120000, 60000, 86400000, None]
    >>> retry_after_ms("Thu, 01 Jan 1970 01:00:00 GMT", 0)
    3600000
    """
    asked = (text or "").strip()[:100]
    if re.fullmatch(r"[-+]?[0-9]{1,50}(?:\.[0-9]*)?", asked):
        wait_ms = float(asked) * 1000
    else:
        try:
            moment = parsedate_to_datetime(asked)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            wait_ms = moment.timestamp() * 1000 - now_ms
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return round(min(max(wait_ms, LEAST_RETRY_MS), MOST_RETRY_MS))


def ttl_ms(text: str | None) -> int | None:
    """A feed's `ttl`, which counts minutes, as far as it makes sense; at most a day.

    >>> ttl_ms("60"), ttl_ms("1440000"), ttl_ms("-1"), ttl_ms("often")
    (3600000, 86400000, None, None)
    """
    minutes = (text or "").strip()
    if not re.fullmatch(r"[0-9]{1,12}", minutes) or not int(minutes):
        return None
    return min(int(minutes) * MINUTE_MS, LONGEST_MS)


def _interval_ms(schedule: Schedule, headers: Mapping[str, str], now_ms: int) -> int:
    """By the feed's rhythm, or for as long as its publisher says that it stays the same: 30 min to a day."""
    fresh = _MAX_AGE.search(headers.get("cache-control", "")[:1000])
    asked = max(int(fresh[1]) * 1000 if fresh else 0, schedule.ttl_ms or 0)
    return min(max(_rhythm_ms(schedule, now_ms), asked, FLOOR_MS), LONGEST_MS)


def _rhythm_ms(schedule: Schedule, now_ms: int) -> int:
    """An eighth of the usual time between two episodes, or of the silence since where that is longer."""
    if schedule.newest_ms is None or schedule.gap_ms is None:
        return UNKNOWN_MS
    return max(schedule.gap_ms, now_ms - schedule.newest_ms) // CHECKS_A_GAP


def _holds(until_ms: int | None, now_ms: int, longest_ms: float) -> bool:
    return until_ms is not None and now_ms < until_ms <= now_ms + longest_ms
