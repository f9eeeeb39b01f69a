"""Ten thousand fetches, good and bad: nothing may stay open, and memory may not grow.

    uv run python tests/benchmarks/fetch_leaks.py [--fetches 10000]

Over loopback, in rounds of a tenth. Printed are the files and threads that are there beyond those of a
round's start, and the memory of the process. It ends with 1 where something stayed open. Linux only.
"""

import argparse
import sys
import time
from pathlib import Path

import psutil

sys.path.append(str(Path(__file__).parents[1] / "net"))

from evil_server import start
from leaks import fetch

from earmark.net import Door


def main() -> int:
    """Fetch and count."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--fetches", type=int, default=10_000)
    fetches = parser.parse_args().fetches
    server, stop = start()
    process, left, began_s = psutil.Process(), [], time.monotonic()
    with Door(user_agent="Earmark/benchmark", log=lambda *_: None) as door:
        door.allow(server.url("/"))
        for tenth in range(1, 11):
            left.append(fetch(door, server, fetches // 10))
            memory_mb = process.memory_info().rss / 2**20
            files, threads = left[-1]
            done = tenth * fetches // 10
            sys.stdout.write(f"{done:6} fetches: {files:+} files, {threads:+} threads, {memory_mb:.0f} MB\n")
    stop()
    sys.stdout.write(f"{time.monotonic() - began_s:.0f} s\n")
    return int(any(files > 0 for files, _ in left))


if __name__ == "__main__":
    sys.exit(main())
