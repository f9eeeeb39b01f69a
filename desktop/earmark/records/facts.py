"""What publishers say of a show and of an episode beside its words and its sound; all of it their claim."""

from dataclasses import dataclass
from typing import Literal

EpisodeKind = Literal["full", "trailer", "bonus"]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The audio file that a feed names. `length_bytes` is the feed's claim and often wrong."""

    url: str
    mime: str
    length_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Soundbite:
    """A moment that the publisher offers as a taste of the episode: a hint at what is worth hearing."""

    start_ms: int
    duration_ms: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Funding:
    """Where a publisher asks for support. A link for the user to open; Earmark never does."""

    url: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """`number` may be a fraction ("204.5"). `alternates` are the same episode in other files.

    `explicit` is None where the publisher does not say. `image_url` is an address and never fetched unasked.
    """

    season: int | None = None
    season_name: str = ""
    number: float | None = None
    kind: EpisodeKind = "full"
    explicit: bool | None = None
    image_url: str | None = None
    soundbites: tuple[Soundbite, ...] = ()
    alternates: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class ShowFacts:
    """`guid` is the show's own, over all addresses (podcast-namespace, tag "guid").

    `medium` is what kind of thing is published ("podcast", "music", "audiobook"); None: not said. `serial`:
    episodes are meant to be heard from the first on. `locked`: the owner asks other hosts not to import it.
    `image_url` is fetched from the show's own host alone.
    """

    description: str = ""
    author: str = ""
    image_url: str | None = None
    guid: str | None = None
    medium: str | None = None
    explicit: bool | None = None
    serial: bool = False
    locked: bool | None = None
    funding: tuple[Funding, ...] = ()
