"""The five of a day: what is chosen, why, and what may never happen."""

import hashlib
import random
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from earmark.insights import Coverage, Interest, Pool, compose, heard_in, novelties_of
from earmark.insights.coverage import coverage_line
from earmark.insights.interest import MOST_UP, OUTSIDE, Pull, interests_of, weights_of
from earmark.insights.meaning import unit
from earmark.records import Brief, BriefItem, EpisodeId, FeedId, InsightColumns, InsightId

DAY = 86_400_000
FACTS = Coverage(insights=41, read=7, new=9)
NOTHING = np.zeros((0, 0), np.float32)


@dataclass(frozen=True)
class Candidate:
    """An insight that may stand in a brief."""

    insight_id: InsightId
    quality: float
    feed_id: FeedId
    episode_id: EpisodeId
    published_ms: int
    vector: NDArray[np.float32]
    interest: Interest = field(default=Interest())


def candidate(
    number: int, *, feed: int = 0, quality: float = 0.5, age_days: float = 0, like: int | None = None
) -> Candidate:
    vector = np.zeros(64, np.float32)
    vector[number if like is None else like] = 1
    return Candidate(
        InsightId(f"i{number:03}"),
        quality,
        FeedId(feed or number),
        EpisodeId(number),
        round((100 - age_days) * DAY),
        vector,
    )


def pool(candidates: list[Candidate], recent: NDArray[np.float32]) -> Pool:
    """A library of these."""
    rows = sorted(candidates, key=lambda each: each.insight_id)
    vectors = np.stack([each.vector for each in rows]) if rows else NOTHING
    columns = InsightColumns(
        [each.insight_id for each in rows],
        np.array([each.quality for each in rows]),
        np.array([each.feed_id for each in rows], np.int64),
        np.array([each.episode_id for each in rows], np.int64),
        np.array([each.published_ms for each in rows], np.float64),
        np.zeros(len(rows), np.int64),
        np.ones(len(rows), np.bool_),
    )
    return Pool(
        columns,
        np.array([each.interest.factor for each in rows]),
        np.array([each.interest.outside for each in rows], np.bool_),
        novelties_of(vectors, recent),
        {each.feed_id: f"Show {each.feed_id}" for each in rows},
        lambda wanted: vectors[list(wanted)],
        lambda row: rows[row].interest,
    )


def composed(
    candidates: list[Candidate],
    already: tuple[BriefItem, ...] = (),
    *,
    shown: set[InsightId] | None = None,
    date: str = "2026-11-23",
    exploring: bool = False,
    taken: set[int] | None = None,
    recent: NDArray[np.float32] | None = None,
) -> Brief:
    barred = shown or set()
    vectors = [c.vector for c in candidates if c.insight_id in barred]
    if recent is None:
        recent = np.stack(vectors) if vectors else NOTHING
    return compose(
        pool(candidates, recent),
        date=date,
        now_ms=100 * DAY,
        already=already,
        barred=barred,
        has_past=bool(len(recent)),
        coverage=FACTS,
        taken=taken or set(),
        exploring=exploring,
    )


def five(
    candidates: list[Candidate], already: tuple[BriefItem, ...] = (), shown: set[InsightId] | None = None
) -> list[InsightId]:
    brief = composed(candidates, already, shown=shown)
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
    assert coverage_line(0, Coverage(0, 0, 0)) == "Nothing new: no episode came since the last brief."
    assert coverage_line(0, Coverage(9, 2, 2, held_back=9)) == (
        "Nothing new to you in 9 insights, from 2 of 2 new episodes. 9 held back by what you muted."
    )
    assert coverage_line(5, Coverage(0, 0, 0)) == "5 insights of earlier episodes; no new one came."
    assert coverage_line(5, Coverage(2, 1, 1)) == "5 insights, from 1 of 1 new episode and from earlier ones."


def liked(made: Candidate, factor: float, *, outside: bool = False) -> Candidate:
    return replace(made, interest=Interest(factor, (("close to “trams”, which you wrote", factor),), outside))


