"""Decoding of recordings, as the pipeline asks for it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from earmark.engines.client import Engine
from earmark.engines.lines import Message
from earmark.settings import Mode

SILENT_FOR_S = 30.0
STALLED_FOR_S = 120.0


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded recording. `partial`: the file broke off, was damaged or is longer than is heard."""

    duration_ms: int
    format: str
    partial: bool


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

    def close(self) -> None:
        """End the child."""
        self.engine.close()

    def __enter__(self) -> "Media":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
