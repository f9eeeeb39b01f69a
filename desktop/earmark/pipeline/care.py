"""How shows and episodes are meant by the user, and how a show is left."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace

from earmark.clock import to_ms
from earmark.errors import KnownError
from earmark.feeds import addresses
from earmark.library import Reader
from earmark.paths import Paths
from earmark.pipeline.art import art_file
from earmark.pipeline.keeping import keep_moments_of
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, EpisodeId, EpisodeRow, Feed, Leaving, ParsedFeed
from earmark.taste import Taste, change_taste

MOST_NAMED = 8


def feed_named(feeds: Sequence[Feed], named: str) -> Feed:
    """The one show that is meant: by its number, its address, its title or a part of that.

    Raises KnownError where none or several fit, and then names them.
    """
    text = " ".join(named.split())
    if text.isdecimal() and (found := [feed for feed in feeds if feed.id == int(text)]):
        return found[0]
    place = addresses.same_place(text if "://" in text else f"https://{text}")
    words = text.casefold()
    for found in (
        [feed for feed in feeds if text == feed.url or place == addresses.same_place(feed.url)],
        [feed for feed in feeds if words == feed.title.casefold()],
        [feed for feed in feeds if words and words in feed.title.casefold()],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            some = "; ".join(f"{feed.id} {feed.title[:60]}" for feed in found[:MOST_NAMED])
            more = f"; and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
            raise KnownError(f"“{text}” fits {len(found)} shows. Take the number of one: {some}{more}")
    raise KnownError(f"There is no show “{text}” in your library. All of them: earmark feeds")


def episode_named(reader: Reader, named: str) -> EpisodeRow:
    """The one episode that is meant: by its number, its title or a part of that.

    Raises KnownError where none or several fit, and then names them.
    """
    text = " ".join(named.split())
    if text.isdecimal() and (rows := reader.episode_rows(ids=[EpisodeId(int(text))])):
        return rows[0]
    words = text.casefold()
    titles = [(id_, title.casefold()) for id_, title in reader.episode_titles()] if words else []
    exact = [id_ for id_, title in titles if title == words]
    found = exact or [id_ for id_, title in titles if words in title]
    if not found:
        raise KnownError(f"There is no episode “{text}” in your library. The newest: earmark episodes")
    rows = reader.episode_rows(ids=found[:MOST_NAMED])
    if len(found) > 1:
        some = "; ".join(f"{row.id} {row.title[:60]} ({row.feed_title[:30]})" for row in rows)
        more = f"; and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        raise KnownError(f"“{text}” fits {len(found)} episodes. Take the number of one: {some}{more}")
    return rows[0]


def unsubscribe(tools: Tools, feed: Feed) -> Leaving:
    """Leave a show: its insights, and what was done with them, stay; its queue, its downloaded audio and its
    other episodes go. The user's own files are never touched. Tells what went.

    Not while one of its episodes is worked on.
    """
    return _leave(tools, [feed])[0]


def take_up_again(tools: Tools, feed: Feed, *, first_episodes: int) -> Changes:
    """Subscribe again to a show that was just left: it is asked at the next look for news, and the newest
    `first_episodes` are queued then."""
    library = tools.library
    feed_id = library.add_feed(
        feed.url, ParsedFeed(feed.title, feed.link, "", feed.language, ()), near=feed.near
    )
    return library.subscribe_again(feed_id, first_episodes=first_episodes, imported_ms=None)


def undo_import(tools: Tools) -> list[Feed]:
    """Unsubscribe from the shows that the latest list brought, all or none of them; which."""
    feeds = tools.library.last_import()
    _leave(tools, feeds)
    return feeds


def _leave(tools: Tools, feeds: Sequence[Feed]) -> list[Leaving]:
    gone = [tools.library.leaving(feed.id) for feed in feeds]
    read = [e.id for feed in feeds for e in tools.library.episodes(feed.id) if tools.library.download(e.id)]
    _, uncut = keep_moments_of(tools, read, Watch())
    if uncut:
        titles = ", ".join(tools.library.episode(id_).title for id_ in sorted(uncut))
        raise KnownError(
            f"The moments of {titles} could not be cut out of the recording, which would go. "
            "Is the disk full? Nothing changed."
        )
    tools.library.unsubscribe(*(feed.id for feed in feeds), now_ms=to_ms(tools.clock()))
    for feed in feeds:  # its number may be given to another show
        with contextlib.suppress(OSError):
            art_file(tools.paths, feed.id).unlink(missing_ok=True)
    for name in (name for each in gone for name in each.audio):
        for path in (tools.paths.audio / name, tools.paths.audio / f"{name}.part"):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
    return gone


def mute(paths: Paths, feed: Feed) -> None:
    """Hold a show's insights back from briefs, in the file of the user's taste. Raises KnownError."""

    def with_it(taste: Taste) -> Taste:
        title = " ".join(feed.title.split())
        muted = is_muted(taste.muted_shows, feed)
        return taste if muted else replace(taste, muted_shows=(*taste.muted_shows, title))

    change_taste(paths, with_it)


def unmute(paths: Paths, feed: Feed) -> None:
    """No longer hold a show's insights back. Raises KnownError."""

    def without_it(taste: Taste) -> Taste:
        kept = tuple(name for name in taste.muted_shows if not is_muted((name,), feed))
        return replace(taste, muted_shows=kept)

    change_taste(paths, without_it)


def is_muted(muted_shows: Sequence[str], feed: Feed) -> bool:
    """Whether a show is among those that the user muted."""
    return " ".join(feed.title.split()).casefold() in {name.casefold() for name in muted_shows}
