"""Passwords and tokens that stand in the library or in its copies in the open: found, hidden, and told.

An older Earmark wrote them there. When the library is opened they go to the system's keyring; where there is
none they stay, so that no show is lost, and `earmark feeds` says so. And what the keyring keeps for nobody
any more goes from it after a while.
"""

import logging
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from earmark.errors import KnownError
from earmark.hiding import has_secret, marks_in
from earmark.library import Hidden, Library, Reader, addresses_in, backups, hide_in_copy
from earmark.paths import Paths
from earmark.records import Changes, Feed, FeedId
from earmark.vault import Vault

DAYS_KEPT = 30
"""So long the keyring keeps the password of a show that was left: it can be taken up again."""
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Where secrets stand in the open. `wanted`: the user wants these shows' in the library; `unreadable`:
    copies that cannot be looked into; `twice`: shows that were just hidden, each with another of the same
    address."""

    shows: tuple[Feed, ...]
    wanted: tuple[Feed, ...]
    copies: tuple[Path, ...]
    unreadable: tuple[Path, ...]
    twice: tuple[tuple[Feed, Feed], ...] = ()


def standing(reader: Reader, paths: Paths) -> Standing:
    """Look into the library and all its copies; the keyring is not asked."""
    shows = [reader.feed(feed_id) for url, feed_id in reader.feed_addresses().items() if has_secret(url)]
    wanted = reader.kept_open()
    left_open = {show.url for show in shows if show.id in wanted}
    copies, unreadable = [], []
    for copy in backups(paths):
        try:
            found = addresses_in(copy).values()
        except sqlite3.Error:
            unreadable.append(copy)
            continue
        if any(has_secret(url) and url not in left_open for url in found):
            copies.append(copy)
    return Standing(
        tuple(show for show in shows if show.id not in wanted),
        tuple(show for show in shows if show.id in wanted),
        tuple(copies),
        tuple(unreadable),
    )


def tidy_secrets(library: Library, vault: Vault, paths: Paths, now_ms: int) -> None:
    """What is done with secrets when a library is opened. What cannot be done now is noted in the log."""
    try:
        hide_open(library, vault, paths)
        forget_left(library, vault, now_ms)
    except KnownError as error:
        logging.getLogger(__name__).warning("secrets stay where they are: %s", error)


def hide_open(library: Library, vault: Vault, paths: Paths, *, wanted_too: bool = False) -> Standing:
    """Hide all that stands in the open; what was found. `wanted_too`: also what the user wanted there so far.

    Raises KnownError, NoKeyring too.
    """
    found = standing(library, paths)
    shows = (*found.shows, *found.wanted) if wanted_too else found.shows
    if shows:
        hide_shows(library, vault, paths, {show.id: show.url for show in shows})
        found = replace(found, twice=_twice(library, vault, shows))
    elif found.copies:
        _mend_copies(library, vault, paths, {})
    return found


def hide_shows(
    library: Library, vault: Vault, paths: Paths, shows: Mapping[FeedId, str], *, whole: bool = False
) -> Changes:
    """Write shows without the secrets in their addresses (as they are asked), and so in all copies of the
    library; the keyring keeps them. `whole` as `hiding.hide` has it. Raises KnownError, NoKeyring too."""
    hidden: dict[FeedId, Hidden] = {}
    places: dict[str, str] = {}
    for feed_id, address in shows.items():
        marked = vault.keep(address, whole=whole)
        taken = {url for url, id_ in library.feed_addresses().items() if id_ != feed_id}
        marked = _only_one(marked, feed_id, taken | {url for url, _ in hidden.values()})
        hidden[feed_id] = (marked, partial(_without, vault, marked))
        places |= {address: marked, library.feed(feed_id).url: marked}
    changes = library.hide_feeds(hidden)
    _mend_copies(library, vault, paths, places)
    return changes


def _only_one(marked: str, feed_id: FeedId, taken: Collection[str]) -> str:
    """A hidden address that no other row has: two that were written apart may be the same when hidden.

    What comes after # is never sent to a server.
    """
    return f"{marked}#{feed_id}" if marked in taken else marked


def _twice(library: Library, vault: Vault, shows: Iterable[Feed]) -> tuple[tuple[Feed, Feed], ...]:
    """Which of these shows stand in the library a second time, at the same hidden address."""
    by_address = {feed.url: feed for feed in library.feeds()}
    others = ((show, by_address.get(vault.hide(show.url))) for show in shows if not library.is_ended(show.id))
    return tuple((show, other) for show, other in others if other and other.id != show.id)


def _mend_copies(library: Library, vault: Vault, paths: Paths, places: Mapping[str, str]) -> None:
    """Take out of every copy what is secret; `places`: the marked address of shows by that in the copy.

    One that cannot be written does not keep the others from it. Raises KnownError for it then.
    """
    problems: list[KnownError] = []
    wanted = library.kept_open()
    left_open = {url for url, feed_id in library.feed_addresses().items() if feed_id in wanted}
    for copy in backups(paths):
        try:
            found = addresses_in(copy)
        except sqlite3.Error:  # damaged; the user is told by `standing`
            continue
        hidden: dict[FeedId, Hidden] = {}
        for feed_id, url in found.items():
            if url in places or (has_secret(url) and url not in left_open):
                marked = places.get(url) or vault.keep(url)
                taken = {*found.values(), *(other for other, _ in hidden.values())} - {url}
                marked = _only_one(marked, feed_id, taken)
                hidden[feed_id] = (marked, partial(_without, vault, marked))
        if not hidden:
            continue
        library.note_left([marked for marked, _ in hidden.values()])
        try:
            hide_in_copy(copy, hidden)
        except KnownError as error:
            problems.append(error)
    if problems:
        raise problems[0]


def _without(vault: Vault, marked: str, text: str) -> str:
    return vault.hide_all(text, marked)


def forget_left(library: Library, vault: Vault, now_ms: int) -> None:
    """Have the keyring forget what was left a while ago. What it cannot forget now it is asked again."""
    due = library.left_addresses(now_ms=now_ms, since_ms=now_ms - DAYS_KEPT * _DAY_MS)
    if not due:
        return
    used = {mark for url in library.feed_addresses() if url not in due for mark in marks_in(url)}
    library.forget_left([url for url in due if vault.forget(url, but=used)])
