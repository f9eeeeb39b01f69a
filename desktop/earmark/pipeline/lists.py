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
from earmark.hiding import given_away
from earmark.library import Reader
from earmark.net import is_public
from earmark.pipeline.local import is_local
from earmark.pipeline.private import hidden_address, keep_address
from earmark.pipeline.subscribe import DEFAULT_BACKLOG, address_of
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, Feed, FeedId, NewShow, Progress

NEAR = (
    "Its address lies inside your own network, where a list from elsewhere must not lead. If it is yours, "
    "add it by itself (earmark add URL), or import the list with --near."
)


_HOME = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".home.arpa", ".fritz.box")


@dataclass(frozen=True, slots=True)
class Imported:
    """What a list brought: shows that are new, how many were subscribed to before, and rows passed over."""

    changes: Changes
    new: int
    known: int
    bad: tuple[BadRow, ...]


@dataclass(frozen=True, slots=True)
class WrittenList:
    """A list that was written. `without_login` and `own_files` are titles of shows whose name, password or
    token were left out, and of shows that are folders here and so in no list."""

    path: Path
    shows: int
    without_login: tuple[str, ...]
    own_files: tuple[str, ...]


def import_list(
    tools: Tools, file: Path, watch: Watch, *, first_episodes: int = DEFAULT_BACKLOG, near: bool = False
) -> Imported:
    """The same as `take_list`, of a file."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise KnownError(f"{file} cannot be read ({error.strerror}).") from error
    return take_list(tools, body, file.name, watch, first_episodes=first_episodes, near=near)


def take_list(
    tools: Tools, body: bytes, name: str, watch: Watch, *, first_episodes: int, near: bool = False
) -> Imported:
    """Subscribe to every show of a list, all or none of them. Nobody is asked: the next refresh does that,
    and queues the newest `first_episodes` of each.

    `near`: addresses inside the user's own network are meant as they stand. Raises KnownError, Cancelled.
    """
    found = parse_opml(body)
    bad = list(found.bad)
    there: dict[str, FeedId | None] = {
        addresses.same_place(url): id_ for url, id_ in tools.library.feed_addresses().items()
    }
    ended = tools.library.ended_feed_ids()
    new, again, known = [], [], 0
    for number, row in enumerate(found.rows):
        watch.stop_if_asked()
        watch.on_progress(Progress("Taking in", name, fraction=number / len(found.rows)))
        try:
            show = _hidden(tools, _show(row, near=near))
        except KnownError as error:
            bad.append(BadRow(row.line, row.title or row.url[:200], str(error)))
            continue
        place = addresses.same_place(show.url)
        feed_id = there.get(place)
        if place not in there:
            new.append(show)
            there[place] = None
        elif feed_id is None:
            bad.append(BadRow(row.line, row.title, "It stands in this list twice."))
        elif feed_id in ended:
            again.append(feed_id)
        else:
            known += 1
    now_ms = to_ms(tools.clock())
    changes = tools.library.add_shows(new, now_ms=now_ms, first_episodes=first_episodes)
    for feed_id in dict.fromkeys(again):
        changes |= tools.library.subscribe_again(feed_id, first_episodes=first_episodes, imported_ms=now_ms)
    for show in new:
        if show.near:
            tools.door.allow(show.url)
    return Imported(changes, len(changes.feed_ids), known, tuple(sorted(bad, key=lambda row: row.line)))


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


def _hidden(tools: Tools, show: NewShow) -> NewShow:
    """What is secret in a show's address goes to the system's keyring. Raises NoKeyring."""
    return replace(show, url=keep_address(tools, hidden_address(tools, show.url)))


def _is_inside(host: str) -> bool:
    """Whether a host is plainly one of the user's own network; no name is looked up for it."""
    try:
        return not is_public(str(ip_address(host)))
    except ValueError:
        return "." not in host or host.endswith(_HOME)
