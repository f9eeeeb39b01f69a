"""How fast lists of a large library come: 400 shows, 200,000 episodes, 3,000 of them read, 1,200 waiting.

    uv run python tests/benchmarks/large_library.py [FOLDER]

Makes the library in FOLDER (a data folder for earmark --data-dir) unless it is there, then runs each verb as
a process of its own, which is what a user waits for, five times. Beside them, in the same run: `earmark
--version`, which is what starting alone takes, and reading every episode into records, which is what these
lists once took. Prints seconds: median, longest, and the least processor time.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from earmark.library import Library, open_library, open_reader
from earmark.paths import Paths
from earmark.records import (
    Enclosure,
    Extraction,
    ExtractionCounts,
    Insight,
    InsightId,
    ParsedEpisode,
    ParsedFeed,
    Segment,
    Transcript,
)

SHOWS, EPISODES, READ_OF_EACH = 400, 500, 7
DAY_MS, NOW_MS = 86_400_000, 1_795_000_000_000
RUNS = 3
VERBS = (
    ("feeds",),
    ("feeds", "--json"),
    ("episodes",),
    ("episodes", "Show 123"),
    ("episodes", "--limit", "5000", "--json"),
    ("played", "Episode 77 of show 200"),
    ("keep", "Show 399", "--days", "400"),
    ("export", "opml", "shows.opml", "--replace"),
    ("brief",),
)


def fill(library: Library) -> None:
    """Make all of it."""
    for show in range(SHOWS):
        url = f"https://example.org/{show}"
        feed_id = library.add_feed(url, ParsedFeed(f"Show {show}", None, "", None, ()))
        library.apply_refresh(
            feed_id, new=[_episode(show, number) for number in range(EPISODES)], changed=[],
            title=f"Show {show}", link=None, language="en", url=url, etag=None, last_modified=None,
            body_sha256="0", now_ms=NOW_MS, backlog=READ_OF_EACH + 3,
        )  # fmt: skip
        for episode in library.episodes(feed_id)[:READ_OF_EACH]:
            _read(library, episode.id, show)


def _episode(show: int, number: int) -> ParsedEpisode:
    return ParsedEpisode(
        guid=f"{show}-{number}",
        title=f"Episode {number} of show {show}",
        published_ms=NOW_MS - number * DAY_MS - show * 1000,
        enclosure=Enclosure(f"https://example.org/{show}/{number}.mp3", "audio/mpeg", 40_000_000),
        transcripts=(),
        duration_ms=2_400_000,
        notes="<p>" + "What is said in this one, told by its publisher. " * 8 + "</p>",
        link=None,
    )


def _read(library: Library, episode_id: int, show: int) -> None:
    said = f"Claim {episode_id} of show {show}."
    insight = Insight(InsightId(f"i{episode_id}"), said, said, said, 0, 900, 0, 0, 0.5, "quotes", "m", "1")
    library.store_transcript(episode_id, Transcript("publisher", (Segment(0, 900, said),)))  # type: ignore[arg-type]
    extraction = Extraction((insight,), (), ExtractionCounts(kept=1))
    library.store_extraction(episode_id, extraction, {}, "m", now_ms=NOW_MS)  # type: ignore[arg-type]
    library.set_job(episode_id, step="done", state="done")  # type: ignore[arg-type]


def timed(name: str, work: Callable[[], object]) -> None:
    """Print the median and the longest of some runs, and the least processor time of one."""
    took, worked = [], []
    for _ in range(RUNS):
        began, used = time.perf_counter(), _used_s()
        work()
        took.append(time.perf_counter() - began)
        worked.append(_used_s() - used)
    sys.stdout.write(f"{name:42} {statistics.median(took):6.3f} {max(took):6.3f} {min(worked):6.3f}\n")


def _used_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def run_verb(folder: Path, *verb: str) -> None:
    """A verb in a process of its own."""
    command = [sys.executable, "-m", "earmark", "--data-dir", str(folder.absolute()), *verb]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)


def main() -> None:
    """Measure, and print a line for each."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    paths = Paths(folder)
    if not paths.library.exists():
        began = time.perf_counter()
        with open_library(paths) as library:
            fill(library)
        sys.stdout.write(f"made in {time.perf_counter() - began:.1f} s in {folder}\n")
    with open_reader(paths) as reader:
        rows: dict[str, Callable[[], object]] = {
            "every episode as a record": reader.episodes,
            "rows of all shows": reader.show_rows,
            "the newest 50 episodes": lambda: reader.episode_rows(most=50),
            "every title": lambda: reader.episodes_titled("no such words"),
        }
        for name, work in rows.items():
            timed(name, work)
    for verb in (("--version",), *VERBS):
        timed("earmark " + " ".join(verb), partial(run_verb, folder, *verb))


if __name__ == "__main__":
    main()
