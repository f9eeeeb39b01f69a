"""Links that follow a library: whatever comes and goes in whatever order, they are those of a fresh start."""

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from small_shows import an_episode, an_insight, take_in

from earmark.engines import EngineDied
from earmark.errors import Cancelled
from earmark.insights import kinds, relate
from earmark.library import Library, link_queries, open_library
from earmark.paths import Paths
from earmark.pipeline import Tools, Watch, relate_all, relating
from earmark.records import (
    MIRRORED,
    EpisodeId,
    Extraction,
    ExtractionCounts,
    InsightId,
    Link,
    RelatedCard,
    Segment,
    Tier,
    Transcript,
)

MODEL = "vectors-of-the-test"
SHOWS, EPISODES = 4, 8
KINDS = ("agrees", "contradicts", "extends", "example", "unrelated", "same claim")


@dataclass
class PairModel:
    """Tells of any pair of claims what their words have it tell, the other way round when asked so.

    `told` are kinds by claims; without one, the words decide. `dies` after so many answers.
    """

    tier: Tier = "quotes"
    told: Mapping[tuple[str, str], str] = field(default_factory=dict)
    embedding_model_id: str = MODEL
    model_id: str = "pairs"
    asked: list[str] = field(default_factory=list)
    dies: int = 10_000

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        """What is said around a claim adds nothing to it."""
        return np.zeros((len(texts), 1), np.float32)

    def write(self, system: str, prompt: str, schema_name: str, max_tokens: int) -> str:
        """An answer under the grammar of kinds."""
        assert schema_name == "kind"
        if len(self.asked) >= self.dies:
            raise EngineDied("The language engine stopped.")
        self.asked.append(prompt)
        one, other = (line[3:] for line in prompt.splitlines())
        low, high = sorted((one, other))
        number = hashlib.sha256(f"{low} {high}".encode()).digest()[0] % len(KINDS)
        kind: Any = self.told.get((low, high), KINDS[number])
        return json.dumps(
            {"why": "it is so", "kind": kind if (low, high) == (one, other) else MIRRORED[kind]}
        )


@contextmanager
def a_library(model: PairModel) -> Iterator[Tools]:
    """A library of four shows with two episodes each, without insights."""
    with tempfile.TemporaryDirectory() as folder, open_library(Paths(Path(folder))) as library:
        for show in range(SHOWS):
            new = [an_episode(f"g{n}", published_ms=None) for n in range(EPISODES) if n % SHOWS == show]
            take_in(library, f"Show {show}", new, url=f"https://example.org/{show}")
        for episode in library.episodes():
            library.store_transcript(episode.id, Transcript("publisher", (Segment(0, 9, "words"),)))
        tools: Any = type("T", (), {"library": library, "language": model})
        yield tools


def read(library: Library, episode: int, vectors: Mapping[str, NDArray[np.float32]]) -> None:
    """Store these as the insights of an episode, in place of what it had; none: it goes."""
    (episode_id,) = (e.id for e in library.episodes() if e.guid == f"g{episode}")
    made = tuple(an_insight(name, f"claim {name}") for name in vectors)
    library.store_extraction(
        EpisodeId(episode_id),
        Extraction(made, (), ExtractionCounts(kept=len(made))),
        {InsightId(name): vector for name, vector in vectors.items()},
        MODEL,
        now_ms=1,
    )


