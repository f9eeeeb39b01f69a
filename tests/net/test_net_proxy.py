"""With a proxy everything that leaves this computer goes through it, or nothing does."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from evil_server import AUDIO, FEED, Evil
from proxy_server import ProxyServer, proxy_to

from earmark.errors import KnownError
from earmark.net import Door, Refused, download, proxy_of


@pytest.fixture(params=["http", "socks5"])
def proxy(request: pytest.FixtureRequest, evil: Evil) -> Iterator[ProxyServer]:
    """A proxy of each kind, which leads every name to the misbehaving server."""
    with proxy_to(request.param, evil.port) as running:
        yield running


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that are looked up on this computer."""
    names: list[str] = []
    real: Callable[..., Any] = socket.getaddrinfo

    def noted(host: str, *rest: Any, **more: Any) -> Any:
        names.append(host)
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    return names


def through(proxy: ProxyServer, noted: Any, who: str = "") -> Door:
    """A door behind the proxy."""
    return Door(user_agent="Earmark/test", log=noted, proxy=proxy_of(proxy.address(who)))


def test_a_feed_is_fetched_through_the_proxy_and_no_name_is_looked_up_here(
    proxy: ProxyServer, noted: Any, looked_up: list[str]
) -> None:
    answer = through(proxy, noted).get("http://shows.example/feed", why="refresh a feed")
    assert answer.body == FEED
    assert len(proxy.asked) == 1
    assert "shows.example" in proxy.asked[0]
    assert "shows.example" not in looked_up
    assert noted.lines == [("shows.example", "refresh a feed", 200, len(FEED))]


def test_a_redirect_and_a_resumed_download_go_through_the_proxy_too(
    proxy: ProxyServer, noted: Any, evil: Evil, tmp_path: Path, looked_up: list[str]
) -> None:
    door = through(proxy, noted)
    assert door.get("http://a.example/redirect?302?http://b.example/feed", why="test").body == FEED
    target = tmp_path / "audio"
    url = "http://c.example/breaks-off-once"
    with pytest.raises(KnownError):
        download(door, url, target, why="test", max_bytes=10**9)
    download(door, url, target, why="test", max_bytes=10**9)
    assert target.read_bytes() == AUDIO
    assert evil.asked("/breaks-off-once")[1].headers["range"] == "bytes=100000-"
    assert [name for name in looked_up if name.endswith("example")] == []


def test_a_proxy_that_is_not_there_means_that_nothing_is_asked(
    evil: Evil, noted: Any, looked_up: list[str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for kind in ("http", "socks5"):
        door = Door(user_agent="t", log=noted, proxy=proxy_of(f"{kind}://127.0.0.1:{port}"))
        with pytest.raises(KnownError, match=rf"The proxy 127\.0\.0\.1:{port} cannot be reached"):
            door.get("http://shows.example/feed", why="test")
    assert evil.requests == []
    assert "shows.example" not in looked_up


def test_the_user_s_own_computer_is_not_asked_for_through_a_proxy(
    proxy: ProxyServer, evil: Evil, noted: Any
) -> None:
    door = through(proxy, noted)
    door.allow(evil.url("/"))
    assert door.get(evil.url("/feed"), why="test").body == FEED
    assert proxy.asked == []


@pytest.mark.parametrize("host", ["localhost", "printer.local", "192.168.1.1", "169.254.169.254", "[::1]"])
def test_n_08_a_feed_cannot_reach_into_a_network_by_way_of_the_proxy(
    proxy: ProxyServer, noted: Any, host: str
) -> None:
    with pytest.raises(Refused, match="inside your own network"):
        through(proxy, noted).get(f"http://{host}/feed", why="test")
    assert proxy.asked == []


def test_a_proxy_s_name_and_password_are_used_and_a_wrong_one_is_told(proxy: ProxyServer, noted: Any) -> None:
    proxy.login = b"YW5uOnNlc2FtZQ==" if proxy.kind == "http" else b"\x03ann\x06sesame"
    assert through(proxy, noted, "ann:sesame@").get("http://shows.example/feed", why="test").body == FEED
    with pytest.raises(KnownError):
        through(proxy, noted, "ann:wrong@").get("http://shows.example/feed", why="test")
    with pytest.raises(KnownError):
        through(proxy, noted).get("http://shows.example/feed", why="test")


def test_what_a_socks_proxy_refuses_is_told(evil: Evil, noted: Any) -> None:
    with proxy_to("socks5", evil.port) as proxy:
        proxy.refuses = 4
        with pytest.raises(
            KnownError, match=r"does not let Earmark through to shows\.example: no such computer"
        ):
            through(proxy, noted).get("http://shows.example/feed", why="test")


def test_something_else_in_the_proxy_s_place_is_told(noted: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            with server.accept()[0] as client:
                client.sendall(b"SSH-2.0-x\r\n")

        greeter = threading.Thread(target=greet)
        greeter.start()
        address = f"socks5://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(KnownError, match="it does not speak SOCKS 5"):
            Door(user_agent="t", log=noted, proxy=proxy_of(address)).get("http://shows.example/", why="test")
        greeter.join()


@pytest.mark.parametrize(
    "address",
    ["", "proxy", "127.0.0.1:80", "ftp://a:1", "http://a", "http://:80", "socks4://a:1", "http://a:x"],
)
def test_an_address_that_is_no_proxy_is_refused(address: str) -> None:
    with pytest.raises(KnownError, match="must look like"):
        proxy_of(address)


def test_behind_a_proxy_no_name_is_looked_up_to_know_whether_it_leads_inside(
    proxy: ProxyServer, noted: Any, looked_up: list[str]
) -> None:
    door = through(proxy, noted)
    assert not door.leads_inside("http://shows.example/feed")
    assert door.leads_inside("http://192.168.1.20/feed")
    assert looked_up == []


def test_n_19_when_the_proxy_dies_a_download_ends_and_nothing_goes_beside_it(
    evil: Evil, noted: Any, tmp_path: Path, looked_up: list[str]
) -> None:
    """N-19"""
    for kind in ("http", "socks5"):
        evil.visits.clear()
        with proxy_to(kind, evil.port) as proxy:
            door = through(proxy, noted)
            with pytest.raises(KnownError):
                download(door, "http://c.example/breaks-off-once", tmp_path / kind, why="t", max_bytes=10**9)
        asked_before = len(evil.requests)
        with pytest.raises(KnownError, match="cannot be reached"):
            download(door, "http://c.example/breaks-off-once", tmp_path / kind, why="t", max_bytes=10**9)
        assert len(evil.requests) == asked_before
        assert door.knows("http://c.example/breaks-off-once")
    assert "c.example" not in looked_up
