"""The nearest of many vectors: the one place that knows how they are looked for.

Some thousands are compared one by one. More are looked for in two passes: the signs of the numbers, a bit
each, say which few thousand may be near at all; a byte for each number says which of those are; and the
last few are compared exactly, by the library's own vectors. So the memory is 48 + 384 bytes for a vector of
384 numbers, of which the larger part lies in files that the system may page out.

The files only save time. They may be deleted at any moment at which the program does not run, belong to one
process at a time (another one works on a copy in memory), and a part that does not fit the library is made
anew.
"""

import mmap
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

PLAIN_MOST = 20_000
"""Up to here one by one is fast enough: 30 MB, and 1 to 3 ms on one core."""
BLOCK_ROWS = 65_536
CANDIDATES = 4_000
"""How many the second pass looks at. Of sentences the ten nearest are among the nearest 2000 by signs."""
EXACT_LEAST = 64
FETCHED_AT_ONCE = 2_048
SAMPLED = 16
"""How many rows of a block are compared with the library when its file is opened."""
_FEW = 16
"""Up to here it is quicker to look for them one by one than to sort all."""

Numbers = NDArray[np.int64]
Vectors = NDArray[np.float32]
Fetch = Callable[[Numbers], tuple[Numbers, Vectors]]
"""The library's own vectors of these fingerprints, those that it holds, with their fingerprints."""


