"""Is a file what its task wants? Its head is read before native code sees the file."""

from contextlib import suppress
from pathlib import Path

from earmark.engines import check_language_model, check_speech_model
from earmark.engines.catalogue import Task
from earmark.engines.silero import read as read_detector
from earmark.errors import KnownError

ENCODERS = ("bert", "nomic-bert", "modern-bert", "gemma-embedding", "t5encoder")
OTHERS = ("clip", "whisper", "wav2vec2", "mmproj")
"""What is written in GGUF form too, and no model of language."""


def check_head(path: Path, task: Task, name: str | None = None) -> None:
    """Raises KnownError, in which the file is called `name`, when it is no whole file for this task."""
    try:
        _check(path, task)
    except KnownError as error:
        raise KnownError(str(error).replace(path.name, name or path.name)) from error


def _check(path: Path, task: Task) -> None:
    if task == "speech":
        check_speech_model(path)
    elif task == "vad":
        read_detector(path)
    else:
        found = check_language_model(path).architecture
        if found in OTHERS or (task == "llm") == (found in ENCODERS):
            what = "write" if task == "llm" else "know meanings"
            raise KnownError(f"{path.name} is not a model to {what} with: its head says “{found}”.")


def task_of(path: Path) -> Task:
    """What a file of the user's is for, by its head. Raises KnownError when it is no model."""
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            with suppress(KnownError):
                read_detector(path)
                return "vad"
            check_speech_model(path)
            return "speech"
    task: Task = "embedding" if check_language_model(path).architecture in ENCODERS else "llm"
    check_head(path, task)
    return task
