"""Many fetches through one door, of good answers and of every kind of bad one; what stays open is counted."""

import gc
import threading
from contextlib import suppress
from pathlib import Path

from evil_server import Evil

from earmark.errors import KnownError
from earmark.net import Door

KINDS = (
    "/feed",
    "/gzip",
    "/nowhere",
    "/gone",
    "/redirect?302?/feed",
    "/loop",
    "/no-location",
    "/not-http",
    "/long-header",
    "/bad-chunks",
    "/gzip-broken-off",
    "/gzip-damaged",
    "/brotli",
    "/cookie",
)
"""Ways to end, each within milliseconds."""


def open_files() -> int:
    """How many files and sockets this process has open (Linux)."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


def fetch(door: Door, evil: Evil, count: int) -> tuple[int, int]:
    """Fetch so often, of all kinds in turn; how many more files and threads there are at the end.

    One of each kind has been fetched before the first is counted.
    """
    first = (0, 0)
    for number in range(-len(KINDS), count):
        if number == 0:
            first = (open_files(), threading.active_count())
        with suppress(KnownError):
            door.get(evil.url(KINDS[number % len(KINDS)]), why="test", max_bytes=100_000)
    del evil.requests[:]
    return open_files() - first[0], threading.active_count() - first[1]
