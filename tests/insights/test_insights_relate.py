"""Related insights, and the five of a day."""

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from earmark.insights import BriefCandidate, Coverage, Rows, compose
from earmark.insights.brief import coverage_line
from earmark.insights.relate import Calibration, Close, calibration_of, closest, hub_penalty, list_of, trimmed
from earmark.records import BriefItem, EpisodeId, FeedId, InsightId, Link

DAY = 86_400_000
FACTS = Coverage(insights=41, read=7, new=9)


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
