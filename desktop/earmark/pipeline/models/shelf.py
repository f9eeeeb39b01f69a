"""What is here: every model file with its state, and taking in, proving, removing and tidying."""

import hashlib
import os
import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from earmark.clock import Clock
from earmark.engines.catalogue import Task, catalogue, is_noted, note
from earmark.engines.memory import size_text
from earmark.errors import Cancelled, KnownError
from earmark.pipeline.models.choice import check_published, chosen_models, take_in
from earmark.pipeline.models.fetch import SPARE_BYTES, alone_with, lock_file, part_file
from earmark.pipeline.models.heads import check_head, task_of
from earmark.pipeline.models.register import NAME, drop_entry, key_of, path_of, read_register
from earmark.pipeline.watch import Watch
from earmark.records import Progress
from earmark.settings import Settings

State = Literal["ready", "changed", "missing", "unproven", "part"]
"""changed: since it was proven, so it is proven again before use; unproven: it lies there and nobody knows
its hash; part: the download has not come to its end."""

_PIECE_BYTES = 1 << 20
_LEAVINGS = (".part", ".copy", ".note", ".pause", ".new")


@dataclass(frozen=True, slots=True)
class Shelved:
    """A model file here. `bytes` are those that lie on the disk, `origin` says where it came from."""

    id: str | None
    task: Task
    file: Path
    bytes: int
    state: State
    in_use: bool
    origin: str
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Leftover:
    """A file that nobody needs: what is left of a download, or a model that is not in use."""

    file: Path
    bytes: int
    what: str


def shelf(models: Path, settings: Settings) -> list[Shelved]:
    """All model files that were taken in, or that lie in the models folder under a name of the catalogue."""
    chosen = set(chosen_models(settings).values())
    found: dict[Path, Shelved] = {}
    for entry in read_register(models).files.values():
        file = path_of(models, entry)
        size, state = _state(models, file, entry.sha256)
        found[file] = Shelved(
            entry.row, entry.task, file, size, state, file in chosen, entry.origin, entry.linked
        )
    for row in catalogue():
        file = models / row.file
        if row.repository is None or file in found:
            continue
        if file.is_file():
            found[file] = Shelved(
                row.id, row.task, file, file.stat().st_size, "unproven", file in chosen, "unknown"
            )
        elif part_file(file).is_file():
            size = part_file(file).stat().st_size
            found[file] = Shelved(row.id, row.task, file, size, "part", file in chosen, "unknown")
    return list(found.values())


def add_file(models: Path, source: Path, clock: Clock, watch: Watch, *, link: bool = False) -> Shelved:
    """Take in a model file that the user has: as a copy in the models folder, or where it lies with `link`.

    Its head is checked first. A file with a published name must have the published hash. Raises KnownError,
    Cancelled.
    """
    source = source.expanduser().absolute()
    try:
        task = task_of(source)
        if link or source.parent == models:
            origin = f"linked to by you: {source}" if source.parent != models else "put there by you"
            sha256 = _hashed(source, watch)
            check_published(models, source.name, sha256)
            entry = take_in(models, source, task, origin, clock, sha256=sha256)
            return Shelved(
                entry.row, task, source, entry.bytes, "ready", False, entry.origin, linked=entry.linked
            )
        return _copied(models, source, task, clock, watch)
    except OSError as error:
        raise KnownError(f"{source.name} could not be taken in ({error.strerror}).") from error


def verify(models: Path, settings: Settings, only: Path | None, watch: Watch) -> list[tuple[Shelved, str]]:
    """Read model files whole and compare them with what was taken in; each with what is wrong, or "".

    Raises Cancelled.
    """
    told = []
    register = read_register(models)
    for each in shelf(models, settings):
        if only and each.file != only:
            continue
        entry = register.files.get(key_of(models, each.file))
        row = next((row for row in catalogue() if row.id == each.id), None)
        sha256 = entry.sha256 if entry else row.sha256 if row else None
        told.append((each, _fault(models, each, sha256, watch)))
    return told


def remove(models: Path, settings: Settings, file: Path, *, though_used: bool = False) -> int:
    """Throw a model away, and what is left of its download; a link is only forgotten. The bytes set free.

    Raises KnownError for a model that is in use, unless told, and when it is none of ours.
    """
    each = next((each for each in shelf(models, settings) if each.file == file), None)
    if each is None:
        raise KnownError(f"{file.name} is no model that was downloaded or added.")
    if each.in_use and not though_used:
        raise KnownError(
            f"{file.name} is in use. Choose another one first, or say --even-if-used: then work that needs "
            "it waits."
        )
    freed = 0
    if not each.linked:
        with _nobody_downloads(file):
            freed = sum(_deleted(path) for path in (file, *_left_of(file)))
    drop_entry(models, key_of(models, file), each.id)
    return freed


