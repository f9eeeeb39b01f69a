"""The table of faults (faults.md) names tests that are there, and every test that is named after a row."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
MOST = {"N": 24, "F": 18, "P": 9, "U": 7}
ROWS = [f"{letter}-{n:02}" for letter, most in MOST.items() for n in range(1, most + 1)]


def table() -> dict[str, list[tuple[str, str]]]:
    """Of each row (file, test)."""
    found = {}
    for line in (TESTS / "faults.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith(tuple(f"| {letter}-" for letter in MOST)):
            continue
        row, _what, tests, _rest = (cell.strip() for cell in line.strip("|").split("|"))
        found[row] = [
            (file, name)
            for file, _, names in (part.partition(": ") for part in tests.split("<br>"))
            for name in names.split(", ")
        ]
    return found


def names_in(file: Path) -> set[str]:
    """The names of a file's tests."""
    return set(re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.M))


def test_every_row_names_tests_and_they_are_there() -> None:
    rows = table()
    assert list(rows) == ROWS
    missing = [
        (row, file, name)
        for row, tests in rows.items()
        for file, name in tests
        if name not in names_in(TESTS / file)
    ]
    assert missing == []


def test_every_test_that_is_named_after_a_row_stands_in_it() -> None:
    rows, unlisted = table(), []
    for file in sorted(TESTS.rglob("test_*.py")):
        for name in names_in(file):
            for letter, number in re.findall(r"(?<=_)([nfpu])_(\d\d)(?=_)", name):
                place = (file.relative_to(TESTS).as_posix(), name)
                unlisted += [] if place in rows.get(f"{letter.upper()}-{number}", []) else [place]
    assert unlisted == []
