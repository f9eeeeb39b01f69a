"""What search finds, and what it is asked for: frozen records, as in `records`."""

from dataclasses import dataclass
from typing import Literal, NewType

from earmark.records import Card, EpisodeId, FeedId, InsightId

TopicId = NewType("TopicId", int)

By = Literal["words", "meaning", "both"]
"""How is searched: by the words as they are typed, by what they mean, or by both, put together."""

Marks = tuple[tuple[int, int], ...]
"""Where in a text the words stand that were asked for: (begin, end) of each. Never markup in the text."""


@dataclass(frozen=True, slots=True)
class Narrow:
    """Where is searched: each that is given narrows it. `until_ms` itself is not included.

    What is saved and what belongs to a topic are insights, so both leave out all else.
    """

    feed_id: FeedId | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    saved: bool = False
    topic_id: TopicId | None = None

    @property
    def insights_only(self) -> bool:
        """Whether only insights can be meant."""
        return self.saved or self.topic_id is not None


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of an episode that can be played: an insight, or what is said from `start_ms` to `end_ms`."""

    episode_id: EpisodeId
    start_ms: int
    end_ms: int
    text: str
    insight_id: InsightId | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A moment as it is shown, the best first: where it is from, and its text with the words asked for.

    `card` is there for an insight. `start_ms` of what is said is that of the first sentence shown.
    """

    moment: Moment
    episode_title: str
    feed_title: str
    published_ms: int | None
    marks: Marks
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class FoundEpisode:
    """An episode whose title or notes hold the words; `text` is the part of them that does."""

    episode_id: EpisodeId
    episode_title: str
    feed_title: str
    published_ms: int | None
    text: str
    marks: Marks


@dataclass(frozen=True, slots=True)
class FoundShow:
    """A show whose title holds the words."""

    feed_id: FeedId
    title: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """All that a search found. `by` is how was searched in the end: by words alone where meaning could not be
    asked, and `trouble` then says why."""

    asked: str
    by: By
    moments: tuple[Found, ...] = ()
    episodes: tuple[FoundEpisode, ...] = ()
    shows: tuple[FoundShow, ...] = ()
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Words that an answer rests on, said from `start_ms` to `end_ms`."""

    episode_id: EpisodeId
    episode_title: str
    feed_title: str
    published_ms: int | None
    start_ms: int
    end_ms: int
    quote: str
    speaker: str | None = None
    insight_id: InsightId | None = None


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer and the source that bears it out; a quotation is its own source."""

    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Answer:
    """What the library says on a question; no sentence: it is not in the library.

    `written`: a language model wrote the sentences, each held to its source; else they are quotations.
    `near`: what comes closest where nothing answers. `dropped`: written sentences that did not hold.
    """

    asked: str
    sentences: tuple[AnswerSentence, ...] = ()
    written: bool = False
    near: tuple[Source, ...] = ()
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """Insights that belong together, under a name that stays."""

    id: TopicId
    name: str
    insights: int
    episodes: int
    newest_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a transcript has as a speaker or a feed names. `key` tells them apart.

    A single name ("Ann") may be another person in another show, so its key holds the show.
    """

    key: str
    name: str
    episodes: int
    insights: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two insights that contradict each other, the older first, and one line why.

    `same_speaker`: one person said both, so a view changed, or they corrected themselves.
    """

    older: Card
    newer: Card
    why: str
    same_speaker: str | None = None
