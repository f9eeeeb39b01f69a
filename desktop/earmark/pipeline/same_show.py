"""A show that comes again with another password or token is the same show: its secret is renewed."""

from collections.abc import Iterable

from earmark.export import without_login
from earmark.feeds.addresses import same_place
from earmark.hiding import given_away, has_secret, host_of, is_hidden, is_whole
from earmark.pipeline.tools import Tools
from earmark.records import Feed, FeedId, NewShow, ParsedFeed

UNIQUE_GUID = 12
"""Shorter ones, as "1" or "ep2", are those of other shows, too."""


def private_shows(tools: Tools) -> list[Feed]:
    """Every show whose address holds a secret, also those that were unsubscribed from."""
    found = tools.library.feed_addresses().items()
    return [tools.library.feed(feed_id) for url, feed_id in found if is_hidden(url) or has_secret(url)]


def was_read(tools: Tools, show: Feed) -> bool:
    """Whether the title of a show is what its feed says; before, it is that of a list."""
    return show.checked_ms is not None or bool(tools.library.episodes(show.id))


def same_show(tools: Tools, url: str, parsed: ParsedFeed) -> Feed | None:
    """The show that the library has at another secret of the same host, by what its feed says now.

    It is the same where it says so of itself (podcast:guid); else where it has the same title, and an episode
    with a GUID that no other show has is known; else where it stands at the same address but for the secret,
    and has the same title with any episode known or none read yet, or another one with most episodes known.
    """
    if not (is_hidden(url) or has_secret(url)):
        return None
    bare = tools.library.feed_by_url(_bare(url))  # as from a list that was written without secrets
    others = [show for show in (*private_shows(tools), bare) if show and show.url != url]
    return next((show for show in others if _is_same(tools, show, url, parsed)), None)


def same_listed(shows: Iterable[Feed], listed: NewShow) -> Feed | None:
    """The show of a list, which nobody was asked about, at another secret: the same address but for name and
    password, or but for all that is secret and of the same title.

    A title proves nothing where it is but the host's name, as in a row without one; nor does the rest of an
    address that is hidden whole. `shows` are those whose title came from their feed.
    """
    told = listed.title != host_of(listed.url) and not is_whole(listed.url)
    for show in shows:
        if without_login(show.url) == without_login(listed.url):
            return show
        same_path = _bare(show.url) == _bare(listed.url) and not is_whole(show.url)
        if told and same_path and _plain(show.title) == _plain(listed.title):
            return show
    return None


def same_given_away(shows: Iterable[Feed], url: str, title: str) -> Feed | None:
    """The private show that stands in a list without its secret, as `lists.export_list` writes it.

    Of several that are the same but for their secrets that of the same title, else the first. One whose path
    is hidden whole is known by its title alone, for nothing is left of its address but the host.
    """
    place = same_place(url)
    found = [show for show in shows if same_place(_bare(show.url)) == place]
    named = [show for show in found if _plain(show.title) == _plain(title)]
    return next(iter([*named, *(show for show in found if not is_whole(show.url))]), None)


def renew(tools: Tools, feed_id: FeedId, url: str) -> Feed:
    """Have a show asked at the same place with another secret from now on."""
    vault = tools.door.vault

    def hidden(text: str) -> str:
        return vault.hide_all(text, url) if is_hidden(url) else text

    tools.library.hide_feeds({feed_id: (url, hidden)})
    return tools.library.feed(feed_id)


def _is_same(tools: Tools, show: Feed, url: str, parsed: ParsedFeed) -> bool:
    if host_of(show.url) != host_of(url):
        return False
    guid = tools.library.show_facts(show.id).guid
    if guid and parsed.facts.guid:
        return guid == parsed.facts.guid
    known = {episode.guid for episode in tools.library.episodes(show.id)}
    came = {episode.guid for episode in parsed.episodes}
    shared = known & came
    unique = [guid for guid in shared if len(guid) >= UNIQUE_GUID]
    same_path = _bare(show.url) == _bare(url)
    if _plain(show.title) == _plain(parsed.title):
        return bool(unique) or (same_path and (bool(shared) or not known))
    return same_path and 2 * len(unique) > min(len(known), len(came))


def _bare(url: str) -> str:
    return without_login(given_away(url))


def _plain(title: str) -> str:
    return " ".join(title.split()).casefold()
