"""The nouns of Earmark: frozen records that every layer may pass around.

Times are whole milliseconds: on the enclosure's own timeline for things that are said (`start_ms`), since
1970 in UTC for things that happen (`published_ms`). `None` always means "not known".

Read in this order: `feeds`, `insights`, `work` and `shown`.
"""

from earmark.records.feeds import (
    Chapter,
    Download,
    Enclosure,
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
    "Clip",
    "Download",
    "Enclosure",
    "Episode",
    "EpisodeId",
    "Extraction",
    "ExtractionCounts",
    "Feed",
    "FeedId",
    "HeldBack",
    "Insight",
    "InsightId",
    "Job",
    "JobState",
    "KeptAudio",
    "Kind",
    "Link",
    "ParsedEpisode",
    "ParsedFeed",
    "Passage",
    "PassageKind",
    "Progress",
    "RelatedCard",
    "Segment",
    "Step",
    "Tier",
    "Transcript",
    "TranscriptLink",
    "Verdict",
    "WordsSource",
]
