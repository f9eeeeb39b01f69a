"""The one door to the network: every request of the program goes through here, is bounded and is noted."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlsplit

import httpcore2
import truststore

from earmark.errors import KnownError
from earmark.hiding import is_whole
from earmark.net.address import Origin, Refused, checked, credentials, next_hop, origin_of
from earmark.net.body import Body
from earmark.net.connect import CheckedBackend, Deadline, Late, is_known, leads_inside, never
from earmark.net.faults import BrokeOff, NoAnswer, Refusal, Unproven
from earmark.net.inflate import inflated
from earmark.net.proxy import Proxy, SocksBackend, check_target, stays_here
from earmark.net.throttle import Throttle
from earmark.vault import Vault

MAX_HOPS = 5
MAX_BODY_BYTES = 64 * 2**20
MAX_PER_HOST = 2
FEED_DEADLINE_S = 60.0
REDIRECTS = {301, 302, 303, 307, 308}
LASTING = {301, 308}
ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1"
UNPROVEN = "could not prove who it is, so nothing was taken from it."
MayGo = Callable[[str], bool]


def anywhere(_host: str) -> bool:
    """Redirects may lead to any host."""
    return True


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that was read whole.

    `url` is where it came from in the end. `permanent_url` is as far as redirects led that are for good (301,
    308) from the first hop on, None when there was none. Header names are lower case. `body` is inflated, and
    empty for 304 and 410.
    """

    status: int
    url: str
    permanent_url: str | None
    headers: dict[str, str]
    body: bytes


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
                raise KnownError(f"{host} sent more than {max_bytes / 2**20:.0f} MB, so it was not taken.")
            parts.append(part)
        return b"".join(parts)


@dataclass(slots=True)
class Talk:
    """An exchange in another language than HTTP; whoever talks fills in what is noted of it."""

    tls: ssl.SSLContext
    status: int | None = None
    size_bytes: int = 0


class RequestLog(Protocol):
    """Who keeps the list of requests; called from any thread."""

    def __call__(self, time_ms: int, host: str, why: str, status: int | None, size_bytes: int) -> None:
        """Note one request; `status` None when there was no answer."""


