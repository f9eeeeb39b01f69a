"""Real episodes through every real part, from feed address to brief."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from real_words import podcast_json
from shows import Item, Web, serve_show, served

from earmark.engines import sample_speech_model
from earmark.library import open_reader
from earmark.paths import Paths
from earmark.records import Insight, Segment

SHOWS = {
    "practical-ai": ("Practical AI", ["36", "178"]),
    "founders-talk": ("Founders Talk", ["60", "71"]),
    "the-changelog": ("The Changelog", ["145"]),
}
FOLDERS = {
    "practical-ai": "changelog-practicalai",
    "founders-talk": "changelog-founderstalk",
    "the-changelog": "changelog-podcast",
}
SPONSORED = ["p01_e01", "p01_e02", "p02_e01"]
SPOKEN = ["en/jfk.mp3", "en/librivox_austen_0870.wav"]

pytestmark = [pytest.mark.needs_shared, pytest.mark.timeout(900)]


def earmark(profile: Path, *arguments: str) -> Any:
    """What a verb prints with --json."""
    command = [sys.executable, "-m", "earmark", "--data-dir", str(profile), *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=800, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def sponsor_lines(script: Path) -> list[str]:
    """The lines of a synthetic show that sell something."""
    text = script.read_text(encoding="utf-8")
    return [line.partition(": ")[2] for line in text.splitlines() if "sponsor" in line.lower()]


def synthetic_json(script: Path) -> dict[str, object]:
    """A synthetic script as a transcript, one segment a line."""
    segments, at_s = [], 0.0
    for line in script.read_text(encoding="utf-8").splitlines():
        speaker, colon, text = line.partition(": ")
        if line.startswith(("#", "[", "Host:", "Guest:")) or not colon:
            continue
        length_s = len(text.split()) * 0.4
        segments.append({"speaker": speaker, "startTime": at_s, "endTime": at_s + length_s, "body": text})
        at_s += length_s
    return {"version": "1.0.0", "segments": segments}


def publish(web: Web, shared: Callable[[str], Path]) -> list[str]:
    """Serve every show of this test; the addresses of their feeds."""
    urls = []
    for slug, (title, numbers) in SHOWS.items():
        folder = shared(f"data/transcripts/{FOLDERS[slug]}")
        items = [
            Item(number, f"{title} {number}", day, transcript=podcast_json(folder / f"{slug}-{number}.md"))
            for day, number in enumerate(numbers, start=1)
        ]
        urls.append(serve_show(web, slug, title, items))
    scripts = shared("data/e2e-synthetic/transcripts")
    items = [
        Item(name, f"Sponsored {name}", day, transcript=synthetic_json(scripts / f"{name}.txt"))
        for day, name in enumerate(SPONSORED, start=1)
    ]
    urls.append(serve_show(web, "sponsored", "Sponsored Talk", items))
    audio = shared("data/audio")
    items = [
        Item(Path(name).stem, f"Spoken {name}", day, audio=("audio/mpeg", (audio / name).read_bytes()))
        for day, name in enumerate(SPOKEN, start=1)
    ]
    urls.append(serve_show(web, "spoken", "Spoken Word", items))
    return urls


@pytest.fixture(scope="module")
def worked(
    shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Web, Any]]:
    """A profile that went through the whole job, the web it came from, and its brief."""
    profile = tmp_path_factory.mktemp("real")
    model = sample_speech_model(_created(Paths(profile)))
    with served() as web:
        for url in publish(web, shared):
            earmark(profile, "add", url, "--episodes", "10")
        report = earmark(profile, "process", "--speech-model", str(model))
        assert report["failed"] == [] == report["waiting"]
        yield profile, web, earmark(profile, "brief")


def _created(paths: Paths) -> Paths:
    paths.create()
    return paths


def folded(text: str) -> str:
    """Words alone, as the bench compares them."""
    return " ".join(re.findall(r"[a-z0-9']+", text.lower().replace("’", "'")))


def span_text(segments: list[Segment], insight: Insight) -> str:
    """What is said between the times of an insight."""
    return " ".join(s.text for s in segments if s.end_ms > insight.start_ms and s.start_ms < insight.end_ms)


def test_the_brief_holds_five_insights_of_several_shows(worked: tuple[Path, Web, Any]) -> None:
    items = worked[2]["items"]
    shows = [item["show"] for item in items]
    assert len(items) == 5
    assert len(set(shows)) >= 3
    assert max(shows.count(show) for show in shows) <= 2


def test_every_quote_is_found_word_for_word_at_its_time(worked: tuple[Path, Web, Any]) -> None:
    with open_reader(Paths(worked[0])) as reader:
        seen = 0
        for episode in reader.episodes():
            transcript = reader.transcript(episode.id)
            assert transcript is not None
            for insight in reader.insights(episode.id):
                said = span_text(list(transcript.segments), insight)
                assert folded(insight.quote) in folded(said)
                seen += 1
    assert seen >= 50


def test_links_go_to_other_episodes_only(worked: tuple[Path, Web, Any]) -> None:
    with open_reader(Paths(worked[0])) as reader:
        cards = reader.cards([insight.id for insight in reader.insights()])
        linked = 0
        for card in cards:
            related = reader.related(card.insight.id)
            linked += len(related)
            assert len(related) <= 10
            assert all(item.card.episode_id != card.episode_id for item in related)
            assert len(related) == card.related_count
    assert linked > 0


def test_no_sponsor_line_is_shown(worked: tuple[Path, Web, Any], shared: Callable[[str], Path]) -> None:
    scripts = shared("data/e2e-synthetic/transcripts")
    lines = [folded(line) for name in SPONSORED for line in sponsor_lines(scripts / f"{name}.txt")]
    assert lines
    with open_reader(Paths(worked[0])) as reader:
        for insight in reader.insights():
            quote = folded(insight.quote)
            assert not any(line in quote or quote in line for line in lines)


def test_a_second_run_changes_nothing(worked: tuple[Path, Web, Any]) -> None:
    profile, web, brief = worked
    web.asked.clear()
    with open_reader(Paths(profile)) as reader:
        before = [(i, reader.related(i.id)) for i in reader.insights()]
    assert earmark(profile, "refresh")["new_episodes"] == 0
    assert earmark(profile, "process")["done"] == 0
    assert earmark(profile, "brief") == brief
    with open_reader(Paths(profile)) as reader:
        assert [(i, reader.related(i.id)) for i in reader.insights()] == before
    assert all(path.endswith("feed.xml") for path in web.asked)
