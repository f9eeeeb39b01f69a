"""Random weights in the shape of a real Whisper model, in whisper.cpp's format: to know speed and memory.

What such a model says is nonsense; how long it takes is not. Filters and vocabulary are those of the sample
speech model, which has Whisper's own. With a script it says the same tokens in every window, as many as
people say in half a minute, so that programs can be compared at the same number of steps.
"""

import math
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from gguf import GGMLQuantizationType
from gguf.quants import quantize
from numpy.typing import NDArray

Form = Literal["f16", "q8_0", "q5_1"]
Shape = tuple[int, ...]
ENGLISH, MULTILINGUAL = 51_864, 51_865
_MAGIC = 0x67676D6C
_KINDS: dict[Form, tuple[GGMLQuantizationType, int]] = {
    "f16": (GGMLQuantizationType.F16, 1),
    "q8_0": (GGMLQuantizationType.Q8_0, 2007),  # ggml's file type, of quantization version 2
    "q5_1": (GGMLQuantizationType.Q5_1, 2009),
}


@dataclass(frozen=True)
class Size:
    """A Whisper size: width, heads and layers are those of openai/whisper's model card."""

    width: int
    heads: int
    layers: int
    vocabulary: int = ENGLISH


SIZES = {
    "tiny.en": Size(384, 6, 4),
    "base.en": Size(512, 8, 6),
    "small.en": Size(768, 12, 12),
    "tiny": Size(384, 6, 4, MULTILINGUAL),
    "toy": Size(64, 1, 1, MULTILINGUAL),
    "toy.en": Size(64, 1, 1),
}


_LOUD, _SURE = 30.0, 30.0
_SECOND = 50
"""A timestamp counts fiftieths of a second."""
_ENGLISH_EOT, _ENGLISH_FIRST_TIMESTAMP = 50_256, 50_363


def write_random_model(
    size: Size, form: Form, sample: Path, target: Path, seed: int = 5, script: Sequence[int] = ()
) -> None:
    """Write `target`; `sample` is the sample speech model, whose filters and vocabulary are taken.

    With a `script` (different tokens, from the first one after the start on) this is what every window says.
    """
    random = np.random.default_rng(seed)
    kind, file_type = _KINDS[form]
    shape = (1500, size.width, size.heads, size.layers, 448, size.width, size.heads, size.layers, 80)
    with target.open("wb") as out:
        out.write(struct.pack("<12i", _MAGIC, size.vocabulary, *shape, file_type))
        out.write(_filters_and_vocabulary(sample))
        for name, dimensions in _tensors(size):
            values = _values(random, name, dimensions)
            _learn(script, name, values)
            here = _kind_of(name, dimensions, kind)
            label = name.encode()
            out.write(struct.pack("<3i", len(dimensions), len(label), here.value))
            out.write(struct.pack(f"<{len(dimensions)}i", *reversed(dimensions)) + label)
            out.write(quantize(values, here).tobytes())


def english_script(sample: Path, words: int = 96) -> list[int]:
    """Tokens of an English model: so many words in four segments of seven seconds, and speech goes on."""
    known = [
        number for number, piece in enumerate(_vocabulary(sample)) if re.fullmatch(rb" [a-z]{2,}", piece)
    ]
    script: list[int] = []
    for part in range(4):
        script.append(_ENGLISH_FIRST_TIMESTAMP + part * 7 * _SECOND)
        script += known[part * words // 4 : (part + 1) * words // 4]
        script.append(_ENGLISH_FIRST_TIMESTAMP + (part + 1) * 7 * _SECOND - 1)
    return [*script, _ENGLISH_FIRST_TIMESTAMP + 28 * _SECOND, _ENGLISH_EOT]


def _learn(script: Sequence[int], name: str, values: NDArray[np.float32]) -> None:
    """Make a place in the script louder than the layers' noise, and like the token to be said there."""
    if not script or name not in ("decoder.positional_embedding", "decoder.token_embedding.weight"):
        return
    marks = np.random.default_rng(1).choice([-1.0, 1.0], size=(len(script), values.shape[1]))
    if name == "decoder.positional_embedding":
        values[: len(script)] = _LOUD * marks
    else:
        values[list(script)] = _SURE / values.shape[1] * marks


def _kind_of(name: str, shape: Shape, kind: GGMLQuantizationType) -> GGMLQuantizationType:
    """As whisper.cpp's own quantizer: matrices are packed, convolutions halved, the rest stays."""
    if len(shape) == 3:
        return GGMLQuantizationType.F16
    packed = len(shape) == 2 and "positional" not in name and "conv" not in name
    return kind if packed else GGMLQuantizationType.F32


def _values(random: np.random.Generator, name: str, shape: Shape) -> NDArray[np.float32]:
    if name.endswith(("ln.weight", "ln_post.weight")):
        return np.ones(shape, dtype=np.float32)
    spread = 1 / math.sqrt(math.prod(shape[1:]) or 1) if len(shape) > 1 else 0.01
    return (random.standard_normal(shape, dtype=np.float32) * spread).astype(np.float32)


def _tensors(size: Size) -> Iterator[tuple[str, Shape]]:
    width = size.width
    yield "encoder.positional_embedding", (1500, width)
    yield "encoder.conv1.weight", (width, 80, 3)
    yield "encoder.conv1.bias", (width, 1)
    yield "encoder.conv2.weight", (width, width, 3)
    yield "encoder.conv2.bias", (width, 1)
    yield from _norm("encoder.ln_post", width)
    for number in range(size.layers):
        yield from _block(f"encoder.blocks.{number}", width, ("attn",))
    yield "decoder.positional_embedding", (448, width)
    yield "decoder.token_embedding.weight", (size.vocabulary, width)
    yield from _norm("decoder.ln", width)
    for number in range(size.layers):
        yield from _block(f"decoder.blocks.{number}", width, ("attn", "cross_attn"))


def _block(name: str, width: int, attentions: tuple[str, ...]) -> Iterator[tuple[str, Shape]]:
    yield from _norm(f"{name}.mlp_ln", width)
    yield f"{name}.mlp.0.weight", (4 * width, width)
    yield f"{name}.mlp.0.bias", (4 * width,)
    yield f"{name}.mlp.2.weight", (width, 4 * width)
    yield f"{name}.mlp.2.bias", (width,)
    for attention in attentions:
        yield from _norm(f"{name}.{attention}_ln", width)
        for part in ("query", "key", "value", "out"):
            yield f"{name}.{attention}.{part}.weight", (width, width)
            if part != "key":
                yield f"{name}.{attention}.{part}.bias", (width,)


def _norm(name: str, width: int) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", (width,)
    yield f"{name}.bias", (width,)


def _filters_and_vocabulary(sample: Path) -> bytes:
    data = sample.read_bytes()
    pieces = _vocabulary(sample)
    begin = 48
    return data[begin : _vocabulary_at(data) + 4 + sum(4 + len(piece) for piece in pieces)]


def _vocabulary_at(data: bytes) -> int:
    bands, bins = struct.unpack_from("<2i", data, 48)
    return int(56 + bands * bins * 4)


def _vocabulary(sample: Path) -> list[bytes]:
    data = sample.read_bytes()
    at = _vocabulary_at(data)
    (words,) = struct.unpack_from("<i", data, at)
    at += 4
    pieces = []
    for _ in range(words):
        (length,) = struct.unpack_from("<i", data, at)
        pieces.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return pieces
