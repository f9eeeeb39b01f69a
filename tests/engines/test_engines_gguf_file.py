"""Language model files are examined before native code sees them."""

import random
import struct
from pathlib import Path

import pytest

from earmark.engines import check_language_model
from earmark.engines.starter import starter_embedding, starter_llm
from earmark.errors import KnownError
from earmark.paths import Paths


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    paths = Paths(tmp_path_factory.mktemp("profile"))
    paths.create()
    return starter_llm(paths)


def test_the_starter_models_are_sound(model: Path, tmp_path: Path) -> None:
    header = check_language_model(model)
    assert (header.architecture, header.context_tokens, header.tensors) == ("llama", 8192, 272)
    paths = Paths(tmp_path)
    paths.create()
    assert check_language_model(starter_embedding(paths)).architecture == "bert"


@pytest.mark.parametrize("share", [0.0, 0.00001, 0.001, 0.01, 0.02, 0.5, 0.999])
def test_a_model_that_breaks_off_anywhere_is_refused(model: Path, tmp_path: Path, share: float) -> None:
    whole = model.read_bytes()
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(KnownError, match=r"not a language model|damaged"):
        check_language_model(cut)


@pytest.mark.parametrize(
    "body", [b"", b"GG", b"<html>Not found</html>", b"GGML" * 50, b"\0" * 4096, b"PK\x03\x04"]
)
def test_another_kind_of_file_is_named_as_such(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(body)
    with pytest.raises(KnownError, match=r"model\.gguf is not a language model"):
        check_language_model(file)


@pytest.mark.parametrize(
    "head",
    [
        struct.pack("<IQQ", 1, 1, 1),
        struct.pack("<IQQ", 3, 2**63, 1),
        struct.pack("<IQQ", 3, 1, 2**63),
        struct.pack("<IQQ", 3, 0, 0),
        struct.pack("<IQQQ", 3, 1, 1, 2**62),
        struct.pack("<IQQQ", 3, 1, 1, 3) + b"key" + struct.pack("<I", 99),
        struct.pack("<IQQQ", 3, 1, 1, 3) + b"key" + struct.pack("<IIQ", 9, 9, 5),
        struct.pack("<IQQQ", 3, 1, 1, 3) + b"key" + struct.pack("<IIQ", 9, 4, 2**60),
        struct.pack("<IQQQ", 3, 1, 0, 1) + b"w" + struct.pack("<IQIQ", 1, 2**50, 0, 0),
        struct.pack("<IQQQ", 3, 1, 0, 1) + b"w" + struct.pack("<IQIQ", 1, 32, 77, 0),
    ],
)
def test_a_head_that_lies_about_sizes_is_refused_at_once(tmp_path: Path, head: bytes) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF" + head + b"\0" * 64)
    with pytest.raises(KnownError, match="damaged"):
        check_language_model(file)


def test_any_byte_of_the_head_may_be_wrong_without_a_traceback(model: Path, tmp_path: Path) -> None:
    with model.open("rb") as file:
        head = bytearray(file.read(4096))
    draw = random.Random(7)
    for _ in range(300):
        broken = bytearray(head)
        for _ in range(draw.randrange(1, 6)):
            broken[draw.randrange(4, len(broken))] = draw.randrange(256)
        target = tmp_path / "model.gguf"
        target.write_bytes(broken)
        with pytest.raises(KnownError):
            check_language_model(target)


def test_a_missing_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be read"):
        check_language_model(tmp_path / "none.gguf")
