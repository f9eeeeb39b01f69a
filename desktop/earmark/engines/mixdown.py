"""Two channels to one, so that nothing that was said is lost."""

import numpy as np
from numpy.typing import NDArray

_CANCELLED_BELOW = 0.1
_MEMORY = 0.8


class Mixdown:
    """Mixes block after block (about half a second each) and remembers how loud the channels were.

    The middle of both channels is the rule. Where it is far weaker than one of them, they cancel each other
    (recorded in antiphase) and the louder one is taken alone.
    """

    def __init__(self) -> None:
        self._middle = 0.0
        self._sides = np.zeros(2)

    def mix(self, block: NDArray[np.float32]) -> NDArray[np.int16]:
        """(1 or 2, n) float samples in [-1, 1] to n 16-bit samples."""
        if block.shape[0] == 1:
            return _to_16_bit(block[0])
        middle = block.mean(axis=0)
        self._middle = _MEMORY * self._middle + float((middle.astype(np.float64) ** 2).sum())
        self._sides = _MEMORY * self._sides + (block.astype(np.float64) ** 2).sum(axis=1)
        louder = int(self._sides.argmax())
        if self._middle < _CANCELLED_BELOW * self._sides[louder]:
            return _to_16_bit(block[louder])
        return _to_16_bit(middle)


def _to_16_bit(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    clean = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
    return np.asarray(np.clip(np.rint(clean * 32767), -32768, 32767), dtype="<i2")
