"""Adding feeds."""

import random
import re
from urllib.parse import urlsplit

from earmark.clock import to_ms
from earmark.errors import KnownError
from earmark.feeds import find_feed_links, is_page
from earmark.net import Response
from earmark.pipeline.fetching import document_of
from earmark.pipeline.private import hidden_address, keep_address, without_secrets
from earmark.pipeline.taking import DEFAULT_BACKLOG as DEFAULT_BACKLOG
from earmark.pipeline.taking import take_document
from earmark.pipeline.tools import Tools
from earmark.records import Feed, ParsedFeed, Schedule

_OTHER_THINGS = re.compile(r"(?:about|blob|data|file|javascript|magnet|mailto|tel|urn):", re.I)


class SeveralFeeds(KnownError):  # noqa: N818  (says what was found)
    """A page links to more than one feed, and the user wants to choose."""

    def __init__(self, urls: list[str]) -> None:
        super().__init__(f"This page links to {len(urls)} feeds. Choose one.")
        self.urls = urls


def address_of(typed: str) -> str:
    """What a user typed or pasted, as an http(s) address. Raises KnownError for anything else.

    >>> address_of(" example.org/feed ")
    'https://example.org/feed'
    >>> address_of("feed://example.org/rss")
    'https://example.org/rss'
    """
    text = typed.strip()
    for scheme in ("feed://", "podcast://", "itpc://", "pcast://"):
        if text.lower().startswith(scheme):
            text = "https://" + text[len(scheme) :]
    if text.lower().startswith("feed:http"):
        text = text[5:]
    if "://" not in text and not _OTHER_THINGS.match(text):
        text = "https://" + text
    try:
        parts = urlsplit(text)
        usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        usable = False
    if not usable:
        raise KnownError(f"“{typed.strip()[:200]}” is not a web address that Earmark can subscribe to.")
    return text


def add_feed(
    tools: Tools,
    typed: str,
    *,
    backlog: int = DEFAULT_BACKLOG,
    keep_in_library: bool = False,
    choose: bool = False,
) -> Feed:
    """Subscribe to a feed, or to the feed that a web page links to; one request where that is possible.

    The newest `backlog` episodes are queued. Adding a feed again changes nothing; one that was
    unsubscribed from is taken up again with what it left here. What is secret in an address goes to the
    system's keyring, and a mark stands for it here; `keep_in_library`: the user wants it in the library, as
    it is. `choose`: raise SeveralFeeds for a page that links to several, in place of taking the first. Raises
    KnownError.
    """
    url = address_of(typed)
    if not keep_in_library:
        url = hidden_address(tools, url)
    known = tools.library.feed_by_url(url)
    if known and not tools.library.is_ended(known.id):
        if not keep_in_library:
            keep_address(tools, url)
        return known
    near = tools.door.leads_inside(url)
    if near:
        tools.door.allow(url)
    url, response, parsed = _asked(tools, url, keep_in_library, choose)
    lasting_url = response.permanent_url or url
    if not keep_in_library:
        lasting_url = keep_address(tools, lasting_url)
        parsed = without_secrets(tools.door, lasting_url, parsed)
    known = tools.library.feed_by_url(lasting_url)
    if known and not tools.library.is_ended(known.id):
        return known
    feed_id = tools.library.add_feed(lasting_url, parsed, near=near)
    if known:
        tools.library.subscribe_again(feed_id, first_episodes=backlog, imported_ms=None)
    take_document(
        tools,
        tools.library.feed(feed_id),
        document_of(url, response, parsed),
        schedule=Schedule(),
        now_ms=to_ms(tools.clock()),
        chance=random.random(),
        backlog=backlog,
    )
    return tools.library.feed(feed_id)


def _asked(tools: Tools, url: str, keep_in_library: bool, choose: bool) -> tuple[str, Response, ParsedFeed]:
    """The feed at an address, or the one that the page there links to: where it is, and what it says."""
    try:
        response = tools.door.get(url, why="add a feed")
        try:
            return url, response, tools.reader.read(response)
        except KnownError as error:
            url = _linked_feed(response, error, choose)
        if not keep_in_library:
            url = hidden_address(tools, url)
        response = tools.door.get(url, why="add a feed")
        return url, response, tools.reader.read(response)
    finally:
        tools.reader.rest()


def _linked_feed(page: Response, why_no_feed: KnownError, choose: bool) -> str:
    links = find_feed_links(page.body, page.url)
    if not links and is_page(page.body):
        raise KnownError(
            f"{page.url} is neither a feed nor a page that links to one. "
            "Look for “RSS” on the show's own page and paste that address."
        )
    if not links:
        raise why_no_feed
    if choose and len(links) > 1:
        raise SeveralFeeds(links)
    return links[0]
