"""Sounds without a word in them, made with numpy."""

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.int16]
RATE_HZ = 16_000
LOUD = 3000.0
_CHORDS_HZ = ((220, 277, 330), (196, 247, 294), (175, 220, 262), (165, 208, 247))
KINDS = ("silence", "faint hiss", "white noise", "pink noise", "a tone", "chords")


def unspoken(kind: str, seconds: int, seed: int = 5) -> Pcm:
    """So many seconds of 16 kHz sound: see KINDS. Chords change twice a second and fade like a piano's."""
    chance = np.random.default_rng(seed)
    size = seconds * RATE_HZ
    time = np.arange(size, dtype=np.float32) / RATE_HZ
    if kind == "silence":
        return np.zeros(size, dtype=np.int16)
    if kind in ("faint hiss", "white noise"):
        return _pcm(chance.standard_normal(size, dtype=np.float32) * (30 if kind == "faint hiss" else LOUD))
    if kind == "pink noise":
        return _pcm(_pink(chance, size) * LOUD)
    if kind == "a tone":
        return _pcm(np.sin(2 * np.pi * 440 * time) * LOUD)
    return _pcm(_chords(time) * LOUD)


def _chords(time: NDArray[np.float32]) -> NDArray[np.float32]:
    beat = (time * 2).astype(np.int64)
    notes = np.array(_CHORDS_HZ, dtype=np.float32)[beat % len(_CHORDS_HZ)]
    fade = np.exp(-3 * (time * 2 - beat))
    voices = sum(np.sin(2 * np.pi * notes[:, n] * k * time) / k for n in range(3) for k in (1, 2, 3))
    return np.asarray(fade * voices / 3, dtype=np.float32)


def _pink(chance: np.random.Generator, size: int) -> NDArray[np.float32]:
    """Noise with as much of it in every octave."""
    spectrum = np.fft.rfft(chance.standard_normal(size, dtype=np.float32))
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.size), 1))
    noise = np.fft.irfft(spectrum, size)
    return np.asarray(noise / noise.std(), dtype=np.float32)


def _pcm(sound: NDArray[np.float32]) -> Pcm:
    return np.clip(sound, -32768, 32767).astype(np.int16)
