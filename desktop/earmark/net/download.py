"""Downloads that go on where they broke off, and never join two different files."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

from earmark.errors import Cancelled, KnownError
from earmark.net.connect import Deadline, never
from earmark.net.door import Answer, Door, MayGo, anywhere
from earmark.net.faults import refusal
from earmark.net.inflate import inflated
from earmark.net.throttle import Throttle

LONGEST_S = 6 * 3600.0
STALL_S = 60.0
FLOOR_BYTES_S = 8_000.0
SPARE_BYTES = 500 * 10**6
CHUNK_BYTES = 1 << 16
LOOK_EVERY_S = 0.1
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.ASCII)
_PAGE = re.compile(rb"\s*(?:<!--.{0,400}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that arrived whole. `mime` is what the server called it, which is often wrong.

    `length_told`: the server said how long it is, so that it cannot have been cut on the way unnoticed.
    """

    size_bytes: int
    sha256: str
    mime: str
    length_told: bool = True


Accept = Callable[[Path, Downloaded], None]
"""Looks at a file that has arrived, before it gets its name; raises KnownError to have it thrown away."""


_under_way: dict[Path, Future[Downloaded]] = {}


@dataclass(frozen=True, slots=True)
class _Part:
    """What an earlier try left: its length, and the strong validator and size of the file it is a part of."""

    size_bytes: int = 0
    validator: str | None = None
    total_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class _Order:
    """What was asked for."""

    url: str
    target: Path
    max_bytes: int
    on_progress: Callable[[int, int | None], None]
    cancelled: Callable[[], bool]
    accept: Accept | None
    may_go: MayGo
    longest_s: float


def _silent(_received_bytes: int, _total_bytes: int | None) -> None:
    return None


def download(
    door: Door,
    url: str,
    target: Path,
    *,
    why: str,
    max_bytes: int,
    on_progress: Callable[[int, int | None], None] = _silent,
    cancelled: Callable[[], bool] = never,
    accept: Accept | None = None,
    may_go: MayGo = anywhere,
    longest_s: float = LONGEST_S,
) -> Downloaded:
    """Fetch `url` to `target`, which appears only when it is whole; `on_progress(received, total or None)`.

    The bytes so far lie in `<target>.part`. A later call goes on there when the server proves by If-Range and
    a strong validator that it is still the same file, else it starts over (AntennaPod#8491: inserted adverts
    make another file of every request). A web page in place of the file is not taken. Who asks for a file
    that another thread is fetching is given that one. With `accept`, which must know the file by its hash, a
    part goes on without a validator too, and a full disk keeps it. Redirects are followed to hosts that
    `may_go` names. Raises KnownError, Cancelled.
    """
    order = _Order(url, target, max_bytes, on_progress, cancelled, accept, may_go, longest_s)
    mine: Future[Downloaded] = Future()
    while (other := _under_way.setdefault(target, mine)) is not mine:
        wait([other], timeout=LOOK_EVERY_S)
        if cancelled():
            raise Cancelled
        if other.done() and not other.exception():
            return other.result()
    try:
        mine.set_result(_fetched(door, order, why))
    except BaseException as error:
        mine.set_exception(error)
        raise
    finally:
        del _under_way[target]
    return mine.result()


def _fetched(door: Door, order: _Order, why: str) -> Downloaded:
    """Go on with what an earlier try left, or start over once."""
    target = order.target
    try:
        for part in (_left_over(target, any_validator=order.accept is not None), _Part()):
            got = _attempt(door, order, part, why)
            if got is not None:
                return got
            _forget(target)
    except OSError as error:
        if not isinstance(error, FileNotFoundError) and order.accept is None:
            _forget_quietly(target)
        raise KnownError(
            f"The download could not be written ({error.strerror}). Is the disk full?"
        ) from error
    raise KnownError("The server went on at the wrong place. Earmark will try again later.")


def _attempt(door: Door, order: _Order, part: _Part, why: str) -> Downloaded | None:
    """One request; None when what lies there is of no use and it must start over."""
    headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
    if part.size_bytes and (part.validator or part.total_bytes):
        headers |= {"Range": f"bytes={part.size_bytes}-"}
        headers |= {"If-Range": part.validator} if part.validator else {}
    if part.size_bytes and part.size_bytes == part.total_bytes and order.accept:
        return _settle(order, part.size_bytes, _hash_of(order.target, part.size_bytes), "", told=True)
    deadline = Deadline(
        order.longest_s,
        stall_s=STALL_S,
        floor_bytes_s=FLOOR_BYTES_S,
        cancelled=order.cancelled,
        monotonic=door.monotonic,
    )
    with door.open(order.url, headers, why=why, deadline=deadline, may_go=order.may_go) as answer:
        if answer.status == 416 and part.size_bytes:
            return None
        if answer.status not in (200, 206):
            raise KnownError(refusal(answer.url, answer.status))
        start = _start_of(answer, part)
        if start is None:
            return None
        total = _total(answer, start)
        _check_room(order, total, start)
        if not start:
            _forget(order.target)
            _remember(order.target, answer, total)
        receiver = _Receiver(order, door.throttle, deadline)
        size, digest = receiver.receive(answer, start, total)
        mime = answer.headers.get("content-type", "")
        told = total is not None or _ends_by_itself(answer)
    return _settle(order, size, digest, mime, told=told)


def _start_of(answer: Answer, part: _Part) -> int | None:
    """Where the answer's bytes belong: 0 for a whole file, exactly behind what is there, or None.

    Some servers answer a Range and do not look at If-Range, so the validator and the size are compared here
    again.
    """
    if answer.status == 200:
        return 0
    place = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
    if place is None or int(place[1]) != part.size_bytes or _packing(answer):
        return None
    now = _validator(answer)
    other_file = now is not None and part.validator is not None and now != part.validator
    other_size = place[3] != "*" and part.total_bytes is not None and int(place[3]) != part.total_bytes
    return None if other_file or other_size else part.size_bytes


