"""What the user is told of each hostile feed, and what it costs: memory, time, connections, opened files.

Runs in a process of its own, so that memory can be measured. `python tests/peers/hostile_rows.py SHARED`
prints all as JSON; with --write it writes hostile.tsv anew.
"""

import csv
import json
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "net"))

from stored import Stored, subscribe_to_all
from transcript_rows import row

from earmark.engines.memory import peak_bytes

TABLE = Path(__file__).with_name("hostile.tsv")
COLUMNS = ("file", "told", "episodes", "with_sound", "first_title")
FOLDER = "data/hostile/feeds"
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass
class Cost:
    """Of one file. `grown_bytes` is how far memory rose above what was held before; None: not known here."""

    seconds: float = 0.0
    grown_bytes: int | None = None
    connected: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)


class Costs:
    """Measures each file."""

    def __init__(self) -> None:
        self.of: dict[str, Cost] = {}
        self._now = Cost()
        sys.addaudithook(self._seen)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """Around the taking in of one file."""
        self._now = self.of[name] = Cost()
        began, held = time.perf_counter(), _held_bytes()
        try:
            yield
        finally:
            self._now.seconds = time.perf_counter() - began
            peak = peak_bytes()
            self._now.grown_bytes = peak - held if peak is not None and held is not None else None

    def _seen(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and arguments[0].family != socket.AF_UNIX:
            self._now.connected.append(f"{arguments[1][0]}:{arguments[1][1]}")
        elif event == "socket.getaddrinfo":
            self._now.connected.append(str(arguments[0]))
        elif event == "open" and isinstance(arguments[0], str):
            self._now.opened.append(arguments[0])


def _held_bytes() -> int | None:
    """What this process holds now; its highest mark is set back to that. Linux alone can do so."""
    try:
        _CLEAR.write_text("5")
    except OSError:
        return None
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def rows(stored: dict[str, Stored]) -> list[dict[str, str]]:
    """What the table says of each file."""
    return [dict(zip(COLUMNS, map(str, _cells(name, each)), strict=True)) for name, each in stored.items()]


def _cells(name: str, each: Stored) -> tuple[object, ...]:
    if each.refused:
        return name, each.refused, "", "", ""
    sound = sum(1 for episode in each.episodes if episode.enclosure)
    first = each.episodes[0].title[:60] if each.episodes else ""
    return name, "", len(each.episodes), sound, first


def table() -> list[dict[str, str]]:
    """What hostile.tsv holds."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def main(shared: Path, *, write: bool) -> None:
    """Take in every hostile feed once."""
    root, costs = shared / FOLDER, Costs()
    names = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*")) if path.is_file()]
    warm = "bare_ampersand.xml"  # what the first feed alone loads is not its cost
    with tempfile.TemporaryDirectory() as folder:
        subscribe_to_all(root, [warm], Path(folder) / "warm")
        stored = subscribe_to_all(root, names, Path(folder) / "profile", costs.measure)
    for row_folder in ("data/hostile/transcripts", "data/hostile/chapters"):
        for path in sorted((shared / row_folder).iterdir()):
            with costs.measure(f"{row_folder}/{path.name}"):
                row(path)
    if write:
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows(stored))
    told = {"rows": rows(stored), "costs": {name: asdict(cost) for name, cost in costs.of.items()}}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), write="--write" in sys.argv)
