"""The one door to the network: every request of the program goes through here, is bounded and is noted."""

import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import time_ns
from typing import Protocol
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import httpcore2
import truststore

from earmark.errors import KnownError
from earmark.net.connect import CheckedBackend, Deadline, Origin, Refused

MAX_HOPS = 5
MAX_BODY_BYTES = 64 * 2**20
MAX_URL = 8192
FEED_DEADLINE_S = 60.0
REDIRECTS = {301, 302, 303, 307, 308}
LASTING = {301, 308}
ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that was read whole.

    `url` is where it came from in the end; `permanent_url` is set when every redirect on the way said that it
    is for good (301, 308). Header names are lower case. `body` is inflated.
    """

    status: int
    url: str
    permanent_url: str | None
    headers: dict[str, str]
    body: bytes


class RequestLog(Protocol):
    """Who keeps the list of requests."""

    def __call__(self, time_ms: int, host: str, why: str, status: int | None, size_bytes: int) -> None:
        """Note one request; `status` None when there was no answer."""


class Door:
    """Asks the network, politely and with bounds: no cookies, no proxies from the environment, gzip only.

    Safe to use from several threads. `offline` is asked before every request.
    """

    def __init__(
        self, *, user_agent: str, log: RequestLog, offline: Callable[[], bool] = lambda: False
    ) -> None:
        self._user_agent = user_agent
        self._log = log
        self._offline = offline
        self._allowed: set[Origin] = set()
        self._lock = threading.Lock()
        self._tls: ssl.SSLContext | None = None

    def __enter__(self) -> "Door":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def allow(self, url: str) -> None:
        """The user typed this address, so its host may lie inside the user's own network."""
        self._allowed.add(origin_of(url))

    def get(
        self,
        url: str,
        *,
        why: str,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int = MAX_BODY_BYTES,
        deadline_s: float = FEED_DEADLINE_S,
    ) -> Response:
        """The answer at an address, redirects followed. `why` goes into the list of requests.

        200, 304 and 410 are given back; every other status is a KnownError, as are all faults of the network.
        """
        headers = {"Accept": ACCEPT, "Accept-Encoding": "gzip"}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        with self.open(url, headers, why=why, deadline=Deadline(deadline_s)) as answer:
            if answer.status not in (200, 304, 410):
                raise KnownError(refusal(answer.url, answer.status))
            return Response(
                answer.status, answer.url, answer.permanent_url, answer.headers, answer.whole(max_bytes)
            )

    @contextmanager
    def open(self, url: str, headers: dict[str, str], *, why: str, deadline: Deadline) -> Iterator["Answer"]:
        """The answer with its body still to be read; for `get` and for downloads.

        Raises KnownError in the user's words for every fault, while it is opened and while it is read.
        """
        host = urlsplit(url).hostname or url[:100]
        try:
            with self._follow(url, headers, why, deadline) as answer:
                yield answer
        except httpcore2.TimeoutException as error:
            raise KnownError(
                f"{host} did not answer within {deadline.seconds:.0f} seconds. Earmark will try again later."
            ) from error
        except ssl.SSLError as error:
            raise KnownError(f"{host} could not prove who it is, so nothing was taken from it.") from error
        except httpcore2.ConnectError as error:
            reason = str(error).lower()
            if "certificate" in reason or "ssl" in reason:
                raise KnownError(
                    f"{host} could not prove who it is, so nothing was taken from it."
                ) from error
            raise KnownError(f"{host} cannot be reached. Is this computer online?") from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise KnownError(f"{host} broke off or answered in a way that makes no sense.") from error

    @contextmanager
    def _follow(self, url: str, headers: dict[str, str], why: str, deadline: Deadline) -> Iterator["Answer"]:
        permanent, asked = True, url
        for _ in range(MAX_HOPS + 1):
            with self._ask(asked, headers, why, deadline) as (status, answer_headers, chunks):
                if status not in REDIRECTS or "location" not in answer_headers:
                    lasting = asked if permanent and asked != url else None
                    yield Answer(status, asked, lasting, answer_headers, chunks)
                    return
                permanent = permanent and status in LASTING
                asked = next_hop(asked, answer_headers["location"])
        raise KnownError(f"{urlsplit(url).hostname} sends on and on to other addresses.")

    @contextmanager
    def _ask(
        self, url: str, headers: dict[str, str], why: str, deadline: Deadline
    ) -> Iterator[tuple[int, dict[str, str], Iterator[bytes]]]:
        if self._offline():
            raise KnownError("Earmark is set to stay offline.")
        target = checked(url)
        origin, size, status = origin_of(target), 0, None
        sent = {"User-Agent": self._user_agent, "Connection": "close", **headers}
        backend = CheckedBackend(self._is_allowed, deadline)
        try:
            with (
                httpcore2.ConnectionPool(ssl_context=self._context(), network_backend=backend) as pool,
                pool.stream("GET", target, headers=list(sent.items())) as response,
            ):
                status = response.status
                received = dict(_header(pair) for pair in response.headers)

                def chunks() -> Iterator[bytes]:
                    nonlocal size
                    for chunk in response.iter_stream():
                        size += len(chunk)
                        yield chunk

                yield status, received, chunks()
        finally:
            self._log(time_ns() // 1_000_000, origin[0], why, status, size)

    def _is_allowed(self, origin: Origin) -> bool:
        return origin in self._allowed

    def _context(self) -> ssl.SSLContext:
        with self._lock:
            if self._tls is None:
                self._tls = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            return self._tls


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of an answer, and its body as it comes (still compressed, if it is)."""

    status: int
    url: str
    permanent_url: str | None
    headers: dict[str, str]
    chunks: Iterator[bytes]

    def whole(self, max_bytes: int) -> bytes:
        """All of the body, inflated. Raises KnownError beyond `max_bytes` or for a damaged body."""
        parts, size = [], 0
        for part in inflated(self.chunks, self.headers.get("content-encoding", "")):
            size += len(part)
            if size > max_bytes:
                host = urlsplit(self.url).hostname
                raise KnownError(f"{host} sent more than {max_bytes // 2**20} MB, so it was not taken.")
            parts.append(part)
        return b"".join(parts)


def inflated(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Unpack gzip piece by piece, each at most 64 kB, so that a bomb is seen before it is large.

    Raises KnownError for other encodings, which were not asked for, and for damaged ones.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        yield from chunks
        return
    if name not in ("gzip", "x-gzip"):
        raise KnownError("The server packed its answer in a way that was not asked for.")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for chunk in chunks:
            while chunk:
                yield unpack.decompress(chunk, 65_536)
                chunk = unpack.unconsumed_tail
    except zlib.error as error:
        raise KnownError("The server's answer was damaged on its way.") from error


def _header(pair: tuple[bytes, bytes]) -> tuple[str, str]:
    return pair[0].decode("latin-1").lower(), pair[1].decode("latin-1")


def checked(url: str) -> str:
    """An address that may be asked: http(s), a host, no password in it. Raises Refused.

    What is not ASCII in the path is escaped as browsers do.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
    except (ValueError, UnicodeError) as error:
        raise Refused(f"“{url[:200]}” is not a web address.") from error
    if parts.scheme.lower() not in ("http", "https") or not host or len(url) > MAX_URL:
        raise Refused(f"“{url[:200]}” is not a web address that Earmark goes to.")
    place = f"[{host}]" if ":" in host else host
    return urlunsplit(
        (
            parts.scheme.lower(),
            f"{place}:{port}" if port else place,
            _escaped(parts.path) or "/",
            _escaped(parts.query),
            "",
        )
    )


def next_hop(url: str, location: str) -> str:
    """Where a redirect leads; never from https to plain http. Raises Refused."""
    target = checked(urljoin(url, location.strip()))
    if url.lower().startswith("https:") and target.startswith("http:"):
        raise Refused(f"{urlsplit(url).hostname} leads from a protected address to an open one.")
    return target


def origin_of(url: str) -> Origin:
    """Host and port of an address."""
    parts = urlsplit(checked(url))
    return (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def refusal(url: str, status: int) -> str:
    """What a status other than success means to the user."""
    host = urlsplit(url).hostname
    if status in (401, 403):
        return f"{host} does not let Earmark in (answer {status})."
    if status == 404:
        return f"There is nothing at this address of {host} any more (answer 404)."
    if status in (429, 503):
        return f"{host} asks to be left in peace for a while (answer {status})."
    if status >= 500:
        return f"{host} has trouble of its own (answer {status}). Earmark will try again later."
    return f"{host} gave an unusable answer ({status})."


def _escaped(text: str) -> str:
    return quote(text, safe="/%:?&=+,;@!$'()*~-._[]|")
