"""Is this a sound whisper.cpp model file? Asked before whisper.cpp is, which crashes on many that are not.

The layout is whisper.cpp's own (`whisper_model_load`): magic, eleven sizes, mel filters, vocabulary, then
tensors until the file ends. Counts are bounded, since the loader trusts them (whisper.cpp#3787, #4059).
"""

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from earmark.errors import KnownError

_MAGIC = 0x67676D6C
# bytes a block, values a block
_TYPES = {
    0: (4, 1),
    1: (2, 1),
    2: (18, 32),
    3: (20, 32),
    6: (22, 32),
    7: (24, 32),
    8: (34, 32),
    10: (84, 256),
    11: (110, 256),
    12: (144, 256),
    13: (176, 256),
    14: (210, 256),
}
_LIMITS = (100_000, 3000, 4096, 64, 64, 1024, 4096, 64, 64, 256, 10_000)
_ENGLISH_VOCABULARY = 51_864
_LEAST_PUBLISHED_STATE = 384
_MAX_TENSORS = 4096


@dataclass(frozen=True, slots=True)
class WhisperHeader:
    """What the head of the file says."""

    n_vocab: int
    n_mels: int
    n_tensors: int
    n_text_state: int
    filters_at: int
    n_fft: int
    n_text_layer: int
    n_audio_ctx: int
    n_audio_state: int
    n_audio_layer: int

    @property
    def multilingual(self) -> bool:
        """English-only models have one token less."""
        return self.n_vocab > _ENGLISH_VOCABULARY

    @property
    def takes_prompt(self) -> bool:
        """Every published model knows what words before a window are for; the sample model does not."""
        return self.n_text_state >= _LEAST_PUBLISHED_STATE


class _BrokenError(ValueError):
    """The file is not laid out as it should be."""


def check(path: Path) -> WhisperHeader:
    """Walk through the file's layout without reading its weights. Raises KnownError."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            return _walk(file, size)
    except OSError as error:
        raise KnownError(f"The speech model {path.name} cannot be read ({error.strerror}).") from error
    except _BrokenError as error:
        raise KnownError(
            f"The file {path.name} is not a whole speech model ({error}). Choose or download it again."
        ) from error


def mel_filters(path: Path, header: WhisperHeader) -> NDArray[np.float32]:
    """The filters that make bands of a spectrum, (n_mels, n_fft), as the model was trained with them."""
    with path.open("rb") as file:
        file.seek(header.filters_at)
        data = file.read(header.n_mels * header.n_fft * 4)
    return np.frombuffer(data, dtype="<f4").reshape(header.n_mels, header.n_fft)


def _walk(file: BinaryIO, size: int) -> WhisperHeader:
    if _ints(file, 1) != (_MAGIC,):
        raise _BrokenError("it is another kind of file")
    sizes = _ints(file, 11)
    if any(not 0 < value <= limit for value, limit in zip(sizes[:10], _LIMITS[:10], strict=True)):
        raise _BrokenError("its sizes make no sense")
    n_mel, n_fft = _ints(file, 2)
    filters_at = file.tell()
    if n_mel != sizes[9] or not 0 < n_fft <= 4096:
        raise _BrokenError("its sound filters make no sense")
    _skip(file, n_mel * n_fft * 4, size)
    (words,) = _ints(file, 1)
    if not 0 < words <= sizes[0]:
        raise _BrokenError("its vocabulary makes no sense")
    _skip_words(file, words, size)
    tensors, audio = _tensors(file, size), (sizes[1], sizes[2], sizes[4])
    return WhisperHeader(sizes[0], sizes[9], tensors, sizes[6], filters_at, n_fft, sizes[8], *audio)


def _skip_words(file: BinaryIO, count: int, size: int) -> None:
    read, seek, length_of = file.read, file.seek, struct.Struct("<i").unpack
    for _ in range(count):
        data = read(4)
        if len(data) != 4:
            raise _BrokenError("it breaks off")
        seek(_within(length_of(data)[0], 0, 1024), os.SEEK_CUR)
    _skip(file, 0, size)


def _tensors(file: BinaryIO, size: int) -> int:
    count = 0
    while file.tell() < size:
        dims, length, kind = _ints(file, 3)
        shape = _ints(file, _within(dims, 1, 4))
        _skip(file, _within(length, 1, 256), size)
        if kind not in _TYPES or any(not 0 < value <= 2**24 for value in shape):
            raise _BrokenError("a tensor makes no sense")
        block_bytes, block_values = _TYPES[kind]
        values = 1
        for value in shape:
            values *= value
        if values % block_values:
            raise _BrokenError("a tensor makes no sense")
        _skip(file, values // block_values * block_bytes, size)
        count += 1
        _within(count, 1, _MAX_TENSORS)
    if count == 0:
        raise _BrokenError("it holds no weights")
    return count


def _ints(file: BinaryIO, count: int) -> tuple[int, ...]:
    data = file.read(4 * count)
    if len(data) != 4 * count:
        raise _BrokenError("it breaks off")
    return struct.unpack(f"<{count}i", data)


def _skip(file: BinaryIO, count: int, size: int) -> None:
    if file.seek(count, os.SEEK_CUR) > size:
        raise _BrokenError("it breaks off")


def _within(value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise _BrokenError("a length makes no sense")
    return value
