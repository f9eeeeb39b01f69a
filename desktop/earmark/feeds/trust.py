"""Whether what came is what was asked for: the same show, and not the page of a network that wants a login.

Pure functions over what a round of checks brought.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from earmark.feeds.decide import FeedDecision
from earmark.records import Episode, Feed, ParsedFeed

Verdict = Literal["away", "portal", "unproven"]
LEAST_HOSTS = 2
AWAY_AFTER = 8
"""So many hosts without one answer: then nobody else needs to be asked."""


@dataclass(frozen=True, slots=True)
class Failed:
    """What a check that failed looked like: its host, whether anybody answered, whether a web page came,
    whether the server could not prove who it is, and whether the connection was cut."""

    host: str
    answered: bool
    page: bool
    unproven: bool = False
    cut: bool = False


def verdict(good: int, failed: Sequence[Failed]) -> Verdict | None:
    """What all faults of a round have in common that no feed is to blame for; None: each is its feed's own.

    "away": nobody answers at all, so this computer has no network. "portal": nobody gave a feed and several
    hosts gave a web page, so something between here and there answers in their place (N-17). "unproven":
    such a thing cannot prove to be the servers, or this computer's clock is wrong. A round of one host says
    nothing about others.
    """
    hosts = {fault.host for fault in failed}
    if good or len(hosts) < LEAST_HOSTS:
        return None
    if not any(fault.answered for fault in failed):
        return "away"
    pages = {fault.host for fault in failed if fault.page}
    if len(pages) >= LEAST_HOSTS:
        return "portal"
    unproven = {fault.host for fault in failed if fault.unproven}
    return "unproven" if len(unproven) >= LEAST_HOSTS and all(_not_told(fault) for fault in failed) else None


def network_went(at_the_end: Sequence[Failed], at_once: int) -> bool:
    """Whether the network went away in the middle of a round: by the faults at its end, among the last
    `at_once` answers and behind them, of feeds that had none before.

    While it is there, others answer in between, until the last that are asked `at_once` are waited for.

    >>> silent = [Failed(f"h{n}.example", answered=False, page=False) for n in range(9)]
    >>> network_went(silent, at_once=8), network_went(silent[1:], at_once=8)
    (True, False)
    """
    return len({fault.host for fault in at_the_end if not fault.answered}) > at_once


def server_died(behind: Sequence[Failed]) -> bool:
    """Whether a server died in the middle of a round: by the faults of one host behind its last answers.

    It cut what was open just then, and was silent to whoever came after that.

    >>> cut = Failed("a.example", answered=True, page=False, cut=True)
    >>> silent = Failed("a.example", answered=False, page=False)
    >>> server_died([cut, silent]), server_died([silent, silent])
    (True, False)
    """
    return any(fault.cut for fault in behind) and all(fault.cut or not fault.answered for fault in behind)


def _not_told(fault: Failed) -> bool:
    """Whether nothing that came can be from the server itself."""
    return fault.unproven or fault.page or not fault.answered


def shares_an_episode(known: Mapping[str, object], parsed: ParsedFeed) -> bool:
    """A feed may move only to a place that shares a GUID with it (AntennaPod#1393)."""
    return any(episode.guid in known for episode in parsed.episodes)


def is_another_show(
    feed: Feed, known: Mapping[str, Episode], parsed: ParsedFeed, decision: FeedDecision
) -> bool:
    """Whether a feed gives none of its known episodes, and what it gives is not just what came after them.

    A news feed may list its latest item alone, so nothing in common says little where title and order are
    what they were (F-14).
    """
    if not known or not parsed.episodes or len(decision.new) < len(parsed.episodes):
        return False
    if _plain(parsed.title) != _plain(feed.title):
        return True
    latest = max((episode.published_ms or 0 for episode in known.values()), default=0)
    dates = [episode.published_ms for episode in parsed.episodes]
    return any(date is not None and date < latest for date in dates)


def _plain(title: str) -> str:
    return re.sub(r"\W+", " ", title).strip().casefold()
