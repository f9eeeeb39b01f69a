"""What is to be done, what is being done, and what changed."""

from dataclasses import dataclass
from typing import Literal

from earmark.records.feeds import EpisodeId, FeedId
from earmark.records.insights import InsightId

Step = Literal["words", "download", "decode", "transcribe", "extract", "done"]

JobState = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """Where an episode stands. `progress_ms` of `total_ms` counts audio already listened to."""

    episode_id: EpisodeId
    step: Step
    state: JobState
    attempts: int
    progress_ms: int
    total_ms: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a step changed, so that whoever shows these things asks for them again."""

    feed_ids: frozenset[FeedId] = frozenset()
    episode_ids: frozenset[EpisodeId] = frozenset()
    insight_ids: frozenset[InsightId] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.feed_ids or self.episode_ids or self.insight_ids)

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(
            self.feed_ids | other.feed_ids,
            self.episode_ids | other.episode_ids,
            self.insight_ids | other.insight_ids,
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being worked on, in the user's words; `fraction` in [0, 1], `left_s` when it can be told.

    `ready_ms`: when all that waits will be through. `waiting`: the reason why the work stands still just now.
    `order`: the episodes that are to be worked on, as planned.
    """

    doing: str
    subject: str
    fraction: float | None = None
    left_s: float | None = None
    detail: str = ""
    ready_ms: int | None = None
    waiting: str = ""
    order: tuple[EpisodeId, ...] = ()
