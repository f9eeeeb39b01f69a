"""Silero's speech detector (MIT, github.com/snakers4/silero-vad), in numpy.

whisper.cpp has it too, but pywhispercpp 1.5.1 cannot call it: `whisper_vad_init_from_file_with_params` gives
a type that its binding never names. The network is small: 32 ms of sound become four spectra, four
convolutions make one vector of them, and an LSTM with 128 cells follows the vectors. Half an hour takes two
seconds of one core, and no more of it is judged than somebody asks for (see `hearing`).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from earmark.engines.silero import Weights

RATE_HZ = 16_000
FRAME_MS = 32
SPEECH_FROM = 0.5
"""Silero's own threshold."""

_CHUNK = RATE_HZ * FRAME_MS // 1000
_CONTEXT = 64
_SPECTRUM, _HOP, _BINS = 256, 128, 129
_STRIDES = (1, 2, 2, 1)
_CELLS = 128
_LEAD = 15
"""Chunks that are heard before the first one that counts, until the cells have forgotten their beginning."""
_NEAR = 0.01
"""Side by side a probability differs by 0.000006 at most (134,750 frames of 52 sounds)."""
_FULL_SCALE = np.float32(1 / 32768)


class Detector:
    """Tells speech from all else, music and noise included."""

    frame_ms = FRAME_MS

    def __init__(self, weights: Weights) -> None:
        self._basis = np.ascontiguousarray(weights["_model.stft.forward_basis_buffer"][:, 0].T)
        layers = [f"_model.encoder.{number}.reparam_conv" for number in range(len(_STRIDES))]
        self._kernels = [_flat(weights[f"{layer}.weight"]) for layer in layers]
        self._biases = [weights[f"{layer}.bias"] for layer in layers]
        self._from_input = np.ascontiguousarray(weights["_model.decoder.rnn.weight_ih"].T)
        self._from_cells = np.ascontiguousarray(weights["_model.decoder.rnn.weight_hh"].T)
        self._cell_bias = weights["_model.decoder.rnn.bias_ih"] + weights["_model.decoder.rnn.bias_hh"]
        self._last = weights["_model.decoder.decoder.2.weight"]
        self._last_bias = float(weights["_model.decoder.decoder.2.bias"])

    def frames(self, pcm: NDArray[np.int16], first: int, count: int) -> NDArray[np.bool_]:
        """Is there speech, for `count` frames of 32 ms from frame `first` on? Beyond the end there is none.

        `pcm` is all of the sound, 16 kHz mono; what is said of a frame depends only on where it lies.
        """
        return np.asarray(self.probabilities(_piece(pcm, first, count))[min(first, _LEAD) :] >= SPEECH_FROM)

    def stretches(self, pcm: NDArray[np.int16], firsts: Sequence[int], count: int) -> list[NDArray[np.bool_]]:
        """What `frames` gives for each beginning alone, found out side by side.

        The last bits of a product depend on its shape, and work that goes on after an interruption must hear
        the same. So a stretch that comes near the threshold anywhere is judged again alone.
        """
        alike = [first for first in firsts if first >= _LEAD]
        sure: dict[int, NDArray[np.bool_]] = {}
        if len(alike) > 1:
            for first, found in zip(alike, self._side_by_side(pcm, alike, count), strict=True):
                if np.abs(found - SPEECH_FROM).min() > _NEAR:
                    sure[first] = found >= SPEECH_FROM
        return [sure[first] if first in sure else self.frames(pcm, first, count) for first in firsts]

    def probabilities(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of speech, for each 512 samples after the first 64, which are only what went before."""
        chunks = np.lib.stride_tricks.sliding_window_view(sound, _CONTEXT + _CHUNK)[::_CHUNK]
        return np.asarray(self._follow(self._encode(chunks)[:, np.newaxis])[:, 0])

    def _side_by_side(self, pcm: NDArray[np.int16], firsts: Sequence[int], count: int) -> NDArray[np.float32]:
        """Of speech, (firsts, count); what leads to one is part of its neighbour, and encoded once."""
        wanted = np.add.outer(firsts, np.arange(-_LEAD, count))
        numbers, places = np.unique(wanted, return_inverse=True)
        vectors = self._encode(_chunks(pcm, numbers))[places.reshape(wanted.shape)]
        return self._follow(vectors.swapaxes(0, 1)).T[:, _LEAD:]

    def _encode(self, chunks: NDArray[np.float32]) -> NDArray[np.float32]:
        mirrored = np.concatenate([chunks, chunks[:, -2 : -2 - _CONTEXT : -1]], axis=1)
        pieces = np.lib.stride_tricks.sliding_window_view(mirrored, _SPECTRUM, axis=1)[:, ::_HOP]
        waves = pieces.reshape(-1, _SPECTRUM) @ self._basis
        layer = np.sqrt(waves[:, :_BINS] ** 2 + waves[:, _BINS:] ** 2).reshape(len(chunks), -1, _BINS)
        for kernel, bias, stride in zip(self._kernels, self._biases, _STRIDES, strict=True):
            layer = np.maximum(_convolved(layer, kernel, stride) + bias, 0)
        return np.asarray(layer[:, 0])

    def _follow(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """The LSTM over (chunks, sounds, cells), whose gates lie in torch's order: input, forget, cell,
        output."""
        drive = vectors @ self._from_input + self._cell_bias
        hidden = np.zeros(vectors.shape[1:], dtype=np.float32)
        cells = np.zeros(vectors.shape[1:], dtype=np.float32)
        out = np.empty(vectors.shape[:2], dtype=np.float32)
        for number, pushed in enumerate(drive):
            gates = pushed + hidden @ self._from_cells
            opened = _sigmoid(gates)
            fresh = opened[:, :_CELLS] * np.tanh(gates[:, 2 * _CELLS : -_CELLS])
            cells = opened[:, _CELLS : 2 * _CELLS] * cells + fresh
            hidden = opened[:, -_CELLS:] * np.tanh(cells)
            out[number] = np.maximum(hidden, 0) @ self._last
        return _sigmoid(out + self._last_bias)


def _piece(pcm: NDArray[np.int16], first: int, count: int) -> NDArray[np.float32]:
    """What is heard for `count` frames from `first` on: with what leads to them, silence beyond the ends."""
    lead = min(first, _LEAD)
    begin = (first - lead) * _CHUNK
    sound = np.zeros(_CONTEXT + (lead + count) * _CHUNK, dtype=np.float32)
    before = min(begin, _CONTEXT)
    piece = pcm[begin - before : begin + (lead + count) * _CHUNK]
    sound[_CONTEXT - before : _CONTEXT - before + piece.size] = piece
    return sound * _FULL_SCALE


def _chunks(pcm: NDArray[np.int16], numbers: NDArray[np.intp]) -> NDArray[np.float32]:
    """Chunks by their numbers, each behind its context; silence beyond the ends."""
    at = np.add.outer(numbers * _CHUNK, np.arange(-_CONTEXT, _CHUNK))
    if not pcm.size:
        return np.zeros(at.shape, dtype=np.float32)
    sound = pcm.take(at, mode="clip") * _FULL_SCALE
    sound[(at < 0) | (at >= pcm.size)] = 0
    return sound


def _flat(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """(out, in, 3) as a matrix of (3 * in, out)."""
    return np.ascontiguousarray(kernel.transpose(2, 1, 0).reshape(-1, kernel.shape[0]))


def _convolved(layer: NDArray[np.float32], kernel: NDArray[np.float32], stride: int) -> NDArray[np.float32]:
    """A convolution of width 3 over (chunks, steps, channels), with a zero on each side."""
    steps = (layer.shape[1] - 1) // stride + 1
    padded = np.zeros((layer.shape[0], layer.shape[1] + 2, layer.shape[2]), dtype=np.float32)
    padded[:, 1:-1] = layer  # np.pad takes longer than the product
    shifted = [padded[:, at : at + stride * (steps - 1) + 1 : stride] for at in range(3)]
    return np.asarray(np.concatenate(shifted, axis=2) @ kernel)


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * values), dtype=np.float32)
