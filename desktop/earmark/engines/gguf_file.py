"""Is this a sound language model file in GGUF form? Asked before llama.cpp is, which trusts its counts.

The layout is that of ggml's docs/gguf.md, versions 2 and 3: magic, counts, key-value pairs, descriptions of
tensors, and their data up to the end of the file. A file that was cut off anywhere is told from a whole one.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from earmark.errors import KnownError

MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MOST_TENSORS, _MOST_PAIRS, _MOST_ITEMS = 20_000, 10_000, 2_000_000
_LONGEST_KEY, _LONGEST_STRING = 1_000, 16_000_000
_STRING, _ARRAY = 8, 9
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_FORMATS = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
_ALIGNMENT, _MOST_ALIGNMENT = 32, 1 << 20
_WANTED = ("general.architecture", "general.name", "general.alignment")
_FIGURES = (
    ".context_length",
    ".block_count",
    ".embedding_length",
    ".attention.head_count",
    ".attention.head_count_kv",
    ".attention.key_length",
    ".attention.causal",
)
_WORDS = "tokenizer.ggml.tokens"


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What the head of the file says; None where it does not.

    `context_tokens` is the longest text that the model was made for, `width` that of its embedding,
    `kv_width` how many numbers a layer keeps of keys, and as many of values, for each token.
    """

    architecture: str
    name: str
    context_tokens: int | None
    tensors: int
    layers: int | None = None
    width: int | None = None
    kv_width: int | None = None
    vocabulary: int | None = None


class _BrokenError(ValueError):
    """The file is not laid out as it should be."""


def check_language_model(path: Path) -> GgufHeader:
    """Walk through the file's layout without reading its weights. Raises KnownError."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if file.read(4) != MAGIC:
                raise KnownError(
                    f"{path.name} is not a language model: Earmark uses files in GGUF form (.gguf)."
                )
            return _walk(_Reader(file, size))
    except OSError as error:
        raise KnownError(f"The model {path} cannot be read ({error.strerror}).") from error
    except (_BrokenError, UnicodeDecodeError) as error:
        raise KnownError(
            f"The model {path.name} is damaged or was not fetched whole ({error}). Get it again."
        ) from error


class _Reader:
    """Reads numbers and texts, never beyond the end of the file."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.size = size

    def take(self, form: str) -> int | float | bool:
        wanted = struct.calcsize(form)
        data = self._file.read(wanted)
        if len(data) < wanted:
            raise _BrokenError("it breaks off in its head")
        value: int | float | bool = struct.unpack(form, data)[0]
        return value

    def count(self, form: str, most: int, what: str) -> int:
        value = int(self.take(form))
        if value > most:
            raise _BrokenError(f"{value} {what}")
        return value

    def text(self, most: int) -> str:
        data = self._file.read(length := self.count("<Q", min(most, self.size), "bytes of text"))
        if len(data) < length:
            raise _BrokenError("it breaks off in its head")
        return data.decode("utf-8", errors="replace")

    def skip(self, length: int) -> None:
        if self._file.tell() + length > self.size:
            raise _BrokenError("it breaks off in its head")
        self._file.seek(length, 1)

    def skip_texts(self, count: int) -> None:
        """Past so many texts; a vocabulary has a hundred thousand."""
        read, seek, length_of = self._file.read, self._file.seek, struct.Struct("<Q").unpack
        for _ in range(count):
            data = read(8)
            if len(data) < 8:
                raise _BrokenError("it breaks off in its head")
            (length,) = length_of(data)
            if length > _LONGEST_STRING:
                raise _BrokenError(f"{length} bytes of text")
            seek(length, 1)
        if self._file.tell() > self.size:
            raise _BrokenError("it breaks off in its head")

    def tell(self) -> int:
        return self._file.tell()


def _walk(reader: _Reader) -> GgufHeader:
    version = int(reader.take("<I"))
    if version not in _VERSIONS:
        raise _BrokenError(f"version {version} of its form")
    tensors = reader.count("<Q", _MOST_TENSORS, "tensors")
    pairs = reader.count("<Q", _MOST_PAIRS, "entries")
    values: dict[str, str | int | float | bool | None] = {}
    for _ in range(pairs):
        key = reader.text(_LONGEST_KEY)
        kind = int(reader.take("<I"))
        value = _value(reader, kind)
        if key == _WORDS or (kind != _ARRAY and (key in _WANTED or key.endswith(_FIGURES))):
            values[key] = value
    ends = [_tensor_end(reader) for _ in range(tensors)]
    alignment = values.get("general.alignment")
    step = _ALIGNMENT if alignment is None else alignment
    if not isinstance(step, int) or not 0 < step <= _MOST_ALIGNMENT or step & (step - 1):
        raise _BrokenError("its weights lie at odd places")
    begin = -(-reader.tell() // step) * step
    if not ends or begin + max(ends) > reader.size:
        raise _BrokenError("its weights are not all there")
    architecture = values.get("general.architecture")
    if not isinstance(architecture, str) or not architecture:
        raise _BrokenError("it does not say what it is")
    return _header(architecture, values, tensors)


def _header(
    architecture: str, values: dict[str, str | int | float | bool | None], tensors: int
) -> GgufHeader:
    def figure(name: str) -> int | None:
        found = values.get(f"{architecture}.{name}")
        return found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else None

    width, heads, words = figure("embedding_length"), figure("attention.head_count"), values.get(_WORDS)
    kv_heads = figure("attention.head_count_kv") or heads
    head_width = figure("attention.key_length") or (width // heads if width and heads else None)
    kv_width = kv_heads * head_width if kv_heads and head_width else None
    if values.get(f"{architecture}.attention.causal") is False:
        kv_width = 0  # an encoder keeps nothing from one token to the next
    return GgufHeader(
        architecture,
        str(values.get("general.name") or ""),
        figure("context_length"),
        tensors,
        figure("block_count"),
        width,
        kv_width,
        words if isinstance(words, int) else None,
    )


def _value(reader: _Reader, kind: int) -> str | int | float | bool | None:
    """A value; of a list only how many items it has."""
    if kind == _STRING:
        return reader.text(_LONGEST_STRING)
    if kind == _ARRAY:
        return _skip_array(reader)
    if kind not in _FORMATS:
        raise _BrokenError(f"an entry of kind {kind}")
    return reader.take(_FORMATS[kind])


def _skip_array(reader: _Reader) -> int:
    kind = int(reader.take("<I"))
    count = reader.count("<Q", _MOST_ITEMS, "items")
    if kind == _STRING:
        reader.skip_texts(count)
    elif kind in _SIZES:
        reader.skip(count * _SIZES[kind])
    else:
        raise _BrokenError(f"a list of kind {kind}")
    return count


def _tensor_end(reader: _Reader) -> int:
    """Where a tensor's data ends, counted from where all data begins."""
    from gguf import GGML_QUANT_SIZES, GGMLQuantizationType  # an eighth of a second, not for every start

    reader.text(_LONGEST_KEY)
    values = 1
    for _ in range(reader.count("<I", 4, "dimensions")):
        values *= reader.count("<Q", 2**40, "values")
    kind, offset = int(reader.take("<I")), int(reader.take("<Q"))
    try:
        block, bytes_a_block = GGML_QUANT_SIZES[GGMLQuantizationType(kind)]
    except ValueError as error:
        raise _BrokenError(f"weights of kind {kind}") from error
    return offset + values // block * bytes_a_block
