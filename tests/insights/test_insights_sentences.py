"""Segments to sentences."""

import pytest

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
