"""How the library is kept: what lists of shows and episodes tell, and what goes when a show is left."""

from dataclasses import dataclass

from earmark.records.feeds import EpisodeId, Feed, FeedId
from earmark.records.work import JobState, Step


@dataclass(frozen=True, slots=True)
class ShowRow:
    """A show as it is listed; the numbers count its episodes. `keep_days`: for how long episodes that were
    never worked on stay listed; None: for ever. `next_check_ms`: None where none is planned."""

    feed: Feed
    episodes: int
    waiting: int
    failed: int
    read: int
    insights: int
    keep_days: int | None = None
    next_check_ms: int | None = None


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """An episode as it is listed. `state` is None where it was never queued; `read`: insights were sought."""

    id: EpisodeId
    feed_id: FeedId
    feed_title: str
    title: str
    published_ms: int | None
    duration_ms: int | None
    state: JobState | None
    step: Step | None
    progress_ms: int
    total_ms: int | None
    reason: str | None
    read: bool
    insights: int
    played_ms: int | None
    skipped: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """What goes and what stays when a show is unsubscribed from. `audio` are names of files of ours."""

    episodes: int
    queued: int
    audio: tuple[str, ...]
    audio_bytes: int
    kept_episodes: int
    insights: int
    saved: int


@dataclass(frozen=True, slots=True)
class NewShow:
    """A show that is taken in without asking its publisher anything: its address and the title to go by.

    `near`: the user wants it although its address lies inside their own network.
    """

    url: str
    title: str
    link: str | None = None
    near: bool = False
