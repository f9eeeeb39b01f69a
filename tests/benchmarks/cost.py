"""What 1, 2, 3 and 4 hours of speech cost with the starter models, as a table.

    uv run python tests/benchmarks/cost.py

Each length runs in a program of its own, with nothing embedded before. Linear is 1.00 in the last column: the
seconds of an hour of this length beside those of an hour of the shortest.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "insights"))

from long_episode import WORDS_AN_HOUR, long_transcript

from earmark.engines import starter_models
from earmark.export import as_podcast_json
from earmark.paths import Paths

STAGES = ("embedding", "choosing", "writing", "everything else")


def measured(hours: int, profile: Path) -> dict[str, Any]:
    """The statistics of `earmark extract --stats` for an episode of this length."""
    Paths(profile).vectors.unlink(missing_ok=True)
    file = profile / f"{hours}-hours.json"
    segments = long_transcript(hours * WORDS_AN_HOUR).segments
    file.write_text(json.dumps(as_podcast_json(list(segments))), encoding="utf-8")
    argv = [sys.executable, "-m", "earmark", "--data-dir", str(profile), "extract", str(file)]
    done = subprocess.run([*argv, "--stats", "--json"], check=True, stdout=subprocess.PIPE, timeout=3600)
    answer = json.loads(done.stdout)
    return {**answer["stats"], "insights": len(answer["insights"])}


def table(points: dict[int, dict[str, Any]]) -> str:
    """The points as Markdown."""
    head = ["hours", "words", "insights", *STAGES, "all seconds", "program MB", "engine MB", "an hour beside"]
    rows = [head, ["---:"] * len(head)]
    shortest = min(points)
    base = sum(points[shortest]["seconds"].values()) / shortest
    for hours, stats in points.items():
        whole = sum(stats["seconds"].values())
        memory = [f"{(value or 0) / 1e6:.0f}" for value in stats["peak_bytes"].values()]
        seconds = [f"{stats['seconds'][stage]:.1f}" for stage in STAGES]
        facts = [str(hours), str(stats["words"]), str(stats["insights"]), *seconds, f"{whole:.1f}", *memory]
        rows.append([*facts, f"{whole / hours / base:.2f}"])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("hours", type=int, nargs="*", default=[1, 2, 3, 4])
    chosen = parser.parse_args().hours
    with tempfile.TemporaryDirectory() as folder:
        Paths(Path(folder)).create()
        starter_models(Paths(Path(folder)))  # made once, and not counted
        points = {hours: measured(hours, Path(folder)) for hours in chosen}
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}\n")  # noqa: T201
    print(table(points))  # noqa: T201


if __name__ == "__main__":
    main()
