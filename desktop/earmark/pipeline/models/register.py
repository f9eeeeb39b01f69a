"""What was taken in, and under which hash: models.json beside the models, readable and the program's own.

`files` names every model file that the user added or downloaded; `pins` what the hub said of a model whose
hash the catalogue does not know, as it was at the first download.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_args

from filelock import FileLock

from earmark.engines.catalogue import Task
from earmark.errors import KnownError
from earmark.kept import put

FILE = "models.json"
HASH = re.compile(r"[0-9a-f]{64}")
REVISION = re.compile(r"[0-9a-f]{40}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}\.(?:bin|gguf)")
LARGEST_BYTES = 64 * 10**9


@dataclass(frozen=True, slots=True)
class Entry:
    """A model file that was taken in. `origin` says from where, `row` its id in the catalogue.

    A file in the models folder goes by its name; one that is only linked to goes by its whole path.
    """

    file: str
    task: Task
    bytes: int
    sha256: str
    origin: str
    date: str
    row: str | None = None

    @property
    def linked(self) -> bool:
        """Whether the file lies where the user put it, so that it is never deleted."""
        return Path(self.file).is_absolute()


@dataclass(frozen=True, slots=True)
class Pin:
    """What one file of the hub is: revision, size and hash."""

    revision: str
    bytes: int
    sha256: str
    origin: str


@dataclass(frozen=True, slots=True)
class Register:
    """All that models.json holds."""

    files: Mapping[str, Entry] = field(default_factory=dict)
    pins: Mapping[str, Pin] = field(default_factory=dict)


def read_register(models: Path) -> Register:
    """The register as it stands; empty only where there is none.

    Raises KnownError when it cannot be read or is damaged: were it begun anew, whatever lies in the models
    folder would become the truth.
    """
    file = models / FILE
    try:
        stored = json.loads(file.read_text("utf-8"))
        files = {name: _entry(value) for name, value in dict(stored["files"]).items()}
        pins = {name: _pin(value) for name, value in dict(stored["pins"]).items()}
    except FileNotFoundError:
        return Register()
    except OSError as error:
        raise KnownError(f"The list of your models, {file}, cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(file) from error
    entries = {name: entry for name, entry in files.items() if entry and entry.file == name}
    known = {name: pin for name, pin in pins.items() if pin}
    if len(entries) < len(files) or len(known) < len(pins):
        raise _damaged(file)
    return Register(entries, known)


def _damaged(file: Path) -> KnownError:
    return KnownError(
        f"The list of your models, {file}, is damaged, so nothing says any more whether they are unchanged, "
        "and none is used. Bring the list back from a backup; or delete it, look for yourself whether your "
        "models are the right ones, and choose them anew with: earmark models use FILE"
    )


def keep_entry(models: Path, entry: Entry) -> None:
    """Take a file in, in the place of what went by its name before. Raises KnownError."""
    if not _can_keep(entry.file):
        raise KnownError(
            f"The name {entry.file!r} cannot be kept: it has signs that no model file should have. "
            "Rename the file and try again."
        )
    with _lock(models):
        register = read_register(models)
        _write(models, replace(register, files={**register.files, entry.file: entry}))


def drop_entry(models: Path, file: str, row_id: str | None = None) -> None:
    """Forget a file, and what the hub said of the model `row_id`. Raises KnownError."""
    with _lock(models):
        register = read_register(models)
        rest = {name: entry for name, entry in register.files.items() if name != file}
        pins = {name: pin for name, pin in register.pins.items() if name != row_id}
        _write(models, Register(rest, pins))


def keep_pin(models: Path, row_id: str, pin: Pin) -> None:
    """Remember what the hub said of a model. Raises KnownError."""
    with _lock(models):
        register = read_register(models)
        _write(models, replace(register, pins={**register.pins, row_id: pin}))


def path_of(models: Path, entry: Entry) -> Path:
    """Where an entry's file lies."""
    return models / entry.file


def key_of(models: Path, file: Path) -> str:
    """Under which name a file goes in the register."""
    return file.name if file.parent == models else str(file.absolute())


def _lock(models: Path) -> FileLock:
    return FileLock(models / (FILE + ".lock"))


def _write(models: Path, register: Register) -> None:
    stored = {
        "files": {name: asdict(entry) for name, entry in register.files.items()},
        "pins": {name: asdict(pin) for name, pin in register.pins.items()},
    }
    try:
        put(models / FILE, json.dumps(stored, indent=1, ensure_ascii=False).encode("utf-8"))
    except OSError as error:
        raise KnownError(f"The list of models could not be written ({error.strerror}).") from error


def _entry(value: Any) -> Entry | None:
    if not _is_of(value, Entry) or value["task"] not in get_args(Task) or not _proof(value):
        return None
    return Entry(**value) if isinstance(value["file"], str) and _can_keep(value["file"]) else None


def _can_keep(file: str) -> bool:
    """Whether a name in the models folder, or a whole path, can stand in the register and be found again."""
    path = Path(file)
    if not file or ".." in path.parts or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in file):
        return False
    return path.is_absolute() or (file != "." and not set(file) & set("/\\"))


def _pin(value: Any) -> Pin | None:
    if not _is_of(value, Pin) or not _proof(value) or not REVISION.fullmatch(str(value["revision"])):
        return None
    return Pin(**value)


def _is_of(value: Any, kind: type[Entry] | type[Pin]) -> bool:
    return isinstance(value, dict) and set(value) == {field.name for field in fields(kind)}


def _proof(value: dict[str, Any]) -> bool:
    size, sha256 = value["bytes"], value["sha256"]
    return isinstance(size, int) and isinstance(sha256, str) and HASH.fullmatch(sha256) is not None
