"""The nearest of many vectors: how long each way takes, what it finds, and what memory it needs.

    uv run --with usearch python tests/benchmarks/index.py VECTORS [ROWS ...] [WAYS ...]

VECTORS is a cache of vectors (FOLDER/cache/vectors.db of a data folder that read episodes; see
tests/tools/transcript_library.py). Each way runs in a process of its own over the same rows, 10 000, 100 000
and 1 000 000 unless told otherwise. Rows are real sentences' vectors, mixed two and two and shaken so that
there are enough; 200 queries are real ones that no row was made from. "random" rows are without any
structure, where everything is about as far from everything: nobody's sentences are like that. Recall is of
the ten nearest by comparing all in single precision, ties counted as found. "cpu" is the processor time of a
query over all threads, which says more than the clock on a machine that others use; memory is what a process
holds beyond the rows themselves, pages of its own files among it. Where the system allows it (as root on
Linux), queries and additions are timed before all other programs; building and opening are not.

plain      one float32 matrix in memory, compared one by one
Earmark    library/nearest.py as it is: signs, bytes, then the vectors of a SQLite file by fingerprint
int8       bytes only in memory, all compared in numpy, the best 64 exactly
usearch f32, i8   HNSW of usearch with its own defaults, and with a wider search (expansion 256)
"""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earmark.library.nearest import Nearest, Numbers, Vectors

QUERIES, COUNT, WIDTH = 200, 10, 384
SIZES = (10_000, 100_000, 1_000_000)
WAYS = ("plain", "Earmark", "int8", "usearch f32", "usearch i8", "usearch i8 wide")


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)  # noqa: T201


def main() -> None:
    """Prints one table for each kind of rows."""
    if sys.argv[1] == "--one":
        one(sys.argv[2], Path(sys.argv[3]))
        return
    source = Path(sys.argv[1])
    sizes = tuple(int(each) for each in sys.argv[2:] if each.isdigit()) or SIZES
    ways = tuple(each for each in sys.argv[2:] if not each.isdigit()) or WAYS
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, numpy {np.__version__}")
    for kind in ("sentences", "random"):
        for rows in sizes if kind == "sentences" else sizes[-1:]:
            with tempfile.TemporaryDirectory() as folder:
                prepare(source, rows, Path(folder), kind)
                say(f"\n{rows} rows of {kind}, load {os.getloadavg()[0]:.1f}")
                say(
                    f"{'way':16}{'p50 ms':>8}{'p95 ms':>8}{'cpu p50':>9}{'cpu p95':>9}{'recall':>8}"
                    f"{'MB':>7}{'file MB':>9}{'build s':>9}{'open s':>8}{'cpu s':>7}{'add ms':>8}"
                )
                for way in ways:
                    if kind == "sentences" or way in ("Earmark", "usearch i8 wide"):
                        run(way, Path(folder))


