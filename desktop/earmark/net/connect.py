"""Connections that know where they may go and when they must end."""

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

import httpcore2

from earmark.errors import KnownError

Origin = tuple[str, int]
"""Host in lower case, and port."""

CONNECT_S = 20.0
READ_S = 30.0


class Refused(KnownError):  # noqa: N818  (says what happened)
    """An address that the program does not go to."""


class Deadline:
    """A moment by which a whole exchange must be over, whatever trickles in until then."""

    def __init__(self, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._end = monotonic() + seconds
        self.seconds = seconds

    def left_s(self) -> float:
        """Seconds left; raises the connection layer's timeout when there are none."""
        left = self._end - self._monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the deadline has passed")
        return left


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    IPv4 inside IPv6 counts as what it is. Loopback, private, link-local, multicast and reserved ones are not
    public: a feed must not make the program talk to the user's router (Miniflux#4087).
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or ip
    return ip.is_global and not ip.is_multicast


def leads_inside(url: str) -> bool:
    """Whether an address leads into the user's own network; False when its name is not known."""
    parts = urlsplit(url)
    try:
        found = _addresses(parts.hostname or "", parts.port or 80)
    except (httpcore2.ConnectError, ValueError):
        return False
    return not all(map(is_public, found))


class CheckedBackend(httpcore2.NetworkBackend):
    """Opens TCP connections to public addresses, and to others only at an allowed origin.

    The name is looked up once and the very address that was checked is connected to, so a second answer of
    a hostile name server changes nothing (DNS rebinding, Miniflux#4090).
    """

    def __init__(self, allowed: Callable[[Origin], bool], deadline: Deadline) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address that answers. Raises Refused, httpcore2.ConnectError."""
        anywhere = self._allowed((host.lower(), port))
        fault: Exception | None = None
        for address in _addresses(host, port):
            if not anywhere and not is_public(address):
                raise Refused(
                    f"{host} leads to an address inside your own network, so Earmark does not go there."
                )
            try:
                limit = min(CONNECT_S, self._deadline.left_s())
                stream = self._backend.connect_tcp(address, port, timeout=limit)
                return TimedStream(stream, self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                fault = error
        raise fault or httpcore2.ConnectError(f"{host} has no address")

    def sleep(self, seconds: float) -> None:
        """Used between connection tries, of which there are none."""
        time.sleep(min(seconds, self._deadline.left_s()))


class TimedStream(httpcore2.NetworkStream):
    """A stream whose every read and write ends at the deadline (httpx's own timeouts are per read)."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, or b"" at the end."""
        return self._stream.read(max_bytes, timeout=min(READ_S, self._deadline.left_s()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of `buffer`."""
        self._stream.write(buffer, timeout=min(READ_S, self._deadline.left_s()))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Go on encrypted; the certificate is checked against the name that was asked for."""
        limit = min(CONNECT_S, self._deadline.left_s())
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, limit), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the connection layer wants to know of the socket."""
        return self._stream.get_extra_info(info)


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise httpcore2.ConnectError(f"{host} is not known") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
