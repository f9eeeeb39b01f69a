"""Pack the trained sample speech model for whisper.cpp, and measure it the way the program will use it.

    PYTHONPATH=desktop:tests/tools uv run --with torch python tests/tools/sample_speech_file.py \\
        WHISPER_ASSETS WORK_FOLDER/sample.pt

Writes resources/speech/sample-speech-model.bin.xz and prints the word error rate on both episodes.
"""

import lzma
import re
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from pywhispercpp.model import Model
from sample_speech_data import (
    ANCHOR_IDS,
    WINDOW,
    Pcm,
    audio_episodes,
    decode,
    load_speech,
    mel_filters,
    used_ids,
    vocabulary,
)
from train_sample_speech import AUDIO_CONTEXT, DECODER_LAYERS, ENCODER_LAYERS, HEADS, TEXT_CONTEXT, WIDTH

from earmark.paths import resource

MAGIC = 0x67676D6C
F32, F16, Q8_0 = 0, 1, 8
MOSTLY_Q8_0 = 2007  # ggml: file type 7 of quantization version 2
RATE = 16_000

Array = NDArray[np.float32]


def q8_0(array: Array) -> bytes:
    """ggml's q8_0: for each 32 numbers a 16-bit scale and 32 signed bytes."""
    blocks = array.reshape(-1, 32)
    scale = (np.abs(blocks).max(axis=1, keepdims=True) / 127).astype(np.float16)
    whole = np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale > 0, dtype=np.float32)
    packed = np.empty(len(blocks), np.dtype([("scale", "<f2"), ("numbers", "i1", 32)]))
    packed["scale"], packed["numbers"] = scale[:, 0], np.rint(whole).clip(-127, 127)
    return packed.tobytes()


def short_f32(array: Array) -> bytes:
    """32-bit floats with the last 12 bits of the fraction zero: precise enough, and they compress."""
    bits = array.astype("<f4").view("<u4")
    return ((bits + 0x800) & 0xFFFFF000).astype("<u4").tobytes()


def tensor_bytes(name: str, array: Array) -> bytes:
    """One tensor as whisper.cpp reads it: header, name, numbers."""
    if name in ("encoder.conv1.bias", "encoder.conv2.bias"):
        array = array[:, None]
    if array.ndim == 3:
        kind, data = F16, array.astype("<f2").tobytes()
    elif array.ndim == 2 and "positional" not in name and "conv" not in name:
        kind, data = Q8_0, q8_0(array)
    else:
        kind, data = F32, short_f32(array)
    label = name.encode()
    head = struct.pack("<iii", array.ndim, len(label), kind)
    return head + struct.pack(f"<{array.ndim}i", *reversed(array.shape)) + label + data


def tensors(weights: dict[str, torch.Tensor], ids: list[int]) -> Iterator[tuple[str, Array]]:
    """Whisper's tensors; the rows in use go to their places in the full vocabulary, the rest are zero."""
    state = {name: value.float().numpy() for name, value in weights.items()}
    smooth = state.pop("decoder.clock") @ state.pop("decoder.clock_rows.weight").T
    rows = np.concatenate([state.pop("decoder.words"), smooth + state.pop("decoder.times")])
    table = np.zeros((ANCHOR_IDS, WIDTH), np.float32)
    table[ids] = rows
    yield "decoder.token_embedding.weight", table
    yield from state.items()


def model_file(weights: dict[str, torch.Tensor], assets: Path) -> bytes:
    """The whole model in whisper.cpp's format."""
    words, times = used_ids(load_speech(assets))
    shape = (AUDIO_CONTEXT, WIDTH, HEADS, ENCODER_LAYERS, TEXT_CONTEXT, WIDTH, HEADS, DECODER_LAYERS)
    parts = [struct.pack("<12i", MAGIC, ANCHOR_IDS, *shape, 80, MOSTLY_Q8_0)]
    filters = mel_filters(assets)
    parts += [struct.pack("<2i", *filters.shape), filters.astype("<f4").tobytes()]
    texts = vocabulary(assets)
    parts.append(struct.pack("<i", len(texts)))
    parts += [struct.pack("<i", len(text)) + text for text in texts]
    parts += [tensor_bytes(name, array) for name, array in tensors(weights, [*words, *times])]
    return b"".join(parts)


def transcribe(model: Model, pcm: Pcm) -> Iterator[tuple[float, float, str]]:
    """Window by window, as the program does: each begins where the last whole sentence ended."""
    at = 0
    while at < len(pcm) - RATE // 2:
        found = model.transcribe(pcm[at : at + WINDOW])
        for segment in found:
            yield at / RATE + segment.t0 / 100, at / RATE + segment.t1 / 100, segment.text.strip()
        last = at + WINDOW >= len(pcm) or not found
        at = at + WINDOW if last else at + found[-1].t1 * RATE // 100


def words_of(text: str) -> list[str]:
    """Words without capitals and punctuation."""
    return re.findall(r"[a-z0-9']+", text.lower())


def errors(reference: list[str], heard: list[str]) -> int:
    """Fewest words to change, add or leave out."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(reference, 1):
        corner, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (word != other))
    return row[-1]


def measure(path: Path) -> None:
    """Print errors, worst time and speed for both episodes, and what is heard in silence."""
    model = Model(
        str(path),
        n_threads=2,
        language="en",
        n_max_text_ctx=0,
        no_context=True,
        temperature_inc=0.0,
        greedy={"best_of": 1},
        print_progress=False,
        print_realtime=False,
        redirect_whispercpp_logs_to=None,
    )
    for episode in audio_episodes():
        began = time.monotonic()
        said = list(transcribe(model, decode(resource("demo") / f"{episode.slug}.opus")))
        spent = time.monotonic() - began
        reference = words_of(" ".join(line.text for line in episode.lines))
        wrong = errors(reference, words_of(" ".join(text for _, _, text in said)))
        exact = [text for _, _, text in said] == [line.text for line in episode.lines]
        late = [
            max(abs(start - line.start_s), abs(end - line.end_s))
            for line in episode.lines
            for start, end, text in said
            if text == line.text
        ]
        sys.stdout.write(
            f"{episode.slug}: {wrong} of {len(reference)} words wrong, exact text {exact}, "
            f"times within {max(late, default=0):.2f} s, {spent:.1f} s\n"
        )
    for name, level in (("silence", 0.0), ("hiss", 0.01)):
        noise = np.random.default_rng(1).normal(0, level, WINDOW).astype(np.float32)
        sys.stdout.write(f"{name}: {[segment.text for segment in model.transcribe(noise)]}\n")


def main() -> None:
    """Pack, then measure what was packed."""
    assets, weights = Path(sys.argv[1]), torch.load(sys.argv[2])
    plain = model_file(weights, assets)
    target = resource("speech") / "sample-speech-model.bin.xz"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(lzma.compress(plain, preset=9 | lzma.PRESET_EXTREME))
    sys.stdout.write(f"{len(plain)} bytes, {target.stat().st_size} compressed\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample-speech-model.bin"
        path.write_bytes(lzma.decompress(target.read_bytes()))
        measure(path)


if __name__ == "__main__":
    main()
