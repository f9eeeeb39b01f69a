"""A network that really goes away and comes back otherwise, within a namespace of its own (N-24, N-08).

    unshare -rn python changing_network.py FOLDER

Two computers, which are two namespaces with a cable between them: this program's, and one that plays the
internet under public addresses. Nothing can leave them. Prints what was seen as JSON. Linux; needs `ip`.
"""

import json
import math
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from hosts import show

from earmark.errors import KnownError
from earmark.library import open_library
from earmark.net import Door, download
from earmark.paths import Paths
from earmark.pipeline import Tools, Watch, refresh
from earmark.pipeline.callers import ROUND_S
from earmark.records import ParsedFeed

HOME, FAR = "93.184.216.10", "93.184.216.34"
ELSEWHERE, HOME_6, FAR_6 = "81.2.69.10", "2606:4700::10", "2606:4700::34"
INSIDE = ("10.0.0.34", "169.254.169.254")
SOUND = random.Random(24).randbytes(64 * 2**20)
ETAG = '"sound"'
FEEDS = 60
HALF_A_ROUND_S = ROUND_S / 2
CUT_AT_BYTES = 2**20


def serve() -> None:
    """The internet: says that it is there, and how often it was asked for under an inside address, at a line
    of its input."""
    inside: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            here = str(self.connection.getsockname()[0]).removeprefix("::ffff:")
            if here in INSIDE:
                inside.append(here)
            if self.path.startswith("/to/"):
                self._reply(302, b"", Location=f"http://{self.path.removeprefix('/to/')}/feed")
            elif self.path == "/sound":
                start = int(self.headers.get("Range", "bytes=0-")[6:-1])
                start = start if self.headers.get("If-Range") == ETAG else 0
                place = {"Content-Range": f"bytes {start}-{len(SOUND) - 1}/{len(SOUND)}"} if start else {}
                self._reply(206 if start else 200, SOUND[start:], ETag=ETAG, **place)
            else:
                host = self.headers["Host"]
                self._reply(200, show(f"Show of {host}", [host]), ETag=f'"{host}"')

        def _reply(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:  # the cable was pulled
                self.close_connection = True

        def log_message(self, *_args: object) -> None:
            return

    class Both(ThreadingHTTPServer):
        address_family = socket.AF_INET6
        daemon_threads = True

        def server_bind(self) -> None:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            super().server_bind()

    server = Both(("::", 80), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for line in sys.stdin:
        for command in json.loads(line):
            subprocess.run(["ip", *command.split()], check=True)
        sys.stdout.write(json.dumps(inside) + "\n")
        sys.stdout.flush()


class Net:
    """The cable, and the clock of those who wait for it: while it is cut, 5 s pass at each look.

    In a round it gains no more than HALF_A_ROUND_S: many look at it there, and a round must not end by it.
    """

    def __init__(self, far: "subprocess.Popen[str]") -> None:
        self._far, self._leap_s, self._most_s, self._cut = far, 0.0, 0.0, False
        self.ip(f"link add wifi0 type veth peer name far0 netns {far.pid}", f"addr add {HOME}/24 dev wifi0")
        self.ip(f"-6 addr add {HOME_6}/64 dev wifi0 nodad", "link set wifi0 up", "link set lo up")
        self.ip(*(f"route add {each}/32 dev wifi0" for each in INSIDE))
        self.tell(
            *(f"addr add {each}/24 dev far0" for each in (FAR, *INSIDE)),
            f"-6 addr add {FAR_6}/64 dev far0 nodad",
            "link set far0 up",
            "route add 81.2.69.0/24 dev far0",
        )

    def ip(self, *commands: str) -> None:
        """Change this side."""
        for command in commands:
            subprocess.run(["ip", *command.split()], check=True)

    def tell(self, *commands: str) -> list[str]:
        """Change the other side; the inside addresses that were asked for there."""
        assert self._far.stdin is not None
        assert self._far.stdout is not None
        self._far.stdin.write(json.dumps(commands) + "\n")
        self._far.stdin.flush()
        found: list[str] = json.loads(self._far.stdout.readline())
        return found

    def cut(self, *commands: str, most_s: float = math.inf) -> None:
        """Take the network away from who uses it, once."""
        if not self._cut:
            self._cut, self._most_s = True, self._leap_s + most_s
            self.ip(*commands)

    def mend(self, *commands: str) -> None:
        """Give it back, perhaps as another one."""
        self.ip(*commands)
        self._cut = False

    def clock(self) -> float:
        """Seconds, as a door counts them."""
        self._leap_s = min(self._most_s, self._leap_s + 5.0) if self._cut else self._leap_s
        return time.monotonic() + self._leap_s


@contextmanager
def internet() -> Iterator[Net]:
    """The other computer."""
    argv = ["unshare", "-n", sys.executable, __file__, "--serve"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as far:
        try:
            assert far.stdin is not None
            assert far.stdout is not None
            far.stdin.write("[]\n")
            far.stdin.flush()
            far.stdout.readline()  # it has left our namespace
            yield Net(far)
        finally:
            far.kill()


def known_names() -> None:
    """Every name under .example is of the other computer, under both of its addresses; IPv4 comes first."""
    real: Callable[..., Any] = socket.getaddrinfo

    def lookup(host: str, port: int, *args: Any, **named: Any) -> Any:
        if not str(host).endswith(".example"):
            return real(host, port, *args, **named)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (FAR, port)),
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (FAR_6, port, 0, 0)),
        ]

    socket.getaddrinfo = lookup


