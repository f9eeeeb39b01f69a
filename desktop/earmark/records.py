"""The nouns of Earmark: frozen records that every layer may pass around.

Times are whole milliseconds: on the enclosure's own timeline for things that are said (`start_ms`), since
1970 in UTC for things that happen (`published_ms`). `None` always means "not known".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType

FeedId = NewType("FeedId", int)
EpisodeId = NewType("EpisodeId", int)
InsightId = NewType("InsightId", str)
"""Made from what the insight rests on (feed, GUID, times), so that it is the same after any repetition."""

Tier = Literal["quotes", "short", "full"]
"""What a language model may do: only choose the speaker's words, write a sentence, or write a card."""

WordsSource = Literal["publisher", "speech"]
"""Where an episode's words come from: the publisher's transcript, or recognition on this machine."""

PassageKind = Literal["talk", "ad", "intro", "outro", "housekeeping", "banter", "noise"]
"""noise: what nobody said to a listener, such as a recogniser's loops or an order to a machine."""


# ---- feeds, as parsed -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The audio file that a feed names. `length_bytes` is the feed's claim and often wrong."""

    url: str
    mime: str
    length_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class TranscriptLink:
    """One `podcast:transcript` tag (podcast-namespace, tag "transcript")."""

    url: str
    mime: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of an episode, as its publisher names it; it ends where the next one begins."""

    start_ms: int
    title: str


@dataclass(frozen=True, slots=True)
class ParsedEpisode:
    """One item of a feed. `guid` is never empty: see `feeds.parse` for the fall-backs.

    `title` is plain text; `notes` is the publisher's HTML, unsafe until it is cleaned for display. `chapters`
    are those that stand in the feed itself; those of the file at `chapters_url` are fetched later.
    """

    guid: str
    title: str
    published_ms: int | None
    enclosure: Enclosure | None
    transcripts: tuple[TranscriptLink, ...]
    duration_ms: int | None
    notes: str
    link: str | None
    chapters: tuple[Chapter, ...] = ()
    chapters_url: str | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document as it was read; `complete` is False when the document broke off."""

    title: str
    link: str | None
    description: str
    language: str | None
    episodes: tuple[ParsedEpisode, ...]
    new_url: str | None = None
    complete: bool = True


# ---- the library ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscription. `url` is where it is fetched now; `etag` and `last_modified` are kept verbatim.

    `near`: the user typed an address inside their own network, so its files may lie there too.
    `listen_language`: what the user says is spoken (two letters); None: it is heard, episode by episode.
    """

    id: FeedId
    url: str
    title: str
    link: str | None
    language: str | None
    etag: str | None
    last_modified: str | None
    body_sha256: str | None
    checked_ms: int | None
    error: str | None
    near: bool = False
    listen_language: str | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """An item of a feed, as stored."""

    id: EpisodeId
    feed_id: FeedId
    feed_title: str
    feed_url: str
    guid: str
    title: str
    published_ms: int | None
    enclosure: Enclosure | None
    transcripts: tuple[TranscriptLink, ...]
    duration_ms: int | None
    notes: str
    link: str | None
    chapters: tuple[Chapter, ...] = ()
    chapters_url: str | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Download:
    """An enclosure on this computer; `file_name` is ours and lies in the audio folder."""

    file_name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of speech; WebVTT calls it a cue. 0 <= start_ms <= end_ms.

    What a speech model tells of single words (as `text.split()` gives them): `word_ms` is where each begins,
    empty where that is not known; `doubts` are (number of the word, probability) of those it was unsure of.
    """

    start_ms: int
    end_ms: int
    text: str
    speaker: str | None = None
    word_ms: tuple[int, ...] = ()
    doubts: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that is said in an episode."""

    source: WordsSource
    segments: tuple[Segment, ...]
    language: str | None = None
    model_id: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of sentences of one topic or one kind; sentence numbers are inclusive."""

    first_sentence: int
    last_sentence: int
    start_ms: int
    end_ms: int
    kind: PassageKind


