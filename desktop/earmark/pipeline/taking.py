"""Taking in what a feed gave: what is new, whether it has moved, and whether it is still the same show."""

from dataclasses import dataclass

from earmark.errors import KnownError
from earmark.feeds import FeedDecision, decide, is_another_show, shares_an_episode
from earmark.feeds.when import after_answer, after_document
from earmark.hiding import has_secret, is_hidden
from earmark.library import MOST_QUEUED
from earmark.net import credentials
from earmark.pipeline.fetching import Document
from earmark.pipeline.tools import Tools
from earmark.records import Changes, Episode, Feed, Schedule

DEFAULT_BACKLOG = 3


class AnotherShow(KnownError):  # noqa: N818  (says what happened)
    """At a feed's address stand the episodes of another one; nothing was taken of it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a document brought. `told` is what the user should know of it, or None."""

    changes: Changes
    new_episodes: int
    told: str | None = None


def take_document(
    tools: Tools,
    feed: Feed,
    document: Document,
    *,
    schedule: Schedule,
    now_ms: int,
    chance: float,
    backlog: int = DEFAULT_BACKLOG,
    elsewhere: Document | None = None,
    accept: bool = False,
) -> Taken:
    """Store a feed's document, or that of the place where it has moved to. Raises AnotherShow.

    `backlog`: so many of its first episodes are queued. `accept`: the user says that it may be another show.
    """
    known = {episode.guid: episode for episode in tools.library.episodes(feed.id)}
    given, url = document, _lasting_place(feed, known, document)
    if elsewhere and shares_an_episode(known, elsewhere.parsed):
        place = elsewhere.response.permanent_url or elsewhere.asked
        url, document = (feed.url, document) if _brings_a_secret(feed, place) else (place, elsewhere)
    decision = decide(feed, known, document.parsed, now_ms=now_ms)
    if not accept and is_another_show(feed, known, document.parsed, decision):
        raise AnotherShow(
            f"At the address of {feed.title} stands another show now, “{document.parsed.title}”: none of its "
            f"episodes is known, so nothing was taken. If that is right: "
            f'earmark refresh "{feed.title}" --accept'
        )
    url, told = _free_place(tools, feed, url, len(decision.new) if known else 0)
    rhythm = after_document(schedule, _dates(known, decision), document.parsed.ttl_ms, now_ms)
    source = given if url == feed.url else document  # whose validators go with that address
    headers = source.response.headers
    after = after_answer(rhythm, headers, now_ms=now_ms, full=True, chance=chance)
    changes = tools.library.apply_refresh(
        feed.id,
        new=decision.new,
        changed=decision.changed,
        title=decision.title,
        link=decision.link,
        language=decision.language,
        url=url,
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
        body_sha256=source.sha256 if source.parsed.complete else None,
        now_ms=now_ms,
        backlog=backlog,
        facts=decision.facts,
        schedule=after,
    )
    return Taken(changes, len(decision.new), told)


def _lasting_place(feed: Feed, known: dict[str, Episode], document: Document) -> str:
    """Where redirects for good led, if the same show is there; a password is never left behind."""
    lasting = document.response.permanent_url
    if not lasting or credentials(feed.url) or not shares_an_episode(known, document.parsed):
        return feed.url
    return feed.url if _brings_a_secret(feed, lasting) else lasting


def _brings_a_secret(feed: Feed, place: str) -> bool:
    """A secret that the user did not give is stored nowhere; the old place leads there."""
    return has_secret(place) and not has_secret(feed.url)


def _kept(tools: Tools, feed: Feed, url: str) -> str:
    """The keyring keeps the secret of a new place before the show is asked there; else the old one stays."""
    if url == feed.url or not is_hidden(url):
        return url
    try:
        tools.door.vault.keep_marks(url)
    except KnownError:
        return feed.url
    return url


def _free_place(tools: Tools, feed: Feed, url: str, new: int) -> tuple[str, str | None]:
    """The address to ask from now on, and what to tell the user; two subscriptions never share one."""
    url = _kept(tools, feed, url)
    if url != feed.url:
        other = tools.library.feed_by_url(url)
        if other is None:
            return url, f"{feed.title} has moved, and is asked at its new place from now on."
        if other.id != feed.id:
            return feed.url, f"{feed.title} has moved to where {other.title} is, which you have as well."
    if new > MOST_QUEUED:
        return feed.url, (
            f"{feed.title} brought {new} new episodes at once. The newest {MOST_QUEUED} are worked through; "
            "the others are in your library."
        )
    return feed.url, None


def _dates(known: dict[str, Episode], decision: FeedDecision) -> list[int]:
    """When episodes came, known ones and new."""
    dates = [episode.published_ms for episode in known.values()]
    dates += [episode.published_ms for episode in decision.new]
    return [date for date in dates if date is not None]
