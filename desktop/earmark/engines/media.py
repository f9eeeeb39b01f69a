"""Decoding of recordings, and cutting clips out of them, as the pipeline asks for it."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from earmark.engines.client import Engine
from earmark.engines.lines import Message
from earmark.settings import Mode

SILENT_FOR_S = 30.0
STALLED_FOR_S = 120.0
SHORTEST_CLIP_MS, LONGEST_CLIP_MS = 20_000, 30_000
_BEFORE_CLIP_MS = 1500


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded recording. `partial`: the file broke off, was damaged or is longer than is heard."""

    duration_ms: int
    format: str
    partial: bool


def clip_span(start_ms: int, end_ms: int) -> tuple[int, int]:
    """The 20 to 30 seconds that let a moment be heard: a breath before it, and what follows.

    >>> clip_span(100_000, 112_000), clip_span(500, 900_000)
    ((98500, 118500), (0, 30000))
    """
    first = max(0, start_ms - _BEFORE_CLIP_MS)
    length = min(LONGEST_CLIP_MS, max(SHORTEST_CLIP_MS, end_ms + _BEFORE_CLIP_MS - first))
    return first, first + length


class Media:
    """The audio decoder."""

    def __init__(
        self, engine: Engine | None = None, *, mode: Callable[[], Mode] = lambda: "balanced"
    ) -> None:
        self.engine = engine or Engine("media", mode=mode)

    def decode(
        self,
        source: Path,
        pcm: Path,
        *,
        max_hours: float = 12,
        cancelled: Callable[[], bool] = lambda: False,
        on_progress: Callable[[int, int | None], None] = lambda done_ms, total_ms: None,
    ) -> Decoded:
        """Write `source` to `pcm` as raw little-endian 16-bit mono at 16 kHz; never half of it.

        `on_progress` gets (done_ms, total_ms or None), at most twice a second. What lies beyond `max_hours`
        is left out. Raises KnownError (no recording, damaged, disk full), EngineDied, Cancelled.
        """

        def on_event(event: Message) -> None:
            on_progress(event["done_ms"], event["total_ms"])

        job = {"source": str(source), "pcm": str(pcm), "max_ms": round(max_hours * 3_600_000)}
        done = self.engine.request(
            job,
            on_event=on_event,
            cancelled=cancelled,
            silent_for_s=SILENT_FOR_S,
            stalled_for_s=STALLED_FOR_S,
        )
        return Decoded(done["duration_ms"], done["format"], done["partial"])

    def clips(
        self,
        source: Path,
        spans: Sequence[tuple[int, int]],
        *,
        cancelled: Callable[[], bool] = lambda: False,
        on_progress: Callable[[float], None] = lambda fraction: None,
    ) -> dict[int, bytes]:
        """For the number of each span (start_ms, end_ms), its sound as Opus in an Ogg file; see `clip_span`.

        A span beyond the recording's end is left out. One pass through the recording makes all. Raises
        KnownError (no recording, damaged), EngineDied, Cancelled.
        """
        made: dict[int, bytes] = {}

        def on_event(event: Message) -> None:
            if event["type"] == "clip":
                made[event["number"]] = base64.b64decode(event["opus"])
            else:
                on_progress(event["fraction"])

        self.engine.request(
            {"clip_of": str(source), "spans": [list(span) for span in spans]},
            on_event=on_event,
            cancelled=cancelled,
            silent_for_s=SILENT_FOR_S,
            stalled_for_s=STALLED_FOR_S,
        )
        return made

    def close(self) -> None:
        """End the child."""
        self.engine.close()

    def __enter__(self) -> "Media":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
