"""What publishers say beside words and sound, to JSON and back: only what is said is written."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from earmark.records import Chapter, Enclosure, EpisodeFacts, FeedId, Funding, ShowFacts, Soundbite


def facts_json(facts: EpisodeFacts | ShowFacts) -> str:
    """The fields that differ from those of an episode or a show of which nothing is said."""
    silent = type(facts)()
    names = [each.name for each in fields(facts) if getattr(facts, each.name) != getattr(silent, each.name)]
    return json.dumps({name: _plain(getattr(facts, name)) for name in names}, ensure_ascii=False)


def _plain(value: Any) -> Any:
    return [asdict(each) for each in value] if isinstance(value, tuple) else value


def episode_facts(stored: str) -> EpisodeFacts:
    """What `facts_json` wrote of an episode."""
    if stored == "{}":
        return EpisodeFacts()
    said = json.loads(stored)
    bites = tuple(Soundbite(**bite) for bite in said.pop("soundbites", ()))
    alternates = tuple(Enclosure(**each) for each in said.pop("alternates", ()))
    return EpisodeFacts(**said, soundbites=bites, alternates=alternates)


def show_facts(stored: str) -> ShowFacts:
    """What `facts_json` wrote of a show."""
    said = json.loads(stored)
    funding = tuple(Funding(**each) for each in said.pop("funding", ()))
    return ShowFacts(**said, funding=funding)


def chapters_json(chapters: Sequence[Chapter]) -> str:
    """Chapters as JSON lists of [start_ms, title]."""
    return json.dumps([[chapter.start_ms, chapter.title] for chapter in chapters], ensure_ascii=False)


def chapters_of(stored: str) -> tuple[Chapter, ...]:
    """What `chapters_json` wrote."""
    return tuple(Chapter(*each) for each in json.loads(stored))


def put_show_facts(db: sqlite3.Connection, feed_id: FeedId, facts: ShowFacts) -> None:
    """Keep what a show says of itself now, in place of what it said before."""
    db.execute("INSERT OR REPLACE INTO show_facts VALUES (?, ?)", [feed_id, facts_json(facts)])
