"""A mail server on this machine (SMTP), as well or as badly behaved as a test wants it."""

import base64
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from loopback import HERE, running


class LetterBox(socketserver.ThreadingTCPServer):
    """`letters` are (sender, recipients, bytes); `said` is every line of a client, in order, with its
    first word in capitals.

    `tls`: from the first byte; `offers_starttls`; `password`: what it lets in, None: it offers no login;
    `refuses`: the first word of a command that it answers with 550; `goes_at`: the first word of a command at
    which it hangs up ("greeting": at once; "the end of the letter": it has it, and does not say so);
    `trickles`: it greets byte by byte for ever; `floods`: the first word of a command that it answers with
    lines without end, each of `flood_bytes`; `greets`: its first line.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, ssl_files: tuple[Path, Path] | None = None, **how: Any) -> None:
        super().__init__(HERE, _Talk)
        self.how = how
        self.letters: list[tuple[str, list[str], bytes]] = []
        self.said: list[str] = []
        self.flooded_bytes = 0
        self.ended = threading.Event()
        self.context: ssl.SSLContext | None = None
        if ssl_files:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*ssl_files)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, or that does not trust us, is no news."""


def start(ssl_files: tuple[Path, Path] | None = None, **how: Any) -> tuple[LetterBox, Callable[[], None]]:
    """A running server, and what stops it."""
    server = LetterBox(ssl_files, **how)
    ending = ExitStack()
    ending.enter_context(running(server))
    ending.callback(server.ended.set)
    return server, ending.close


class _Talk(socketserver.BaseRequestHandler):
    server: LetterBox
    request: socket.socket

    def handle(self) -> None:
        """One conversation."""
        how, self.secure = self.server.how, bool(self.server.how.get("tls"))
        if how.get("goes_at") == "greeting":
            return
        if self.secure:
            self._protect()
        self.file = self.request.makefile("rb")
        while how.get("trickles") and not self.server.ended.wait(0.02):
            self.request.sendall(b"2")
        self._say(how.get("greets", "220 box ready"))
        self.sender, self.recipients = "", []
        while line := self.file.readline():
            word, _, rest = line.decode("latin-1").strip().partition(" ")
            word = word.upper()
            text = f"{word} {rest}".rstrip()
            self.server.said.append(text)
            if how.get("goes_at") == word:
                return
            if how.get("floods") == word:
                self._flood()
                return
            if how.get("refuses") == word:
                self._say("550 no, ann@example.org")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._answer(word, text)

    def finish(self) -> None:
        """Hang up."""
        if hasattr(self, "file"):
            self.file.close()
        self.request.close()

    def _answer(self, word: str, text: str) -> None:
        if word == "EHLO":
            self._say("\r\n".join(["250-box", *self._offers(), "250 8BITMIME"]))
        elif word == "STARTTLS":
            self._say("220 go on")
            self.file.close()
            self._protect()
            self.file = self.request.makefile("rb")
            self.secure = True
        elif word == "AUTH":
            self._say("235 in" if self._is_let_in(text) else "535 not you, ann")
        elif word == "MAIL":
            self.sender = text
            self._say("250 ok")
        elif word == "RCPT":
            self.recipients.append(text)
            self._say("250 ok")
        elif word == "DATA":
            self._say("354 go on")
            self._take()
            if self.server.how.get("goes_at") == "the end of the letter":
                self.request.shutdown(socket.SHUT_RDWR)
                return
            self._say("250 taken")
        else:
            self._say("250 ok")

    def _offers(self) -> list[str]:
        starttls = ["250-STARTTLS"] if self.server.how.get("offers_starttls") and not self.secure else []
        return starttls + (["250-AUTH PLAIN"] if self.server.how.get("password") else [])

    def _is_let_in(self, text: str) -> bool:
        parts = base64.b64decode(text.split(" ")[2]).decode().split("\0")
        return parts[-1] == self.server.how["password"]

    def _take(self) -> None:
        lines = []
        while (line := self.file.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.letters.append((self.sender, self.recipients, b"".join(lines)))

    def _flood(self) -> None:
        """Say more and more until the client hangs up; 16 MB are an end for a client that never does."""
        line = b"250-" + b"x" * self.server.how.get("flood_bytes", 100) + b"\r\n"
        while self.server.flooded_bytes < 16_000_000 and not self.server.ended.is_set():
            self.request.sendall(line)
            self.server.flooded_bytes += len(line)

    def _protect(self) -> None:
        assert self.server.context is not None
        self.request = self.server.context.wrap_socket(self.request, server_side=True)

    def _say(self, text: str) -> None:
        self.request.sendall(text.encode() + b"\r\n")
