"""One request to the server that the user named as their own: sent there and nowhere else."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import httpcore2

from earmark.errors import KnownError
from earmark.net.address import checked, credentials, origin_of
from earmark.net.body import Body
from earmark.net.connect import Deadline, never
from earmark.net.door import UNPROVEN, Door

_BROKEN = (httpcore2.NetworkError, httpcore2.ProtocolError)


class ServerAway(KnownError):  # noqa: N818  (names what is)
    """The user's own server cannot be reached, or does not answer: to be asked again another time."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered, whatever its status."""

    status: int
    mime: str
    body: bytes


def ask_own_server(
    door: Door,
    url: str,
    *,
    why: str,
    max_bytes: int,
    deadline_s: float,
    body: Body | None = None,
    cancelled: Callable[[], bool] = never,
) -> Reply:
    """GET, or POST with a `body`; redirects are refused, and a wish to stop closes the connection.

    Name and password in `url` (http://NAME:PASSWORD@HOST), or a key alone (http://KEY@HOST), go as a header
    to this host. Raises ServerAway, Cancelled, and KnownError for an answer beyond `max_bytes`, a redirect,
    an unproven host, and when Earmark is to stay offline.
    """
    host = origin_of(url)[0]
    headers = {"Accept": "application/json", "Accept-Encoding": "gzip"}
    if secret := authorization(url):
        headers["Authorization"] = secret
    deadline = Deadline(deadline_s, stall_s=deadline_s, cancelled=cancelled, monotonic=door.monotonic)
    try:
        with door.open(checked(url), headers, why=why, deadline=deadline, own=True, body=body) as answer:
            mime = answer.headers.get("content-type", "")
            return Reply(answer.status, mime, answer.whole(max_bytes))
    except KnownError as error:
        cause = error.__cause__
        if isinstance(cause, ssl.SSLError) or UNPROVEN in str(error):
            raise
        if isinstance(cause, httpcore2.TimeoutException):
            raise ServerAway(f"Your own server {host} did not answer in time.") from error
        if isinstance(cause, httpcore2.ConnectError):
            raise ServerAway(f"Your own server {host} cannot be reached. Is it running?") from error
        if isinstance(cause, _BROKEN):
            raise ServerAway(f"Your own server {host} broke off in the middle of its answer.") from error
        raise


def authorization(url: str) -> str | None:
    """The Authorization header of a server's address: Basic for a name and password, Bearer for a key alone.

    >>> authorization("http://my-key@192.168.1.20:8080/v1")
    'Bearer my-key'
    """
    parts = urlsplit(url.strip())
    if parts.username and parts.password is None:
        return f"Bearer {unquote(parts.username)}"
    return credentials(url)
