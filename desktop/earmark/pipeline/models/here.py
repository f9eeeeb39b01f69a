"""Every model on this computer: what it is for, whether it fits, and what a language model may do."""

from dataclasses import dataclass
from pathlib import Path

from earmark.engines import TrialRecord, starter_detector, starter_models, valid_trial
from earmark.engines.catalogue import Task
from earmark.engines.fit import Fit, fit_of, needed_bytes, shape_of_file
from earmark.engines.trials import trials
from earmark.errors import KnownError
from earmark.insights import trial_versions
from earmark.paths import Paths
from earmark.pipeline.models.advice import Memory
from earmark.pipeline.models.shelf import Shelved, State, shelf
from earmark.records import Tier
from earmark.settings import load_settings


@dataclass(frozen=True, slots=True)
class Here:
    """One model. `bytes` None: it is not there; `tier` and `trial` are of language models alone.

    `kept` is its row of the shelf where it was downloaded or added; None: it came with the program, or lies
    where the user put it.
    """

    task: Task
    file: Path
    bytes: int | None
    in_use: bool
    state: State
    needed_bytes: int | None
    fit: Fit | None
    kept: Shelved | None = None
    tier: Tier | None = None
    trial: TrialRecord | None = None

    @property
    def id(self) -> str | None:
        """Its id in the catalogue, if it has one."""
        return self.kept.id if self.kept else None


def models_here(paths: Paths, memory: Memory) -> list[Here]:
    """All of them. A language model that is new is read whole once, for its hash. Raises KnownError."""
    settings = load_settings(paths)
    starters = starter_models(paths)
    chosen_llm = settings.language_model or starters.llm
    files: dict[Path, tuple[Task, bool]] = {}
    if starters.speech:
        files[starters.speech] = ("speech", starters.speech == settings.speech_model)
    files[starters.embedding] = ("embedding", True)
    files[starters.llm] = ("llm", starters.llm == chosen_llm)
    if (detector := starter_detector(paths)) is not None:
        files[detector] = ("vad", True)
    kept = {each.file: each for each in shelf(paths.models, settings)}
    files |= {each.file: (each.task, each.in_use) for each in kept.values()}
    known = (Path(record.file) for record in trials(paths.models).values())
    files |= {file: ("llm", file == chosen_llm) for file in known if file.is_file()}
    if settings.speech_model:
        files[settings.speech_model] = ("speech", True)
    if settings.language_model:
        files[settings.language_model] = ("llm", True)
    return [_here(paths, memory, file, task, used, kept.get(file)) for file, (task, used) in files.items()]


def _here(paths: Paths, memory: Memory, file: Path, task: Task, in_use: bool, kept: Shelved | None) -> Here:
    size = file.stat().st_size if file.is_file() else None
    needed = _needed(file) if size else None
    record = valid_trial(paths.models, file, trial_versions()) if size and task == "llm" else None
    return Here(
        task,
        file,
        size if size is not None else kept.bytes if kept else None,
        in_use,
        kept.state if kept else "ready" if size else "missing",
        needed,
        fit_of(needed, memory.free_bytes, memory.total_bytes) if needed else None,
        kept,
        tier=(record.tier if record else "quotes") if task == "llm" else None,
        trial=record,
    )


def _needed(file: Path) -> int | None:
    try:
        return needed_bytes(shape_of_file(file))
    except KnownError:  # its state says what is wrong with it; a detector's is not worth asking
        return None
