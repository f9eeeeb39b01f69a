"""Python's own XML reader for feedparser, which hands over less, and that whole.

What `Document` keeps of an item is not told again: of the tags of a podcast's episode that is about half, and
feedparser needs fifty microseconds for each. And texts come whole: xml.sax breaks them at every entity and
line, and each piece is a call of Python; notes that hold escaped HTML come in seventy of them.
"""

from functools import lru_cache
from typing import Any
from xml.sax.expatreader import ExpatParser
from xml.sax.xmlreader import AttributesNSImpl

from earmark.feeds.document import meaning

_TEXT_BYTES = 2**16
_NO_ATTRIBUTES: Any = AttributesNSImpl({}, {})


class ShortReader(ExpatParser):
    """What `create_parser` gives."""

    _parser: Any
    _cont_handler: Any
    _items = 0
    _untold = 0

    def reset(self) -> None:
        """Begin a document."""
        super().reset()
        self._parser.buffer_text = True
        self._parser.buffer_size = _TEXT_BYTES
        self._items = self._untold = 0

    def start_element_ns(self, name: str, attrs: Any) -> None:
        """An element begins; its name is its address, its own name and its prefix, as far as it has them."""
        meant, pair = _told(name)
        if self._untold or (meant and meant != "item" and self._items):
            self._untold += 1
            self._parser.CharacterDataHandler = None
            return
        self._items += meant == "item"
        if attrs:
            super().start_element_ns(name, attrs)
        else:
            self._cont_handler.startElementNS(pair, None, _NO_ATTRIBUTES)

    def end_element_ns(self, name: str) -> None:
        """An element ends."""
        meant, pair = _told(name)
        if self._untold:
            self._untold -= 1
            if not self._untold:
                self._parser.CharacterDataHandler = self._cont_handler.characters
            return
        self._items -= meant == "item"
        self._cont_handler.endElementNS(pair, None)


@lru_cache(1000)
def _told(name: str) -> tuple[str, tuple[str | None, str]]:
    """What a name means here, and as xml.sax tells it: with its namespace, or None."""
    parts = name.split()
    return meaning(name, " "), (None, name) if len(parts) == 1 else (parts[0], parts[1])


def create_parser() -> ShortReader:
    """What xml.sax.make_parser calls in a module that feedparser's PREFERRED_XML_PARSERS names."""
    return ShortReader()
