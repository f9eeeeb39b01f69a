"""What is kept of a window, and where the next one begins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.engines.windows import Kept, cut_loops, keep, window_start_ms
from earmark.records import Segment

TALK = np.ones(3000, dtype=np.bool_)  # a minute of speech
TOTAL_MS = 60_000


def seg(start_ms: int, end_ms: int, text: str = "words") -> Segment:
    return Segment(start_ms, end_ms, text)


def quiet(*stretches_ms: tuple[int, int]) -> np.ndarray:
    frames = TALK.copy()
    for start_ms, end_ms in stretches_ms:
        frames[start_ms // 20 : end_ms // 20] = False
    return frames


def test_the_next_window_begins_where_the_last_complete_segment_ended() -> None:
    found = [seg(0, 9_000, "one"), seg(9_000, 21_000, "two")]
    assert keep(found, TALK, 0, 30_000, TOTAL_MS) == Kept(tuple(found), 21_000)


def test_a_segment_cut_by_the_windows_end_is_heard_again_from_its_start() -> None:
    found = [seg(0, 9_000, "one"), seg(10_000, 29_900, "cut of")]
    assert keep(found, TALK, 0, 30_000, TOTAL_MS) == Kept((found[0],), 10_000)


def test_at_the_end_of_the_recording_every_segment_is_complete() -> None:
    found = [seg(40_000, 50_000, "one"), seg(50_000, 60_000, "two")]
    assert keep(found, TALK, 40_000, 60_000, TOTAL_MS) == Kept(tuple(found), TOTAL_MS)


def test_half_a_minute_in_one_breath_is_kept_whole() -> None:
    found = [seg(0, 30_000, "on and on")]
    assert keep(found, TALK, 0, 30_000, TOTAL_MS) == Kept(tuple(found), 30_000)


def test_a_cut_segment_alone_that_began_late_is_heard_again() -> None:
    assert keep([seg(12_000, 30_000)], TALK, 0, 30_000, TOTAL_MS) == Kept((), 12_000)


def test_nothing_found_goes_on_at_the_windows_end() -> None:
    assert keep([], TALK, 5_000, 35_000, TOTAL_MS) == Kept((), 35_000)


def test_a_window_always_goes_on_by_a_second_at_least() -> None:
    assert keep([seg(0, 40, "a")], TALK, 0, 30_000, TOTAL_MS).next_ms == 1_000


def test_what_was_found_where_nothing_was_heard_is_dropped() -> None:
    found = [seg(0, 4_000, "Hello."), seg(5_000, 9_000, "Thanks for watching!"), seg(11_000, 14_000, "Bye.")]
    kept = keep(found, quiet((4_500, 10_000)), 0, 30_000, TOTAL_MS)
    assert [s.text for s in kept.segments] == ["Hello.", "Bye."]


def test_segments_are_clipped_to_their_window_and_never_turned_round() -> None:
    kept = keep([seg(9_000, 8_000, "x"), seg(-50, 70_000, "y")], TALK, 1_000, 60_000, TOTAL_MS)
    assert all(1_000 <= s.start_ms <= s.end_ms <= 60_000 for s in kept.segments)


@pytest.mark.parametrize(
    "text", ["[Music]", "(applause)", "*laughs*", "♪", "  ", "[ Silence ]\n", "\ufffd\ufffd"]
)
def test_noises_are_no_words(text: str) -> None:
    assert keep([seg(0, 3_000, text)], TALK, 0, 30_000, TOTAL_MS).segments == ()


def test_words_in_brackets_within_a_sentence_go_and_the_sentence_stays() -> None:
    kept = keep([seg(0, 3_000, "Well [laughs] I (and he) did.\x00")], TALK, 0, 30_000, TOTAL_MS)
    assert kept.segments[0].text == "Well I (and he) did."


def test_a_loop_of_equal_segments_is_cut() -> None:
    loop = [seg(n * 100, n * 100 + 100, "Thank you." if n % 2 else "thank you") for n in range(200)]
    assert len(cut_loops(loop)) == 3


def test_a_loop_of_words_within_a_segment_is_cut() -> None:
    text = "It was good " + "and you know what " * 40 + "and you"
    assert cut_loops([seg(0, 100, text)])[0].text.split()[:7] == text.split()[:7]
    assert len(cut_loops([seg(0, 100, text)])[0].text.split()) < 12


@pytest.mark.parametrize(
    "text",
    [
        "No, no, no, no, that is not what I said.",
        " ".join(f"item {n} of the list" for n in range(40)),
        "very " * 10 + "good",
    ],
)
def test_ordinary_repetition_stays(text: str) -> None:
    assert cut_loops([seg(0, 100, text)])[0].text == text


def test_a_long_silence_is_skipped_and_a_short_one_is_not() -> None:
    assert window_start_ms(quiet((0, 20_000)), 0, TOTAL_MS) == 19_700
    assert window_start_ms(quiet((0, 1_000)), 0, TOTAL_MS) == 0


def test_nothing_is_left_where_no_more_speech_is_heard() -> None:
    assert window_start_ms(quiet((30_000, 60_000)), 30_000, TOTAL_MS) is None
    assert window_start_ms(TALK, 59_900, TOTAL_MS) is None
    assert window_start_ms(np.zeros(0, dtype=np.bool_), 0, 0) is None


@given(
    st.lists(st.tuples(st.integers(0, 31_000), st.integers(0, 31_000)), max_size=8),
    st.integers(0, 25_000),
)
def test_whatever_is_found_time_goes_on_and_stays_in_the_recording(
    pairs: list[tuple[int, int]], start_ms: int
) -> None:
    end_ms = min(start_ms + 30_000, TOTAL_MS)
    found = [seg(start_ms + a, start_ms + b) for a, b in pairs]
    kept = keep(found, TALK, start_ms, end_ms, TOTAL_MS)
    assert start_ms + 1_000 <= kept.next_ms <= end_ms
