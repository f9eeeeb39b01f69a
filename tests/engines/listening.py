"""A judge that hears what a test says, and sounds made for tests."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from earmark.engines.hearing import RATE_HZ, Hearing

FRAME_MS = 20
Pcm = NDArray[np.int16]


class ScriptedJudge:
    """Hears speech everywhere but in some stretches (start_ms, end_ms); notes how much it was asked for."""

    frame_ms = FRAME_MS

    def __init__(self, *quiet_ms: tuple[int, int]) -> None:
        self._quiet_ms = quiet_ms
        self.judged_ms = 0
        self.asked = 0

    def frames(self, pcm: NDArray[np.int16], first: int, count: int) -> NDArray[np.bool_]:
        """As it was told; nothing beyond the end of the sound."""
        self.judged_ms += count * FRAME_MS
        at_ms = np.arange(first, first + count) * FRAME_MS
        heard = at_ms < pcm.size * 1000 // RATE_HZ
        for start_ms, end_ms in self._quiet_ms:
            heard &= (at_ms < start_ms) | (at_ms >= end_ms)
        return heard

    def stretches(self, pcm: Pcm, firsts: Sequence[int], count: int) -> list[NDArray[np.bool_]]:
        """The same for each beginning."""
        self.asked += 1
        return [self.frames(pcm, first, count) for first in firsts]


def sound(seconds: float, *silent_ms: tuple[int, int]) -> NDArray[np.int16]:
    """Loud noise with silent stretches (start_ms, end_ms)."""
    samples = np.random.default_rng(3).integers(-9000, 9000, int(seconds * RATE_HZ)).astype(np.int16)
    for start_ms, end_ms in silent_ms:
        samples[start_ms * RATE_HZ // 1000 : end_ms * RATE_HZ // 1000] = 0
    return samples


def hearing(seconds: float, *quiet_ms: tuple[int, int]) -> Hearing:
    """A sound in which somebody speaks, but for stretches of silence."""
    return Hearing(ScriptedJudge(*quiet_ms), sound(seconds, *quiet_ms))
