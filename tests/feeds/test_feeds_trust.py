"""What all faults of a round have in common, and whether a feed is still the same show."""

from dataclasses import replace

import pytest

from earmark.feeds import Failed, decide, is_another_show, server_died, verdict
from earmark.records import Episode, EpisodeId, Feed, FeedId, ParsedEpisode, ParsedFeed

FEED = Feed(FeedId(1), "https://a.example/feed", "Shop Talk", None, None, None, None, None, None, None)


def silent(*hosts: str) -> list[Failed]:
    return [Failed(host, answered=False, page=False) for host in hosts]


def pages(*hosts: str) -> list[Failed]:
    return [Failed(host, answered=True, page=True) for host in hosts]


def unproven(*hosts: str) -> list[Failed]:
    return [Failed(host, answered=True, page=False, unproven=True) for host in hosts]


def refused(*hosts: str) -> list[Failed]:
    return [Failed(host, answered=True, page=False) for host in hosts]


@pytest.mark.parametrize(
    ("good", "failed", "found"),
    [
        (0, silent("a", "b"), "away"),
        (1, silent("a", "b"), None),
        (0, silent("a", "a"), None),
        (0, [*silent("a"), *refused("b")], None),
        (0, [], None),
        (0, pages("a", "b"), "portal"),
        (0, [*pages("a", "b"), *refused("c"), *silent("d")], "portal"),
        (1, pages("a", "b"), None),
        (0, pages("a", "a", "a"), None),
        (0, [*pages("a"), *refused("b")], None),
        (0, [*unproven("a", "b"), *silent("c"), *pages("d")], "unproven"),
        (0, [*unproven("a", "b"), *refused("c")], None),
        (0, unproven("a", "a"), None),
        (1, unproven("a", "b"), None),
    ],
)
def test_n_01_n_17_n_18_one_cause_is_told_from_faults_of_single_feeds(
    good: int, failed: list[Failed], found: str | None
) -> None:
    assert verdict(good, failed) == found


def cut(*hosts: str) -> list[Failed]:
    return [Failed(host, answered=True, page=False, cut=True) for host in hosts]


@pytest.mark.parametrize(
    ("behind", "died"),
    [
        (cut("a", "a"), True),
        ([*cut("a"), *silent("a", "a")], True),
        (silent("a", "a"), False),
        ([*cut("a"), *refused("a")], False),
        ([], False),
    ],
)
def test_a_server_that_cut_what_was_open_and_says_nothing_since_has_died(
    behind: list[Failed], died: bool
) -> None:
    assert server_died(behind) == died


def item(guid: str, day: int, title: str = "") -> ParsedEpisode:
    return ParsedEpisode(guid, title or f"Title {guid}", day * 86_400_000, None, (), None, "", None)


def known(*items: ParsedEpisode) -> dict[str, Episode]:
    def stored(number: int, i: ParsedEpisode) -> Episode:
        about = (EpisodeId(number), FEED.id, FEED.title, FEED.url, i.guid, i.title, i.published_ms)
        return Episode(*about, None, (), None, "", None)

    return {i.guid: stored(n, i) for n, i in enumerate(items)}


@pytest.mark.parametrize(
    ("title", "items", "another"),
    [
        ("Casino Nights", [item("x", 20), item("y", 21)], True),
        ("Casino Nights", [item("x", 20), item("b", 2)], False),
        ("Shop Talk", [item("x", 20)], False),
        ("  shop TALK! ", [item("x", 20)], False),
        ("Shop Talk", [item("x", 20), item("old", 1)], True),
        ("Shop Talk", [replace(item("x", 1), published_ms=None)], False),
        ("Casino Nights", [], False),
        ("Casino Nights", [item("x", 2, "Title b")], False),
    ],
)
def test_f_14_a_feed_that_shares_nothing_is_another_show_unless_it_just_went_on(
    title: str, items: list[ParsedEpisode], another: bool
) -> None:
    parsed = ParsedFeed(title, None, "", None, tuple(items))
    stored = known(item("a", 1), item("b", 2), item("c", 10))
    assert is_another_show(FEED, stored, parsed, decide(FEED, stored, parsed)) == another
    assert not is_another_show(FEED, {}, parsed, decide(FEED, {}, parsed))
