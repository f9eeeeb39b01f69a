"""The two kinds of trouble.

The world's faults (no network, a full disk, a damaged file) are `KnownError`: their text is shown to the
user as it stands, so it says what happened and what to do next. Anything else is our own mistake and keeps
its traceback.
"""


class KnownError(Exception):
    """A fault of the world, in the user's words: one plain sentence or two, no jargon, no traceback."""


class Cancelled(Exception):  # noqa: N818  (a state, not an error)
    """The user, or the end of the program, stopped this piece of work; what was stored stays."""
