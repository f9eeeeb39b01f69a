"""Downloads take no more of the line than they may. Time is a value here; nobody waits."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from evil_server import AUDIO, Evil
from hypothesis import given
from hypothesis import strategies as st

from earmark.errors import Cancelled
from earmark.net import Door, Throttle, download
from earmark.net.connect import Deadline
from earmark.net.throttle import Bucket, take


class PassingTime:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.now_s += seconds


@given(st.lists(st.integers(0, 200_000), min_size=1, max_size=60), st.integers(1_000, 500_000))
def test_over_any_time_no_more_comes_than_the_rate_and_one_second_ahead(sizes: list[int], rate: int) -> None:
    bucket, now_s, came = Bucket(at_s=0.0), 0.0, 0
    for size in sizes:
        bucket, wait_s = take(bucket, size, rate, now_s)
        came += size
        now_s += wait_s
        assert came <= rate * (now_s + 1) + 1


def test_a_line_that_was_idle_for_an_hour_gives_no_more_than_a_second_at_once() -> None:
    assert take(Bucket(0.0, 0.0), 3_000, 1_000.0, now_s=3_600.0)[1] == 2.0


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    assert take(Bucket(0.0, 50.0), 1_000, 1_000.0, now_s=10.0)[1] == 1.0


def test_a_download_is_held_to_the_rate_and_is_not_taken_for_a_slow_server(
    evil: Evil, noted: Any, tmp_path: Path
) -> None:
    time = PassingTime()
    throttle = Throttle(lambda: 2_000, monotonic=time, wait_s=time.wait)
    door = Door(user_agent="t", log=noted, monotonic=time, throttle=throttle)
    door.allow(evil.url("/"))
    got = download(door, evil.url("/audio"), tmp_path / "audio", why="test", max_bytes=10**9)
    assert got.sha256 == hashlib.sha256(AUDIO).hexdigest()
    assert time.now_s - 100 == pytest.approx(len(AUDIO) / 2_000, abs=1.5)


def test_without_a_rate_nobody_waits_and_a_changed_rate_counts_at_once() -> None:
    time, rates = PassingTime(), iter([0, None, 1_000, 1_000, None])
    throttle = Throttle(lambda: next(rates), monotonic=time, wait_s=time.wait)
    assert throttle.received(10**9) == throttle.received(10**9) == 0.0
    assert throttle.received(5_000) == 0.5
    assert time.now_s == 100.5


def test_a_wish_to_stop_is_heard_while_a_download_is_held_back() -> None:
    time = PassingTime()
    throttle = Throttle(lambda: 1, monotonic=time, wait_s=time.wait)
    with pytest.raises(Cancelled):
        throttle.received(10**6, cancelled=lambda: time.now_s > 101)


def test_time_that_we_waited_ourselves_counts_against_no_deadline() -> None:
    time = PassingTime()
    deadline = Deadline(10.0, floor_bytes_s=1_000.0, monotonic=time)
    time.wait(100.0)
    deadline.waited(100.0)
    deadline.received(10)
    assert deadline.left_s() == 10.0
