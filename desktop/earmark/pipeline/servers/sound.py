"""What goes to a speech server and what comes back: a window as a WAV file, and its segments."""

import io
import math
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earmark.engines.gate import FRAME_MS, RATE_HZ, speech_frames
from earmark.engines.windows import WINDOW_MS, Frames
from earmark.errors import Cancelled, KnownError
from earmark.records import Segment

SAMPLES_PER_MS = RATE_HZ // 1000
LATEST_PAUSE_MS = 10_000
"""A window may end this much before its longest."""
BLOCK_FRAMES = 30_000
"""Ten minutes."""
_AROUND_FRAMES = 200
_PAUSE_FRAMES = 10
_LEAST_SAMPLES = RATE_HZ * 1100 // 1000  # recognizers ignore less than a second
_SLACK_MS = 1000
_MOST_CHARACTERS = 4000


def open_sound(pcm: Path) -> NDArray[np.int16]:
    """The decoded sound, without reading it whole. Raises KnownError when it is gone."""
    try:
        size_bytes = pcm.stat().st_size
        if size_bytes < 2:
            return np.zeros(0, dtype=np.int16)
        return np.memmap(pcm, dtype="<i2", mode="r", shape=(size_bytes // 2,))
    except OSError as error:
        raise KnownError(f"The decoded sound is no longer there ({error.strerror}).") from error


def heard_frames(
    sound: NDArray[np.int16], cancelled: Callable[[], bool], *, block_frames: int = BLOCK_FRAMES
) -> Frames:
    """As `gate.speech_frames` on the whole, in blocks, so that a wish to stop is heard. Raises Cancelled.

    An hour takes some seconds. Each block is looked at with what is around it, as far as the gate looks.
    """
    hop = FRAME_MS * SAMPLES_PER_MS
    blocks = [np.zeros(0, dtype=np.bool_)]
    for first in range(0, -(-sound.size // hop), block_frames):
        if cancelled():
            raise Cancelled
        begin = max(0, first - _AROUND_FRAMES)
        piece = sound[begin * hop : (first + block_frames + _AROUND_FRAMES) * hop]
        blocks.append(speech_frames(piece)[first - begin :][:block_frames])
    return np.concatenate(blocks)


def wav(sound: NDArray[np.int16], start_ms: int, end_ms: int) -> bytes:
    """A stretch of 16 kHz sound as a WAV file, with silence behind it when it is shorter than a second."""
    piece = sound[start_ms * SAMPLES_PER_MS : end_ms * SAMPLES_PER_MS]
    if piece.size < _LEAST_SAMPLES:
        piece = np.pad(piece, (0, _LEAST_SAMPLES - piece.size))
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(piece.astype("<i2").tobytes())
    return file.getvalue()


def has_times(answer: dict[str, Any], length_ms: int) -> bool:
    """Whether a server's answer on a window of `length_ms` has segments with times that can be meant."""
    return _timed(answer, length_ms) is not None


def segments_in(answer: dict[str, Any], frames: Frames, start_ms: int, end_ms: int) -> list[Segment]:
    """The segments of a window's answer (`segments` of verbose_json), in the time of the recording.

    Where it has none, or their times make no sense, all its text is one segment from the window's beginning,
    which `windows` puts at most two seconds before somebody speaks, to the last speech that the gate heard.
    """
    timed = _timed(answer, end_ms - start_ms)
    if timed is not None:
        return [Segment(start_ms + s.start_ms, start_ms + s.end_ms, s.text) for s in timed]
    text = _text(answer)
    if not text:
        return []
    heard = np.flatnonzero(frames[start_ms // FRAME_MS : -(-end_ms // FRAME_MS)])
    last_ms = start_ms + (int(heard[-1]) + 1) * FRAME_MS if heard.size else end_ms
    return [Segment(start_ms, min(last_ms, end_ms), text)]


def pause_before(sound: NDArray[np.int16], start_ms: int, end_ms: int) -> int:
    """Where a window should end that nobody can put times into: in the quietest moment of its last seconds.

    Words at the very end would be cut in two, and nobody could tell where.
    """
    if end_ms - start_ms < WINDOW_MS:
        return end_ms
    first_ms = end_ms - LATEST_PAUSE_MS
    last = sound[first_ms * SAMPLES_PER_MS : end_ms * SAMPLES_PER_MS].astype(np.float64)
    power = (last**2).reshape(-1, FRAME_MS * SAMPLES_PER_MS).sum(axis=1)
    around = np.convolve(power, np.ones(_PAUSE_FRAMES), mode="valid")
    quietest = around.size - 1 - int(np.argmin(around[::-1]))
    return first_ms + (quietest + _PAUSE_FRAMES // 2) * FRAME_MS


def _timed(answer: dict[str, Any], length_ms: int) -> list[Segment] | None:
    """The segments with times from the window's beginning, or None when any of them cannot be meant."""
    rows = answer.get("segments")
    if not isinstance(rows, list) or (not rows and _text(answer)):
        return None
    found: list[Segment] = []
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            return None
        start, end = _ms(row.get("start")), _ms(row.get("end"))
        earliest = found[-1].start_ms - _SLACK_MS if found else -_SLACK_MS
        if start is None or end is None or end < start or start < earliest or start > length_ms + _SLACK_MS:
            return None
        found.append(Segment(max(0, start), max(0, end), row["text"][:_MOST_CHARACTERS]))
    return found


def _text(answer: dict[str, Any]) -> str:
    text = answer.get("text")
    return text.strip()[:_MOST_CHARACTERS] if isinstance(text, str) else ""


def _ms(seconds: object) -> int | None:
    usable = isinstance(seconds, int | float) and not isinstance(seconds, bool) and math.isfinite(seconds)
    return round(seconds * 1000) if usable and abs(seconds) < 1e6 else None  # type: ignore[operator, arg-type]
