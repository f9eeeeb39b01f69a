"""What can be asked about topics and people, and about who disagrees with whom."""

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from typing import TypeVar

from earmark.errors import KnownError
from earmark.found import Person, Topic, TopicId
from earmark.library.keeping_queries import KeepingQueries
from earmark.records import EpisodeId, InsightId

_WORD = re.compile(r"[^\W_]+")
Named = TypeVar("Named", Topic, Person)

_TOPICS = """SELECT t.id, t.name, count(*) AS insights, count(DISTINCT i.episode_id) AS episodes,
    max(e.published_ms) AS newest_ms FROM topics t JOIN topic_insights m ON m.topic_id = t.id
    JOIN insights i ON i.id = m.insight_id JOIN episodes e ON e.id = i.episode_id"""
_SPOKEN_BY = """SELECT p.key, i.id, e.published_ms, i.start_ms FROM people p
    JOIN insights i ON i.episode_id = p.episode_id JOIN episodes e ON e.id = p.episode_id
    WHERE p.speaks = 1 AND NOT EXISTS (
        SELECT 1 FROM segments s WHERE s.episode_id = i.episode_id
        AND s.number BETWEEN i.first_segment AND i.last_segment AND s.speaker IS NOT p.name)"""
_IN_TIME = " ORDER BY e.published_ms IS NULL, e.published_ms, i.episode_id, i.start_ms, i.id"


