"""A speech model file is walked through before whisper.cpp, which would crash on a bad one, sees it."""

import contextlib
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from earmark.engines.starter import sample_speech_model
from earmark.engines.whisper_file import check
from earmark.errors import KnownError
from earmark.paths import Paths

SIZES = [51_865, 1500, 64, 2, 2, 448, 64, 2, 3, 80, 1]


def model_bytes(sizes: list[int] = SIZES, *, kind: int = 1, shape: tuple[int, ...] = (64, 3)) -> bytes:
    words = b"".join(struct.pack("<i", len(word)) + word for word in (b"a", b"bc", b""))
    filters = struct.pack("<2i", sizes[9], 201) + bytes(sizes[9] * 201 * 4 if 0 < sizes[9] < 1000 else 0)
    values = 1
    for size in shape:
        values *= max(0, size)
    name = b"encoder.conv1.bias"
    tensor = struct.pack(f"<3i{len(shape)}i", len(shape), len(name), kind, *shape) + name
    data = bytes(min(values, 100_000) * 2)
    return struct.pack("<i11i", 0x67676D6C, *sizes) + filters + struct.pack("<i", 3) + words + tensor + data


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_speech_model(Paths(tmp_path_factory.mktemp("profile")))


def refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(KnownError, match="not a whole speech model"):
        check(path)


def test_a_whole_file_is_described(tmp_path: Path) -> None:
    (tmp_path / "m.bin").write_bytes(model_bytes())
    header = check(tmp_path / "m.bin")
    assert (header.n_vocab, header.n_mels, header.n_tensors, header.multilingual) == (51_865, 80, 1, True)


def test_english_models_are_known_by_their_vocabulary(sample: Path) -> None:
    header = check(sample)
    assert header.multilingual == (header.n_vocab > 51_864)
    assert header.n_tensors > 50


@pytest.mark.parametrize(
    "data", [b"", b"ggml", b"lmgg", b"<html></html>", b"GGUF" + bytes(100), bytes(10_000)]
)
def test_other_files_are_refused(tmp_path: Path, data: bytes) -> None:
    refused(tmp_path / "m.bin", data)


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = model_bytes()
    for length in [*range(0, 70, 3), *range(70, len(whole) - 1, 997), len(whole) - 1]:
        refused(tmp_path / "m.bin", whole[:length])


def test_the_sample_model_cut_anywhere_is_refused(tmp_path: Path, sample: Path) -> None:
    whole = sample.read_bytes()
    for share in (0.1, 0.5, 0.9, 0.999):
        refused(tmp_path / "m.bin", whole[: int(len(whole) * share)])
    refused(tmp_path / "m.bin", whole[:-1])


@pytest.mark.parametrize("place", range(10))
@pytest.mark.parametrize("value", [0, -1, 2**31 - 1])
def test_sizes_that_would_overflow_the_loader_are_refused(tmp_path: Path, place: int, value: int) -> None:
    refused(tmp_path / "m.bin", model_bytes([*SIZES[:place], value, *SIZES[place + 1 :]]))


@pytest.mark.parametrize(
    "shape",
    [(64, 3, 1, 1, 1), (-64, 3), (0,), (2**24 + 1,), (2**20, 2**20), ()],
    ids=lambda shape: str(shape),
)
def test_tensors_that_make_no_sense_are_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    refused(tmp_path / "m.bin", model_bytes(shape=shape))


@given(st.binary(max_size=400), st.integers(0, 60_000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_damage_is_refused_or_harmless(tmp_path: Path, patch: bytes, at: int) -> None:
    data = bytearray(model_bytes())
    data[at : at + len(patch)] = patch
    (tmp_path / "m.bin").write_bytes(data)
    with contextlib.suppress(KnownError):
        assert check(tmp_path / "m.bin").n_tensors >= 1
