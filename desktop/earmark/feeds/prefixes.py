"""Counting services in front of a recording's address, and the address that lies behind them.

Publishers put them there to count listeners: each is told of every download before it leads on to the next.
`resources/tracking-prefixes.toml` names them, with its source and date.
"""

import re
import tomllib
from functools import cache

from earmark.paths import resource

MOST = 20
"""Services in front of one address; more are a mischief."""
_SCHEME = re.compile(r"(https?)(?:://|:/|%3a%2f%2f)", re.I)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,62})\.)+[a-z]{2,24}(?::\d{1,5})?", re.I)
_FILE = re.compile(r"\.(?:mp3|m4a|m4b|aac|ogg|oga|opus|wav|flac|mp4|m4v|mov|php|html?)$", re.I)
_NAMES_BEFORE_HOST = 3


def direct(address: str) -> str:
    """The recording's own address, without the services that count who asks for it.

    An address in which nothing else can be found stays as it is, and so does one that leads nowhere. Never
    from a protected address to an open one.

    >>> direct("https://dts.podtrac.com/redirect.mp3/chrt.fm/track/1A/cdn.example.org/a.mp3?x=1")
    'https://cdn.example.org/a.mp3?x=1'
    >>> direct("https://cdn.example.org/dts.podtrac.com/a.mp3")
    'https://cdn.example.org/dts.podtrac.com/a.mp3'
    """
    for _ in range(MOST):
        inner = _behind(address)
        if inner is None:
            return address
        address = inner
    return address


def counter(address: str) -> str | None:
    """Who is asked first and only counts, by name; None where the address is the recording's own.

    >>> counter("https://op3.dev/e/cdn.example.org/a.mp3"), counter("https://cdn.example.org/a.mp3")
    ('OP3', None)
    """
    found = _prefix(address)
    return found[1] if found and _behind(address) else None


def _behind(address: str) -> str | None:
    """The address that stands behind the first service, None where there is no service or no address."""
    found = _prefix(address)
    if found is None:
        return None
    scheme, rest = found[0], found[2]
    for _ in range(_NAMES_BEFORE_HOST + 1):
        named = _SCHEME.match(rest)
        if named:
            rest = rest[named.end() :].lstrip("/")
            scheme = "https" if scheme == "https" else named[1].lower()
        host, slash, path = rest.partition("/")
        if slash and path and _HOST.fullmatch(host) and not _FILE.search(host):
            return f"{scheme}://{host}/{path}"
        if not slash:
            return None
        rest = path
    return None


def _prefix(address: str) -> tuple[str, str, str] | None:
    """The scheme, the service's name, and what comes behind it."""
    scheme, _, rest = address.partition("://")
    if scheme.lower() not in ("http", "https"):
        return None
    host, slash, path = rest.partition("/")
    place = host.lower() + slash + path
    for starts, name in _prefixes():
        if place.startswith(starts):
            return scheme.lower(), name, place[len(starts) :].lstrip("/")
    return None


@cache
def _prefixes() -> tuple[tuple[str, str], ...]:
    table = tomllib.loads(resource("tracking-prefixes.toml").read_text("utf-8"))["prefixes"]
    return tuple((row["starts"], row["name"]) for row in table)