@dataclass(frozen=True, slots=True)
class Insight:
    """One claim with the words that prove it.

    `quote` stands word for word in the transcript between `start_ms` and `end_ms`, which is the text of
    segments `first_segment` to `last_segment` (inclusive). `quality` is the ranker's estimate in [0, 1].
    """

    id: InsightId
    headline: str
    text: str
    quote: str
    start_ms: int
    end_ms: int
    first_segment: int
    last_segment: int
    quality: float
    tier: Tier
    model_id: str
    prompt_version: str
    checks: tuple[str, ...] = ()
    """The names of what was checked on it, all passed; see `insights.verify`."""


@dataclass(frozen=True, slots=True)
class ExtractionCounts:
    """What was done with an episode, for the coverage line and for `--stats`.

    `words_read` and `read_ms` are what the language model read; `left_out_ms` says for each kind of passage
    that is no talk how long it lasts; `dropped` counts cards that held in no tier. `foreign` is the code of
    the transcript's language where that is why nothing was read.
    """

    candidates: int = 0
    kept: int = 0
    rewritten: int = 0
    quoted: int = 0
    dropped: int = 0
    adverts: int = 0
    words: int = 0
    words_read: int = 0
    total_ms: int = 0
    read_ms: int = 0
    left_out_ms: dict[str, int] = field(default_factory=dict)
    foreign: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """The result of reading one transcript: insights best first, and every passage with its kind."""

    insights: tuple[Insight, ...]
    passages: tuple[Passage, ...]
    counts: ExtractionCounts


@dataclass(frozen=True, slots=True)
class Link:
    """An insight of another episode that is close to `insight_id`; `score` is a cosine in [-1, 1].

    `place` is its place in the list of related insights, from 0; None: it is not shown. Then `folded_into`
    names the one in the list that says the same, if there is one.
    """

    insight_id: InsightId
    other_id: InsightId
    score: float
    place: int | None = None
    folded_into: InsightId | None = None


Kind = Literal[
    "contradicts", "extends", "extended by", "example", "example of", "agrees", "same claim", "unrelated"
]
"""How a second insight bears on a first. "extends" and "example of" have a second name for the way back."""

MIRRORED: Mapping[Kind, Kind] = {
    "contradicts": "contradicts",
    "extends": "extended by",
    "extended by": "extends",
    "example": "example of",
    "example of": "example",
    "agrees": "agrees",
    "same claim": "same claim",
    "unrelated": "unrelated",
}
"""How the first bears on the second, for how the second bears on the first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a language model found about a pair of insights, once and for all.

    `kind` says how `other_id` bears on `one_id`; None: it could not tell. `why` is one line, or empty.
    """

    one_id: InsightId
    other_id: InsightId
    kind: Kind | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class BriefItem:
    """A place in a brief. `why` names the true terms of the choice in plain words."""

    insight_id: InsightId
    position: int
    why: str


@dataclass(frozen=True, slots=True)
class Brief:
    """The five of one local date (ISO form, YYYY-MM-DD). Items that were shown once never change."""

    date: str
    coverage: str
    items: tuple[BriefItem, ...]


# ---- work -------------------------------------------------------------------------------------------

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
    """What is being worked on, in the user's words; `fraction` in [0, 1], `left_s` when it can be told."""

    doing: str
    subject: str
    fraction: float | None = None
    left_s: float | None = None
    detail: str = ""


# ---- what is shown ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Card:
    """An insight with what stands around it on a page: show, episode, marks, number of related."""

    insight: Insight
    feed_title: str
    episode_id: EpisodeId
    episode_title: str
    published_ms: int | None
    source: WordsSource
    related_count: int
    saved: bool = False


@dataclass(frozen=True, slots=True)
class RelatedCard:
    """A related insight, and the cards of those that say the same and are folded into it.

    `kind` is how it bears on the insight whose list this is, with `why` in one line; None: nobody has told.
    """

    card: Card
    score: float
    also: tuple[Card, ...] = ()
    kind: Kind | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class BriefPage:
    """A brief with its cards, as it is read: `cards[i]` belongs to `brief.items[i]`."""

    brief: Brief
    cards: tuple[Card, ...] = field(default=())
