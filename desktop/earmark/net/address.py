"""Which addresses may be asked at all, and what they come to in the form that is sent."""

import base64
import ipaddress
import re
from contextlib import suppress
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from earmark.errors import KnownError
from earmark.hiding import shown

Origin = tuple[str, int]
"""Host in lower case, and port."""

MAX_URL = 8192
_HOST = re.compile(r"[a-z0-9._-]{1,253}")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Refused(KnownError):  # noqa: N818  (says what happened)
    """An address that the program does not go to."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    IPv4 inside IPv6 counts as what it is. Loopback, private, link-local, multicast and reserved ones are not
    public: a feed must not make the program talk to the user's router (Miniflux#4087).

    >>> [is_public(a) for a in ("93.184.216.34", "10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254")]
    [True, False, False, False]
    """
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = _inner(ip) or ip
    return ip.is_global and not ip.is_multicast


def _inner(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    teredo = ip.teredo[1] if ip.teredo else None
    return ip.ipv4_mapped or ip.sixtofour or teredo


def checked(url: str) -> str:
    """An address in the form that is asked: http(s), a host, ASCII only, no password, no fragment.

    What is not ASCII is escaped as browsers do. Raises Refused for anything else.
    """
    parts, host = _split(url)
    port = f":{parts.port}" if parts.port else ""
    place = f"[{host}]" if ":" in host else host
    path, query = _escaped(parts.path) or "/", _escaped(parts.query)
    return urlunsplit((parts.scheme.lower(), place + port, path, query, ""))


def origin_of(url: str) -> Origin:
    """Host and port of an address. Raises Refused."""
    parts, host = _split(url)
    return host, parts.port or (443 if parts.scheme.lower() == "https" else 80)


def credentials(url: str) -> str | None:
    """The value of an Authorization header, when name and password stand in the address.

    >>> credentials("https://ann:secret@example.org/feed")
    'Basic YW5uOnNlY3JldA=='
    """
    parts, _host = _split(url)
    if parts.username is None:
        return None
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return "Basic " + base64.b64encode(pair.encode("utf-8", "replace")).decode("ascii")


def next_hop(url: str, location: str) -> str:
    """Where a redirect leads; never from https to plain http. Raises Refused.

    `location` is the header as latin-1; where its bytes were UTF-8, they are read as that.
    """
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        target = checked(urljoin(checked(url), location.strip()))
    except ValueError as error:
        raise Refused(f"{urlsplit(url).hostname} leads to something that is no web address.") from error
    if url.lower().startswith("https:") and target.startswith("http:"):
        raise Refused(f"{urlsplit(url).hostname} leads from a protected address to an open one.")
    return target


def _split(url: str) -> tuple[SplitResult, str]:
    """The parts of an address and its host in ASCII."""
    seen = shown(url[:MAX_URL])[:200].encode("utf-8", "replace").decode("utf-8")
    if len(url) > MAX_URL:
        raise Refused(f"“{seen}…” is too long for a web address.")
    try:
        parts = urlsplit(url.strip())
        host = _ascii_host(parts.hostname or "")
        usable = parts.scheme.lower() in ("http", "https") and parts.port != 0
        _escaped(parts.path + parts.query)
    except ValueError as error:
        raise Refused(f"“{seen}” is not a web address.") from error
    if not usable:
        raise Refused(f"“{seen}” is not a web address that Earmark goes to.")
    return parts, host


def _ascii_host(host: str) -> str:
    if ":" in host:
        return str(ipaddress.IPv6Address(host))
    ascii_host = host.encode("idna").decode("ascii").lower()
    if not _HOST.fullmatch(ascii_host):
        raise ValueError(f"no host: {host}")
    return ascii_host


def _escaped(text: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", text), safe="/%:?&=+,;@!$'()*~-._[]|")
