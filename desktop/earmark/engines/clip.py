"""The moments of a recording as small Opus files: what the decoder's child does beside decoding.

The recording is read from its beginning, sample by sample, as it was when it was listened to: seeking in
MP3 files is off by seconds, and a clip must hold the words that it stands for.
"""

import base64
import io
from collections.abc import Iterable
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from earmark.engines.child import Emit, IsCancelled
from earmark.engines.lines import Message
from earmark.errors import Cancelled, KnownError

BIT_RATE = 32_000
MOST_CLIPS, LONGEST_MS = 500, 60_000
_RATE_HZ = 16_000
_FADE = _RATE_HZ // 50
_REPORT_EVERY = 60 * _RATE_HZ

Sound = NDArray[np.int16]


def cut_clips(job: Message, blocks: Iterable[Sound], emit: Emit, cancelled: IsCancelled) -> Message:
    """Job: spans (pairs of ms). Events: `clip` with number and opus (base64), `progress`.

    `blocks` is the recording as mono 16-bit sound at 16 kHz, on the timeline on which transcripts stand.
    Spans that lie beyond its end give no clip. Gives the number of clips made. Raises KnownError, Cancelled.
    """
    spans = [(int(start), int(end)) for start, end in job["spans"]]
    if len(spans) > MOST_CLIPS or any(not 0 <= start < end <= start + LONGEST_MS for start, end in spans):
        raise KnownError("Clips of that length cannot be made.")
    last = max((end for _, end in spans), default=0) * _RATE_HZ // 1000
    cutter = _Cutter(spans)
    reported = 0
    for block in blocks:
        if cancelled():
            raise Cancelled
        for number, sound in cutter.take(block):
            emit({"type": "clip", "number": number, "opus": _encoded(sound)})
        if cutter.done - reported >= _REPORT_EVERY:
            reported = cutter.done
            emit({"type": "progress", "fraction": min(1.0, cutter.done / max(1, last))})
        if cutter.done >= last:
            break
    for number, sound in cutter.rest():
        emit({"type": "clip", "number": number, "opus": _encoded(sound)})
    return {"made": cutter.made}


class _Cutter:
    """Takes sound block by block and gives each span as soon as it is whole."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = {
            n: (start * _RATE_HZ // 1000, end * _RATE_HZ // 1000) for n, (start, end) in enumerate(spans)
        }
        self._parts: dict[int, list[Sound]] = {n: [] for n in self._spans}
        self.done = 0
        self.made = 0

    def take(self, block: Sound) -> list[tuple[int, Sound]]:
        """The spans that end in this block."""
        first, self.done = self.done, self.done + len(block)
        whole = []
        for number, (start, end) in list(self._spans.items()):
            if start < self.done and end > first:
                self._parts[number].append(block[max(0, start - first) : end - first].copy())
            if end <= self.done:
                whole.append(self._whole(number))
        return [each for each in whole if each is not None]

    def rest(self) -> list[tuple[int, Sound]]:
        """What the recording's end cut short."""
        return [each for number in list(self._spans) if (each := self._whole(number)) is not None]

    def _whole(self, number: int) -> tuple[int, Sound] | None:
        del self._spans[number]
        parts = self._parts.pop(number)
        if not parts:
            return None
        self.made += 1
        return number, np.concatenate(parts)


def _encoded(sound: Sound) -> str:
    """Opus in Ogg (RFC 7845), mono, as base64; a fiftieth of a second is faded in and out against clicks."""
    wave = sound.astype(np.float32)
    fade = min(_FADE, len(wave) // 2)
    if fade:
        ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
        wave[:fade] *= ramp
        wave[-fade:] *= ramp[::-1]
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as out:
        stream: Any = out.add_stream("libopus", rate=48_000, layout="mono")
        stream.bit_rate = BIT_RATE
        resampler = av.AudioResampler("s16", "mono", 48_000)
        frame = av.AudioFrame.from_ndarray(wave.astype(np.int16)[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = _RATE_HZ
        for resampled in [*resampler.resample(frame), *resampler.resample(None)]:
            resampled.pts = None
            out.mux(stream.encode(resampled))
        out.mux(stream.encode(None))
    return base64.b64encode(file.getvalue()).decode("ascii")
