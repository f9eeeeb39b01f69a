"""Everything pressed at random: no exception, no state that cannot be left, no row lost.

The whole walk of 10,000 is tests/benchmarks/monkey.py.
"""

from pathlib import Path

import pytest
from filled_library import FakeJobs, Show, fill
from monkey import Monkey, let_nothing_block, rows, still_lives
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QFileDialog

from earmark.library import Library

ACTS = 250


@pytest.mark.parametrize("seed", [1, 2])
def test_pressing_everything_at_random_breaks_and_loses_nothing(
    seed: int,
    library: Library,
    jobs: FakeJobs,
    show: Show,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("getOpenFileName", "getSaveFileName", "getOpenFileNames", "getExistingDirectory"):
        monkeypatch.setattr(QFileDialog, name, getattr(QFileDialog, name))  # brought back at the end
    monkeypatch.setattr(QPrintDialog, "exec", QPrintDialog.exec)
    monkeypatch.setattr(jobs, "beside", lambda *_: None)  # a trial of a model takes minutes
    monkeypatch.chdir(tmp_path)  # whatever is typed as a place to export to lies here
    let_nothing_block()
    fill(library)
    before = rows(library)
    window = show()
    monkey = Monkey(window, seed)
    for _ in range(ACTS):
        monkey.act()
    assert still_lives(window)
    after = rows(library)
    assert {name: before[name] - after[name] for name in before if before[name] - after[name]} == {}
