"""Kill -9 at random moments of `process`, the program and its engines alternately, and nothing is lost."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from earmark.clock import system_clock
from earmark.demo import DemoServer
from earmark.engines import sample_speech_model
from earmark.paths import Paths

KILLS = 20
SEED = 20261123
LONGEST_S = 240

pytestmark = pytest.mark.skipif(not Path("/proc").exists(), reason="finds the engines through /proc")


def earmark(profile: Path, *arguments: str) -> list[str]:
    """The command line of a verb on a profile."""
    return [sys.executable, "-m", "earmark", "--data-dir", str(profile), *arguments]


def subscribed(profile: Path, server: DemoServer) -> None:
    """A profile with the three sample shows queued, and the sample speech model chosen."""
    for url in server.feed_urls:
        subprocess.run(earmark(profile, "add", url, "--episodes", "100"), check=True, capture_output=True)


def process_command(profile: Path) -> list[str]:
    """The command that works through the queue."""
    model = sample_speech_model(Paths(profile))
    return earmark(profile, "process", "--speech-model", str(model))


def contents(profile: Path) -> dict[str, list[tuple[object, ...]]]:
    """What a user has, without row ids and times of day."""
    queries = {
        "episodes": "SELECT guid, title FROM episodes",
        "jobs": "SELECT e.guid, j.step, j.state FROM jobs j JOIN episodes e ON e.id = j.episode_id",
        "segments": "SELECT e.guid, s.start_ms, s.end_ms, s.text, s.speaker FROM segments s"
        " JOIN episodes e ON e.id = s.episode_id",
        "insights": "SELECT id, headline, text, quote, start_ms, end_ms, quality FROM insights",
        "links": "SELECT insight_id, other_id, round(score, 6) FROM links",
        "embeddings": "SELECT insight_id, hex(vector) FROM embeddings",
    }
    with closing(sqlite3.connect(f"file:{profile / 'library.db'}?mode=ro", uri=True)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {name: sorted(db.execute(query), key=repr) for name, query in queries.items()}


def children(pid: int) -> list[int]:
    """The engine processes of a running program."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()] if path.exists() else []


def kill_at(running: subprocess.Popen[bytes], after_s: float, *, engine: bool) -> bool:
    """Kill the program, or one of its engines, `after_s` seconds from now; False when it had ended."""
    try:
        running.wait(after_s)
        return False
    except subprocess.TimeoutExpired:
        targets = children(running.pid) if engine else [running.pid]
        for target in targets[:1]:
            os.kill(target, signal.SIGKILL)
        return bool(targets)


def test_twenty_kills_leave_the_library_of_an_undisturbed_run(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    with DemoServer(system_clock()) as server:
        calm, rough = tmp_path / "calm", tmp_path / "rough"
        subscribed(calm, server)
        began = time.monotonic()
        subprocess.run(process_command(calm), check=True, capture_output=True, timeout=LONGEST_S)
        undisturbed_s = time.monotonic() - began
        subscribed(rough, server)
        killed = 0
        for number in range(KILLS * 3):
            with subprocess.Popen(
                process_command(rough), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as running:
                after_s = chance.uniform(0.5, 1.5 + undisturbed_s / 20)
                engine = number % 2 == 1
                killed += kill_at(running, after_s, engine=engine)
                if engine and running.poll() is None:
                    killed += kill_at(running, chance.uniform(0.3, 3.0), engine=False)
                running.kill()
            if killed >= KILLS:
                break
        subprocess.run(process_command(rough), check=True, capture_output=True, timeout=LONGEST_S)
    assert killed >= KILLS
    assert contents(rough) == contents(calm)
