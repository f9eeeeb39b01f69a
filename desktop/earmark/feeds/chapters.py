"""Chapters: a file beside the feed (podcast-namespace, tag "chapters"), tags in it, a list in the notes."""

import html
import json
import re
from collections.abc import Iterable
from typing import Any

from earmark.errors import KnownError
from earmark.feeds.captions import clock_ms
from earmark.feeds.plain import one_line
from earmark.feeds.transcripts import decoded
from earmark.records import Chapter
from earmark.tags import without_tags

MAX_BYTES = 2 * 2**20
MAX_CHAPTERS = 500
MAX_TITLE = 200
MAX_MS = 200 * 3_600_000
FEWEST_IN_NOTES = 3
"""Fewer times in the notes are mentions ("at 12:30 we talk about"), not chapters."""
_CLOCK = re.compile(r"\d:\d\d|&#|&colon")
_BREAK = re.compile(r"<(?:br|/p|/li|/div|/h\d|/tr)\b[^>]{0,200}>", re.I)
_LINE = re.compile(
    r"^[\W_]{0,8}(?P<clock>(?:\d{1,2}:)?\d{1,2}:\d{2})(?:\.\d{1,3})?[\W_]{1,8}(?P<title>\w.{1,300})$"
)


def parse_chapters(body: bytes) -> tuple[Chapter, ...]:
    """The chapters of a JSON chapters file, by time (podcast-namespace, "JSON Chapters Format" 1.2), or of
    Podlove's list of them.

    Chapters outside the table of contents ("toc": false) only change a picture and are left out. Raises
    KnownError when there is nothing of use.
    """
    if len(body) > MAX_BYTES:
        raise KnownError("The chapters are larger than any list of chapters, so they were not used.")
    try:
        value: Any = json.loads(decoded(body))
    except (ValueError, RecursionError) as error:
        raise KnownError("The chapters are in a form that Earmark cannot read.") from error
    listed = value.get("chapters") if isinstance(value, dict) else value
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise KnownError("The chapters are in a form that Earmark cannot read.")
    shown = (each for each in listed if isinstance(each, dict) and each.get("toc") is not False)
    return in_order((_start_ms(each), str(each.get("title") or "")) for each in shown)


def chapters_in_notes(notes: str) -> tuple[Chapter, ...]:
    """Chapters from lines of the show notes that begin with a time, where the times rise; else none.

    >>> chapters_in_notes("<p>00:00 Intro<br>02:10 Bread<br>(15:40) - Sponsor: Ovens</p>")[1]
    Chapter(start_ms=130000, title='Bread')
    """
    if not _CLOCK.search(notes):
        return ()  # most notes: the long way takes a seventh of what is done for an episode
    lines = (html.unescape(without_tags(line)).strip() for line in _BREAK.sub("\n", notes).splitlines())
    found = [(clock_ms(match["clock"]), match["title"]) for line in lines if (match := _LINE.match(line))]
    times = [time or 0 for time, _ in found]
    rising = times == sorted(set(times))
    return in_order(found) if len(found) >= FEWEST_IN_NOTES and rising else ()


def in_order(found: Iterable[tuple[int | None, str]]) -> tuple[Chapter, ...]:
    """Chapters by time, one at a time, with titles that are safe to store; what has no time is left out."""
    by_time = {time: one_line(title, MAX_TITLE) for time, title in found if time is not None}
    return tuple(Chapter(time, by_time[time]) for time in sorted(by_time))[:MAX_CHAPTERS]


def _start_ms(row: dict[str, Any]) -> int | None:
    return _milliseconds(row.get("startTime", row.get("start")))


def _milliseconds(seconds: object) -> int | None:
    if isinstance(seconds, str):
        return clock_ms(seconds)
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    return round(seconds * 1000) if 0 <= seconds * 1000 <= MAX_MS else None
