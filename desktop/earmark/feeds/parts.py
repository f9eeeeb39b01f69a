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

    Where a document cannot be taken apart, or has too few items, the first part holds all, and the others
    are None.
    """
    number, of = part
    if not _can_be_cut(document, body) or document.items < of:
        return range(document.items) if number == 0 else None
    return range(document.items * number // of, document.items * (number + 1) // of)


def left_out(document: Document, body: bytes, items: range) -> list[tuple[int, int]]:
    """Where lies (first byte, byte behind) what feedparser need not see for these items: other items, tags
    that only the second look needs, and what is on the air now."""
    if not items or not _can_be_cut(document, body):
        # In UTF-16 the second byte of ">" would be left, so there it stays.
        return document.live if document.well_formed and b"\0" not in body[:1000] else []
    spans = document.spans
    first, behind = spans[items.start][0], spans[items.stop - 1][1]
    own = [span for span in document.alone if first < span[0] < behind]
    return [*spans[: items.start], *own, *spans[items.stop :]]


def _can_be_cut(document: Document, body: bytes) -> bool:
    """Whether each item reads the same without the others: in a document that is XML throughout, `regular`,
    in UTF-8, and with no item inside another, empty, or on the air now."""
    plain = document.well_formed and document.regular and not document.live
    return plain and len(document.spans) == document.items and (body.isascii() or is_utf8(body))


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
