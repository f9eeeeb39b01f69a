"""What is shown, and what the user did with it."""

from dataclasses import dataclass, field

from earmark.records.feeds import EpisodeId
from earmark.records.insights import Insight, InsightId, Kind, WordsSource


@dataclass(frozen=True, slots=True)
class BriefItem:
    """A place in a brief. `why` names the true terms of the choice in plain words.

    `terms` are the factors whose product was its score, by name; empty for a brief of an older Earmark.
    `outside`: it was chosen from outside the user's interests.
    """

    insight_id: InsightId
    position: int
    why: str
    terms: tuple[tuple[str, float], ...] = ()
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Brief:
    """The five of one local date (ISO form, YYYY-MM-DD). Items that were shown once never change."""

    date: str
    coverage: str
    items: tuple[BriefItem, ...]


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
    heard: int = 1
    """In how many episodes its claim was heard, its own among them."""
    hidden: bool = False
    """The user wants to see it no more."""
    thumb: int = 0
    """1: more like this, -1: less, 0: the user did not say."""
    note: str = ""
    """The user's own words on it."""


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

    @property
    def by_others(self) -> tuple[Card, ...]:
        """Of `also`, what other episodes say."""
        return tuple(each for each in self.also if each.episode_id != self.card.episode_id)

    @property
    def again(self) -> tuple[Card, ...]:
        """Of `also`, what the same episode comes back to."""
        return tuple(each for each in self.also if each.episode_id == self.card.episode_id)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An insight that the user's taste kept out of a brief; `why` names what it was."""

    card: Card
    why: str


@dataclass(frozen=True, slots=True)
class BriefPage:
    """A brief with its cards, as it is read: `cards[i]` belongs to `brief.items[i]`.

    `held_back`: what the user's muted words, shows and topics kept out. `shelf`: an older saved insight.
    """

    brief: Brief
    cards: tuple[Card, ...] = field(default=())
    held_back: tuple[HeldBack, ...] = ()
    shelf: Card | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """All that the user did with one insight; `thumb` is -1, 0 or 1, `read_ms` how long its card was open."""

    insight_id: InsightId
    saved: bool = False
    thumb: int = 0
    hidden: bool = False
    read_ms: int = 0
