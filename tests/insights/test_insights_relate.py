"""Related insights, and the five of a day."""

import random
from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray

from earmark.insights import BriefCandidate, Coverage, compose, related_links
from earmark.insights.brief import coverage_line
from earmark.records import BriefItem, EpisodeId, FeedId, InsightId, Link

DAY = 86_400_000
FACTS = Coverage(insights=41, read=7, new=9)


def rows(*angles: float) -> NDArray[np.float32]:
    return np.array([[np.cos(a), np.sin(a)] for a in angles], np.float32)


def links(
    vectors: NDArray[np.float32], episodes: list[int], feeds: list[int], cut: float = 0.5
) -> list[Link]:
    ids = [InsightId(f"i{k:03}") for k in range(len(vectors))]
    episode_of = {i: EpisodeId(e) for i, e in zip(ids, episodes, strict=True)}
    feed_of = {i: FeedId(f) for i, f in zip(ids, feeds, strict=True)}
    return related_links(ids, episode_of, feed_of, vectors, cut=cut)


def test_only_close_insights_of_other_episodes_are_related() -> None:
    found = links(rows(0, 0.1, 0.9, 3.0), [1, 1, 2, 3], [1, 1, 2, 3])
    assert {(x.insight_id, x.other_id) for x in found} == {
        ("i000", "i002"),
        ("i001", "i002"),
        ("i002", "i001"),
    }
    assert next(x for x in found if x.insight_id == "i002").also_said_by == 1


def test_no_show_has_more_than_two_places() -> None:
    vectors = np.eye(8, dtype=np.float32)[:, :8] * 0.5
    vectors[:, 0] = np.sqrt(0.75)
    vectors[0] = np.eye(8)[0]
    found = links(vectors, list(range(8)), [1, 2, 2, 2, 2, 3, 3, 3])
    feeds = Counter([1, 2, 2, 2, 2, 3, 3, 3][int(x.other_id[1:])] for x in found if x.insight_id == "i000")
    assert feeds == {2: 2, 3: 2}


def test_near_identical_ones_are_folded_into_one_and_counted() -> None:
    found = links(rows(0, 0.7, 0.7, 0.7), [1, 2, 3, 4], [1, 2, 3, 4])
    mine = [x for x in found if x.insight_id == "i000"]
    assert [(x.other_id, x.also_said_by) for x in mine] == [("i001", 2)]


def test_the_order_of_arrival_does_not_matter() -> None:
    draw = np.random.default_rng(1)
    vectors = draw.standard_normal((40, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = [InsightId(f"i{k}") for k in range(40)]
    episode_of = {i: EpisodeId(k // 4) for k, i in enumerate(ids)}
    feed_of = {i: FeedId(k // 8) for k, i in enumerate(ids)}
    first = related_links(ids, episode_of, feed_of, vectors, cut=0.4)
    order = list(range(40))
    random.Random(2).shuffle(order)
    again = related_links([ids[k] for k in order], episode_of, feed_of, vectors[order], cut=0.4)
    assert sorted(first, key=str) == sorted(again, key=str)
    assert first


@pytest.mark.parametrize("count", [0, 1])
def test_a_library_of_none_or_one_has_no_links(count: int) -> None:
    assert links(np.ones((count, 1), np.float32), [1] * count, [1] * count) == []


def candidate(
    number: int, *, feed: int = 0, quality: float = 0.5, age_days: float = 0, like: int | None = None
) -> BriefCandidate:
    vector = np.zeros(64, np.float32)
    vector[number if like is None else like] = 1
    return BriefCandidate(
        InsightId(f"i{number:03}"),
        quality,
        FeedId(feed or number),
        f"Show {feed or number}",
        EpisodeId(number),
        round((100 - age_days) * DAY),
        vector,
    )


def five(
    candidates: list[BriefCandidate], already: tuple[BriefItem, ...] = (), shown: set[InsightId] | None = None
) -> list[InsightId]:
    brief = compose(
        candidates,
        date="2026-11-23",
        now_ms=100 * DAY,
        already=already,
        shown_before=shown or set(),
        coverage=FACTS,
    )
    assert [item.position for item in brief.items] == list(range(len(brief.items)))
    assert all(item.why.endswith(".") for item in brief.items)
    return [item.insight_id for item in brief.items]


def test_five_are_chosen_when_there_are_enough_and_the_best_come_first() -> None:
    candidates = [candidate(k, quality=k / 10) for k in range(1, 9)]
    assert five(candidates) == ["i008", "i007", "i006", "i005", "i004"]
    random.Random(3).shuffle(candidates)
    assert five(candidates) == ["i008", "i007", "i006", "i005", "i004"]


def test_fewer_are_shown_rather_than_padding() -> None:
    assert five([]) == []
    assert len(five([candidate(1), candidate(2)])) == 2


def test_no_show_has_more_than_two_unless_there_are_hardly_any_shows() -> None:
    many = [candidate(k, feed=1, quality=0.9) for k in range(1, 7)]
    others = [candidate(k, feed=k, quality=0.2) for k in range(10, 13)]
    chosen = five(many + others)
    assert len(chosen) == 5
    assert sum(c.feed_id == 1 and c.insight_id in chosen for c in many) == 2
    assert len(five(many)) == 5


def test_the_same_claim_stands_once() -> None:
    chosen = five([candidate(1), candidate(2, like=1), candidate(3, like=1), candidate(4)])
    assert len(chosen) == 2


def test_what_was_shown_before_or_said_so_is_not_shown_again() -> None:
    candidates = [candidate(1), candidate(2, like=1), candidate(3)]
    assert five(candidates, shown={InsightId("i001")}) == ["i003"]


def test_what_stands_keeps_its_place_and_free_places_are_filled() -> None:
    standing = (BriefItem(InsightId("i001"), 0, "First."),)
    chosen = five([candidate(1, quality=0.1), candidate(2, quality=0.9)], already=standing)
    assert chosen == ["i001", "i002"]


def test_new_episodes_come_before_old_ones_of_equal_worth() -> None:
    assert five([candidate(1, age_days=90), candidate(2, age_days=1)]) == ["i002", "i001"]


def test_the_coverage_line_counts_in_plain_words() -> None:
    assert (
        coverage_line(0, Coverage(0, 0, 2, waiting=2))
        == "No insights yet, from 0 of 2 new episodes. 2 still to be read."
    )
    assert (
        coverage_line(1, Coverage(1, 1, 1, adverts=1))
        == "1 of 1 insight, from 1 of 1 new episode. 1 advert left out."
    )