def fetched(net: Net, folder: Path, *pull: str) -> dict[str, Any]:
    """Fetch the sound; where `pull` is given, with that done to the cable in the middle."""
    door = Door(user_agent="t", log=lambda *_: None, monotonic=net.clock)
    target = folder / "sound"
    part = folder / "sound.part"
    before = part.stat().st_size if part.exists() else 0

    def on_progress(received: int, _total: int | None) -> None:
        if pull and received >= before + CUT_AT_BYTES:
            net.cut(*pull)

    try:
        got = download(
            door, "http://sound.example/sound", target, why="t", max_bytes=10**9, on_progress=on_progress
        )
    except KnownError as error:
        after = part.stat().st_size
        return {"kind": type(error).__name__, "error": str(error), "came": after - before, "part": after}
    return {"sha256": got.sha256, "right": got.sha256 == sha256(SOUND).hexdigest(), "went_on_at": before}


def refreshed(net: Net, folder: Path) -> dict[str, Any]:
    """Rounds of checks: without a network at the start, with one that goes meanwhile, with another one."""
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    none: Any = None
    seen: dict[str, Any] = {}
    with open_library(Paths(folder / "profile"), clock=lambda: now) as library:
        for number in range(FEEDS):
            library.add_feed(f"http://h{number}.example/feed", ParsedFeed(f"{number}", None, "", None, ()))

        def round_(name: str, log: Callable[..., None]) -> None:
            door = Door(user_agent="t", log=log, monotonic=net.clock)
            tools = Tools(library, door, none, none, none, Paths(folder), lambda: now, None)
            result = asdict(refresh(tools, Watch()))
            blamed = sum(feed.error is not None for feed in library.feeds())
            seen[name] = {
                **{key: result[key] for key in ("notice", "asked", "answered", "new_episodes")},
                "blamed": blamed,
                "episodes": len(library.episodes()),
            }

        lines: list[object] = []

        def cut_after_some(*line: object) -> None:
            lines.append(line)
            if len(lines) >= 6:
                net.cut("link set wifi0 down", most_s=HALF_A_ROUND_S)

        net.cut("link set wifi0 down", most_s=HALF_A_ROUND_S)
        round_("without", lambda *_: None)
        net.mend("link set wifi0 up")
        round_("meanwhile", cut_after_some)
        net.mend("link set wifi0 up", f"addr flush dev wifi0 to {HOME}", f"addr add {ELSEWHERE}/24 dev wifi0")
        net.ip(f"route replace {FAR}/32 dev wifi0")
        round_("elsewhere", lambda *_: None)
        now += timedelta(days=2)
        round_("unchanged", lambda *_: None)
    return seen


def redirected(net: Net) -> dict[str, Any]:
    """What becomes of a redirect from a public address to one inside, which would answer."""
    door = Door(user_agent="t", log=lambda *_: None, monotonic=net.clock)
    told = []
    for address in INSIDE:
        try:
            door.get(f"http://evil.example/to/{address}", why="t")
        except KnownError as error:
            told.append(type(error).__name__)
    reached = net.tell()
    for address in INSIDE:
        with closing(HTTPConnection(address, timeout=30)) as open_to_all:
            open_to_all.request("GET", "/feed")
            open_to_all.getresponse()
    return {"told": told, "reached": reached, "would answer": net.tell()}


def main() -> None:
    """Serve, or try everything and print what was seen."""
    if sys.argv[1:] == ["--serve"]:
        serve()
        return
    folder = Path(sys.argv[1])
    known_names()
    with internet() as net:
        seen: dict[str, Any] = {"redirects": redirected(net)}
        seen["pulled"] = fetched(net, folder, "link set wifi0 down")
        net.mend("link set wifi0 up")
        seen["address lost"] = fetched(net, folder, f"addr del {HOME}/24 dev wifi0")
        net.mend(f"-6 addr add {HOME_6}/64 dev wifi0 nodad")
        seen["over IPv6"] = fetched(net, folder)
        net.ip(f"addr add {HOME}/24 dev wifi0")
        seen["rounds"] = refreshed(net, folder)
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main()
