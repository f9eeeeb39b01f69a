"""What a user means by a name."""

from collections.abc import Sequence

from earmark.errors import KnownError
from earmark.records import Feed


def named_show(feeds: Sequence[Feed], name: str) -> Feed:
    """The one show that is meant: by its address, its whole name or a part of it. Raises KnownError."""
    exact = [feed for feed in feeds if name in (feed.url, feed.title)]
    found = exact or [feed for feed in feeds if name.casefold() in feed.title.casefold()]
    if len(found) == 1:
        return found[0]
    if not found:
        raise KnownError(f"No show in your library is called “{name}”.")
    raise KnownError(f"“{name}” may be: {', '.join(feed.title for feed in found)}. Write more of the name.")
