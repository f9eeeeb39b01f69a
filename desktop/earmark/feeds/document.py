"""A second, streaming look at a feed's bytes, for what feedparser does not keep.

feedparser keeps only the last of several tags of a name, knows little of podcasts' own namespaces, and does
not say whether a document was whole.
"""

import codecs
import re
from dataclasses import dataclass, field
from xml.parsers import expat

MAX_TAGS_AN_ITEM = 50
MAX_CHAPTERS_AN_ITEM = 500
MAX_ATTRIBUTES = 500
MAX_TEXT = 8000
SHOW = -1
"""The number that stands for the show itself, beside those of its items."""
PODCAST, ITUNES, CHAPTERS = "podcast", "itunes", "psc"
SPACES = {
    "https://podcastindex.org/namespace/1.0": PODCAST,
    "http://podcastindex.org/namespace/1.0": PODCAST,
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": PODCAST,
    "http://www.itunes.com/dtds/podcast-1.0.dtd": ITUNES,
    "http://www.itunes.com/dtd/podcast-1.0.dtd": ITUNES,
    "http://podlove.org/simple-chapters": CHAPTERS,
}
WANTED = {
    PODCAST: {
        *("transcript", "chapters", "person", "soundbite", "season", "episode", "alternateenclosure"),
        *("funding", "guid", "locked", "medium", "source", "liveitem"),
    },
    ITUNES: {"new-feed-url", "image", "season", "episode", "episodetype", "explicit", "type", "author"},
    CHAPTERS: {"chapter"},
}
ALONE = {
    *("itunes:season", "itunes:episode", "itunes:episodetype", "itunes:explicit", "itunes:author"),
    *("podcast:season", "podcast:episode", "podcast:person", "podcast:soundbite", "podcast:chapters"),
}
"""Tags of an item that nobody asks feedparser for: in six podcasts 6 to 21 of a hundred."""
# Where feedparser, too, takes <item> and <entry> for episodes; so that both count alike.
ITEM_SPACES = {
    "",
    "http://backend.userland.com/rss",
    "http://backend.userland.com/rss2",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://channel.netscape.com/rdf/simple/0.9/",
    "http://purl.org/atom/ns#",
    "http://www.w3.org/2005/atom",
    "http://purl.org/rss/1.0/modules/rss091#",
}
_END = re.compile(rb"</\s*(?:[\w.-]+:)?(?:rss|feed|rdf)\s*(?:>|\Z)", re.I)
_ROW_DEPTH = {"rss": 3, "feed": 2}
"""How deep the items of a feed lie, by its root."""
_EMPTY = re.compile(rb"<[^\s/>]+(?:\s+[^\s=>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/>")
"""A whole tag without content, in XML that is well-formed."""
_TAIL_BYTES = 16_384


@dataclass(slots=True)
class Tag:
    """One tag of a podcast's namespaces: its attributes, its text, and the addresses of its sources."""

    attributes: dict[str, str]
    text: str = ""
    sources: list[str] = field(default_factory=list)