def test_interest_moves_a_card_up_and_is_told_first() -> None:
    cards = [candidate(k, quality=0.5) for k in range(1, 8)]
    cards[6] = liked(cards[6], 3.2)
    first = composed(cards).items[0]
    assert first.insight_id == "i007"
    assert first.why.startswith("Close to “trams”, which you wrote")


@pytest.mark.parametrize(
    ("cosine", "told"), [(0.10, ""), (0.15, "Somewhat close to “trams”"), (0.25, "Close to “trams”")]
)
def test_a_card_is_called_close_to_an_interest_only_where_others_hardly_ever_are(
    cosine: float, told: str
) -> None:
    wanted = np.zeros(64, np.float32)
    wanted[0] = 1.0
    card = wanted * np.float32(cosine)
    card[1] = np.float32((1 - cosine**2) ** 0.5)
    pull = Pull("close to “trams”, which you wrote", 1.0, wanted, phrase=True)
    (drawn,) = interests_of(card[None], ["A show"], [pull], np.zeros(64, np.float32))
    why = composed([replace(candidate(1), interest=drawn), candidate(2, feed=2)]).items[0].why
    assert why.startswith(told)
    assert ("trams" in why) == bool(told)


def test_a_card_from_outside_the_interests_is_not_called_close_to_one() -> None:
    share = OUTSIDE
    drawn = liked(candidate(30, quality=0.3), 1 + MOST_UP * share, outside=True)
    inside = [liked(candidate(k, quality=0.9), 4.0) for k in range(1, 8)]
    (item,) = [each for each in composed([*inside, drawn], exploring=True).items if each.outside]
    assert "trams" not in item.why


def test_interest_is_bounded_so_that_much_better_cards_still_come_first() -> None:
    poor = liked(candidate(1, quality=0.1), 3.5)
    assert composed([poor, candidate(2, quality=0.9)]).items[0].insight_id == "i002"


def test_the_terms_of_a_card_are_those_of_its_score() -> None:
    cards = [liked(candidate(k, quality=0.5, feed=k % 4, age_days=k), 1 + k / 10) for k in range(1, 9)]
    for item in composed(cards, recent=candidate(3).vector[None] * 0.7).items:
        terms = dict(item.terms)
        mine = next(c for c in cards if c.insight_id == item.insight_id)
        assert list(terms) == ["quality", "interest", "novelty", "freshness", "company", "variety"]
        assert terms["quality"] == mine.quality
        assert abs(terms["interest"] - mine.interest.factor) < 1e-4
        assert abs(terms["freshness"] - 0.5 ** (int(mine.insight_id[1:]) / 21)) < 1e-3
    order = [float(np.prod([factor for _, factor in item.terms])) for item in composed(cards).items]
    assert order == sorted(order, reverse=True)


def test_one_of_the_five_comes_from_outside_the_interests_and_says_so() -> None:
    inside = [liked(candidate(k, quality=0.9), 2.0) for k in range(1, 8)]
    others = [liked(candidate(k, quality=0.3), 1.0, outside=True) for k in range(20, 26)]
    items = composed(inside + others, exploring=True).items
    assert [item.outside for item in items] == [False] * 4 + [True]
    assert items[4].why.startswith("From outside your interests")
    assert items[4].insight_id in {c.insight_id for c in others}
    assert composed(inside + others, exploring=True).items == items
    days = {
        composed(inside + others, exploring=True, date=f"2026-11-{n:02}").items[4].insight_id
        for n in range(1, 25)
    }
    assert len(days) >= 3
    assert not any(item.outside for item in composed(inside + others).items)


def test_where_nothing_is_outside_the_fifth_is_another_good_one() -> None:
    inside = [liked(candidate(k), 2.0) for k in range(1, 8)]
    items = composed(inside, exploring=True).items
    assert len(items) == 5
    assert not any(item.outside for item in items)


def test_a_place_whose_insight_is_gone_stays_empty_and_nothing_moves() -> None:
    standing = (BriefItem(InsightId("i001"), 0, "First."), BriefItem(InsightId("i003"), 2, "Third."))
    cards = [candidate(k) for k in range(1, 9)]
    items = composed(cards, standing, taken={0, 1, 2}).items
    assert [item.position for item in items] == [0, 2, 3, 4]
    assert items[:2] == standing


