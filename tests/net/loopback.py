"""How the servers of the tests run, and how those that write their replies byte for byte read a request."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

HERE = ("127.0.0.1", 0)
"""Any free port of this computer."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent; the names of headers are in small letters."""

    method: str
    path: str
    headers: dict[str, str]


class ByteServer(socketserver.ThreadingTCPServer):
    """Each connection has a thread, and nobody waits for those that hang."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    """Serve until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def read_request(file: BinaryIO) -> Request | None:
    """The head of a request; None when the client said nothing."""
    lines = []
    while (line := file.readline().strip()) != b"":
        lines.append(line.decode("latin-1"))
    if not lines:
        return None
    method, path, _version = lines[0].split(" ", 2)
    pairs = (line.partition(":") for line in lines[1:])
    return Request(method, path, {name.lower(): value.strip() for name, _, value in pairs})


def reply_head(status: str, *lines: str) -> bytes:
    """The head of a reply."""
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode("latin-1")
