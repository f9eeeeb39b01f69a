"""How much of the line downloads may take: a bucket that fills at the rate that the user set.

What may be taken at once is a second's worth, so that the rate holds over every few seconds and a download
does not come in bursts.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from earmark.errors import Cancelled
from earmark.net.connect import never

SLICE_S = 0.25
SHORTEST_S = 0.001


@dataclass(frozen=True, slots=True)
class Bucket:
    """So many bytes could be taken at once, at a moment; below 0: they were taken before their time."""

    level_bytes: float = 0.0
    at_s: float = 0.0


def take(bucket: Bucket, size_bytes: int, rate_bytes_s: float, now_s: float) -> tuple[Bucket, float]:
    """Take `size_bytes` out; the bucket after that, and for how many seconds its owner has to wait.

    >>> take(Bucket(), 2_000, 1_000.0, now_s=10.0)
    (Bucket(level_bytes=-1000.0, at_s=10.0), 1.0)
    >>> take(Bucket(-1000.0, 10.0), 0, 1_000.0, now_s=10.5)
    (Bucket(level_bytes=-500.0, at_s=10.5), 0.5)
    """
    filled = bucket.level_bytes + max(0.0, now_s - bucket.at_s) * rate_bytes_s
    level = min(filled, rate_bytes_s) - size_bytes
    return Bucket(level, now_s), max(0.0, -level / rate_bytes_s)


class Throttle:
    """Holds back whoever receives, all together; `rate_bytes_s` is asked each time, None or 0: not at all.

    Safe to use from several threads.
    """

    def __init__(
        self,
        rate_bytes_s: Callable[[], float | None] = lambda: None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wait_s: Callable[[float], object] = time.sleep,
    ) -> None:
        self.rate_bytes_s = rate_bytes_s
        self._now_s = monotonic
        self._wait_s = wait_s
        self._lock = threading.Lock()
        self._bucket = Bucket(at_s=monotonic())

    def received(self, size_bytes: int, cancelled: Callable[[], bool] = never) -> float:
        """So much came: wait until it may have; the seconds that were waited. Raises Cancelled."""
        began_s, owed = self._now_s(), size_bytes
        while (rate := self.rate_bytes_s()) and rate > 0:
            with self._lock:
                self._bucket, left_s = take(self._bucket, owed, rate, self._now_s())
            owed = 0
            if left_s < SHORTEST_S:
                break
            if cancelled():
                raise Cancelled
            self._wait_s(min(SLICE_S, left_s))
        return max(0.0, self._now_s() - began_s)
