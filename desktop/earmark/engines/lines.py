"""The talk between the program and an engine: one JSON object a line, in ASCII.

From the program: ``{"type": "request", "id": 3, "job": {...}}`` and ``{"type": "cancel", "id": 3}``.
From the engine: ``heartbeat`` each second; for the request at hand any number of events of the job's own
types, and at last one of ``done`` (with its result), ``refused`` (with a text for the user) or ``cancelled``.
"""

import json
from collections.abc import Mapping
from typing import Any

MAX_LINE_BYTES = 16 * 2**20

Message = dict[str, Any]


class LineTooLong(ValueError):  # noqa: N818  (names the finding)
    """The other side sent more than MAX_LINE_BYTES without a line break."""


class Lines:
    """Cuts a stream of bytes into messages, however the stream is chopped."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self.skipped = 0
        """Lines that were no JSON object; a library that prints is no reason to stop."""

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are complete now. Raises LineTooLong."""
        self._rest += data
        if b"\n" not in data:
            self._check_length()
            return []
        *complete, rest = self._rest.split(b"\n")
        self._rest = bytearray(rest)
        self._check_length()
        messages = [_decode(bytes(line)) for line in complete if line.strip()]
        self.skipped += messages.count(None)
        return [message for message in messages if message is not None]

    def _check_length(self) -> None:
        if len(self._rest) > MAX_LINE_BYTES:
            raise LineTooLong(f"{len(self._rest)} bytes without a line break")


def encode(message: Mapping[str, Any]) -> bytes:
    """One message as a line. Text with lone surrogates passes, since JSON escapes it."""
    return json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def _decode(line: bytes) -> Message | None:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) and isinstance(message.get("type"), str) else None
