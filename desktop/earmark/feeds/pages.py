"""Transcripts as web pages: `<cite>Name:</cite><time>0:00</time><p>words</p>`, and their like."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from earmark.feeds.captions import clock_ms
from earmark.feeds.plain import folded, unquoted
from earmark.records import Segment

MAX_CHARACTERS = 8 * 2**20
SPOKEN_MS_A_WORD = 400
# Bounded patterns in place of html.parser, which takes quadratic time on hostile pages.
_TOKEN = re.compile(r"<(/?)([A-Za-z][\w:-]{0,30})[^<>]{0,2000}>|([^<]+)|<")
_LEADING_TIME = re.compile(r"^[\[(]?((?:\d{1,3}:)?\d{1,3}:\d\d(?:[.,]\d{1,3})?)[\])]?(?:\s+|$)")
_BLOCKS = {"p", "div", "li", "blockquote", "section", "article", "body", "h1", "h2", "h3", "tr", "td"}
_SKIPPED = {"script", "style", "head", "title"}


@dataclass(slots=True)
class _Row:
    """A paragraph while it is read."""

    speaker: str | None
    start_ms: int
    words: str


def read_page(text: str) -> Iterator[Segment]:
    """The paragraphs that stand behind a time; each lasts until the next time. Text without times is none."""
    rows = list(_rows(text[:MAX_CHARACTERS]))
    for number, row in enumerate(rows):
        spoken_ms = row.start_ms + max(1000, SPOKEN_MS_A_WORD * len(row.words.split()))
        later_ms = rows[number + 1].start_ms if number + 1 < len(rows) else 0
        end_ms = later_ms if later_ms > row.start_ms else spoken_ms
        yield Segment(row.start_ms, end_ms, row.words, row.speaker)


def _rows(text: str) -> Iterator[_Row]:
    """Paragraphs of one time and one speaker, joined."""
    speaker: str | None = None
    start_ms: int | None = None
    row: _Row | None = None
    for kind, words in _pieces(text):
        stamped = _LEADING_TIME.match(words) if kind == "p" else None
        if kind == "time" or stamped:
            start_ms = clock_ms(stamped[1] if stamped else words)
            words = words[stamped.end() :] if stamped else ""
        elif kind == "cite":
            speaker = words.rstrip(": ")[:100] or None
        if kind != "p" or not words or start_ms is None:
            continue
        if row and (row.start_ms, row.speaker) == (start_ms, speaker):
            row.words += f" {words}"
            continue
        if row:
            yield row
        row = _Row(speaker, start_ms, words)
    if row:
        yield row


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The page as runs of text: "cite" for a name, "time" for a time, "p" for all else."""
    inside, said, skipped = "p", [""], ""
    for token in _TOKEN.finditer(text):
        closing, tag, words = token[1], (token[2] or "").lower(), token[3]
        if skipped:
            skipped = "" if closing and tag == skipped else skipped
        elif words is not None:
            said.append(words)
        elif tag in _SKIPPED:
            skipped = "" if closing else tag
        elif tag in ("cite", "time") or tag in _BLOCKS:
            if run := _run(said):
                yield inside, run
            said = []
            inside = tag if tag in ("cite", "time") and not closing else "p"
        elif tag == "br":
            said.append(" ")
    if run := _run(said):
        yield inside, run


def _run(said: list[str]) -> str:
    return folded(unquoted(html.unescape("".join(said))))
