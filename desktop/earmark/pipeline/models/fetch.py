"""Bringing a model here: resumed over restarts, hashed as it comes, nameless until it is proven."""

import os
import re
import shutil
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from filelock import FileLock, Timeout

from earmark.clock import Clock, local_date
from earmark.engines.catalogue import ModelRow, is_noted, note, sha256_of
from earmark.engines.memory import size_text
from earmark.errors import Cancelled, KnownError
from earmark.net import Door, Downloaded, download
from earmark.pipeline.models.heads import check_head
from earmark.pipeline.models.hub import ask_hub, file_address, open_to, own_hosts
from earmark.pipeline.models.register import Entry, Pin, keep_entry, keep_pin, read_register
from earmark.pipeline.watch import Watch
from earmark.records import Progress

LONGEST_S = 7 * 24 * 3600.0
SPARE_BYTES = 500 * 10**6
PAUSE_WAIT_S = 15.0
LOOK_EVERY_S = 0.2
SPEED_OVER_S = 10.0
AGAIN_LATER = "Earmark will try again later."
NEXT_STEP = (
    "Try again later, name a mirror as hub in settings.toml, take another model (earmark models list --all), "
    "or bring the file yourself (earmark models add FILE)."
)
_REFUSED = re.compile(r"\(answer \d+\)|unusable answer|none of its own places|sends on and on")
_TOO_LONG = re.compile(r"MB, so it was not taken\.$")
"""How `net` words the faults of a hub after which the user must do something else."""


class Paused(Cancelled):
    """Somebody said `pause`: the download stopped, and goes on where it was when it is asked for again."""


def fetch_model(door: Door, models: Path, row: ModelRow, hub: str, watch: Watch, clock: Clock) -> Path:
    """The model's file in the folder `models`, downloaded from `hub` unless it is there and proven.

    A part that an earlier try left goes on. Nothing that is not the published file, by size, SHA-256 and
    head, ever gets the model's name. Raises KnownError, Paused and Cancelled.
    """
    target = models / row.file
    file_address(hub, row, row.revision or "main")  # names are checked before all else
    open_to(door, hub)
    busy = f"{row.id} is being downloaded already. It can be stopped with: earmark models pause {row.id}"
    with alone_with(target, busy):
        try:
            _fetch(door, models, row, hub, watch, clock)
        except OSError as error:
            raise _unusable(error) from error
    return target


def _fetch(door: Door, models: Path, row: ModelRow, hub: str, watch: Watch, clock: Clock) -> None:
    target = models / row.file
    pause_marker(target).unlink(missing_ok=True)  # of a `pause` that was killed
    pin, by_list = _facts(door, models, row, hub)
    if is_noted(target, pin.sha256, models):
        return
    if not _lies_there(target, pin):
        _check_room(target, pin.bytes, row.id)
        meter = Meter(row.id, watch)
        pausing = _Pausing(target, watch.cancelled)
        try:
            download(
                door,
                file_address(hub, row, pin.revision or row.revision or "main"),
                target,
                why="download a model",
                max_bytes=pin.bytes,
                on_progress=meter.told,
                cancelled=pausing,
                accept=lambda part, got: _accept(part, got, row, pin, hub, by_list),
                may_go=own_hosts(hub),
                longest_s=LONGEST_S,
            )
        except Cancelled as error:
            if pausing.asked:
                raise Paused from error
            raise
        except KnownError as error:
            raise _with_what_is_kept(_with_next_step(error, row), target, pin, row) from error
    _take_in(models, row, pin, target, clock, pinned=by_list)


def pause(models: Path, row: ModelRow) -> int | None:
    """Stop the download of a model in whatever process it runs, and say how many bytes are kept.

    None when nobody is downloading it. Raises KnownError when it does not stop.
    """
    target = models / row.file
    marker, lock = pause_marker(target), FileLock(lock_file(target))
    try:
        with lock.acquire(timeout=0):
            marker.unlink(missing_ok=True)
            return None
    except Timeout:
        marker.touch()
    try:
        with lock.acquire(timeout=PAUSE_WAIT_S):
            part = part_file(target)
            return part.stat().st_size if part.exists() else 0
    except Timeout as error:
        raise KnownError(
            f"The download of {row.id} does not stop just now. Try again in a moment."
        ) from error
    finally:
        marker.unlink(missing_ok=True)


def alone_with(target: Path, busy: str) -> AbstractContextManager[object]:
    """While one process downloads or changes a model, no other does.

    Raises KnownError: in the words of `busy` where one does already, or as the folder cannot be used.
    """
    try:
        return FileLock(lock_file(target)).acquire(timeout=0)
    except Timeout as error:
        raise KnownError(busy) from error
    except OSError as error:
        raise _unusable(error) from error


def _unusable(error: OSError) -> KnownError:
    return KnownError(f"The models folder cannot be used ({error.strerror}).")


def part_file(target: Path) -> Path:
    """Where the bytes so far lie."""
    return target.with_name(target.name + ".part")


def lock_file(target: Path) -> Path:
    """Held while a model is downloaded, so that only one process does."""
    return target.with_name(target.name + ".lock")


def pause_marker(target: Path) -> Path:
    """A file whose being there asks the process that downloads to stop."""
    return target.with_name(target.name + ".pause")


