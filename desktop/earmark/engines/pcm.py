"""Decoded sound on disk: raw little-endian 16-bit mono at 16 kHz."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from earmark.engines.hearing import SAMPLES_PER_MS
from earmark.engines.windows import Window
from earmark.errors import KnownError


def open_sound(pcm: Path) -> NDArray[np.int16]:
    """The sound, without reading it whole. Raises KnownError when it is gone."""
    try:
        size_bytes = pcm.stat().st_size
        if size_bytes < 2:
            return np.zeros(0, dtype=np.int16)
        return np.memmap(pcm, dtype="<i2", mode="r", shape=(size_bytes // 2,))
    except OSError as error:
        raise KnownError(f"The decoded sound is no longer there ({error.strerror}).") from error


def window_sound(sound: NDArray[np.int16], window: Window) -> NDArray[np.int16]:
    """What is heard in a window: its pieces, one after the other."""
    return np.concatenate([sound[a * SAMPLES_PER_MS : b * SAMPLES_PER_MS] for a, b in window.pieces])
