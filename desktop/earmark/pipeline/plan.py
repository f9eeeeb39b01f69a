"""In which order the work is done, and when it is through: pure functions over what waits.

The order is that of promise: close to the user's interests, then newer, then shorter. Every fourth place goes
to the show that has waited longest for one, so that no show is left out for ever by louder ones.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from types import MappingProxyType

from earmark.clock import from_ms
from earmark.records import EpisodeId, FeedId

FAIR_EVERY = 4
STEPS_OF_CLOSENESS = 20
"""Closeness counts in twentieths; what is equally close goes by its day."""
LEAST_CLOSENESS = 0.2
"""Below this, sentences on unrelated matters lie too."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An episode that waits. `sound_s` is how long it sounds, 0 where its words are there or offered.

    `closeness` is the cosine to `interest`, the nearest of the user's; None where none was compared.
    """

    episode_id: EpisodeId
    feed_id: FeedId
    title: str
    feed_title: str
    published_ms: int | None
    listen_s: float
    read_s: float
    sound_s: float = 0.0
    closeness: float | None = None
    interest: str = ""

    @property
    def work_s(self) -> float:
        """All that is left to do, in seconds at this computer's pace."""
        return self.listen_s + self.read_s


@dataclass(frozen=True, slots=True)
class Planned:
    """A place in the plan. `fits`: through before the brief's time. `why` says why here, in plain words."""

    waiting: Waiting
    ready: datetime
    fits: bool
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The queue in its order. `deadline` is the next time of the brief; `guessed`: the pace is a first guess;
    `held` are (title, reason) of those that wait for something else than their turn; `pauses`: work may be
    put off by the user's choice, for which no time is counted."""

    items: tuple[Planned, ...]
    deadline: datetime
    guessed: bool = False
    pauses: bool = False
    held: tuple[tuple[str, str], ...] = ()

    @property
    def work_s(self) -> float:
        """Of all items together."""
        return sum(item.waiting.work_s for item in self.items)

    @property
    def late(self) -> tuple[Planned, ...]:
        """Those that do not fit before the brief's time."""
        return tuple(item for item in self.items if not item.fits)


def in_order(
    waiting: Sequence[Waiting],
    *,
    now: datetime,
    done: int,
    last_turn_ms: Mapping[FeedId, int],
    places: Mapping[EpisodeId, int] = MappingProxyType({}),
) -> list[tuple[Waiting, str]]:
    """Everything that waits in the order of work, each with the reason for its place.

    What the user gave one of `places` comes first. `done` episodes were worked through before, which says
    whose turn it is; `last_turn_ms` is when a show had its latest. A show that waits gets a place within
    FAIR_EVERY times the number of waiting shows, behind what the user wants first.
    """
    mine = sorted(
        (one for one in waiting if one.episode_id in places), key=lambda one: places[one.episode_id]
    )
    left = sorted(
        (one for one in waiting if one.episode_id not in places), key=lambda one: _promise(one, now)
    )
    placed: list[tuple[Waiting, str]] = [(one, "you put it here") for one in mine]
    turns = _Turns(left, last_turn_ms)
    for best in left:
        while not turns.has_had(best):
            fair = (done + len(placed)) % FAIR_EVERY == FAIR_EVERY - 1
            chosen = turns.longest_waiting() if fair else best
            placed.append((chosen, _why(chosen, now) if chosen is best else "its show has waited longest"))
            turns.take(chosen)
    return placed


class _Turns:
    """Whose turn it is among shows, each with its episodes in their order."""

    def __init__(self, ordered: Sequence[Waiting], last_turn_ms: Mapping[FeedId, int]) -> None:
        self._waiting: dict[FeedId, deque[Waiting]] = {}
        for one in ordered:
            self._waiting.setdefault(one.feed_id, deque()).append(one)
        self._had: set[EpisodeId] = set()
        self._last = {feed_id: last_turn_ms.get(feed_id, -1) for feed_id in self._waiting}
        self._latest = max(last_turn_ms.values(), default=0)
        self._queue = [(turn, feed_id) for feed_id, turn in self._last.items()]
        heapify(self._queue)

    def has_had(self, one: Waiting) -> bool:
        """Whether an episode was taken."""
        return one.episode_id in self._had

    def longest_waiting(self) -> Waiting:
        """The first episode of the show whose last turn is longest ago, of those that have some left."""
        while True:
            turn, feed_id = self._queue[0]
            if turn == self._last[feed_id] and self._waiting[feed_id]:
                return self._waiting[feed_id][0]
            heappop(self._queue)

    def take(self, one: Waiting) -> None:
        """It is this one's turn, which is the first of its show."""
        self._waiting[one.feed_id].popleft()
        self._had.add(one.episode_id)
        self._latest += 1
        self._last[one.feed_id] = self._latest
        heappush(self._queue, (self._latest, one.feed_id))


def timed(
    ordered: Sequence[tuple[Waiting, str]], *, now: datetime, deadline: datetime
) -> tuple[Planned, ...]:
    """When each will be through, one after the other."""
    at, planned = now, []
    for one, why in ordered:
        at += timedelta(seconds=one.work_s)
        planned.append(Planned(one, at, at <= deadline, why))
    return tuple(planned)


def next_time(now: datetime, time_of_day: str) -> datetime:
    """The next moment with this time of day (HH:MM) in the zone of `now`.

    >>> next_time(datetime(2026, 11, 23, 22, 0), "07:00")
    datetime.datetime(2026, 11, 24, 7, 0)
    """
    hour, minute = (int(part) for part in time_of_day.split(":"))
    at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return at if at > now else at + timedelta(days=1)


def about(moment: datetime, now: datetime) -> datetime:
    """A moment as exact as a forecast may be: up to full minutes, or to five where it is an hour away.

    >>> about(datetime(2026, 11, 24, 6, 36, 10), datetime(2026, 11, 23, 22, 0))
    datetime.datetime(2026, 11, 24, 6, 40)
    """
    step = 5 if moment - now > timedelta(hours=1) else 1
    full = moment.replace(second=0, microsecond=0)
    if full < moment:
        full += timedelta(minutes=1)
    return full + timedelta(minutes=-full.minute % step)


def _promise(one: Waiting, now: datetime) -> tuple[int, int, float, int]:
    """Smaller is sooner."""
    closeness = one.closeness or 0.0
    close = round(closeness * STEPS_OF_CLOSENESS) if closeness >= LEAST_CLOSENESS else 0
    day = -1 if one.published_ms is None else _day(one.published_ms, now).toordinal()
    return -close, -day, one.work_s, one.episode_id


def _why(one: Waiting, now: datetime) -> str:
    if one.closeness is not None and one.closeness >= LEAST_CLOSENESS:
        return f"close to “{one.interest}”"
    if one.published_ms is None:
        return "its day is not known"
    day = _day(one.published_ms, now)
    days = (now.date() - day.date()).days
    return {0: "new today", 1: "from yesterday"}.get(days, f"from {day.day} {day:%B}")


def _day(published_ms: int, now: datetime) -> datetime:
    return from_ms(published_ms).astimezone(now.tzinfo)
