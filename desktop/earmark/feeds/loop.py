"""The child that reads large feeds: what `earmark --engine feeds` runs.

A large document takes seconds of Python, which would hold up the window, and comes from a stranger. So a
process of its own reads it, which has neither files nor network (`engines.confine`). What it needs of Python
is imported before it gives them up.
"""

import base64
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from earmark.errors import KnownError
from earmark.feeds.parse import TOO_LARGE, begin_part, parse
from earmark.records import ParsedEpisode
from earmark.records.plain_form import as_plain

MOST_BODY_BYTES = 128 * 2**20
EPISODES_A_MESSAGE, NOTES_A_MESSAGE = 100, 500_000
"""A line of the talk with a child may have 16 MB, and a character six bytes of it."""
_WARM_UP = (
    b"<?xml version='1.0' encoding='windows-1252'?><rss version='2.0'><channel><title>\xe9</title><item>"
    b"<title>a &eacute;</title><description>&lt;p&gt;b&lt;/p&gt;</description><pubDate>Mon, 06 Jan 2025"
    b" 10:00:00 GMT</pubDate><enclosure url='http://a/b.mp3' type='audio/mpeg'/></item></channel></rss>",
    b"<feed xmlns='http://www.w3.org/2005/Atom'><title>a</title><entry><id>1</id>"
    b"<updated>2025-01-06T10:00:00Z</updated><content type='xhtml'><div>a</div></content></entry></feed>",
    b"<rss><channel><item><title>not closed & <br></item>",
)


class FeedsLoop:
    """Jobs: `take` (a piece of a document, base64), then `read` (url, content_type, bytes: how many it has,
    part: see `parse_part`), which gives the feed without its episodes; those come before it as `episodes`
    events, some at a time. It is a part also where there is one alone: `together` makes it whole."""

    def __init__(self) -> None:
        self._body = bytearray()
        for module in pkgutil.iter_modules(importlib.import_module("encodings").__path__):
            try:
                importlib.import_module(f"encodings.{module.name}")
            except ImportError:  # of another system (mbcs, oem)
                continue
        for body in _WARM_UP:
            parse(body, url="http://a/")

    def work(
        self, job: dict[str, Any], emit: Callable[[dict[str, Any]], None], cancelled: Callable[[], bool]
    ) -> dict[str, Any]:
        """Do a job. Raises KnownError for what is no feed."""
        if job["do"] == "take":
            self._body += base64.b64decode(job["piece"])
            if len(self._body) > MOST_BODY_BYTES:
                self._body.clear()
                raise KnownError(TOO_LARGE)
            return {}
        body, self._body = bytes(self._body), bytearray()
        if len(body) != job["bytes"]:  # a child that died between two pieces was followed by this one
            raise ValueError("pieces of another document, or not all of this one")
        try:
            return _read(body, job, emit)
        except MemoryError as error:
            raise KnownError(TOO_LARGE) from error

    def unload(self) -> None:
        """Nothing is kept between documents."""
        self._body.clear()


def _read(body: bytes, job: dict[str, Any], emit: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    number, of = job["part"]
    feed, episodes = begin_part(body, (number, of), url=job["url"], content_type=job["content_type"])
    for some in _some(episodes):
        emit({"type": "episodes", "rows": as_plain(some)})
    return {"feed": as_plain(replace(feed, episodes=()))}


def _some(episodes: Iterable[ParsedEpisode]) -> Iterator[tuple[ParsedEpisode, ...]]:
    """Some at a time, in their order."""
    some: list[ParsedEpisode] = []
    size = 0
    for episode in episodes:
        some.append(episode)
        size += len(episode.notes)
        if size >= NOTES_A_MESSAGE or len(some) >= EPISODES_A_MESSAGE:
            yield tuple(some)
            some, size = [], 0
    if some:
        yield tuple(some)
