"""Holding the trial of a language model, and keeping what it came to."""

from collections.abc import Callable
from pathlib import Path

from earmark.clock import Clock, local_date
from earmark.engines import (
    Engine,
    Language,
    TrialRecord,
    check_language_model,
    keep_trial,
    keep_trial_of,
)
from earmark.insights import Verdict, run_trial, trial_versions
from earmark.paths import Paths
from earmark.pipeline.servers import OwnServer, ServerLanguage, shown_address, trial_key
from earmark.pipeline.tools import Watch
from earmark.records import Progress, Tier


def hold_trial(paths: Paths, model: Path, watch: Watch, clock: Clock) -> tuple[TrialRecord, Verdict]:
    """Try a model file on the excerpts that come with the program, and store the tier that it earned.

    Raises KnownError when the file is no sound model, and Cancelled.
    """
    check_language_model(model)
    with Engine("llm") as engine:

        def in_tier(tier: Tier) -> Language:
            return Language(paths, engine, llm=model, tier=tier)

        record, verdict = _held(in_tier, model.name, str(model), model.stat().st_size, watch, clock)
    keep_trial(paths.models, model, record)
    return record, verdict


def hold_server_trial(
    paths: Paths, server: OwnServer, model: str | None, watch: Watch, clock: Clock
) -> tuple[TrialRecord, Verdict]:
    """The same for a model on the user's own server; the excerpts that it writes on are the program's.

    Raises KnownError when the server refuses, ServerAway and Cancelled.
    """
    with Engine("llm") as engine:

        def in_tier(tier: Tier) -> Language:
            return ServerLanguage(paths, server, model, tier=tier, engine=engine)

        name = f"{model or 'model'} on {shown_address(server.root)}"
        record, verdict = _held(in_tier, name, name, 0, watch, clock)
    keep_trial_of(paths.models, trial_key(server.root, model), record)
    return record, verdict


def _held(
    in_tier: Callable[[Tier], Language], name: str, file: str, size_bytes: int, watch: Watch, clock: Clock
) -> tuple[TrialRecord, Verdict]:
    """Run the trial, and what is to be remembered of it."""
    tried: list[Language] = []

    def begun(tier: Tier) -> Language:
        language = in_tier(tier)
        language.cancelled = watch.cancelled
        tried.append(language)
        return language

    def told(done: float) -> None:
        watch.on_progress(Progress("Trying", name, fraction=done))

    told(0.0)
    verdict = run_trial(begun, cancelled=watch.cancelled, on_progress=told)
    family, peak_bytes = tried[0].describe()
    used = [language.usage for language in tried]
    record = TrialRecord(
        file=file,
        size_bytes=size_bytes,
        tier=verdict.tier,
        why=verdict.why,
        family=family,
        read_speed=_speed(sum(u.tokens_read for u in used), sum(u.read_s for u in used)),
        write_speed=_speed(sum(u.tokens_written for u in used), sum(u.write_s for u in used)),
        peak_bytes=peak_bytes,
        versions=trial_versions(),
        date=local_date(clock).isoformat(),
    )
    return record, verdict


def _speed(tokens: int, seconds: float) -> float:
    return round(tokens / seconds, 1) if seconds else 0.0
