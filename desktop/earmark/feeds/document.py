"""A second, streaming look at a feed's bytes, for what feedparser does not keep.

feedparser keeps only the last of several `podcast:transcript` tags of an item, knows no chapters, and does
not say whether a document was whole.
"""

import codecs
import re
from xml.parsers import expat

from earmark.records import TranscriptLink

MAX_LINKS_AN_ITEM = 20
MAX_PEOPLE = 30
MAX_CHAPTERS_AN_ITEM = 500
MAX_ATTRIBUTES = 500
PODCAST_SPACES = {
    "https://podcastindex.org/namespace/1.0",
    "http://podcastindex.org/namespace/1.0",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
}
CHAPTERS_SPACE = "http://podlove.org/simple-chapters"
ITUNES_SPACE = "http://www.itunes.com/dtds/podcast-1.0.dtd"
# Where feedparser, too, takes <item> and <entry> for episodes; so that both count alike.
ITEM_SPACES = {
    "",
    "http://backend.userland.com/rss",
    "http://backend.userland.com/rss2",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://purl.org/atom/ns#",
    "http://www.w3.org/2005/atom",
    "http://purl.org/rss/1.0/modules/rss091#",
}
_END = re.compile(rb"</\s*(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>", re.I)
_TAIL_BYTES = 16_384


class Document:
    """What stands in a feed besides: by the number of the item (from 0) its `transcripts`, the address of its
    file of chapters, the (time, title) pairs of its `chapters` and the names of its `people`, those of the
    whole show under -1; and `new_url`.

    `complete` tells that the document reaches its own end, well-formed or not; `well_formed` that it is XML
    throughout, without which numbers may not agree with another parser's. `hostile` tells of a tag that no
    feed has and that feedparser needs minutes for.
    """

    def __init__(self, body: bytes) -> None:
        self.transcripts: dict[int, list[TranscriptLink]] = {}
        self.chapters_urls: dict[int, str] = {}
        self.chapters: dict[int, list[tuple[str, str]]] = {}
        self.people: dict[int, list[str]] = {}
        self.new_url: str | None = None
        self.items = 0
        self.hostile = False
        self._text: list[str] | None = None
        self._text_of = ""
        self.well_formed = self._read(body)
        self.complete = self.well_formed or bool(_END.search(body[-_TAIL_BYTES:].replace(b"\0", b"")))

    def _read(self, body: bytes) -> bool:
        parser = expat.ParserCreate("utf-8" if is_utf8(body) else None, namespace_separator="}")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        parser.buffer_text = True
        try:
            parser.Parse(body, True)
        except (expat.ExpatError, _EntityError, LookupError, ValueError):
            return False
        return True

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.hostile = self.hostile or len(attributes) > MAX_ATTRIBUTES
        space, _, local = name.lower().rpartition("}")
        if local in ("item", "entry") and space in ITEM_SPACES:
            self.items += 1
        elif space in PODCAST_SPACES and self.items and attributes.get("url"):
            self._file(local, attributes)
        elif local == "chapter" and space.rstrip("/") == CHAPTERS_SPACE and self.items:
            chapters = self.chapters.setdefault(self.items - 1, [])
            if len(chapters) < MAX_CHAPTERS_AN_ITEM:
                chapters.append((attributes.get("start", ""), attributes.get("title", "")))
        elif (local == "new-feed-url" and space == ITUNES_SPACE) or (
            local == "person" and space in PODCAST_SPACES
        ):
            self._text, self._text_of = [], local

    def _file(self, local: str, attributes: dict[str, str]) -> None:
        if local == "transcript":
            links = self.transcripts.setdefault(self.items - 1, [])
            if len(links) < MAX_LINKS_AN_ITEM:
                mime, language = attributes.get("type", ""), attributes.get("language")
                links.append(TranscriptLink(attributes["url"], mime, language))
        elif local == "chapters":
            self.chapters_urls.setdefault(self.items - 1, attributes["url"])

    def _end(self, _name: str) -> None:
        if self._text is None:
            return
        text, self._text = "".join(self._text).strip(), None
        if self._text_of == "new-feed-url":
            self.new_url = text[:8000] or None
            return
        people = self.people.setdefault(self.items - 1, [])
        if len(people) < MAX_PEOPLE:
            people.append(text)

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _entity(self, *_declaration: object) -> None:
        """Feeds need no entities of their own; bombs do. feedparser deals with what is left."""
        raise _EntityError


class _EntityError(Exception):
    pass


def is_utf8(body: bytes) -> bool:
    """Whether bytes are UTF-8 beyond doubt: they decode, and something in them is not ASCII.

    Then that is what they are, whatever the server or the first line says.
    """
    if body.isascii() or b"\0" in body[:1000]:
        return body.startswith(codecs.BOM_UTF8)
    try:
        codecs.decode(body, "utf-8")
    except UnicodeDecodeError:
        return False
    return True
