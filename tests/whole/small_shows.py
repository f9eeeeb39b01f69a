"""Shows, episodes and insights as tests put them into a library, without the net."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from earmark.library import Library
from earmark.records import EpisodeId, Insight, InsightId, ParsedEpisode, ParsedFeed


def an_episode(guid: str, **changes: Any) -> ParsedEpisode:
    """An item of a feed that offers neither words nor sound."""
    return replace(ParsedEpisode(guid, f"Title {guid}", 1000, None, (), None, "", None), **changes)


def an_insight(id_: str, text: str, **changes: Any) -> Insight:
    """An insight whose headline, text and quotation are the same words."""
    made = Insight(InsightId(id_), text, text, text, 0, 900, 0, 0, 0.5, "quotes", "m", "1")
    return replace(made, **changes)


def take_in(
    library: Library,
    title: str,
    episodes: Sequence[ParsedEpisode],
    *,
    url: str = "https://example.org/feed",
    language: str | None = None,
    now_ms: int = 1,
    backlog: int = 9,
    **more: Any,
) -> list[EpisodeId]:
    """Subscribe to a show unless it is there, and have a refresh bring these new episodes; their ids.

    `more`: as `Library.apply_refresh` has it.
    """
    feed_id = library.add_feed(url, ParsedFeed(title, None, "", language, ()))
    told = {"changed": [], "link": None, "etag": None, "last_modified": None, "body_sha256": None, **more}
    library.apply_refresh(
        feed_id,
        new=episodes,
        title=title,
        language=language,
        url=url,
        now_ms=now_ms,
        backlog=backlog,
        **told,
    )
    ids = {each.guid: each.id for each in library.episodes(feed_id)}
    return [ids[each.guid] for each in episodes]
