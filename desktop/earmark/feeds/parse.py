"""Feed documents, as bytes, to records. feedparser knows two decades of feeds; this file knows podcasts."""

import calendar
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate
from io import BytesIO
from time import struct_time
from typing import Any
from urllib.parse import urljoin

import feedparser

from earmark.errors import KnownError
from earmark.feeds.captions import clock_ms
from earmark.feeds.chapters import chapters_in_notes, in_order
from earmark.feeds.document import Document, is_utf8
from earmark.feeds.plain import clean, folded, one_line
from earmark.feeds.when import ttl_ms
from earmark.records import Chapter, Enclosure, ParsedEpisode, ParsedFeed, TranscriptLink

MAX_EPISODES = 10_000
MAX_ITEMS_READ = 20_000
MAX_TAGS = 1_000_000
MAX_NOTES = 200_000
MAX_URL = 8_000
MAX_DURATION_MS = 100 * 3_600_000
LATEST_MS = 4_102_444_800_000  # the year 2100; what lies beyond is a mistake
TOO_LARGE = "This feed is too large for Earmark to read."
_ITEM = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:item|entry)[\s>/]", re.I)
_REFERENCE = re.compile(rb"&#(?:0*(\d{1,9})|[xX]0*([0-9a-fA-F]{1,8}));")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BARE_AMPERSAND = re.compile(rb"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z]\w{1,30};)")
_AUDIO_NAME = re.compile(r"\.(?:mp3|m4a|m4b|aac|ogg|oga|opus|flac|wav)(?:$|\?)", re.I)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)


def parse(body: bytes, *, url: str, content_type: str | None = None) -> ParsedFeed:
    """A feed of any common kind (RSS 0.9x to 2.0, RDF, Atom), from the address `url`.

    An item without a GUID gets a stand-in from its audio's address without the query, else its page, else
    title and date. Items that share a GUID are told apart by their audio. At most the newest 10,000 items
    are kept. A document that broke off loses its last item, which may be half of one, and is not `complete`.
    Raises KnownError for what is no feed.
    """
    cut = _few_items(body)
    shortened = len(cut) < len(body)
    document, cut = _mended(cut)
    if document.hostile:
        raise KnownError(TOO_LARGE)
    read = _read(cut, url, content_type)
    complete = document.complete and not shortened
    entries = read.entries if complete else read.entries[:-1]
    beside = _Beside(document, len(read.entries))
    episodes = _told_apart([_episode(n, entry, beside, url) for n, entry in enumerate(entries)])
    feed = read.feed
    return ParsedFeed(
        title=one_line(_text(feed, "title")) or one_line(url),
        link=_link(_text(feed, "link"), url),
        description=one_line(_text(feed, "subtitle") or _text(feed, "description"), 2000),
        language=one_line(_text(feed, "language"), 20) or None,
        episodes=tuple(_newest(episodes)),
        new_url=_link(document.new_url, url),
        complete=complete,
        ttl_ms=ttl_ms(_text(feed, "ttl")),
    )


def _few_items(body: bytes) -> bytes:
    """The document up to its 20,000th item. Raises KnownError when it would take minutes all the same."""
    if body.count(b"<") > MAX_TAGS:
        raise KnownError(TOO_LARGE)
    for number, item in enumerate(_ITEM.finditer(body)):
        if number == MAX_ITEMS_READ:
            return body[: item.start()]
    return body


def _mended(body: bytes) -> tuple[Document, bytes]:
    """The document, without what no XML may hold, where something keeps it from being XML.

    Bare ampersands are escaped if that is all that was wrong with it. A reference to a character that does
    not exist would stop feedparser altogether.
    """
    document = Document(body)
    if document.well_formed or body.count(b"\0") > len(body) // 10:  # UTF-16 is left as it is
        return document, body
    cleaner = _REFERENCE.sub(_real_character, _CONTROL.sub(b"", body))
    for attempt in (_BARE_AMPERSAND.sub(b"&amp;", cleaner), cleaner):
        document = Document(attempt)
        if document.well_formed:
            return document, attempt
    return document, cleaner


