"""Language model files are examined before native code sees them."""

import random
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from gguf import GGUFWriter

from earmark.engines import Language, check_language_model
from earmark.engines.starter import starter_embedding, starter_llm
from earmark.errors import KnownError
from earmark.paths import Paths
from earmark.pipeline.models.heads import check_head, task_of


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
        struct.pack("<IQQ", 99, 1, 1),
        struct.pack("<IQQ", 3, 2**62, 1),
        struct.pack("<IQQ", 3, 1, 2**62),
        struct.pack("<IQQQ", 3, 1, 1, 3) + b"key" + struct.pack("<IQ", 8, 2**30),
        *(
            struct.pack("<IQQQ", 3, 1, 1, 17)
            + b"general.alignment"
            + struct.pack("<II", 4, step)
            + struct.pack("<Q", 1)
            + b"w"
            + struct.pack("<IQIQ", 1, 1, 0, 0)
            for step in (0, 3, 33, 2**31)
        ),
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


def test_m_05_a_text_of_a_gigabyte_is_refused_without_reading_it(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    with file.open("wb") as out:
        out.write(b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 23) + b"tokenizer.chat_template")
        out.write(struct.pack("<IQ", 8, 2**30))
        out.truncate(2**30 + 4096)  # a hole: takes no room on the disk
    tracemalloc.start()
    with pytest.raises(KnownError, match="bytes of text"):
        check_language_model(file)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def small_gguf(path: Path, architecture: str) -> Path:
    """A whole GGUF file of one tensor."""
    out = GGUFWriter(path, architecture)
    out.add_tensor("w", np.ones(32, dtype=np.float32))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
    return path


def test_m_05_a_whole_file_of_another_kind_of_model_is_not_taken_to_write_with(tmp_path: Path) -> None:
    for architecture in ("clip", "whisper", "bert"):
        file = small_gguf(tmp_path / f"{architecture}.gguf", architecture)
        with pytest.raises(KnownError, match=f"not a model to write with: its head says “{architecture}”"):
            check_head(file, "llm")
    check_head(small_gguf(tmp_path / "llama.gguf", "llama"), "llm")
    assert task_of(tmp_path / "bert.gguf") == "embedding"
    assert check_language_model(tmp_path / "llama.gguf").kv_width is None


def test_m_05_an_architecture_that_nobody_knows_is_refused_by_the_engine_in_words(tmp_path: Path) -> None:
    file = small_gguf(tmp_path / "model.gguf", "nonsense")
    paths = Paths(tmp_path / "profile")
    paths.create()
    with Language(paths, llm=file) as language, pytest.raises(KnownError, match="cannot be loaded"):
        language.choose("a", ["b"])


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ cycler.__init__.__globals__.os.system('touch OWNED') }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
        "{{ 'x' * 1073741824 }}",
    ],
)
def test_m_06_a_model_s_own_chat_template_is_never_rendered(
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    honest: tuple[str, list[float], str],
    hostile: str,
) -> None:
    data = bytearray(model.read_bytes())
    place = data.index(b"tokenizer.chat_template") + len(b"tokenizer.chat_template")
    kind, length = struct.unpack_from("<IQ", data, place)
    assert kind == 8
    data[place + 12 : place + 12 + length] = hostile.encode().ljust(length)
    false = tmp_path / "hostile.gguf"
    false.write_bytes(data)
    monkeypatch.chdir(tmp_path)
    assert answers(tmp_path, false) == honest
    assert not (tmp_path / "OWNED").exists()


def answers(folder: Path, model: Path) -> tuple[str, list[float], str]:
    """The family that a model counts as, and what it chooses and writes."""
    paths = Paths(folder / "profile")
    paths.create()
    with Language(paths, llm=model) as language:
        chosen = language.choose("The capital of France is", [" Paris", " a cat"])
        return language.describe()[0], chosen, language.write("Be brief.", "A cat sat.", "short", 8)


@pytest.fixture(scope="module")
def honest(model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[float], str]:
    """What the starter model answers."""
    return answers(tmp_path_factory.mktemp("honest"), model)


def test_a_missing_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be read"):
        check_language_model(tmp_path / "none.gguf")
