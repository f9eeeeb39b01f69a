"""Private shows: what they send is stored without secrets, and an episode's address is asked for when needed.

An enclosure of such a show holds a token, often one that runs out. It is kept nowhere: in a later run the
show is asked again, and tells the address as it is now.
"""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from earmark.errors import KnownError
from earmark.hiding import has_secret, host_of, is_hidden, is_whole
from earmark.net import Door
from earmark.net.connect import never
from earmark.pipeline.feed_reader import FeedReader
from earmark.pipeline.open_secrets import hide_shows
from earmark.pipeline.tools import Tools
from earmark.records import Episode, ParsedEpisode, ParsedFeed
from earmark.secret_parts import MARK_BEGINS, path_span

Pick = Callable[[ParsedEpisode], str | None]
"""Which address of an episode is meant."""


def with_login(address: str, user: str, password: str) -> str:
    """An address with a name and password in it, in place of any that stand there.

    >>> with_login("https://example.org/feed", "ann@home", "a:b/c")
    'https://ann%40home:a%3Ab%2Fc@example.org/feed'
    """
    scheme, colon, rest = address.partition("://")
    authority, slash, path = rest.partition("/")
    pair = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return f"{scheme}{colon}{pair}@{authority.rpartition('@')[2]}{slash}{path}"


def hidden_address(tools: Tools, address: str, *, whole: bool = False) -> str:
    """An address with marks for its secrets, which are known until the program ends.

    A show that stands in the library with its secrets, from before or by the user's wish, is hidden now.
    `whole`: the user says that path and query are secret, whatever they look like. Raises NoKeyring, and
    Forgotten for marks that nothing is known of.
    """
    vault, library = tools.door.vault, tools.library
    if is_hidden(address):
        if not whole or is_whole(address):
            return vault.hide(address)
        address = vault.reveal(address)
    span = path_span(address)
    may_be_whole = span is not None and library.has_address(address[: span[0]] + MARK_BEGINS)
    if not (whole or may_be_whole or has_secret(address)):
        return address
    entire = vault.hide(address, whole=True)
    if library.feed_by_url(entire):
        return entire
    guessed = vault.hide(address)
    known = library.feed_by_url(address) or (library.feed_by_url(guessed) if whole else None)
    if known is not None and (whole or guessed != address):
        hide_shows(library, vault, tools.paths, {known.id: address}, whole=whole)
    return entire if whole else guessed


def keep_address(tools: Tools, address: str) -> str:
    """The same, and the keyring keeps what its marks stand for. Raises NoKeyring, Forgotten."""
    if is_hidden(address):
        tools.door.vault.keep_marks(address)
    return tools.door.vault.keep(address) if has_secret(address) else address


def without_secrets(door: Door, asked: str, parsed: ParsedFeed) -> ParsedFeed:
    """What a feed says, for storing: where it was `asked` at a hidden address, without any secret.

    Where it says that it has moved to is known until the program ends, so that it can be asked there.
    """
    if not is_hidden(asked):
        return parsed
    hidden = door.vault.hide_all(parsed, asked)
    if parsed.new_url and is_whole(asked):
        return replace(hidden, new_url=door.vault.hide(parsed.new_url, whole=True))
    return hidden


def place_to_ask(
    door: Door, episode: Episode, stored: str, pick: Pick, cancelled: Callable[[], bool] = never
) -> str:
    """Where to ask for what a stored address of an episode means; the show is asked where its secrets are
    not known. Raises KnownError, Cancelled. Touches no library, so that it may run on any thread."""
    if not is_hidden(stored) or door.vault.can_reveal(stored):
        return stored
    response = door.get(episode.feed_url, why="ask a private show for an address", cancelled=cancelled)
    with FeedReader() as reader:  # its own: that of a refresh on another thread is not ended with it
        read = reader.read(response, cancelled=cancelled)
    parsed = without_secrets(door, episode.feed_url, read)
    if door.vault.can_reveal(stored):
        return stored
    now = next((each for each in parsed.episodes if each.guid == episode.guid), None)
    found = pick(now) if now else None
    if found is None:
        raise KnownError(
            f"{host_of(episode.feed_url)} does not offer this any more, and its address is not kept here."
        )
    return found
