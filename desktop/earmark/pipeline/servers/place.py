"""One server of the user's: its address, which models it has, and what its refusals mean."""

import ipaddress
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from earmark.errors import KnownError
from earmark.net import Body, Door, Refused, Reply, ServerAway, ask_own_server
from earmark.net.address import checked
from earmark.settings import Settings

Task = Literal["speech", "language"]

ANSWER_S = 1200.0
"""A large model on a small computer may take this long for one answer."""
ASK_S = 30.0
MAX_ANSWER_BYTES = 4 * 2**20
AWAY_S = 60.0
_TAILS = (
    "/v1/chat/completions",
    "/v1/audio/transcriptions",
    "/v1/models",
    "/chat/completions",
    "/audio/transcriptions",
    "/inference",
    "/v1",
)
_SAYING = 160
_LISTED = 8
_BUSY = {429, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a server tells of itself: the models that it has, who made it, and the room of a conversation.

    `models` is None when it does not say. `maker` is `owned_by` of its list: "llamacpp" for llama-server,
    "vllm", "library" for Ollama, "me" for the server of llama-cpp-python.
    """

    models: tuple[str, ...] | None
    maker: str = ""
    context_tokens: int | None = None


@dataclass(slots=True)
class Way:
    """Which way of asking a server takes, found out with the first answers; `holds` once one was proven."""

    number: int = 0
    holds: bool = False


def server_address(typed: str) -> str:
    """A typed address as the root of a server: with http:// where no scheme stands, and without /v1.

    A name and password or a key in it stay. Raises KnownError, which never shows those.

    >>> server_address(" 192.168.1.20:8080/v1/ ")
    'http://192.168.1.20:8080'
    """
    text = typed.strip()
    text = text if "://" in text else f"http://{text}"
    try:
        checked(text)
    except Refused as error:
        raise KnownError(
            "This is not the address of a server. Type it like http://192.168.1.20:8080"
        ) from error
    parts = urlsplit(text)
    path = parts.path.rstrip("/")
    tail = next((tail for tail in _TAILS if path.endswith(tail)), "")
    return urlunsplit((parts.scheme.lower(), parts.netloc, path.removesuffix(tail).rstrip("/"), "", ""))


def shown_address(address: str) -> str:
    """An address without the password or key in it, for people to read.

    >>> shown_address("http://ann:secret@box.local:8080")
    'http://box.local:8080'
    """
    return checked(server_address(address)).rstrip("/")


def host_of(address: str) -> str:
    """The name or number of the server's computer.

    >>> host_of("http://key@192.168.1.20:8080")
    '192.168.1.20'
    """
    return urlsplit(shown_address(address)).hostname or ""


def is_this_computer(address: str) -> bool:
    """Whether the server runs on this very computer."""
    host = host_of(address)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def where_it_goes(settings: Settings) -> str:
    """In one or two sentences: where the user's sound and text are worked on.

    >>> where_it_goes(Settings(speech_server="http://192.168.1.20:8080"))
    'Audio is sent to 192.168.1.20, as you asked. Text stays on this computer.'
    """
    chosen = (("Audio", settings.speech_server), ("Text", settings.language_server))
    away = [(what, address) for what, address in chosen if address and not is_this_computer(address)]
    if not away:
        return "Everything stays on this computer."
    sent = [f"{what} is sent to {host_of(address)}, as you asked." for what, address in away]
    kept = [f"{what} stays on this computer." for what, _ in chosen if what not in dict(away)]
    return " ".join([*sent, *kept])


class OwnServer:
    """Asks one server of the user's, and says in plain words what is wrong with it.

    While it cannot be reached it is left alone for a minute. Raises ServerAway then, and Cancelled when the
    user wants to stop, which closes the connection.
    """

    def __init__(self, door: Door, address: str, task: Task) -> None:
        self.root = server_address(address)
        self.host = host_of(address)
        self.task = task
        self.way = Way()
        self._door = door
        self._away: tuple[float, ServerAway] | None = None
        door.send_to(self.root)

    def ask(
        self,
        path: str,
        why: str,
        cancelled: Callable[[], bool],
        *,
        body: Body | None = None,
        deadline_s: float = ASK_S,
    ) -> Reply:
        """One exchange; any status is given back but those that say that the server is busy."""
        now_s = self._door.monotonic()
        if self._away and now_s < self._away[0]:
            raise self._away[1]
        try:
            reply = ask_own_server(
                self._door,
                self.root + path,
                why=f"{why} on your own server",
                max_bytes=MAX_ANSWER_BYTES,
                deadline_s=deadline_s,
                body=body,
                cancelled=cancelled,
            )
        except ServerAway as error:
            self._away = (now_s + AWAY_S, error)
            raise
        if reply.status in _BUSY:
            raise ServerAway(f"Your own server {self.host} is busy or starting (answer {reply.status}).")
        return reply

    def facts(self, cancelled: Callable[[], bool]) -> Facts:
        """Which models it has, by GET /v1/models. Raises KnownError when it lets nobody in."""
        reply = self.ask("/v1/models", "ask for the models", cancelled)
        if reply.status in (404, 405, 501):
            return Facts(None)
        if reply.status != 200:
            raise self.fault(reply)
        found = self.json(reply)
        rows = found.get("data") if isinstance(found, dict) else None
        rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        names = tuple(row["id"] for row in rows if isinstance(row.get("id"), str))
        maker = next((row["owned_by"] for row in rows if isinstance(row.get("owned_by"), str)), "")
        rooms = [room for row in rows if isinstance(room := row.get("max_model_len"), int)]
        return Facts(names or None, maker, min(rooms, default=None))

    def chosen_model(self, facts: Facts, wanted: str | None) -> str | None:
        """The model to ask for: the wanted one, or the only one; None where a server does not say.

        Raises KnownError, which names what there is.
        """
        if facts.models is None or wanted in facts.models:
            return wanted
        if wanted is None and len(facts.models) == 1:
            return facts.models[0]
        listed = ", ".join(plain(name, 60) for name in facts.models[:_LISTED])
        more = " and more" if len(facts.models) > _LISTED else ""
        missing = f"has no model “{wanted}”" if wanted else "has several models"
        raise KnownError(
            f"Your own server {self.host} {missing}. It has: {listed}{more}. "
            f"Choose one with: earmark server {self.task} ADDRESS --model NAME"
        )

    def json(self, reply: Reply) -> Any:
        """The JSON of an answer. Raises KnownError for a web page or anything else."""
        try:
            return json.loads(reply.body)
        except (ValueError, RecursionError) as error:
            page = reply.body.lstrip()[:200].lower().startswith((b"<!doctype", b"<html"))
            found = "with a web page" if page else "in a way that makes no sense"
            raise KnownError(
                f"Your own server {self.host} answered {found}. Is it a {self.task} server? {self._look()}"
            ) from error

    def fault(self, reply: Reply) -> KnownError:
        """What a refusal means to the user, with the next step."""
        status, own = reply.status, f"Your own server {self.host}"
        if status in (401, 403):
            return KnownError(
                f"{own} does not let Earmark in (answer {status}). If it wants a key, type its address as "
                "http://KEY@HOST:PORT, and if it wants a name and a password, as http://NAME:PASSWORD@HOST:PORT"
            )
        saying = _saying(reply)
        if status in (404, 405):
            said = f" It says: {saying}" if saying else ""
            return KnownError(f"{own} has nothing at this address (answer {status}).{said} {self._look()}")
        said = f", saying: {saying}" if saying else ""
        return KnownError(f"{own} could not do it (answer {status}){said}")

    def _look(self) -> str:
        return f"Look at the address with: earmark server {self.task} ADDRESS"


def plain(text: str, most: int) -> str:
    """A text of the server's on one line, without control characters, and not longer than `most`."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * most]).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _saying(reply: Reply) -> str:
    """What the server itself says is wrong, in the forms that such servers use; else nothing."""
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        return ""
    error = found.get("error", found) if isinstance(found, dict) else found
    message = error.get("message", error.get("detail")) if isinstance(error, dict) else error
    return plain(message, _SAYING) if isinstance(message, str) else ""
