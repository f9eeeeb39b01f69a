"""Which window comes next, and what is kept of it."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listening import ScriptedJudge, hearing, sound

from earmark.engines.hearing import Hearing
from earmark.engines.windows import WINDOW_MS, Kept, Window, keep, window_at
from earmark.records import Segment

TALK = hearing(60)
TOTAL_MS = 60_000
FIRST = Window(((0, 30_000),), last=False)
LAST = Window(((40_000, 60_000),), last=True)
RESTING = Window(((0, 21_300),), last=False, at_rest=True)
SPLICED = Window(((0, 5_000), (15_000, 40_000)), last=False)


def seg(start_ms: int, end_ms: int, text: str = "words") -> Segment:
    return Segment(start_ms, end_ms, text)


def test_speech_is_heard_in_windows_of_half_a_minute() -> None:
    assert window_at(TALK, 0) == FIRST
    assert window_at(TALK, 12_345) == Window(((12_345, 42_345),), last=False)
    assert window_at(TALK, 40_000) == LAST


def test_a_long_silence_before_speech_is_skipped_and_a_short_one_is_not() -> None:
    late = window_at(hearing(60, (0, 20_000)), 0)
    soon = window_at(hearing(60, (0, 1_000)), 0)
    assert late is not None
    assert soon is not None
    assert (late.start_ms, soon.start_ms) == (19_700, 0)


def test_long_silences_within_a_window_are_left_out_so_that_it_holds_half_a_minute_of_talk() -> None:
    window = window_at(hearing(60, (5_000, 15_000), (20_000, 23_000)), 0)
    assert window is not None
    assert window.pieces == ((0, 5_300), (14_700, 20_300), (22_700, 41_800))
    assert window.length_ms == WINDOW_MS


def test_a_window_that_holds_enough_ends_at_a_long_silence_and_a_fuller_one_goes_over_none() -> None:
    assert window_at(hearing(60, (21_000, 25_000)), 0) == RESTING
    assert window_at(hearing(90, (5_000, 10_000), (25_000, 40_000)), 0) == Window(
        ((0, 5_300), (9_700, 25_300)), last=False, at_rest=True
    )
    soon = window_at(hearing(60, (19_000, 25_000)), 0)
    assert soon is not None
    assert not soon.at_rest
    assert soon.pieces[1:] == ((24_700, 35_400),)


def test_music_is_not_left_out_of_a_window_for_being_no_speech() -> None:
    loud = Hearing(ScriptedJudge((5_000, 15_000)), sound(60))
    assert window_at(loud, 0) == FIRST


def test_soft_speech_is_not_left_out_for_being_quiet() -> None:
    soft = Hearing(ScriptedJudge(), sound(60, (5_000, 15_000)))
    assert window_at(soft, 0) == FIRST


def test_a_silence_is_left_out_though_the_judge_hears_speech_a_moment_longer_and_sooner() -> None:
    window = window_at(Hearing(ScriptedJudge((5_180, 14_840)), sound(60, (5_000, 15_000))), 0)
    assert window is not None
    assert window.pieces == ((0, 5_300), (14_540, 39_240)), "from 300 ms before what is heard"


def test_what_is_spoken_softly_where_a_silence_begins_or_ends_is_heard() -> None:
    for spoken in ((5_400, 15_000), (5_000, 14_600)):
        assert window_at(Hearing(ScriptedJudge(spoken), sound(60, (5_000, 15_000))), 0) == FIRST


def test_a_window_after_which_nobody_speaks_is_the_last() -> None:
    window = window_at(hearing(60, (10_000, 60_000)), 0)
    assert window == Window(((0, 10_300),), last=True)


def test_nothing_is_left_where_no_more_speech_is_heard() -> None:
    assert window_at(hearing(60, (30_000, 60_000)), 30_000) is None
    assert window_at(TALK, 59_900) is None
    assert window_at(hearing(0), 0) is None


def test_a_moment_of_a_spliced_window_has_its_place_in_the_sound() -> None:
    assert [SPLICED.place(ms) for ms in (0, 4_999, 5_000, 6_000, 30_000, 99_000)] == [
        0, 4_999, 15_000, 16_000, 40_000, 40_000,
    ]  # fmt: skip
    assert SPLICED.place(5_000, end=True) == 5_000


def test_segments_of_a_spliced_window_lie_where_they_were_said() -> None:
    found = [seg(0, 5_000, "one"), replace(seg(5_000, 9_000, "two words"), word_ms=(5_000, 6_500))]
    kept = keep(found, SPLICED, TALK)
    assert kept.segments == (
        seg(0, 5_000, "one"),
        replace(seg(15_000, 19_000, "two words"), word_ms=(15_000, 16_500)),
    )
    assert kept.next_ms == 19_000


def test_the_next_window_begins_where_the_last_complete_segment_ended() -> None:
    found = [seg(0, 9_000, "one"), seg(9_000, 21_000, "two")]
    assert keep(found, FIRST, TALK) == Kept(tuple(found), 21_000)


def test_a_segment_cut_by_the_windows_end_is_heard_again_from_its_start() -> None:
    found = [seg(0, 9_000, "one"), seg(10_000, 29_900, "cut of")]
    assert keep(found, FIRST, TALK) == Kept((found[0],), 10_000)


def test_at_the_end_of_the_recording_every_segment_is_complete() -> None:
    found = [seg(0, 10_000, "one"), seg(10_000, 20_000, "two")]
    assert keep(found, LAST, TALK) == Kept((seg(40_000, 50_000, "one"), seg(50_000, 60_000, "two")), TOTAL_MS)


def test_a_window_that_ends_in_silence_cuts_nothing_and_the_next_begins_there() -> None:
    found = [seg(0, 9_000, "one"), seg(10_000, 21_300, "two")]
    assert keep(found, RESTING, TALK) == Kept(tuple(found), 21_300)
    assert keep(found[:1], RESTING, TALK) == Kept((found[0],), 21_300), "the model has heard it to its end"
    assert RESTING.cut(10_000) == Window(((0, 10_000),), last=False)


def test_half_a_minute_in_one_breath_is_kept_whole() -> None:
    found = [seg(0, 30_000, "on and on")]
    assert keep(found, FIRST, TALK) == Kept(tuple(found), 30_000)


def test_a_cut_segment_alone_that_began_late_is_heard_again() -> None:
    assert keep([seg(12_000, 30_000)], FIRST, TALK) == Kept((), 12_000)


def test_nothing_found_goes_on_at_the_windows_end() -> None:
    assert keep([], Window(((5_000, 35_000),), last=False), TALK) == Kept((), 35_000)
    assert keep([], SPLICED, TALK) == Kept((), 40_000)


def test_a_window_always_goes_on_by_a_second_at_least() -> None:
    assert keep([seg(0, 40, "a")], FIRST, TALK).next_ms == 1_000


def test_what_was_found_where_nothing_was_heard_is_dropped() -> None:
    found = [seg(0, 4_000, "Hello."), seg(5_000, 9_000, "Anything at all."), seg(11_000, 14_000, "Bye.")]
    kept = keep(found, FIRST, hearing(60, (4_500, 10_000)))
    assert [s.text for s in kept.segments] == ["Hello.", "Bye."]


def test_a_known_ghost_line_is_dropped_where_nobody_was_heard_and_kept_where_somebody_was() -> None:
    nearly = hearing(60, (4_500, 10_000))
    ghost = seg(4_600, 9_900, "Thanks for watching!")
    said = seg(11_000, 14_000, "Thanks for watching!")
    real = replace(ghost, text="A soft word.")
    assert keep([ghost, said], FIRST, nearly).segments == (said,)
    assert keep([real], FIRST, nearly).segments == (real,)


def test_segments_are_clipped_to_their_window_and_never_turned_round() -> None:
    window = Window(((1_000, 60_000),), last=True)
    kept = keep([seg(9_000, 8_000, "x"), seg(-50, 70_000, "y")], window, TALK)
    assert all(1_000 <= s.start_ms <= s.end_ms <= 60_000 for s in kept.segments)


@pytest.mark.parametrize(
    "text", ["[Music]", "(applause)", "*laughs*", "♪", "  ", "[ Silence ]\n", "\ufffd\ufffd"]
)
def test_noises_are_no_words(text: str) -> None:
    assert keep([seg(0, 3_000, text)], FIRST, TALK).segments == ()


def test_words_in_brackets_within_a_sentence_go_and_the_sentence_stays() -> None:
    found = replace(
        seg(0, 3_000, "Well [laughs] I (and he) did.\x00"), word_ms=(0, 500, 900, 1_300, 1_700, 2_100)
    )
    kept = keep([found], FIRST, TALK)
    assert kept.segments == (seg(0, 3_000, "Well I (and he) did."),), "times of single words no longer fit"


@given(
    st.lists(st.tuples(st.integers(0, 31_000), st.integers(0, 31_000)), max_size=8),
    st.integers(0, 25_000),
)
def test_whatever_is_found_time_goes_on_and_stays_in_the_recording(
    pairs: list[tuple[int, int]], start_ms: int
) -> None:
    window = window_at(TALK, start_ms)
    assert window is not None
    kept = keep([seg(a, b) for a, b in pairs], window, TALK)
    assert start_ms + 1_000 <= kept.next_ms <= window.end_ms
    assert all(start_ms <= s.start_ms <= s.end_ms <= window.end_ms for s in kept.segments)


@given(
    st.lists(st.tuples(st.integers(0, 90_000), st.integers(500, 20_000)), max_size=5),
    st.integers(0, 89_000),
    st.integers(-400, 400),
    st.integers(-400, 400),
)
def test_a_window_never_leaves_out_speech_and_never_hears_more_than_half_a_minute(
    stretches: list[tuple[int, int]], next_ms: int, longer_ms: int, sooner_ms: int
) -> None:
    quiet = [(start, min(start + length, 90_000)) for start, length in stretches]
    judged = [(start + longer_ms, end - sooner_ms) for start, end in quiet]
    heard = Hearing(ScriptedJudge(*judged), sound(90, *quiet))
    window = window_at(heard, next_ms)
    if window is None:
        assert not heard.hears(next_ms, 90_000, 320)
        return
    assert window.length_ms <= WINDOW_MS + 600
    left_out = [(before[1], after[0]) for before, after in pairwise([(0, next_ms), *window.pieces])]
    assert not any(heard.hears(a, b) for a, b in left_out if b - a >= 20)
    assert window.last == (heard.onset_ms(window.end_ms) is None)
