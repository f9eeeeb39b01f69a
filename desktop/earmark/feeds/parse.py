"""Feed documents, as bytes, to records. feedparser knows two decades of feeds; this file knows podcasts."""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate
from io import BytesIO
from time import struct_time
from typing import Any

from earmark.errors import KnownError
from earmark.feeds import sax_driver
from earmark.feeds.claims import Claims
from earmark.feeds.discover import is_page
from earmark.feeds.document import Document, is_utf8
from earmark.feeds.items import (
    LATEST_MS,
    MAX_DURATION_MS,
    MAX_NOTES,
    choose_enclosure,
    length_bytes,
    stand_in,
    web_address,
)
from earmark.feeds.json_feed import looks_like_json, parse_json_feed
from earmark.feeds.loose import listed, text_of
from earmark.feeds.parts import WHOLE, items_of_part, left_out, together, without
from earmark.feeds.plain import clean, folded, one_line
from earmark.feeds.when import ttl_ms
from earmark.hiding import shown
from earmark.records import Enclosure, ParsedEpisode, ParsedFeed

MAX_ITEMS_READ = 20_000
MAX_TAGS = 1_000_000
MAX_ENCLOSURES = 50
RSS_090 = b"://channel.netscape.com/rdf/simple/0.9/", b"://my.netscape.com/rdf/simple/0.9/"
"""What RSS 0.90 was first called by; feedparser knows the later name alone."""
TOO_LARGE = "This feed is too large for Earmark to read."
_ITEM = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:item|entry)[\s>/]", re.I)
_REFERENCE = re.compile(rb"&#(?:0*(\d{1,9})|[xX]0*([0-9a-fA-F]{1,8}));")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BARE_AMPERSAND = re.compile(rb"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z]\w{1,30};)")
_SLASHED = re.compile(
    r"\s*(\d{4})/(\d{1,2})/(\d{1,2})(?:[ T]+(\d{1,2}):(\d\d)(?::(\d\d))?)?(?: *(?:Z|UTC|GMT))?", re.ASCII
)
_ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.I)
_USUAL_PREFIXES = {
    b"itunes": b"http://www.itunes.com/dtds/podcast-1.0.dtd",
    b"podcast": b"https://podcastindex.org/namespace/1.0",
    b"psc": b"http://podlove.org/simple-chapters",
    b"content": b"http://purl.org/rss/1.0/modules/content/",
    b"media": b"http://search.yahoo.com/mrss/",
    b"atom": b"http://www.w3.org/2005/Atom",
    b"dc": b"http://purl.org/dc/elements/1.1/",
}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)


def parse(body: bytes, *, url: str, content_type: str | None = None) -> ParsedFeed:
    """A feed of any common kind (RSS 0.9x to 2.0, RDF, Atom, JSON Feed), from the address `url`.

    An item without a GUID gets a stand-in from its audio's address without the query, else its page, else
    title and date. Items that share a GUID are told apart by their audio. At most the newest 10,000 items
    are kept. A document that broke off loses its last item, which may be half of one, and is not `complete`.
    Raises KnownError for what is no feed.
    """
    return together([parse_part(body, WHOLE, url=url, content_type=content_type)])


def parse_part(
    body: bytes, part: tuple[int, int], *, url: str, content_type: str | None = None
) -> ParsedFeed:
    """One part of a feed, by its number (from 0) and how many there are, which `together` makes whole.

    What cannot be taken apart is read whole as the first part, and nothing is left for the others.
    """
    feed, episodes = begin_part(body, part, url=url, content_type=content_type)
    return replace(feed, episodes=tuple(episodes))


def begin_part(
    body: bytes, part: tuple[int, int], *, url: str, content_type: str | None = None
) -> tuple[ParsedFeed, Iterator[ParsedEpisode]]:
    """What `parse_part` gives, with the episodes beside the feed, each made when it is asked for."""
    nothing = ParsedFeed(one_line(url), None, "", None, ())
    if looks_like_json(body):
        feed = nothing if part[0] else parse_json_feed(body, url=url)
        return feed, iter(feed.episodes)
    cut = _few_items(body)
    shortened = len(cut) < len(body)
    document, cut = _mended(cut)
    if document.hostile:
        raise KnownError(TOO_LARGE)
    items = items_of_part(document, cut, part)
    if items is None:
        return nothing, iter(())
    kept = without(cut, left_out(document, cut, items)).replace(*RSS_090)
    read = _read(kept, url, "utf-8" if is_utf8(cut) else _told_charset(content_type))
    complete = document.complete and not shortened
    entries = read.entries if complete else read.entries[:-1]
    claims = Claims(document, document.items - len(items) + len(read.entries), url)
    episodes = (_episode(n, entry, claims, url) for n, entry in enumerate(entries, items.start))
    return replace(_show(read.feed, claims, url), complete=complete), episodes


