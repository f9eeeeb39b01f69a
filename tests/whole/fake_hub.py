"""A model hub on loopback that behaves as a test says: a list of files, and a storage that it leads to."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from loopback import HERE, ByteServer, read_request, reply_head, running

REVISION = "0123456789abcdef0123456789abcdef01234567"
PAGE = b"<!DOCTYPE html>\n<html><body>Please sign in</body></html>"


@dataclass
class Hub:
    """What it has, how it behaves, and what it was asked: (path, headers).

    `ways` holds one way for each request of a file; the last one stays. `list_` is the answer of the list.
    """

    body: bytes
    ways: list[str] = field(default_factory=lambda: ["honest"])
    list_: bytes = b"{}"
    etag: str | None = '"one"'
    port: int = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    stalled: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def files_asked(self) -> list[dict[str, str]]:
        """The headers of the requests that reached the storage."""
        return [headers for path, headers in self.asked if path.startswith("/storage/")]

    def says(self, file: str, sha256: str, size: int, revision: str = REVISION) -> None:
        """What stands in its list."""
        entry = {"rfilename": file, "size": size, "lfs": {"sha256": sha256, "size": size, "pointerSize": 135}}
        self.list_ = json.dumps({"sha": revision, "siblings": [{"rfilename": "README.md"}, entry]}).encode()


@contextmanager
def hub_with(body: bytes) -> Iterator[Hub]:
    """A running hub whose file is `body`."""
    server = _Server(HERE, _Handler)
    server.hub = Hub(body, port=server.server_address[1])
    with running(server):
        try:
            yield server.hub
        finally:
            server.hub.stopped.set()


class _Server(ByteServer):
    hub: Hub


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        hub, request = self.server.hub, read_request(self.rfile)
        if request is None:
            return
        hub.asked.append((request.path, request.headers))
        try:
            self._answer(hub, request.path, request.headers)
        except OSError:
            return  # the client had enough

    def _answer(self, hub: Hub, path: str, headers: dict[str, str]) -> None:
        if path.startswith("/api/"):
            self._send("200 OK", hub.list_)
        elif path.startswith("/storage/"):
            way = hub.ways.pop(0) if len(hub.ways) > 1 else hub.ways[0]
            self._file(hub, way, headers)
        elif hub.ways[0] == "off-list":
            self._send("302 Found", b"", "Location: http://storage.elsewhere.example/model.bin")
        elif hub.ways[0].isdigit():
            self._send(f"{hub.ways[0]} No", b"no")
        else:
            self._send("302 Found", b"", f"Location: {hub.address}/storage{path}", 'X-Linked-Etag: "x"')

    def _file(self, hub: Hub, way: str, headers: dict[str, str]) -> None:
        body, etag = hub.body, hub.etag
        if way == "page":
            self._send("200 OK", PAGE)
            return
        if way == "other":
            body, etag = bytes(reversed(body)), '"two"'
        elif way == "flipped":
            body = body[:5000] + bytes([body[5000] ^ 1]) + body[5001:]
        elif way == "short":
            body = body[:-1]
        start = int(headers["range"].removeprefix("bytes=").rstrip("-")) if "range" in headers else 0
        if way != "lies" and headers.get("if-range", etag) != etag:
            start = 0
        if way == "lies":
            body = bytes(reversed(body))
        lines = [f"ETag: {etag}"] if etag else []
        if start:
            lines.append(f"Content-Range: bytes {start}-{len(body) - 1}/{len(body)}")
        ends = {"stalls at 99%": len(body) * 99 // 100, "breaks off": len(body) // 2}
        end = ends.get(way, len(body))
        status = "206 Partial Content" if start else "200 OK"
        self._send(status, body[start:end], *lines, length=-1 if way == "no length" else len(body) - start)
        hub.sent.append(end - start)
        if way == "stalls at 99%":
            hub.stalled.set()
            hub.stopped.wait()

    def _send(self, status: str, body: bytes, *lines: str, length: int | None = None) -> None:
        size = len(body) if length is None else length
        lines = lines if size < 0 else (f"Content-Length: {size}", *lines)
        self.wfile.write(reply_head(status, *lines) + body)
        self.wfile.flush()
