"""When a feed is asked again: rhythm, what publishers ask for, faults, and clocks that were wrong."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.feeds.when import (
    DAY_MS,
    FLOOR_MS,
    HOUR_MS,
    LONGEST_MS,
    MINUTE_MS,
    after_answer,
    after_document,
    after_fault,
    is_due,
    retry_after_ms,
    ttl_ms,
    wants_all,
)
from earmark.records import Schedule

NOW_MS = round(datetime(2026, 11, 23, 8, tzinfo=UTC).timestamp() * 1000)
MOMENTS = st.integers(0, 4_102_444_800_000)
TEXTS = st.text(max_size=60) | st.integers(-(10**12), 10**12).map(str)


def shows(gap_ms: int, since_ms: int = 0) -> Schedule:
    """What a show that comes so often is known by."""
    dates = [NOW_MS - since_ms - number * gap_ms for number in range(12)]
    return after_document(Schedule(), dates, None, NOW_MS)


def wait_ms(schedule: Schedule, headers: dict[str, str] | None = None) -> int:
    """How long after a good answer until the next check."""
    after = after_answer(schedule, headers or {}, now_ms=NOW_MS, full=True, chance=0.0)
    assert after.next_ms is not None
    return after.next_ms - NOW_MS


@pytest.mark.parametrize(
    ("gap_ms", "since_ms", "wait"),
    [
        (HOUR_MS, 0, FLOOR_MS),
        (DAY_MS, 0, 3 * HOUR_MS),
        (7 * DAY_MS, 0, 21 * HOUR_MS),
        (30 * DAY_MS, 0, LONGEST_MS),
        (DAY_MS, 4 * DAY_MS, 12 * HOUR_MS),
        (DAY_MS, 700 * DAY_MS, LONGEST_MS),
    ],
)
def test_a_feed_is_asked_as_often_as_its_own_rhythm_suggests(gap_ms: int, since_ms: int, wait: int) -> None:
    assert wait_ms(shows(gap_ms, since_ms)) == wait


@pytest.mark.parametrize("dates", [[], [NOW_MS], [NOW_MS + DAY_MS, NOW_MS + 2 * DAY_MS]])
def test_a_feed_without_a_rhythm_is_asked_four_times_a_day(dates: list[int]) -> None:
    assert wait_ms(after_document(Schedule(), dates, None, NOW_MS)) == 6 * HOUR_MS


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("max-age=7200", 2 * HOUR_MS),
        ("public, Max-Age = 7200, must-revalidate", 2 * HOUR_MS),
        ("max-age=31536000", LONGEST_MS),
        ("max-age=0", FLOOR_MS),
        ("max-age=-1", FLOOR_MS),
        ("max-age=99999999999999999999", FLOOR_MS),
        ("s-maxage=7200", FLOOR_MS),
        ("no-store", FLOOR_MS),
        ("max-age=" + "9" * 100_000, FLOOR_MS),
    ],
)
def test_what_the_server_says_of_freshness_is_followed_up_to_a_day(header: str, wait: int) -> None:
    assert wait_ms(shows(HOUR_MS), {"cache-control": header}) == wait


def test_the_feed_s_own_ttl_is_followed_up_to_a_day() -> None:
    assert wait_ms(replace(shows(HOUR_MS), ttl_ms=ttl_ms("240"))) == 4 * HOUR_MS
    assert wait_ms(replace(shows(HOUR_MS), ttl_ms=ttl_ms("525600"))) == LONGEST_MS


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", 2 * MINUTE_MS),
        ("0", MINUTE_MS),
        ("-3600", MINUTE_MS),
        ("315360000", DAY_MS),
        ("9" * 40, DAY_MS),
        ("90.5", 90_500),
        ("Mon, 23 Nov 2026 09:00:00 GMT", HOUR_MS),
        ("Mon, 23 Nov 2036 09:00:00 GMT", DAY_MS),
        ("Mon, 23 Nov 2026 07:00:00 GMT", MINUTE_MS),
        ("Monday, 23-Nov-26 09:00:00 GMT", HOUR_MS),
        ("soon", None),
        ("", None),
        (None, None),
        ("Mon, 99 Nov 2026 99:00:00 GMT", None),
        ("x" * 1_000_000, None),
    ],
)
def test_n_20_retry_after_is_a_minute_to_a_day_whatever_it_says(header: str | None, wait: int | None) -> None:
    assert retry_after_ms(header, NOW_MS) == wait


def test_n_20_nobody_asks_before_the_server_allows_it_not_even_a_user_who_insists() -> None:
    after = after_fault(Schedule(), now_ms=NOW_MS, retry_ms=2 * HOUR_MS, chance=0.0)
    for moment, may in ((NOW_MS + 2 * HOUR_MS - 1, False), (NOW_MS + 2 * HOUR_MS, True)):
        assert is_due(after, NOW_MS, moment, "now") == may
        assert is_due(after, NOW_MS, moment, "due") == may


def test_faults_double_the_wait_up_to_a_day_and_a_good_answer_forgets_them() -> None:
    schedule, waits, now_ms = Schedule(), [], NOW_MS
    for _ in range(9):
        schedule = after_fault(schedule, now_ms=now_ms, retry_ms=None, chance=0.0)
        assert schedule.next_ms is not None
        waits.append((schedule.next_ms - now_ms) / HOUR_MS)
        now_ms = schedule.next_ms
    assert waits == [0.5, 1, 2, 4, 8, 16, 24, 24, 24]
    good = after_answer(schedule, {}, now_ms=now_ms, full=False, chance=0.0)
    assert (good.errors, good.failing_since_ms, good.stopped) == (0, None, None)


def test_feeds_that_fail_together_do_not_come_back_together() -> None:
    after = [
        after_fault(Schedule(), now_ms=NOW_MS, retry_ms=None, chance=chance / 10).next_ms
        for chance in range(10)
    ]
    assert len(set(after)) == 10


def test_n_21_after_a_month_of_faults_a_feed_is_given_up_until_the_user_wants_it() -> None:
    schedule, checked_ms, checks = Schedule(), NOW_MS, 0
    for moment in range(NOW_MS, NOW_MS + 40 * DAY_MS, 10 * MINUTE_MS):
        if is_due(schedule, checked_ms if checks else None, moment):
            schedule, checked_ms = (
                after_fault(schedule, now_ms=moment, retry_ms=None, chance=0.5),
                moment,
            )
            checks += 1
    assert schedule.stopped == "failing"
    assert 30 * DAY_MS <= checked_ms - NOW_MS < 32 * DAY_MS
    assert 30 <= checks <= 40
    assert is_due(schedule, checked_ms, NOW_MS + 50 * DAY_MS, "now")
    assert not is_due(schedule, checked_ms, NOW_MS + 50 * DAY_MS, "news")


def test_n_21_a_program_that_was_closed_for_a_month_does_not_give_up_after_two_faults() -> None:
    first = after_fault(Schedule(), now_ms=NOW_MS, retry_ms=None, chance=0.0)
    assert after_fault(first, now_ms=NOW_MS + 35 * DAY_MS, retry_ms=None, chance=0.0).stopped is None


def test_n_06_once_a_week_all_is_asked_for_whatever_the_server_says_of_changes() -> None:
    full = after_answer(Schedule(), {}, now_ms=NOW_MS, full=True, chance=0.0)
    unchanged = after_answer(full, {}, now_ms=NOW_MS + DAY_MS, full=False, chance=0.0)
    assert wants_all(Schedule(), NOW_MS)
    assert not wants_all(unchanged, NOW_MS + 7 * DAY_MS - 1)
    assert wants_all(unchanged, NOW_MS + 7 * DAY_MS)


def test_nothing_is_asked_twice_within_half_an_hour_but_for_a_user_who_insists() -> None:
    for wish, may in (("due", False), ("news", False), ("now", True)):
        assert is_due(Schedule(next_ms=0), NOW_MS - FLOOR_MS + 1, NOW_MS, wish) == may  # type: ignore[arg-type]
    assert is_due(Schedule(next_ms=NOW_MS + HOUR_MS), NOW_MS - FLOOR_MS, NOW_MS, "news")
    assert not is_due(Schedule(next_ms=NOW_MS + HOUR_MS), NOW_MS - FLOOR_MS, NOW_MS, "due")
    assert is_due(Schedule(errors=1), NOW_MS - MINUTE_MS, NOW_MS, "news")


@pytest.mark.parametrize("stopped", ["gone", "failing", "another show"])
def test_n_07_what_has_ended_is_asked_only_when_the_user_insists(stopped: str) -> None:
    ended = Schedule(stopped=stopped)  # type: ignore[arg-type]
    assert [is_due(ended, None, NOW_MS, wish) for wish in ("due", "news", "now")] == [False, False, True]  # type: ignore[arg-type]


@given(checked=MOMENTS, next_=MOMENTS, before=MOMENTS, since=MOMENTS, now=MOMENTS)
def test_a_clock_that_was_wrong_never_stops_a_feed_for_more_than_about_a_day(
    checked: int, next_: int, before: int, since: int, now: int
) -> None:
    schedule = Schedule(next_ms=next_, not_before_ms=before, failing_since_ms=since, full_ms=checked)
    later = now + round(1.3 * DAY_MS)
    if is_due(schedule, checked, now):
        return
    assert is_due(schedule, checked, later) or is_due(schedule, checked, later + 2 * DAY_MS)


@given(
    gap=st.none() | st.integers(0, 10**13),
    newest=st.none() | MOMENTS,
    ttl=TEXTS,
    header=TEXTS,
    now=MOMENTS,
    chance=st.floats(0, 1, exclude_max=True),
)
def test_whatever_a_publisher_says_the_next_check_is_half_an_hour_to_about_a_day_away(
    gap: int | None, newest: int | None, ttl: str, header: str, now: int, chance: float
) -> None:
    old = Schedule(gap_ms=gap, newest_ms=min(newest, now) if newest is not None else None, ttl_ms=ttl_ms(ttl))
    good = after_answer(old, {"cache-control": f"max-age={header}"}, now_ms=now, full=True, chance=chance)
    bad = after_fault(old, now_ms=now, retry_ms=retry_after_ms(header, now), chance=chance)
    for schedule in (good, bad):
        assert schedule.next_ms is not None
        assert FLOOR_MS <= schedule.next_ms - now <= 1.25 * LONGEST_MS
