"""Rounds of checks over real connections, under a clock that the test moves: rows N-xx and F-xx."""

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hosts import Hosts, Reply, hosts, show

from earmark.clock import to_ms
from earmark.feeds import AWAY_AFTER
from earmark.library import Library, open_library
from earmark.net import Door, Response
from earmark.paths import Paths
from earmark.pipeline import Refreshed, Tools, Watch, add_feed, refresh
from earmark.pipeline.callers import MAX_SOCKETS
from earmark.pipeline.feed_reader import FeedReader
from earmark.pipeline.fetching import Question, ask
from earmark.pipeline.refreshing import AWAY, LATE, OFFLINE, PORTAL, WENT
from earmark.records import Feed, ParsedFeed, Schedule, Wish
from earmark.settings import Settings

BEGIN = datetime(2026, 11, 23, 8, tzinfo=UTC)
PAGE = b"<!DOCTYPE html><html><body>Please sign in to our Wi-Fi</body></html>"


@dataclass
class Home:
    """A profile, the hosts around it, and its clock."""

    paths: Paths
    web: Hosts
    now: datetime = BEGIN
    library: Library = field(init=False)
    door: Door = field(init=False)

    def open(self) -> "Home":
        """Own the library, as a program that starts."""
        self.library = open_library(self.paths, clock=lambda: self.now)
        self.door = Door(user_agent="Earmark/test", log=self.library.log_request)
        return self

    def restart(self) -> None:
        """End the program, and start it again."""
        self.library.close()
        self.open()

    @property
    def tools(self) -> Tools:
        """What refreshing needs of the program."""
        none: Any = None
        return Tools(self.library, self.door, none, none, none, self.paths, lambda: self.now, None)

    def add(self, host: str, reply: Reply, path: str = "/feed") -> Feed:
        """Subscribe to what a host gives."""
        url = self.web.put(host, reply, path)
        self.door.allow(url)
        return add_feed(self.tools, url)

    def refresh(self, wish: Wish = "due", **named: Any) -> Refreshed:
        """A round of checks."""
        return refresh(self.tools, Watch(), wish=wish, **named)

    def wait(self, **named: float) -> None:
        """Let time pass."""
        self.now += timedelta(**named)

    def feed(self, title: str) -> Feed:
        """A subscription by its title."""
        (found,) = (feed for feed in self.library.feeds() if feed.title == title)
        return found

    def schedule(self, title: str) -> Schedule:
        """When a show is asked again."""
        return self.library.schedule(self.feed(title).id)

    def titles(self) -> list[str]:
        """Of all episodes."""
        return [episode.guid for episode in self.library.episodes()]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A profile that is open."""
    with hosts(monkeypatch) as web:
        made = Home(Paths(tmp_path), web).open()
        yield made
        made.library.close()


def test_a_show_is_asked_when_it_is_due_and_not_before_also_over_a_restart(home: Home) -> None:
    home.add("a.example", Reply(show("A", ["3", "2", "1"]), etag='"x"'))
    for hours, asked in ((0, 0), (23, 0), (5, 1), (0.6, 0)):
        home.wait(hours=hours)
        home.restart()
        home.door.allow(home.web.url("a.example"))
        assert home.refresh().asked == asked
    assert home.refresh("now").asked == 1
    home.wait(minutes=29)
    assert home.refresh("news").asked == 0
    home.wait(minutes=1)
    assert home.refresh("news").asked == 1


def test_a_show_counts_as_asked_before_the_computer_slept_not_after(home: Home) -> None:
    home.add("a.example", Reply(show("A", ["1"])))
    home.wait(days=1)
    evening_ms = to_ms(home.now)

    def sleeps() -> bool:
        home.now = datetime.fromtimestamp(evening_ms / 1000, UTC) + timedelta(hours=9)
        return False

    assert refresh(home.tools, Watch(cancelled=sleeps), wish="now").asked == 1
    assert home.feed("A").checked_ms == evening_ms
    assert home.refresh("news").asked == 1


def test_freshness_that_the_server_and_the_document_promise_is_believed(home: Home) -> None:
    home.add("a.example", Reply(show("A", []), headers=(("Cache-Control", "max-age=50400"),)))
    home.add("b.example", Reply(show("B", [], "<ttl>900</ttl>")))
    home.wait(hours=13.9)
    assert home.refresh().asked == 0
    home.wait(hours=3.1)
    assert home.refresh().asked == 2


def test_n_01_without_a_network_one_notice_is_given_and_no_feed_is_blamed(home: Home) -> None:
    for number in range(40):
        home.add(f"h{number}.example", Reply(show(f"Show {number}", ["1"])))
    before = [(feed.error, home.schedule(feed.title)) for feed in home.library.feeds()]
    home.wait(days=2)
    asked = home.web.count()
    home.web.no_network = True
    result = home.refresh()
    assert (result.notice, result.problems, home.web.count()) == (AWAY, (), asked)
    assert result.asked < 20
    assert [(feed.error, home.schedule(feed.title)) for feed in home.library.feeds()] == before
    home.web.no_network = False
    assert home.refresh().asked == 40


def test_n_24_when_the_network_goes_in_the_middle_of_a_round_nobody_after_that_is_blamed(home: Home) -> None:
    for number in range(40):
        home.add(f"h{number}.example", Reply(show(f"Show {number}", ["1"])))
    home.wait(days=2)
    already = home.web.count()

    def log(*_: object) -> None:
        home.web.no_network = home.web.count() - already >= 5

    home.door = Door(user_agent="Earmark/test", log=log)
    for number in range(40):
        home.door.allow(home.web.url(f"h{number}.example"))
    result = home.refresh()
    came = home.web.count() - already
    assert 5 <= came < 20
    assert (result.notice, result.problems, result.answered) == (WENT, (), came)
    assert [feed.error for feed in home.library.feeds()] == [None] * 40
    home.web.no_network = False
    home.web.asked.clear()
    home.door = Door(user_agent="Earmark/test", log=home.library.log_request)
    for number in range(40):
        home.door.allow(home.web.url(f"h{number}.example"))
    again = home.refresh()
    assert (again.notice, again.asked) == (None, 40 - came)


def test_n_24_an_answer_that_is_still_read_when_the_network_goes_counts_as_one(home: Home) -> None:
    for number in range(40):
        home.add(f"h{number}.example", Reply(show(f"Show {number}", ["1"])))
    home.wait(days=2)
    silent: list[str] = []
    all_are_silent = threading.Event()

    def log(_time_ms: int, host: str, _why: str, status: int | None, _size_bytes: int) -> None:
        home.web.no_network = True
        silent.extend([host] if status is None else [])
        if len(silent) >= 12:
            all_are_silent.set()

    class Slow(FeedReader):
        def read(self, response: Response, *, cancelled: Callable[[], bool]) -> ParsedFeed:
            all_are_silent.wait(5)
            return super().read(response, cancelled=cancelled)

    home.door = Door(user_agent="Earmark/test", log=log)
    for number in range(40):
        home.web.put(f"h{number}.example", Reply(show(f"Show {number}", ["1", "2"])))
        home.door.allow(home.web.url(f"h{number}.example"))
    result = refresh(replace(home.tools, reader=Slow()), Watch())
    assert (result.notice, result.problems, result.asked) == (WENT, (), 40)
    assert result.answered == result.new_episodes > 0


def test_who_is_silent_when_a_round_has_lasted_too_long_is_asked_in_the_next_without_blame(
    home: Home,
) -> None:
    for number in range(40):
        home.add(f"h{number}.example", Reply(show(f"Show {number}", ["1"])))
    home.wait(days=2)
    already, slept_s = home.web.count(), 0.0

    def log(*_: object) -> None:
        nonlocal slept_s
        if home.web.count() - already >= 12:  # the lid was closed, and no network is there yet
            home.web.no_network, slept_s = True, 8 * 3600.0

    home.door = Door(user_agent="Earmark/test", log=log, monotonic=lambda: time.monotonic() + slept_s)
    for number in range(40):
        home.door.allow(home.web.url(f"h{number}.example"))
    result = home.refresh()
    assert (result.notice, result.problems, result.asked + result.left) == (LATE, (), 40)
    assert 1 <= result.asked == result.answered < 30
    assert [feed.error for feed in home.library.feeds()] == [None] * 40
    home.web.no_network = False
    home.door = Door(user_agent="Earmark/test", log=home.library.log_request)
    for number in range(40):
        home.door.allow(home.web.url(f"h{number}.example"))
    assert home.refresh().asked == result.left


@pytest.mark.parametrize("cut", [False, True])
def test_eight_that_are_under_way_when_the_lid_is_closed_are_not_blamed(home: Home, cut: bool) -> None:
    slept_s, together = 0.0, threading.Barrier(MAX_SOCKETS)

    class Waking(Reply):
        def __getattribute__(self, name: str) -> Any:
            if name == "cut" and cut:
                wake()
            return super().__getattribute__(name)

    def wake(*_: object) -> None:
        nonlocal slept_s
        together.wait(20)
        home.web.no_network, slept_s = True, 8 * 3600.0

    for number in range(40):
        home.add(f"h{number}.example", Reply(show(f"Show {number}", ["1"])))
        home.web.put(f"h{number}.example", Waking(cut=True))
    home.wait(days=2)
    home.web.no_network = not cut
    log = (lambda *_: None) if cut else wake
    home.door = Door(user_agent="Earmark/test", log=log, monotonic=lambda: time.monotonic() + slept_s)
    for number in range(40):
        home.door.allow(home.web.url(f"h{number}.example"))
    result = home.refresh()
    assert (result.notice, result.problems, result.asked, result.left) == (LATE, (), 0, 40)
    assert [feed.error for feed in home.library.feeds()] == [None] * 40


@pytest.mark.parametrize("cut", [False, True])
def test_n_24_what_is_still_coming_when_the_network_goes_for_all_others_proves_that_it_went(
    home: Home, cut: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, silent, reached = threading.Event(), itertools.count(1), set[str]()
    for number in range(40):
        home.add(f"h{number}.example", Reply(show(f"Show {number}", ["1"])))
        home.web.put(f"h{number}.example", Reply(show(f"Show {number}", ["1", "2"]), wait=go_on, cut=cut))
    home.wait(days=2)
    before = socket.getaddrinfo

    def lookup(host: str, *args: Any, **named: Any) -> Any:
        if host.endswith(".example") and len(reached | {host}) >= MAX_SOCKETS:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        reached.update({host} if host.endswith(".example") else ())
        return before(host, *args, **named)

    def log(_time_ms: int, _host: str, _why: str, status: int | None, _size_bytes: int) -> None:
        if status is None and next(silent) == AWAY_AFTER:
            go_on.set()

    home.door = Door(user_agent="Earmark/test", log=log)
    for number in range(40):
        home.door.allow(home.web.url(f"h{number}.example"))
    monkeypatch.setattr("socket.getaddrinfo", lookup)
    result = home.refresh()
    assert (result.notice, result.problems) == (WENT, ())
    assert result.answered == result.new_episodes == (0 if cut else MAX_SOCKETS - 1)
    assert [feed.error for feed in home.library.feeds()] == [None] * 40


def test_hosts_that_are_away_while_others_answer_are_their_feeds_own_fault(home: Home) -> None:
    for number in range(40):
        home.add(f"h{number}.example", Reply(show(f"Show {number}", ["1"])))
    home.wait(days=2)
    home.web.unknown = {f"h{number}.example" for number in range(4)}
    result = home.refresh()
    assert (result.notice, len(result.problems), result.answered) == (None, 4, 36)


def test_n_01_a_host_that_alone_is_away_is_its_feeds_own_fault(home: Home) -> None:
    home.add("a.example", Reply(show("A", [])))
    home.add("b.example", Reply(show("B", [])))
    home.wait(hours=30)
    home.web.unknown = {"b.example"}
    result = home.refresh()
    assert result.notice is None
    assert [title for title, _ in result.problems] == ["B"]
    assert "cannot be reached" in str(home.feed("B").error)
    assert (home.schedule("B").errors, home.schedule("A").errors) == (1, 0)


def test_offline_nothing_is_asked_and_nothing_is_blamed(home: Home) -> None:
    home.add("a.example", Reply(show("A", [])))
    home.wait(hours=30)
    asked = home.web.count()
    result = refresh(replace(home.tools, choices=lambda: Settings(offline=True)), Watch(), wish="now")
    assert (result.notice, home.web.count()) == (OFFLINE, asked)
    assert home.feed("A").error is None


def test_n_06_validators_are_sent_as_they_came_but_once_a_week_all_is_asked_for(home: Home) -> None:
    home.add("liar.example", Reply(show("A", ["1"]), etag="W/\"odd, 'one'\""))
    home.web.put("liar.example", Reply(show("A", ["2", "1"]), etag="W/\"odd, 'one'\""))
    sent = []
    for _ in range(8):
        home.wait(hours=30)
        home.refresh()
        sent.append("if-none-match" in home.web.asked[-1][2])
    assert sent == [True] * 5 + [False, True, True]
    assert home.web.asked[-1][2]["if-none-match"] == "W/\"odd, 'one'\""
    assert sorted(home.titles()) == ["1", "2"]


def test_n_06_a_body_that_came_before_is_not_read_again_whatever_its_etag(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.add("a.example", Reply(show("A", ["1"]), etag='"1"'))
    home.web.put("a.example", Reply(show("A", ["1"]), etag='"2"'))
    home.wait(hours=30)
    monkeypatch.setattr("earmark.pipeline.feed_reader.parse", None)
    assert home.refresh("now").problems == ()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_n_07_a_feed_moves_for_good_only_to_where_the_same_show_is(home: Home, status: int) -> None:
    home.add("old.example", Reply(show("A", ["2", "1"])))
    home.add("old.example", Reply(show("B", ["x"])), "/other")
    for path, body in (("/feed", show("A", ["3", "2"])), ("/other", show("B", ["new"]))):
        new = home.web.put("new.example", Reply(body), path)
        home.web.put("old.example", Reply(status=status, headers=(("Location", new),)), path)
        home.door.allow(new)
    home.wait(hours=30)
    result = home.refresh()
    moved = home.web.url("new.example") if status in (301, 308) else home.web.url("old.example")
    assert home.feed("A").url == moved
    assert home.feed("B").url == home.web.url("old.example", "/other")
    assert any("has moved" in text for text in result.told) == (status in (301, 308))
    assert {"3", "2", "1"} <= set(home.titles())


def test_n_07_a_feed_that_moves_to_one_that_is_there_already_stays_where_it_is(home: Home) -> None:
    home.add("old.example", Reply(show("A", ["1"])))
    home.add("new.example", Reply(show("B", ["1"])))
    new = home.web.url("new.example")
    home.web.put("old.example", Reply(status=301, headers=(("Location", new),)))
    home.wait(hours=30)
    result = home.refresh()
    assert sorted(feed.url for feed in home.library.feeds()) == [new, home.web.url("old.example")]
    assert any("which you have as well" in text for text in result.told)


def test_n_07_a_feed_that_names_a_place_that_is_there_already_keeps_its_own_validators(home: Home) -> None:
    home.add("new.example", Reply(show("B", ["2", "1"]), etag='"new"'))
    home.add("old.example", Reply(show("A", ["1"]), etag='"0"'))
    tag = f"<itunes:new-feed-url>{home.web.url('new.example')}</itunes:new-feed-url>"
    home.web.put("old.example", Reply(show("A", ["1"], tag), etag='"old"'))
    home.wait(hours=30)
    home.refresh()
    old = next(feed for feed in home.library.feeds() if "old.example" in feed.url)
    assert old.etag == '"old"'
    home.wait(hours=30)
    asked = home.web.count("new.example")
    home.refresh()
    assert home.web.count("new.example") == asked + 1


@pytest.mark.parametrize(
    ("there", "moves"),
    [(["3", "2"], True), (["x", "y"], False), (None, False)],
)
def test_n_07_the_place_that_a_feed_names_itself_is_looked_at_before_it_moves(
    home: Home, there: list[str] | None, moves: bool
) -> None:
    home.add("old.example", Reply(show("A", ["2", "1"])))
    new = home.web.url("new.example")
    home.door.allow(new)
    if there is not None:
        home.web.put("new.example", Reply(show("A", there)))
    tag = f"<itunes:new-feed-url>{new}</itunes:new-feed-url>"
    home.web.put("old.example", Reply(show("A", ["2", "1"], tag)))
    home.wait(hours=30)
    home.refresh()
    assert home.feed("A").url == (new if moves else home.web.url("old.example"))
    assert ("3" in home.titles()) == moves


def test_n_07_a_feed_that_names_a_place_inside_the_user_s_network_is_not_followed(home: Home) -> None:
    home.add("old.example", Reply(show("A", ["1"])))
    tag = f"<itunes:new-feed-url>{home.web.url('router.example')}</itunes:new-feed-url>"
    home.web.put("old.example", Reply(show("A", ["1"], tag)))
    home.wait(hours=30)
    assert home.refresh().problems == ()
    assert home.web.count("router.example") == 0


def test_n_07_gone_stops_a_feed_and_says_so_until_the_user_wants_it(home: Home) -> None:
    home.add("a.example", Reply(show("A", ["1"])))
    home.web.put("a.example", Reply(status=410))
    home.wait(hours=30)
    result = home.refresh()
    assert "gone for good" in result.ended[0]
    home.restart()
    home.door.allow(home.web.url("a.example"))
    home.wait(days=60)
    assert (home.refresh().asked, home.refresh("news").asked) == (0, 0)
    assert home.titles() == ["1"]
    [row] = home.library.show_rows()
    assert row.next_check_ms is None
    home.web.put("a.example", Reply(show("A", ["2", "1"])))
    assert home.refresh("now", feed_ids=[home.feed("A").id]).new_episodes == 1
    assert home.library.show_rows()[0].next_check_ms is not None
    assert (home.feed("A").error, home.schedule("A").stopped) == (None, None)


@pytest.mark.parametrize("status", [429, 500])
def test_why_a_feed_was_stopped_stays_when_another_fault_comes_later(home: Home, status: int) -> None:
    home.add("a.example", Reply(show("A", ["1"])))
    home.add("b.example", Reply(show("B", ["1"])))
    home.web.put("a.example", Reply(status=410))
    home.wait(hours=30)
    home.refresh()
    why = home.feed("A").error
    home.web.put("a.example", Reply(status=status))
    home.wait(hours=1)
    again = home.refresh("now")
    assert [title for title, reason in again.problems if reason != why] == ["A"], "what it said now is told"
    assert again.ended == ()
    assert (home.feed("A").error, home.schedule("A").stopped) == (why, "gone")


@pytest.mark.parametrize(("status", "every"), [(429, True), (503, True), (500, False)])
def test_n_20_a_server_that_asks_for_rest_gets_it_with_all_its_feeds_also_over_a_restart(
    home: Home, status: int, every: bool
) -> None:
    header = (("Retry-After", "7200"),) if every else ()
    for number in range(20):
        home.add("big.example", Reply(show(f"Show {number}", [])), f"/{number}")
        home.web.put("big.example", Reply(status=status, headers=header), f"/{number}")
    home.wait(hours=30)
    before = home.web.count()
    result = home.refresh()
    assert len(result.problems) == 20
    assert home.web.count() - before <= (2 if every else 20)
    home.restart()
    home.door.allow(home.web.url("big.example"))
    home.wait(hours=1.9)
    assert home.refresh("now").asked == (0 if every else 20)
    home.wait(hours=0.2)
    assert home.refresh("now").asked == 20


def test_n_20_a_server_that_asked_for_rest_is_not_asked_for_its_other_feeds_meanwhile(home: Home) -> None:
    home.add("big.example", Reply(show("A", [])), "/a")
    home.wait(hours=30)
    home.add("big.example", Reply(show("B", [])), "/b")
    home.web.put("big.example", Reply(status=429, headers=(("Retry-After", "7200"),)), "/a")
    assert home.refresh().asked == 1
    home.wait(hours=1)
    assert (home.refresh("news").asked, home.refresh("now").asked) == (0, 1)
    home.wait(hours=1)
    assert home.refresh("news").asked == 2


def test_n_21_a_month_of_faults_ends_in_a_question_to_the_user(home: Home) -> None:
    home.add("a.example", Reply(show("A", ["1"])))
    home.add("b.example", Reply(show("B", ["1"])))
    home.web.put("a.example", Reply(status=500))
    ended: list[str] = []
    asked = home.web.count("a.example")
    for _ in range(24 * 40):
        home.wait(hours=1)
        ended += home.refresh().ended
    assert len(ended) == 1
    assert 'earmark refresh "A"' in ended[0]
    assert home.schedule("A").stopped == "failing"
    assert 30 <= home.web.count("a.example") - asked <= 40
    assert home.schedule("B").stopped is None


def test_n_16_slow_hosts_hold_up_no_other_and_no_host_gets_more_than_two_at_once(home: Home) -> None:
    gate = threading.Event()
    for number in range(30):
        home.add("slow.example", Reply(show(f"Slow {number}", [])), f"/{number}")
        home.add(f"quick{number % 10}.example", Reply(show(f"Quick {number}", [])), f"/{number}")
    for number in range(30):
        home.web.put("slow.example", Reply(show(f"Slow {number}", []), wait=gate), f"/{number}")
        home.web.put(f"quick{number % 10}.example", Reply(show(f"Quick {number}", ["1"])), f"/{number}")
    home.wait(hours=30)
    home.web.most.clear()

    def look() -> bool:
        if sum(title.startswith("1") for title in home.titles()) == 30:
            gate.set()
        return False

    assert refresh(home.tools, Watch(cancelled=look)).asked == 60
    assert gate.is_set()
    assert max(home.web.most.values()) <= 2


def test_n_16_a_host_that_is_silent_twice_is_left_alone_for_this_round(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        home.add("dead.example", Reply(show(f"Dead {number}", [])), f"/{number}")
    home.add("a.example", Reply(show("A", [])))
    home.web.unknown = {"dead.example"}
    home.wait(hours=30)
    result = home.refresh()
    noted = [line for line in home.library.requests(1000) if line["why"] == "refresh a feed"]
    assert len(result.problems) == 12
    assert sum(line["host"] == "dead.example" for line in noted) <= 3


def test_n_17_a_network_that_wants_a_login_changes_nothing_and_is_told_once(home: Home) -> None:
    for number in range(30):
        home.add(f"h{number}.example", Reply(show(f"Show {number}", ["1"]), etag='"1"'))
    before = (home.library.feeds(), home.library.schedules(), home.titles())
    home.wait(hours=30)
    for reply in (Reply(PAGE), Reply(PAGE, headers=(("Content-Type", "application/rss+xml"),))):
        home.web.everywhere = reply
        result = home.refresh()
        assert (result.notice, result.problems, result.new_episodes) == (PORTAL, (), 0)
        assert (home.library.feeds(), home.library.schedules(), home.titles()) == before
    home.web.everywhere = None
    assert home.refresh().notice is None


def test_n_17_a_portal_that_sends_everybody_on_to_its_own_page_moves_no_feed(home: Home) -> None:
    for number in range(5):
        home.add(f"h{number}.example", Reply(show(f"Show {number}", ["1"])))
    login = home.web.put("login.example", Reply(PAGE), "/login")
    home.door.allow(login)
    for number in range(5):
        home.web.put(f"h{number}.example", Reply(status=301, headers=(("Location", login),)))
    home.wait(hours=30)
    assert home.refresh().notice == PORTAL
    assert not any("login" in feed.url for feed in home.library.feeds())


def test_f_11_of_many_new_episodes_at_once_the_newest_fifty_are_queued(home: Home) -> None:
    home.add("a.example", Reply(show("A", ["old"])))
    home.web.put("a.example", Reply(show("A", [f"new{n}" for n in range(27)] + ["old"])))
    home.wait(hours=30)
    home.refresh()
    assert len(home.library.jobs()) == 28
    many = b"".join(f"<item><guid>m{n}</guid><title>m{n}</title></item>".encode() for n in range(300))
    home.web.put("a.example", Reply(show("A", ["old"]).replace(b"</channel>", many + b"</channel>")))
    home.wait(hours=30)
    result = home.refresh()
    assert result.new_episodes == 300
    assert len(home.library.jobs()) == 28 + 50
    assert "300 new episodes at once" in result.told[0]


def test_f_14_another_show_at_a_feed_s_address_is_taken_only_when_the_user_says_so(home: Home) -> None:
    home.add("a.example", Reply(show("Shop Talk", ["2", "1"]), etag='"1"'))
    home.web.put("a.example", Reply(show("Casino Nights", ["c2", "c1"]), etag='"2"'))
    home.wait(hours=30)
    result = home.refresh()
    assert "--accept" in result.ended[0]
    assert sorted(home.titles()) == ["1", "2"]
    home.wait(days=30)
    assert home.refresh().asked == 0
    feed = home.feed("Shop Talk")
    assert home.refresh("now", feed_ids=[feed.id]).new_episodes == 0
    home.wait(hours=30)
    assert home.refresh("now", feed_ids=[feed.id], accept=True).new_episodes == 2
    assert sorted(home.titles()) == ["1", "2", "c1", "c2"]
    assert home.schedule("Casino Nights").stopped is None


def test_a_password_in_the_address_of_a_feed_is_not_left_behind_when_it_moves(home: Home) -> None:
    url = home.web.put("old.example", Reply(show("A", ["1"]))).replace("//", "//ann:secret@")
    home.door.allow(url)
    add_feed(home.tools, url, keep_in_library=True)
    new = home.web.put("new.example", Reply(show("A", ["2", "1"])))
    home.door.allow(new)
    home.web.put("old.example", Reply(status=301, headers=(("Location", new),)))
    home.wait(hours=30)
    assert home.refresh().new_episodes == 1
    assert home.feed("A").url == url
    assert "authorization" not in home.web.asked[-1][2]


def test_n_18_a_protected_feed_does_not_move_to_an_open_place_that_it_names_itself(home: Home) -> None:
    asked: list[str] = []

    class Protected(Door):
        """Gives a document for any address."""

        def get(self, url: str, **_named: Any) -> Response:
            asked.append(url)
            tag = f"<itunes:new-feed-url>{target}</itunes:new-feed-url>"
            return Response(200, url, None, {}, show("A", ["1"], tag))

    door = Protected(user_agent="t", log=home.library.log_request)
    feed = replace(home.add("a.example", Reply(show("A", ["1"]))), url="https://a.example/feed")
    for target, looked_at in (("http://b.example/", False), ("https://b.example/", True)):
        asked.clear()
        came = ask(door, FeedReader(), Question(feed, whole=True), lambda: False)
        assert (came.elsewhere is not None, target in asked) == (looked_at, looked_at)


def test_a_mistake_of_ours_while_feeds_are_asked_is_not_swallowed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.add("a.example", Reply(show("A", ["1"])))

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("earmark.pipeline.callers.ask", broken)
    with pytest.raises(ZeroDivisionError):
        home.refresh("now")


def test_n_24_a_connection_that_broke_is_tried_again_half_an_hour_later(home: Home) -> None:
    home.add("a.example", Reply(show("A", ["1"])))
    home.add("b.example", Reply(show("B", ["1"])))
    home.web.unknown = {"a.example"}
    home.wait(hours=30)
    assert len(home.refresh().problems) == 1
    home.web.unknown = set()
    home.wait(minutes=40)
    assert (home.refresh().asked, home.feed("A").error) == (1, None)


def test_a_server_that_dies_in_the_middle_of_a_round_is_one_fault_and_its_shows_are_asked_again(
    home: Home,
) -> None:
    for number in range(12):
        home.add("a.example", Reply(show(f"Show {number}", [])), f"/{number}")
    home.add("b.example", Reply(show("B", [])))
    home.wait(hours=30)
    home.refresh("now", feed_ids=[home.feed("B").id])
    home.web.cut_after = home.web.count() + 4
    result = home.refresh()
    assert (result.notice, result.problems, result.asked, result.answered) == (None, (), 12, 4)
    assert len(result.told) == 1
    assert result.told[0].startswith("a.example broke off")
    assert [feed.error for feed in home.library.feeds()] == [None] * 13
    home.wait(minutes=29)
    assert home.refresh().asked == 0, "it is left in peace for a while"
    home.wait(minutes=11)
    home.web.cut_after = home.web.count() + 4
    result = home.refresh()
    assert (result.asked, len(result.problems), result.told) == (8, 4, ()), "who was spared once is not again"
    home.web.cut_after = None
    home.wait(hours=2)
    assert (home.refresh().problems, home.feed("B").error) == ((), None)
    assert [feed.error for feed in home.library.feeds()] == [None] * 13


def test_a_show_that_a_server_breaks_off_for_while_it_answers_others_is_its_own_fault(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.add("a.example", Reply(show("Broken", [])), "/broken")
    for number in range(8):
        home.add("a.example", Reply(show(f"Show {number}", [])), f"/{number}")
    home.web.put("a.example", Reply(cut=True), "/broken")
    chances = iter(range(1000))
    monkeypatch.setattr("earmark.pipeline.refreshing._chance", lambda: next(chances) / 1000)  # no shuffling
    home.wait(hours=30)
    result = home.refresh()
    assert [title for title, _ in result.problems] == ["Broken"]
    assert str(home.feed("Broken").error).startswith("a.example broke off")
