"""The two kinds of trouble.

The world's faults (no network, a full disk, a damaged file) are `KnownError`: their text is shown to the
user as it stands, so it says what happened and what to do next. Anything else is our own mistake and keeps
its traceback.
"""

import errno

DISK_FULL = "The disk is full. Free some space and try again."


class KnownError(Exception):
    """A fault of the world, in the user's words: one plain sentence or two, no jargon, no traceback."""


class Cancelled(Exception):  # noqa: N818  (a state, not an error)
    """The user, or the end of the program, stopped this piece of work; what was stored stays."""


def disk_is_full(error: BaseException) -> bool:
    """Whether the system or SQLite found no room to write, or the user's share of the disk is used up."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
