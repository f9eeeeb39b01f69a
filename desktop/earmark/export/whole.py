"""Files that are written whole or not at all, and never over what is somebody else's."""

import errno
from pathlib import Path

from earmark.errors import KnownError
from earmark.kept import put


def write_whole(path: Path, data: bytes, *, replace: bool = True) -> None:
    """Write a file in one stroke: a reader sees the old one or the new one. Raises KnownError.

    Without `replace` a file that is there is left alone.
    """
    check_place(path, replace=replace)
    try:
        put(path, data, out=True)
    except OSError as error:
        raise KnownError(cannot(path, error)) from error


def check_place(path: Path, *, replace: bool) -> None:
    """Say before any work begins that a file cannot be written here. Raises KnownError."""
    try:
        folder, there = path.is_dir(), path.exists()
    except OSError as error:
        raise KnownError(cannot(path, error)) from error
    if folder:
        raise KnownError(f"{path} is a folder. Name a file in it.")
    if there and not replace:
        raise KnownError(f"{path} is there already and was left alone. To write over it, add --replace.")


def cannot(path: Path, error: OSError) -> str:
    """Why a file was not written, in the user's words."""
    if error.errno == errno.ENOSPC:
        return f"The disk is full, so {path.name} was not written."
    if error.errno == errno.ENAMETOOLONG:
        return f"The name {path.name[:40]}… is too long for this disk. Choose a shorter one."
    return f"{path} cannot be written ({error.strerror}). Choose another place."
