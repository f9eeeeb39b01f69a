"""Where in a recording somebody speaks: a gate of energy and spectrum, before any model is asked.

Speech recognizers write sentences into silence and noise. So a frame counts as speech only where the level
moves as syllables do, where there is voice (a pitch) or the quick spectral change of whispering, and where
it is not lost under what is around it. Steady noise, hum, tones, a passing car and silence fail the first
test, chords of a piano the second; music with drums or singing can pass. The answer depends on absolute
positions only, so that work which goes on after an interruption sees the same gate.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
FRAME_MS = 20

_HOP = RATE_HZ * FRAME_MS // 1000
_WINDOW = 512
_FFT = 1024
_LOWEST_BIN = 8  # 125 Hz: below lies hum
_VOICE_TOP_BIN = 320  # 5 kHz
_PITCH_LAGS = slice(40, 230)  # 400 Hz down to 70 Hz
_BLOCK_FRAMES = 3000

_AROUND = 25  # frames to each side: one second in all
_FLOOR_DB = -60.0
_SYLLABLE_DB = 4.0
_UNDER_PEAK_DB = 32.0
_VOICED_AT = 0.6
_VOICED_SHARE = 0.14
_WHISPER_FLUX_DB = 3.7
_LEAST_FLUX_DB = 2.0
_MOST_FLUX_DB = 5.0  # of a frame: a chord that is struck changes much at once and then hardly at all
_HANG_FRAMES = 10

_MARGIN_FRAMES = 2 * _AROUND + 2 * _HANG_FRAMES

_FULL_SCALE = np.float32(1 / 32768)
_HANN = np.hanning(_WINDOW).astype(np.float32)
_HANN_ENERGY = float((_HANN**2).sum())
_BANDS = np.geomspace(13, 256, 17).astype(int)


def speech_frames(pcm: NDArray[np.int16]) -> NDArray[np.bool_]:
    """One bool for each 20 ms of 16 kHz mono sound: is speech heard there? Memory stays flat.

    `pcm` may be a memory map. The last incomplete frame is left out, so the length is about
    `pcm.size // 320`.
    """
    blocks = list(_features(pcm))
    if not blocks:
        return np.zeros(0, dtype=np.bool_)
    level, pitch, flux = (np.concatenate(column) for column in zip(*blocks, strict=True))
    return decide(level, pitch, flux)


def decide(
    level_db: NDArray[np.float32], pitch: NDArray[np.float32], flux_db: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Speech or not, for each frame, from level (dBFS), pitch strength (0..1) and spectral change (dB)."""
    heard = np.maximum(level_db, _FLOOR_DB)
    audible = level_db > np.maximum(_FLOOR_DB, _running_max(level_db) - _UNDER_PEAK_DB)
    voiced = _running_mean((pitch > _VOICED_AT) & (level_db > _FLOOR_DB + 6))
    going_on = audible & np.concatenate(([False], audible[:-1]))[: audible.size]
    sounding = np.maximum(_running_mean(going_on), 0.02)
    change = _running_mean(np.where(going_on, flux_db, 0)) / sounding
    steady_change = _running_mean(np.where(going_on, np.minimum(flux_db, _MOST_FLUX_DB), 0)) / sounding
    moving = _running_deviation(heard) > _SYLLABLE_DB
    voice = (voiced >= _VOICED_SHARE) & (steady_change > _LEAST_FLUX_DB)
    whisper = change > _WHISPER_FLUX_DB
    busy = _running_mean(audible) > 0.2
    return _spread(audible & moving & busy & (voice | whisper))


class Gate:
    """The gate as a judge of single stretches (see `hearing`); for each it looks at a second around it."""

    frame_ms = FRAME_MS

    def frames(self, pcm: NDArray[np.int16], first: int, count: int) -> NDArray[np.bool_]:
        """Is there speech, for `count` frames from frame `first` on? Beyond the end there is none."""
        begin = max(0, first - _MARGIN_FRAMES)
        piece = pcm[begin * _HOP : (first + count + _MARGIN_FRAMES) * _HOP + _WINDOW]
        around = speech_frames(piece)[first - begin :][:count]
        return np.pad(around, (0, count - around.size))

    def stretches(self, pcm: NDArray[np.int16], firsts: Sequence[int], count: int) -> list[NDArray[np.bool_]]:
        """The same for each beginning, one after another."""
        return [self.frames(pcm, first, count) for first in firsts]


