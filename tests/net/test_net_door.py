"""One request, and everything that servers do to it."""

import sys
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from evil_server import ETAG, FEED, Evil, start
from leaks import fetch

from earmark.errors import Cancelled, KnownError
from earmark.net import Door, NoAnswer, Refused, Unproven


def test_an_answer_is_read_whole_and_noted(door: Door, evil: Evil, noted: Any) -> None:
    answer = door.get(evil.url("/feed"), why="refresh a feed")
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, FEED, ETAG)
    assert (answer.url, answer.permanent_url) == (evil.url("/feed"), None)
    assert noted.lines == [("127.0.0.1", "refresh a feed", 200, len(FEED))]


def test_every_request_has_the_same_few_headers_and_no_cookie(door: Door, evil: Evil) -> None:
    for _ in range(2):
        door.get(evil.url("/cookie"), why="test")
    for request in evil.requests:
        assert set(request.headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert request.headers["accept-encoding"] == "gzip"


def test_the_environment_s_proxy_is_not_asked(
    door: Door, evil: Evil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")
    assert door.get(evil.url("/feed"), why="test").status == 200


def test_validators_go_back_as_they_came_and_give_304(door: Door, evil: Evil) -> None:
    answer = door.get(evil.url("/feed"), etag=ETAG, last_modified="any Date", why="test")
    assert (answer.status, answer.body) == (304, b"")
    assert evil.requests[0].headers["if-modified-since"] == "any Date"
    odd = door.get(evil.url("/etag-with-odd-bytes"), why="test").headers["etag"]
    door.get(evil.url("/etag-with-odd-bytes"), etag=odd, why="test")
    assert evil.requests[-1].headers["if-none-match"] == odd


def test_a_validator_that_would_break_the_request_is_a_known_fault(door: Door, evil: Evil) -> None:
    with pytest.raises(KnownError):
        door.get(evil.url("/feed"), etag='"a"\r\nX: y', why="test")


def test_offline_means_no_request(evil: Evil, noted: Any) -> None:
    door = Door(user_agent="t", log=noted, offline=lambda: True)
    with pytest.raises(KnownError, match="offline"):
        door.get(evil.url("/feed"), why="test")
    assert not evil.requests


def test_n_07_gone_is_told_and_other_refusals_are_plain_words(door: Door, evil: Evil) -> None:
    assert door.get(evil.url("/gone"), why="test").status == 410
    with pytest.raises(KnownError, match=r"nothing at this address of 127\.0\.0\.1 any more \(answer 404\)"):
        door.get(evil.url("/nowhere"), why="test")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_n_07_only_a_redirect_for_good_changes_the_address(door: Door, evil: Evil, status: int) -> None:
    answer = door.get(evil.url(f"/redirect?{status}?feed"), why="test")
    assert (answer.status, answer.url) == (200, evil.url("/feed"))
    assert answer.permanent_url == (evil.url("/feed") if status in (301, 308) else None)


def test_n_07_the_lasting_address_ends_where_the_first_passing_redirect_begins(
    door: Door, evil: Evil
) -> None:
    answer = door.get(evil.url("/redirect?301?/redirect?302?/redirect?301?/feed"), why="test")
    assert answer.body == FEED
    assert answer.permanent_url == evil.url("/redirect?302?/redirect?301?/feed")


def test_n_07_loops_and_redirects_to_nowhere_end(door: Door, evil: Evil) -> None:
    with pytest.raises(KnownError, match="on and on"):
        door.get(evil.url("/loop"), why="test")
    assert len(evil.requests) == 6
    with pytest.raises(KnownError, match="302"):
        door.get(evil.url("/no-location"), why="test")


def test_n_08_a_redirect_to_another_place_inside_is_refused_before_it_is_reached(
    door: Door, evil: Evil, other: Evil
) -> None:
    with pytest.raises(Refused, match="inside your own network"):
        door.get(evil.url("/redirect?302?http://127.0.0.1:OTHER/feed"), why="test")
    for host in ("localhost", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"):
        with pytest.raises(KnownError):
            door.get(evil.url(f"/redirect?301?http://{host}:OTHER/feed"), why="test")
    assert not other.requests


def test_n_08_an_inside_address_that_the_user_did_not_type_is_refused(evil: Evil, noted: Any) -> None:
    with pytest.raises(Refused, match="inside your own network"):
        Door(user_agent="t", log=noted).get(evil.url("/feed"), why="test")
    assert not evil.requests
    assert noted.lines == [("127.0.0.1", "test", None, 0)]


def test_n_09_the_name_is_looked_up_once_and_the_checked_address_is_used(
    evil: Evil, noted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["10.0.0.1", "127.0.0.1"])
    asked = []

    def lookup(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", (next(answers), port))]

    monkeypatch.setattr("socket.getaddrinfo", lookup)
    with pytest.raises(Refused):
        Door(user_agent="t", log=noted).get("http://rebinding.example/", why="test")
    assert asked == ["rebinding.example"]


def test_n_10_a_password_in_the_address_stays_with_its_origin(door: Door, evil: Evil, other: Evil) -> None:
    door.allow(other.url("/"))
    with_password = evil.url("/redirect?302?/redirect?302?http://127.0.0.1:OTHER/feed").replace(
        "//", "//a:b@", 1
    )
    assert door.get(with_password, why="test").status == 200
    assert [r.headers.get("authorization") for r in evil.requests] == ["Basic YTpi"] * 2
    assert "authorization" not in other.requests[0].headers
    assert "referer" not in other.requests[0].headers


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x/", "data:,x"])
def test_n_11_redirects_to_other_kinds_of_address_are_refused(door: Door, evil: Evil, target: str) -> None:
    with pytest.raises(Refused):
        door.get(evil.url(f"/redirect?302?{target}"), why="test")


def test_gzip_of_several_members_is_read(door: Door, evil: Evil) -> None:
    assert door.get(evil.url("/gzip"), why="test").body == FEED


def test_n_12_a_bomb_is_stopped_at_the_bound_and_never_held(door: Door, evil: Evil) -> None:
    tracemalloc.start()
    with pytest.raises(KnownError, match="more than 8 MB"):
        door.get(evil.url("/bomb"), why="test", max_bytes=8 * 2**20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 2**20


@pytest.mark.parametrize(
    "path", ["/brotli", "/zstd", "/deflate-bomb", "/bomb-in-a-bomb", "/gzip-damaged", "/gzip-broken-off"]
)
def test_n_12_what_was_not_asked_for_or_is_damaged_is_not_unpacked(door: Door, evil: Evil, path: str) -> None:
    with pytest.raises(KnownError):
        door.get(evil.url(path), why="test")


def test_n_13_an_endless_body_ends_at_the_bound(door: Door, evil: Evil, noted: Any) -> None:
    with pytest.raises(KnownError, match="more than 1 MB"):
        door.get(evil.url("/endless"), why="test", max_bytes=2**20)
    assert noted.lines[0][3] < 2 * 2**20


def test_n_13_an_announced_size_is_not_believed(door: Door, evil: Evil) -> None:
    with pytest.raises(KnownError, match="broke off"):
        door.get(evil.url("/huge"), why="test")


@pytest.mark.parametrize("path", ["/drip", "/drip-head", "/silent"])
def test_n_14_a_drip_ends_at_the_deadline_by_the_clock(door: Door, evil: Evil, path: str) -> None:
    with pytest.raises(KnownError, match="did not answer within"):
        door.get(evil.url(path), why="test", deadline_s=0.3)


def test_n_14_silence_ends_before_the_deadline(hasty_door: Callable[[float], Door], evil: Evil) -> None:
    with pytest.raises(KnownError, match="silent for 30 seconds"):
        hasty_door(5.0).get(evil.url("/silent"), why="test", deadline_s=3600)


def test_a_wish_to_stop_is_heard_while_a_server_is_silent(door: Door, evil: Evil) -> None:
    with pytest.raises(Cancelled):
        door.get(evil.url("/silent"), why="test", cancelled=lambda: bool(evil.requests))


@pytest.mark.parametrize("path", ["/long-header", "/many-headers", "/nul-header", "/bad-chunks", "/not-http"])
def test_n_15_nonsense_is_a_known_fault(door: Door, evil: Evil, path: str) -> None:
    with pytest.raises(KnownError, match="makes no sense"):
        door.get(evil.url(path), why="test")


def test_nobody_there_is_a_known_fault(noted: Any) -> None:
    door = Door(user_agent="t", log=noted)
    door.allow("http://127.0.0.1:1/")
    with pytest.raises(NoAnswer, match="cannot be reached"):
        door.get("http://127.0.0.1:1/", why="test")


def test_n_18_a_certificate_that_nobody_vouches_for_is_refused(
    door: Door, certificate: tuple[Path, Path], noted: Any
) -> None:
    evil, stop = start(certificate)
    url = evil.url("/feed").replace("http:", "https:")
    door.allow(url)
    with pytest.raises(Unproven, match="could not prove who it is"):
        door.get(url, why="test", deadline_s=10)
    stop()
    assert not evil.requests
    assert noted.lines == [("127.0.0.1", "test", None, 0)]


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere the system's own store of certificates is asked"
)
def test_n_18_a_certificate_that_the_system_trusts_is_taken_for_its_own_name_only(
    door: Door, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    evil, stop = start(certificate)
    url = evil.url("/feed").replace("http:", "https:")
    other_name = url.replace("127.0.0.1", "localhost")
    for address in (url, other_name):
        door.allow(address)
    assert door.get(url, why="test").body == FEED
    with pytest.raises(Unproven, match="could not prove who it is"):
        door.get(other_name, why="test", deadline_s=10)
    with pytest.raises(KnownError, match="from a protected address to an open one"):
        door.get(f"{url[:-5]}/redirect?302?{evil.url('/feed')}", why="test")
    stop()


def test_at_most_two_requests_at_once_go_to_one_host(door: Door, evil: Evil) -> None:
    together = []
    with ThreadPoolExecutor(6) as pool:
        for answer in pool.map(lambda _: door.get(evil.url("/crowd"), why="test"), range(6)):
            together.append(int(answer.body))
    assert max(together) <= 2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts files in /proc")
def test_p_06_hundreds_of_fetches_good_and_bad_leave_nothing_open(door: Door, evil: Evil) -> None:
    files, threads = fetch(door, evil, 420)
    assert files <= 0
    assert threads <= 1  # of the server, which may not have ended with its last client yet
