"""Related insights."""

import random
from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray

from earmark.insights import related_links
from earmark.records import EpisodeId, FeedId, InsightId, Link


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
