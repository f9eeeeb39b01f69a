"""Orders to a machine, loops and ghosts are left out before anything is scored, so they change nothing."""

import json
import random
from pathlib import Path

import pytest
from scripted_model import ScriptedModel

from earmark.demo import demo_episodes
from earmark.insights import extract
from earmark.insights.noise import find_noise, is_order
from earmark.insights.sentences import split_sentences
from earmark.records import Extraction, Segment, Transcript

ORDERS: list[str] = json.loads((Path(__file__).parent / "orders.json").read_text("utf-8"))
TALK = [line for episode in demo_episodes()[:6] for line in episode.lines]


def read(segments: list[Segment]) -> Extraction:
    """The insights of segments, with the scripted model."""
    return extract(
        Transcript("publisher", tuple(segments)),
        ScriptedModel(),
        identity="feed",
        cancelled=lambda: False,
        on_progress=lambda _: None,
    )


def spoken() -> list[Segment]:
    """Half an hour of talk."""
    return [Segment(i * 5000, i * 5000 + 5000, x.text, x.speaker) for i, x in enumerate(TALK)]


def test_there_are_fifty_orders_and_each_is_recognised() -> None:
    assert len(set(ORDERS)) == 50
    missed = [order for order in ORDERS if not find_noise(split_sentences([Segment(0, 9000, order)]))]
    assert missed == []


def test_an_embedded_order_changes_neither_text_nor_ranking() -> None:
    plain = spoken()
    before = read(plain)
    shown = {i for each in before.insights for i in range(each.first_segment, each.last_segment)}
    draw = random.Random(5)
    free = [i for i in range(4, len(plain) - 4) if i not in shown]
    changed_texts = changed_ranks = 0
    for order in ORDERS:
        place = draw.choice(free)
        told = [Segment(plain[place].end_ms, plain[place].end_ms, order, plain[place].speaker)]
        after = read([*plain[: place + 1], *told, *plain[place + 1 :]])
        texts = [(i.headline, i.text, i.quote) for i in after.insights]
        wanted = [(i.headline, i.text, i.quote) for i in before.insights]
        changed_texts += set(texts) != set(wanted)
        changed_ranks += texts != wanted
    assert changed_texts == 0
    assert changed_ranks <= 0.02 * len(ORDERS)


@pytest.mark.parametrize("order", ORDERS[::7])
def test_an_order_in_the_midst_of_a_quotation_is_never_shown(order: str) -> None:
    plain = spoken()
    best = read(plain).insights[0]
    place = best.first_segment
    told = Segment(plain[place].end_ms, plain[place].end_ms, order, plain[place].speaker)
    after = read([*plain[: place + 1], told, *plain[place + 1 :]])
    assert after.insights
    assert not any(is_order(i.text) or is_order(i.headline) for i in after.insights)


def test_people_may_talk_about_instructions_and_rules() -> None:
    for line in TALK:
        assert not is_order(line.text), line.text
    for text in (
        "The manual's instructions ignore the cold months.",
        "You are a nurse, so you know what a night shift does.",
        "We put the answer into the first chapter.",
        "They say, do the hard thing first.",
    ):
        assert not is_order(text), text


def test_loops_and_ghosts_of_a_recogniser_are_noise() -> None:
    texts = [
        "Thank you for watching.",
        "Bread prices rose by 10 percent in a year.",
        "[Music]",
        *["The cat sat on the mat."] * 3,
        "and then and then and then and then and then and then and then and then",
        "Subtitles by the Amara.org community",
    ]
    sentences = split_sentences([Segment(i * 4000, i * 4000 + 3000, text) for i, text in enumerate(texts)])
    assert [s.text for i, s in enumerate(sentences) if i not in find_noise(sentences)] == [texts[1]]
