"""Every insight of a library at once, as columns of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from earmark.records.insights import InsightId

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class InsightColumns:
    """A row for each insight that has a vector of one embedding model, in the order of their ids.

    `published_ms` is NaN where nobody knows. `related`: how many insights bear on it and are not hidden.
    `followed`: whether the user still follows its show.
    """

    ids: list[InsightId]
    qualities: NDArray[np.float64]
    feeds: NDArray[np.int64]
    episodes: NDArray[np.int64]
    published_ms: NDArray[np.float64]
    related: NDArray[np.int64]
    followed: NDArray[np.bool_]