def _real_character(reference: re.Match[bytes]) -> bytes:
    code = int(reference[1]) if reference[1] else int(reference[2], 16)
    real = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xDFFF < code < 0x110000
    return reference[0] if real else b""


def _read(body: bytes, url: str, content_type: str | None) -> Any:
    """What feedparser makes of it; always through BytesIO: given str or bytes, it opens what the body names.

    Only a charset is taken from the server's type: the rest is wrong too often (text/html, text/plain).
    """
    told = _CHARSET.search(content_type or "")
    charset = "utf-8" if is_utf8(body) else told[1] if told else None
    headers = {"content-type": f"application/xml; charset={charset}"} if charset else {}
    try:
        read = feedparser.parse(
            BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # feedparser's own faults are many, and all come from the document
        raise KnownError(f"The feed at {url[:200]} is damaged.") from error
    if not read.get("version"):
        raise KnownError(_no_feed(body, url))
    return read


def _no_feed(body: bytes, url: str) -> str:
    head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        return f"Nothing came from {url[:200]}: the answer was empty."
    if head.startswith((b"{", b"[")):
        return f"{url[:200]} is JSON, which Earmark cannot read as a feed. Look for the show's RSS address."
    if is_web_page(body):
        return f"{url[:200]} is a web page, not a feed."
    return f"What {url[:200]} gives is not a feed."


def is_web_page(body: bytes) -> bool:
    """Whether a document begins as web pages do."""
    head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return b"<html" in head or b"<!doctype html" in head


class _Beside:
    """What the second look found for each item, where both looks saw the same items."""

    def __init__(self, document: Document, entries: int) -> None:
        agreed = not document.well_formed or document.items == entries
        self._found = document if agreed else Document(b"")

    def chapters(self, number: int, notes: str) -> tuple[Chapter, ...]:
        """Those of the feed's own tags, else those that the notes list."""
        pairs = self._found.chapters.get(number, [])
        return in_order((clock_ms(start), title) for start, title in pairs) or chapters_in_notes(notes)

    def chapters_url(self, number: int) -> str:
        """Where the file of an item's chapters lies, or nothing."""
        return self._found.chapters_urls.get(number, "")

    def people(self, number: int) -> tuple[str, ...]:
        """Who speaks: the people of the show, and those of the item."""
        names = [one_line(name, 100) for at in (-1, number) for name in self._found.people.get(at, [])]
        return tuple(dict.fromkeys(name for name in names if name))

    def transcripts(self, number: int, entry: Any) -> list[TranscriptLink]:
        """All links of an item; feedparser's own reading, the last tag alone, where there are none."""
        found = self._found.transcripts.get(number)
        tag = entry.get("podcast_transcript")
        if found or not isinstance(tag, dict):
            return found or []
        return [TranscriptLink(_text(tag, "url"), _text(tag, "type"), _text(tag, "language") or None)]


def _episode(number: int, entry: Any, beside: _Beside, url: str) -> ParsedEpisode:
    enclosure = _enclosure(entry, url)
    title = one_line(_text(entry, "title"))
    published_ms = _published_ms(entry)
    guid = folded(_text(entry, "id"))[:2000]
    page = _text(entry, "link")
    # By RSS a GUID is an address unless it says otherwise; most of those that do not say so are none.
    link = None if page == _text(entry, "id") and "://" not in page else _link(page, url)
    notes = _notes(entry)
    return ParsedEpisode(
        guid=guid or _stand_in(enclosure, link, title, published_ms),
        title=title or "Untitled episode",
        published_ms=published_ms,
        enclosure=enclosure,
        transcripts=tuple(_transcripts(beside.transcripts(number, entry), url)),
        duration_ms=duration_ms(_text(entry, "itunes_duration")),
        notes=notes,
        link=link,
        chapters=beside.chapters(number, notes),
        chapters_url=_link(beside.chapters_url(number), url),
        people=beside.people(number),
    )


def _transcripts(links: Sequence[TranscriptLink], url: str) -> Iterator[TranscriptLink]:
    for link in links:
        target = _link(link.url, url)
        if target:
            language = folded(link.language or "")[:20] or None
            yield TranscriptLink(target, folded(link.mime).lower()[:100], language)


def _stand_in(enclosure: Enclosure | None, link: str | None, title: str, published_ms: int | None) -> str:
    """An identity without a GUID; without the query, where tokens change each time (PodFetch#1581)."""
    if enclosure:
        return _path(enclosure.url)
    return link or (f"{title}|{published_ms}" if title else "")


def _path(url: str) -> str:
    return url.partition("?")[0]


def _told_apart(episodes: Sequence[ParsedEpisode]) -> Iterator[ParsedEpisode]:
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


def _difference(episode: ParsedEpisode) -> str:
    return _path(episode.enclosure.url) if episode.enclosure else f"{episode.title}|{episode.published_ms}"


def _newest(episodes: Iterator[ParsedEpisode]) -> list[ParsedEpisode]:
    """At most 10,000, in the document's order."""
    every = list(episodes)
    if len(every) <= MAX_EPISODES:
        return every
    by_date = sorted(range(len(every)), key=lambda n: -(every[n].published_ms or 0))
    return [every[n] for n in sorted(by_date[:MAX_EPISODES])]


def _enclosure(entry: Any, url: str) -> Enclosure | None:
    """The first audio by type, else by name, else the first video, whose sound is as good; else None."""
    found: list[tuple[int, Enclosure]] = []
    for candidate in entry.get("enclosures", [])[:50]:
        href, mime = _text(candidate, "href"), folded(_text(candidate, "type")).lower()[:100]
        if "#" in href and _AUDIO_NAME.search(href.partition("#")[2]):
            href = href.replace("#", "%23")  # part of a file's name, not a place in it
        target = _link(href, url)
        rank = 0 if mime.startswith("audio/") else 1 if _AUDIO_NAME.search(href) else 2
        if target and (rank < 2 or mime.startswith("video/")):
            found.append((rank, Enclosure(target, mime, _length(_text(candidate, "length")))))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _length(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 and int(text) else None


def _link(link: str | None, url: str) -> str | None:
    """An absolute http(s) address, or None."""
    if not link or not link.strip() or len(link) > MAX_URL:
        return None
    try:
        target = urljoin(url, clean(link.strip()))
    except ValueError:
        return None
    return target if target.lower().startswith(("http://", "https://")) else None


def _text(record: Any, key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""


def _published_ms(entry: Any) -> int | None:
    # dict.get, since feedparser's own warns when it falls back from `updated` to `published`.
    moment = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    if not isinstance(moment, struct_time):
        moment = _zoneless(dict.get(entry, "published") or "")
    try:
        ms = calendar.timegm(moment) * 1000 if moment else 0
    except (ValueError, OverflowError):
        return None
    return ms if 0 < ms < LATEST_MS else None


def _zoneless(text: str) -> struct_time | None:
    """A mail date without a zone, which feedparser does not read; taken as UTC."""
    try:
        found = parsedate(text[:100])
        return datetime(*found[:6], tzinfo=UTC).timetuple() if found else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _notes(entry: Any) -> str:
    content = entry.get("content") or [{}]
    return clean((_text(content[0], "value") or _text(entry, "summary"))[:MAX_NOTES])


def duration_ms(text: str) -> int | None:
    """An itunes:duration: seconds, or hours, minutes and seconds with colons; None for nonsense.

    >>> duration_ms("61:08"), duration_ms("1:02:03"), duration_ms("90"), duration_ms("about an hour")
    (3668000, 3723000, 90000, None)
    """
    parts = text[:40].strip().split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    if len(numbers) > 3 or any(not 0 <= n < 1e7 for n in numbers):
        return None
    seconds = 0.0
    for number in numbers:
        seconds = seconds * 60 + number
    ms = round(seconds * 1000)
    return ms if 0 < ms <= MAX_DURATION_MS else None
