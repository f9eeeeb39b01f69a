"""Segments to sentences."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.insights.sentences import split_sentences
from earmark.records import Segment


def cues(*texts: str, speaker: str | None = None) -> list[Segment]:
    return [Segment(i * 2000, i * 2000 + 2000, text, speaker) for i, text in enumerate(texts)]


def test_a_sentence_cut_by_cues_is_put_together_with_the_times_of_its_words() -> None:
    found = split_sentences(cues("Churn is a ceiling. Every", "month a fifth leaves. Then", "it stops."))
    assert [s.text for s in found] == ["Churn is a ceiling.", "Every month a fifth leaves.", "Then it stops."]
    assert (found[1].first_segment, found[1].last_segment) == (0, 1)
    assert 1000 < found[1].start_ms < 2000 < found[1].end_ms < 4000
    assert found[2].end_ms == 6000


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Brandt measured 3.5 percent, e.g. in the U.S. Navy.",
        "Visit warmhouse.example for the list.",
        "J. Marchetti ran 7 km vs. Mr. Vos at 9 a.m. sharp.",
    ],
)
def test_abbreviations_decimals_and_addresses_end_no_sentence(text: str) -> None:
    assert [s.text for s in split_sentences(cues(text))] == [text]


def test_one_segment_of_a_publisher_may_hold_several_sentences() -> None:
    found = split_sentences(cues("So I suck.\" That's what shame does. Really?"))
    assert [s.text for s in found] == ['So I suck."', "That's what shame does.", "Really?"]


def test_text_without_capitals_still_has_sentences() -> None:
    found = split_sentences(cues("churn grows. it caps us. we stop there."))
    assert [s.text for s in found] == ["churn grows.", "it caps us.", "we stop there."]


def test_text_without_full_stops_is_cut_at_the_longest_pause() -> None:
    words = "one two three four five six seven eight nine ten " * 2
    segments = [Segment(0, 5000, words), Segment(5000, 9000, words), Segment(9900, 15000, words)]
    segments.append(Segment(15000, 20000, words))
    found = split_sentences(segments)
    assert [s.last_segment for s in found] == [1, 3]


def test_speakers_never_share_a_sentence() -> None:
    segments = [Segment(0, 1000, "I think that", "Ines"), Segment(1000, 2000, "that is wrong.", "Rolf")]
    assert [s.speaker for s in split_sentences(segments)] == ["Ines", "Rolf"]


def test_empty_segments_and_no_segments_give_nothing() -> None:
    assert split_sentences([]) == []
    assert split_sentences(cues("  ", "")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is v2.0.1 now. We use foo.bar() in Node.js. Try it.", 3),
        ("Write to ann@mail.example.com or see https://a.example/x.html?y=1. Then wait.", 2),
        ("Meet me at 8 a.m. at the gate. It opens at 9 a.m. Then we go in.", 3),
        ("They said no. We left, as no. 5 of six.", 2),
        ("I lived in the U.S. Then I moved to the U.S. Virgin Islands.", 2),
        ("We waited... and waited. And then... I left.", 2),
        ("It lacks vitamin C. The rest is fine, says J. R. R. Vos.", 2),
        ("We sell soap, tea, etc. That pays well. Tea etc. costs more.", 3),
        ("Das ist z.B. Der Spiegel am 3. Oktober. Wir lesen ihn bzw. sie. Dr. Vos auch.", 3),
        ("Wir lesen z. B. Die Zeit. Das kostet 3 Mio. Euro.", 2),
        ("El Sr. Vos vive en EE.UU. desde 2019. ¿Y usted? La Sra. Paz no.", 3),
        ("你好。我们开始吧！你准备好了吗？好", 4),
        ("यह पहला है। यह दूसरा है। तीसरा", 3),
        ("كيف حالك؟ أنا بخير. شكرا", 3),
        ("He asked “Why?” and left. “Because.” She stayed.", 3),
        (". Dots first. Then words.", 3),
    ],
)
def test_stops_of_many_kinds_end_as_many_sentences_as_a_reader_counts(text: str, expected: int) -> None:
    found = [s.text for s in split_sentences(cues(text))]
    assert len(found) == expected, found


def test_a_stop_counts_the_same_when_every_word_is_a_segment() -> None:
    text = "Mr. Vos paid 3.5 percent. It was 8 a.m. in Node.js land. Why so much?"
    segments = [Segment(i * 300, i * 300 + 290, word) for i, word in enumerate(text.split())]
    found = split_sentences(segments)
    assert [s.text for s in found] == [
        "Mr. Vos paid 3.5 percent.",
        "It was 8 a.m. in Node.js land.",
        "Why so much?",
    ]
    assert [(s.first_segment, s.last_segment) for s in found] == [(0, 4), (5, 11), (12, 14)]


def test_one_endless_segment_is_cut_before_words_that_join() -> None:
    clause = "the bakery raised its prices and nobody left the shop that week because the bread was good "
    (text,) = [(clause * 30).strip()]
    found = split_sentences([Segment(0, 600_000, text)])
    assert " ".join(s.text for s in found) == text
    assert max(s.words for s in found) <= 40
    assert {s.text.split()[0] for s in found[1:]} <= {"and", "because"}
    assert found[-1].end_ms == 600_000


def test_words_without_stops_are_cut_where_the_speaker_paused() -> None:
    starts = [i * 300 + (i // 13) * 700 for i in range(130)]
    segments = [Segment(start, start + 280, f"word{i}") for i, start in enumerate(starts)]
    found = split_sentences(segments)
    assert max(s.words for s in found) <= 40
    assert all(s.first_segment % 13 == 0 for s in found)


def test_a_long_sentence_of_a_careful_publisher_stays_whole() -> None:
    long = "We sold " + "more and " * 24 + "more."
    assert [s.text for s in split_sentences(cues(f"It began well. {long} Then it ended."))][1] == long


PIECES = st.one_of(
    st.sampled_from(
        ["and", "I", "Mr.", "3.5", "etc.", "stop.", "Why?", "well...", "e.g.", "U.S.", '"Yes."', "foo.bar()"]
    ),
    st.sampled_from(["你好。", "ها؟", "है।", "ภาษาไทย", "שלום.", "🎧", "[laughs]", "…", ".", "-", "so,"]),
    st.text(max_size=6),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(PIECES, max_size=90),
            st.integers(0, 4000),
            st.integers(0, 9000),
            st.sampled_from([None, "Ann", "Bo"]),
        ),
        max_size=12,
    )
)
def test_no_word_is_lost_or_told_twice_and_time_never_runs_back(
    spoken: list[tuple[list[str], int, int, str | None]],
) -> None:
    segments, clock = [], 0
    for words, pause, length, speaker in spoken:
        clock += pause
        segments.append(Segment(clock, clock + length, " ".join(words), speaker))
    found = split_sentences(segments)
    said = "".join("".join(segment.text.split()) for segment in segments)
    assert "".join("".join(s.text.split()) for s in found) == said
    assert [s.number for s in found] == list(range(len(found)))
    assert all(s.text for s in found)
    for one, other in pairwise(found):
        assert one.start_ms <= other.start_ms
        assert one.first_segment <= one.last_segment <= other.first_segment or (
            one.last_segment == other.first_segment
        )
    for s in found:
        assert s.start_ms <= s.end_ms
        inside = segments[s.first_segment : s.last_segment + 1]
        assert {segment.speaker for segment in inside if segment.text.strip()} == {s.speaker}


def test_a_turn_of_a_hundred_thousand_words_costs_what_its_length_asks() -> None:
    words = [f"word{i}" + ("." if i % 12 == 11 else "") for i in range(100_000)]
    segments = [Segment(i * 300, i * 300 + 300, word) for i, word in enumerate(words)]
    whole = split_sentences([Segment(0, 30_000_000, " ".join(words))])
    assert sum(s.words for s in whole) == sum(s.words for s in split_sentences(segments)) == 100_000
