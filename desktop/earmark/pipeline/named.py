"""Which show or episode the user means, whatever they typed of it."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from earmark.errors import KnownError
from earmark.feeds import addresses
from earmark.hiding import printed
from earmark.library import Reader
from earmark.records import EpisodeId, Feed
from earmark.secret_parts import MARK

MOST_NEAR = 5
MOST_NAMED = 8
_LONGEST_NUMBER = 17
"""More digits than that are no number of the library's."""


def feed_named(feeds: Sequence[Feed], named: str) -> Feed:
    """The one show that is meant: by its number, its address, its title or a part of that.

    A private show's own address names it, too; its secrets are neither compared nor told. Raises KnownError
    where none or several fit, and then names them.
    """
    text = " ".join(named.split())
    if text.isdecimal() and (found := [feed for feed in feeds if feed.id == int(text)]):
        return found[0]
    place = addresses.same_place(text if "://" in text else f"https://{text}")
    words, shown = text.casefold(), printed(text)
    for found in (
        [feed for feed in feeds if text == feed.url or place == addresses.same_place(feed.url)],
        [feed for feed in feeds if _may_hide(feed.url, place)],
        [feed for feed in feeds if words == feed.title.casefold()],
        [feed for feed in feeds if words and words in feed.title.casefold()],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            told = [f"{feed.id} {feed.title[:60]}" for feed in found[:MOST_NAMED]]
            raise KnownError(_several(shown, "shows", told, len(found)))
    raise KnownError(f"There is no show “{shown[:200]}” in your library. All of them: earmark feeds")


def _may_hide(address: str, place: str) -> bool:
    """Whether a hidden address may stand for what was typed: the same, but for what the marks stand for.

    >>> _may_hide("https://example.org/feed?token=~earmark-00c0ffee~", "example.org/feed?token=abc")
    True
    >>> _may_hide("https://example.org/feed?token=~earmark-00c0ffee~", "example.org/other?token=abc")
    False
    """
    parts = MARK.split(addresses.same_place(address))
    return len(parts) > 1 and re.fullmatch(".+".join(map(re.escape, parts)), place) is not None


def episode_named(reader: Reader, named: str, *, of_left_shows: bool = False) -> EpisodeId:
    """The one episode that is meant: by its number, its title or a part of that.

    `of_left_shows`: also of those that were unsubscribed from. Raises KnownError where none or several fit,
    and then names them.
    """
    text = " ".join(named.split())
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER:
        return reader.episode(EpisodeId(int(text))).id
    words = text.casefold()
    fitting = reader.episodes_titled(words, of_left_shows=of_left_shows) if words else []
    found = [id_ for id_, whole in fitting if whole] or [id_ for id_, _ in fitting]
    if not found:
        raise KnownError(f"There is no episode “{text[:200]}” in your library. The newest: earmark episodes")
    if len(found) > 1:
        rows = reader.episode_rows(ids=found[:MOST_NAMED])
        told = [f"{row.id} {row.title[:60]} ({row.feed_title[:30]})" for row in rows]
        raise KnownError(_several(text, "episodes", told, len(found)))
    return found[0]


def _several(text: str, what: str, told: Sequence[str], every: int) -> str:
    more = f"; and {every - len(told)} more" if every > len(told) else ""
    return f"“{text[:200]}” fits {every} {what}. Take the number of one: {'; '.join(told)}{more}"


def names_near(wanted: str, names: Sequence[str]) -> str:
    """Which of these names may be meant: those that hold the words, or are written nearly so, else any."""
    small = {name.casefold(): name for name in names}
    near = [each for each in small if wanted in each or each in wanted]
    near += [each for each in get_close_matches(wanted, small, MOST_NEAR) if each not in near]
    told = [small[each] for each in (near or sorted(small))[:MOST_NEAR]]
    return f"{'Near it' if near else 'There is'}: {'; '.join(told)}."
