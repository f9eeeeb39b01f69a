"""Requests that were made without owning the library: lines in a file beside it, until its next owner takes
them into the list of requests."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

_FILE, _TAKING = "requests.jsonl", "requests.taking"
_KINDS: tuple[Any, ...] = (int, str, str, (int, type(None)), int)


class Log(Protocol):
    """Where a request is noted: its time, host, reason, status and size."""

    def __call__(self, time_ms: int, host: str, why: str, status: int | None, size_bytes: int) -> None: ...


def log_beside(folder: Path) -> Log:
    """Notes requests in the profile `folder`, one line each; several processes may do so at once."""

    def log(time_ms: int, host: str, why: str, status: int | None, size_bytes: int) -> None:
        line = json.dumps([time_ms, host, why, status, size_bytes]) + "\n"
        file = os.open(folder / _FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line.encode())
        finally:
            os.close(file)

    return log


def waiting(folder: Path) -> list[tuple[int, str, str, int | None, int]]:
    """What was noted there so far; it is set aside first, so that what comes meanwhile is left for later.

    A line that was cut off by a kill is passed over.
    """
    aside = folder / _TAKING
    if not aside.exists():
        with suppress(FileNotFoundError):
            (folder / _FILE).rename(aside)
    try:
        lines = aside.read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return [found for line in lines if (found := _read(line)) is not None]


def forget_waiting(folder: Path) -> None:
    """They are stored now."""
    (folder / _TAKING).unlink(missing_ok=True)


def _read(line: str) -> tuple[int, str, str, int | None, int] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    known = isinstance(found, list) and len(found) == len(_KINDS)
    if not known or not all(isinstance(value, kind) for value, kind in zip(found, _KINDS, strict=True)):
        return None
    time_ms, host, why, status, size_bytes = found
    return time_ms, host, why, status, size_bytes
