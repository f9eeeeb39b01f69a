"""Small readers of what was written, for the round trips; the real readers stand in the tests beside."""

import csv
import io
import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt


class Page(HTMLParser):
    """The texts of a page by the kind of their element, every tag and attribute that there is."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: dict[str, list[str]] = {}
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it, and listen to what stands in it."""
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._open.append((tag, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An empty element."""
        self.handle_starttag(tag, attrs)
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Add it to all that is open."""
        for _, parts in self._open:
            parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        """What stood in it is known now."""
        opened, parts = self._open.pop()
        assert opened == tag, f"<{opened}> ends with </{tag}>"
        self.texts.setdefault(tag, []).append("".join(parts))


def csv_rows(text: str) -> list[dict[str, str]]:
    """The rows of a CSV file, guards taken off as its documentation says."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    formula = re.compile("'('*[=+@\\-\uff1d\uff0b\uff20\uff0d])")
    return [
        {
            name: formula.sub(r"\1", value, count=1) if formula.match(value) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def markdown_blocks(text: str) -> list[tuple[str, str]]:
    """The blocks of a Markdown text (CommonMark) as (kind, shown text)."""
    blocks, kinds = [], []
    for token in MarkdownIt("commonmark").parse(text):
        if token.nesting == 1:
            kinds.append(token.type)
        elif token.nesting == -1:
            kinds.pop()
        elif token.type == "inline":
            kind = "quote" if "blockquote_open" in kinds else kinds[-1].removesuffix("_open")
            blocks.append((kind, "".join(child.content for child in token.children or [])))
            assert all(child.type == "text" for child in token.children or []), text
        elif token.type not in ("html_block",):
            blocks.append((token.type, token.content))
    return blocks
