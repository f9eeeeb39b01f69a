"""What fits this computer: its memory, by the one formula of `engines.fit`, and for listening its speed, by
the guess of `pipeline.pace`. That guess is of the processor alone; graphics may be much faster."""

from dataclasses import dataclass

import psutil

from earmark.engines.catalogue import ModelRow, Task
from earmark.engines.effort import cores_here, effort_of
from earmark.engines.fit import Fit, fit_of, needed_bytes
from earmark.engines.memory import free_bytes
from earmark.pipeline.pace import guessed_encoding
from earmark.settings import Mode

SHARE: dict[Task, float] = {"speech": 1 / 12, "llm": 1 / 2}
"""How much of the memory a recommended model takes at most: room stays for other programs."""

SLOWEST = 0.5
"""Seconds of work for a second of sound that a recommended speech model takes at most, as guessed."""

_ENCODER_LAYERS = {384: 4, 512: 6, 768: 12, 1024: 24, 1280: 32}
"""Of Whisper by its width, from openai/whisper's model card; turbo has fewer layers in its decoder only."""
_FRAMES = 1500


@dataclass(frozen=True, slots=True)
class Memory:
    """Of this computer: what is free now, and all."""

    free_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class Advice:
    """One model of the catalogue, what it needs, whether that fits, and whether it is the one to take.

    `listening`: seconds of work for a second of sound, a guess; None for other models and unknown builds.
    `usable`: whether Earmark can be told to use it.
    """

    row: ModelRow
    needed_bytes: int | None
    fit: Fit | None
    best: bool
    listening: float | None = None
    usable: bool = True


def memory_here() -> Memory:
    """As it is now."""
    return Memory(free_bytes(), psutil.virtual_memory().total)


def needed_for(row: ModelRow) -> int | None:
    """Memory that a model of the catalogue takes; None where its size is not known."""
    return needed_bytes(row.shape) if row.shape else None


def listening_for(row: ModelRow, threads: int) -> float | None:
    """Seconds of work for a second of sound, guessed from the build of a speech model; None: not known."""
    width = (row.figures or {}).get("width", 0)
    if row.task != "speech" or width not in _ENCODER_LAYERS:
        return None
    return guessed_encoding(_ENCODER_LAYERS[width], width, _FRAMES, threads).seconds


def recommend(
    rows: tuple[ModelRow, ...],
    memory: Memory,
    languages: tuple[str, ...],
    mode: Mode = "balanced",
    cores: int | None = None,
) -> list[Advice]:
    """All rows of the hub with their fit; for each task that wants one, the best of those that fit well.

    Rows stand in the catalogue from small to large, the better one later. `languages`: what the user listens
    to, as two letters; English alone makes the English speech models the better ones. Speech models
    that are guessed to be slower than SLOWEST in `mode` are none to recommend, unless all are; then it is the
    fastest. `cores`: those of this computer unless told. An embedding model cannot be chosen yet, so none is
    recommended.
    """
    threads = effort_of(mode, cores or cores_here()).threads
    asked = [row for row in rows if row.repository]
    best = {row.id for task in SHARE if (row := _best(asked, task, memory, languages, threads))}
    return [_advice(row, memory, row.id in best, threads) for row in asked]


def _advice(row: ModelRow, memory: Memory, best: bool, threads: int) -> Advice:
    needed = needed_for(row)
    fit = fit_of(needed, memory.free_bytes, memory.total_bytes) if needed is not None else None
    return Advice(row, needed, fit, best, listening_for(row, threads), row.task != "embedding")


def _best(
    rows: list[ModelRow], task: Task, memory: Memory, languages: tuple[str, ...], threads: int
) -> ModelRow | None:
    english = task == "speech" and languages == ("en",)
    fitting = [
        row
        for row in rows
        if row.task == task
        and (needed := needed_for(row)) is not None
        and needed <= memory.total_bytes * SHARE[task]
        and (task != "speech" or (row.languages == ("en",)) == english)
    ]
    if task != "speech" or not fitting:
        return fitting[-1] if fitting else None
    rates = [(listening_for(row, threads) or 0.0, row) for row in fitting]
    quick = [row for rate, row in rates if rate <= SLOWEST]
    return quick[-1] if quick else min(rates, key=lambda each: each[0])[1]
