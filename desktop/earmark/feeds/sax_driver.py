"""What feedparser is given of ours, because it is faster (tests/benchmarks/feeds.md).

Python's own XML reader, told to hand over each text whole (up to 64 kB): xml.sax breaks a text at every
entity and line, and each piece is a call of Python; notes that hold escaped HTML come in seventy of them.
Whole texts take feedparser a sixth less time. And how its records are copied, which it does for every title
and every text of an item: a tenth of its time goes into `copy`'s general way for objects it does not know.
"""

from copy import deepcopy
from typing import Any
from xml.sax.expatreader import ExpatParser
from xml.sax.xmlreader import AttributesNSImpl

_TEXT_BYTES = 2**16
_NO_ATTRIBUTES: Any = AttributesNSImpl({}, {})


class WholeTexts(ExpatParser):
    """What `create_parser` gives."""

    _parser: Any
    _cont_handler: Any
    _pairs: dict[str, tuple[str | None, str]]

    def reset(self) -> None:
        """Begin a document."""
        super().reset()
        self._parser.buffer_text = True
        self._parser.buffer_size = _TEXT_BYTES
        self._pairs = {}

    def start_element_ns(self, name: str, attrs: Any) -> None:
        """An element begins; its name is its address, its own name and its prefix, as far as it has them."""
        if attrs:
            super().start_element_ns(name, attrs)
        else:
            self._cont_handler.startElementNS(self._pair(name), None, _NO_ATTRIBUTES)

    def end_element_ns(self, name: str) -> None:
        """An element ends."""
        self._cont_handler.endElementNS(self._pair(name), None)

    def _pair(self, name: str) -> tuple[str | None, str]:
        """The name as xml.sax tells it, cut apart once a document."""
        pair = self._pairs.get(name)
        if pair is None:
            parts = name.split()
            pair = self._pairs[name] = (None, name) if len(parts) == 1 else (parts[0], parts[1])
        return pair


def create_parser() -> WholeTexts:
    """What xml.sax.make_parser calls in a module that feedparser's PREFERRED_XML_PARSERS names."""
    return WholeTexts()


def introduce(api: Any, record: Any) -> None:
    """Have feedparser (its module `api`, its class FeedParserDict) use these. Any number of times."""
    record.__deepcopy__ = _copied
    if __name__ not in api.PREFERRED_XML_PARSERS:
        api.PREFERRED_XML_PARSERS.insert(0, __name__)


def _copied(record: Any, memo: dict[int, Any]) -> Any:
    """A copy of a record, which is a dict of texts, numbers, lists and records.

    Names stay as they stand. By `copy`'s way a tag named __deepcopy__ would be taken for an attribute.
    """
    copy = type(record)()
    for name, value in dict.items(record):
        dict.__setitem__(copy, name, value if type(value) is str else deepcopy(value, memo))
    return copy