def unit(*numbers: float) -> NDArray[np.float32]:
    vector = np.array(numbers, np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def insights_of(episode: int, version: int, rich: int) -> dict[str, NDArray[np.float32]]:
    """What reading an episode gives: some near-identical across episodes, some new with the version."""
    found = {}
    for n in range(rich):
        draw = np.random.default_rng([episode, n, version if n == 0 else 0])
        base = np.random.default_rng([n, 77]).standard_normal(6)
        found[f"{episode}-{n}"] = unit(*(base + (0.12 if n % 2 else 0.7) * draw.standard_normal(6)))
    return found


@pytest.fixture
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds that a handful of insights reaches."""
    monkeypatch.setattr(relate, "UNKNOWN", relate.Calibration(cut=0.55, same=0.96, again=0.9))
    for module, name, value in (
        (relate, "MOST_CLOSE", 6),
        (relate, "MOST_CLOSE_OF_A_SHOW", 3),
        (relate, "MOST", 4),
        (relate, "HUB_NEIGHBOURS", 3),
        (relate, "HUB_WEIGHT", 3.0),
        (relating, "LINKED_AT_ONCE", 3),
        (relating, "LISTED_AT_ONCE", 2),
        (relating, "PAIRS_A_RUN", 1000),
        (link_queries, "ROWS_AT_ONCE", 4),
    ):
        monkeypatch.setattr(module, name, value)


STEPS = st.lists(
    st.tuples(st.integers(0, EPISODES - 1), st.integers(0, 2), st.sampled_from([0, 2, 4, 4]), st.booleans()),
    min_size=1,
    max_size=14,
)
"""(episode, version of its insights, how many it has, whether links are made before the next step)"""


@pytest.mark.parametrize("tier", ["quotes", "short"])
@pytest.mark.usefixtures("small_bounds")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_order_of_coming_and_going_gives_the_links_of_a_fresh_start(
    tier: Tier, steps: list[tuple[int, int, int, bool]]
) -> None:
    with a_library(PairModel(tier)) as tools:
        for episode, version, rich, link_now in steps:
            read(tools.library, episode, insights_of(episode, version, rich))
            if link_now:
                relate_all(tools)
        relate_all(tools)
        grown = tools.library.links()
        assert not relate_all(tools)
    with a_library(PairModel(tier)) as fresh:
        for episode, version, rich in {e: (e, v, r) for e, v, r, _ in steps}.values():
            read(fresh.library, episode, insights_of(episode, version, rich))
        relate_all(fresh)
        assert fresh.library.links() == grown
        assert_rules(fresh.library, grown)


def assert_rules(library: Library, links: list[Link]) -> None:
    """Other episodes only, two of a show, four in all, no two that say the same."""
    cards = {card.insight.id: card for card in library.cards()}
    placed = library.placed_vectors(MODEL)
    ids, matrix = placed.ids, placed[:]
    vector = dict(zip(ids, matrix, strict=True))
    disagreed = {me for me in cards if any(each.kind == "contradicts" for each in library.related(me))}
    assert library.contradicted(cards) == disagreed
    for me in cards:
        mine = sorted(
            (k for k in links if k.insight_id == me and k.place is not None), key=lambda k: k.place or 0
        )
        assert [link.place for link in mine] == list(range(len(mine)))
        assert len(mine) <= 4
        shows = [cards[link.other_id].feed_title for link in mine]
        assert all(shows.count(show) <= 2 for show in shows)
        assert all(cards[link.other_id].episode_id != cards[me].episode_id for link in mine)
        pairs = [(a.other_id, b.other_id) for a in mine for b in mine if a.other_id < b.other_id]
        assert all(vector[a] @ vector[b] < 0.9601 for a, b in pairs)


def test_a_library_of_many_shows_fills_lists_and_folds(
    small_bounds: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relate, "UNKNOWN", relate.Calibration(cut=0.3, same=0.96, again=0.9))
    with a_library(PairModel()) as tools:
        for episode in range(EPISODES):
            read(tools.library, episode, insights_of(episode, 0, 4))
        relate_all(tools)
        links = tools.library.links()
        assert any(link.folded_into for link in links)
        assert any(link.place == 3 for link in links)
        assert any(link.place is None and link.folded_into is None for link in links)


def test_what_says_the_same_is_folded_and_can_be_opened() -> None:
    with a_library(PairModel()) as tools:
        for episode in (1, 2, 3):
            read(tools.library, episode, {f"{episode}": unit(1, 0.7, 0.01 * episode)})
        read(tools.library, 0, {"me": unit(1, 0, 0)})
        relate_all(tools)
        (item,) = tools.library.related(InsightId("me"))
        assert item.card.insight.id == "1"
        assert [card.insight.id for card in item.also] == ["2", "3"]
        assert (item.by_others, item.again) == (item.also, ())
        assert tools.library.card(InsightId("me")).related_count == 1
        assert {k.other_id for k in tools.library.links() if k.insight_id == "2"} == {"1", "3", "me"}


def test_what_an_episode_comes_back_to_is_not_said_by_others() -> None:
    with a_library(PairModel()) as tools:
        read(tools.library, 1, {f"1{n}": unit(1, 0.7, 0.01 * n) for n in range(2)})
        read(tools.library, 0, {"me": unit(1, 0, 0)})
        relate_all(tools)
        (item,) = tools.library.related(InsightId("me"))
        assert ([card.insight.id for card in item.again], item.by_others) == (["11"], ())


def test_an_insight_that_goes_makes_room_for_the_one_behind_it(small_bounds: None) -> None:
    with a_library(PairModel()) as tools:
        read(tools.library, 0, {"me": unit(1, 0, 0)})
        for episode in (1, 5):
            many = {f"{episode}-{n}": unit(1, 0.3 + 0.1 * n, 0.6 * (-1) ** n) for n in range(3)}
            read(tools.library, episode, many)
        relate_all(tools)
        before = [item.card.insight.id for item in tools.library.related(InsightId("me"))]
        read(tools.library, 1, {})
        relate_all(tools)
        after = [item.card.insight.id for item in tools.library.related(InsightId("me"))]
        assert len(before) == len(after) == 2
        assert set(before) != set(after)


def seen(tools: Tools, name: str) -> list[RelatedCard]:
    return tools.library.related(InsightId(name))


def test_kinds_are_asked_once_for_a_pair_and_seen_from_both_sides() -> None:
    model = PairModel("short", {("claim a", "claim b"): "extends"})
    with a_library(model) as tools:
        read(tools.library, 0, {"a": unit(1, 0.2)})
        read(tools.library, 1, {"b": unit(1, 0)})
        relate_all(tools)
        assert [(item.kind, item.why) for item in seen(tools, "a")] == [("extends", "it is so")]
        assert [(item.kind, item.why) for item in seen(tools, "b")] == [("extended by", "it is so")]
        assert len(model.asked) == 2
        read(tools.library, 0, {"a": unit(1, 0.2)})
        relate_all(tools)
        assert len(model.asked) == 2
        assert seen(tools, "a")[0].kind == "extends"


def test_other_words_under_the_same_id_are_told_of_anew() -> None:
    model = PairModel("full", {("claim a", "claim b"): "agrees"})
    with a_library(model) as tools:
        read(tools.library, 0, {"a": unit(1, 0.2)})
        read(tools.library, 1, {"b": unit(1, 0)})
        relate_all(tools)
        (episode_id,) = (e.id for e in tools.library.episodes() if e.guid == "g0")
        other = an_insight("a", "else", tier="full")
        tools.library.store_extraction(
            episode_id,
            Extraction((other,), (), ExtractionCounts()),
            {other.id: unit(1, 0.2)},
            MODEL,
            now_ms=1,
        )
        relate_all(tools)
        assert "else" in model.asked[-1]


def test_the_first_that_disagrees_has_a_place_and_what_is_unrelated_has_none(small_bounds: None) -> None:
    names = [f"{episode}-{n}" for episode in (1, 2, 3) for n in (0, 1)]
    told = {tuple(sorted((f"claim {name}", "claim me"))): "agrees" for name in names}
    told["claim 1-1", "claim me"] = "contradicts"
    told["claim 2-0", "claim me"] = "unrelated"
    model = PairModel("short", {(a, b): kind for (a, b), kind in told.items()})
    with a_library(model) as tools:
        read(tools.library, 0, {"me": unit(1, 0, 0)})
        for episode in (1, 2, 3):
            near = {f"{episode}-{n}": unit(1, 0.1 * episode + 0.9 * n, 0.2 * episode) for n in (0, 1)}
            read(tools.library, episode, near)
        relate_all(tools)
        found = seen(tools, "me")
        assert (found[0].card.insight.id, found[0].kind) == ("1-1", "contradicts")
        assert "2-0" not in [item.card.insight.id for item in found]
        assert {item.kind for item in found[1:]} == {"agrees"}


def test_in_the_quotes_tier_nothing_is_asked_and_no_kind_is_shown() -> None:
    model = PairModel("quotes")
    with a_library(model) as tools:
        read(tools.library, 0, {"a": unit(1, 0.2)})
        read(tools.library, 1, {"b": unit(1, 0)})
        relate_all(tools)
        assert [item.kind for item in seen(tools, "a")] == [None]
        assert model.asked == []


def test_an_engine_that_dies_leaves_the_lists_and_what_it_told(caplog: pytest.LogCaptureFixture) -> None:
    model = PairModel("short", dies=3)
    with a_library(model) as tools:
        read(tools.library, 0, {"a": unit(1, 0.2)})
        for episode in (1, 2):
            read(tools.library, episode, {f"b{episode}": unit(1, 0.1 * episode)})
        relate_all(tools)
        assert len(seen(tools, "a")) >= 1
        assert "stopped" in caplog.text
        model.dies = 10_000
        relate_all(tools)
        assert len(model.asked) == 7  # six for three pairs, and one of the pair that broke off


def test_a_stop_keeps_what_was_told() -> None:
    model = PairModel("short")
    with a_library(model) as tools:
        for episode in range(4):
            read(tools.library, episode, {f"{episode}": unit(1, 0.1 * episode)})
        with pytest.raises(Cancelled):
            relate_all(tools, Watch(cancelled=lambda: len(model.asked) >= 4))
        assert len(tools.library.untold_pairs(kinds.VERSION, 99)) == 4
