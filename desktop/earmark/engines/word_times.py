"""Where each word of a segment begins, from how loud the segment is when.

whisper.cpp has times for tokens, but only where it computes the spectrum itself. The rule here is as plain as
its own: a word takes its share of the loudness by the number of its letters.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FRAME_MS = 10
_QUIET_QUANTILE = 0.1
_PAUSE_LETTERS = 1


def word_starts_ms(
    words: Sequence[str], start_ms: int, end_ms: int, loudness: NDArray[np.float32]
) -> tuple[int, ...]:
    """One moment for each word, in order, the first at the first sound; `loudness` holds one value for each
    10 ms from 0 on, on any scale."""
    first, last = start_ms // FRAME_MS, end_ms // FRAME_MS
    here = loudness[first : max(last, first + 1)].astype(np.float64)
    if not words or here.size == 0:
        return tuple(start_ms for _ in words)
    sound = np.maximum(here - np.quantile(here, _QUIET_QUANTILE), 0)
    if not sound.any():
        sound += 1
    heard = np.concatenate(([0.0], np.cumsum(sound))) / sound.sum()
    letters = np.array([len(word) + _PAUSE_LETTERS for word in words], dtype=np.float64)
    before = np.concatenate(([0.0], np.cumsum(letters)[:-1])) / letters.sum()
    frames = np.maximum(np.searchsorted(heard, before, side="right") - 1, 0)
    return tuple(min(start_ms + int(frame) * FRAME_MS, end_ms) for frame in frames)
