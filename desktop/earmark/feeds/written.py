"""A transcript's words as its file has them, for tools that look a quotation up in the file as it is."""

import contextlib
import html
import json
import re
from collections.abc import Sequence

from earmark.feeds.transcripts import decoded

_PIECE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});|\s+|.", re.S)


def as_written(body: bytes, words: str) -> str:
    """Words of a transcript with the entities of its file; the words themselves where it has none."""
    written = decoded(body)
    with contextlib.suppress(ValueError, RecursionError):
        document = json.loads(written)
        rows = document.get("segments", []) if isinstance(document, dict) else document
        written = " ".join(str(row.get("body") or "") for row in rows if isinstance(row, dict))
    pieces = _PIECE.findall(written)
    at = "".join(map(_plain, pieces)).find(words)
    return words if at < 0 else _slice(pieces, at, at + len(words))


def _plain(piece: str) -> str:
    return " " if piece.isspace() else html.unescape(piece)


def _slice(pieces: Sequence[str], first: int, last: int) -> str:
    """The pieces whose plain characters stand from `first` to before `last`."""
    taken, position = [], 0
    for piece in pieces:
        length = len(_plain(piece))
        if first <= position < last:
            taken.append(piece)
        position += length
    return "".join(taken)
