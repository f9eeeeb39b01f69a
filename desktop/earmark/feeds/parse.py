"""Feed documents, as bytes, to records. feedparser knows two decades of feeds; this file knows podcasts."""

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from time import struct_time
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

import feedparser

from earmark.errors import KnownError
from earmark.feeds.plain import clean, one_line
from earmark.records import Enclosure, ParsedEpisode, ParsedFeed, TranscriptLink

MAX_EPISODES = 10_000
MAX_NOTES = 200_000
MAX_MS = 100 * 3_600_000
PODCAST_SPACES = (
    "{https://podcastindex.org/namespace/1.0}",
    "{http://podcastindex.org/namespace/1.0}",
    "{https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md}",
)
ITUNES_NEW_FEED = "{http://www.itunes.com/dtds/podcast-1.0.dtd}new-feed-url"
_AUDIO = re.compile(r"\.(mp3|m4a|aac|ogg|oga|opus|flac|wav|mp4)(?:$|\?)", re.I)
_LATEST_MS = 4_102_444_800_000  # the year 2100; what lies beyond is a mistake


def parse(body: bytes, *, url: str, content_type: str | None = None) -> ParsedFeed:
    """A feed of any common kind. Raises KnownError for what is none.

    Always through BytesIO: given str or bytes, feedparser opens addresses and files that the body names.
    """
    headers = {"content-type": content_type} if content_type else {}
    read = feedparser.parse(BytesIO(body), response_headers=headers, sanitize_html=False)
    if not read.get("version"):
        raise KnownError(f"What {url[:200]} gives is not a feed.")
    extras = _extras(body)
    episodes = _without_repeats(_episodes(read.entries[:MAX_EPISODES], extras.transcripts, url))
    feed = read.feed
    return ParsedFeed(
        title=one_line(feed.get("title", "")) or one_line(url),
        link=_link(feed.get("link"), url),
        description=one_line(feed.get("subtitle", "") or feed.get("description", ""), 2000),
        language=one_line(feed.get("language", ""), 20) or None,
        episodes=tuple(episodes),
        new_url=extras.new_url,
        complete=extras.complete,
    )


class _Extras:
    """What feedparser does not keep: every `podcast:transcript` of an item, by the item's number."""

    def __init__(self) -> None:
        self.transcripts: dict[int, list[TranscriptLink]] = {}
        self.new_url: str | None = None
        self.complete = True


def _extras(body: bytes) -> _Extras:
    """A second, streaming look at the same bytes; ends quietly where the document stops being XML.

    expat refuses entity bombs by itself from 2.4.1 on, and opens nothing external.
    """
    extras, number = _Extras(), 0
    try:
        for _event, element in ElementTree.iterparse(BytesIO(body)):
            if element.tag == ITUNES_NEW_FEED:
                extras.new_url = (element.text or "").strip() or None
            if isinstance(element.tag, str) and element.tag.rpartition("}")[2] in ("item", "entry"):
                links = [link for child in element for link in _transcript(child)]
                if links:
                    extras.transcripts[number] = links
                number += 1
                element.clear()
    except (ElementTree.ParseError, LookupError, ValueError):
        extras.complete = False
    return extras


def _transcript(element: ElementTree.Element) -> Iterator[TranscriptLink]:
    if any(element.tag == space + "transcript" for space in PODCAST_SPACES):
        url, mime = element.get("url", "").strip(), element.get("type", "").strip().lower()
        if url:
            yield TranscriptLink(clean(url), clean(mime), element.get("language"))


