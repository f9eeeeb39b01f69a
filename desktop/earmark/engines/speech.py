"""Speech recognition, as the pipeline asks for it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from earmark.engines.client import Engine
from earmark.engines.lines import Message
from earmark.engines.places import Placer, Places
from earmark.errors import Cancelled
from earmark.records import Segment
from earmark.settings import Mode

SILENT_FOR_S = 60.0
STALLED_FOR_S = 1200.0  # one window of a large model on a small computer

OnWindow = Callable[["Heard"], None]


@dataclass(frozen=True, slots=True)
class Heard:
    """What one window of sound gave. Listening goes on at `next_ms`; the last window has it at `total_ms`.

    `language` is what the whole sound is heard as from here on, None while nobody has spoken.
    """

    segments: tuple[Segment, ...]
    next_ms: int
    total_ms: int
    language: str | None = None


class Speech:
    """The speech engine.

    `detector`: Silero's file, which tells speech from all else; without it a gate of level and spectrum does.
    A change of `mode` is followed after the window that is being heard. `places`: where it is remembered
    which models work on the graphics processor; without it all is done on the processor.
    """

    def __init__(
        self,
        engine: Engine | None = None,
        *,
        detector: Path | None = None,
        mode: Callable[[], Mode] = lambda: "balanced",
        places: Places | None = None,
    ) -> None:
        self.engine = engine or Engine("asr", mode=mode)
        self._placer = Placer(self.engine, places)
        self._detector = detector

    def transcribe(
        self,
        pcm: Path,
        *,
        model: Path,
        on_window: OnWindow,
        start_ms: int = 0,
        language: str | None = None,
        prompt: str = "",
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Hear `pcm` (raw 16-bit mono, 16 kHz) from `start_ms` on, and give each window as it is done.

        A later call with `start_ms` and `language` of a window goes on with the same words as an unbroken
        run. Stretches without speech give windows without segments. `prompt`: names likely to be said.
        Raises KnownError (no whole model file, sound gone), NotEnoughMemory, EngineDied, Cancelled.
        """

        left = {
            "pcm": str(pcm),
            "model": str(model),
            "start_ms": start_ms,
            "language": language,
            "prompt": prompt,
            "detector": str(self._detector) if self._detector else None,
        }
        set_aside = threading.Event()

        def on_event(event: Message) -> None:
            if event["type"] == "window":
                left["start_ms"], left["language"] = event["next_ms"], event["language"]
                on_window(_heard(event))
                if self.engine.wants_fresh_child:
                    set_aside.set()

        while True:
            set_aside.clear()
            try:
                self._placer.request(
                    lambda: left,
                    on_event=on_event,
                    cancelled=lambda: set_aside.is_set() or cancelled(),
                    silent_for_s=SILENT_FOR_S,
                    stalled_for_s=STALLED_FOR_S,
                )
                break
            except Cancelled:
                if cancelled() or not set_aside.is_set():
                    raise

    def close(self) -> None:
        """End the child."""
        self.engine.close()

    def __enter__(self) -> "Speech":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _heard(event: Message) -> Heard:
    segments = tuple(
        Segment(start_ms, end_ms, text, None, tuple(words), tuple((number, p) for number, p in doubts))
        for start_ms, end_ms, text, words, doubts in event["segments"]
    )
    return Heard(segments, event["next_ms"], event["total_ms"], event["language"])
