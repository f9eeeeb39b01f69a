"""Topics and chapters: where something new begins, and which chapters hold no talk."""

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scripted_model import ScriptedModel

from earmark.demo import demo_episodes
from earmark.insights import extract
from earmark.insights.chapters import chapter_kinds, fitting_chapters
from earmark.insights.passages import kinds_of, mark
from earmark.insights.sentences import Sentence, split_sentences
from earmark.insights.topics import topic_borders
from earmark.records import Chapter, PassageKind, Segment, Transcript


def said(texts: list[str]) -> list[Sentence]:
    """Sentences of five seconds each."""
    segments = [Segment(i * 5000, i * 5000 + 5000, text) for i, text in enumerate(texts)]
    return [replace(s, number=i) for i, s in enumerate(split_sentences(segments))]


def by_subject(*subjects: int) -> tuple[list[Sentence], list[PassageKind], "list[int]"]:
    """One sentence for each subject number, and the numbers."""
    sentences = said([f"Sentence {i} is about number {n}." for i, n in enumerate(subjects)])
    return sentences, ["talk"] * len(sentences), list(subjects)


def meaning(texts: list[str]) -> NDArray[np.float32]:
    """The mean of a random direction for each subject that a text names, with noise."""
    rows = []
    for text in texts:
        named = [int(part.split(".")[0]) for part in text.split("number ")[1:]]
        directions = [np.random.default_rng(n).normal(size=64) for n in named]
        noise = np.random.default_rng(len(text) + sum(map(ord, text))).normal(size=64)
        rows.append(np.mean(directions, axis=0) + 0.4 * noise)
    found = np.array(rows, np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_a_topic_begins_where_the_meaning_turns() -> None:
    sentences, kinds, _ = by_subject(*[1] * 40, *[2] * 30, *[3] * 50)
    borders = topic_borders(sentences, kinds, (), lambda texts: meaning(list(texts)))
    assert len(borders) == 2
    assert all(min(abs(found - true) for true in (40, 70)) <= 2 for found in borders)


def test_a_chapter_begins_a_topic_wherever_it_stands() -> None:
    sentences, kinds, _ = by_subject(*[1] * 40)
    chapters = (Chapter(0, "Hello"), Chapter(50_000, "Bread"), Chapter(51_000, "More bread"))
    assert topic_borders(sentences, kinds, chapters, lambda texts: meaning(list(texts))) == {10}


@pytest.mark.parametrize("count", [0, 1, 5, 23])
def test_little_talk_has_one_topic(count: int) -> None:
    sentences, kinds, _ = by_subject(*range(count))
    assert topic_borders(sentences, kinds, (), lambda texts: meaning(list(texts))) == frozenset()


def test_borders_lie_within_talk_and_far_enough_apart() -> None:
    draw = random.Random(4)
    sentences, kinds, _ = by_subject(*(draw.randrange(3) for _ in range(200)))
    kinds[60:70] = ["ad"] * 10
    borders = sorted(topic_borders(sentences, kinds, (), lambda texts: meaning(list(texts))))
    assert not any(60 <= border < 70 for border in borders)
    assert all(b - a >= 12 for a, b in pairwise(borders))


def test_passages_are_cut_at_the_borders() -> None:
    sentences = said([f"Bread number {n} costs more than it did." for n in range(30)])
    passages = mark(sentences, ["talk"] * 30, {10, 20})
    assert [(p.first_sentence, p.last_sentence) for p in passages] == [(0, 9), (10, 19), (20, 29)]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Sponsor: Acme Ovens", "ad"),
        ("Our sponsors", "ad"),
        ("Ad break", "ad"),
        ("Sponsored by Acme", "ad"),
        ("Intro", "intro"),
        ("Outro", "outro"),
        ("How sponsors changed radio", "talk"),
        ("Ads are broken", "talk"),
        ("Introduction to bread", "talk"),
        ("", "talk"),
    ],
)
def test_a_chapter_is_kept_apart_only_when_its_title_says_so(title: str, kind: PassageKind) -> None:
    sentences = said([f"The price of loaf {n} went up by ten percent." for n in range(40)])
    chapters = (Chapter(0, "Bread"), Chapter(50_000, title), Chapter(100_000, "Ovens"))
    found = kinds_of(sentences, chapters)
    assert found[10:20] == [kind] * 10
    assert found[25] == "talk"


def test_a_sponsor_chapter_of_ten_minutes_is_talk_all_the_same() -> None:
    sentences = said([f"The price of loaf {n} went up by ten percent." for n in range(200)])
    assert chapter_kinds(sentences, (Chapter(0, "Sponsor: Acme"), Chapter(900_000, "Bread"))) == {}


def test_chapters_of_another_cut_or_of_words_without_times_are_not_used() -> None:
    timeless = split_sentences([Segment(0, 0, "Bread costs more."), Segment(0, 0, "So do ovens.")])
    chapters = (Chapter(0, "Intro"), Chapter(60_000, "Bread"))
    assert fitting_chapters(timeless, chapters) == ()
    assert fitting_chapters([], chapters) == ()
    assert fitting_chapters(said(["Bread costs more."] * 20), chapters) == chapters


def test_no_insight_comes_from_a_chapter_that_is_called_a_sponsor() -> None:
    lines = [line.text for line in demo_episodes()[0].lines if line.kind == "talk"]
    segments = tuple(Segment(i * 5000, i * 5000 + 5000, text) for i, text in enumerate(lines))

    def insights(chapters: tuple[Chapter, ...]) -> list[int]:
        found = extract(
            Transcript("publisher", segments),
            ScriptedModel(),
            identity="e",
            chapters=chapters,
            cancelled=lambda: False,
            on_progress=lambda _: None,
        )
        return [insight.start_ms for insight in found.insights]

    first = min(insights(()))
    sold = Chapter(max(0, first - 5000), "Sponsor: Acme"), Chapter(first + 15_000, "Bread")
    assert first not in insights(sold)
    assert insights(sold)
