"""What fits this computer, by the one formula of `engines.fit`."""

from dataclasses import dataclass

import psutil

from earmark.engines.catalogue import ModelRow, Task
from earmark.engines.fit import Fit, fit_of, needed_bytes
from earmark.engines.memory import free_bytes

SHARE: dict[Task, float] = {"speech": 1 / 12, "llm": 1 / 2}
"""How much of the memory a recommended model takes at most: room stays for other programs, and a larger
speech model would be slower than speech itself on a computer of that size."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Of this computer: what is free now, and all."""

    free_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class Advice:
    """One model of the catalogue, what it needs, whether that fits, and whether it is the one to take."""

    row: ModelRow
    needed_bytes: int | None
    fit: Fit | None
    best: bool


def memory_here() -> Memory:
    """As it is now."""
    return Memory(free_bytes(), psutil.virtual_memory().total)


def needed_for(row: ModelRow) -> int | None:
    """Memory that a model of the catalogue takes; None where its size is not known."""
    return needed_bytes(row.shape) if row.shape else None


def recommend(rows: tuple[ModelRow, ...], memory: Memory, languages: tuple[str, ...]) -> list[Advice]:
    """All rows of the hub with their fit; for each task that wants one, the best of those that fit well.

    Rows stand in the catalogue from small to large, the better one later. `languages`: what the user listens
    to, as two letters; English alone makes the English speech models the better ones.
    """
    asked = [row for row in rows if row.repository]
    best = {row.id for task in SHARE if (row := _best(asked, task, memory, languages))}
    return [_advice(row, memory, row.id in best) for row in asked]


def _advice(row: ModelRow, memory: Memory, best: bool) -> Advice:
    needed = needed_for(row)
    fit = fit_of(needed, memory.free_bytes, memory.total_bytes) if needed is not None else None
    return Advice(row, needed, fit, best)


def _best(rows: list[ModelRow], task: Task, memory: Memory, languages: tuple[str, ...]) -> ModelRow | None:
    english = task == "speech" and languages == ("en",)
    fitting = [
        row
        for row in rows
        if row.task == task
        and (needed := needed_for(row)) is not None
        and needed <= memory.total_bytes * SHARE[task]
        and (task != "speech" or (row.languages == ("en",)) == english)
    ]
    return fitting[-1] if fitting else None
