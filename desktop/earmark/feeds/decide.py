"""What a feed document changes: old and new side by side, decided without touching anything."""

from collections.abc import Mapping
from dataclasses import dataclass

from earmark.records import Episode, EpisodeId, Feed, ParsedEpisode, ParsedFeed


@dataclass(frozen=True, slots=True)
class FeedDecision:
    """What to store. Nothing is ever taken away: an item that vanished stays in the library."""

    new: tuple[ParsedEpisode, ...]
    changed: tuple[tuple[EpisodeId, ParsedEpisode], ...]
    title: str
    link: str | None
    language: str | None


def decide(feed: Feed, known: Mapping[str, Episode], parsed: ParsedFeed) -> FeedDecision:
    """Compare a feed's document with its known episodes, by GUID.

    An unknown GUID with the audio address and title of a known episode is that episode under a new GUID
    (AntennaPod#3275); it keeps its place.
    """
    by_audio = {_audio(e): e for e in known.values() if e.enclosure}
    given = {episode.guid for episode in parsed.episodes}
    new, changed = [], []
    for episode in parsed.episodes:
        old = known.get(episode.guid)
        if old is None:
            renamed = by_audio.get(_audio(episode)) if episode.enclosure else None
            old = renamed if renamed and renamed.guid not in given else None
        if old is None:
            new.append(episode)
        elif _differs(old, episode):
            changed.append((old.id, episode))
    return FeedDecision(
        tuple(new), tuple(changed), parsed.title or feed.title, parsed.link or feed.link, parsed.language
    )


def _audio(episode: Episode | ParsedEpisode) -> tuple[str, str]:
    url = episode.enclosure.url if episode.enclosure else ""
    return url.partition("?")[0], episode.title


def _differs(old: Episode, new: ParsedEpisode) -> bool:
    names = ("guid", "title", "published_ms", "enclosure", "transcripts", "duration_ms", "notes", "link")
    return any(getattr(old, name) != getattr(new, name) for name in names)
