"""Feeds that a web page links to."""

import html
import re
from collections.abc import Iterator
from urllib.parse import urljoin

FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/rdf+xml"}
JSON_TYPE = "application/feed+json"
"""Comes after those in XML, which alone can name transcripts and chapters."""
MAX_PAGE_BYTES = 2 * 2**20
MAX_LINKS = 20
# Bounded patterns in place of html.parser, which takes quadratic time on hostile pages.
_LINK = re.compile(r"<(link|a)\s([^<>]{1,2000})>", re.I)
_ATTRIBUTE = re.compile(r"""([a-z-]{1,20})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_FEED_PATH = re.compile(r"(/feed/?|/rss/?|\.rss|/(?:feed|rss|podcast|atom|index)\.xml)$", re.I)


def find_feed_links(page: bytes, url: str) -> list[str]:
    """The addresses of a page's feeds, each once, at most 20.

    Those of its `<link rel="alternate">` tags come first, in their order, then ordinary links whose path
    looks like that of a feed.
    """
    declared, in_json, likely = [], [], []
    for tag, values in _tags(page[:MAX_PAGE_BYTES].decode("utf-8", "replace")):
        target = _absolute(url, values.get("href", ""))
        if target is None:
            continue
        if tag == "a":
            likely += [target] if _FEED_PATH.search(target.partition("?")[0]) else []
        elif "alternate" in values.get("rel", "").lower().split():
            mime = values.get("type", "").lower().partition(";")[0].strip()
            declared += [target] if mime in FEED_TYPES else []
            in_json += [target] if mime == JSON_TYPE else []
    return list(dict.fromkeys(declared + in_json + likely))[:MAX_LINKS]


def is_page(body: bytes) -> bool:
    """Whether bytes look like a web page, whatever they are called."""
    head = body[:2000].lower()
    return any(mark in head for mark in (b"<html", b"<!doctype html", b"<head>", b"<body"))


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for tag in _LINK.finditer(text):
        found = _ATTRIBUTE.finditer(tag[2])
        yield tag[1].lower(), {a[1].lower(): html.unescape(a[2] or a[3] or a[4] or "").strip() for a in found}


def _absolute(url: str, href: str) -> str | None:
    try:
        target = urljoin(url, href) if href else ""
    except ValueError:
        return None
    return target if target.lower().startswith(("http://", "https://")) else None
