"""Adding feeds."""

import random
import re
import shlex
from collections.abc import Sequence
from urllib.parse import urlsplit

from earmark.clock import to_ms
from earmark.errors import KnownError
from earmark.feeds import FeedLink, find_feed_links, is_page, to_choose_from
from earmark.hiding import has_secret, host_of, is_hidden, is_whole, printed
from earmark.net import Response
from earmark.pipeline.fetching import Document, document_of
from earmark.pipeline.private import hidden_address, keep_address, without_secrets
from earmark.pipeline.same_show import renew, same_show
from earmark.pipeline.taking import DEFAULT_BACKLOG as DEFAULT_BACKLOG
from earmark.pipeline.taking import take_document
from earmark.pipeline.tools import Tools
from earmark.records import Feed, ParsedFeed, Schedule

_OTHER_THINGS = re.compile(r"(?:about|blob|data|file|javascript|magnet|mailto|tel|urn):", re.I)


class SeveralFeeds(KnownError):  # noqa: N818  (says what was found)
    """A page links to several feeds that may be its show; the user says which of the `choices` to add.

    `places`: the addresses of these as they may be printed. Where one of them holds a secret, or the page's
    own does, the message names numbers in place of addresses.
    """

    def __init__(self, page: str, choices: Sequence[FeedLink]) -> None:
        self.choices = tuple(choices)
        whole = is_whole(page)
        self.places = tuple(f"{host_of(each.url)}/…" if whole else printed(each.url) for each in choices)
        told = f"{printed(page)} links to {len(choices)} feeds. Add the one that you mean:"
        if printed(page) == page and all(printed(each.url) == each.url for each in choices):
            lines = [f"  earmark add {shlex.quote(each.url)}  {each.title}".rstrip() for each in choices]
        else:
            told = f"{told[:-1]} by its number, N: earmark add PAGE --feed N"
            rows = enumerate(zip(choices, self.places, strict=True), start=1)
            lines = [f"  {number}  {each.title or 'no name'}, {place}" for number, (each, place) in rows]
        super().__init__("\n".join((told, *lines)))


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
    private: bool = False,
) -> Feed:
    """Subscribe to a feed, or to the feed that a web page links to; one request where that is possible.

    The newest `backlog` episodes are queued. Adding a feed again changes nothing; one that was
    unsubscribed from is taken up again with what it left here. One that comes with another secret is asked
    with that from now on, and what came is taken as at a refresh: its recordings lie behind that secret, too.
    What is secret in an address goes to the system's keyring, and a mark stands for it here;
    `keep_in_library`: the user wants it in the library, as it is; `private`: the user says that all of the
    address is secret. Raises SeveralFeeds where a page links to more than one, KnownError for every other
    fault.
    """
    url = address_of(typed)
    if not keep_in_library:
        url = hidden_address(tools, url, whole=private)
    known = tools.library.feed_by_url(url)
    if known and not tools.library.is_ended(known.id):
        return _as_wanted(tools, known, keep_in_library)
    near = tools.door.leads_inside(url)
    if near:
        tools.door.allow(url)
    url, response, parsed = _asked(tools, url, keep_in_library, private)
    lasting_url = _lasting(url, response)
    if not keep_in_library:
        lasting_url = keep_address(tools, lasting_url)
        parsed = without_secrets(tools.door, lasting_url, parsed)
    known = tools.library.feed_by_url(lasting_url) or same_show(tools, lasting_url, parsed)
    renewed = known is not None and known.url != lasting_url
    if known and renewed:
        known = renew(tools, known.id, lasting_url)
    there = known is not None and not tools.library.is_ended(known.id)
    if known and there and not renewed:
        return _as_wanted(tools, known, keep_in_library)
    feed_id = tools.library.add_feed(lasting_url, parsed, near=near)
    if known and not there:
        tools.library.subscribe_again(feed_id, first_episodes=backlog, imported_ms=None)
    document = document_of(url, response, parsed)
    _take(tools, tools.library.feed(feed_id), document, backlog=0 if there else backlog, renewed=renewed)
    return _as_wanted(tools, tools.library.feed(feed_id), keep_in_library)


def _lasting(asked: str, response: Response) -> str:
    """Where redirects for good led. One to a secret that the user did not give is not kept: what a public
    address gives to everybody it will give again, with whatever secret it has by then."""
    lasting = response.permanent_url or asked
    is_private = has_secret(asked) or is_hidden(asked)
    return asked if has_secret(lasting) and not is_private else lasting


def _take(tools: Tools, feed: Feed, document: Document, *, backlog: int, renewed: bool) -> None:
    """Store what came, with a fresh schedule; one that was renewed was found to be the same show before."""
    take_document(
        tools,
        feed,
        document,
        schedule=Schedule(),
        now_ms=to_ms(tools.clock()),
        chance=random.random(),
        backlog=backlog,
        accept=renewed,
    )


def _as_wanted(tools: Tools, feed: Feed, keep_in_library: bool) -> Feed:
    """A show whose secrets are where the user wants them."""
    if not keep_in_library:
        keep_address(tools, feed.url)
    elif has_secret(feed.url):
        tools.library.keep_open([feed.id])
    return feed


def _asked(tools: Tools, url: str, keep_in_library: bool, private: bool) -> tuple[str, Response, ParsedFeed]:
    """The feed at an address, or the one that the page there links to: where it is, and what it says."""
    try:
        response = tools.door.get(url, why="add a feed")
        try:
            return url, response, tools.reader.read(response)
        except KnownError as error:
            url = _linked_feed(response, error)
        if not keep_in_library:
            url = hidden_address(tools, url, whole=private)
        response = tools.door.get(url, why="add a feed")
        return url, response, tools.reader.read(response)
    finally:
        tools.reader.rest()


def _linked_feed(page: Response, why_no_feed: KnownError) -> str:
    links = to_choose_from(find_feed_links(page.body, page.url))
    if not links and is_page(page.body):
        raise KnownError(
            f"{printed(page.url)} is neither a feed nor a page that links to one. "
            "Look for “RSS” on the show's own page and paste that address."
        )
    if not links:
        raise why_no_feed
    if len(links) > 1:
        raise SeveralFeeds(page.url, links)
    return links[0].url