class Document:
    """What stands in a feed besides: the `Tag`s of an item by its number (from 0), those of the show under
    SHOW, by names like "podcast:person".

    `complete` tells that the document reaches its own end, well-formed or not; `well_formed` that it is XML
    throughout, without which numbers may not agree with another parser's. `spans` holds where (first byte,
    byte behind) the `items` lie; it is shorter where one is empty or lies inside another. `live` holds it of
    those that are on the air now, which feedparser takes for the show itself. `regular` tells that all items
    of an RSS or Atom feed lie where they should, behind all that is said of the show, and declare no
    namespaces; then `alone` holds where tags of items lie that only this look needs. `hostile` tells of a tag
    that no feed has and that feedparser needs minutes for.
    """

    def __init__(self, body: bytes) -> None:
        self._tags: dict[tuple[int, str], list[Tag]] = {}
        self.live: list[tuple[int, int]] = []
        self.spans: list[tuple[int, int]] = []
        self.alone: list[tuple[int, int]] = []
        self.items = 0
        self.hostile = False
        self.regular = True
        self._row_depth = 0
        self._declared = False
        self._alone_depth, self._alone_from = 0, 0
        self._meant: dict[str, str] = {}
        self._depth = 0
        self._item_depth: int | None = None
        self._item_from = 0
        self._live_depth: int | None = None
        self._live_from = 0
        self._open: list[tuple[int, Tag]] = []
        self.well_formed = self._read(body)
        self.complete = self.well_formed or bool(_END.search(body[-_TAIL_BYTES:].replace(b"\0", b"")))

    def tags(self, number: int, name: str) -> list[Tag]:
        """All tags of a name that an item has, in their order."""
        return self._tags.get((number, name), [])

    def first(self, number: int, *names: str) -> Tag | None:
        """The first tag of the first name that an item has."""
        return next((tag for name in names for tag in self.tags(number, name)), None)

    def _read(self, body: bytes) -> bool:
        parser = expat.ParserCreate("utf-8" if is_utf8(body) else None, namespace_separator="}")
        self._parser, self._body = parser, body
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        parser.StartNamespaceDeclHandler = self._declare
        parser.buffer_text = True
        try:
            parser.Parse(body, True)
        except (expat.ExpatError, _EntityError, LookupError, ValueError):
            return False
        finally:
            del self._parser, self._body  # each holds the other, and the body is large
        return True

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._alone_depth = 0  # what holds other tags is left where it is
        self.hostile = self.hostile or len(attributes) > MAX_ATTRIBUTES
        meant = self._meant.get(name)
        if meant is None:
            meant = self._meant[name] = _meaning(name)
        if self.regular:
            self._look_at_place(name, meant)
        if meant == "":
            return
        if meant == "item":
            self.items += 1
            self._item_depth, self._item_from = self._depth, self._parser.CurrentByteIndex
        elif meant == "podcast:liveitem" and self._live_depth is None:
            self._live_depth, self._live_from = self._depth, self._parser.CurrentByteIndex
        elif meant == "podcast:source":
            self._source(attributes.get("uri", ""))
        elif self._live_depth is None:  # what is on the air now is neither the show's nor an episode's
            self._keep(meant, attributes)
            if meant in ALONE and self._item_depth == self._depth - 1:
                self._alone_depth, self._alone_from = self._depth, self._parser.CurrentByteIndex

    def _look_at_place(self, name: str, meant: str) -> None:
        """Look for what makes an item depend on those before it, or the show on its items."""
        if self._depth == 1:
            self._row_depth = _ROW_DEPTH.get(_local(name), 0)
        elif self._depth == 2 and self._row_depth == 3:
            self.regular = _local(name) == "channel" and self.items == 0
        if meant == "item":
            self.regular = self._depth == self._row_depth and not self._declared
        elif self._depth == self._row_depth:
            self.regular = self.items == 0
        elif self._item_depth is not None:
            self.regular = not self._declared
        self._declared = False

    def _declare(self, _prefix: str | None, _uri: str) -> None:
        self._declared = True

    def _keep(self, name: str, attributes: dict[str, str]) -> None:
        number = SHOW if self._item_depth is None else self.items - 1
        kept = self._tags.setdefault((number, name), [])
        if len(kept) < (MAX_CHAPTERS_AN_ITEM if name == "psc:chapter" else MAX_TAGS_AN_ITEM):
            kept.append(Tag(attributes))
            self._open.append((self._depth, kept[-1]))

    def _source(self, uri: str) -> None:
        if self._open and len(self._open[-1][1].sources) < MAX_TAGS_AN_ITEM:
            self._open[-1][1].sources.append(uri)

    def _end(self, _name: str) -> None:
        if self._alone_depth == self._depth:
            self._alone_depth = 0
            self.alone += self._span(self._alone_from)
        if self._open and self._open[-1][0] == self._depth:
            self._open.pop()
        if self._item_depth == self._depth:
            self._item_depth = None
            self.spans += self._span(self._item_from)
        if self._live_depth == self._depth:
            self._live_depth = None
            self.live += self._span(self._live_from)
        self._depth -= 1

    def _span(self, first: int) -> list[tuple[int, int]]:
        """The element that ends here; nothing for an empty one, whose end expat sees elsewhere."""
        if _EMPTY.match(self._body, first):
            return []
        return [(first, self._body.find(b">", self._parser.CurrentByteIndex) + 1)]

    def _characters(self, text: str) -> None:
        if self._open:
            tag = self._open[-1][1]
            tag.text = (tag.text + text)[:MAX_TEXT]

    def _entity(self, *_declaration: object) -> None:
        """Feeds need no entities of their own; bombs do. feedparser deals with what is left."""
        raise _EntityError


def _meaning(name: str) -> str:
    """What a tag is called here: "item", or by its namespace, as "podcast:person"; empty when of no use.

    >>> _meaning("http://www.itunes.com/dtds/podcast-1.0.dtd}Author"), _meaning("title")
    ('itunes:author', '')
    """
    space, _, local = name.lower().rpartition("}")
    if local in ("item", "entry") and space in ITEM_SPACES:
        return "item"
    short = SPACES.get(space) or SPACES.get(space.rstrip("/"))
    return f"{short}:{local}" if short and local in WANTED[short] else ""


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()


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
