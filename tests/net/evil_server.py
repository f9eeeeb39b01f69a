"""A loopback server that misbehaves as the path asks it to.

Every reply is written byte for byte, so that it can lie. A reply that must hang waits on an Event, which the
server sets when it is stopped.
"""

import gzip
import socket
import socketserver
import ssl
import struct
import threading
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

from loopback import HERE, ByteServer, Request, read_request, reply_head, running

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>A show</title>
<item><title>One</title><guid>g1</guid></item></channel></rss>"""
PORTAL = b"<!DOCTYPE html>\n<html><body>Please sign in to our Wi-Fi</body></html>"
AUDIO = bytes(range(256)) * 1000
OTHER_AUDIO = bytes(reversed(range(256))) * 1000
BOMB = gzip.compress(bytes(2**27))
ETAG = '"one"'


@dataclass
class Evil:
    """The running server: its address, what it was asked, and what it must know of itself."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    other_port: int = 0
    visits: dict[str, int] = field(default_factory=dict)
    inside: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str) -> str:
        """The address of a path of this server."""
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [request.path for request in self.requests]

    def asked(self, path: str) -> list[Request]:
        """The requests for one path, in order."""
        return [request for request in self.requests if request.path == path]


class HangUp(Exception):  # noqa: N818  (an order, no fault)
    """The server resets the connection (RST)."""


Send = Callable[[bytes], None]
Behaviour = Callable[[Evil, Request, Send], None]
BEHAVIOURS: dict[str, Behaviour] = {}


def at(path: str) -> Callable[[Behaviour], Behaviour]:
    """Name the path of a behaviour."""

    def named(behaviour: Behaviour) -> Behaviour:
        BEHAVIOURS[path] = behaviour
        return behaviour

    return named