def _episodes(
    entries: list[Any], transcripts: Mapping[int, list[TranscriptLink]], url: str
) -> Iterator[ParsedEpisode]:
    for number, entry in enumerate(entries):
        enclosure = _enclosure(entry, url)
        title = one_line(entry.get("title", ""))
        links = transcripts.get(number) or _only_transcript(entry)
        guid = clean(str(entry.get("id", "")).strip())[:2000]
        published_ms = _published_ms(entry)
        yield ParsedEpisode(
            guid=guid or _stand_in(enclosure, entry, title, published_ms),
            title=title or "Untitled episode",
            published_ms=published_ms,
            enclosure=enclosure,
            transcripts=tuple(
                TranscriptLink(urljoin(url, link.url), link.mime, link.language) for link in links
            ),
            duration_ms=duration_ms(str(entry.get("itunes_duration", ""))),
            notes=_notes(entry),
            link=_link(entry.get("link"), url),
        )


def _only_transcript(entry: Any) -> list[TranscriptLink]:
    """feedparser's own reading, which keeps the last tag alone: for documents that are not quite XML."""
    tag = entry.get("podcast_transcript")
    if not isinstance(tag, dict) or not tag.get("url"):
        return []
    return [TranscriptLink(clean(tag["url"]), clean(tag.get("type", "")), tag.get("language"))]


def _without_repeats(episodes: Iterator[ParsedEpisode]) -> Iterator[ParsedEpisode]:
    """Tell items apart that share a GUID, by their enclosure (miniflux does the same); drop true repeats."""
    seen: set[str] = set()
    for episode in episodes:
        guid = episode.guid
        if guid in seen:
            guid = f"{guid}#{_path(episode.enclosure.url) if episode.enclosure else episode.title}"
        if guid not in seen:
            seen.add(guid)
            yield _renamed(episode, guid)


def _renamed(episode: ParsedEpisode, guid: str) -> ParsedEpisode:
    return episode if guid == episode.guid else replace(episode, guid=guid)


def _stand_in(enclosure: Enclosure | None, entry: Any, title: str, published_ms: int | None) -> str:
    """An identity for an item without a GUID: its audio's address, its page, or its title and date."""
    if enclosure:
        return _path(enclosure.url)
    return clean(str(entry.get("link", "")))[:2000] or f"{title}|{published_ms}"


def _path(url: str) -> str:
    """An address without its query, where tokens live that change with every request (PodFetch#1581)."""
    return url.partition("?")[0]


def _enclosure(entry: Any, url: str) -> Enclosure | None:
    """The first audio among the enclosures; another kind only when its name says audio."""
    for candidate in entry.get("enclosures", []):
        href, mime = str(candidate.get("href", "")).strip(), str(candidate.get("type", "")).lower()
        target = _link(href, url)
        if target and (mime.startswith("audio/") or _AUDIO.search(href)):
            length = str(candidate.get("length", ""))
            return Enclosure(
                target, clean(mime)[:100], int(length) if length.isdigit() and len(length) < 15 else None
            )
    return None


def _link(link: Any, url: str) -> str | None:
    """An absolute http(s) address, or None."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        target = urljoin(url, clean(link.strip()))
    except ValueError:
        return None
    return target[:8000] if target.lower().startswith(("http://", "https://")) else None


def _published_ms(entry: Any) -> int | None:
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    if not isinstance(moment, struct_time):
        return None
    try:
        ms = calendar.timegm(moment) * 1000
    except (ValueError, OverflowError):
        return None
    return ms if 0 < ms < _LATEST_MS else None


def _notes(entry: Any) -> str:
    content = entry.get("content") or []
    text = content[0].get("value", "") if content else entry.get("summary", "")
    return clean(str(text))[:MAX_NOTES]


def duration_ms(text: str) -> int | None:
    """An itunes:duration: seconds, or hours, minutes and seconds with colons; None for nonsense.

    >>> duration_ms("61:08"), duration_ms("1:02:03"), duration_ms("90"), duration_ms("about an hour")
    (3668000, 3723000, 90000, None)
    """
    parts = text.strip().split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    if not 1 <= len(numbers) <= 3 or any(not 0 <= n < 1e7 for n in numbers):
        return None
    seconds = 0.0
    for number in numbers:
        seconds = seconds * 60 + number
    ms = round(seconds * 1000)
    return ms if 0 < ms <= MAX_MS else None
