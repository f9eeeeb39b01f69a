"""Which models are used, and the proof before each use that they are still the ones that were taken in."""

import shlex
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from earmark.clock import Clock, local_date
from earmark.engines.catalogue import ModelRow, Task, catalogue, is_noted, note, sha256_of
from earmark.engines.starter import OWN_FILES
from earmark.errors import KnownError
from earmark.paths import Paths
from earmark.pipeline.models.heads import check_head
from earmark.pipeline.models.register import Entry, keep_entry, key_of, path_of, read_register
from earmark.records import Step
from earmark.settings import Settings, change_settings

WORDS: dict[Task, str] = {
    "speech": "speech model",
    "llm": "language model",
    "embedding": "embedding model",
    "vad": "speech detector",
}


class ModelGone(KnownError):  # noqa: N818  (names what happened)
    """A chosen model is not there any more, or not the same any more. Work waits until it is."""


def chosen_models(settings: Settings) -> dict[Task, Path]:
    """The model files that the user chose and that no server of theirs stands in for."""
    chosen: dict[Task, Path] = {}
    if settings.speech_model and settings.speech_server is None:
        chosen["speech"] = settings.speech_model
    if settings.language_model and settings.language_server is None:
        chosen["llm"] = settings.language_model
    return chosen


def proven(models: Path, file: Path, task: Task, clock: Clock) -> Path:
    """`file` itself, when it is still the very file that was taken in; asked before each use.

    It is read whole when its size or time has changed since it was last proven. A file that was never taken
    in is, once its head was checked. Raises ModelGone.
    """
    word = WORDS[task]
    try:
        entry = read_register(models).files.get(key_of(models, file))
    except KnownError as error:
        raise ModelGone(str(error)) from error
    if not file.is_file():
        raise ModelGone(_gone(file, word, entry))
    if is_own(models, file):
        return file
    try:
        if entry is None:
            check_head(file, task)
            check_published(models, file.name, sha256 := sha256_of(file))
            take_in(models, file, task, "chosen by you", clock, sha256=sha256)
        elif not is_noted(file, entry.sha256, models):
            _prove_again(models, file, word, entry)
    except OSError as error:
        raise ModelGone(f"The {word} {file} cannot be read ({error.strerror}).") from error
    except KnownError as error:
        raise ModelGone(str(error)) from error
    return file


def ready_for(step: Step, paths: Paths, settings: Settings, clock: Clock) -> None:
    """Prove the chosen model that a step is about to use, if it uses one. Raises ModelGone."""
    tasks: dict[Step, Task] = {"transcribe": "speech", "extract": "llm"}
    task = tasks.get(step)
    file = chosen_models(settings).get(task) if task else None
    if task and file:
        proven(paths.models, file, task, clock)


def is_own(models: Path, file: Path) -> bool:
    """Whether the program made the file itself, and sees to it."""
    return file.parent == models and file.name in OWN_FILES


def check_published(models: Path, name: str, sha256: str) -> None:
    """Refuse a file that has a published name and another hash. Raises KnownError."""
    row = next((row for row in catalogue() if row.repository and row.file == name), None)
    pin = read_register(models).pins.get(row.id) if row else None
    published = row.sha256 if row and row.sha256 else pin.sha256 if pin else None
    if published and published != sha256:
        raise KnownError(
            f"{name} is damaged: it has the name of a published model and not its hash. Get it again, or "
            "give it another name if it is another model."
        )


def detector_here(models: Path, clock: Clock) -> Path | None:
    """A speech detector that was downloaded or added, proven; None where there is none that is whole."""
    with suppress(KnownError):  # a damaged list is told where a chosen model is proven
        for entry in read_register(models).files.values():
            if entry.task == "vad":
                with suppress(ModelGone):
                    return proven(models, path_of(models, entry), "vad", clock)
    return None


def take_in(
    models: Path, file: Path, task: Task, origin: str, clock: Clock, *, sha256: str | None = None
) -> Entry:
    """Remember a file by its hash, which is taken unless it is known. Raises KnownError, OSError.

    It is a model of the hub only under that one's own file name: by its id, it is looked for there.
    """
    sha256 = sha256 or sha256_of(file)
    note(file, sha256, models)
    published = (row for row in catalogue() if row.repository and row.file == file.name)
    row = next((row.id for row in published if row.sha256 == sha256), None)
    today = local_date(clock).isoformat()
    entry = Entry(key_of(models, file), task, file.stat().st_size, sha256, origin, today, row)
    keep_entry(models, entry)
    return entry


def choose(paths: Paths, file: Path, task: Task) -> None:
    """Use a model from now on. Raises KnownError."""
    if task == "speech":
        change_settings(paths, lambda now: replace(now, speech_model=file))
    elif task == "llm":
        change_settings(paths, lambda now: replace(now, language_model=file))
    else:
        raise KnownError(f"Another {WORDS[task]} than the one that came with Earmark cannot be chosen yet.")


def row_or_file(models: Path, named: str) -> tuple[ModelRow | None, Path]:
    """What the user means: an id of the catalogue, a name in the models folder, or a path. Raises KnownError.

    The path need not exist where an id was given.
    """
    for row in catalogue():
        if row.repository and named in (row.id, row.file):
            return row, models / row.file
    if named in read_register(models).files and not Path(named).is_absolute():
        return None, models / named
    file = Path(named).expanduser().absolute()
    if not file.is_file():
        raise KnownError(
            f"There is no model called “{named}”, and no such file. All ids: earmark models list --all"
        )
    return None, file


def _prove_again(models: Path, file: Path, word: str, entry: Entry) -> None:
    if file.stat().st_size != entry.bytes or sha256_of(file) != entry.sha256:
        again = "earmark models add --link" if entry.linked else "earmark models add"
        again = _download(entry) or f"{again} {shlex.quote(str(file))}"
        raise ModelGone(
            f"The {word} {file.name} is not the file any more that was taken in: it is damaged or was "
            f"replaced, so it is not used. Take it anew with: {again}"
        )
    note(file, entry.sha256, models)


def _gone(file: Path, word: str, entry: Entry | None) -> str:
    if word == "language model":
        next_step = "earmark models use FILE, or go back to the one that came with Earmark: --starter"
    else:
        next_step = "earmark models use FILE"
    if entry and (again := _download(entry)):
        next_step = again
    return f"The {word} {file} is no longer there. Bring it back, or choose another with: {next_step}"


def _download(entry: Entry) -> str | None:
    """What brings a model of the hub back to where it was; nothing does for one that is linked to."""
    return f"earmark models download {entry.row}" if entry.row and not entry.linked else None
