"""A large feed in parts, which processes read side by side, and put together again."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from earmark.feeds.document import Document, is_utf8
from earmark.feeds.items import newest, told_apart
from earmark.records import ParsedFeed

WHOLE = (0, 1)
"""The first part of one."""


def items_of_part(document: Document, body: bytes, part: tuple[int, int]) -> range | None:
    """Which items (from 0) a part holds, by its number (from 0) and how many there are.

    A document is taken apart only where each item reads the same without the others: it must be XML
    throughout, `regular`, in UTF-8, with no item inside another, empty, or on the air now. Else the first
    part holds all, and the others are None.
    """
    number, of = part
    plain = document.well_formed and document.regular and not document.live
    whole = len(document.spans) == document.items >= of > 1
    if not (plain and whole and (body.isascii() or is_utf8(body))):
        return range(document.items) if number == 0 else None
    return range(document.items * number // of, document.items * (number + 1) // of)


def outside(document: Document, items: range) -> list[tuple[int, int]]:
    """Where the other items of a document that can be taken apart lie: (first byte, byte behind)."""
    if len(items) == document.items:
        return []
    return document.spans[: items.start] + document.spans[items.stop :]


def without(body: bytes, spans: Iterable[tuple[int, int]]) -> bytes:
    """A document without these stretches, which come in its order and do not touch."""
    edges = [0, *(edge for span in spans for edge in span), len(body)]
    return b"".join(body[first:behind] for first, behind in zip(edges[::2], edges[1::2], strict=True))


def together(parts: Sequence[ParsedFeed]) -> ParsedFeed:
    """The feed of all its parts, in their order.

    Only now can items that share a GUID be told apart: they may lie in different parts.
    """
    episodes = told_apart([episode for part in parts for episode in part.episodes])
    return replace(parts[0], episodes=tuple(newest(episodes)))
