"""Adding a show by whatever address the user has of it."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from earmark.errors import KnownError
from earmark.feeds import addresses
from earmark.pipeline.backlog import queue_newest
from earmark.pipeline.directory import DIRECTORIES, Directories, feed_at_apple
from earmark.pipeline.local import add_path, is_local, local_path
from earmark.pipeline.subscribe import DEFAULT_BACKLOG, add_feed, address_of
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, Feed

ASKED_APPLE = "Apple was asked where the feed of this show lies, since the address is one of Apple's."
NO_SHOW_OF_APPLES = (
    "This address of Apple Podcasts is not that of one show. Open the show there, and copy the address that "
    "“Share” gives: it has “id” and a number in it."
)
NOTHING_TO_HEAR = (
    "Its feed names neither sound files nor transcripts, so Earmark can list its episodes but find nothing "
    "in them."
)
RENEWED = "You had {title} already. It is asked at the address that you gave from now on."


@dataclass(frozen=True, slots=True)
class Added:
    """A show that was added; `new` is False where it was subscribed to before; `renewed`: it is asked with
    another password or token from now on. `notes` are to be told."""

    feed: Feed
    new: bool
    episodes: int
    notes: tuple[str, ...] = ()
    renewed: bool = False


def add_show(
    tools: Tools,
    typed: str,
    watch: Watch,
    *,
    backlog: int = DEFAULT_BACKLOG,
    places: Directories = DIRECTORIES,
    keep_in_library: bool = False,
    private: bool = False,
) -> Added:
    """Subscribe by the address of a feed, a page, a show at Apple's or YouTube's, or the path of a folder or
    file; the newest `backlog` episodes are queued. Raises KnownError, SeveralFeeds as `add_feed` does.

    The address of a feed is asked once. Only for an address of Apple's is Apple asked. `keep_in_library` and
    `private`: as `add_feed` has them.
    """
    before = {feed.id: feed.url for feed in tools.library.feeds()}
    notes: list[str] = []
    path = local_path(typed)
    if path is not None:
        feed = add_path(tools, path, backlog=backlog, watch=watch)
    else:
        url = _feed_address(tools, address_of(typed), places, notes)
        url = _as_known(tools, url)
        feed = add_feed(tools, url, backlog=0, keep_in_library=keep_in_library, private=private)
    new = feed.id not in before
    if new and path is None:
        queue_newest(tools, feed.id, backlog)
    episodes = tools.library.episodes(feed.id)
    if episodes and not any(episode.enclosure or episode.transcripts for episode in episodes):
        notes.append(NOTHING_TO_HEAR)
    renewed = not new and before[feed.id] != feed.url
    if renewed:
        notes.append(RENEWED.format(title=feed.title))
    return Added(feed, new, len(episodes), tuple(notes), renewed)


def add_link(
    tools: Tools,
    text: str,
    watch: Watch,
    *,
    backlog: int = DEFAULT_BACKLOG,
    places: Directories = DIRECTORIES,
) -> tuple[Changes, list[tuple[str, str]]]:
    """Subscribe to every address in a text that was dropped on the window or pasted.

    One that fails does not keep the others from being added: (address, reason) of each. Raises KnownError
    where the text holds no address at all.
    """
    changes, problems = Changes(), []
    found, are_paths = named_in(text)
    for typed in found:
        watch.stop_if_asked()
        try:
            place = typed if are_paths else address_of(typed)
            added = add_show(tools, place, watch, backlog=backlog, places=places)
        except KnownError as error:
            problems.append((typed, str(error)))
            continue
        ids = frozenset(episode.id for episode in tools.library.episodes(added.feed.id))
        changes |= Changes(frozenset({added.feed.id}), ids)
    return changes, problems


def named_in(text: str) -> tuple[list[str], bool]:
    """The files and folders that a text names (then True), else the addresses; each once. Raises KnownError
    for none."""
    paths = _paths_in(text)
    found = paths or addresses.addresses_in(text)
    if not found and len(text.split()) == 1:
        found = [text.strip()]  # a name without a dot, which may be a computer of the user's own
    if not found:
        raise KnownError("There is no address of a show in this. Paste the address of its feed or page.")
    return list(dict.fromkeys(found)), bool(paths)


def _paths_in(text: str) -> list[str]:
    """The files and folders that were dropped; a mere name is none, it would depend on where one is."""
    lines = [line.strip() for line in text.splitlines()[: addresses.MOST_ADDRESSES]]
    whole = [line for line in lines if is_local(line) or Path(line).is_absolute()]
    return [line for line in whole if local_path(line)]


def _as_known(tools: Tools, url: str) -> str:
    """An address as the library has it already, if it does, however it is written now."""
    place = addresses.same_place(url)
    known = tools.library.feed_addresses()
    return next((there for there in known if addresses.same_place(there) == place), url)


def _feed_address(tools: Tools, url: str, places: Directories, notes: list[str]) -> str:
    """Where the feed of a show at Apple's or YouTube's lies; every other address as it is."""
    show_id = addresses.apple_show_id(url)
    if show_id is not None:
        notes.append(ASKED_APPLE)
        return feed_at_apple(tools.door, show_id, places, addresses.apple_country(url))
    if addresses.is_apple(url):
        raise KnownError(NO_SHOW_OF_APPLES)
    if not addresses.is_youtube(url):
        return url
    told = addresses.youtube_feed(url)
    if told is not None:
        return places.youtube + told
    if urlsplit(url).path.startswith("/feeds/"):
        return url
    page = tools.door.get(places.youtube + addresses.youtube_page(url), why="add a feed")
    channel = addresses.youtube_channel_in(page.body)
    if channel is None:
        raise KnownError(
            "YouTube's page does not tell which channel this is. Open the channel there and copy the address "
            "that “Share” gives, with /channel/ in it."
        )
    return places.youtube + addresses.channel_feed(channel)
