"""Does a model fit into memory? One formula for every kind of model and for every place that asks.

Weights, the keys and values of our context, what the library works in, and the process itself. Pure
arithmetic: what is free is told by the caller. `shape_of_file` reads the figures from the head of a file.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from earmark.engines import gguf_file, whisper_file

CONTEXT_TOKENS = 2048
"""Of language models, as the language engine opens them."""

SPEECH_POSITIONS = 512 + 1536
"""Of Whisper: its 448 text tokens and 1500 sound frames, each rounded up to 256 as whisper.cpp does."""

PROCESS_BYTES = 90_000_000
"""A child process with its libraries, and the small embedding model beside the language model."""

WORK_ROWS = 10_240
"""Rows of the model's width that a pass works in; measured, see tests/benchmarks/memory.py."""

SCORE_ROWS = 512
"""Rows of one number for each word of the vocabulary, as many as tokens are read at a time."""

_CACHE_BYTES, _NUMBER_BYTES = 2, 4
_USABLE = 0.75

Fit = Literal["fits", "close", "never"]
"""fits: now; close: when other programs are closed; never: this computer has too little memory."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a model's build decides about memory. None: not known.

    `layers` are those that keep keys and values, `kv_width` how many numbers each keeps of either for a
    position, `width` that of its embedding, `vocabulary` its tokens.
    """

    weights_bytes: int
    positions: int
    layers: int | None = None
    kv_width: int | None = None
    width: int | None = None
    vocabulary: int | None = None


def needed_bytes(shape: Shape) -> int:
    """Memory that a model takes at work. A figure that is not known counts as nothing: then it is a least.

    >>> needed_bytes(Shape(10**9, 2048, layers=24, kv_width=2048, width=2048, vocabulary=49_152)) // 10**6
    1677
    """
    cache = 2 * _CACHE_BYTES * (shape.layers or 0) * (shape.kv_width or 0) * shape.positions
    work = _NUMBER_BYTES * (WORK_ROWS * (shape.width or 0) + SCORE_ROWS * (shape.vocabulary or 0))
    return shape.weights_bytes + cache + work + PROCESS_BYTES


def fit_of(needed: int, free_bytes: int, total_bytes: int) -> Fit:
    """Whether a model that needs so much memory fits into what is free; or else into this computer at all.

    For a graphics processor give its own memory as both.
    """
    if needed <= free_bytes:
        return "fits"
    return "close" if needed <= total_bytes * _USABLE else "never"


def shape_of_file(path: Path) -> Shape:
    """The figures in the head of a language model (.gguf) or a speech model. Raises KnownError.

    Read once for each state of a file.
    """
    written = path.stat()
    return _shape_of(path, written.st_size, written.st_mtime_ns, written.st_ctime_ns)


@lru_cache(maxsize=64)
def _shape_of(path: Path, *_written: int) -> Shape:
    with path.open("rb") as file:
        gguf = file.read(4) == gguf_file.MAGIC
    return gguf_shape(path) if gguf else speech_shape(path)


def gguf_shape(path: Path) -> Shape:
    """Of a language or embedding model in GGUF form. Raises KnownError."""
    head = gguf_file.check_language_model(path)
    return Shape(
        path.stat().st_size,
        CONTEXT_TOKENS,
        layers=head.layers,
        kv_width=head.kv_width,
        width=head.width,
        vocabulary=head.vocabulary,
    )


def speech_shape(path: Path) -> Shape:
    """Of a Whisper model in whisper.cpp's form. Raises KnownError."""
    head = whisper_file.check(path)
    return Shape(
        path.stat().st_size,
        SPEECH_POSITIONS,
        layers=head.n_text_layer,
        kv_width=head.n_text_state,
        width=head.n_audio_state,
        vocabulary=head.n_vocab,
    )
