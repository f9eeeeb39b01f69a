"""A year with random sleep, journeys, summer time and wrong clocks, lived through the real library."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lived import Life

from earmark.pipeline import brief_is_due, make_due_brief

ZONES = ("Europe/Paris", "America/New_York", "Pacific/Apia", "Pacific/Honolulu", "Australia/Lord_Howe", "UTC")
FAULTS = tuple(timedelta(days=days) for days in (1, -1, 40, 3650, -0.2))
BEGIN = datetime(2026, 11, 1, 9, tzinfo=UTC)
LOOK_MINUTES = (20, 90)
SLEEP_HOURS = (8, 14, 30, 75, 720)


@dataclass
class Year:
    """What happened: the dates lived (by the clock on the wall, from the time of the brief on), and what was
    shown when it was first seen."""

    lived: set[str] = field(default_factory=set)
    first_seen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    faults: int = 0
    journeys: int = 0
    sleeps: int = 0


def looks(chance: random.Random, year: Year) -> Iterator[datetime]:
    """The moments at which somebody looks, as the clock on the wall shows them."""
    true, zone, fault, fault_until = BEGIN, ZoneInfo("Europe/Paris"), timedelta(0), BEGIN
    while True:
        yield (true + (fault if true < fault_until else timedelta(0))).astimezone(zone)
        true += timedelta(minutes=chance.randint(*LOOK_MINUTES))
        event = chance.random()
        if event < 0.03:  # the computer sleeps: some hours, sometimes days, once in a while a month
            true += timedelta(hours=chance.choices(SLEEP_HOURS, (50, 20, 15, 14, 1))[0])
            year.sleeps += 1
        elif event < 0.036:
            zone = ZoneInfo(chance.choice(ZONES))
            year.journeys += 1
        elif event < 0.041:
            fault, fault_until = chance.choice(FAULTS), true + timedelta(hours=chance.randint(1, 30))
            year.faults += 1


def live(life: Life, seed: int, *, dates: int, brief_at: time) -> Year:
    """Look at the brief again and again until so many dates were lived."""
    chance, year, number = random.Random(seed), Year(), 0
    for now in looks(chance, year):
        life.now = now
        if now.time() >= brief_at or not year.made:
            year.lived.add(life.today)
        if brief_is_due(life.tools):
            count = 1 if number % 10 else 6  # there is always something to show
            claims = [f"w{number}a{n} w{number}b{n} w{number}c{n}" for n in range(count)]
            life.hear(f"Show {chance.randint(1, 7)}", *claims)
            number += 1
            before = set(life.library.brief_dates())
            make_due_brief(life.tools)
            year.made += sorted(set(life.library.brief_dates()) - before)
        page = life.library.brief(life.today)
        if page is not None:
            shown = tuple(item.insight_id for item in page.brief.items)
            assert year.first_seen.setdefault(life.today, shown) == shown[: len(year.first_seen[life.today])]
        if len(year.lived) >= dates and life.today in year.first_seen:
            return year
    raise AssertionError
