"""Many hosts on one loopback server, told apart by name; each path answers as a test says."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from loopback import HERE, running

FIRST_DAY = 1


@dataclass(frozen=True)
class Reply:
    """What a path answers. `wait` is waited for first; `etag` gives 304 to who has it; `cut`: nothing."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    etag: str | None = None
    wait: threading.Event | None = None
    cut: bool = False


@dataclass
class Hosts:
    """The answers by (host, path), and what was asked, with its headers. `everywhere` answers for all; what
    is asked after `cut_after` requests is cut off.

    `most`: how many requests a host had at once; `most_at_all`: how many all of them had.
    """

    port: int = 0
    replies: dict[tuple[str, str], Reply] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    everywhere: Reply | None = None
    no_network: bool = False
    cut_after: int | None = None
    unknown: set[str] = field(default_factory=set)
    together: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    most_at_all: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, host: str, path: str = "/feed") -> str:
        """The address of a path."""
        return f"http://{host}:{self.port}{path}"

    def put(self, host: str, reply: Reply, path: str = "/feed") -> str:
        """Have a path answer so; its address."""
        self.replies[host, path] = reply
        return self.url(host, path)

    def count(self, host: str | None = None) -> int:
        """How often a host, or any, was asked."""
        return sum(host is None or name == host for name, _, _ in self.asked)


@contextmanager
def hosts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosts]:
    """Hosts under `.example`, all of them this computer."""
    found = Hosts()

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = self.headers["Host"].partition(":")[0]
            with found.lock:
                found.asked.append((host, self.path, {k.lower(): v for k, v in self.headers.items()}))
                cut = found.cut_after is not None and len(found.asked) > found.cut_after
                found.together[host] = found.together.get(host, 0) + 1
                found.most[host] = max(found.most.get(host, 0), found.together[host])
                found.most_at_all = max(found.most_at_all, sum(found.together.values()))
            reply = found.everywhere or found.replies.get((host, self.path), Reply(status=404))
            if reply.wait:
                reply.wait.wait(30)
            unchanged = reply.etag is not None and self.headers.get("If-None-Match") == reply.etag
            with found.lock:
                found.together[host] -= 1
            if cut or reply.cut:
                self.close_connection = True
                return
            self.send_response(304 if unchanged else reply.status)
            for name, value in (*reply.headers, *((("ETag", reply.etag),) if reply.etag else ())):
                self.send_header(name, value)
            if not unchanged:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if not unchanged:
                self.wfile.write(reply.body)

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(HERE, Answer)
    found.port = server.server_address[1]
    real: Callable[..., Any] = socket.getaddrinfo

    def lookup(host: str, port: int, *args: Any, **named: Any) -> Any:
        if found.no_network or host in found.unknown:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real("127.0.0.1" if str(host).endswith(".example") else host, port, *args, **named)

    monkeypatch.setattr("socket.getaddrinfo", lookup)
    with running(server):
        yield found


def show(title: str, guids: list[str], channel: str = "") -> bytes:
    """A feed; its first GUID is the newest."""
    items = "".join(
        f"<item><title>Episode {guid}</title><guid>{guid}</guid>"
        f"<pubDate>{len(guids) - n + FIRST_DAY - 1:02} Nov 2026 06:00:00 GMT</pubDate></item>"
        for n, guid in enumerate(guids)
    )
    head = '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">'
    return f"{head}<channel><title>{title}</title>{channel}{items}</channel></rss>".encode()