def run(way: str, folder: Path) -> None:
    """One way in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", way, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        say(f"{way:16} failed: {said[-1]}")
        return
    f = json.loads(done.stdout)
    say(
        f"{way:16}{f['p50']:8.2f}{f['p95']:8.2f}{f['cpu50']:9.2f}{f['cpu95']:9.2f}{f['recall']:8.3f}{f['memory']:7.0f}{f['file']:9.0f}"
        f"{f['build']:9.1f}{f['open']:8.2f}{f['opencpu']:7.2f}{f['add']:8.2f}"
    )


def prepare(source: Path, rows: int, folder: Path, kind: str) -> None:
    """Write rows, queries and the true answers, and a SQLite file that holds the rows as the library does."""
    draw = np.random.default_rng(1)
    real = _stored(source)
    order = draw.permutation(len(real))
    queries, real = real[order[:QUERIES]], real[order[QUERIES:]]
    if kind == "random":
        queries = _unit(draw.standard_normal((QUERIES, WIDTH)).astype(np.float32))
    matrix = np.lib.format.open_memmap(
        folder / "rows.npy", mode="w+", dtype=np.float32, shape=(rows + 50, WIDTH)
    )
    for first in range(0, rows + 50, 20_000):
        size = min(20_000, rows + 50 - first)
        noise = draw.standard_normal((size, WIDTH)).astype(np.float32)
        if kind == "random":
            matrix[first : first + size] = _unit(noise)
            continue
        one, other = (real[draw.integers(len(real), size=size)] for _ in range(2))
        share = draw.uniform(0, 0.5, (size, 1)).astype(np.float32)
        matrix[first : first + size] = _unit(
            (1 - share) * one + share * other + noise * np.float32(0.5 / WIDTH**0.5)
        )
    np.save(folder / "queries.npy", queries)
    best = np.full((QUERIES, COUNT), -2.0, np.float32)
    for first in range(0, rows, 50_000):
        scores = queries @ matrix[first : min(rows, first + 50_000)].T
        best = -np.sort(-np.concatenate([best, scores], axis=1), axis=1)[:, :COUNT]
    np.save(folder / "tenth.npy", best[:, -1])
    with contextlib.closing(sqlite3.connect(folder / "library.db")) as db, db:
        db.execute(
            "CREATE TABLE embeddings (insight_id TEXT, model_id TEXT, vector BLOB, fingerprint INTEGER)"
        )
        marks = marks_of(rows + 50)
        db.executemany(
            "INSERT INTO embeddings VALUES (?, 'm', ?, ?)",
            ((f"{m:016x}", matrix[k].tobytes(), int(m)) for k, m in enumerate(marks)),
        )
        db.execute("CREATE INDEX by_fingerprint ON embeddings (model_id, fingerprint)")


def marks_of(count: int) -> Numbers:
    """Fingerprints as the library has them: scattered over 63 bits, none twice."""
    numbers = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (numbers >> np.uint64(1)).astype(np.int64)


def _stored(source: Path) -> Vectors:
    with contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as db:
        blobs = [row[0] for row in db.execute("SELECT vector FROM vectors ORDER BY number")]
    return np.frombuffer(b"".join(blobs), "<f4").reshape(-1, WIDTH).astype(np.float32)


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


# ---- the ways: each gives build(), open(), add(k), search(vector) -> row numbers ------------------------


class Plain:
    """One float32 matrix."""

    def __init__(self, folder: Path, rows: Vectors) -> None:
        self.rows, self.count = rows, len(rows) - 50
        self.matrix = np.zeros((0, WIDTH), np.float32)

    def build(self) -> None:
        """Nothing: what is stored is what is searched."""

    def open(self) -> None:
        """Read all of it, with room for what comes."""
        self.matrix = np.array(self.rows)

    def add(self, row: int) -> None:
        """Into the room behind the others."""
        self.matrix[row] = self.rows[row]

    def search(self, vector: Vectors) -> NDArray[Any]:
        """Compare all."""
        scores = self.matrix[: self.count] @ vector
        return np.argpartition(-scores, COUNT)[:COUNT]


class Bytes(Plain):
    """Bytes for the first pass, in blocks that the cache of a core holds; then the best 64 exactly."""

    def open(self) -> None:
        """Half a step of one of 254 is the error of a number."""
        self.codes = np.empty(self.rows.shape, np.int8)
        for first in range(0, len(self.rows), 20_000):
            part = self.rows[first : first + 20_000]
            self.codes[first : first + 20_000] = np.clip(np.rint(part * 400), -127, 127)

    def add(self, row: int) -> None:
        """Into the room behind the others."""
        self.codes[row] = np.clip(np.rint(self.rows[row] * 400), -127, 127)

    def search(self, vector: Vectors) -> NDArray[Any]:
        """Numpy has no fast product of bytes: a block at a time becomes float32."""
        scores = np.concatenate(
            [
                self.codes[first : min(first + 4096, self.count)].astype(np.float32) @ vector
                for first in range(0, self.count, 4096)
            ]
        )
        best = np.argpartition(-scores, 64)[:64]
        return best[np.argsort(-(self.rows[best] @ vector))[:COUNT]]


class Ours:
    """library/nearest.py, its exact pass from a SQLite file."""

    def __init__(self, folder: Path, rows: Vectors) -> None:
        self.folder, self.rows, self.count = folder / "index", rows, len(rows) - 50
        self.marks = marks_of(len(rows))
        self.row_of = dict(zip(self.marks.tolist(), range(len(rows)), strict=True))
        self.db = sqlite3.connect(folder / "library.db")

    def fetch(self, marks: Numbers) -> tuple[Numbers, Vectors]:
        """As library/nearest_queries.py does it."""
        rows = self.db.execute(
            "SELECT fingerprint, vector FROM embeddings WHERE model_id = 'm'"
            " AND fingerprint IN (SELECT value FROM json_each(?))",
            [json.dumps(marks.tolist())],
        ).fetchall()
        vectors = np.frombuffer(b"".join(row[1] for row in rows), "<f4").reshape(len(rows), WIDTH)
        return np.array([row[0] for row in rows], np.int64), vectors

    def build(self) -> None:
        """From nothing but the library."""
        self.open()
        self.index.close()

    def open(self) -> None:
        """Files and the list of all fingerprints; what is missing is fetched."""
        self.index = Nearest(self.folder, WIDTH, self.fetch)
        held = self.db.execute("SELECT fingerprint FROM embeddings WHERE model_id = 'm'")
        self.index.follow(np.setdiff1d(np.fromiter((r[0] for r in held), np.int64), self.marks[self.count :]))

    def add(self, row: int) -> None:
        """With the vector at hand, as it is when an insight is stored."""
        self.index.add(self.marks[row : row + 1], self.rows[row : row + 1])

    def search(self, vector: Vectors) -> NDArray[Any]:
        """The rows of the fingerprints that come back."""
        return np.array([self.row_of[mark] for mark, _ in self.index.search(vector, COUNT)])


class Usearch:
    """HNSW as usearch makes it."""

    def __init__(self, folder: Path, rows: Vectors, dtype: str, expansion: int) -> None:
        self.file, self.rows, self.count = folder / f"{dtype}.usearch", rows, len(rows) - 50
        self.dtype, self.expansion = dtype, expansion

    def _empty(self) -> Any:
        from usearch.index import Index  # a dependency of this benchmark alone

        return Index(ndim=WIDTH, metric="cos", dtype=self.dtype, expansion_search=self.expansion)

    def build(self) -> None:
        """All rows, on all cores."""
        if not self.file.exists():
            index = self._empty()
            for first in range(0, self.count, 50_000):
                last = min(first + 50_000, self.count)
                index.add(np.arange(first, last, dtype=np.uint64), np.array(self.rows[first:last]))
            index.save(str(self.file))

    def open(self) -> None:
        """Into memory, since a viewed file cannot grow."""
        self.index = self._empty()
        self.index.load(str(self.file))
        self.index.expansion_search = self.expansion

    def add(self, row: int) -> None:
        """One more."""
        self.index.add(row, np.array(self.rows[row]))

    def search(self, vector: Vectors) -> NDArray[Any]:
        """Its keys are the rows."""
        return np.asarray(self.index.search(vector, COUNT).keys).astype(np.int64)


def way_of(name: str, folder: Path, rows: Vectors) -> Any:
    """A way by its name in the table."""
    makers: dict[str, Callable[[], Any]] = {
        "plain": lambda: Plain(folder, rows),
        "int8": lambda: Bytes(folder, rows),
        "Earmark": lambda: Ours(folder, rows),
        "usearch f32": lambda: Usearch(folder, rows, "f32", 64),
        "usearch i8": lambda: Usearch(folder, rows, "i8", 64),
        "usearch i8 wide": lambda: Usearch(folder, rows, "i8", 256),
    }
    return makers[name]()


def one(name: str, folder: Path) -> None:
    """Measure one way; prints JSON."""
    rows = np.load(folder / "rows.npy", mmap_mode="r")
    queries, tenth = np.load(folder / "queries.npy"), np.load(folder / "tenth.npy")
    way = way_of(name, folder, rows)
    build_s = _seconds(way.build)
    own_before = _own_mb()
    used = time.process_time()
    open_s = _seconds(way.open)
    open_cpu_s = time.process_time() - used
    way.search(queries[0])
    _go_first()
    times, spent, hits = [], [], 0
    for query, least in zip(queries, tenth, strict=True):
        began, used = time.perf_counter(), time.process_time()
        found = way.search(query)
        times.append((time.perf_counter() - began) * 1000)
        spent.append((time.process_time() - used) * 1000)
        hits += int((rows[found] @ query >= least - 1e-5).sum())
    memory = _own_mb() - own_before
    adds = [_seconds(lambda k=k: way.add(way.count + k)) * 1000 for k in range(50)]  # type: ignore[misc]
    p50, p95, cpu50, cpu95 = *np.quantile(times, [0.5, 0.95]), *np.quantile(spent, [0.5, 0.95])
    files = sum(f.stat().st_size for f in folder.rglob("*") if f.suffix in (".usearch", ".block")) / 2**20
    figures = {
        "p50": p50, "p95": p95, "cpu50": cpu50, "cpu95": cpu95, "recall": hits / (COUNT * len(queries)),
        "memory": memory, "file": files, "build": build_s, "open": open_s, "opencpu": open_cpu_s,
        "add": float(np.quantile(adds, 0.95)),
    }  # fmt: skip
    say(json.dumps(figures))


def _go_first() -> None:
    """Let no other program in between while queries are timed, where the system allows that."""
    with contextlib.suppress(OSError, AttributeError):
        for thread in Path("/proc/self/task").iterdir():
            os.sched_setscheduler(int(thread.name), os.SCHED_FIFO, os.sched_param(10))


def _own_mb() -> float:
    """Memory of this process that is its own or its index's files: not the rows that it is compared with."""
    total = 0.0
    name = ""
    for line in Path("/proc/self/smaps").read_text().splitlines():
        head = line.split()
        if "-" in head[0] and not head[0].endswith(":"):
            name = head[-1]
        elif head[0] == "Rss:" and not name.endswith(("rows.npy", ".db", ".so")) and ".so." not in name:
            total += int(head[1]) / 1024
    return total


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
