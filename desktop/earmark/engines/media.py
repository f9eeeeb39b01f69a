"""Decoding of recordings, and cutting clips out of them, as the pipeline asks for it."""

import base64
import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from earmark.engines.client import Engine
from earmark.engines.lines import Message
from earmark.engines.turn import Turn
from earmark.errors import Cancelled, KnownError
from earmark.paths import self_argv
from earmark.settings import Mode

MAX_HOURS = 48
SILENT_FOR_S = 30.0
STALLED_FOR_S = 120.0
MOST_PICTURE_BYTES = 4 * 2**20
SHORTEST_CLIP_MS, LONGEST_CLIP_MS = 20_000, 30_000
_BEFORE_CLIP_MS = 1500


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded recording. `warning` says in the user's words what of it cannot be heard; None: nothing.

    `peak_bytes` is the most memory that decoding held, None where the system does not tell.
    """

    duration_ms: int
    format: str
    warning: str | None = None
    peak_bytes: int | None = None

    @property
    def partial(self) -> bool:
        """Whether the file broke off, was damaged or is longer than is heard."""
        return self.warning is not None


@dataclass(frozen=True, slots=True)
class About:
    """What a recording says of itself: its length (None: not for certain), and (start_ms, title) of chapters.

    Titles are as the file has them, so not safe to show.
    """

    duration_ms: int | None
    chapters: tuple[tuple[int, str], ...]


def clip_span(start_ms: int, end_ms: int) -> tuple[int, int]:
    """The 20 to 30 seconds that let a moment be heard: a breath before it, and what follows.

    >>> clip_span(100_000, 112_000), clip_span(500, 900_000)
    ((98500, 118500), (0, 30000))
    """
    first = max(0, start_ms - _BEFORE_CLIP_MS)
    length = min(LONGEST_CLIP_MS, max(SHORTEST_CLIP_MS, end_ms + _BEFORE_CLIP_MS - first))
    return first, first + length


class Media:
    """The audio decoder: a child of its own for each recording, which can open nothing but that."""

    def __init__(self, *, mode: Callable[[], Mode] = lambda: "balanced") -> None:
        self._mode = mode
        self._turn = Turn()
        self._guard = threading.Lock()
        self._engine: Engine | None = None
        self._closed = False

    def decode(
        self,
        source: Path,
        pcm: Path,
        *,
        max_hours: float = MAX_HOURS,
        cancelled: Callable[[], bool] = lambda: False,
        on_progress: Callable[[int, int | None], None] = lambda done_ms, total_ms: None,
    ) -> Decoded:
        """Write `source` to `pcm` as raw little-endian 16-bit mono at 16 kHz, 115 MB an hour; never half.

        `on_progress` gets (done_ms, total_ms or None), at most twice a second. What lies beyond `max_hours`
        is left out. Raises KnownError (no recording, damaged, disk full), EngineDied, Cancelled.
        """

        def on_event(event: Message) -> None:
            on_progress(event["done_ms"], event["total_ms"])

        part = pcm.with_name(pcm.name + ".part")
        try:
            with self._child_in_turn(source, part, cancelled) as engine:
                done = engine.request(
                    {"max_ms": round(max_hours * 3_600_000)},
                    on_event=on_event,
                    cancelled=cancelled,
                    silent_for_s=SILENT_FOR_S,
                    stalled_for_s=STALLED_FOR_S,
                )
            part.replace(pcm)
        except OSError as error:
            raise KnownError(f"The decoded sound cannot be kept ({error.strerror}).") from error
        finally:
            with contextlib.suppress(OSError):  # it may stand in a folder that is none
                part.unlink(missing_ok=True)
        return Decoded(done["duration_ms"], done["format"], done["warning"], done["peak_bytes"])

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

        with self._child_in_turn(source, Path(os.devnull), cancelled) as engine:
            engine.request(
                {"spans": [list(span) for span in spans]},
                on_event=on_event,
                cancelled=cancelled,
                silent_for_s=SILENT_FOR_S,
                stalled_for_s=STALLED_FOR_S,
            )
        return made

    def about(self, source: Path, *, cancelled: Callable[[], bool] = lambda: False) -> About:
        """What a recording says of itself, without decoding it. Raises KnownError (no recording, damaged),
        EngineDied, Cancelled."""
        with self._child_in_turn(source, Path(os.devnull), cancelled) as engine:
            told = engine.request({"about": True}, cancelled=cancelled, silent_for_s=SILENT_FOR_S)
        return About(told["duration_ms"], tuple((at, title) for at, title in told["chapters"]))

    def picture(self, source: Path, side: int, *, cancelled: Callable[[], bool] = lambda: False) -> bytes:
        """The middle of a picture, made small: `side` times `side` points, three bytes each (RGB). Raises
        KnownError (no picture, too large), EngineDied, Cancelled."""
        with self._child_in_turn(source, Path(os.devnull), cancelled) as engine:
            told = engine.request({"picture": side}, cancelled=cancelled, silent_for_s=SILENT_FOR_S)
        return base64.b64decode(told["rgb"])

    def close(self) -> None:
        """End the child. Safe to call twice and from any thread."""
        with self._guard:
            self._closed = True
            engine = self._engine
        if engine is not None:
            engine.close()

    def __enter__(self) -> "Media":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _child_in_turn(self, source: Path, part: Path, cancelled: Callable[[], bool]) -> Iterator[Engine]:
        """A child for one recording, started by its request. One at a time, but for what this very thread
        asks in the midst of another: that has no turn to wait for."""
        argv = self_argv("--engine", "media", str(source), str(part))
        if self._turn.is_mine():
            with Engine("media", argv=argv, mode=self._mode) as other:
                yield other
            return
        with self._turn.taken(cancelled):
            with self._guard:
                if self._closed:
                    raise Cancelled
                self._engine = Engine("media", argv=argv, mode=self._mode)
            with self._engine as engine:
                yield engine
