"""Lists of shows (OPML): taken in from other programs without asking anybody, and written for them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from earmark.clock import Clock, to_ms
from earmark.errors import KnownError
from earmark.export import Listed, as_opml, without_login, write_whole
from earmark.feeds import BadRow, Outline, addresses, parse_opml
from earmark.hiding import given_away, has_secret, is_hidden
from earmark.library import Reader
from earmark.net import is_public
from earmark.pipeline.local import is_local
from earmark.pipeline.private import hidden_address, keep_address
from earmark.pipeline.same_show import private_shows, renew, same_given_away, same_listed, was_read
from earmark.pipeline.subscribe import DEFAULT_BACKLOG, address_of
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, Feed, FeedId, NewShow, Progress

NEAR = (
    "Its address lies inside your own network, where a list from elsewhere must not lead. If it is yours, "
    "add it by itself (earmark add ADDRESS), or import the list with --near."
)


_HOME = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".home.arpa", ".fritz.box")


@dataclass(frozen=True, slots=True)
class Imported:
    """What a list brought: shows that are new, how many were subscribed to before, and rows passed over.

    `renewed`: how many of those are asked with another password or token from now on."""

    changes: Changes
    new: int
    known: int
    bad: tuple[BadRow, ...]
    renewed: int = 0


@dataclass(frozen=True, slots=True)
class WrittenList:
    """A list that was written. `without_login` and `own_files` are titles of shows whose name, password or
    token were left out, and of shows that are folders here and so in no list."""

    path: Path
    shows: int
    without_login: tuple[str, ...]
    own_files: tuple[str, ...]


def import_list(
    tools: Tools,
    file: Path,
    watch: Watch,
    *,
    first_episodes: int = DEFAULT_BACKLOG,
    near: bool = False,
    keep_in_library: bool = False,
    private: bool = False,
) -> Imported:
    """The same as `take_list`, of a file."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise KnownError(f"{file} cannot be read ({error.strerror}).") from error
    return take_list(
        tools,
        body,
        file.name,
        watch,
        first_episodes=first_episodes,
        near=near,
        keep_in_library=keep_in_library,
        private=private,
    )


def take_list(
    tools: Tools,
    body: bytes,
    name: str,
    watch: Watch,
    *,
    first_episodes: int,
    near: bool = False,
    keep_in_library: bool = False,
    private: bool = False,
) -> Imported:
    """Subscribe to every show of a list, all or none of them. Nobody is asked: the next refresh does that,
    and queues the newest `first_episodes` of each.

    `near`: addresses inside the user's own network are meant as they stand. `keep_in_library` and `private`:
    as `add_feed` has them, for every show of the list. Raises KnownError, Cancelled.
    """
    found = parse_opml(body)
    sorting = _Sorting(tools, bad=list(found.bad))
    for number, row in enumerate(found.rows):
        watch.stop_if_asked()
        watch.on_progress(Progress("Taking in", name, fraction=number / len(found.rows)))
        try:
            show = _show(row, near=near)
            if not keep_in_library:
                show = _hidden(tools, show, private=private)
        except KnownError as error:
            sorting.bad.append(BadRow(row.line, row.title or row.url[:200], str(error)))
            continue
        sorting.take(row, show)
    return sorting.store(first_episodes=first_episodes, keep_in_library=keep_in_library)


