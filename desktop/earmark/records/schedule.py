"""When a feed is asked again, and what that rests on."""

from dataclasses import dataclass
from typing import Literal

from earmark.records.feeds import FeedId

Stop = Literal["gone", "failing", "another show"]
"""Why a feed is asked no more until the user wants it: its publisher ended it (410), it has failed for a
month, or another show's episodes stand at its address."""

Wish = Literal["due", "news", "now"]
"""Who wants to know: the program by itself, a user who looks for news, a user who insists."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The state of one feed between two checks; every time is in ms since 1970.

    `next_ms`: not before that, without a user's wish; None: at once. `not_before_ms`: the server asked not to
    be asked before that by anybody. `errors`: checks in a row that failed, since `failing_since_ms`.
    `full_ms`: when it last gave all of its document, changed or not. `gap_ms` and `newest_ms`: the
    usual time between two episodes, and when the newest came. `ttl_ms`: for how long the document itself says
    that it stays the same.
    """

    next_ms: int | None = None
    not_before_ms: int | None = None
    errors: int = 0
    failing_since_ms: int | None = None
    full_ms: int | None = None
    gap_ms: int | None = None
    newest_ms: int | None = None
    ttl_ms: int | None = None
    stopped: Stop | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A check of a feed that brought nothing: unchanged (`error` None), or a fault in plain words."""

    feed_id: FeedId
    error: str | None
    schedule: Schedule
