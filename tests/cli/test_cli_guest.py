"""`earmark mode` and `earmark plan`."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from shows import Item, serve_show, served

from earmark.cli import main
from earmark.cli.text import plan_lines, progress_line, ready_text
from earmark.clock import system_clock, to_ms
from earmark.engines import Places
from earmark.export import as_podcast_json
from earmark.paths import Paths
from earmark.pipeline.plan import Plan, Planned, Waiting
from earmark.records import EpisodeId, FeedId, Progress, Segment
from earmark.settings import load_settings

NOW = datetime(2026, 11, 23, 22, 0)


def earmark(folder: Path, *arguments: str) -> Result:
    """Run a verb in this process."""
    return CliRunner().invoke(main, ["--data-dir", str(folder), *arguments])


def test_the_mode_is_chosen_kept_and_told(tmp_path: Path) -> None:
    assert earmark(tmp_path, "mode").stdout.startswith("balanced: one core stays free for you.")
    assert earmark(tmp_path, "mode", "quiet", "--on-battery", "wait").exit_code == 0
    settings = load_settings(Paths(tmp_path))
    assert (settings.mode, settings.pause_on_battery, settings.pause_when_active) == ("quiet", True, False)
    told = json.loads(earmark(tmp_path, "mode", "--json").stdout)
    assert (told["mode"], told["pause_on_battery"], told["pause_when_active"]) == ("quiet", True, False)
    assert earmark(tmp_path, "mode", "--on-battery", "work", "--when-active", "wait").exit_code == 0
    settings = load_settings(Paths(tmp_path))
    assert (settings.mode, settings.pause_on_battery, settings.pause_when_active) == ("quiet", False, True)
    assert earmark(tmp_path, "mode", "frantic").exit_code == 2


def test_the_user_may_have_the_graphics_processor_tried_again(tmp_path: Path) -> None:
    places = Places(Paths(tmp_path).data)
    places.keep(["build", "model", "device"], works=False, why="it crashed")
    earmark(tmp_path, "mode")
    assert places.all()
    earmark(tmp_path, "mode", "--try-graphics-again")
    assert not places.all()


def test_the_plan_tells_the_order_the_reason_and_when_it_is_ready(tmp_path: Path) -> None:
    said = as_podcast_json([Segment(0, 9000, "A shop that raised its prices lost few of its customers.")])
    with served() as web:
        items = [Item(f"e{n}", f"Episode {n}", n + 1, transcript=said, duration_s=9) for n in range(2)]
        items.append(Item("a", "Only audio", 1, audio=("audio/mpeg", b"sound"), duration_s=900))
        earmark(tmp_path, "add", serve_show(web, "shop", "Shop Talk", items))
        plan = json.loads(earmark(tmp_path, "plan", "--json").stdout)
        lines = earmark(tmp_path, "plan").stdout
        earmark(tmp_path, "taste", "add", "episode 1")
        drawn = json.loads(earmark(tmp_path, "plan", "--json").stdout)["episodes"]
        working = earmark(tmp_path, "process")
    assert [row["show"] for row in plan["episodes"]] == ["Shop Talk", "Shop Talk"]
    assert all(row["why"].startswith("from ") and row["fits"] for row in plan["episodes"])
    assert [row["episode"] for row in drawn] == ["Episode 1", "Episode 0"]
    assert drawn[0]["why"] == "close to “episode 1”"
    assert plan["ready_text"].startswith("by about ")
    assert plan["guess"] is True
    assert [row["episode"] for row in plan["waiting"]] == ["Only audio"]
    assert "2 episodes, less than a minute of work; ready by about" in lines
    assert "first guess" in lines
    assert "Only audio: It has no transcript, and no speech model is chosen" in lines
    assert "2 episodes, less than a minute of work; ready by about" in working.stderr
    assert "Nothing waits" not in earmark(tmp_path, "plan").stdout


def test_what_does_not_fit_before_the_brief_and_what_is_not_counted_is_said() -> None:
    one = Waiting(EpisodeId(1), FeedId(1), "Long", "Show", None, 4 * 3600.0, 0.0)
    deadline = datetime(2026, 11, 24, 1, 0)
    late = Planned(one, NOW + timedelta(hours=4), False, "new today")
    text = "\n".join(plan_lines(Plan((late,), deadline, pauses=True), NOW))
    assert "ready by about 02:00, after 01:00; new today" in text
    assert "Not ready by 01:00: 1 of them, about 4 h 0 min." in text
    assert "waiting for mains power, or for you to leave, is not counted" in text
    assert "guess" not in text


@pytest.mark.parametrize(
    ("ready", "said"),
    [
        (NOW + timedelta(minutes=3, seconds=1), "by about 22:04"),
        (NOW + timedelta(hours=8, minutes=36), "by about 06:40"),
        (NOW + timedelta(hours=30), "by about 04:00 on Wednesday, 25 November"),
    ],
)
def test_moments_are_said_as_people_say_them(ready: datetime, said: str) -> None:
    assert ready_text(ready, NOW) == said


def test_progress_says_when_it_is_ready_or_why_it_stands_still() -> None:
    ready = system_clock() + timedelta(hours=3)
    line = progress_line(Progress("Reading", "Sleep", 0.5, 10_800, ready_ms=to_ms(ready)))
    assert line.startswith("Reading Sleep, 50%, about 3 h 0 min left, ready by about ")
    waiting = progress_line(Progress("Waiting", "Sleep", waiting="the computer runs on battery"))
    assert waiting == "Waiting: the computer runs on battery. It goes on by itself."
