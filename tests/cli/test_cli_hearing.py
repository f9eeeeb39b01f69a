"""`earmark language` and `earmark glossary`: what the speech model is told beforehand."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from earmark.cli import main
from earmark.clock import system_clock
from earmark.demo import DemoServer
from earmark.paths import Paths, resource
from earmark.settings import load_settings


def earmark(folder: Path, *arguments: str) -> Result:
    """Run a verb in this process."""
    return CliRunner().invoke(main, ["--data-dir", str(folder), *arguments])


@pytest.fixture
def subscribed(tmp_path: Path) -> Path:
    with DemoServer(system_clock()) as server:
        for url in server.feed_urls:
            assert earmark(tmp_path, "add", url).exit_code == 0
    return tmp_path


def test_a_shows_language_is_set_seen_and_left_to_be_heard_again(subscribed: Path) -> None:
    assert {row["language"] for row in json.loads(earmark(subscribed, "language", "--json").stdout)} == {None}
    told = earmark(subscribed, "language", "kitchen", "de-AT", "--json")
    assert [row["language"] for row in json.loads(told.stdout)] == ["de"]
    assert "de" in earmark(subscribed, "language").stdout
    assert earmark(subscribed, "language", "kitchen", "auto").stdout.startswith("auto")
    assert "de" not in [
        row["language"] for row in json.loads(earmark(subscribed, "language", "--json").stdout)
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["kitchen", "klingon"], "know no language"),
        (["nowhere", "de"], "There is no show “nowhere”"),
        (["e", "de"], "Take the number of one: "),
    ],
)
def test_a_language_or_a_show_that_is_none_is_said_so(
    subscribed: Path, arguments: list[str], says: str
) -> None:
    result = earmark(subscribed, "language", *arguments)
    assert result.exit_code == 1
    assert says in result.stderr


def test_words_to_expect_are_kept_once_listed_and_taken_off_again(tmp_path: Path) -> None:
    assert earmark(tmp_path, "glossary").stdout == ""
    earmark(tmp_path, "glossary", "Brackwater", "Ines  Varga", "Brackwater", " ")
    assert load_settings(Paths(tmp_path)).glossary == ("Brackwater", "Ines Varga")
    assert json.loads(earmark(tmp_path, "glossary", "--remove", "Brackwater", "--json").stdout) == [
        "Ines Varga"
    ]
    unknown = earmark(tmp_path, "glossary", "--remove", "Brackwater")
    assert unknown.exit_code == 1
    assert "Not on the list: Brackwater." in unknown.stderr


def test_a_recording_in_a_language_that_is_none_is_not_listened_to(tmp_path: Path) -> None:
    audio = min(resource("demo").glob("*.opus"))
    result = earmark(tmp_path, "transcribe", str(audio), "--language", "klingon")
    assert result.exit_code == 1
    assert "know no language “klingon”" in result.stderr
