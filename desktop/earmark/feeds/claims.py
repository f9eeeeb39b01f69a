"""What a feed's own tags say of a show and of its episodes, from both readings of the document."""

import math
import re
from typing import Any

from earmark.feeds.captions import clock_ms
from earmark.feeds.chapters import chapters_in_notes, in_order
from earmark.feeds.document import SHOW, Document, Tag
from earmark.feeds.items import length_bytes, web_address
from earmark.feeds.loose import listed, text_of
from earmark.feeds.plain import folded, one_line
from earmark.records import (
    Chapter,
    Enclosure,
    EpisodeFacts,
    Funding,
    ShowFacts,
    Soundbite,
    TranscriptLink,
)

MAX_TRANSCRIPTS = 20
MAX_PEOPLE = 30
MAX_LISTED = 20
MAX_SOUNDBITE_MS = 10 * 60_000
MAX_SECONDS = 720_000
_WHOLE = re.compile(r"\s*(\d{1,6})\b")
_DECIMAL = re.compile(r"\s*(\d{1,6}(?:\.\d{1,3})?)\b")
_MEDIUM = re.compile(r"[a-z]{2,20}L?")
_YES = {"yes": True, "true": True, "explicit": True, "1": True, "no": False, "false": False, "clean": False}


class Claims:
    """What the second look found for each item, where both looks saw the same items."""

    def __init__(self, document: Document, entries: int, url: str) -> None:
        agreed = not document.well_formed or document.items == entries
        self._found = document if agreed else Document(b"")
        self._show = document
        self._url = url

    def chapters(self, number: int, notes: str) -> tuple[Chapter, ...]:
        """Those of the feed's own tags, else those that the notes list."""
        tags = [tag.attributes for tag in self._found.tags(number, "psc:chapter")]
        told = in_order((clock_ms(tag.get("start", "")), tag.get("title", "")) for tag in tags)
        return told or chapters_in_notes(notes)

    def chapters_url(self, number: int) -> str | None:
        """Where the file of an item's chapters lies."""
        addresses = [tag.attributes.get("url") for tag in self._found.tags(number, "podcast:chapters")]
        return web_address(next(filter(None, addresses), None), self._url)

    def people(self, number: int) -> tuple[str, ...]:
        """Who speaks: the people of the show, and those of the item. Others who had a part are left out."""
        tags = [tag for at in (SHOW, number) for tag in self._found.tags(at, "podcast:person")[:MAX_PEOPLE]]
        cast = [tag for tag in tags if tag.attributes.get("group", "cast").strip().lower() in ("", "cast")]
        names = [one_line(tag.text, 100) for tag in cast]
        return tuple(dict.fromkeys(name for name in names if name))

    def transcripts(self, number: int, entry: Any) -> tuple[TranscriptLink, ...]:
        """All links of an item; feedparser's own reading, the last tag alone, where there are none."""
        tags = [tag.attributes for tag in self._found.tags(number, "podcast:transcript")]
        last = entry.get("podcast_transcript")
        if not tags and isinstance(last, dict):
            tags = [{name: value for name, value in last.items() if isinstance(value, str)}]
        links = []
        for tag in tags[:MAX_TRANSCRIPTS]:
            target = web_address(tag.get("url"), self._url)
            if target:
                language = folded(tag.get("language", ""))[:20] or None
                links.append(TranscriptLink(target, folded(tag.get("type", "")).lower()[:100], language))
        return tuple(links)

    def of_episode(self, number: int, entry: Any) -> EpisodeFacts:
        """Its number, its kind, its pictures and the moments that are offered as a taste."""
        season = self._found.first(number, "podcast:season", "itunes:season")
        episode = self._found.first(number, "podcast:episode", "itunes:episode")
        kind = self._text(number, "itunes:episodetype").lower()
        bites = [_soundbite(tag) for tag in self._found.tags(number, "podcast:soundbite")[:MAX_LISTED]]
        return EpisodeFacts(
            season=_whole(season.text) if season else None,
            season_name=one_line(season.attributes.get("name", ""), 100) if season else "",
            number=_decimal(episode.text) if episode else None,
            kind="trailer" if kind == "trailer" else "bonus" if kind == "bonus" else "full",
            explicit=_YES.get(self._text(number, "itunes:explicit").lower()),
            image_url=self._image(number, entry),
            soundbites=tuple(bite for bite in bites if bite),
            alternates=self._alternates(number),
        )

    def of_show(self, feed: Any) -> ShowFacts:
        """What the show says of itself."""
        medium = self._text(SHOW, "podcast:medium")
        locked = self._text(SHOW, "podcast:locked").lower()
        described = (text_of(feed, "subtitle"), text_of(feed, "summary"), text_of(feed, "description"))
        return ShowFacts(
            description=one_line(max(described, key=len), 2000),
            author=one_line(self._text(SHOW, "itunes:author") or text_of(feed, "author"), 200),
            image_url=self._image(SHOW, feed),
            guid=one_line(self._text(SHOW, "podcast:guid"), 100) or None,
            medium=medium if _MEDIUM.fullmatch(medium) else None,
            explicit=_YES.get(self._text(SHOW, "itunes:explicit").lower()),
            serial=self._text(SHOW, "itunes:type").lower() == "serial",
            locked=_YES.get(locked),
            funding=self._funding(),
        )

    def new_url(self) -> str | None:
        """Where the show says that its feed lies from now on."""
        return web_address(self._text(SHOW, "itunes:new-feed-url"), self._url)

    def _text(self, number: int, name: str) -> str:
        tag = (self._show if number == SHOW else self._found).first(number, name)
        return folded(tag.text) if tag else ""

    def _funding(self) -> tuple[Funding, ...]:
        found: dict[str, Funding] = {}
        for tag in self._show.tags(SHOW, "podcast:funding")[:MAX_LISTED]:
            target = web_address(tag.attributes.get("url"), self._url)
            if target:
                found.setdefault(target, Funding(target, one_line(tag.text, 200)))
        return tuple(found.values())

    def _image(self, number: int, record: Any) -> str | None:
        """iTunes' picture, else RSS's, else Atom's logo, else Media RSS's."""
        tag = (self._show if number == SHOW else self._found).first(number, "itunes:image")
        text = tag.text.strip() if tag else ""
        own = [tag.attributes.get("href", ""), text if text.startswith(("http", "/")) else ""] if tag else []
        image = record.get("image")
        pictures = [each for each in listed(record, "media_content") if _is_picture(each)]
        thumbnails = [*listed(record, "media_thumbnail"), *pictures]
        theirs = [text_of(image, "href") or text_of(image, "url")] if isinstance(image, dict) else []
        media = [text_of(each, "url") for each in thumbnails]
        logos = [text_of(record, "logo"), text_of(record, "icon")]
        return next(filter(None, (web_address(at, self._url) for at in own + theirs + logos + media)), None)

    def _alternates(self, number: int) -> tuple[Enclosure, ...]:
        """The first web address of each offer; what is only to be had in other ways is left out."""
        found = []
        for tag in self._found.tags(number, "podcast:alternateenclosure")[:MAX_LISTED]:
            target = next(filter(None, (web_address(source, self._url) for source in tag.sources)), None)
            mime = folded(tag.attributes.get("type", "")).lower()[:100]
            if target:
                found.append(Enclosure(target, mime, length_bytes(tag.attributes.get("length", ""))))
        return tuple(found)


def _is_picture(media: Any) -> bool:
    return text_of(media, "medium") == "image" or text_of(media, "type").startswith("image/")


def _soundbite(tag: Tag) -> Soundbite | None:
    start_ms = _milliseconds(tag.attributes.get("starttime", tag.attributes.get("startTime", "")))
    duration_ms = _milliseconds(tag.attributes.get("duration", ""))
    if start_ms is None or not duration_ms or duration_ms > MAX_SOUNDBITE_MS:
        return None
    return Soundbite(start_ms, duration_ms, one_line(tag.text, 200))


def _milliseconds(text: str) -> int | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return round(seconds * 1000) if math.isfinite(seconds) and 0 <= seconds <= MAX_SECONDS else None


def _whole(text: str) -> int | None:
    found = _WHOLE.match(text)
    return int(found[1]) if found else None


def _decimal(text: str) -> float | None:
    found = _DECIMAL.match(text)
    return float(found[1]) if found else None