def test_what_is_like_a_shown_one_loses_novelty_though_its_insight_is_gone() -> None:
    cards = [candidate(1), candidate(2)]
    assert [item.insight_id for item in composed(cards, recent=candidate(1).vector[None]).items] == ["i002"]


def test_a_claim_is_heard_in_episodes_not_in_sentences() -> None:
    one = candidate(1).vector
    rows = np.stack([one, one, one, candidate(2).vector])
    where = [EpisodeId(1), EpisodeId(1), EpisodeId(2), EpisodeId(3)]
    assert heard_in(rows, [(rows, where)]) == [2, 2, 2, 1]
    assert heard_in(rows, [(rows[:1], where[:1]), (rows[1:], where[1:])]) == [2, 2, 2, 1]


def test_what_is_weighed_for_many_is_what_is_told_of_each() -> None:
    draw = np.random.default_rng(5)

    def vectors(count: int) -> NDArray[np.float32]:
        return unit(draw.standard_normal((count, 16)).astype(np.float32))

    cards, common = vectors(200), vectors(1)[0] * np.float32(0.2)
    shows = [f"Show {n % 7}" for n in range(200)]
    for count in range(6):
        pulls = [
            Pull(f"p{n}", draw.uniform(-1, 1), v, phrase=bool(n % 2)) for n, v in enumerate(vectors(count))
        ]
        pulls += [Pull(f"s{n}", draw.uniform(-1, 1), show=f"show {n}") for n in range(count)]
        factors, outside = weights_of(cards, shows, pulls, common)
        told = interests_of(cards, shows, pulls, common)
        assert np.allclose(factors, [each.factor for each in told], rtol=1e-12)
        assert outside.tolist() == [each.outside for each in told]


def test_the_choice_is_that_of_looking_at_every_insight() -> None:
    """Against the plain way: of all that are left, the one worth most beside those already picked."""
    draw = np.random.default_rng(6)
    for round_ in range(20):
        count = int(draw.integers(1, 300))
        vectors = unit(draw.standard_normal((count, 4)).astype(np.float32))
        cards = [
            Candidate(
                InsightId(f"i{n:03}"),
                float(draw.random()),
                FeedId(int(draw.integers(1, 10))),
                EpisodeId(n % 20),
                100 * DAY,
                vector,
            )
            for n, vector in enumerate(vectors)
        ]
        assert five(cards) == plainly_chosen(cards), round_
        near = [replace(each, interest=Interest(outside=bool(draw.random() < 0.1))) for each in cards]
        date = f"2026-11-{1 + round_}"
        made = [item.insight_id for item in composed(near, exploring=True, date=date).items]
        assert made == plainly_chosen(near, date), round_


def plainly_chosen(cards: list[Candidate], date: str = "") -> list[InsightId]:
    picked: list[Candidate] = []
    few = len({each.feed_id for each in cards}) < 3
    while len(picked) < 5:
        outside = sorted(
            (-worth, number)
            for number, each in enumerate(cards)
            if each.interest.outside and (worth := worth_beside(each, picked, 2)) > 0
        )[:5]
        if len(picked) == 4 and date and outside:
            draw = int.from_bytes(hashlib.sha256(date.encode()).digest()[:4], "big")
            picked.append(cards[outside[draw % len(outside)][1]])
            continue
        rated = [(worth_beside(each, picked, 5 if few else 2), each) for each in cards]
        if few:
            strict = [(worth_beside(each, picked, 2), each) for each in cards]
            rated = strict if any(worth > 0 for worth, _ in strict) else rated
        worth, best = max(rated, key=lambda pair: pair[0])
        if worth <= 0:
            break
        picked.append(best)
    return [each.insight_id for each in picked]


def worth_beside(card: Candidate, picked: list[Candidate], limit: int) -> float:
    closest = max((float(card.vector @ other.vector) for other in picked), default=0.0)
    if closest >= 0.75 or sum(other.feed_id == card.feed_id for other in picked) >= limit:
        return 0.0
    again = any(other.episode_id == card.episode_id for other in picked)
    return card.quality * 0.7 * (1 - 0.4 * max(0.0, closest)) * (1 - 0.2 * again)
