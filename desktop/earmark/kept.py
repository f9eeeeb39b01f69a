"""Small files that are kept: written whole or not at all, and changed by one process at a time.

Several processes of one user may run at once (the window, verbs, scripts), and a file may be a link into a
folder of the user's own. So what is changed is read, changed and written while a lock beside it is held, and
a link stays a link.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from earmark.errors import KnownError
from earmark.umask import give_out, make_folders

if TYPE_CHECKING:
    import tomlkit

PATIENCE_S = 10.0
"""How long another process may hold a file; each change takes a few milliseconds."""


def put(path: Path, data: bytes, *, out: bool = False) -> None:
    """Write a file in one stroke: a reader sees the old one or the new one. Raises OSError.

    Its folder is made where it is missing, and what a link leads to is written. What goes `out` of the
    profile, because the user wished for it, can be read by whom their umask says.
    """
    target = Path(os.path.realpath(path))
    part = target.with_name(f".earmark-{secrets.token_hex(4)}.part")
    try:
        make_folders(target.parent) if out else target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(data)
            if target.exists():  # what is new can be written again; what was there may hold the user's words
                file.flush()
                os.fsync(file.fileno())
                shutil.copymode(target, part)
            elif out:
                give_out(part)
        part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Within this nobody else changes the file. Raises KnownError when another process does not let go."""
    from filelock import FileLock

    lock = FileLock(path.with_name(path.name + ".lock"), timeout=PATIENCE_S, mode=0o600)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(NotImplementedError):  # a disk that knows no locks
            lock.acquire()
    except TimeoutError as error:
        raise KnownError(f"Another Earmark is writing {path.name} just now. Try again.") from error
    except OSError as error:
        raise KnownError(f"{path} could not be written ({error.strerror}).") from error
    try:
        yield
    finally:
        lock.release()


def read_values(file: Path) -> dict[str, Any]:
    """What a file says that its user may edit. Raises KnownError for a broken one."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return read_toml(file).unwrap()  # says what is wrong where


def read_toml(file: Path) -> tomlkit.TOMLDocument:
    """A file that its user may edit, with their comments. Raises KnownError for a broken one."""
    import tomlkit  # only those who write need it
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise KnownError(f"{file} cannot be read: {_why(error)}. Mend it, or move it away.") from error


def _why(error: Exception) -> str:
    from tomlkit.exceptions import ParseError

    if isinstance(error, OSError):
        return str(error.strerror)
    if isinstance(error, UnicodeDecodeError):
        return "it is not a text in UTF-8"
    if not isinstance(error, ParseError):
        return "it is not written as such a file should be"
    return f"something is wrong, missing or there twice in line {error.line}"
