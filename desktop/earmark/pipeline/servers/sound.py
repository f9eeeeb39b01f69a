"""What goes to a speech server and what comes back: a window as a WAV file, and its segments."""

import io
import math
import wave
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earmark.engines.gate import FRAME_MS
from earmark.engines.hearing import RATE_HZ, SAMPLES_PER_MS, Hearing
from earmark.engines.windows import WINDOW_MS, Window
from earmark.records import Segment

LATEST_PAUSE_MS = 10_000
"""A window may end this much before its longest."""
_PAUSE_FRAMES = 10
_LEAST_SAMPLES = RATE_HZ * 1100 // 1000  # recognizers ignore less than a second
_SLACK_MS = 1000
_STEP_MS = 500
_MOST_CHARACTERS = 4000


def wav(samples: NDArray[np.int16]) -> bytes:
    """16 kHz sound as a WAV file, with silence behind it when it is shorter than a second."""
    if samples.size < _LEAST_SAMPLES:
        samples = np.pad(samples, (0, _LEAST_SAMPLES - samples.size))
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()


def has_times(answer: dict[str, Any], length_ms: int) -> bool:
    """Whether a server's answer on a window of `length_ms` has segments with times that can be meant."""
    return _timed(answer, length_ms) is not None


def segments_in(answer: dict[str, Any], hearing: Hearing, window: Window) -> list[Segment]:
    """The segments of a window's answer (`segments` of verbose_json), in the window's own time.

    Where it has none, or their times make no sense, all its text is one segment from the window's beginning
    to where somebody last speaks.
    """
    timed = _timed(answer, window.length_ms)
    if timed is not None:
        return timed
    text = _text(answer)
    end_ms = window.length_ms
    while end_ms > _STEP_MS and not hearing.hears(window.place(end_ms - _STEP_MS), window.place(end_ms)):
        end_ms -= _STEP_MS
    return [Segment(0, end_ms, text)] if text else []


def pause_before(samples: NDArray[np.int16]) -> int:
    """After how many ms a window should end that nobody can put times into: at its last seconds' quietest.

    Words at the very end would be cut in two, and nobody could tell where.
    """
    length_ms = samples.size // SAMPLES_PER_MS
    if length_ms < WINDOW_MS:
        return length_ms
    first_ms = length_ms - LATEST_PAUSE_MS
    last = samples[first_ms * SAMPLES_PER_MS : length_ms * SAMPLES_PER_MS].astype(np.float64)
    frame = FRAME_MS * SAMPLES_PER_MS
    power = (last[: last.size // frame * frame] ** 2).reshape(-1, frame).sum(axis=1)
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
