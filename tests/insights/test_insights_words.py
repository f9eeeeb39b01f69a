"""Words, numbers and names; the doctests of the package."""

import doctest
import importlib

import pytest

from earmark.insights.words import folded, names, numbers

MODULES = ("amounts", "brief", "coverage", "interest", "lessons", "spans", "tongue", "trial", "words")


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"earmark.insights.{name}"))
    assert result.attempted
    assert not result.failed


def test_spelled_numbers_equal_written_ones() -> None:
    assert numbers("twenty-three percent") == {"23"}
    assert numbers("1,200 houses") == numbers("twelve hundred houses")
    assert numbers("no figures here") == set()


def test_names_are_capitals_inside_a_sentence() -> None:
    assert names("The team at Fernway left Norrvik. People stayed.") == {"fernway", "norrvik"}


def test_folding_ignores_case_marks_and_spaces() -> None:
    assert folded("“Don’t -- stop”  NOW!") == "don't stop now"
