"""A sweep whose pitch says where in it one is, as recordings of every kind; and what a player makes of it."""

from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

RATE_HZ = 44_100
LOWEST_HZ, RANGE_HZ = 300.0, 2400.0
_VARIABLE = {"flags": "+qscale", "global_quality": str(6 * 118)}
FORMS: dict[str, tuple[str, str, dict[str, str], dict[str, str], int | None]] = {
    "cbr.mp3": ("mp3", "libmp3lame", {}, {}, 64_000),
    "vbr-with-xing.mp3": ("mp3", "libmp3lame", _VARIABLE, {}, None),
    "vbr-without-xing.mp3": ("mp3", "libmp3lame", _VARIABLE, {"write_xing": "0", "id3v2_version": "0"}, None),
    "sweep.opus": ("ogg", "libopus", {}, {}, 48_000),
    "sweep.m4a": ("ipod", "aac", {}, {}, 64_000),
}
"""By file name: container, codec, its options, the container's options, bit rate."""

Sound = NDArray[np.int16]


def sweep(seconds: float) -> Sound:
    """From low to high; its first third is nearly silent and its end hisses, so that bit rates vary much."""
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    slope = RANGE_HZ / seconds
    wave = 0.4 * np.sin(2 * np.pi * (LOWEST_HZ * t + slope * t * t / 2))
    wave *= np.where(t < seconds / 3, 0.05, 1.0)
    hiss = np.random.default_rng(1).standard_normal(len(t)).astype(np.float32)
    wave += np.where(t > 0.55 * seconds, 0.15, 0.0) * hiss
    return np.asarray(wave.clip(-1, 1) * 30_000, np.int16)


def write(path: Path, sound: Sound) -> None:
    """Write it in the form that the file's name asks for, see `FORMS`."""
    form, codec, options, container, bit_rate = FORMS[path.name]
    with av.open(str(path), "w", format=form, options=container) as out:
        stream: Any = out.add_stream(codec, rate=48_000 if codec == "libopus" else RATE_HZ, layout="mono")
        stream.codec_context.options = options
        if bit_rate:
            stream.bit_rate = bit_rate
        made = "s16p" if codec == "libmp3lame" else stream.codec_context.format
        resampler = av.AudioResampler(made, "mono", stream.codec_context.sample_rate)
        for first in range(0, len(sound), RATE_HZ):
            piece = np.ascontiguousarray(sound[first : first + RATE_HZ][np.newaxis])
            frame = av.AudioFrame.from_ndarray(piece, format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE_HZ, first
            for resampled in resampler.resample(frame):
                out.mux(stream.encode(resampled))
        for resampled in resampler.resample(None):
            out.mux(stream.encode(resampled))
        out.mux(stream.encode(None))


def place_s(heard: NDArray[np.float64], rate_hz: int, seconds: float) -> float:
    """Where in a sweep of so many seconds a piece of it begins."""
    size = 1 << 18
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard)), size))
    pitch = float(np.argmax(spectrum)) * rate_hz / size
    return (pitch - LOWEST_HZ) / (RANGE_HZ / seconds) - len(heard) / rate_hz / 2