def _validator(answer: Answer) -> str | None:
    """A strong ETag, else a Last-Modified a minute older than the answer (RFC 9110, 8.8.2.2 and 13.1.5)."""
    etag = answer.headers.get("etag", "")
    if etag.startswith('"'):
        return etag
    modified = answer.headers.get("last-modified", "")
    try:
        age = parsedate_to_datetime(answer.headers.get("date", "")) - parsedate_to_datetime(modified)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return modified if age.total_seconds() >= 60 else None


def _packing(answer: Answer) -> str:
    return answer.headers.get("content-encoding", "").strip().lower().replace("identity", "")


def _total(answer: Answer, start: int) -> int | None:
    length = answer.headers.get("content-length", "")
    return start + int(length) if length.isascii() and length.isdigit() and not _packing(answer) else None


def _check_room(order: _Order, total: int | None, start: int) -> None:
    if total is not None and total > order.max_bytes:
        raise KnownError(f"The file is larger than {order.max_bytes / 2**20:.0f} MB, so it was not taken.")
    if total == 0:
        raise KnownError("The server sent an empty file.")
    free = shutil.disk_usage(order.target.parent).free
    if free < (total or start) - start + SPARE_BYTES:
        raise KnownError("There is not enough room on the disk for this download. Free some and try again.")


def _ends_by_itself(answer: Answer) -> bool:
    """Whether a body cannot be cut unnoticed although its length was not told: chunks and gzip end."""
    return "chunked" in answer.headers.get("transfer-encoding", "").lower() or bool(_packing(answer))


@dataclass(frozen=True, slots=True)
class _Receiver:
    """Writes what comes, no faster than the user wants."""

    order: _Order
    throttle: Throttle
    deadline: Deadline

    def receive(self, answer: Answer, start: int, total: int | None) -> tuple[int, "hashlib._Hash"]:
        """Write the answer's body behind byte `start`; the whole file's size and hash, taken as it comes.

        Raises KnownError when it broke off or is too much.
        """
        order, size, digest = self.order, start, _hash_of(self.order.target, start)
        with _part_file(order.target).open("r+b" if start else "wb") as file:
            file.seek(start)
            for chunk in inflated(answer.chunks, _packing(answer)):
                if order.cancelled():
                    raise Cancelled
                size += len(chunk)
                if size > order.max_bytes:
                    _forget_quietly(order.target)
                    raise KnownError(
                        f"The server sent more than {order.max_bytes / 2**20:.0f} MB, so it was not taken."
                    )
                file.write(chunk)
                digest.update(chunk)
                order.on_progress(size, total)
                self.deadline.waited(self.throttle.received(len(chunk), order.cancelled))
            file.flush()
            os.fsync(file.fileno())
        if total is not None and size != total:
            raise KnownError(f"The download broke off at {size} of {total} bytes. It goes on next time.")
        return size, digest


def _hash_of(target: Path, size_bytes: int) -> "hashlib._Hash":
    """Of the first bytes that an earlier try left."""
    digest, left = hashlib.sha256(), size_bytes
    if left:
        with _part_file(target).open("rb") as file:
            while left and (chunk := file.read(min(left, CHUNK_BYTES))):
                digest.update(chunk)
                left -= len(chunk)
    return digest


def _settle(order: _Order, size: int, digest: "hashlib._Hash", mime: str, *, told: bool) -> Downloaded:
    """Look at what came, and give it its name. Raises KnownError for a web page or an empty file, and what
    `accept` raises."""
    target, part = order.target, _part_file(order.target)
    with part.open("rb") as file:
        page = _PAGE.match(file.read(1024))
    if page or not size:
        _forget(target)
        raise KnownError(
            "A web page came instead of the file. Does this network want you to sign in first?"
            if page
            else "The server sent an empty file."
        )
    got = Downloaded(size, digest.hexdigest(), mime, told)
    if order.accept:
        try:
            order.accept(part, got)
        except KnownError:
            _forget(target)
            raise
    part.replace(target)
    _sync_folder(target.parent)
    _note_file(target).unlink(missing_ok=True)
    return got


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a loss of power; Windows does that by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _left_over(target: Path, *, any_validator: bool) -> _Part:
    try:
        size = _part_file(target).stat().st_size
        note = json.loads(_note_file(target).read_text(encoding="utf-8"))
        validator, total = note["validator"], note["total"]
    except (OSError, ValueError, KeyError, TypeError):
        return _Part()
    total = total if isinstance(total, int) else None
    if isinstance(validator, str):
        return _Part(size, validator, total)
    return _Part(size, None, total) if any_validator and total else _Part()


def _remember(target: Path, answer: Answer, total: int | None) -> None:
    """Note what file this is the beginning of, before its first byte is written."""
    validator = None if _packing(answer) else _validator(answer)
    _note_file(target).write_text(json.dumps({"validator": validator, "total": total}), encoding="utf-8")


def _forget(target: Path) -> None:
    _part_file(target).unlink(missing_ok=True)
    _note_file(target).unlink(missing_ok=True)


def _forget_quietly(target: Path) -> None:
    """Give the room back where the disk lets us; the fault that led here is the one to be told."""
    try:
        _forget(target)
    except OSError:
        return


def part_files(target: Path) -> tuple[Path, Path]:
    """What a download to `target` that broke off leaves beside it: what came so far, and what is known of
    the file that it is a part of."""
    return _part_file(target), _note_file(target)


def _part_file(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def _note_file(target: Path) -> Path:
    return target.with_name(target.name + ".note")
