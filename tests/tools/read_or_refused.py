"""What becomes of a feed's document: its records, or what the user is told."""

from collections.abc import Callable

from earmark.errors import KnownError
from earmark.records import ParsedFeed


def read_or_refused(read: Callable[[], ParsedFeed]) -> ParsedFeed | str:
    """The feed, else the words of the refusal, so that two ways of reading can be compared."""
    try:
        return read()
    except KnownError as error:
        return str(error)
