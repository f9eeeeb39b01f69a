"""Which part of what was said is quoted, so that it stands alone."""

import pytest

from earmark.insights.candidates import Window
from earmark.insights.sentences import Sentence, split_sentences
from earmark.insights.spans import form_score, spans_for, trimmed
from earmark.records import PassageKind, Segment

CLAIM = "A shop that raised its prices by 10 percent lost only 2 percent of the people who bought there."
PROOF = "The ones who left were those who had always bought the cheapest loaf on the lowest shelf of all."


def said(*lines: tuple[str, str]) -> list[Sentence]:
    """Sentences of (speaker, text)."""
    return split_sentences([Segment(i * 9000, i * 9000 + 9000, t, who) for i, (who, t) in enumerate(lines)])


def best_quote(sentences: list[Sentence], first: int, last: int) -> str:
    """The fittest quotation for a window."""
    kinds: list[PassageKind] = ["talk"] * len(sentences)
    worth = dict.fromkeys(range(len(sentences)), 0.0)
    return spans_for(Window(first, last, 0.0), sentences, kinds, worth, set())[0].quote


def test_a_quotation_is_of_one_speaker_alone() -> None:
    sentences = said(("Ann", CLAIM), ("Bob", "And the ovens?"), ("Ann", PROOF))
    kinds: list[PassageKind] = ["talk"] * 3
    found = spans_for(Window(0, 2, 0.0), sentences, kinds, dict.fromkeys(range(3), 0.0), set())
    assert found == []  # neither half is long enough, and together they hold another's question
    together = said(("Ann", CLAIM), ("Ann", PROOF))
    assert best_quote(together, 0, 1) == f"{CLAIM} {PROOF}"


def test_a_quotation_does_not_begin_in_the_midst_of_a_sentence() -> None:
    torn = f"when the rent went up as well and nobody knew what to do, {PROOF} {CLAIM}"
    sentences = said(("Ann", "We thought about all of it for most of a year,"), ("Ann", torn))
    assert best_quote(sentences, 0, len(sentences) - 1).startswith(("We thought", "A shop"))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Therefore, you pay twice.", "you pay twice."),
        ("Now again, you pay twice.", "you pay twice."),
        ("And so you pay twice.", "you pay twice."),
        ("So remember, you pay twice.", "you pay twice."),
        ("So far you pay twice.", "So far you pay twice."),
        ("Instead of bread you pay for air.", "Instead of bread you pay for air."),
    ],
)
def test_words_that_only_lead_on_are_left_out_of_the_beginning(text: str, kept: str) -> None:
    assert trimmed(text) == kept


@pytest.mark.parametrize(
    "opening", ["Instead, ", "Otherwise ", "On the other hand, ", "It is that ", "They say "]
)
def test_what_leans_on_the_sentence_before_cannot_stand_alone(opening: str) -> None:
    assert form_score(opening + CLAIM + " " + PROOF) is None
    assert form_score("Instead of flour: " + CLAIM + " " + PROOF) is not None


@pytest.mark.parametrize(
    "post",
    [
        "We'll talk about that later.",
        "Let's talk about the ovens.",
        "As I said before.",
        "Going back to ovens.",
    ],
)
def test_signposts_of_a_talk_are_worth_less(post: str) -> None:
    plain = form_score(f"{CLAIM} {PROOF} Bakers know.")
    pointing = form_score(f"{CLAIM} {PROOF} {post}")
    assert plain is not None
    assert pointing is not None
    assert pointing < plain - 0.2


@pytest.mark.parametrize("speaker", ["Ann", None])
def test_nothing_is_quoted_that_ends_with_a_question(speaker: str | None) -> None:
    texts = (CLAIM, PROOF, "And what about the ovens?")
    kinds: list[PassageKind] = ["talk"] * 3
    sentences = split_sentences(
        [Segment(i * 9000, i * 9000 + 9000, text, speaker) for i, text in enumerate(texts)]
    )
    found = spans_for(Window(0, 2, 0.0), sentences, kinds, dict.fromkeys(range(3), 0.0), set())
    assert found
    assert not any("?" in span.quote for span in found)
    assert form_score(f"{CLAIM} {PROOF} Bakers know.") is not None
    assert form_score(f"{CLAIM} {PROOF} Do bakers know?") is None


def test_what_is_asked_and_answered_in_one_breath_can_be_quoted_where_nothing_stands_better() -> None:
    asked, told = form_score(f"Do bakers know? {CLAIM} {PROOF}"), form_score(f"Bakers know. {CLAIM} {PROOF}")
    assert asked is not None
    assert told is not None
    assert asked < told - 0.5
