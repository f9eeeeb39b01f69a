"""The sample library, as a new user meets it: one command, real engines, a brief."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from earmark.demo import demo_episodes, demo_script
from earmark.library import open_reader
from earmark.paths import Paths, resource

pytestmark = pytest.mark.timeout(600)
MAX_WORD_ERROR_RATE = 0.05


def run(profile: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a verb on a profile."""
    command = [sys.executable, "-m", "earmark", "--data-dir", str(profile), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A profile that `earmark demo` has made, and what it printed."""
    profile = tmp_path_factory.mktemp("demo")
    done = run(profile, "demo", "--no-window", "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    return profile / "demo", json.loads(done.stdout)["brief"]


@pytest.fixture(scope="module")
def hearing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile in which recordings are heard, one after the other."""
    return tmp_path_factory.mktemp("hearing")


def words(text: str) -> list[str]:
    """Words alone, lower case."""
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def word_error_rate(heard: list[str], said: list[str]) -> float:
    """Edits from what was said to what was heard, a word said."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, start=1):
        before, row = row, [i]
        for j, other in enumerate(heard, start=1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (word != other)))
    return row[-1] / len(said)


def test_the_demo_ends_with_five_proven_insights(demo: tuple[Path, dict[str, Any]]) -> None:
    profile, brief = demo
    items = brief["items"]
    assert len(items) == 5
    assert len({item["show"] for item in items}) >= 2
    assert {"speech", "publisher"} == {item["source"] for item in items}
    assert brief["coverage"]
    with open_reader(Paths(profile)) as reader:
        for item in items:
            assert item["headline"]
            assert item["related"]
            card = reader.card(item["id"])
            transcript = reader.transcript(card.episode_id)
            assert transcript is not None
            said = " ".join(
                s.text
                for s in transcript.segments
                if s.end_ms > item["start_ms"] and s.start_ms < item["end_ms"]
            )
            assert " ".join(words(item["quote"])) in " ".join(words(said))


def test_no_demo_insight_comes_from_an_advert_or_small_talk(demo: tuple[Path, dict[str, Any]]) -> None:
    kinds = {
        " ".join(words(line.text)): line.kind
        for episode in demo_episodes()
        for line in demo_script(episode.slug)
        if len(line.text.split()) >= 5
    }
    with open_reader(Paths(demo[0])) as reader:
        insights = reader.insights()
        assert len(insights) >= 20
        for insight in insights:
            quote = " ".join(words(insight.quote))
            shown = {kind for line, kind in kinds.items() if line in quote}
            assert shown <= {"talk"}, insight.quote


def test_brief_and_show_tell_the_same_as_the_demo(demo: tuple[Path, dict[str, Any]]) -> None:
    profile, brief = demo
    again = run(profile, "brief", "--json")
    assert json.loads(again.stdout)["items"] == brief["items"]
    shown = run(profile, "show", brief["items"][0]["id"], "--json")
    assert json.loads(shown.stdout)["quote"] == brief["items"][0]["quote"]
    assert "Related Insights" in run(profile, "show", brief["items"][0]["id"]).stdout


@pytest.mark.parametrize("audio", sorted(p.stem for p in resource("demo").glob("kitchen-table-*.opus")))
def test_a_sample_episode_is_heard_almost_without_error(audio: str, hearing: Path) -> None:
    done = run(hearing, "transcribe", str(resource("demo") / f"{audio}.opus"), "--json")
    assert done.returncode == 0, done.stderr
    heard = words(" ".join(s["body"] for s in json.loads(done.stdout)["segments"]))
    said = words(" ".join(line.text for line in demo_script(audio)))
    assert word_error_rate(heard, said) <= MAX_WORD_ERROR_RATE


@pytest.mark.needs_shared
@pytest.mark.parametrize("name", ["silence.wav", "silence_60s.mp3", "noise_20s.mp3", "bbc_sfx_07023003.mp3"])
def test_nothing_is_heard_where_nobody_speaks(
    name: str, shared: Callable[[str], Path], hearing: Path
) -> None:
    done = run(hearing, "transcribe", str(shared(f"data/audio/nospeech/{name}")), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["segments"] == []


def test_a_folder_with_other_things_is_never_cleared_for_the_demo(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    precious = tmp_path / "demo" / "letters.txt"
    precious.write_text("keep me")
    done = run(tmp_path, "demo", "--no-window")
    assert done.returncode == 1
    assert "left alone" in done.stderr
    assert precious.read_text() == "keep me"