def reply(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    """A well-behaved reply."""
    return reply_head(status, f"Content-Length: {len(body)}", *lines) + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    """A reply that leads elsewhere."""
    return reply(b"", f"Location: {to}", status=status)


@at("/feed")
def _feed(_evil: Evil, request: Request, send: Send) -> None:
    if request.headers.get("if-none-match") == ETAG:
        send(reply_head("304 Not Modified", f"ETag: {ETAG}"))
    else:
        send(reply(FEED, f"ETag: {ETAG}", "Last-Modified: Mon, 06 Jan 2025 10:00:00 GMT"))


@at("/etag-with-odd-bytes")
def _odd_etag(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(FEED, 'ETag: "caf\xe9"'))


@at("/gzip")
def _gzip(_evil: Evil, _request: Request, send: Send) -> None:
    packed = gzip.compress(FEED[:50]) + gzip.compress(FEED[50:])
    send(reply(packed, "Content-Encoding: gzip"))


@at("/gzip-broken-off")
def _gzip_broken(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(gzip.compress(FEED)[:-20], "Content-Encoding: gzip"))


@at("/gzip-damaged")
def _gzip_damaged(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(b"\x1f\x8b\x08\x00" + b"nonsense" * 9, "Content-Encoding: gzip"))


@at("/bomb")
def _bomb(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(BOMB, "Content-Encoding: gzip"))


@at("/bomb-in-a-bomb")
def _bomb_twice(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(gzip.compress(gzip.compress(bytes(2**24))), "Content-Encoding: gzip, gzip"))


@at("/brotli")
def _brotli(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(b"\x0b\x02\x80hello\x03", "Content-Encoding: br"))


@at("/endless")
def _endless(evil: Evil, _request: Request, send: Send) -> None:
    send(reply_head("200 OK", "Content-Type: text/xml"))
    while not evil.stopped.is_set():
        send(bytes(65_536))


@at("/huge")
def _huge(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply_head("200 OK", "Content-Length: 1000000000000000") + b"x")


@at("/drip")
def _drip(evil: Evil, _request: Request, send: Send) -> None:
    send(reply_head("200 OK"))
    while not evil.stopped.wait(0.02):
        send(b"x")


@at("/drip-head")
def _drip_head(evil: Evil, _request: Request, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not evil.stopped.wait(0.02):
        send(b"x")


@at("/silent")
def _silent(evil: Evil, _request: Request, _send: Send) -> None:
    evil.stopped.wait()


@at("/long-header")
def _long_header(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply_head("200 OK", "X-Long: " + "x" * 200_000) + FEED)


@at("/many-headers")
def _many_headers(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply_head("200 OK", *(f"X-{n}: {'x' * 100}" for n in range(10_000))) + FEED)


@at("/nul-header")
def _nul_header(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(FEED, "X-Odd: a\0b"))


@at("/bad-chunks")
def _bad_chunks(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply_head("200 OK", "Transfer-Encoding: chunked") + b"zzz\r\nhello\r\n")


@at("/not-http")
def _not_http(_evil: Evil, _request: Request, send: Send) -> None:
    send(b"SSH-2.0-OpenSSH_9.9\r\n")


@at("/zstd")
def _zstd(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(b"\x28\xb5\x2f\xfd" + bytes(99), "Content-Encoding: zstd"))


@at("/deflate-bomb")
def _deflate(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(zlib.compress(bytes(2**27)), "Content-Encoding: deflate"))


@at("/cookie")
def _cookie(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(FEED, "Set-Cookie: id=1; Path=/"))


@at("/portal")
def _portal(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(PORTAL, "Content-Type: audio/mpeg", 'Content-Disposition: attachment; filename="../../x.sh"'))


@at("/gone")
def _gone(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(b"gone", status="410 Gone"))


@at("/redirect")
def _redirect(evil: Evil, request: Request, send: Send) -> None:
    """`/redirect?STATUS?TARGET`."""
    _, status, target = request.path.split("?", 2)
    send(redirect(target.replace("OTHER", str(evil.other_port)), f"{status} Elsewhere"))


@at("/loop")
def _loop(_evil: Evil, _request: Request, send: Send) -> None:
    send(redirect("/loop"))


@at("/no-location")
def _no_location(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(b"", status="302 Found"))


def _audio_lines(request: Request, etag: str = ETAG) -> tuple[int, list[str]]:
    """Where an honest server starts, and the lines that it says it with."""
    asked = request.headers.get("range", "")
    start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
    if request.headers.get("if-range") != etag:
        start = 0
    return start, [f"ETag: {etag}", f"Date: {formatdate(usegmt=True)}"]


@at("/audio")
def _audio(_evil: Evil, request: Request, send: Send) -> None:
    """Honest: goes on where it is asked to, if the file is still the same."""
    start, lines = _audio_lines(request)
    place = f"Content-Range: bytes {start}-{len(AUDIO) - 1}/{len(AUDIO)}"
    part = ("206 Partial Content", [*lines, place]) if start else ("200 OK", lines)
    send(reply(AUDIO[start:], *part[1], status=part[0]))


@at("/breaks-off-once")
def _breaks_off(evil: Evil, request: Request, send: Send) -> None:
    """The first answer ends in the middle; later ones are honest."""
    if evil.visits[request.path] == 1:
        lines = [f"ETag: {ETAG}", f"Content-Length: {len(AUDIO)}"]
        send(reply_head("200 OK", *lines) + AUDIO[:100_000])
    else:
        _audio(evil, request, send)


@at("/resets-once")
def _resets(evil: Evil, request: Request, send: Send) -> None:
    """As above, but the first answer ends with a reset."""
    _breaks_off(evil, request, send)
    if evil.visits[request.path] == 1:
        raise HangUp


@at("/breaks-off-dated")
def _breaks_off_dated(evil: Evil, request: Request, send: Send) -> None:
    """As above, with a weak ETag, and a date that is old enough to tell files apart."""
    lines = [
        "Last-Modified: Mon, 06 Jan 2025 10:00:00 GMT",
        f"Date: {formatdate(usegmt=True)}",
        'ETag: W/"1"',
    ]
    if evil.visits[request.path] == 1:
        send(reply_head("200 OK", *lines, f"Content-Length: {len(AUDIO)}") + AUDIO[:100_000])
    else:
        start = int(request.headers["range"].removeprefix("bytes=").rstrip("-"))
        place = f"Content-Range: bytes {start}-{len(AUDIO) - 1}/{len(AUDIO)}"
        send(reply(AUDIO[start:], *lines, place, status="206 Partial Content"))


@at("/changes")
def _changes(evil: Evil, request: Request, send: Send) -> None:
    """Half of one file first, then another file; honest about it."""
    if evil.visits[request.path] == 1:
        _breaks_off(evil, request, send)
    else:
        send(reply(OTHER_AUDIO, 'ETag: "two"'))


@at("/changes-and-lies")
def _changes_and_lies(evil: Evil, request: Request, send: Send) -> None:
    """Half of one file first, then the other half of another file, whatever If-Range says."""
    if evil.visits[request.path] == 1:
        _breaks_off(evil, request, send)
    elif "range" in request.headers:
        place = f"Content-Range: bytes 100000-{len(OTHER_AUDIO) - 1}/{len(OTHER_AUDIO)}"
        send(reply(OTHER_AUDIO[100_000:], place, 'ETag: "two"', status="206 Partial Content"))
    else:
        send(reply(OTHER_AUDIO, 'ETag: "two"'))


@at("/wrong-place")
def _wrong_place(evil: Evil, request: Request, send: Send) -> None:
    """Goes on at another byte than it was asked for."""
    if evil.visits[request.path] == 1:
        _breaks_off(evil, request, send)
    elif "range" in request.headers:
        place = f"Content-Range: bytes 50-{len(AUDIO) - 1}/{len(AUDIO)}"
        send(reply(AUDIO[50:], place, f"ETag: {ETAG}", status="206 Partial Content"))
    else:
        send(reply(AUDIO, f"ETag: {ETAG}"))


@at("/no-range")
def _no_range(evil: Evil, request: Request, send: Send) -> None:
    """Refuses ranges."""
    if evil.visits[request.path] == 1:
        _breaks_off(evil, request, send)
    elif "range" in request.headers:
        send(reply(b"", status="416 Range Not Satisfiable"))
    else:
        send(reply(AUDIO, f"ETag: {ETAG}"))


@at("/no-length")
def _no_length(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply_head("200 OK") + AUDIO)


@at("/audio-in-chunks")
def _in_chunks(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply_head("200 OK", "Transfer-Encoding: chunked") + b"%x\r\n%s\r\n0\r\n\r\n" % (len(AUDIO), AUDIO))


@at("/audio-gzip")
def _audio_gzip(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(gzip.compress(AUDIO), "Content-Encoding: gzip", f"ETag: {ETAG}"))


@at("/crowd")
def _crowd(evil: Evil, _request: Request, send: Send) -> None:
    """Tells how many ask at the same time."""
    with evil.lock:
        evil.inside += 1
        now = evil.inside
    evil.stopped.wait(0.05)
    with evil.lock:
        evil.inside -= 1
    send(reply(str(now).encode()))


@at("/empty")
def _empty(_evil: Evil, _request: Request, send: Send) -> None:
    send(reply(b""))


class _Server(ByteServer):
    evil: Evil


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        evil, request = self.server.evil, read_request(self.rfile)
        if request is None:
            return
        evil.visits[request.path] = evil.visits.get(request.path, 0) + 1
        evil.requests.append(request)
        behaviour = BEHAVIOURS.get(request.path.partition("?")[0])
        try:
            if behaviour is None:
                self.wfile.write(reply(b"", status="404 Not Found"))
            else:
                behaviour(evil, request, self._send)
        except HangUp:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            for each in (self.rfile, self.wfile, self.connection):
                each.close()
        except OSError:
            return  # the client had enough

    def _send(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()


def start(ssl_files: tuple[Path, Path] | None = None) -> tuple[Evil, Callable[[], None]]:
    """A running server, and what stops it; with `ssl_files`, certificate and key, it speaks TLS."""
    server = _Server(HERE, _Handler)
    if ssl_files:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*ssl_files)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.evil = Evil(port=server.server_address[1])
    ending = ExitStack()
    ending.enter_context(running(server))
    ending.callback(server.evil.stopped.set)
    return server.evil, ending.close