class Meter:
    """Turns bytes into what a user wants to know: how much, how fast, how long it still takes."""

    def __init__(self, subject: str, watch: Watch, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._subject = subject
        self._watch = watch
        self._monotonic = monotonic
        self._seen: deque[tuple[float, int]] = deque()

    def told(self, received: int, total: int | None) -> None:
        """Bytes so far, and in all where that is known."""
        now = self._monotonic()
        if self._seen and now - self._seen[-1][0] < LOOK_EVERY_S and received != total:
            return
        self._seen.append((now, received))
        while now - self._seen[0][0] > SPEED_OVER_S and len(self._seen) > 2:
            self._seen.popleft()
        elapsed, brought = now - self._seen[0][0], received - self._seen[0][1]
        speed = brought / elapsed if elapsed > 0 else 0.0
        detail = f"{size_text(received)} of {size_text(total)}" if total else size_text(received)
        if speed:
            detail += f", {size_text(round(speed))} a second"
        left_s = (total - received) / speed if total and speed else None
        fraction = received / total if total else None
        self._watch.on_progress(Progress("Downloading", self._subject, fraction, left_s, detail))


class _Pausing:
    """Asked often whether to stop; looks for the marker only a few times a second."""

    def __init__(self, target: Path, cancelled: Callable[[], bool]) -> None:
        self._marker = pause_marker(target)
        self._cancelled = cancelled
        self._looked_s = float("-inf")
        self.asked = False

    def __call__(self) -> bool:
        now = time.monotonic()
        if now - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = now
            self.asked = self._marker.exists()
        return self.asked or self._cancelled()


def _facts(door: Door, models: Path, row: ModelRow, hub: str) -> tuple[Pin, bool]:
    """What the file must be: by the catalogue, else as it was pinned before, else by the hub's own list.

    True: by the list, just now. It is pinned once a file like that has come, for a list may lie.
    """
    if row.bytes is not None and row.sha256 is not None:
        return Pin(row.revision or "", row.bytes, row.sha256, f"{hub}, {row.repository}"), False
    pin = read_register(models).pins.get(row.id)
    if pin is not None:
        return pin, False
    if hub.startswith("http:") and not door.leads_inside(hub):
        raise KnownError(
            f"The hash of {row.file} is not known beforehand, and {hub} is not protected on the way "
            "(https), so the file is not taken from there."
        )
    try:
        return ask_hub(door, hub, row), True
    except KnownError as error:
        raise _with_next_step(error, row) from error


def _with_next_step(error: KnownError, row: ModelRow) -> KnownError:
    """The same fault with what can be done, where the hub does not give the file, or gives another one."""
    why = str(error)
    if _TOO_LONG.search(why):
        why = f"{row.file} is longer there, so it is not the file that was published, and was not taken."
    elif not _REFUSED.search(why):
        return error
    return KnownError(f"{why.removesuffix(AGAIN_LATER).rstrip()} {NEXT_STEP}")


def _with_what_is_kept(error: KnownError, target: Path, pin: Pin, row: ModelRow) -> KnownError:
    """The same fault; where a part lies here, it is said, for nobody tries again by themselves."""
    part = part_file(target)
    if not part.exists():
        return error
    kept = f"{size_text(part.stat().st_size)} of {size_text(pin.bytes)} are kept"
    why = str(error).removesuffix(AGAIN_LATER).rstrip()
    return KnownError(f"{why} {kept}; it goes on with: earmark models download {row.id}")


def _lies_there(target: Path, pin: Pin) -> bool:
    """Whether somebody put the published file there already."""
    return target.is_file() and target.stat().st_size == pin.bytes and sha256_of(target) == pin.sha256


def _take_in(models: Path, row: ModelRow, pin: Pin, target: Path, clock: Clock, *, pinned: bool) -> None:
    if pinned:
        keep_pin(models, row.id, pin)
    note(target, pin.sha256, models)
    today = local_date(clock).isoformat()
    keep_entry(models, Entry(row.file, row.task, pin.bytes, pin.sha256, pin.origin, today, row.id))


def _check_room(target: Path, size_bytes: int, row_id: str) -> None:
    part = part_file(target)
    wanted = size_bytes - (part.stat().st_size if part.exists() else 0) + SPARE_BYTES
    free = shutil.disk_usage(target.parent).free
    if free < wanted:
        raise KnownError(
            f"{row_id} needs {size_text(wanted)} on the disk of {target.parent}; {size_text(free)} is free. "
            "Free some (earmark models clean shows what can go), or set another models_folder."
        )


def _accept(part: Path, got: Downloaded, row: ModelRow, pin: Pin, hub: str, by_list: bool) -> None:
    if (got.size_bytes, got.sha256) != (pin.bytes, pin.sha256):
        if by_list:
            raise KnownError(
                f"{hub} contradicts itself: {row.file} is not what its own list says, so it was thrown away. "
                "Try again later, name another mirror as hub in settings.toml, or bring the file yourself: "
                "earmark models add FILE"
            )
        raise KnownError(
            f"What {hub} sent is not the published file {row.file}: its hash is another one, so it was "
            "thrown away. Try again later, or name another mirror as hub in settings.toml."
        )
    check_head(part, row.task, row.file)
    if os.name == "posix":
        part.chmod(0o600)
