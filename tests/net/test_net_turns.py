"""Whose turn it is: hosts take turns, and a busy one holds up nobody else."""

import threading
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from earmark.net import Turns


def test_hosts_take_turns() -> None:
    turns = Turns([("a", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5)], most=2)
    assert [turns.take() for _ in range(4)] == [("a", 1), ("b", 4), ("c", 5), ("a", 2)]


def test_n_16_a_host_that_is_busy_is_passed_over() -> None:
    turns = Turns([("slow", number) for number in range(500)] + [("quick", 500), ("quick", 501)], most=2)
    out = [turns.take() for _ in range(4)]
    assert Counter(host for host, _ in filter(None, out)) == {"slow": 2, "quick": 2}
    turns.done("slow")
    assert turns.take() == ("slow", 2)


def test_who_waits_goes_on_when_a_place_is_free_and_ends_when_nothing_is_left() -> None:
    turns = Turns([("a", 1), ("a", 2)], most=1)
    assert turns.take() == ("a", 1)
    got: list[object] = []
    waiting = threading.Thread(target=lambda: got.extend([turns.take(), turns.take()]))
    waiting.start()
    turns.done("a")
    waiting.join(10)
    assert got == [("a", 2), None]


def test_what_is_dropped_is_not_asked_and_is_given_back() -> None:
    turns = Turns([("a", 1), ("a", 2), ("b", 3)], most=2)
    assert turns.drop("a") == [1, 2]
    assert turns.take() == ("b", 3)
    turns.done("b")
    assert turns.drop() == []
    assert turns.take() is None


@given(st.lists(st.sampled_from("abc"), max_size=30), st.integers(1, 3), st.randoms())
def test_everything_gets_its_turn_once_and_no_host_more_than_it_may(
    hosts: list[str], most: int, chance: object
) -> None:
    turns = Turns(list(zip(hosts, range(len(hosts)), strict=True)), most)
    out: list[str] = []
    seen = []
    while len(seen) < len(hosts):
        full = {host for host in out if out.count(host) == most}
        left = Counter(hosts) - Counter(hosts[number] for number in seen)
        if out and (not set(left) - full or chance.random() < 0.5):  # type: ignore[attr-defined]
            turns.done(out.pop(0))
            continue
        turn = turns.take()
        assert turn is not None
        seen.append(turn[1])
        out.append(turn[0])
        assert max(Counter(out).values()) <= most
    assert sorted(seen) == list(range(len(hosts)))
    assert turns.take() is None
