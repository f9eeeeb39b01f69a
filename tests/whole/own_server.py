"""A loopback server that speaks as the user's own: llama-server, vLLM and whisper-server, or misbehaving.

Each path has a behaviour, which a test may replace. Replies are written byte for byte, so that they can lie.
A reply that must hang waits until the server is stopped or the client hangs up.
"""

import io
import json
import socketserver
import threading
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import numpy as np
from loopback import HERE, ByteServer, read_request, reply_head, running
from numpy.typing import NDArray

CHAT, TRANSCRIBE, INFERENCE = "/v1/chat/completions", "/v1/audio/transcriptions", "/inference"
Send = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def fields(self) -> dict[str, bytes]:
        """The fields of a form, the file among them, read by the standard library's mail parser."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        form = BytesParser(policy=HTTP).parsebytes(head + self.body)
        named = [
            (str(part.get_param("name", header="content-disposition")), part) for part in form.iter_parts()
        ]
        return {name: part.get_payload(decode=True) for name, part in named}

    @property
    def sound(self) -> NDArray[np.int16]:
        """The samples of the WAV file in a form."""
        with wave.open(io.BytesIO(self.fields["file"]), "rb") as wav:
            assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) == (1, 2, 16_000)
            return np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2")


@dataclass
class Own:
    """The running server."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    behaviours: dict[str, "Behaviour"] = field(default_factory=dict)
    stopped: threading.Event = field(default_factory=threading.Event)
    hung_up: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        """What a user would type."""
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.asked]

    def posted(self, path: str) -> list[Asked]:
        """The requests that brought something to a path, in order."""
        return [asked for asked in self.asked if asked.method == "POST" and asked.path == path]


Behaviour = Callable[[Own, Asked, Send], None]


def raw(status: str, body: bytes, *lines: str) -> bytes:
    """A reply with its length."""
    return reply_head(status, f"Content-Length: {len(body)}", *lines) + body


def says(value: Any, status: str = "200 OK") -> Behaviour:
    """Answers with JSON."""
    return lambda _own, _asked, send: send(
        raw(status, json.dumps(value).encode(), "Content-Type: application/json")
    )


def refuses(status: str, message: str = "") -> Behaviour:
    """Refuses as OpenAI's servers do."""
    return says({"error": {"message": message, "type": "error"}} if message else {}, status)


def leads_to(address: str, status: str = "307 Temporary Redirect") -> Behaviour:
    """Sends on to another address."""
    return lambda _own, _asked, send: send(raw(status, b"", f"Location: {address}"))


def sends(body: bytes, mime: str) -> Behaviour:
    """Answers with these very bytes."""
    return lambda _own, _asked, send: send(raw("200 OK", body, f"Content-Type: {mime}"))


def breaks_off(_own: Own, _asked: Asked, send: Send) -> None:
    """Promises more than it sends."""
    send(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"choices": [')


def sends_100_mb(own: Own, _asked: Asked, send: Send) -> None:
    """Goes on and on."""
    send(f"HTTP/1.1 200 OK\r\nContent-Length: {100 * 2**20}\r\n\r\n".encode())
    for _ in range(100 * 16):
        if own.stopped.is_set():
            return
        send(b" " * 65_536)


def hangs(own: Own, _asked: Asked, send: Send) -> None:
    """Says nothing until the client has gone, which it tells."""
    try:
        while not own.stopped.wait(0.02):
            send(b"HTTP/1.1 100 Continue\r\n\r\n")
    except OSError:
        own.hung_up.set()


def models(*names: str, maker: str = "vllm", **more: Any) -> Behaviour:
    """A list of models."""
    return says({"object": "list", "data": [{"id": name, "owned_by": maker, **more} for name in names]})


def chat(content: Any, finish: str = "stop") -> Behaviour:
    """A chat answer."""
    message = {"role": "assistant", "content": content}
    usage = {"prompt_tokens": 300, "completion_tokens": 40}
    return says({"choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage})


def heard(*segments: tuple[float, float, str]) -> Behaviour:
    """A verbose_json answer."""
    return says(verbose([{"start": start, "end": end, "text": text} for start, end, text in segments]))


def verbose(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The form of verbose_json."""
    return {"task": "transcribe", "text": " ".join(str(row["text"]) for row in rows), "segments": list(rows)}


class _Server(ByteServer):
    own: Own

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no fault of the server."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        request = read_request(self.rfile)
        if request is None:
            return
        body = self.rfile.read(int(request.headers.get("content-length", 0)))
        asked = Asked(request.method, request.path, request.headers, body)
        self.server.own.asked.append(asked)
        behaviour = self.server.own.behaviours.get(request.path, refuses("404 Not Found", "File Not Found"))
        behaviour(self.server.own, asked, self._send)

    def _send(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()


@contextmanager
def own_server(**behaviours: Behaviour) -> Iterator[Own]:
    """A running server; by name `models`, `chat`, `transcribe`, `inference`."""
    places = {"models": "/v1/models", "chat": CHAT, "transcribe": TRANSCRIBE, "inference": INFERENCE}
    server = _Server(HERE, _Handler)
    server.own = Own(server.server_address[1])
    server.own.behaviours = {places[name]: behaviour for name, behaviour in behaviours.items()}
    with running(server):
        try:
            yield server.own
        finally:
            server.own.stopped.set()
