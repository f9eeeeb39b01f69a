"""Who speaks when, found out piece by piece and only where somebody asks.

A speech model hears thirty seconds at a time, and for most of them one short look tells that there is speech.
So sound is judged in blocks, once each; what is said of a block depends only on where it lies, so that work
which goes on after an interruption hears the same.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
SAMPLES_PER_MS = RATE_HZ // 1000
BLOCK_MS = 1_600
MOST_AT_ONCE = 8
"""So many blocks of a long silence are judged side by side; of a window with speech one is enough."""
NEAR_MS = 200
"""Soft beginnings and ends of words are not heard as speech: look this much further on both sides. A judge
also hears speech so much longer than it is loud, and sooner."""
_QUIET_STEP_MS = 100
_QUIET_DB = -35.0
_SILENT = 10 ** (-55 / 20) * 32768


class Judge(Protocol):
    """Tells which frames of a sound are speech: Silero's detector, or the gate that needs no model."""

    frame_ms: int

    def frames(self, pcm: NDArray[np.int16], first: int, count: int) -> NDArray[np.bool_]:
        """One bool for each of `count` frames from number `first` on; frames may lie beyond the end."""

    def stretches(self, pcm: NDArray[np.int16], firsts: Sequence[int], count: int) -> list[NDArray[np.bool_]]:
        """Exactly what `frames` gives for each beginning."""


class Hearing:
    """What a judge hears in one sound (16 kHz mono, 16 bit; may be a memory map). Times are milliseconds."""

    def __init__(self, judge: Judge, pcm: NDArray[np.int16]) -> None:
        assert BLOCK_MS % judge.frame_ms == 0
        self._judge = judge
        self._pcm = pcm
        self._blocks: dict[int, NDArray[np.bool_]] = {}
        self.total_ms = pcm.size // SAMPLES_PER_MS

    def hears(self, start_ms: int, end_ms: int, least_ms: int = 1) -> bool:
        """Is there at least so much speech between two moments? Where that is known already is looked at
        first, then the middle."""
        heard = 0
        for some in self._steps(_from_the_middle(self._blocks_of(start_ms, end_ms))):
            heard += sum(self._in_block(block, start_ms, end_ms) for block in some)
            if heard >= least_ms:
                return True
        return False

    def hears_near(self, start_ms: int, end_ms: int) -> bool:
        """Is there any speech between two moments, or just before or after?"""
        return self.hears(max(0, start_ms - NEAR_MS), min(end_ms + NEAR_MS, self.total_ms))

    def onset_ms(self, start_ms: int) -> int | None:
        """The first moment at or after `start_ms` where speech is heard; None when no more comes."""
        frame_ms = self._judge.frame_ms
        blocks, size = self._blocks_of(start_ms, self.total_ms), 1
        for block in blocks:
            if block not in self._blocks:
                self._judge_blocks(range(block, min(block + size, blocks.stop)))
                size = min(2 * size, MOST_AT_ONCE)
            skip = max(0, (start_ms - block * BLOCK_MS) // frame_ms)
            later = np.flatnonzero(self._blocks[block][skip:])
            if later.size:
                return max(start_ms, block * BLOCK_MS + int(skip + later[0]) * frame_ms)
        return None

    def silences(self, start_ms: int, end_ms: int, least_ms: int) -> list[tuple[int, int]]:
        """Stretches between two moments, each at least so long, that are quiet and in which nobody speaks.

        Quiet is what lies far under the loud parts. Only quiet stretches are judged, since that is all that
        a window can do without; in their first and last NEAR_MS speech may be heard.
        """
        levels = self._levels(start_ms, end_ms)
        if levels.size == 0:
            return []
        quiet = levels < max(_SILENT, float(np.quantile(levels, 0.95)) * 10 ** (_QUIET_DB / 20))
        edges = np.flatnonzero(np.diff(np.concatenate(([0], quiet.astype(np.int8), [0]))))
        spans = [
            (start_ms + int(a) * _QUIET_STEP_MS, start_ms + int(b) * _QUIET_STEP_MS)
            for a, b in edges.reshape(-1, 2)
        ]
        return [(a, b) for a, b in spans if b - a >= least_ms and not self.hears(a + NEAR_MS, b - NEAR_MS)]

    def _levels(self, start_ms: int, end_ms: int) -> NDArray[np.float32]:
        """Root mean square of each 100 ms."""
        piece = self._pcm[start_ms * SAMPLES_PER_MS : end_ms * SAMPLES_PER_MS]
        step = _QUIET_STEP_MS * SAMPLES_PER_MS
        whole = piece[: piece.size // step * step].astype(np.float32).reshape(-1, step)
        return np.asarray(np.sqrt(np.einsum("ij,ij->i", whole, whole) / step), dtype=np.float32)

    def _blocks_of(self, start_ms: int, end_ms: int) -> range:
        return range(start_ms // BLOCK_MS, -(-min(end_ms, self.total_ms) // BLOCK_MS))

    def _in_block(self, block: int, start_ms: int, end_ms: int) -> int:
        frame_ms = self._judge.frame_ms
        first = max(0, start_ms - block * BLOCK_MS) // frame_ms
        last = -(-max(0, end_ms - block * BLOCK_MS) // frame_ms)
        return int(self._blocks[block][first:last].sum()) * frame_ms

    def _steps(self, blocks: Sequence[int]) -> Iterator[Sequence[int]]:
        """Those that are judged already, then one, two, four and so on that had to be judged now."""
        yield [block for block in blocks if block in self._blocks]
        left, size = [block for block in blocks if block not in self._blocks], 1
        while left:
            some, left, size = left[:size], left[size:], min(2 * size, MOST_AT_ONCE)
            self._judge_blocks(some)
            yield some

    def _judge_blocks(self, blocks: Sequence[int]) -> None:
        count = BLOCK_MS // self._judge.frame_ms
        fresh = [block for block in blocks if block not in self._blocks]
        found = self._judge.stretches(self._pcm, [block * count for block in fresh], count)
        self._blocks.update(zip(fresh, found, strict=True))


def _from_the_middle(blocks: range) -> list[int]:
    middle = (blocks.start + blocks.stop - 1) / 2
    return sorted(blocks, key=lambda block: abs(block - middle))
