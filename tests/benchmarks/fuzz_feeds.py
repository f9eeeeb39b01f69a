"""Damaged feeds, transcripts and chapters by the hundred thousand: none may raise what is no plain refusal.

    python tests/benchmarks/fuzz_feeds.py [N] [--seed S] [--keep FOLDER] [FOLDER ...]

Makes N cases (100,000 without a number) from a few documents of each kind and from the files of the folders
named, and reads each as a feed, as a transcript and as chapters. Prints how they ended, the slowest case and
the memory. A case that failed, or took more than five seconds, is kept with --keep; its seed is printed.
"""

import argparse
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from damaged_documents import SEEDS, damaged, read_every_way

from earmark.engines.memory import peak_bytes

SLOW_S = 5.0


def main() -> None:
    """Make the cases, read them, print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", nargs="?", type=int, default=100_000)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    files = [path for folder in asked.folders for path in sorted(folder.rglob("*")) if path.is_file()]
    documents = [*SEEDS, *(path.read_bytes() for path in files)]
    ends: Counter[str] = Counter()
    began, slowest = time.monotonic(), (0.0, 0)
    for seed in range(asked.seed, asked.seed + asked.cases):
        body = damaged(seed, documents)
        start = time.process_time()
        try:
            end = read_every_way(body)
        except Exception:  # noqa: BLE001  (that is what is looked for)
            end = "FAILED"
            _say(f"seed {seed}: {traceback.format_exc(limit=-3)}")
        took = time.process_time() - start
        slowest = max(slowest, (took, seed))
        ends[end] += 1
        if asked.keep and (end == "FAILED" or took > SLOW_S):
            asked.keep.mkdir(parents=True, exist_ok=True)
            (asked.keep / str(seed)).write_bytes(body)
    for end, count in ends.most_common():
        _say(f"{count:8} {end}")
    peak, lasted_s = peak_bytes(), time.monotonic() - began
    _say(
        f"{asked.cases} cases from {len(documents)} documents, seed {asked.seed}: {lasted_s:.0f} s,"
        f" slowest {slowest[0]:.2f} s (seed {slowest[1]}), most memory {(peak or 0) / 1e6:.0f} MB"
    )
    if ends["FAILED"]:
        raise SystemExit(1)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
