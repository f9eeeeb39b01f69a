"""What was chosen to go out: frozen records in which every text is clean, for all forms alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from earmark.clock import clock_time as clock_time
from earmark.clock import long_date as long_date
from earmark.records import Tier, WordsSource

_MATCHED: dict[WordsSource, str] = {
    "publisher": "the publisher's transcript",
    "speech": "what was heard on this computer",
    "user": "a transcript that you added",
}
Clips = Mapping[str, bytes]
"""For the id of an insight, its moment as Opus in an Ogg file."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """Another insight that bears on an item; it need not be part of the selection."""

    id: str
    headline: str
    show: str
    also_said_by: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """An insight with all that is told of it. `show_key` and `episode_key` are the same for ever.

    `published` is the local date on which the episode came out; `link` a page of its publisher.
    """

    id: str
    headline: str
    text: str
    quote: str
    show: str
    show_key: str
    episode: str
    episode_key: str
    published: str | None
    link: str | None
    language: str | None
    start_ms: int
    end_ms: int
    source: WordsSource
    tier: Tier
    saved: bool
    related: tuple[Bearing, ...] = ()
    note: str = ""
    """The user's own words on it; empty in a brief, which may be meant for others."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in a section; `why` it was chosen, in a brief."""

    item: Item
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A brief (then `day` is its date and `note` its coverage), or the insights of an episode."""

    heading: str
    note: str
    entries: tuple[Entry, ...]
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What goes out. `key` names the kind of choice and is the same when it is made again.

    `made` is a moment in UTC, as 2026-11-26T07:30:00Z. An insight stands in one of `sections` only. `days`
    are the briefs among what was chosen, newest first, for the forms that tell of days; their insights stand
    in `sections` too.
    """

    title: str
    key: str
    made: str
    sections: tuple[Section, ...]
    days: tuple[Section, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """Every insight in its order."""
        return tuple(entry.item for section in self.sections for entry in section.entries)

    @property
    def language(self) -> str:
        """The language in which most of it is said, English where that is not known."""
        known = [item.language for item in self.items if item.language]
        return max(sorted(set(known)), key=known.count) if known else "en"


def times(item: Item) -> str:
    """From when to when it was said: “13:24 to 13:51”."""
    return f"{clock_time(item.start_ms)} to {clock_time(item.end_ms)}"


def proof(item: Item) -> str:
    """To what the words of an insight were matched."""
    return f"Words matched to {_MATCHED[item.source]}."


def also_said(bearing: Bearing) -> str:
    """“also said by 2 others”, or nothing."""
    if not bearing.also_said_by:
        return ""
    return f"also said by {bearing.also_said_by} {'other' if bearing.also_said_by == 1 else 'others'}"
