"""Files that are written whole or not at all, and never over what is somebody else's."""

import errno
from pathlib import Path

from earmark.errors import KnownError
from earmark.kept import put


def write_whole(path: Path, data: bytes, *, replace: bool = True) -> None:
    """Write a file in one stroke: a reader sees the old one or the new one. Raises KnownError.

    Without `replace` a file that is there is left alone.
    """
    if path.is_dir():
        raise KnownError(f"{path} is a folder. Name a file in it.")
    if not replace and path.exists():
        raise KnownError(f"{path} is there already and was left alone. To write over it, add --replace.")
    try:
        put(path, data)
    except OSError as error:
        raise KnownError(_cannot(path, error)) from error


def _cannot(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"The disk is full, so {path.name} was not written."
    return f"{path} cannot be written ({error.strerror}). Choose another place with --to."
