"""Who may read what this program writes: its user alone, but for what that user has it write elsewhere."""

import os
from pathlib import Path

_ALL = 0o666
_users: list[int] = []


def write_private() -> None:
    """From now on this process and its children make files and folders for their user alone.

    Whatever the user's own umask says: it was set with other files in mind than a list of what they hear.
    """
    before = os.umask(0o077)
    os.umask(before | 0o077)
    _users[:] = [before]


def give_out(path: Path) -> None:
    """Let a new file that the user asked for be read by whom their own umask says. Raises OSError."""
    if _users and os.name == "posix":
        path.chmod(_ALL & ~_users[0])


def make_folders(folder: Path) -> None:
    """Make the folders that such a file lies in, open to whom the user's umask says. Raises OSError."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing if _users and os.name == "posix" else []:
        each.chmod(0o777 & ~_users[0])