class _Sorting:
    """The rows of a list by what is to be done with them; nothing is stored before `store`."""

    def __init__(self, tools: Tools, bad: list[BadRow]) -> None:
        self.bad = bad
        self._tools = tools
        self._there: dict[str, FeedId | None] = {
            addresses.same_place(url): id_ for url, id_ in tools.library.feed_addresses().items()
        }
        self._private = private_shows(tools)
        self._ended = tools.library.ended_feed_ids()
        self._new: list[NewShow] = []
        self._known: list[FeedId] = []
        self._renewed: dict[FeedId, str] = {}

    def take(self, row: Outline, show: NewShow) -> None:
        """Sort one row in."""
        place = addresses.same_place(show.url)
        if place not in self._there and (known := self._tools.library.feed_by_url(show.url)):
            self._there[place] = known.id  # it stood there with its secret until this row was read
        feed_id = self._there.get(place)
        if place not in self._there and (same := self._other_secret(show)):
            feed_id = self._there[place] = same.id
            self._renewed[same.id] = show.url
        if place not in self._there and (given := self._given_away(row, show)):
            feed_id = given.id
        elif place not in self._there:
            self._new.append(show)
            self._there[place] = None
        elif feed_id is None:
            self.bad.append(BadRow(row.line, row.title, "It stands in this list twice."))
        if feed_id is not None:
            self._known.append(feed_id)

    def store(self, *, first_episodes: int, keep_in_library: bool) -> Imported:
        """Subscribe to what is new or was left, and renew what comes with another secret."""
        library, now_ms = self._tools.library, to_ms(self._tools.clock())
        changes = library.add_shows(self._new, now_ms=now_ms, first_episodes=first_episodes)
        added = len(changes.feed_ids)
        for feed_id, url in self._renewed.items():
            renew(self._tools, feed_id, url)
        library.ask_anew(self._renewed)
        for feed_id in dict.fromkeys(id_ for id_ in self._known if id_ in self._ended):
            changes |= library.subscribe_again(feed_id, first_episodes=first_episodes, imported_ms=now_ms)
        if keep_in_library:
            there = library.feed_addresses()
            wanted = [there[url] for url in [*(show.url for show in self._new), *self._renewed.values()]]
            library.keep_open([id_ for id_ in wanted if has_secret(library.feed(id_).url)])
        for show in self._new:
            if show.near:
                self._tools.door.allow(show.url)
        bad = tuple(sorted(self.bad, key=lambda row: row.line))
        known = sum(id_ not in self._ended for id_ in self._known)
        return Imported(changes, added, known, bad, len(self._renewed))

    def _other_secret(self, show: NewShow) -> Feed | None:
        secret = is_hidden(show.url) or has_secret(show.url)
        read = [known for known in self._private if secret and was_read(self._tools, known)]
        return same_listed(read, show)

    def _given_away(self, row: Outline, show: NewShow) -> Feed | None:
        """The private show that an address without secrets means, also where it shall be hidden whole now."""
        url = address_of(row.url)
        return None if has_secret(url) or is_hidden(url) else same_given_away(self._private, url, show.title)


def export_list(reader: Reader, file: Path, clock: Clock, *, overwrite: bool = False) -> WrittenList:
    """Write the shows that are subscribed to as OPML, without what is secret. Raises KnownError."""
    feeds = [feed for feed in reader.feeds() if not is_local(feed.url)]
    listed = (Listed(feed.title, given_away(feed.url), feed.link) for feed in feeds)
    text = as_opml(listed, format_datetime(clock()))
    write_whole(file, text.encode("utf-8"), replace=overwrite)
    return WrittenList(
        file,
        len(feeds),
        without_login=_titles(f for f in feeds if without_login(given_away(f.url)) != f.url),
        own_files=_titles(feed for feed in reader.feeds() if is_local(feed.url)),
    )


def _titles(feeds: Iterable[Feed]) -> tuple[str, ...]:
    return tuple(feed.title for feed in feeds)


def _show(row: Outline, *, near: bool) -> NewShow:
    """A row as a show. Raises KnownError for an address that cannot be one of a feed."""
    url = address_of(row.url)
    host = urlsplit(url).hostname or ""
    inside = _is_inside(host)
    if inside and not near:
        raise KnownError(NEAR)
    link = row.link if row.link and row.link.lower().startswith(("http://", "https://")) else None
    return NewShow(url, row.title or host, link, near=inside)


def _hidden(tools: Tools, show: NewShow, *, private: bool) -> NewShow:
    """What is secret in a show's address goes to the system's keyring. Raises NoKeyring."""
    return replace(show, url=keep_address(tools, hidden_address(tools, show.url, whole=private)))


def _is_inside(host: str) -> bool:
    """Whether a host is plainly one of the user's own network; no name is looked up for it."""
    try:
        return not is_public(str(ip_address(host)))
    except ValueError:
        return "." not in host or host.endswith(_HOME)
