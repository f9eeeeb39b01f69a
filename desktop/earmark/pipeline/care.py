"""How a show is left."""

import contextlib
from collections.abc import Sequence

from earmark.clock import to_ms
from earmark.errors import KnownError
from earmark.hiding import has_secret
from earmark.pipeline.art import art_file
from earmark.pipeline.keeping import keep_moments_of
from earmark.pipeline.muting import forget_mutes
from earmark.pipeline.recordings import forget_parts
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, Feed, Leaving, ParsedFeed


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
    episodes = [episode for feed in feeds for episode in tools.library.episodes(feed.id)]
    read = [episode.id for episode in episodes if tools.library.download(episode.id)]
    _, uncut = keep_moments_of(tools, read, Watch())
    if uncut:
        titles = ", ".join(tools.library.episode(id_).title for id_ in sorted(uncut))
        raise KnownError(
            f"The moments of {titles} could not be cut out of the recording, which would go. "
            "Is the disk full? Nothing changed."
        )
    secret = any(has_secret(feed.url) for feed in feeds)
    tools.library.unsubscribe(*(feed.id for feed in feeds), now_ms=to_ms(tools.clock()), secret=secret)
    for feed in feeds:  # its number may be given to another show
        with contextlib.suppress(OSError):
            art_file(tools.paths, feed.id).unlink(missing_ok=True)
    for name in (name for each in gone for name in each.audio):
        with contextlib.suppress(OSError):
            (tools.paths.audio / name).unlink(missing_ok=True)
    forget_parts(tools.paths.audio, episodes)
    with contextlib.suppress(KnownError):  # a broken file of the user's taste is told by the next brief
        forget_mutes(tools.paths, tools.library, feeds)
    return gone