class Nearest:
    """Unit vectors under fingerprints (whole numbers above 0), to be asked which are nearest to one.

    `folder` holds the files of a large index. Raises nothing of its own.
    """

    def __init__(self, folder: Path, width: int, fetch: Fetch, *, plain_most: int | None = None) -> None:
        self._folder, self._width, self._fetch = folder, width, fetch
        self._plain_most = PLAIN_MOST if plain_most is None else plain_most
        self._index: _Plain | _Sketched = _Plain(width)

    def __len__(self) -> int:
        return len(self._index)

    def follow(self, wanted: Numbers) -> None:
        """Hold exactly these: what is missing is fetched, what is too much is dropped."""
        if len(wanted) > self._plain_most:
            self._grow()
        held = self._index.held()
        self.remove(held[~np.isin(held, wanted)])
        missing = wanted[self._index.missing(wanted)]
        for first in range(0, len(missing), FETCHED_AT_ONCE):
            self._index.add(*self._fetch(missing[first : first + FETCHED_AT_ONCE]))

    def add(self, fingerprints: Numbers, vectors: Vectors) -> None:
        """Hold these as well."""
        new = self._index.missing(fingerprints)
        self._index.add(fingerprints[new], vectors[new])
        if len(self) > self._plain_most:
            self._grow()

    def remove(self, fingerprints: Numbers) -> None:
        """Let go of these; unknown ones do no harm."""
        if len(fingerprints):
            self._index.remove(fingerprints)

    def search(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """The fingerprints of the nearest, and how near each is (cosine), the nearest first."""
        found, scores = self._index.search(np.asarray(vector, np.float32), count)
        order = np.lexsort((found, -scores))[:count]
        return [(int(found[k]), float(scores[k])) for k in order]

    def rest(self) -> None:
        """Give the memory back; what of it lies in files is read again at the next question."""
        self._index.rest()

    def close(self) -> None:
        """Let go of the files."""
        self._index.close()

    def _grow(self) -> None:
        if isinstance(self._index, _Plain):
            plain, self._index = self._index, _Sketched(self._folder, self._width, self._fetch)
            new = self._index.missing(plain.held())
            self._index.add(plain.held()[new], plain.vectors()[new])


class _Plain:
    """All vectors as they are, in memory."""

    def __init__(self, width: int) -> None:
        self._marks = np.zeros(64, np.int64)
        self._vectors = np.zeros((64, width), np.float32)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def held(self) -> Numbers:
        return self._marks[: self._count]

    def missing(self, fingerprints: Numbers) -> NDArray[np.bool_]:
        return _missing(fingerprints, [self.held()])

    def vectors(self) -> Vectors:
        return self._vectors[: self._count]

    def add(self, fingerprints: Numbers, vectors: Vectors) -> None:
        end = self._count + len(fingerprints)
        if end > len(self._marks):
            room = max(end, 2 * len(self._marks)) - len(self._marks)
            self._marks = np.concatenate([self._marks, np.zeros(room, np.int64)])
            empty = np.zeros((room, self._vectors.shape[1]), np.float32)
            self._vectors = np.concatenate([self._vectors, empty])
        self._marks[self._count : end], self._vectors[self._count : end] = fingerprints, vectors
        self._count = end

    def remove(self, fingerprints: Numbers) -> None:
        kept = ~np.isin(self.held(), fingerprints)
        marks, vectors = self.held()[kept], self.vectors()[kept]
        self._count = len(marks)
        self._marks[: self._count], self._vectors[: self._count] = marks, vectors

    def search(self, vector: Vectors, count: int) -> tuple[Numbers, Vectors]:
        scores = _products(self.vectors(), vector)
        best = _largest(scores, count)
        return self.held()[best], scores[best]

    def rest(self) -> None:
        """Nothing of it lies elsewhere."""

    def close(self) -> None:
        """There is nothing to let go of."""


class _Sketched:
    """Signs and bytes of all vectors, in blocks of one file each; the exact ones stay in the library."""

    def __init__(self, folder: Path, width: int, fetch: Fetch) -> None:
        self._folder, self._width, self._fetch = folder, width, fetch
        self._lock = _owned(folder)
        self._blocks = [_Block(path, width, self._lock is not None) for path in self._files()]
        for block in self._blocks:
            self._compare(block)
        free = [np.flatnonzero(block.marks == 0) + n * BLOCK_ROWS for n, block in enumerate(self._blocks)]
        self._free = np.concatenate([*free, np.zeros(0, np.int64)])[::-1].tolist()

    def __len__(self) -> int:
        return len(self._blocks) * BLOCK_ROWS - len(self._free)

    def held(self) -> Numbers:
        return np.concatenate([np.zeros(0, np.int64), *(b.marks[b.marks != 0] for b in self._blocks)])

    def missing(self, fingerprints: Numbers) -> NDArray[np.bool_]:
        return _missing(fingerprints, [block.marks for block in self._blocks])

    def add(self, fingerprints: Numbers, vectors: Vectors) -> None:
        while len(self._free) < len(fingerprints):
            path = self._folder / f"{len(self._blocks):04}.block"
            first = len(self._blocks) * BLOCK_ROWS
            self._blocks.append(_Block(path, self._width, self._lock is not None))
            self._free = [*range(first + BLOCK_ROWS - 1, first - 1, -1), *self._free]
        slots = np.array([self._free.pop() for _ in fingerprints], np.int64)
        for n in np.unique(slots // BLOCK_ROWS):
            mine = slots // BLOCK_ROWS == n
            self._blocks[n].put(slots[mine] % BLOCK_ROWS, fingerprints[mine], vectors[mine])

    def remove(self, fingerprints: Numbers) -> None:
        for n, block in enumerate(self._blocks):
            slots = np.flatnonzero(np.isin(block.marks, fingerprints[fingerprints != 0]))
            block.marks[slots] = 0
            self._free += (slots + n * BLOCK_ROWS).tolist()

    def search(self, vector: Vectors, count: int) -> tuple[Numbers, Vectors]:
        """Signs, then bytes, then the library's own vectors."""
        sign = _signs(vector[None])[:, 0]
        far = [block.distances(sign) for block in self._blocks]
        at_each = sum((np.bincount(d, minlength=self._width + 2) for d in far), np.zeros(1, np.int64))
        limit = min(int(np.searchsorted(np.cumsum(at_each), CANDIDATES)), self._width)
        marks, scores = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
        for block, distances in zip(self._blocks, far, strict=True):
            slots = np.flatnonzero(distances <= limit)
            marks.append(block.marks[slots])
            scores.append(_products(block.codes[slots].astype(np.float32), vector) * block.scales[slots])
        best = _largest(np.concatenate(scores), max(EXACT_LEAST, 4 * count))
        found, exact = self._fetch(np.concatenate(marks)[best])
        return found, _products(exact, vector)

    def rest(self) -> None:
        for block in self._blocks:
            block.rest()

    def close(self) -> None:
        self._blocks = []
        if self._lock is not None:
            self._lock.release()

    def _files(self) -> Iterator[Path]:
        number = 0
        while (path := self._folder / f"{number:04}.block").exists():
            yield path
            number += 1

    def _compare(self, block: "_Block") -> None:
        """Empty a block in which some rows are not what the library's vectors would give."""
        slots = np.flatnonzero(block.marks)
        if not len(slots):
            return
        slots = slots[np.unique(np.linspace(0, len(slots) - 1, SAMPLED).astype(int))]
        found, vectors = self._fetch(block.marks[slots])
        known = dict(zip(found.tolist(), vectors, strict=True))
        if any(not block.fits(s, known[m]) for s in slots.tolist() if (m := int(block.marks[s])) in known):
            block.marks[:] = 0


class _Block:
    """The signs, bytes and fingerprints of some vectors, in a file or, where that cannot be, in memory.

    A fingerprint of 0 is an empty row. `owned`: what is written goes to the file.
    """

    def __init__(self, path: Path, width: int, owned: bool) -> None:
        self._form = np.dtype(
            [
                ("head", "S64"),
                ("marks", "<i8", (BLOCK_ROWS,)),
                ("scales", "<f4", (BLOCK_ROWS,)),
                ("signs", "<u8", (-(-width // 64), BLOCK_ROWS)),
                ("codes", "i1", (BLOCK_ROWS, width)),
            ]
        )
        self._head = f"earmark nearest 1, {width} x {BLOCK_ROWS}".encode()
        self._mapped: mmap.mmap | None = None
        whole: Any = self._opened(path, owned)
        self.marks: Numbers = whole["marks"][0]
        self.scales: Vectors = whole["scales"][0]
        self.signs: NDArray[np.uint64] = whole["signs"][0]
        self.codes: NDArray[np.int8] = whole["codes"][0]

    def _opened(self, path: Path, owned: bool) -> NDArray[np.void]:
        with suppress(OSError):
            if owned and not self._sound(path):
                _write_zeros(path, self._head, self._form.itemsize)
            if self._sound(path):
                access = mmap.ACCESS_WRITE if owned else mmap.ACCESS_COPY
                with path.open("r+b" if owned else "rb") as file:
                    mapped = mmap.mmap(file.fileno(), 0, access=access)
                self._mapped = mapped if owned else None
                return np.frombuffer(mapped, self._form)
        return np.zeros(1, self._form)

    def _sound(self, path: Path) -> bool:
        if not path.exists() or path.stat().st_size != self._form.itemsize:
            return False
        with path.open("rb") as file:
            return file.read(64).rstrip(b"\0") == self._head

    def rest(self) -> None:
        """Let the pages of the file go, which the system keeps; not of a copy, which is nowhere else."""
        if self._mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
            self._mapped.madvise(mmap.MADV_DONTNEED)

    def put(self, slots: Numbers, fingerprints: Numbers, vectors: Vectors) -> None:
        """Write rows; the fingerprint comes last, so that a row that is torn is empty."""
        self.scales[slots], self.codes[slots] = _bytes(vectors)
        self.signs[:, slots] = _signs(vectors)
        self.marks[slots] = fingerprints

    def fits(self, slot: int, vector: Vectors) -> bool:
        """Whether a row is what this vector gives."""
        scale, codes = _bytes(vector[None])
        same_signs = np.array_equal(self.signs[:, slot], _signs(vector[None])[:, 0])
        same_bytes = np.array_equal(self.codes[slot], codes[0])
        return bool(same_signs and same_bytes and self.scales[slot] == scale[0])

    def distances(self, sign: NDArray[np.uint64]) -> NDArray[np.uint16]:
        """In how many signs each row differs; more than there are for an empty one."""
        total = np.zeros(BLOCK_ROWS, np.uint16)
        differing, counted = np.empty(BLOCK_ROWS, np.uint64), np.empty(BLOCK_ROWS, np.uint8)
        for row, bits in zip(self.signs, sign, strict=True):
            np.bitwise_xor(row, bits, out=differing)
            total += np.bitwise_count(differing, out=counted)
        total[self.marks == 0] = self.codes.shape[1] + 1
        return total


def _signs(vectors: Vectors) -> NDArray[np.uint64]:
    """A bit for each number, whether it is above 0: one column of 64-bit words for each vector."""
    bits = np.packbits(vectors > 0, axis=1)
    padded = np.zeros((len(vectors), -(-vectors.shape[1] // 64) * 8), np.uint8)
    padded[:, : bits.shape[1]] = bits
    return padded.view("<u8").T


def _bytes(vectors: Vectors) -> tuple[Vectors, NDArray[np.int8]]:
    """A scale for each vector, and a whole number from -127 to 127 for each of its numbers."""
    scales = np.maximum(np.abs(vectors).max(axis=1, initial=0), 1e-12).astype(np.float32) / np.float32(127)
    return scales, np.rint(vectors / scales[:, None]).astype(np.int8)


def _missing(fingerprints: Numbers, parts: Sequence[Numbers]) -> NDArray[np.bool_]:
    """Which of these are in no part."""
    if len(fingerprints) <= _FEW:
        return np.array([not any(np.any(p == each) for p in parts) for each in fingerprints], np.bool_)
    return ~np.isin(fingerprints, np.concatenate([np.zeros(0, np.int64), *parts]))


def _products(vectors: Vectors, vector: Vectors) -> Vectors:
    """The product of each with one. On this thread alone: a second one waits for a core that others use, and
    on two busy cores that was 100 ms for what takes one."""
    return np.asarray(np.einsum("ij,j->i", vectors, vector), np.float32)


def _largest(scores: Vectors, count: int) -> NDArray[np.intp]:
    if count >= len(scores):
        return np.arange(len(scores))
    return np.argpartition(-scores, count)[:count]


def _owned(folder: Path) -> FileLock | None:
    """The right to write the files, or None while another process (or connection) has it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", mode=0o600)
        lock.acquire(timeout=0)
    except (OSError, Timeout):
        return None
    return lock


def _write_zeros(path: Path, head: bytes, size: int) -> None:
    """An empty block on the disk. Really written: a hole that finds no room later would be our death."""
    part = path.with_suffix(f".{os.getpid()}")
    with part.open("wb") as file:
        file.write(head.ljust(64, b"\0"))
        for _ in range(64, size, 2**20):
            file.write(bytes(min(2**20, size - file.tell())))
    part.replace(path)
