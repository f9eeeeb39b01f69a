"""Transcripts and chapters of every producer in the evidence data, and hostile ones."""

from collections.abc import Callable
from pathlib import Path

import pytest
from transcript_rows import rows, table

pytestmark = pytest.mark.needs_shared


def test_each_file_gives_the_pieces_the_speakers_and_the_times_of_the_table(
    shared: Callable[[str], Path],
) -> None:
    found = {row["file"]: row for row in rows(shared)}
    known = {row["file"]: row for row in table()}
    assert found.keys() == known.keys()
    assert {name: row for name, row in found.items() if known[name] != row} == {}


def test_what_is_refused_is_refused_in_plain_words() -> None:
    told = {row["told"] for row in table() if row["told"]}
    assert all(text.startswith(("The transcript ", "The chapters ")) and text.endswith(".") for text in told)
    assert 20 < sum(1 for row in table() if row["told"] == "") < len(table())
