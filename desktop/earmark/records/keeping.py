"""What is kept of recordings: whole ones for a while, and the moments that prove insights."""

from dataclasses import dataclass

from earmark.records.feeds import EpisodeId
from earmark.records.insights import InsightId


@dataclass(frozen=True, slots=True)
class Clip:
    """The 20 to 30 seconds around an insight as Opus; `file_name` is ours and lies in the clips folder.

    `start_ms` and `end_ms` are its place in the recording that it was cut from.
    """

    insight_id: InsightId
    file_name: str
    start_ms: int
    end_ms: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class KeptAudio:
    """A recording on this computer. `read`: its episode was read and nothing of it waits for work.

    `asked`: the user fetched it themselves, to listen to it. `cut_ms`: how much came of it, where it may have
    been cut on its way; None where nothing speaks for that.
    """

    episode_id: EpisodeId
    file_name: str
    size_bytes: int
    fetched_ms: int
    read: bool = False
    asked: bool = False
    cut_ms: int | None = None
