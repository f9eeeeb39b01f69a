"""The same steps on a file of the user's, outside the library."""

import os
import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import psutil

from earmark.engines import Heard, Media, Speech
from earmark.pipeline.tools import Watch
from earmark.records import Progress, Segment

_FOLDER = "heard-"


class HasEars(Protocol):
    """Anything that can decode and listen."""

    @property
    def media(self) -> Media:
        """Decodes."""

    @property
    def speech(self) -> Speech:
        """Listens."""


def sweep(scratch: Path) -> None:
    """Delete the decoded sound that killed processes left: 115 MB for each hour of it."""
    for folder in scratch.glob(f"{_FOLDER}*"):
        owner = folder.name.removeprefix(_FOLDER).partition("-")[0]
        if not owner.isdigit() or not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def transcribe_file(
    engines: HasEars,
    audio: Path,
    model: Path,
    scratch: Path,
    language: str | None,
    watch: Watch,
    *,
    prompt: str = "",
) -> list[Segment]:
    """The segments of an audio file; nothing is stored. Raises KnownError for what cannot be heard.

    The model is loaded while the audio is decoded.
    """
    found: list[Segment] = []

    def heard(window: Heard) -> None:
        found.extend(window.segments)
        fraction = min(1.0, window.next_ms / window.total_ms) if window.total_ms else None
        watch.on_progress(Progress("Listening to", audio.name, fraction=fraction))

    failed = threading.Event()

    def cancelled() -> bool:
        return failed.is_set() or watch.cancelled()

    sweep(scratch)
    own = tempfile.TemporaryDirectory(dir=scratch, prefix=f"{_FOLDER}{os.getpid()}-")
    with own as folder, ThreadPoolExecutor(1) as beside:
        pcm = Path(folder) / "audio.pcm"
        loading = beside.submit(engines.speech.prepare, model, cancelled=cancelled)
        try:
            decoded = engines.media.decode(audio, pcm, cancelled=watch.cancelled)
        except BaseException:
            failed.set()  # nobody waits for a model that has nothing to hear
            raise
        if decoded.warning:
            watch.on_warning(f"{audio.name}: {decoded.warning}")
        loading.result()
        engines.speech.transcribe(
            pcm,
            model=model,
            language=language,
            prompt=prompt,
            on_window=heard,
            cancelled=watch.cancelled,
        )
    return found
