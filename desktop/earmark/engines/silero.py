"""The files of Silero's speech detector: as the package index carries its weights, and in whisper.cpp's form.

The form is what whisper.cpp reads (`whisper_vad_init_with_params`, 1.8): magic, kind, version, sizes, then
tensors; convolutions as 16-bit floats. So the detector that comes with the program and the one that a user
fetches from whisper.cpp's own shelf are read by the same code.
"""

import math
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from earmark.errors import KnownError

_MAGIC = 0x67676D6C
_KIND = b"silero-16k"
_VERSION = (6, 2, 0)
_WINDOW, _CONTEXT = 512, 64
_CHANNELS = ((129, 128), (128, 64), (64, 64), (64, 128))
_KERNEL = 3
_HIDDEN = 128
_NAMES = {
    **{
        f"conv{number + 1}.{part}": f"_model.encoder.{number}.reparam_conv.{part}"
        for number in range(len(_CHANNELS))
        for part in ("weight", "bias")
    },
    **{
        f"lstm_cell.{part}": f"_model.decoder.rnn.{part}"
        for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    },
    "final_conv.weight": "_model.decoder.decoder.2.weight",
    "final_conv.bias": "_model.decoder.decoder.2.bias",
    "stft_conv.weight": "_model.stft.forward_basis_buffer",
}
_SHAPES: dict[str, tuple[int, ...]] = {
    "_model.encoder.0.reparam_conv.weight": (128, 129, 3),
    "_model.encoder.0.reparam_conv.bias": (128,),
    "_model.encoder.1.reparam_conv.weight": (64, 128, 3),
    "_model.encoder.1.reparam_conv.bias": (64,),
    "_model.encoder.2.reparam_conv.weight": (64, 64, 3),
    "_model.encoder.2.reparam_conv.bias": (64,),
    "_model.encoder.3.reparam_conv.weight": (128, 64, 3),
    "_model.encoder.3.reparam_conv.bias": (128,),
    "_model.decoder.rnn.weight_ih": (512, 128),
    "_model.decoder.rnn.weight_hh": (512, 128),
    "_model.decoder.rnn.bias_ih": (512,),
    "_model.decoder.rnn.bias_hh": (512,),
    "_model.decoder.decoder.2.weight": (128,),
    "_model.decoder.decoder.2.bias": (),
    "_model.stft.forward_basis_buffer": (258, 1, 256),
}
_BEGIN = struct.pack("<2i", _MAGIC, len(_KIND)) + _KIND
_VERSION_BYTES = 12
_SIZES = (
    struct.pack("<3i", _WINDOW, _CONTEXT, len(_CHANNELS))
    + b"".join(struct.pack("<3i", *sizes, _KERNEL) for sizes in _CHANNELS)
    + struct.pack("<4i", _HIDDEN, _HIDDEN, _HIDDEN, 1)
)

Weights = dict[str, NDArray[np.float32]]


def own_file(folder: Path) -> Path | None:
    """A detector that the user laid into a folder of models, named as on whisper.cpp's shelf; the newest.

    One that is damaged is passed over.
    """
    for path in sorted(folder.glob("ggml-silero*.bin"), reverse=True):
        with suppress(KnownError):
            read(path)
            return path
    return None


def convert(weights: Path, target: Path) -> None:
    """Write the published weights (safetensors) as a whisper.cpp file. Raises KnownError, OSError."""
    from safetensors.numpy import load_file  # needed this once only

    try:
        tensors = load_file(weights)
        with target.open("wb") as out:
            out.write(_BEGIN + struct.pack("<3i", *_VERSION) + _SIZES)
            for name, known_as in _NAMES.items():
                _write_tensor(out, known_as, tensors[name], wide=name == "stft_conv.weight")
    except (KeyError, ValueError) as error:
        raise KnownError("The speech detector's weights are damaged. Install Earmark again.") from error


def read(path: Path) -> Weights:
    """The tensors of a file in whisper.cpp's form, by whisper.cpp's names. Raises KnownError."""
    try:
        with path.open("rb") as file:
            begin = file.read(len(_BEGIN))
            file.seek(_VERSION_BYTES, os.SEEK_CUR)  # versions 5 and 6 are alike in all but their weights
            if begin != _BEGIN or file.read(len(_SIZES)) != _SIZES:
                raise KnownError(f"The file {path.name} is not a speech detector.")
            tensors = dict(_read_tensors(file))
    except OSError as error:
        raise KnownError(f"The speech detector {path.name} cannot be read ({error.strerror}).") from error
    except (ValueError, struct.error) as error:
        raise KnownError(f"The speech detector {path.name} is damaged. Get it again.") from error
    if {name: tensor.shape for name, tensor in tensors.items()} != _SHAPES:
        raise KnownError(f"The speech detector {path.name} is damaged. Get it again.")
    return tensors


def _write_tensor(out: BinaryIO, name: str, values: NDArray[np.float32], *, wide: bool) -> None:
    convolution = wide or ("weight" in name and "rnn" not in name)
    data = values if wide else np.squeeze(values)
    data = data.astype("<f2" if convolution else "<f4")
    out.write(struct.pack("<3i", data.ndim, len(name), int(convolution)))
    out.write(struct.pack(f"<{data.ndim}i", *reversed(data.shape)))
    out.write(name.encode() + data.tobytes())


def _read_tensors(file: BinaryIO) -> Iterator[tuple[str, NDArray[np.float32]]]:
    while head := file.read(12):
        dimensions, length, halved = struct.unpack("<3i", head)
        if not (0 <= dimensions <= 3 and 0 < length <= 64 and halved in (0, 1)):
            raise ValueError("a tensor makes no sense")
        shape = struct.unpack(f"<{dimensions}i", file.read(4 * dimensions))
        name = file.read(length).decode("ascii")
        if tuple(reversed(shape)) != _SHAPES.get(name):
            raise ValueError("a tensor makes no sense")
        values = np.frombuffer(file.read(math.prod(shape) * (2 if halved else 4)), "<f2" if halved else "<f4")
        yield name, values.astype(np.float32).reshape(shape[::-1])
