"""Connections that know where they may go and when they must end."""

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2

from earmark.errors import Cancelled
from earmark.net.address import Origin, Refused, is_public, origin_of

CONNECT_S = 20.0
READ_S = 30.0
SLICE_S = 0.25
FLOOR_WINDOW_S = 60.0


class Late(httpcore2.ReadTimeout):
    """Time ran out; the text says how, to stand behind the host's name."""


def never() -> bool:
    """Nobody wants to stop."""
    return False


class Deadline:
    """How long an exchange may take, whatever trickles in until then.

    It must be over after `seconds`, must not be silent for `stall_s`, and over every minute must bring
    `floor_bytes_s` on average. `cancelled` is asked about four times a second while it waits.
    """

    def __init__(
        self,
        seconds: float,
        *,
        stall_s: float = READ_S,
        floor_bytes_s: float = 0.0,
        cancelled: Callable[[], bool] = never,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.now_s = monotonic
        self.stall_s = stall_s
        self._seconds = seconds
        self._end_s = self._window_start_s = monotonic()
        self._end_s += seconds
        self._floor_bytes_s = floor_bytes_s
        self._window_bytes = 0
        self._cancelled = cancelled

    def left_s(self) -> float:
        """Seconds left, more than 0. Raises Late, Cancelled."""
        if self._cancelled():
            raise Cancelled
        left = self._end_s - self.now_s()
        if left <= 0:
            raise Late(f"did not answer within {self._seconds:.0f} seconds")
        return left

    def waited(self, seconds: float) -> None:
        """We waited ourselves for so long, which is not the other's fault."""
        self._end_s += seconds
        self._window_start_s += seconds

    def received(self, size_bytes: int) -> None:
        """Count what came. Raises Late when the last minute brought too little."""
        self._window_bytes += size_bytes
        elapsed_s = self.now_s() - self._window_start_s
        if elapsed_s < FLOOR_WINDOW_S:
            return
        if self._window_bytes < self._floor_bytes_s * elapsed_s:
            raise Late("sends so slowly that it would take for ever")
        self._window_start_s, self._window_bytes = self.now_s(), 0


def is_known(url: str) -> bool:
    """Whether the name in an address leads to any computer at all. Raises Refused."""
    try:
        return any(not _leads_nowhere(address) for address in _addresses(*origin_of(url)))
    except httpcore2.ConnectError:
        return False


def leads_inside(url: str) -> bool:
    """Whether an address leads into the user's own network; False when its name is not known."""
    try:
        found = _addresses(*origin_of(url))
    except (httpcore2.ConnectError, Refused):
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
            if not anywhere and _leads_nowhere(address):
                raise Refused(f"{host} is blocked in this network: its name leads nowhere.")
            if not anywhere and not is_public(address):
                raise Refused(
                    f"{host} leads to an address inside your own network, so Earmark does not go there."
                )
            try:
                limit_s = min(CONNECT_S, self._deadline.left_s())
                stream = self._backend.connect_tcp(address, port, timeout=limit_s)
                return TimedStream(stream, self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                fault = error
        raise fault or httpcore2.ConnectError(f"{host} has no address")


class TimedStream(httpcore2.NetworkStream):
    """A stream whose every read and write ends at the deadline (httpx's own timeouts are per read)."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, or b"" at the end. Waits in slices, so that a wish to stop is heard. Raises Late."""
        silent_until_s = self._deadline.now_s() + self._deadline.stall_s
        while True:
            wait_s = min(SLICE_S, self._deadline.left_s())
            try:
                some = self._stream.read(max_bytes, timeout=wait_s)
            except httpcore2.ReadTimeout:
                if self._deadline.now_s() >= silent_until_s:
                    raise Late(f"was silent for {self._deadline.stall_s:.0f} seconds") from None
                continue
            self._deadline.received(len(some))
            return some

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
        limit_s = min(CONNECT_S, self._deadline.left_s())
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, limit_s), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the connection layer wants to know of the socket."""
        return self._stream.get_extra_info(info)


def _leads_nowhere(address: str) -> bool:
    """The address that blockers of adverts and of counting give for a name (0.0.0.0 or ::)."""
    return ipaddress.ip_address(address.partition("%")[0]).is_unspecified


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise httpcore2.ConnectError(f"{host} is not known") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