class Door:
    """Asks the network, politely and with bounds: no cookies, no proxies from the environment, gzip only.

    Safe to use from several threads; at most two requests at once go to one host. `offline` is asked before
    every request; `throttle` holds downloads back; `vault` reveals what marks in an address stand for, and
    answers name such addresses with their marks. With a `proxy` everything that leaves this computer goes
    through it, or nothing does.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        log: RequestLog,
        offline: Callable[[], bool] = never,
        proxy: Proxy | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        throttle: Throttle | None = None,
        vault: Vault | None = None,
    ) -> None:
        self.throttle = throttle or Throttle()
        self.vault = vault or Vault()
        self._user_agent = user_agent
        self._log = log
        self._offline = offline
        self._proxy = proxy
        self.monotonic = monotonic
        self._allowed: set[Origin] = set()
        self._own: set[Origin] = set()
        self._lock = threading.Lock()
        self._turns: dict[str, threading.BoundedSemaphore] = {}
        self._tls: ssl.SSLContext | None = None

    def __enter__(self) -> "Door":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def allow(self, url: str) -> None:
        """The user typed this address, so its host may lie inside the user's own network. Raises Refused."""
        self._allowed.add(origin_of(url))

    def send_to(self, url: str) -> None:
        """This is the user's own server: it may be sent text and sound, as no other is. Raises Refused.

        It may lie inside the user's own network, but what feeds name is not fetched from there for that.
        """
        self._own.add(origin_of(url))

    def leads_inside(self, url: str) -> bool:
        """Whether an address leads into the user's own network; with a proxy no name is looked up for it."""
        if self._proxy is None:
            return leads_inside(url)
        try:
            check_target(origin_of(url)[0], allowed=False)
        except Refused:
            return True
        return False

    def knows(self, url: str) -> bool:
        """Whether the name in an address leads anywhere; with a proxy no name is looked up to know that."""
        return self._proxy is not None or is_known(url)

    def get(
        self,
        url: str,
        *,
        why: str,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int = MAX_BODY_BYTES,
        deadline_s: float = FEED_DEADLINE_S,
        cancelled: Callable[[], bool] = never,
        may_go: MayGo = anywhere,
    ) -> Response:
        """The answer at an address, redirects followed to hosts that `may_go` names. `why` goes into the list
        of requests.

        200, 304 and 410 are given back; every other status is a KnownError, as are all faults of the network.
        Raises Cancelled.
        """
        headers = {"Accept": ACCEPT, "Accept-Encoding": "gzip"}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        with self._turn(origin_of(url)[0]):
            deadline = Deadline(deadline_s, cancelled=cancelled, monotonic=self.monotonic)
            with self.open(url, headers, why=why, deadline=deadline, may_go=may_go) as answer:
                if answer.status not in (200, 304, 410):
                    raise Refusal(answer.url, answer.status, answer.headers.get("retry-after"))
                body = answer.whole(max_bytes) if answer.status == 200 else b""
                return Response(answer.status, answer.url, answer.permanent_url, answer.headers, body)

    @contextmanager
    def open(
        self,
        url: str,
        headers: dict[str, str],
        *,
        why: str,
        deadline: Deadline,
        own: bool = False,
        body: Body | None = None,
        may_go: MayGo = anywhere,
    ) -> Iterator[Answer]:
        """The answer with its body still to be read; for `get`, for downloads and for the user's own server.

        `own` is an exchange with a server of `send_to`: it may carry a `body`, which makes it a POST, and
        follows no redirect. Others are followed to hosts that `may_go` names. Raises KnownError in the user's
        words for every fault, while it is opened and while it is read.
        """
        host = origin_of(url)[0]
        try:
            real = self.vault.reveal(url)
            with self._follow(real, headers, why, deadline, own, body, may_go) as answer:
                yield answer if real == url else self._hidden(answer, url)
        except httpcore2.ProxyError as error:
            raise KnownError(
                f"{self._proxy_name()} does not let Earmark through to {host}: {error}."
            ) from error
        except Late as error:
            raise NoAnswer(f"{host} {error}. Earmark will try again later.") from error
        except httpcore2.TimeoutException as error:
            raise NoAnswer(f"{host} did not answer. Earmark will try again later.") from error
        except ssl.SSLError as error:
            raise Unproven(f"{host} {UNPROVEN}") from error
        except httpcore2.ConnectError as error:
            reason = str(error).lower()
            if "certificate" in reason or "ssl" in reason:
                raise Unproven(f"{host} {UNPROVEN}") from error
            if self._proxy and not stays_here(host):
                raise NoAnswer(
                    f"{self._proxy_name()} cannot be reached, so nothing was asked for beside it."
                ) from error
            raise NoAnswer(f"{host} cannot be reached. Is this computer online?") from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise BrokeOff(
                f"{host} broke off, or answered in a way that makes no sense. Earmark will try again later."
            ) from error

    def _hidden(self, answer: Answer, asked: str) -> Answer:
        """The answer of a private show, with no secret in its addresses."""
        lasting = answer.permanent_url
        if lasting:  # kept by the keyring only where the show is asked there from then on
            lasting = self.vault.hide(lasting, whole=is_whole(asked))
        return replace(answer, url=self.vault.hide_all(answer.url, asked), permanent_url=lasting)

    def _proxy_name(self) -> str:
        return f"The proxy {self._proxy.host}:{self._proxy.port}" if self._proxy else "The proxy"

    @contextmanager
    def talk(self, host: str, why: str) -> Iterator[Talk]:
        """An exchange with a server of the user's that speaks no HTTP (mail), under the rules of every other.

        It is noted in the list of requests. Raises KnownError when Earmark is to stay offline.
        """
        if self._offline():
            raise KnownError("Earmark is set to stay offline.")
        talk = Talk(self._context())
        try:
            with self._turn(host):
                yield talk
        finally:
            self._log(time.time_ns() // 1_000_000, host, why, talk.status, talk.size_bytes)

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        with self._lock:
            turn = self._turns.setdefault(host, threading.BoundedSemaphore(MAX_PER_HOST))
        with turn:
            yield

    @contextmanager
    def _follow(
        self,
        url: str,
        headers: dict[str, str],
        why: str,
        deadline: Deadline,
        own: bool,
        body: Body | None,
        may_go: MayGo,
    ) -> Iterator[Answer]:
        """Ask, and ask where a redirect leads; a password in the address goes to its own origin alone."""
        first, password = origin_of(url), credentials(url)
        lasting: str | None = None
        for_good, asked = True, url
        for _ in range(1 if own else MAX_HOPS + 1):
            sent = headers | ({"Authorization": password} if password and origin_of(asked) == first else {})
            with self._ask(asked, sent, why, deadline, own, body) as (status, answer_headers, chunks):
                if status not in REDIRECTS or "location" not in answer_headers:
                    yield Answer(status, asked, lasting, answer_headers, chunks)
                    return
                for_good = for_good and status in LASTING
                asked = next_hop(asked, answer_headers["location"])
                if not may_go(origin_of(asked)[0]):
                    raise Refused(
                        f"{first[0]} sends on to {origin_of(asked)[0]}, which is none of its own places, "
                        "so nothing was taken from there."
                    )
                lasting = asked if for_good else lasting
        if own:
            raise KnownError(f"{first[0]} sends on to another address; Earmark does not go there with it.")
        raise KnownError(f"{first[0]} sends on and on to other addresses.")

    @contextmanager
    def _ask(
        self,
        url: str,
        headers: dict[str, str],
        why: str,
        deadline: Deadline,
        own: bool,
        body: Body | None,
    ) -> Iterator[tuple[int, dict[str, str], Iterator[bytes]]]:
        if self._offline():
            raise KnownError("Earmark is set to stay offline.")
        target, size, status = checked(url), 0, None
        if (own or body) and origin_of(target) not in self._own:
            raise Refused(f"Earmark sends nothing to {origin_of(target)[0]}: it is no server of yours.")
        headers = headers | (body.headers if body else {})
        method, content = ("POST", body.pieces()) if body else ("GET", None)
        sent = {"User-Agent": self._user_agent, "Connection": "close", **headers}
        raw = [(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in sent.items()]
        allowed = self._own if own else self._allowed
        try:
            with (
                self._pool(origin_of(target), allowed, deadline) as pool,
                pool.stream(method, target, headers=raw, content=content) as response,
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
            noted = body.noted(why) if body else why
            self._log(time.time_ns() // 1_000_000, origin_of(target)[0], noted, status, size)

    def _pool(self, origin: Origin, allowed: set[Origin], deadline: Deadline) -> httpcore2.ConnectionPool:
        """What connects to an origin: directly, or by way of the proxy, which alone is then connected to."""
        proxy = self._proxy
        if proxy is None or (stays_here(origin[0]) and origin in allowed):
            backend = CheckedBackend(allowed.__contains__, deadline)
            return httpcore2.ConnectionPool(ssl_context=self._context(), network_backend=backend)
        check_target(origin[0], allowed=origin in allowed)
        reach = CheckedBackend(lambda place: place == proxy.origin, deadline)
        if proxy.kind == "socks5":
            backend_through = SocksBackend(proxy, reach)
            return httpcore2.ConnectionPool(ssl_context=self._context(), network_backend=backend_through)
        host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
        return httpcore2.HTTPProxy(
            f"http://{host}:{proxy.port}",
            proxy_auth=proxy.login,
            ssl_context=self._context(),
            network_backend=reach,
        )

    def _context(self) -> ssl.SSLContext:
        with self._lock:
            if self._tls is None:
                self._tls = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            return self._tls


def _header(pair: tuple[bytes, bytes]) -> tuple[str, str]:
    return pair[0].decode("latin-1").lower(), pair[1].decode("latin-1")
