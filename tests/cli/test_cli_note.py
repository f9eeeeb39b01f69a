"""`earmark note`: the user's own words on an insight."""

import json
from pathlib import Path

from click.testing import CliRunner, Result
from lived import lived

from earmark.cli import main


def earmark(folder: Path, *arguments: str) -> Result:
    """Run it over a profile."""
    return CliRunner().invoke(main, ["--data-dir", str(folder), *arguments])


def test_a_note_is_written_shown_and_taken_away(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with lived(profile) as life:
        life.hear("Show", "alpha one two")
        insight_id = next(card.insight.id for card in life.library.cards())
    assert "There is no note on it." in earmark(profile, "note", insight_id).stdout
    assert earmark(profile, "note", f"earmark:insight/{insight_id}", "ask", "Ann").stdout == "ask Ann\n"
    assert json.loads(earmark(profile, "note", insight_id, "--json").stdout)["note"] == "ask Ann"
    assert earmark(profile, "note", insight_id, "--remove").exit_code == 0
    assert "There is no note on it." in earmark(profile, "note", insight_id).stdout
    both = earmark(profile, "note", insight_id, "words", "--remove")
    assert "not both" in both.output
    unknown = earmark(profile, "note", "nothing", "words")
    assert unknown.exit_code != 0
    assert "no insight with the id" in unknown.output
