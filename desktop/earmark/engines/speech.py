"""Speech recognition, as the pipeline asks for it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from earmark.engines.client import Engine
from earmark.engines.lines import Message
from earmark.records import Segment

SILENT_FOR_S = 60.0
STALLED_FOR_S = 1200.0  # one window of a large model on a small computer

OnWindow = Callable[[list[Segment], int, int], None]


class Speech:
    """The speech engine."""

    def __init__(self, engine: Engine | None = None) -> None:
        self.engine = engine or Engine("asr")

    def transcribe(
        self,
        pcm: Path,
        *,
        model: Path,
        on_window: OnWindow,
        start_ms: int = 0,
        language: str | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Hear `pcm` (raw 16-bit mono, 16 kHz) from `start_ms` on, and give each window as it is done.

        `on_window(segments, next_ms, total_ms)`: what was said, and where a later call with
        `start_ms=next_ms` goes on with the same words as an unbroken run. The last window has
        next_ms == total_ms. Stretches without speech give windows without segments.
        Raises KnownError (no whole model file, sound gone), EngineDied, Cancelled.
        """

        def on_event(event: Message) -> None:
            if event["type"] == "window":
                on_window(_segments(event["segments"]), event["next_ms"], event["total_ms"])

        job = {"pcm": str(pcm), "model": str(model), "start_ms": start_ms, "language": language}
        self.engine.request(
            job,
            on_event=on_event,
            cancelled=cancelled,
            silent_for_s=SILENT_FOR_S,
            stalled_for_s=STALLED_FOR_S,
        )

    def close(self) -> None:
        """End the child."""
        self.engine.close()

    def __enter__(self) -> "Speech":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _segments(rows: Sequence[tuple[int, int, str]]) -> list[Segment]:
    return [Segment(start_ms, end_ms, text) for start_ms, end_ms, text in rows]
