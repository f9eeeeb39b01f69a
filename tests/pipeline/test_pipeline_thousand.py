"""F-06, N-16: many feeds in one round. What that takes is measured by tests/benchmarks/feed_farm.py."""

import threading

import pytest
from hosts import Reply, show
from test_pipeline_refresh import Home, home  # noqa: F401  (a fixture)

from earmark.errors import Cancelled
from earmark.net import MAX_PER_HOST
from earmark.pipeline import Watch, refresh
from earmark.pipeline.callers import MAX_SOCKETS
from earmark.records import ParsedFeed

FEEDS, HOSTS = 1000, 20


def follow(home: Home, number: int, host: str, reply: Reply) -> None:  # noqa: F811
    """Put a show into the library without asking for it."""
    url = home.web.put(host, reply, f"/{number}")
    home.door.allow(url)
    home.library.add_feed(url, ParsedFeed(f"Show {number}", None, "", None, ()))


def test_f_06_a_thousand_feeds_are_each_asked_once_a_round_whether_new_or_unchanged(
    home: Home,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("earmark.pipeline.callers.ASK_EVERY_S", 0.0)
    for number in range(FEEDS):
        reply = Reply(show(f"Show {number}", [f"{number}"]), etag=f'"{number}"')
        follow(home, number, f"h{number % HOSTS}.example", reply)
    for new in (FEEDS, 0):
        home.web.asked.clear()
        result = home.refresh()
        assert (result.asked, result.problems, result.notice) == (FEEDS, (), None)
        assert (result.new_episodes, len(result.changes.episode_ids)) == (new, new)
        assert len({path for _host, path, _head in home.web.asked}) == len(home.web.asked) == FEEDS
        home.wait(hours=30)
    assert all(head["if-none-match"] == f'"{path[1:]}"' for _host, path, head in home.web.asked)
    assert sorted(home.titles()) == sorted(str(number) for number in range(FEEDS))
    assert max(home.web.most.values()) <= MAX_PER_HOST
    assert home.web.most_at_all <= MAX_SOCKETS


def test_n_16_of_five_hundred_slow_hosts_eight_are_waited_for_at_once_and_all_are_heard(
    home: Home,  # noqa: F811
) -> None:
    gate = threading.Event()
    for number in range(500):
        follow(home, number, f"slow{number}.example", Reply(show(f"Show {number}", ["1"]), wait=gate))

    def look() -> bool:
        if home.web.most_at_all >= MAX_SOCKETS:
            gate.set()
        return False

    result = refresh(home.tools, Watch(cancelled=look))
    assert (result.asked, result.answered, result.problems) == (500, 500, ())
    assert gate.is_set()
    assert home.web.most_at_all == MAX_SOCKETS


def test_shows_are_asked_one_after_another_and_a_round_can_be_ended_in_between(
    home: Home,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("earmark.pipeline.callers.ASK_EVERY_S", 3600.0)
    for number in range(MAX_SOCKETS):
        follow(home, number, f"h{number}.example", Reply(show(f"Show {number}", ["1"])))
    looks = 0

    def look() -> bool:
        nonlocal looks
        looks += bool(home.web.asked)
        return looks > 5

    with pytest.raises(Cancelled):
        refresh(home.tools, Watch(cancelled=look), wish="now")
    assert len(home.web.asked) == 1
    for thread in threading.enumerate():
        if thread.name == "ask for news":
            thread.join(10)
            assert not thread.is_alive()


def test_shows_of_a_busy_host_are_asked_one_after_another_too(
    home: Home,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("earmark.pipeline.callers.ASK_EVERY_S", 0.0)
    gate, looks = threading.Event(), 0
    for number in range(MAX_SOCKETS):
        follow(home, number, "busy.example", Reply(show(f"Show {number}", ["1"]), wait=gate))

    def look() -> bool:
        nonlocal looks
        if len(home.web.asked) >= MAX_PER_HOST:
            monkeypatch.setattr("earmark.pipeline.callers.ASK_EVERY_S", 3600.0)
            gate.set()
        looks += len(home.web.asked) > MAX_PER_HOST
        return looks > 5

    with pytest.raises(Cancelled):
        refresh(home.tools, Watch(cancelled=look), wish="now")
    assert len(home.web.asked) == MAX_PER_HOST + 1
