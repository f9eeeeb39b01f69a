"""How much memory a model takes, by one formula, and what a file's head tells for it."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_speech_model import SIZES, write_random_model

from earmark.engines import sample_speech_model, valid_trial
from earmark.engines.catalogue import model_row
from earmark.engines.fit import CONTEXT_TOKENS, SPEECH_POSITIONS, Shape, fit_of, needed_bytes, shape_of_file
from earmark.engines.llm_loop import N_CTX
from earmark.engines.starter import LLM_ID, starter_embedding, starter_llm
from earmark.errors import KnownError
from earmark.paths import Paths

FIGURES = st.integers(0, 10**6)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    made = Paths(tmp_path_factory.mktemp("profile"))
    made.create()
    return made


def test_the_figures_of_a_language_model_stand_in_its_head(paths: Paths) -> None:
    starter = starter_llm(paths)
    size = starter.stat().st_size
    assert shape_of_file(starter) == Shape(size, CONTEXT_TOKENS, 30, 192, 576, 49_152)
    assert model_row(LLM_ID).shape == shape_of_file(starter)


def test_what_the_formula_says_is_not_far_from_what_was_measured() -> None:
    """Own memory of random weights of real shape, by tests/benchmarks/memory.py, and of the starter model."""
    measured = {
        Shape(98_362_432, CONTEXT_TOKENS, 30, 192, 576, 49_152): 278,
        Shape(530_000_000, CONTEXT_TOKENS, 24, 128, 896, 151_936): 909,
        Shape(964_800_000, CONTEXT_TOKENS, 24, 2048, 2048, 49_152): 1485,
        Shape(32_166_138, SPEECH_POSITIONS, 4, 384, 384, 51_864): 221,
        Shape(59_720_994, SPEECH_POSITIONS, 6, 512, 512, 51_864): 267,
        Shape(147_964_194, SPEECH_POSITIONS, 6, 512, 512, 51_864): 365,
        Shape(190_098_664, SPEECH_POSITIONS, 12, 768, 768, 51_864): 473,
    }
    for shape, peak_mb in measured.items():
        assert peak_mb < needed_bytes(shape) / 1e6 < 1.35 * peak_mb, shape


def test_the_head_of_a_file_is_read_again_only_once_the_file_is_another(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "model.gguf"
    model.write_bytes(starter_llm(paths).read_bytes())
    shape = shape_of_file(model)
    with monkeypatch.context() as patched:
        patched.setattr("earmark.engines.gguf_file.check_language_model", None)
        assert shape_of_file(model) == shape
    with model.open("r+b") as file:
        file.truncate(1000)
    with pytest.raises(KnownError):
        shape_of_file(model)


def test_a_model_is_not_read_whole_where_none_of_its_size_was_tried(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.engines.trials.sha256_of", lambda _path: pytest.fail("it was read"))
    assert valid_trial(paths.models, starter_llm(paths), {}) is None


def test_an_encoder_keeps_nothing_between_tokens(paths: Paths) -> None:
    shape = shape_of_file(starter_embedding(paths))
    assert (shape.layers, shape.kv_width, shape.width) == (6, 0, 384)


def test_the_figures_of_a_speech_model_stand_in_its_head(paths: Paths, tmp_path: Path) -> None:
    sample = sample_speech_model(paths)
    assert shape_of_file(sample) == Shape(sample.stat().st_size, SPEECH_POSITIONS, 3, 128, 128, 51_864)
    toy = tmp_path / "toy.bin"
    write_random_model(SIZES["toy"], "q8_0", sample, toy)
    assert shape_of_file(toy) == Shape(toy.stat().st_size, SPEECH_POSITIONS, 1, 64, 64, 51_865)


def test_the_peak_of_a_process_is_its_own_and_not_that_of_the_one_that_started_it() -> None:
    held = bytearray(300_000_000)
    held[::4096] = b"x" * len(held[::4096])
    code = "from earmark.engines.memory import peak_bytes; print(peak_bytes())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 5_000_000 < int(done.stdout) < 200_000_000
    assert len(held) == 300_000_000


def test_the_context_is_the_one_that_the_engine_opens() -> None:
    assert CONTEXT_TOKENS == N_CTX


def test_what_is_no_model_is_refused_and_not_estimated(tmp_path: Path) -> None:
    page = tmp_path / "model.bin"
    page.write_bytes(b"<html>sign in</html>")
    with pytest.raises(KnownError, match="not a whole speech model"):
        shape_of_file(page)


@given(FIGURES, FIGURES, FIGURES, FIGURES, FIGURES)
def test_more_of_anything_never_takes_less(
    weights: int, layers: int, kv_width: int, width: int, vocabulary: int
) -> None:
    whole = Shape(weights, CONTEXT_TOKENS, layers, kv_width, width, vocabulary)
    less = Shape(weights, CONTEXT_TOKENS, None, kv_width, None, vocabulary // 2)
    assert weights < needed_bytes(less) <= needed_bytes(whole)


@pytest.mark.parametrize(
    ("needed", "free", "total", "expected"),
    [
        (4, 4, 8, "fits"),
        (5, 4, 8, "close"),
        (6, 4, 8, "close"),
        (7, 4, 8, "never"),
        (1, 0, 0, "never"),
    ],
)
def test_a_model_fits_now_or_with_other_programs_closed_or_never(
    needed: int, free: int, total: int, expected: str
) -> None:
    assert fit_of(needed, free, total) == expected
