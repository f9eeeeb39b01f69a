"""What a feed document changes: old and new side by side, decided without touching anything."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace

from earmark.records import Episode, EpisodeId, Feed, ParsedEpisode, ParsedFeed, ShowFacts

Key = tuple[str, ...]
_COMPARED = tuple(each.name for each in fields(ParsedEpisode))


@dataclass(frozen=True, slots=True)
class FeedDecision:
    """What to store. Nothing is ever taken away: an item that vanished stays in the library."""

    new: tuple[ParsedEpisode, ...]
    changed: tuple[tuple[EpisodeId, ParsedEpisode], ...]
    title: str
    link: str | None
    language: str | None
    facts: ShowFacts = field(default_factory=ShowFacts)


def decide(
    feed: Feed, known: Mapping[str, Episode], parsed: ParsedFeed, *, now_ms: int | None = None
) -> FeedDecision:
    """Compare a feed's document with its known episodes (by GUID), in the document's order.

    An unknown GUID with the audio address and title, or the title and date, of a known episode that the
    document no longer lists is that episode under a new GUID (AntennaPod#3275). With `now_ms`, a date in the
    future counts as now, and as what it counted as before for an episode that is known.
    """
    unlisted = _unlisted(known, parsed)
    new: list[ParsedEpisode] = []
    changed: list[tuple[EpisodeId, ParsedEpisode]] = []
    for given in parsed.episodes:
        old = known.get(given.guid) or _claim(unlisted, given)
        episode = given if now_ms is None else _dated(given, old, now_ms)
        if old is None:
            new.append(episode)
        elif any(getattr(old, name) != getattr(episode, name) for name in _COMPARED):
            changed.append((old.id, episode))
    return FeedDecision(
        new=tuple(new),
        changed=tuple(changed),
        title=parsed.title or feed.title,
        link=parsed.link or feed.link,
        language=parsed.language or feed.language,
        facts=parsed.facts,
    )


def _unlisted(known: Mapping[str, Episode], parsed: ParsedFeed) -> dict[Key, Episode]:
    """Known episodes whose GUID the document does not hold, by what else tells them."""
    listed = {episode.guid for episode in parsed.episodes}
    gone = [episode for guid, episode in known.items() if guid not in listed]
    return {key: episode for episode in gone for key in _keys(episode)}


def _claim(unlisted: dict[Key, Episode], given: ParsedEpisode) -> Episode | None:
    """The one known episode that `given` is under a new GUID; nobody else can claim it then."""
    for key in _keys(given):
        old = unlisted.get(key)
        if old is not None:
            for other in _keys(old):
                unlisted.pop(other, None)
            return old
    return None


def _keys(episode: Episode | ParsedEpisode) -> Iterator[Key]:
    if episode.enclosure:
        yield "audio", episode.enclosure.url.partition("?")[0], episode.title
    if episode.published_ms:
        yield "date", str(episode.published_ms), episode.title


def _dated(given: ParsedEpisode, old: Episode | None, now_ms: int) -> ParsedEpisode:
    if given.published_ms is None or given.published_ms <= now_ms:
        return given
    first_seen_ms = old.published_ms if old and old.published_ms else now_ms
    return replace(given, published_ms=min(first_seen_ms, now_ms))