class TopicQueries(KeepingQueries):
    """Topics, people, and contradictions."""

    def topics(self) -> list[Topic]:
        """Every topic, that with the most insights first."""
        rows = self._db.execute(f"{_TOPICS} GROUP BY t.id ORDER BY insights DESC, t.id")
        return [_topic(row) for row in rows]

    def topic_named(self, name: str) -> Topic:
        """The topic of a name or number, or the only one whose name has these words. Raises KnownError."""
        topics, wanted = self.topics(), name.strip().casefold()
        same = [t for t in topics if wanted in (t.name.casefold(), str(t.id))]
        like = same or _named(topics, name)
        if len(like) == 1:
            return like[0]
        if like:
            listed = "; ".join(t.name for t in like[:5])
            raise KnownError(f"“{name}” fits several topics: {listed}. Write one of these names.")
        raise KnownError(f"There is no topic “{name}” in your library. See them all with: earmark topics")

    def topic_insight_ids(self, topic_id: TopicId) -> list[InsightId]:
        """The insights of a topic in time, the oldest first."""
        rows = self._db.execute(
            "SELECT i.id FROM topic_insights m JOIN insights i ON i.id = m.insight_id"
            f" JOIN episodes e ON e.id = i.episode_id WHERE m.topic_id = ?{_IN_TIME}",
            [topic_id],
        )
        return [InsightId(row[0]) for row in rows]

    def topic_members(self) -> dict[InsightId, TopicId | None]:
        """The topic of each insight that was looked at; None where it belongs to none."""
        rows = self._db.execute("SELECT insight_id, topic_id FROM topic_insights")
        return {InsightId(row[0]): row[1] for row in rows}

    def topic_model_ids(self) -> set[str]:
        """The embedding models by whose vectors the topics were gathered."""
        return {row[0] for row in self._db.execute("SELECT DISTINCT model_id FROM topics")}

    def people(self) -> list[Person]:
        """Everybody whom a transcript has as a speaker or a feed names, those heard most often first."""
        rows = self._db.execute(
            f"""SELECT key, min(name), count(DISTINCT episode_id) AS episodes, coalesce(said, 0) FROM people
            LEFT JOIN (SELECT key AS k, count(DISTINCT id) AS said FROM ({_SPOKEN_BY}) GROUP BY key)
            ON k = key
            GROUP BY key ORDER BY episodes DESC, key"""
        )
        return [Person(*row) for row in rows]

    def person_named(self, name: str) -> Person:
        """The person of a name or key, or the only one whose name has these words. Raises KnownError."""
        people, wanted = self.people(), name.strip().casefold()
        same = [p for p in people if wanted in (p.name.casefold(), p.key)]
        like = same or _named(people, name)
        if len(like) == 1:
            return like[0]
        if like:
            listed = "; ".join(p.key if p.name.casefold() == wanted else p.name for p in like[:5])
            raise KnownError(f"“{name}” fits several people: {listed}. Write one of these.")
        raise KnownError(f"Nobody called “{name}” is named in your library. See all with: earmark people")

    def said_by(self, key: str) -> list[InsightId]:
        """The insights that a speaker of this key said alone, as the transcripts have it, oldest first."""
        query = f"SELECT DISTINCT id FROM ({_SPOKEN_BY} AND p.key = ?) ORDER BY published_ms, start_ms, id"
        rows = self._db.execute(query, [key])
        return [InsightId(row[0]) for row in rows]

    def episodes_with_person(self, key: str) -> list[EpisodeId]:
        """The episodes in which somebody speaks or is named by the feed, the newest first."""
        rows = self._db.execute(
            "SELECT DISTINCT e.id, e.published_ms FROM people p JOIN episodes e ON e.id = p.episode_id"
            " WHERE p.key = ? ORDER BY e.published_ms DESC, e.id",
            [key],
        )
        return [EpisodeId(row[0]) for row in rows]

    def speaker_of(self, insight_id: InsightId) -> tuple[str, str] | None:
        """(key, name) of who said an insight alone, as the transcript has it; None when it does not say."""
        rows = self._db.execute(
            "SELECT DISTINCT p.key, p.name FROM insights i JOIN segments s ON s.episode_id = i.episode_id"
            " AND s.number BETWEEN i.first_segment AND i.last_segment LEFT JOIN people p"
            " ON p.episode_id = i.episode_id AND p.speaks = 1 AND p.name = s.speaker WHERE i.id = ?",
            [insight_id],
        ).fetchall()
        return (rows[0][0], rows[0][1]) if len(rows) == 1 and rows[0][0] else None

    def speaker_between(self, episode_id: EpisodeId, start_ms: int, end_ms: int) -> str | None:
        """Who says everything between two moments, as the transcript has it; None when it does not say."""
        rows = self._db.execute(
            "SELECT DISTINCT p.name FROM segments s LEFT JOIN people p ON p.episode_id = s.episode_id"
            " AND p.speaks = 1 AND p.name = s.speaker"
            " WHERE s.episode_id = ? AND s.start_ms < ? AND s.end_ms > ?",
            [episode_id, end_ms, start_ms],
        ).fetchall()
        return rows[0][0] if len(rows) == 1 else None

    def contradicted(self, ids: Iterable[InsightId]) -> set[InsightId]:
        """Those of these insights in whose list something stands that contradicts them and is not hidden."""
        (found,) = self._db.execute(
            "SELECT json_group_array(DISTINCT l.insight_id) FROM links l JOIN kinds k"
            " ON k.one_id = min(l.insight_id, l.other_id) AND k.other_id = max(l.insight_id, l.other_id)"
            " WHERE k.kind = 'contradicts' AND l.place IS NOT NULL"
            " AND l.other_id NOT IN (SELECT insight_id FROM marks WHERE hidden = 1)"
            " AND l.insight_id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(ids))],
        ).fetchone()
        return set(map(InsightId, json.loads(found)))

    def contradictions(self, ids: Iterable[InsightId]) -> list[tuple[InsightId, InsightId, str]]:
        """Pairs of these insights of which a language model found that they contradict each other, with one
        line why. Empty where no model may tell."""
        rows = self._db.execute(
            "SELECT one_id, other_id, why FROM kinds WHERE kind = 'contradicts'"
            " AND one_id IN (SELECT value FROM json_each(?1))"
            " AND other_id IN (SELECT value FROM json_each(?1))"
            " ORDER BY one_id, other_id",
            [json.dumps(list(ids))],
        )
        return [(InsightId(row[0]), InsightId(row[1]), row[2]) for row in rows]


def _named(things: Sequence[Named], asked: str) -> list[Named]:
    """Those whose names have the words that were asked for, or, where none has, words that begin so."""
    wanted = _words(asked)
    if not wanted.strip():
        return []
    whole = [thing for thing in things if wanted in _words(thing.name)]
    return whole or [thing for thing in things if wanted.rstrip() in _words(thing.name)]


def _words(text: str) -> str:
    """The words alone, with a space before and behind each.

    >>> _words("AI: chain-of-thought")
    ' ai chain of thought '
    """
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _topic(row: sqlite3.Row) -> Topic:
    return Topic(TopicId(row[0]), row[1], row[2], row[3], row[4])
