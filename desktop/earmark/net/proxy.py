"""The proxy that the user named: all that leaves this computer goes through it, or nothing does.

HTTP proxies are spoken to by the HTTP library; SOCKS 5 (RFC 1928, 1929) here, with names looked up by the
proxy, so that not even a name is asked for beside it.
"""

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore2

from earmark.errors import KnownError
from earmark.net.address import Origin, Refused, is_public

_VERSION, _NO_PASSWORD, _PASSWORD, _NOTHING_FITS = 5, 0, 2, 0xFF
_REFUSALS = {2: "it is not allowed", 3: "no such network", 4: "no such computer", 5: "nobody answers there"}


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy's kind ("http" or "socks5"), its place, and the name and password that it wants, or None."""

    kind: str
    host: str
    port: int
    login: tuple[str, str] | None = None

    @property
    def origin(self) -> Origin:
        """Where it is."""
        return self.host, self.port


def proxy_of(address: str) -> Proxy:
    """Read an address such as http://HOST:PORT or socks5://NAME:PASSWORD@HOST:PORT. Raises KnownError.

    >>> proxy_of("socks5://127.0.0.1:9050")
    Proxy(kind='socks5', host='127.0.0.1', port=9050, login=None)
    """
    try:
        parts = urlsplit(address.strip())
        kind = {"http": "http", "socks5": "socks5", "socks5h": "socks5"}[parts.scheme.lower()]
        host, port = (parts.hostname or "").lower(), parts.port
        if not host or not port:
            raise ValueError(address)
    except (KeyError, ValueError) as error:
        raise KnownError(
            "The proxy in the settings must look like http://HOST:PORT or socks5://HOST:PORT."
        ) from error
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Proxy(kind, host, port, login)


def check_target(host: str, *, allowed: bool) -> None:
    """Refuse what lies inside a network, as far as a name tells it: the proxy does the looking up.

    Raises Refused.
    """
    if allowed:
        return
    try:
        inside = not is_public(host)
    except ValueError:  # a name
        inside = host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan"))
    if inside:
        raise Refused(f"{host} leads to an address inside your own network, so Earmark does not go there.")


def stays_here(host: str) -> bool:
    """Whether a host is this very computer, which no proxy leads to."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class SocksBackend(httpcore2.NetworkBackend):
    """Opens connections through a SOCKS 5 proxy, which `reach` connects to."""

    def __init__(self, proxy: Proxy, reach: httpcore2.NetworkBackend) -> None:
        self._proxy = proxy
        self._reach = reach

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the proxy, and have it connect on. Raises httpcore2.ProxyError, ConnectError."""
        stream = self._reach.connect_tcp(self._proxy.host, self._proxy.port, timeout)
        try:
            _greet(stream, self._proxy.login)
            _connect_on(stream, host, port)
        except BaseException:
            stream.close()
            raise
        return stream


def _greet(stream: httpcore2.NetworkStream, login: tuple[str, str] | None) -> None:
    way = _PASSWORD if login else _NO_PASSWORD
    stream.write(bytes([_VERSION, 1, way]))
    version, chosen = _exactly(stream, 2)
    if version != _VERSION:
        raise httpcore2.ProxyError("it does not speak SOCKS 5")
    if chosen == _NOTHING_FITS or chosen != way:
        raise httpcore2.ProxyError("it wants a name and password" if not login else "it takes no password")
    if login:
        name, password = (text.encode("utf-8")[:255] for text in login)
        stream.write(bytes([1, len(name)]) + name + bytes([len(password)]) + password)
        if _exactly(stream, 2)[1]:
            raise httpcore2.ProxyError("name or password is wrong")


def _connect_on(stream: httpcore2.NetworkStream, host: str, port: int) -> None:
    name = host.encode("ascii")
    stream.write(bytes([_VERSION, 1, 0, 3, len(name)]) + name + port.to_bytes(2, "big"))
    _version, answer, _, kind = _exactly(stream, 4)
    if answer:
        raise httpcore2.ProxyError(_REFUSALS.get(answer, "it could not connect"))
    sizes: dict[int, Callable[[], int]] = {1: lambda: 4, 4: lambda: 16, 3: lambda: _exactly(stream, 1)[0]}
    if kind not in sizes:
        raise httpcore2.ProxyError("it does not speak SOCKS 5")
    _exactly(stream, sizes[kind]() + 2)


def _exactly(stream: httpcore2.NetworkStream, count: int) -> bytes:
    got = b""
    while len(got) < count:
        some = stream.read(count - len(got))
        if not some:
            raise httpcore2.ProxyError("it hung up")
        got += some
    return got
