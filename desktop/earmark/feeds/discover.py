"""Feeds that a web page links to."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from earmark.feeds.addresses import same_place
from earmark.feeds.plain import one_line

FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/rdf+xml"}
JSON_TYPE = "application/feed+json"
"""Comes after those in XML, which alone can name transcripts and chapters."""
MAX_PAGE_BYTES = 2 * 2**20
MAX_LINKS = 20
# Bounded patterns in place of html.parser, which takes quadratic time on hostile pages.
_LINK = re.compile(r"<(link|a)\s([^<>]{1,2000})>", re.I)
_ATTRIBUTE = re.compile(r"""([a-z-]{1,20})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_COMMENTS_NAMED = re.compile(r"\bcomments?\s+(?:feed|rss|atom|on|for)\b|^comments$", re.I)
_COMMENTS_PATH = re.compile(r"/comments?(?:[-_]feed)?(?:[/.]|$)", re.I)
_FORMAT = re.compile(r"\b(?:rss|atom|rdf|xml|feed|[012]\.\d{1,2})\b|[^\w\s]", re.I)
"""What the names of one feed in several formats differ by."""
_LONGEST_TITLE = 200
_FEED_PATH = re.compile(r"(/feed/?|/rss/?|\.rss|/(?:feed|rss|podcast|atom|index)\.xml)$", re.I)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page links to, under the name that the page gives it, if any; safe to show.

    `mime` is empty for an ordinary link, which only looks like one to a feed.
    """

    url: str
    title: str = ""
    mime: str = ""


def find_feed_links(page: bytes, url: str) -> list[FeedLink]:
    """A page's feeds, each address once, at most 20.

    Those of its `<link rel="alternate">` tags come first, in their order, then ordinary links whose path
    looks like that of a feed.
    """
    declared: list[FeedLink] = []
    in_json: list[FeedLink] = []
    likely: list[FeedLink] = []
    for tag, values in _tags(page[:MAX_PAGE_BYTES].decode("utf-8", "replace")):
        target = _absolute(url, values.get("href", ""))
        if target is None:
            continue
        title = one_line(values.get("title", ""))[:_LONGEST_TITLE]
        if tag == "a":
            likely += [FeedLink(target, title)] if _FEED_PATH.search(target.partition("?")[0]) else []
        elif "alternate" in values.get("rel", "").lower().split():
            mime = values.get("type", "").lower().partition(";")[0].strip()
            declared += [FeedLink(target, title, mime)] if mime in FEED_TYPES else []
            in_json += [FeedLink(target, title, mime)] if mime == JSON_TYPE else []
    return _each_once(declared + in_json + likely)[:MAX_LINKS]


def to_choose_from(links: Sequence[FeedLink]) -> list[FeedLink]:
    """Of a page's feeds those that may be its show: mostly one, and the user is asked where it is not.

    What the page declares goes before what only looks like a feed, XML before JSON; a feed of comments is
    left out where there is another, and so is a feed under the name of another in a second format.

    >>> links = [FeedLink("https://e.org/comments/feed", "", "application/rss+xml"),
    ...          FeedLink("https://e.org/feed", "Bread", "application/rss+xml"),
    ...          FeedLink("https://e.org/atom", "Bread (Atom)", "application/atom+xml")]
    >>> [link.url for link in to_choose_from(links)]
    ['https://e.org/feed']
    """
    in_xml = [link for link in links if link.mime and link.mime != JSON_TYPE]
    found = in_xml or [link for link in links if link.mime] or list(links)
    found = [link for link in found if not _of_comments(link)] or found
    return [link for number, link in enumerate(found) if not _again(link, found[:number])]


def _of_comments(link: FeedLink) -> bool:
    return bool(_COMMENTS_NAMED.search(link.title) or _COMMENTS_PATH.search(urlsplit(link.url).path))


def _again(link: FeedLink, before: Sequence[FeedLink]) -> bool:
    """Whether it is a feed that stands before, at the same place or in another format."""
    name = _plain_name(link)
    return any(
        same_place(link.url) == same_place(other.url)
        or (bool(link.title and other.title) and link.mime != other.mime and name == _plain_name(other))
        for other in before
    )


def _plain_name(link: FeedLink) -> list[str]:
    return _FORMAT.sub(" ", link.title.casefold()).split()


def _each_once(links: Sequence[FeedLink]) -> list[FeedLink]:
    """The first of each address."""
    return list({link.url: link for link in reversed(links)}.values())[::-1]


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
    usable = target.isprintable() and target.lower().startswith(("http://", "https://"))
    return target if usable else None
