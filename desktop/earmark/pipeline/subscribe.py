"""Adding feeds and asking them for news."""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from urllib.parse import urlsplit

from earmark.clock import to_ms
from earmark.errors import Cancelled, KnownError
from earmark.feeds import decide, find_feed_links, parse
from earmark.hiding import has_secret
from earmark.net import Response
from earmark.pipeline.private import hidden_address, keep_address, without_secrets
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, Episode, Feed, ParsedFeed, Progress

DEFAULT_BACKLOG = 3
MAX_SOCKETS = 8
LOOK_EVERY_S = 0.1
GONE = 410
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh brought: `problems` holds (title of the feed, plain reason)."""

    changes: Changes
    new_episodes: int
    problems: tuple[tuple[str, str], ...]


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
    if "://" not in text:
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
    tools: Tools, typed: str, *, backlog: int = DEFAULT_BACKLOG, keep_in_library: bool = False
) -> Feed:
    """Subscribe to a feed, or to the feed that a web page links to; one request where that is possible.

    The newest `backlog` episodes are queued. Adding a feed again changes nothing. What is secret in an
    address goes to the system's keyring, and a mark stands for it here; `keep_in_library`: the user wants it
    in the library, as it is. Raises KnownError.
    """
    url = address_of(typed)
    if not keep_in_library:
        url = hidden_address(tools, url)
    known = tools.library.feed_by_url(url)
    if known:
        keep_address(tools, url)
        return known
    near = tools.door.leads_inside(url)
    if near:
        tools.door.allow(url)
    response = tools.door.get(url, why="add a feed")
    try:
        parsed = _parsed(response)
    except KnownError:
        url = _linked_feed(response)
        if not keep_in_library:
            url = hidden_address(tools, url)
        response = tools.door.get(url, why="add a feed")
        parsed = _parsed(response)
    lasting_url = response.permanent_url or url
    if not keep_in_library:
        lasting_url = keep_address(tools, lasting_url)
        parsed = without_secrets(tools.door, lasting_url, parsed)
    known = tools.library.feed_by_url(lasting_url)
    if known:
        return known
    feed_id = tools.library.add_feed(lasting_url, parsed, near=near)
    _store(tools, tools.library.feed(feed_id), response, parsed, backlog)
    return tools.library.feed(feed_id)


def refresh(tools: Tools, watch: Watch) -> Refreshed:
    """Ask every feed for news, several at once; a feed that fails is noted and does not stop the others."""
    feeds = tools.library.feeds()
    known = {episode.id for episode in tools.library.episodes()}
    changes, problems, new_episodes = Changes(), [], 0
    for done, (feed, answer) in enumerate(_answers(tools, feeds, watch)):
        watch.stop_if_asked()
        watch.on_progress(Progress("Looking for news", feed.title, fraction=done / len(feeds)))
        try:
            change = _take(tools, feed, answer)
        except KnownError as error:
            problems.append((feed.title, str(error)))
            change = tools.library.note_check(feed.id, now_ms=_now_ms(tools), error=str(error))
        new_episodes += len(change.episode_ids - known)
        changes |= change
    return Refreshed(changes, new_episodes, tuple(problems))


def _answers(tools: Tools, feeds: list[Feed], watch: Watch) -> Iterator[tuple[Feed, Response | KnownError]]:
    """Each feed with its response or its fault, as they come.

    The network has threads of its own; the library and `watch` are used on this one alone.
    """
    stop = threading.Event()

    def ask(feed: Feed) -> Response | KnownError:
        try:
            return tools.door.get(
                feed.url,
                etag=feed.etag,
                last_modified=feed.last_modified,
                why="refresh a feed",
                cancelled=stop.is_set,
            )
        except KnownError as error:
            return error
        except Cancelled:
            return KnownError("Stopped before it answered.")

    with ThreadPoolExecutor(max_workers=MAX_SOCKETS) as pool:
        asked = {pool.submit(ask, feed): feed for feed in feeds}
        waiting = set(asked)
        try:
            while waiting:
                watch.stop_if_asked()
                answered, waiting = wait(waiting, timeout=LOOK_EVERY_S, return_when=FIRST_COMPLETED)
                yield from ((asked[each], each.result()) for each in answered)
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _take(tools: Tools, feed: Feed, answer: Response | KnownError) -> Changes:
    if isinstance(answer, KnownError):
        raise answer
    if answer.status == GONE:
        raise KnownError(f"The publisher says that {feed.title} is gone for good. What you have stays here.")
    if answer.status == NOT_MODIFIED or hashlib.sha256(answer.body).hexdigest() == feed.body_sha256:
        return tools.library.note_check(feed.id, now_ms=_now_ms(tools), error=None)
    return _store(
        tools, feed, answer, without_secrets(tools.door, feed.url, _parsed(answer)), DEFAULT_BACKLOG
    )


def _store(tools: Tools, feed: Feed, response: Response, parsed: ParsedFeed, backlog: int) -> Changes:
    known = {episode.guid: episode for episode in tools.library.episodes(feed.id)}
    decision = decide(feed, known, parsed, now_ms=_now_ms(tools))
    moved = response.permanent_url if response.permanent_url and _same_show(known, parsed) else None
    if moved and has_secret(moved) and not has_secret(feed.url):
        moved = None  # a secret that the user did not give is stored nowhere; the old place leads there
    return tools.library.apply_refresh(
        feed.id,
        new=decision.new,
        changed=decision.changed,
        title=decision.title,
        link=decision.link,
        language=decision.language,
        url=moved or feed.url,
        etag=response.headers.get("etag"),
        last_modified=response.headers.get("last-modified"),
        body_sha256=hashlib.sha256(response.body).hexdigest() if parsed.complete else None,
        now_ms=_now_ms(tools),
        backlog=backlog,
    )


def _same_show(known: Mapping[str, Episode], parsed: ParsedFeed) -> bool:
    """A feed may move only to a place that shares an episode with it (AntennaPod#1393)."""
    return any(episode.guid in known for episode in parsed.episodes)


def _parsed(response: Response) -> ParsedFeed:
    return parse(response.body, url=response.url, content_type=response.headers.get("content-type"))


def _linked_feed(page: Response) -> str:
    links = find_feed_links(page.body, page.url)
    if not links:
        raise KnownError(
            f"{page.url} is neither a feed nor a page that links to one. "
            "Look for “RSS” on the show's own page and paste that address."
        )
    return links[0]


def _now_ms(tools: Tools) -> int:
    return to_ms(tools.clock())
