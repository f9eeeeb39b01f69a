"""One brief for each local date that was lived, whatever clocks, zones and sleep do."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from earmark.pipeline.due import decide, telling

PARIS, APIA, HONOLULU = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Apia"), ZoneInfo("Pacific/Honolulu")
ZONES: list[tzinfo] = [
    PARIS,
    APIA,
    HONOLULU,
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),
    UTC,
]


def watched(moments: Iterable[datetime], zone: tzinfo, brief_at: time, stored: set[str]) -> list[str]:
    """The briefs that are made when somebody looks at each of these moments."""
    made = []
    for now in moments:
        for date in decide(now, zone, stored, brief_at):
            made.append(date)
            stored.add(date)
    return made


def minutes(first: datetime, last: datetime, step: int = 10) -> Iterable[datetime]:
    while first < last:
        yield first
        first += timedelta(minutes=step)


def test_a_time_that_the_clock_leaps_over_is_due_right_after_the_leap() -> None:
    night = minutes(datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC))
    assert watched(night, PARIS, time(2, 30), {"2026-03-28"}) == ["2026-03-29"]
    leap = datetime(2026, 3, 29, 1, tzinfo=UTC)  # 02:00 becomes 03:00
    assert decide(leap - timedelta(seconds=1), PARIS, {"2026-03-28"}, time(2, 30)) == ()
    assert decide(leap, PARIS, {"2026-03-28"}, time(2, 30)) == ("2026-03-29",)


def test_a_time_that_comes_twice_is_due_once() -> None:
    night = minutes(datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 22, tzinfo=UTC))
    assert watched(night, PARIS, time(2, 30), {"2026-10-24"}) == ["2026-10-25"]
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 in summer time
    assert decide(first, PARIS, {"2026-10-24"}, time(2, 30)) == ("2026-10-25",)
    assert decide(first + timedelta(hours=1), PARIS, {"2026-10-25"}, time(2, 30)) == ()


def test_a_day_that_does_not_exist_has_no_brief_and_its_neighbours_have_one() -> None:
    days = minutes(datetime(2011, 12, 29, 18, tzinfo=UTC), datetime(2012, 1, 1, 18, tzinfo=UTC))
    assert watched(days, APIA, time(7), {"2011-12-28"}) == [
        "2011-12-29",
        "2011-12-31",
        "2012-01-01",
        "2012-01-02",
    ]


def test_a_date_that_is_lived_twice_by_going_east_to_west_has_one_brief() -> None:
    stored = {"2026-06-09"}
    in_apia = minutes(datetime(2026, 6, 9, 17, tzinfo=UTC), datetime(2026, 6, 10, 6, tzinfo=UTC))
    assert watched(in_apia, APIA, time(7), stored) == ["2026-06-10"]
    in_honolulu = minutes(datetime(2026, 6, 10, 14, tzinfo=UTC), datetime(2026, 6, 11, 20, tzinfo=UTC))
    assert watched(in_honolulu, HONOLULU, time(7), stored) == ["2026-06-11"]


def test_a_clock_that_leaps_ten_years_and_back_gives_one_brief_for_each_date_that_it_showed() -> None:
    true = datetime(2026, 11, 23, 9, tzinfo=UTC)
    wrong = [true, true.replace(year=2036), true + timedelta(minutes=5), true + timedelta(days=1)]
    assert watched(wrong, ZoneInfo("UTC"), time(7), {"2026-11-22"}) == [
        "2026-11-23",
        "2036-11-23",
        "2026-11-24",
    ]


def test_after_thirty_days_away_there_is_one_brief() -> None:
    back = datetime(2026, 12, 23, 18, tzinfo=UTC)
    assert decide(back, UTC, {"2026-11-22", "2026-11-23"}) == ("2026-12-23",)


def test_before_the_time_of_day_nothing_is_due_unless_it_is_the_first_ever() -> None:
    early = datetime(2026, 11, 23, 6, 59, tzinfo=UTC)
    assert decide(early, UTC, {"2026-11-22"}) == ()
    assert decide(early, UTC, set()) == ("2026-11-23",)
    assert decide(early + timedelta(minutes=1), UTC, {"2026-11-22"}) == ("2026-11-23",)


@pytest.mark.parametrize("zone", ZONES)
def test_every_date_of_a_year_is_due_once(zone: tzinfo) -> None:
    first = datetime(2026, 1, 1, tzinfo=zone).astimezone(UTC)
    made = watched(minutes(first, first + timedelta(days=365), 30), zone, time(23, 15), {"2025-12-31"})
    assert len(made) == len(set(made)) == 365


@pytest.mark.parametrize(
    ("told_of", "cards", "looking", "wanted", "how"),
    [
        ("2026-11-22", 5, False, True, "aloud"),
        ("", 1, False, True, "aloud"),
        ("2026-11-22", 5, True, True, "silently"),
        ("2026-11-22", 5, False, False, "silently"),
        ("2026-11-22", 0, False, True, "not now"),
        ("2026-11-23", 5, False, True, "not now"),
        ("2026-11-23", 5, True, False, "not now"),
    ],
)
def test_a_brief_is_told_of_once_and_aloud_only_to_who_wants_that_and_does_not_look(
    told_of: str, cards: int, looking: bool, wanted: bool, how: str
) -> None:
    assert telling("2026-11-23", told_of, cards, looking=looking, wanted=wanted) == how