def leftovers(models: Path, settings: Settings, *, unused: bool) -> list[Leftover]:
    """What may go: parts of downloads that nobody goes on with just now, and with `unused` the models that
    are not in use."""
    found = []
    for path in sorted(models.glob("*")) if models.is_dir() else []:
        if path.is_file() and path.name.endswith(_LEAVINGS):
            target = path.with_name(path.name.rpartition(".")[0])
            if not _is_held(lock_file(target)):
                found.append(Leftover(path, path.stat().st_size, "left of a download"))
    if unused:
        for each in shelf(models, settings):
            if not each.in_use and not each.linked and each.state != "part" and each.file.is_file():
                found.append(Leftover(each.file, each.bytes, "not in use"))
    return found


def clean(models: Path, found: list[Leftover]) -> int:
    """Delete leftovers; the bytes that are free. Raises KnownError."""
    freed = 0
    for each in found:
        freed += _deleted(each.file)
        drop_entry(models, key_of(models, each.file))
    return freed


def _state(models: Path, file: Path, sha256: str) -> tuple[int, State]:
    try:
        size = file.stat().st_size
    except OSError:
        return 0, "missing"
    return size, "ready" if is_noted(file, sha256, models) else "changed"


def _fault(models: Path, each: Shelved, sha256: str | None, watch: Watch) -> str:
    if each.state == "missing":
        return "it is no longer there"
    if each.state == "part":
        return "its download has not come to its end"
    if sha256 is None:
        return "nobody knows what its hash should be; take it in with: earmark models add"
    try:
        if _hashed(each.file, watch) != sha256:
            return "it is damaged or was replaced: its hash is another one"
        check_head(each.file, each.task)
        note(each.file, sha256, models)
    except KnownError as error:
        return str(error)
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    return ""


def _copied(models: Path, source: Path, task: Task, clock: Clock, watch: Watch) -> Shelved:
    target = models / source.name
    if not NAME.fullmatch(source.name):
        raise KnownError(
            f"“{source.name}” is no name for a model: letters, digits, . _ and - only, with .bin or .gguf at "
            "its end. Rename it, or take it in with --link."
        )
    size = source.stat().st_size
    free = shutil.disk_usage(models).free
    if free < size + SPARE_BYTES:
        raise KnownError(
            f"A copy of {source.name} needs {size_text(size + SPARE_BYTES)}, and {size_text(free)} is free. "
            "Free some, or take it in where it lies with --link."
        )
    with _nobody_downloads(target):
        copy = target.with_name(target.name + ".copy")  # .part is that of a download, which may go on
        try:
            sha256 = _hashed(source, watch, copy_to=copy)
            check_published(models, source.name, sha256)
            check_head(copy, task, source.name)
            copy.replace(target)
        finally:
            copy.unlink(missing_ok=True)
    entry = take_in(models, target, task, f"copied from {source}", clock, sha256=sha256)
    return Shelved(entry.row, task, target, entry.bytes, "ready", False, entry.origin)


def _hashed(file: Path, watch: Watch, copy_to: Path | None = None) -> str:
    """The SHA-256, told as it goes on; the bytes are copied along where that is wanted."""
    digest, done, size = hashlib.sha256(), 0, max(1, file.stat().st_size)
    out = copy_to.open("wb") if copy_to else None
    try:
        with file.open("rb") as source:
            while piece := source.read(_PIECE_BYTES):
                if watch.cancelled():
                    raise Cancelled
                digest.update(piece)
                if out:
                    out.write(piece)
                done += len(piece)
                fraction = min(1.0, done / size)
                watch.on_progress(Progress("Copying" if out else "Checking", file.name, fraction))
        if out:
            out.flush()
            os.fsync(out.fileno())
    finally:
        if out:
            out.close()
    return digest.hexdigest()


def _left_of(file: Path) -> list[Path]:
    return [file.with_name(file.name + ending) for ending in (".part", ".copy", ".note", ".pause")]


def _deleted(path: Path) -> int:
    try:
        size = path.stat().st_size
        path.unlink()
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise KnownError(f"{path.name} cannot be deleted ({error.strerror}). Is it in use?") from error
    return size


def _nobody_downloads(target: Path) -> AbstractContextManager[object]:
    name = target.name
    return alone_with(
        target, f"{name} is being downloaded just now. Stop that first: earmark models pause {name}"
    )


def _is_held(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        with FileLock(path).acquire(timeout=0):
            return False
    except Timeout:
        return True
