"""Taking a model into use: proven, tried if it writes, and remembered."""

from pathlib import Path

from earmark.clock import Clock
from earmark.engines import TrialRecord, check_language_model, valid_trial
from earmark.insights import trial_versions
from earmark.paths import Paths
from earmark.pipeline.models import choose, proven, take_in
from earmark.pipeline.models.heads import task_of
from earmark.pipeline.trial import hold_trial
from earmark.pipeline.watch import Watch


def use_model(paths: Paths, file: Path, watch: Watch, clock: Clock) -> TrialRecord | None:
    """Listen or write with a model file from now on; what it is for stands in its head.

    A language model is tried first, unless it was before: what that came to. Raises KnownError, Cancelled.
    """
    task = task_of(file)
    if file.parent == paths.models:
        proven(paths.models, file, task, clock)
    else:
        take_in(paths.models, file, task, "chosen by you", clock)
    record = None
    if task == "llm":
        record = valid_trial(paths.models, file, trial_versions()) or try_model(paths, file, watch, clock)
    choose(paths, file, task)
    return record


def try_model(paths: Paths, file: Path, watch: Watch, clock: Clock) -> TrialRecord:
    """Find out what a language model may do here, and how fast it is. Raises KnownError, Cancelled."""
    check_language_model(file)
    record, _verdict = hold_trial(paths, file, watch, clock)
    return record
