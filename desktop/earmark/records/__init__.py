"""The nouns of Earmark: frozen records that every layer may pass around.

Times are whole milliseconds: on the enclosure's own timeline for things that are said (`start_ms`), since
1970 in UTC for things that happen (`published_ms`). `None` always means "not known".

Read in this order: `facts`, `feeds`, `schedule`, `insights`, `columns`, `work`, `care` and `shown`.
"""

from earmark.records.care import EpisodeRow, Leaving, NewShow, ShowRow
from earmark.records.columns import InsightColumns
from earmark.records.facts import Enclosure, EpisodeFacts, EpisodeKind, Funding, ShowFacts, Soundbite
from earmark.records.feeds import (
    Chapter,
    Download,
    Episode,
    EpisodeId,
    Feed,
    FeedId,
    ParsedEpisode,
    ParsedFeed,
    TranscriptLink,
)
from earmark.records.insights import (
    MIRRORED,
    Extraction,
    ExtractionCounts,
    Insight,
    InsightId,
    Kind,
    Link,
    Passage,
    PassageKind,
    Segment,
    Tier,
    Transcript,
    Verdict,
    WordsSource,
)
from earmark.records.keeping import Clip, KeptAudio
from earmark.records.schedule import Check, Schedule, Stop, Wish
from earmark.records.shown import (
    Act,
    Brief,
    BriefItem,
    BriefPage,
    Card,
    HeldBack,
    RelatedCard,
)
from earmark.records.work import (
    Changes,
    Job,
    JobState,
    Progress,
    Step,
)

__all__ = [
    "MIRRORED",
    "Act",
    "Brief",
    "BriefItem",
    "BriefPage",
    "Card",
    "Changes",
    "Chapter",
    "Check",
    "Clip",
    "Download",
    "Enclosure",
    "Episode",
    "EpisodeFacts",
    "EpisodeId",
    "EpisodeKind",
    "EpisodeRow",
    "Extraction",
    "ExtractionCounts",
    "Feed",
    "FeedId",
    "Funding",
    "HeldBack",
    "Insight",
    "InsightColumns",
    "InsightId",
    "Job",
    "JobState",
    "KeptAudio",
    "Kind",
    "Leaving",
    "Link",
    "NewShow",
    "ParsedEpisode",
    "ParsedFeed",
    "Passage",
    "PassageKind",
    "Progress",
    "RelatedCard",
    "Schedule",
    "Segment",
    "ShowFacts",
    "ShowRow",
    "Soundbite",
    "Step",
    "Stop",
    "Tier",
    "Transcript",
    "TranscriptLink",
    "Verdict",
    "Wish",
    "WordsSource",
]