def _features(pcm: NDArray[np.int16]) -> Iterator[tuple[NDArray[np.float32], ...]]:
    frames = max(0, (pcm.size - _WINDOW) // _HOP + 1)
    before: NDArray[np.float32] | None = None
    for first in range(0, frames, _BLOCK_FRAMES):
        count = min(_BLOCK_FRAMES, frames - first)
        samples = pcm[first * _HOP : (first + count - 1) * _HOP + _WINDOW].astype(np.float32) * _FULL_SCALE
        power = _power(np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP])
        bands = _band_levels(power)
        earlier = bands[:1] if before is None else before
        flux = np.abs(np.diff(bands, axis=0, prepend=earlier)).mean(axis=1)
        before = bands[-1:]
        yield _level(power), _pitch_strength(power), flux.astype(np.float32)


def _power(windows: NDArray[np.float32]) -> NDArray[np.float32]:
    power = np.abs(np.fft.rfft(windows * _HANN, _FFT)).astype(np.float32) ** 2
    power[:, :_LOWEST_BIN] = 0
    return power


def _level(power: NDArray[np.float32]) -> NDArray[np.float32]:
    energy = power[:, :256].sum(axis=1) * (2 / _FFT / _HANN_ENERGY)
    return np.asarray(10 * np.log10(energy + 1e-12), dtype=np.float32)


def _band_levels(power: NDArray[np.float32]) -> NDArray[np.float32]:
    levels = [10 * np.log10(power[:, low:high].mean(axis=1) + 1e-9) for low, high in pairwise(_BANDS)]
    bands = np.stack(levels, axis=1)
    return np.asarray(bands - bands.mean(axis=1, keepdims=True), dtype=np.float32)


def _pitch_strength(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Height of the autocorrelation's best peak at a voice's pitch, corrected for the window's own."""
    limited = power.copy()
    limited[:, _VOICE_TOP_BIN:] = 0
    same = np.fft.irfft(limited)[:, : _PITCH_LAGS.stop]
    own = np.fft.irfft(np.abs(np.fft.rfft(_HANN, _FFT)) ** 2)[: _PITCH_LAGS.stop]
    strength = same / (same[:, :1] + 1e-12) / (own / own[0])
    return np.asarray(strength[:, _PITCH_LAGS].max(axis=1), dtype=np.float32)


def _running_sum(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    n = values.size
    total = np.concatenate(([0.0], np.cumsum(values)))
    index = np.arange(n)
    low, high = np.maximum(index - _AROUND, 0), np.minimum(index + _AROUND + 1, n)
    return total[high] - total[low], (high - low).astype(np.float64)


def _running_mean(values: NDArray[np.generic]) -> NDArray[np.float64]:
    sums, counts = _running_sum(values.astype(np.float64))
    return np.asarray(sums / counts)


def _running_deviation(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Standard deviation over the second around each frame, less its straight trend (a slow fade)."""
    y = values.astype(np.float64)
    x = np.arange(y.size, dtype=np.float64)
    mean_x, mean_y = _running_mean(x), _running_mean(y)
    var_x = np.maximum(_running_mean(x * x) - mean_x**2, 1e-9)
    cov = _running_mean(x * y) - mean_x * mean_y
    var_y = _running_mean(y * y) - mean_y**2
    return np.asarray(np.sqrt(np.maximum(var_y - cov**2 / var_x, 0)))


def _running_max(values: NDArray[np.float32]) -> NDArray[np.float32]:
    padded = np.pad(values, _AROUND, constant_values=-200)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1).max(axis=1))


def _spread(frames: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Widen each stretch of speech, so that soft beginnings and ends of words are not cut."""
    wide = np.convolve(frames.astype(np.int8), np.ones(2 * _HANG_FRAMES + 1, dtype=np.int8), mode="same")
    return np.asarray(wide[: frames.size] > 0)
