"""Loops and ghost lines of speech models."""

import pytest

from earmark.engines.loops import cut_loops, is_ghost, is_looped
from earmark.records import Segment

LOOP = "and you know what " * 40


def seg(start_ms: int, end_ms: int, text: str) -> Segment:
    return Segment(start_ms, end_ms, text)


def test_a_loop_of_equal_segments_is_cut() -> None:
    loop = [seg(n * 100, n * 100 + 100, "Thank you." if n % 2 else "thank you") for n in range(200)]
    assert len(cut_loops(loop)) == 3


def test_a_loop_of_words_within_a_segment_is_cut() -> None:
    text = f"It was good {LOOP}and you"
    assert cut_loops([seg(0, 100, text)])[0].text.split()[:7] == text.split()[:7]
    assert len(cut_loops([seg(0, 100, text)])[0].text.split()) < 12


def test_times_of_words_go_with_the_words_that_are_cut() -> None:
    words = LOOP.split()
    looped = Segment(0, 100, " ".join(words), None, tuple(range(len(words))), ((3, 0.2),))
    assert cut_loops([looped])[0].word_ms == ()
    assert cut_loops([looped])[0].doubts == ()


ORDINARY = [
    "No, no, no, no, that is not what I said.",
    " ".join(f"item {n} of the list" for n in range(40)),
    "very " * 10 + "good",
    "Below 55 degrees the steam in the exhaust turns back into water and gives its heat to your house, and"
    " it is free, it takes two minutes, and 26 of our 31 owners had never touched that dial before we came.",
]


@pytest.mark.parametrize("text", ORDINARY[:3])
def test_ordinary_repetition_stays(text: str) -> None:
    assert cut_loops([seg(0, 100, text)])[0].text == text


@pytest.mark.parametrize(
    "texts",
    [
        [LOOP],
        ["Thank you."] * 6,
        [" ".join(["It is a good day."] * 5)] * 2,
        ["so the thing", "is that so the", "thing is that"] * 9,
    ],
)
def test_a_text_that_goes_round_is_known(texts: list[str]) -> None:
    assert is_looped([seg(n, n + 1, text) for n, text in enumerate(texts)])


@pytest.mark.parametrize("text", [ORDINARY[0], ORDINARY[3], "Yes."])
def test_ordinary_talk_is_no_loop(text: str) -> None:
    assert not is_looped([seg(0, 100, text)])


@pytest.mark.parametrize(
    "text",
    ["Thanks for watching!", "Untertitelung des ZDF, 2020", "ご視聴ありがとうございました", "Altyazı M.K."],
)
def test_lines_from_subtitles_are_known(text: str) -> None:
    assert is_ghost(text)


@pytest.mark.parametrize("text", ["Thanks for watching the kids.", "Subscribe to what?", ""])
def test_what_people_say_is_no_ghost(text: str) -> None:
    assert not is_ghost(text)
