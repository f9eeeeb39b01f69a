"""What a request carries to the user's own server: JSON, or a form with a file."""

import json
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

PIECE_BYTES = 1 << 16


class Body:
    """Bytes and what they are. They go out in pieces, so that a wish to stop is heard between two of them."""

    def __init__(self, content: bytes, mime: str) -> None:
        self._content = content
        self._sent_bytes = 0
        self.headers = {"Content-Type": mime, "Content-Length": str(len(content))}

    def pieces(self) -> Iterator[bytes]:
        """The content, once."""
        self._sent_bytes = 0
        for start in range(0, len(self._content), PIECE_BYTES):
            piece = self._content[start : start + PIECE_BYTES]
            self._sent_bytes += len(piece)
            yield piece

    def noted(self, why: str) -> str:
        """`why`, with how much has left the computer, for the list of requests."""
        sent = self._sent_bytes
        size = f"{sent / 1e6:.1f} MB" if sent >= 100_000 else f"{sent / 1e3:.1f} kB"
        return f"{why}, {size} sent" if sent else f"{why}, nothing sent"


def json_body(value: Mapping[str, Any]) -> Body:
    """A JSON object; text with lone surrogates passes, since JSON escapes it."""
    return Body(json.dumps(value, ensure_ascii=True).encode("ascii"), "application/json")


def form_body(fields: Mapping[str, str], *, file_name: str, mime: str, content: bytes) -> Body:
    """A form of plain fields and one file in the field `file`, as speech servers take it (RFC 7578)."""
    line = secrets.token_hex(24)
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode(
            "utf-8", "replace"
        )
        for name, value in fields.items()
    ]
    head = (
        f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{file_name}"\r\n'
        f"Content-Type: {mime}\r\n\r\n"
    ).encode("ascii")
    whole = b"".join([*parts, head, content, f"\r\n--{line}--\r\n".encode("ascii")])
    return Body(whole, f"multipart/form-data; boundary={line}")
