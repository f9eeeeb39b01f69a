"""Lists of shows, as other programs write them (OPML 1.0, 1.1, 2.0).

Rows that cannot be used are told with their line and never keep the others from being read. Folders are
passed through, however deep. A list that defines entities is refused: it needs none.
"""

import html
import re
from dataclasses import dataclass
from xml.parsers import expat

from earmark.errors import KnownError
from earmark.feeds.document import is_utf8
from earmark.feeds.plain import folded

MOST_BYTES = 16 * 2**20
MOST_ROWS = 20_000
MOST_TOLD = 1000
_LONGEST_TITLE = 500
_OUTLINE = re.compile(r"<outline\b", re.I)
_REST = re.compile(r"""(?:[^"'<>]|"[^"<]*"|'[^'<]*')*>""")
_ATTRIBUTE = re.compile(r"""([A-Za-z:_-]{1,40})\s{0,9}=\s{0,9}(?:"([^"<]*)"|'([^'<]*)')""")


@dataclass(frozen=True, slots=True)
class Outline:
    """A row with an address, as it stands in the list; `title` is empty where it has none."""

    line: int
    url: str
    title: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was passed over: where, what it says, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outlines:
    """All of a list, in its order."""

    rows: tuple[Outline, ...]
    bad: tuple[BadRow, ...]


def parse_opml(body: bytes) -> Outlines:
    """The shows of a list. Raises KnownError for what is no list, is too large, or defines entities."""
    if len(body) > MOST_BYTES:
        raise KnownError(f"This file is larger than {MOST_BYTES // 2**20} MB; no list of shows is.")
    reading = _Reading(body)
    found = _mended(body, reading.fault) if reading.fault else reading
    if not found.outlines and reading.root != "opml":
        raise KnownError(
            "This file is not a list of shows (OPML). Other programs write one under “Export” or "
            "“Export subscriptions”."
        )
    return Outlines(tuple(found.rows), tuple(sorted(found.bad, key=lambda row: row.line)[:MOST_TOLD]))


class _Rows:
    """What was found so far."""

    def __init__(self) -> None:
        self.rows: list[Outline] = []
        self.bad: list[BadRow] = []
        self.outlines = 0
        self.root = ""

    def take(self, line: int, attributes: dict[str, str], *, folder: bool) -> None:
        """Take in a row; one without an address is a folder, or of no use."""
        values = {name.lower(): value for name, value in attributes.items()}
        title = folded(values.get("title", "") or values.get("text", ""))[:_LONGEST_TITLE]
        url = folded(values.get("xmlurl", ""))
        if not url and not folder:
            self.bad.append(BadRow(line, title, "It has no address of a feed (xmlUrl)."))
        elif url and len(self.rows) >= MOST_ROWS:
            self.bad.append(BadRow(line, title, f"Only the first {MOST_ROWS} shows of a list are taken."))
        elif url:
            self.rows.append(Outline(line, url, title, folded(values.get("htmlurl", "")) or None))


class _Reading(_Rows):
    """Reads a well-formed list; `fault` says where it is none."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.fault: tuple[int, str] | None = None
        self._open: list[tuple[int, dict[str, str], int] | None] = []
        self._parser = expat.ParserCreate("utf-8" if is_utf8(body) else None)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = _refuse_entity
        try:
            self._parser.Parse(body, True)
        except expat.ExpatError as error:
            self.fault = (error.lineno, expat.ErrorString(error.code))
        except (LookupError, ValueError) as error:
            self.fault = (self._parser.CurrentLineNumber, str(error))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name.lower()
        if name.lower() != "outline":
            self._open.append(None)
            return
        self.outlines += 1
        self._open.append((self._parser.CurrentLineNumber, attributes, self.outlines))

    def _end(self, _name: str) -> None:
        row = self._open.pop()
        if row is not None:
            self.take(row[0], row[1], folder=self.outlines > row[2])


def _mended(body: bytes, fault: tuple[int, str]) -> _Rows:
    """What can be made out of a list that is not well-formed: every tag of a row that is whole."""
    text, found = _text(body), _Rows()
    line, at = 1, 0
    for begin in _OUTLINE.finditer(text):
        line, at = line + text.count("\n", at, begin.start()), begin.start()
        found.outlines += 1
        rest = _REST.match(text, begin.end())
        if rest is None:
            found.bad.append(BadRow(line, "", "This row is cut off or garbled."))
            continue
        pairs = _ATTRIBUTE.findall(rest[0])
        attributes = {name: html.unescape(double or single) for name, double, single in pairs}
        found.take(line, attributes, folder=not rest[0].endswith("/>"))
    if found.outlines:
        told = f"The list is damaged here ({fault[1]}). What could be made out of the rest was taken."
        found.bad.append(BadRow(fault[0], "", told))
    return found


def _text(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _refuse_entity(*_declaration: object) -> None:
    raise KnownError(
        "This list defines entities, which no list of shows needs and which can do harm. Nothing was taken."
    )
