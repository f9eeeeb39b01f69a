"""Downloads that go on where they broke off, and never join two different files."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from earmark.errors import Cancelled, KnownError
from earmark.net.connect import Deadline
from earmark.net.door import Answer, Door, refusal

LONGEST_S = 6 * 3600.0
SPARE_BYTES = 500 * 10**6
CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that arrived whole."""

    size_bytes: int
    sha256: str
    mime: str


@dataclass(frozen=True, slots=True)
class _Part:
    """What an earlier try left: its length, and the strong validator of the file that it is a part of."""

    size: int
    validator: str | None


def download(
    door: Door,
    url: str,
    target: Path,
    *,
    why: str,
    max_bytes: int,
    on_progress: Callable[[int, int | None], None] = lambda received, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Downloaded:
    """Fetch `url` to `target`, which appears only when it is whole.

    The bytes so far lie in `<target>.part`. A later call goes on there when the server proves by If-Range and
    a strong validator that it is still the same file, else it starts over (AntennaPod#8491: inserted adverts
    make another file of every request). Raises KnownError, Cancelled.
    """
    part = _left_over(target)
    headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
    if part.size and part.validator:
        headers |= {"Range": f"bytes={part.size}-", "If-Range": part.validator}
    with door.open(url, headers, why=why, deadline=Deadline(LONGEST_S)) as answer:
        if answer.status == 416:
            _forget(target)
            raise KnownError(
                "The server no longer has the file that was begun. Earmark starts over next time."
            )
        if answer.status not in (200, 206):
            raise KnownError(refusal(answer.url, answer.status))
        start = _start_of(answer, part)
        if start is None:
            _forget(target)
            raise KnownError("The server went on at the wrong place. Earmark starts over next time.")
        total = _total(answer, start)
        _check_room(target, total, start, max_bytes)
        _remember(target, answer)
        size = _receive(answer, target, start, total, max_bytes, on_progress, cancelled)
        if total is not None and size != total:
            raise KnownError(f"The download broke off at {size} of {total} bytes. It goes on next time.")
        mime = answer.headers.get("content-type", "")
    return _settle(target, mime)


def _start_of(answer: Answer, part: _Part) -> int | None:
    """Where the answer's bytes belong: 0 for a whole file, else exactly behind what is there, else None."""
    if answer.status == 200:
        return 0
    words = answer.headers.get("content-range", "").removeprefix("bytes").strip()
    first = words.partition("-")[0]
    return part.size if first.isdigit() and int(first) == part.size else None


def _total(answer: Answer, start: int) -> int | None:
    length = answer.headers.get("content-length", "")
    return start + int(length) if length.isdigit() else None


def _check_room(target: Path, total: int | None, start: int, max_bytes: int) -> None:
    if total is not None and total > max_bytes:
        raise KnownError(f"The file is larger than {max_bytes // 2**20} MB, so it was not taken.")
    free = shutil.disk_usage(target.parent).free
    if free < (total or 0) - start + SPARE_BYTES:
        raise KnownError("There is not enough room on the disk for this download. Free some and try again.")


def _receive(
    answer: Answer,
    target: Path,
    start: int,
    total: int | None,
    max_bytes: int,
    on_progress: Callable[[int, int | None], None],
    cancelled: Callable[[], bool],
) -> int:
    """Write the answer's body behind byte `start`; the length of the file then."""
    size = start
    try:
        with _part_file(target).open("r+b" if start else "wb") as file:
            file.seek(start)
            file.truncate()
            for chunk in answer.chunks:
                if cancelled():
                    raise Cancelled
                size += len(chunk)
                if size > max_bytes or (total is not None and size > total):
                    raise KnownError("The server sent more than it announced, so the file was not taken.")
                file.write(chunk)
                on_progress(size, total)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise KnownError(
            f"The download could not be written ({error.strerror}). Is the disk full?"
        ) from error
    return size


def _settle(target: Path, mime: str) -> Downloaded:
    part, digest, size = _part_file(target), hashlib.sha256(), 0
    with part.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK_BYTES), b""):
            digest.update(chunk)
            size += len(chunk)
    part.replace(target)
    _note_file(target).unlink(missing_ok=True)
    return Downloaded(size, digest.hexdigest(), mime)


def _left_over(target: Path) -> _Part:
    part, note = _part_file(target), _note_file(target)
    if not part.exists():
        return _Part(0, None)
    try:
        validator = json.loads(note.read_text(encoding="utf-8"))["validator"]
    except (OSError, ValueError, KeyError, TypeError):
        return _Part(0, None)
    return _Part(part.stat().st_size, validator if isinstance(validator, str) else None)


def _remember(target: Path, answer: Answer) -> None:
    """Note the validator before the first byte: a strong ETag, else Last-Modified (RFC 9110, 13.1.5)."""
    etag = answer.headers.get("etag", "")
    validator = etag if etag.startswith('"') else answer.headers.get("last-modified")
    _note_file(target).write_text(json.dumps({"validator": validator}), encoding="utf-8")


def _forget(target: Path) -> None:
    _part_file(target).unlink(missing_ok=True)
    _note_file(target).unlink(missing_ok=True)


def _part_file(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def _note_file(target: Path) -> Path:
    return target.with_name(target.name + ".note")
