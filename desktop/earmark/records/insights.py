"""What was said, what was found in it, and what bears on what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType

InsightId = NewType("InsightId", str)
"""Made from what the insight rests on (feed, GUID, times), so that it is the same after any repetition."""

Tier = Literal["quotes", "short", "full"]
"""What a language model may do: only choose the speaker's words, write a sentence, or write a card."""

WordsSource = Literal["publisher", "speech", "user"]
"""Where an episode's words come from: the publisher, recognition on this machine, or a file of the user's."""

PassageKind = Literal["talk", "ad", "intro", "outro", "housekeeping", "banter", "noise"]
"""noise: what nobody said to a listener, such as a recogniser's loops or an order to a machine."""


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
    `before_ms` and `after_ms`: how much earlier and later the sentences around it begin and end, without
    which it is hard to follow by ear; 0 where an advert or nothing stands there.
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
    before_ms: int = 0
    after_ms: int = 0

    @property
    def moment_ms(self) -> tuple[int, int]:
        """What is played: the quotation between the sentences around it, from and to."""
        return self.start_ms - self.before_ms, self.end_ms + self.after_ms


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
