"""What holds for an item of a feed in any form: its addresses, its identity, its sound."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urljoin

from earmark.feeds.plain import clean
from earmark.records import Enclosure, ParsedEpisode

MAX_EPISODES = 10_000
MAX_URL = 8_000
MAX_NOTES = 200_000
MAX_DURATION_MS = 100 * 3_600_000
LATEST_MS = 4_102_444_800_000  # the year 2100; what lies beyond is a mistake
_PLAIN_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?/[A-Za-z0-9/_.~%-]*(?:\?[A-Za-z0-9/_.~%=&-]+)?"
)
"""What no base changes, and nothing need be cleaned out of: nearly every address."""
_AUDIO_NAME = re.compile(r"\.(?:mp3|m4a|m4b|aac|ogg|oga|opus|flac|wav)(?:$|\?)", re.I)


def web_address(link: str | None, base: str) -> str | None:
    """An absolute http(s) address, or None.

    >>> web_address("a.mp3", "https://example.org/show/feed"), web_address("file:///a", "https://example.org")
    ('https://example.org/show/a.mp3', None)
    """
    if not link or not link.strip() or len(link) > MAX_URL:
        return None
    if _PLAIN_ADDRESS.fullmatch(link):
        return link
    try:
        target = urljoin(base, clean(link.strip()))
    except ValueError:
        return None
    return target if target.lower().startswith(("http://", "https://")) else None


def length_bytes(text: str) -> int | None:
    """The length that a feed claims for a file; None for nonsense."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 and int(text) else None


def choose_enclosure(offers: Iterable[tuple[str, str, int | None]], base: str) -> Enclosure | None:
    """Of (address, type, bytes) the first audio by type, else by name, else the first video, whose sound is
    as good; else None."""
    found: list[tuple[int, Enclosure]] = []
    for href, mime, size_bytes in offers:
        if "#" in href and _AUDIO_NAME.search(href.partition("#")[2]):
            href = href.replace("#", "%23")  # part of a file's name, not a place in it
        target = web_address(href, base)
        rank = 0 if mime.startswith("audio/") else 1 if _AUDIO_NAME.search(href) else 2
        if target and (rank < 2 or mime.startswith("video/")):
            found.append((rank, Enclosure(target, mime, size_bytes)))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def stand_in(
    enclosure: Enclosure | None, link: str | None, title: str, published_ms: int | None, notes: str
) -> str:
    """An identity without a GUID; without the query, where tokens change each time (PodFetch#1581).

    Nothing for an item that holds nothing: it is none.
    """
    if enclosure:
        return _path(enclosure.url)
    if link or title:
        return link or f"{title}|{published_ms}"
    return "words:" + hashlib.sha256(notes.encode()).hexdigest()[:16] if notes.strip() else ""


def told_apart(episodes: Sequence[ParsedEpisode]) -> Iterator[ParsedEpisode]:
    """Give items that share a GUID one of their own each, and drop true repeats and empty items.

    All of them, not all but the first: else a new item at the top would take over the identity of an older.
    """
    sharing: dict[str, set[str]] = defaultdict(set)
    something = [e for e in episodes if e.guid]
    for episode in something:
        sharing[episode.guid].add(_difference(episode))
    seen: set[str] = set()
    for episode in something:
        shared = len(sharing[episode.guid]) > 1
        guid = f"{episode.guid}#{_difference(episode)}" if shared else episode.guid
        if guid not in seen:
            seen.add(guid)
            yield replace(episode, guid=guid) if shared else episode


def newest(episodes: Iterable[ParsedEpisode]) -> list[ParsedEpisode]:
    """At most 10,000, in the document's order."""
    every = list(episodes)
    if len(every) <= MAX_EPISODES:
        return every
    by_date = sorted(range(len(every)), key=lambda n: -(every[n].published_ms or 0))
    return [every[n] for n in sorted(by_date[:MAX_EPISODES])]


def _path(url: str) -> str:
    return url.partition("?")[0]


def _difference(episode: ParsedEpisode) -> str:
    return _path(episode.enclosure.url) if episode.enclosure else f"{episode.title}|{episode.published_ms}"
