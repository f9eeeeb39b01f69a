"""Word error rates, and the tables that they are counted over."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.errors import KnownError
from earmark.pipeline.score import Reference, Score, read_references, score, word_errors, words

HEADER = "audio\tlanguage\treference_kind\treference_file\n"
TEXTS = st.lists(st.sampled_from("abc"), max_size=12)


def test_case_punctuation_and_quotation_marks_do_not_count() -> None:
    assert words("“Don’t,” she SAID: 3.5 times?") == ["don't", "she", "said", "3", "5", "times"]
    assert words("Ça a été l’heure") == words("c\u0327a a e\u0301te\u0301 l'heure")


@given(TEXTS, TEXTS)
def test_errors_are_a_distance(one: list[str], other: list[str]) -> None:
    assert word_errors(one, one) == 0
    assert word_errors(one, other) == word_errors(other, one)
    assert abs(len(one) - len(other)) <= word_errors(one, other) <= max(len(one), len(other))


def test_each_recording_has_its_score_and_silence_has_no_rate(tmp_path: Path) -> None:
    table = tmp_path / "table.tsv"
    (tmp_path / "one.txt").write_text("Ask not what your country can do.", encoding="utf-8")
    rows = ["a.mp3\ten\texact\tone.txt", "b.mp3\tde\texact\tone.txt", "c.mp3\tnone\texact-empty\t"]
    table.write_text(HEADER + "\n".join([*rows, "d.mp3\ten\tnone\t"]), encoding="utf-8")
    references = read_references(table, "en")
    assert references == [
        Reference(tmp_path / "a.mp3", "en", "Ask not what your country can do."),
        Reference(tmp_path / "c.mp3", "none", ""),
    ]
    heard = {"a.mp3": "ask what your county can do", "c.mp3": "Thank you."}
    scores = score(references, lambda each: heard[each.audio.name])
    assert scores == [Score("a.mp3", "en", 7, 2), Score("c.mp3", "none", 0, 2)]
    assert [each.rate for each in scores] == [2 / 7, None]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "must be a table"),
        ("just words\n", "must be a table"),
        (HEADER, "must be a table"),
        (HEADER + "a.mp3\ten\texact\tgone.txt\n", "gone.txt cannot be read"),
    ],
)
def test_a_table_that_is_none_is_said_so(tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "table.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(KnownError, match=part):
        read_references(tmp_path / "table.tsv")


@pytest.mark.needs_shared
def test_the_evidence_recordings_can_be_read(shared: Callable[[str], Path]) -> None:
    references = read_references(shared("data/AUDIO-REFERENCES.tsv"))
    assert len(references) > 30
    assert all(each.audio.exists() for each in references)
