"""`earmark transcript`."""

import json
from pathlib import Path

from click.testing import CliRunner, Result
from shows import Item, serve_show, served

from earmark.cli import main
from earmark.library import open_reader
from earmark.paths import Paths

VTT = """WEBVTT

00:00.000 --> 00:04.000
<v Ann>A shop that raised its prices lost few of its customers.

00:04.000 --> 00:08.000
<v Bo>That is because bread is bought by habit, not by price.
"""


def earmark(folder: Path, *arguments: str) -> Result:
    """Run a verb in this process."""
    return CliRunner().invoke(main, ["--data-dir", str(folder), *arguments])


def test_a_file_is_taken_for_the_words_of_an_episode_and_given_back(tmp_path: Path) -> None:
    profile, file = tmp_path / "profile", tmp_path / "words.vtt"
    file.write_text(VTT)
    with served() as web:
        items = [Item("a", "Bread", 1, audio=("audio/mpeg", b"x"), duration_s=9), Item("b", "Cheese", 2)]
        earmark(profile, "add", serve_show(web, "shop", "Shop Talk", items))
    told = json.loads(earmark(profile, "transcript", "add", "bread", str(file), "--json").stdout)
    assert (told["title"], told["segments"], told["speakers"]) == ("Bread", 2, ["Ann", "Bo"])
    with open_reader(Paths(profile)) as reader:
        words = reader.transcript(told["episode"])
        assert words is not None
        assert (words.source, words.segments[0].speaker) == ("user", "Ann")
        job = reader.job(told["episode"])
        assert job is not None
        assert (job.step, job.state) == ("extract", "waiting")
    assert (
        "your transcript is removed" in earmark(profile, "transcript", "remove", str(told["episode"])).stdout
    )
    with open_reader(Paths(profile)) as reader:
        assert not reader.has_transcript(told["episode"])
    refused = earmark(profile, "transcript", "remove", "bread")
    assert (refused.exit_code, refused.stderr) == (1, "earmark: Bread has no transcript that you added.\n")
    several = earmark(profile, "transcript", "add", "e", str(file))
    assert several.exit_code == 1
    assert several.stderr.startswith("earmark: “e” fits 2 episodes. Take the number of one: ")
