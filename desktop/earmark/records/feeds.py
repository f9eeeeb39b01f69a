"""What a feed says, and what the library holds of it."""

from dataclasses import dataclass, field
from typing import NewType

from earmark.records.facts import Enclosure, EpisodeFacts, ShowFacts

FeedId = NewType("FeedId", int)

EpisodeId = NewType("EpisodeId", int)


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
    facts: EpisodeFacts = field(default_factory=EpisodeFacts)


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document as it was read; `complete` is False when the document broke off. `ttl_ms`: for how long
    it says that it stays the same."""

    title: str
    link: str | None
    description: str
    language: str | None
    episodes: tuple[ParsedEpisode, ...]
    new_url: str | None = None
    complete: bool = True
    facts: ShowFacts = field(default_factory=ShowFacts)
    ttl_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscription. `url` is where it is fetched now; `etag` and `last_modified` are kept verbatim.

    `near`: the user typed an address inside their own network, so its files may lie there too.
    `listen_language`: what the user says is spoken (two letters); None: it is heard, episode by episode.
    `lasting_id` stays the same whatever the show is called and wherever it moves, and is never given again.
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
    lasting_id: str = ""


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
    facts: EpisodeFacts = field(default_factory=EpisodeFacts)


@dataclass(frozen=True, slots=True)
class Download:
    """An enclosure on this computer; `file_name` is ours and lies in the audio folder."""

    file_name: str
    size_bytes: int
    sha256: str