def _show(feed: Any, claims: Claims, url: str) -> ParsedFeed:
    facts = claims.of_show(feed)
    return ParsedFeed(
        title=one_line(text_of(feed, "title")) or one_line(url),
        link=web_address(text_of(feed, "link"), url),
        description=facts.description,
        language=one_line(text_of(feed, "language"), 20) or None,
        episodes=(),
        new_url=claims.new_url(),
        facts=facts,
        ttl_ms=ttl_ms(text_of(feed, "ttl")),
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

    Usual prefixes that nobody declared are declared, and bare ampersands are escaped if that is all that was
    wrong with it. A reference to a character that does
    not exist would stop feedparser altogether.
    """
    document = Document(body)
    if document.well_formed or body.count(b"\0") > len(body) // 10:  # UTF-16 is left as it is
        return document, body
    cleaner = _declared(_REFERENCE.sub(_real_character, _CONTROL.sub(b"", body)))
    for attempt in (_BARE_AMPERSAND.sub(b"&amp;", cleaner), cleaner):
        document = Document(attempt)
        if document.well_formed:
            return document, attempt
    return document, cleaner


def _declared(body: bytes) -> bytes:
    root = _ROOT.search(body[:100_000])
    if root is None:
        return body
    missing = [
        b' xmlns:%s="%s"' % (prefix, space)
        for prefix, space in _USUAL_PREFIXES.items()
        if b"<%s:" % prefix in body and b"xmlns:%s" % prefix not in body
    ]
    return body[: root.end()] + b"".join(missing) + body[root.end() :]


def _real_character(reference: re.Match[bytes]) -> bytes:
    code = int(reference[1]) if reference[1] else int(reference[2], 16)
    real = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xDFFF < code < 0x110000
    return reference[0] if real else b""


def _told_charset(content_type: str | None) -> str | None:
    """What a server's type says of the charset. The rest of it is wrong too often (text/html, text/plain)."""
    told = _CHARSET.search(content_type or "")
    return told[1] if told else None


def _read(body: bytes, url: str, charset: str | None) -> Any:
    """What feedparser makes of it; through BytesIO: given str or bytes, it opens what the body names."""
    from feedparser import FeedParserDict, api  # slow to load, and only who reads a feed needs it

    sax_driver.introduce(api, FeedParserDict)
    headers = {"content-type": f"application/xml; charset={charset}"} if charset else {}
    try:
        read = api.parse(
            BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # feedparser's own faults are many, and all come from the document
        raise KnownError(f"The feed at {shown(url)[:200]} is damaged.") from error
    if not read.get("version"):
        raise KnownError(_no_feed(body, shown(url)))
    return read


def _no_feed(body: bytes, url: str) -> str:
    head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        return f"Nothing came from {url[:200]}: the answer was empty."
    if is_page(body):
        return f"{url[:200]} is a web page, not a feed."
    return f"What {url[:200]} gives is not a feed."


def _episode(number: int, entry: Any, claims: Claims, url: str) -> ParsedEpisode:
    facts = claims.of_episode(number, entry)
    enclosure = _enclosure(entry, url) or _sound_among(facts.alternates)
    title = one_line(text_of(entry, "title"))
    published_ms = _published_ms(entry)
    guid = folded(text_of(entry, "id"))[:2000]
    page = text_of(entry, "link")
    # By RSS a GUID is an address unless it says otherwise; most of those that do not say so are none.
    link = None if page == text_of(entry, "id") and "://" not in page else web_address(page, url)
    notes = _notes(entry)
    return ParsedEpisode(
        guid=guid or stand_in(enclosure, link, title, published_ms, notes),
        title=title or "Untitled episode",
        published_ms=published_ms,
        enclosure=enclosure,
        transcripts=claims.transcripts(number, entry),
        duration_ms=duration_ms(text_of(entry, "itunes_duration")),
        notes=notes,
        link=link,
        chapters=claims.chapters(number, notes),
        chapters_url=claims.chapters_url(number),
        people=claims.people(number),
        facts=facts,
    )


def _enclosure(entry: Any, url: str) -> Enclosure | None:
    """The item's own enclosure, else what Media RSS names as its sound or its film."""
    own = (
        (text_of(each, "href"), _mime(text_of(each, "type")), length_bytes(text_of(each, "length")))
        for each in [link for link in listed(entry, "links") if link.get("rel") == "enclosure"][
            :MAX_ENCLOSURES
        ]
    )
    media = (
        (text_of(each, "url"), _media_type(each), length_bytes(text_of(each, "filesize")))
        for each in listed(entry, "media_content")[:MAX_ENCLOSURES]
    )
    return choose_enclosure(own, url) or choose_enclosure(media, url)


def _media_type(media: Any) -> str:
    medium = text_of(media, "medium").lower()
    return _mime(text_of(media, "type")) or (f"{medium}/*" if medium in ("audio", "video") else "")


def _sound_among(alternates: Sequence[Enclosure]) -> Enclosure | None:
    """What stands in for an enclosure where an item names alternatives alone."""
    return next((each for each in alternates if each.mime.startswith(("audio/", "video/"))), None)


def _mime(text: str) -> str:
    return folded(text).lower()[:100]


def _published_ms(entry: Any) -> int | None:
    # dict.get, since feedparser's own warns when it falls back from `updated` to `published`.
    moment = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    text = str(dict.get(entry, "published") or dict.get(entry, "updated") or "")
    if _SLASHED.match(text):
        moment = _slashed(text)
    elif not isinstance(moment, struct_time):
        moment = _zoneless(text)
    try:
        ms = calendar.timegm(moment) * 1000 if moment else 0
    except (ValueError, OverflowError):
        return None
    return ms if 0 < ms < LATEST_MS else None


def _slashed(text: str) -> struct_time | None:
    """2025/01/06 10:00, which feedparser takes for another day; with a zone that is not UTC it is unknown."""
    found = _SLASHED.fullmatch(text.strip()[:100])
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timetuple()
    except ValueError:
        return None


def _zoneless(text: str) -> struct_time | None:
    """A mail date without a zone, which feedparser does not read; taken as UTC."""
    try:
        found = parsedate(text[:100])
        return datetime(*found[:6], tzinfo=UTC).timetuple() if found else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _notes(entry: Any) -> str:
    """The fullest of the texts that an item has: its content, its description, iTunes' summary."""
    texts = [text_of(entry, "summary"), *(text_of(each, "value") for each in listed(entry, "content"))]
    return clean(max(reversed(texts), key=len)[:MAX_NOTES])


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
