"""Holding the trial of a language model, and keeping what it came to."""

from pathlib import Path

from earmark.clock import Clock, local_date
from earmark.engines import Engine, Language, TrialRecord, check_language_model, keep_trial
from earmark.insights import Verdict, run_trial, trial_versions
from earmark.paths import Paths
from earmark.pipeline.tools import Watch
from earmark.records import Progress, Tier


def hold_trial(paths: Paths, model: Path, watch: Watch, clock: Clock) -> tuple[TrialRecord, Verdict]:
    """Try a model file on the excerpts that come with the program, and store the tier that it earned.

    Raises KnownError when the file is no sound model, and Cancelled.
    """
    check_language_model(model)
    with Engine("llm") as engine:
        tried: list[Language] = []

        def in_tier(tier: Tier) -> Language:
            language = Language(paths, engine, llm=model, tier=tier)
            language.cancelled = watch.cancelled
            tried.append(language)
            return language

        def told(done: float) -> None:
            watch.on_progress(Progress("Trying", model.name, fraction=done))

        told(0.0)
        verdict = run_trial(in_tier, cancelled=watch.cancelled, on_progress=told)
        family, peak_bytes = tried[0].describe()
    used = [language.usage for language in tried]
    record = TrialRecord(
        file=str(model),
        size_bytes=model.stat().st_size,
        tier=verdict.tier,
        why=verdict.why,
        family=family,
        read_speed=_speed(sum(u.tokens_read for u in used), sum(u.read_s for u in used)),
        write_speed=_speed(sum(u.tokens_written for u in used), sum(u.write_s for u in used)),
        peak_bytes=peak_bytes,
        versions=trial_versions(),
        date=local_date(clock).isoformat(),
    )
    keep_trial(paths.models, model, record)
    return record, verdict


def _speed(tokens: int, seconds: float) -> float:
    return round(tokens / seconds, 1) if seconds else 0.0
