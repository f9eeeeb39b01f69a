"""What models/catalogue.toml says, and whether a file on disk is the one that it names."""

import hashlib
import json
import os
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from filelock import FileLock

from earmark.engines.fit import CONTEXT_TOKENS, SPEECH_POSITIONS, Shape
from earmark.errors import KnownError
from earmark.kept import put
from earmark.paths import catalogue_file
from earmark.records import Tier

Task = Literal["speech", "llm", "embedding", "vad"]
_RECORD = "verified.json"
_PATIENCE_S = 10.0
"""How long another process may hold the record before this one does without it."""


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model; None: not known.

    `repository` and `revision` are on the model hub; without them it comes with the program. `source` says
    where `bytes` and `sha256` stand. `tier` is what a bench showed that a language model may do, `figures`
    (layers, kv_width, width, vocabulary) are those of its build, `ram_bytes` was measured at work.
    """

    id: str
    task: Task
    file: str
    licence: str
    source: str
    languages: tuple[str, ...]
    bytes: int | None = None
    sha256: str | None = None
    repository: str | None = None
    revision: str | None = None
    tier: Tier | None = None
    figures: dict[str, int] | None = None
    figures_source: str | None = None
    ram_bytes: int | None = None

    @property
    def shape(self) -> Shape | None:
        """What the formula for memory needs; None where the size of the file is not known."""
        if self.bytes is None:
            return None
        positions = {"speech": SPEECH_POSITIONS, "llm": CONTEXT_TOKENS}.get(self.task, 0)
        return Shape(self.bytes, positions, **(self.figures or {}))


@lru_cache
def catalogue() -> tuple[ModelRow, ...]:
    """All models that Earmark knows."""
    with catalogue_file().open("rb") as file:
        return tuple(_row(entry) for entry in tomllib.load(file)["model"])


def model_row(model_id: str) -> ModelRow:
    """The row of a model. Raises KeyError."""
    for row in catalogue():
        if row.id == model_id:
            return row
    raise KeyError(model_id)


def require(row: ModelRow, path: Path, record_folder: Path) -> Path:
    """`path` itself, once it is proven to be the file of `row`, whose size and SHA-256 are known.

    A file with 4 KiB of zeros in its weights loads and answers normally; only the hash finds it. What was
    proven is noted in `record_folder` with the file's size and time, so that it is read whole only once.
    Raises KnownError.
    """
    try:
        mark = _mark(path, row.sha256)
    except OSError as error:
        raise KnownError(
            f"The model {row.file} is missing. Install Earmark again, or get it under Models."
        ) from error
    if _known(record_folder).get(str(path)) == mark:
        return path
    if row.sha256 is None or mark[0] != row.bytes or sha256_of(path) != row.sha256:
        raise KnownError(
            f"The model {row.file} is damaged: it is not the file that was published. "
            "Install Earmark again, or get it again under Models."
        )
    _keep(path, mark, record_folder)
    return path


def is_noted(path: Path, sha256: str, record_folder: Path) -> bool:
    """Was this file, as it lies there now, made or proven under this hash before?"""
    try:
        return _known(record_folder).get(str(path)) == _mark(path, sha256)
    except OSError:
        return False


def note(path: Path, sha256: str, record_folder: Path) -> None:
    """Remember that the file as it lies there now is good. Raises OSError when it does not lie there."""
    _keep(path, _mark(path, sha256), record_folder)


def _mark(path: Path, sha256: str | None) -> list[object]:
    """What tells a file from another in its place unread; the time of its last change cannot be set."""
    return [*_looks(path.stat()), sha256]


def _looks(found: os.stat_result) -> list[int]:
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _keep(path: Path, mark: list[object], record_folder: Path) -> None:
    """Several processes may do so at once. Where nothing can be written the file is only read again later."""
    # The latter is raised where the disk knows no locks.
    lock = FileLock(record_folder / (_RECORD + ".lock"), timeout=_PATIENCE_S)
    with suppress(OSError, NotImplementedError), lock:
        known = {**_known(record_folder), str(path): mark}
        put(record_folder / _RECORD, json.dumps(known, indent=1).encode())


def sha256_of(path: Path) -> str:
    """Hash of a file, read in pieces; that of one file never speaks for another that took its place.

    Raises OSError, and KnownError when the file was changed or replaced meanwhile.
    """
    before = _looks(path.stat())
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if _looks(path.stat()) != before:
        raise KnownError(f"The file {path.name} was changed while it was read. Try again.")
    return digest


def _known(record_folder: Path) -> dict[str, list[object]]:
    try:
        found = json.loads((record_folder / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # nothing noted yet, or not readable: then every file is checked again
    return found if isinstance(found, dict) else {}


def _row(entry: dict[str, object]) -> ModelRow:
    languages = entry.pop("languages")
    assert isinstance(languages, list), entry
    assert entry.get("tier") in (None, *get_args(Tier)), entry
    assert entry["task"] in get_args(Task), entry
    return ModelRow(**entry, languages=tuple(languages))  # type: ignore[arg-type]
