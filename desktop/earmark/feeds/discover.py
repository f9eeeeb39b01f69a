"""Feeds that a web page links to."""

from html.parser import HTMLParser
from urllib.parse import urljoin

FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
MAX_PAGE_BYTES = 2 * 2**20


def find_feed_links(page: bytes, url: str) -> list[str]:
    """The addresses of a page's feeds in the order of its `<link rel="alternate">` tags, each once."""
    finder = _Finder()
    finder.feed(page[:MAX_PAGE_BYTES].decode("utf-8", "replace"))
    targets = (urljoin(url, href) for href in finder.found)
    return [t for t in dict.fromkeys(targets) if t.startswith(("http://", "https://"))]


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        kinds = values.get("rel", "").lower().split()
        if tag == "link" and "alternate" in kinds and values.get("type", "").lower() in FEED_TYPES:
            self.found.append(values.get("href", ""))
