"""How much memory a model takes, by one formula, and what a file's head tells for it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_language_model import LANGUAGE_SIZES, write_random_language_model
from random_speech_model import SIZES, write_random_model

from earmark.engines import sample_speech_model
from earmark.engines.fit import CONTEXT_TOKENS, SPEECH_POSITIONS, Shape, fit_of, needed_bytes, shape_of_file
from earmark.engines.llm_loop import N_CTX
from earmark.engines.starter import starter_embedding, starter_llm
from earmark.errors import KnownError
from earmark.paths import Paths

FIGURES = st.integers(0, 10**6)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    made = Paths(tmp_path_factory.mktemp("profile"))
    made.create()
    return made


def test_the_figures_of_a_language_model_stand_in_its_head(paths: Paths, tmp_path: Path) -> None:
    starter = starter_llm(paths)
    size = starter.stat().st_size
    assert shape_of_file(starter) == Shape(size, CONTEXT_TOKENS, 30, 192, 576, 49_152)
    toy = tmp_path / "toy.gguf"
    write_random_language_model(LANGUAGE_SIZES["toy"], "q8_0", starter, toy)
    assert shape_of_file(toy) == Shape(toy.stat().st_size, CONTEXT_TOKENS, 2, 32, 64, 49_152)


def test_an_encoder_keeps_nothing_between_tokens(paths: Paths) -> None:
    shape = shape_of_file(starter_embedding(paths))
    assert (shape.layers, shape.kv_width, shape.width) == (6, 0, 384)


def test_the_figures_of_a_speech_model_stand_in_its_head(paths: Paths, tmp_path: Path) -> None:
    sample = sample_speech_model(paths)
    assert shape_of_file(sample) == Shape(sample.stat().st_size, SPEECH_POSITIONS, 3, 128, 128, 51_864)
    toy = tmp_path / "toy.bin"
    write_random_model(SIZES["toy"], "q8_0", sample, toy)
    assert shape_of_file(toy) == Shape(toy.stat().st_size, SPEECH_POSITIONS, 1, 64, 64, 51_865)


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
