"""Related insights."""

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from earmark.insights import Rows
from earmark.insights.relate import Calibration, Close, calibration_of, closest, hub_penalty, list_of, trimmed
from earmark.records import InsightId, Link


def rows(vectors: NDArray[np.float32], episodes: list[int], feeds: list[int], first: int = 0) -> Rows:
    ids = [InsightId(f"i{first + k:03}") for k in range(len(vectors))]
    return Rows(ids, vectors, np.array(episodes), np.array(feeds))


def angles(*values: float) -> NDArray[np.float32]:
    return np.array([[np.cos(a), np.sin(a)] for a in values], np.float32)


KNOWN = Calibration(cut=0.5, same=0.85, again=0.7)


def lists(everything: Rows) -> dict[InsightId, list[Link]]:
    """All lists of a library, made at once."""
    close, _ = closest(everything, [everything], KNOWN.cut)
    penalties = {id_: hub_penalty(own) for id_, own in close.items()}
    vectors = dict(zip(everything.ids, everything.vectors, strict=True))
    return {id_: list_of(id_, own, penalties, vectors, {}, KNOWN) for id_, own in close.items()}


def shown(links: list[Link]) -> list[str]:
    placed = sorted((link.place, link.other_id) for link in links if link.place is not None)
    return [id_ for _, id_ in placed]


def test_only_close_insights_of_other_episodes_are_related() -> None:
    found = lists(rows(angles(0, 0.1, 0.9, 3.0), [1, 1, 2, 3], [1, 1, 2, 3]))
    assert {id_: shown(own) for id_, own in found.items()} == {
        "i000": ["i002"],
        "i001": ["i002"],
        "i002": ["i001"],
        "i003": [],
    }
    assert [(k.other_id, k.folded_into) for k in found[InsightId("i002")]] == [
        ("i001", None),
        ("i000", "i001"),
    ]


def test_no_show_has_more_than_two_places() -> None:
    vectors = np.eye(8, dtype=np.float32)[:, :8] * 0.5
    vectors[:, 0] = np.sqrt(0.75)
    vectors[0] = np.eye(8)[0]
    found = lists(rows(vectors, list(range(8)), [1, 2, 2, 2, 2, 3, 3, 3]))
    assert shown(found[InsightId("i000")]) == ["i001", "i002", "i005", "i006"]


def test_no_list_has_more_than_ten() -> None:
    vectors = np.eye(20, dtype=np.float32) * 0.5
    vectors[:, 0] = np.sqrt(0.75)
    vectors[0] = np.eye(20)[0]
    found = lists(rows(vectors, list(range(20)), list(range(20))))
    assert len(shown(found[InsightId("i000")])) == 10
    assert len(found[InsightId("i000")]) == 19


def test_near_identical_ones_are_folded_into_one_and_named() -> None:
    found = lists(rows(angles(0, 0.7, 0.7, 0.7), [1, 2, 3, 4], [1, 2, 3, 4]))[InsightId("i000")]
    assert shown(found) == ["i001"]
    assert [k.other_id for k in found if k.folded_into == "i001"] == ["i002", "i003"]


def test_who_comes_back_to_a_point_within_an_episode_is_folded_sooner() -> None:
    vectors = angles(0, 0.7, 0.0, 1.4)
    for episodes, expected in (([1, 2, 2, 3], 1), ([1, 2, 4, 3], 2)):
        found = lists(rows(vectors, episodes, [1, 2, 2, 3]))[InsightId("i000")]
        assert len(shown(found)) == expected


def test_a_hub_gives_way_to_one_that_is_close_to_little_else() -> None:
    close = [Close(InsightId("hub"), 0.60, 1, 1), Close(InsightId("own"), 0.58, 2, 2)]
    vectors = dict(zip((InsightId("hub"), InsightId("own")), angles(0, 1.5), strict=True))
    penalties = {InsightId("hub"): hub_penalty([Close(InsightId(str(n)), 0.6, n, n) for n in range(10)])}
    assert shown(list_of(InsightId("me"), close, penalties, vectors, {}, KNOWN)) == ["own", "hub"]
    assert shown(list_of(InsightId("me"), close, {}, vectors, {}, KNOWN)) == ["hub", "own"]


CLOSE = st.lists(
    st.builds(
        Close,
        st.integers(0, 60).map(lambda n: InsightId(f"i{n}")),
        st.integers(48, 99).map(lambda n: n / 100),
        st.integers(0, 3),
        st.integers(0, 9),
    ),
    max_size=60,
    unique_by=lambda each: each.id,
)


@given(CLOSE, st.integers(0, 60))
def test_what_is_close_to_a_whole_is_what_is_close_to_its_parts(close: list[Close], cut: int) -> None:
    parts = [*trimmed(close[:cut]), *trimmed(close[cut:])]
    assert trimmed(parts) == trimmed(close)


@given(st.integers(2, 40), st.integers(1, 9), st.randoms(use_true_random=False))
def test_closeness_depends_neither_on_order_nor_on_the_size_of_parts(
    count: int, size: int, dice: random.Random
) -> None:
    draw = np.random.default_rng(dice.randrange(2**32))
    vectors = draw.standard_normal((count, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    episodes, feeds = [k // 3 for k in range(count)], [k // 6 for k in range(count)]
    everything = rows(vectors, episodes, feeds)
    order = list(range(count))
    dice.shuffle(order)
    parts = [
        Rows(
            [everything.ids[k] for k in part],
            vectors[part],
            everything.episodes[part],
            everything.feeds[part],
        )
        for part in (order[n : n + size] for n in range(0, count, size))
    ]
    forth, back = closest(everything, parts, 0.2)
    assert forth == closest(everything, [everything], 0.2)[0]
    assert {id_: trimmed(own) for id_, own in back.items()} == {id_: own for id_, own in forth.items() if own}


def test_a_library_of_none_or_one_has_no_links() -> None:
    assert lists(rows(np.ones((1, 1), np.float32), [1], [1])) == {"i000": []}
    assert closest(rows(np.ones((1, 1), np.float32), [1], [1]), [], 0.5)[1] == {}


def test_a_model_whose_cosines_nobody_has_read_must_be_surer() -> None:
    known = calibration_of("all-minilm-l6-v2-q8_0")
    assert calibration_of("another").cut > known.cut
    assert calibration_of("another").same >= known.same
