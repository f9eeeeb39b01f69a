"""What each language model's trial came to: one readable file beside the models, by the model's hash."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from earmark.engines.catalogue import is_noted, note, sha256_of
from earmark.errors import KnownError
from earmark.records import Tier

_FILE = "trials.json"


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """The tier that a model earned, how fast it was then, and how much memory it held.

    `versions` are those of all that it rested on; speeds are tokens a second.
    """

    file: str
    size_bytes: int
    tier: Tier
    why: str
    family: str
    read_speed: float
    write_speed: float
    peak_bytes: int | None
    versions: dict[str, str]
    date: str


def trials(models: Path) -> dict[str, TrialRecord]:
    """All trials, by the model's SHA-256, or by address and name where it is on the user's own server.

    None when the file is damaged, since a trial can be held again.
    """
    try:
        stored = json.loads((models / _FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    found = {key: _record(value) for key, value in stored.items()} if isinstance(stored, dict) else {}
    return {key: record for key, record in found.items() if record}


def valid_trial(models: Path, model: Path, versions: Mapping[str, str]) -> TrialRecord | None:
    """The trial of this very file under today's versions, or None. Reads the file whole when it is new to us,
    and one of its size was tried.

    Raises KnownError when the file cannot be read.
    """
    size = _written(model)[0]
    if all(record.size_bytes != size for record in trials(models).values()):
        return None
    return valid_trial_of(models, model_hash(models, model), versions)


def valid_trial_of(models: Path, key: str, versions: Mapping[str, str]) -> TrialRecord | None:
    """The trial under a key, if it was held under today's versions, or None."""
    record = trials(models).get(key)
    return record if record and record.versions == dict(versions) else None


def keep_trial(models: Path, model: Path, record: TrialRecord) -> None:
    """Store what a model's trial came to. Raises KnownError."""
    keep_trial_of(models, model_hash(models, model), record)


def keep_trial_of(models: Path, key: str, record: TrialRecord) -> None:
    """Store what the trial of a model came to that is no file here. Raises KnownError."""
    stored = {each_key: asdict(each) for each_key, each in trials(models).items()}
    stored[key] = asdict(record)
    part = models / (_FILE + ".part")
    try:
        part.write_text(json.dumps(stored, indent=1, ensure_ascii=False), encoding="utf-8")
        part.replace(models / _FILE)
    except OSError as error:
        raise KnownError(f"The trial could not be stored ({error.strerror}).") from error


def model_hash(models: Path, model: Path) -> str:
    """The SHA-256 of a model file; read whole once, then known by the file's size and time.

    Raises KnownError.
    """
    return _hash_of(models, model, *_written(model))


def _written(model: Path) -> tuple[int, int, int]:
    try:
        found = model.stat()
    except OSError as error:
        raise KnownError(f"The model {model} cannot be read ({error.strerror}).") from error
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


@lru_cache(maxsize=64)
def _hash_of(models: Path, model: Path, *_written: int) -> str:
    for sha256 in trials(models):
        if is_noted(model, sha256, models):
            return sha256
    try:
        sha256 = sha256_of(model)
        note(model, sha256, models)
    except OSError as error:
        raise KnownError(f"The model {model} cannot be read ({error.strerror}).") from error
    return sha256


def _record(value: Any) -> TrialRecord | None:
    names = {field.name for field in fields(TrialRecord)}
    if not isinstance(value, dict) or set(value) != names or value["tier"] not in get_args(Tier):
        return None
    return TrialRecord(**value)
