"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), to the same records as feeds in XML."""

import html
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from earmark.errors import KnownError
from earmark.feeds.chapters import chapters_in_notes
from earmark.feeds.items import (
    LATEST_MS,
    MAX_DURATION_MS,
    MAX_NOTES,
    choose_enclosure,
    stand_in,
    web_address,
)
from earmark.feeds.plain import clean, folded, one_line
from earmark.feeds.transcripts import decoded
from earmark.hiding import shown
from earmark.records import Enclosure, EpisodeFacts, ParsedEpisode, ParsedFeed, ShowFacts

MAX_ITEMS = 20_000
MAX_ATTACHMENTS = 50
_VERSION = "://jsonfeed.org/version/1"


def looks_like_json(body: bytes) -> bool:
    """Whether a document is JSON rather than XML."""
    return body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


def parse_json_feed(body: bytes, *, url: str) -> ParsedFeed:
    """A JSON Feed from the address `url`. Raises KnownError for other JSON, and for what is damaged.

    A feed that says `expired` goes on to be read: its episodes are still there.
    """
    try:
        document: Any = json.loads(decoded(body))
    except (ValueError, RecursionError) as error:
        raise KnownError(f"The feed at {shown(url)[:200]} is damaged.") from error
    if not isinstance(document, dict) or not _is_feed(document):
        raise KnownError(
            f"{shown(url)[:200]} is JSON, but not a JSON Feed, so Earmark cannot read it. "
            "Look for the show's RSS address."
        )
    rows = [row for row in _list(document, "items") if isinstance(row, dict)]
    return ParsedFeed(
        title=one_line(_text(document, "title")) or one_line(url),
        link=web_address(_text(document, "home_page_url"), url),
        description=one_line(_text(document, "description"), 2000),
        language=one_line(_text(document, "language"), 20) or None,
        episodes=tuple(_episode(row, url) for row in rows[:MAX_ITEMS]),
        complete=len(rows) <= MAX_ITEMS,
        facts=ShowFacts(
            description=one_line(_text(document, "description"), 2000),
            author=_author(document),
            image_url=web_address(_text(document, "icon") or _text(document, "favicon"), url),
        ),
    )


def _is_feed(document: dict[str, Any]) -> bool:
    """By its version, or by its shape where that is left out or written in another way."""
    listed = isinstance(document.get("items"), list) and bool(_text(document, "title"))
    named = any(_text(document, key) for key in ("feed_url", "home_page_url"))
    return _VERSION in _text(document, "version") or (listed and named)


def _episode(row: dict[str, Any], url: str) -> ParsedEpisode:
    attachments = [a for a in _list(row, "attachments")[:MAX_ATTACHMENTS] if isinstance(a, dict)]
    enclosure = choose_enclosure(map(_offer, attachments), url)
    title = one_line(html.escape(_text(row, "title"), quote=False))  # it is text, and no tag is meant
    published_ms = _moment_ms(_text(row, "date_published")) or _moment_ms(_text(row, "date_modified"))
    link = web_address(_text(row, "url") or _text(row, "external_url"), url)
    notes = clean(_notes(row)[:MAX_NOTES])
    guid = folded(_identity(row))[:2000]
    return ParsedEpisode(
        guid=guid or stand_in(enclosure, link, title, published_ms, notes),
        title=title or "Untitled episode",
        published_ms=published_ms,
        enclosure=enclosure,
        transcripts=(),
        duration_ms=_duration_ms(attachments, enclosure, url),
        notes=notes,
        link=link,
        chapters=chapters_in_notes(notes),
        facts=EpisodeFacts(image_url=web_address(_text(row, "image") or _text(row, "banner_image"), url)),
    )


def _identity(row: dict[str, Any]) -> str:
    """The id, which may be a number ("reader implementations should coerce it to a string")."""
    value = row.get("id")
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _notes(row: dict[str, Any]) -> str:
    """HTML as it stands, else text made HTML."""
    written = _text(row, "content_html")
    return written or html.escape(_text(row, "content_text") or _text(row, "summary"), quote=False)


def _offer(attachment: dict[str, Any]) -> tuple[str, str, int | None]:
    size = attachment.get("size_in_bytes")
    size_bytes = size if isinstance(size, int) and 0 < size < 10**14 else None
    return _text(attachment, "url"), folded(_text(attachment, "mime_type")).lower()[:100], size_bytes


def _duration_ms(attachments: list[dict[str, Any]], enclosure: Enclosure | None, url: str) -> int | None:
    for each in attachments:
        seconds = each.get("duration_in_seconds")
        same = enclosure is not None and web_address(_text(each, "url"), url) == enclosure.url
        if same and isinstance(seconds, int | float) and 0 < seconds * 1000 <= MAX_DURATION_MS:
            return round(seconds * 1000)
    return None


def _author(document: dict[str, Any]) -> str:
    """Version 1.1 has a list of authors, 1.0 one."""
    found: Iterator[Any] = iter([*_list(document, "authors"), document.get("author")])
    names = (_text(each, "name") for each in found if isinstance(each, dict))
    return one_line(next(filter(None, names), ""), 200)


def _moment_ms(text: str) -> int | None:
    """A moment of RFC 3339; one without a zone counts as UTC."""
    try:
        moment = datetime.fromisoformat(text[:40].strip())
        at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        ms = round(at.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
    return ms if 0 < ms < LATEST_MS else None


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""


def _list(record: dict[str, Any], key: str) -> list[Any]:
    value = record.get(key)
    return value if isinstance(value, list) else []
