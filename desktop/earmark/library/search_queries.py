"""What can be asked by words, within what the search is narrowed to."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

from earmark.errors import KnownError
from earmark.found import FoundShow, Moment, Narrow
from earmark.library.nearest_queries import NearestQueries
from earmark.library.search_text import asked_words, match_all, match_any
from earmark.records import EpisodeId, FeedId, InsightId

HEADLINE_WEIGHT, TITLE_WEIGHT = 2.0, 4.0
FREQUENT = 20_000
"""A word that so many stretches or insights hold does not find any by itself, where there are other words."""
EVERY_WORD = 1000.0
"""What holds every word is worth so much more than what holds some: it always comes first."""
_RANK = f"bm25(insight_words, {HEADLINE_WEIGHT}, 1.0, 1.0)"
_INSIGHTS = f"""SELECT i.episode_id, i.start_ms, i.end_ms, i.text, i.id, -w.fit FROM (
    SELECT rowid, {_RANK} AS fit FROM insight_words WHERE insight_words MATCH ? ORDER BY fit, rowid LIMIT ?
    ) w JOIN insight_numbers n ON n.number = w.rowid JOIN insights i ON i.id = n.insight_id
    ORDER BY w.fit, i.id"""
_INSIGHTS_WITHIN = f"""SELECT i.episode_id, i.start_ms, i.end_ms, i.text, i.id, -{_RANK} FROM insight_words
    JOIN insight_numbers n ON n.number = insight_words.rowid JOIN insights i ON i.id = n.insight_id
    JOIN episodes e ON e.id = i.episode_id"""
_SPOKEN = """SELECT t.episode_id, t.first_segment, t.last_segment, -w.rank FROM (
    SELECT rowid, rank FROM spoken_words WHERE spoken_words MATCH ? ORDER BY rank LIMIT ?
    ) w JOIN stretches t ON t.id = w.rowid"""
_SPOKEN_WITHIN = """SELECT t.episode_id, t.first_segment, t.last_segment, -spoken_words.rank FROM spoken_words
    JOIN stretches t ON t.id = spoken_words.rowid JOIN episodes e ON e.id = t.episode_id"""
_FIT = f"bm25(episode_words, {TITLE_WEIGHT}, 1.0)"
_EPISODES = f"""SELECT e.id FROM (
    SELECT rowid, {_FIT} AS fit FROM episode_words WHERE episode_words MATCH ? ORDER BY fit, rowid LIMIT ?
    ) w JOIN episodes e ON e.id = w.rowid ORDER BY w.fit, e.id"""
_EPISODES_WITHIN = """SELECT e.id FROM episode_words JOIN episodes e ON e.id = episode_words.rowid"""


class SearchDamagedError(KnownError):
    """An index of words is damaged; the library itself is not. Its one writer builds it anew."""

    def __init__(self) -> None:
        super().__init__("The search index is damaged. It is built anew by: earmark search --rebuild")


def raise_if_search_is_damaged(error: sqlite3.DatabaseError) -> None:
    """Say in plain words that an index of words is damaged, where that is what SQLite says."""
    if getattr(error, "sqlite_errorname", "") == "SQLITE_CORRUPT_VTAB":
        raise SearchDamagedError from error


class Stretch(NamedTuple):
    """Neighbouring segments of an episode that hold words that were asked for."""

    episode_id: EpisodeId
    first_segment: int
    last_segment: int


class SearchQueries(NearestQueries):
    """Asks the indexes of words. What holds all words comes first, then what holds some; best first, with
    how well each fits: a number to compare within one search."""

    def insights_with(
        self, asked: str, narrow: Narrow, most: int, *, typing: bool = False
    ) -> list[tuple[Moment, float]]:
        """Insights whose headline, text or quotation hold the words. Raises SearchDamagedError."""
        where, values = _narrowed(narrow)
        within = f"{_INSIGHTS_WITHIN} WHERE insight_words MATCH ?{where} ORDER BY {_RANK}, i.id LIMIT ?"
        rows = self._matching("insight_words", within if where else _INSIGHTS, asked, values, most, typing)
        return [(Moment(EpisodeId(r[0]), r[1], r[2], r[3], InsightId(r[4])), score) for r, score in rows]

    def stretches_with(
        self, asked: str, narrow: Narrow, most: int, *, typing: bool = False
    ) -> list[tuple[Stretch, float]]:
        """What is said with these words. Raises SearchDamagedError."""
        if narrow.insights_only:
            return []
        where, values = _narrowed(narrow)
        within = f"{_SPOKEN_WITHIN} WHERE spoken_words MATCH ?{where} ORDER BY spoken_words.rank LIMIT ?"
        rows = self._matching("spoken_words", within if where else _SPOKEN, asked, values, most, typing)
        return [(Stretch(*row), score) for row, score in rows]

    def episodes_with(
        self, asked: str, narrow: Narrow, most: int, *, typing: bool = False
    ) -> list[EpisodeId]:
        """Episodes whose title or notes hold every word. Raises SearchDamagedError."""
        if narrow.insights_only:
            return []
        where, values = _narrowed(narrow)
        within = f"{_EPISODES_WITHIN} WHERE episode_words MATCH ?{where} ORDER BY {_FIT}, e.id LIMIT ?"
        query, match = within if where else _EPISODES, match_all(asked, typing=typing)
        return [EpisodeId(row[0]) for row in self._asked(query, match, values, most)]

    def shows_with(self, asked: str, most: int, *, typing: bool = False) -> list[FoundShow]:
        """Shows whose title holds every word. Raises SearchDamagedError."""
        query = """SELECT f.id, f.title FROM show_words JOIN feeds f ON f.id = show_words.rowid
            WHERE show_words MATCH ?
            AND f.id NOT IN (SELECT feed_id FROM subscriptions WHERE ended_ms IS NOT NULL)
            ORDER BY show_words.rank, f.id LIMIT ?"""
        rows = self._asked(query, match_all(asked, typing=typing), [], most)
        return [FoundShow(FeedId(row[0]), row[1]) for row in rows]

    def feeds_named(self, name: str) -> list[FoundShow]:
        """The show of this very title, or those whose title holds its words. Raises SearchDamagedError."""
        rows = self._db.execute("SELECT id, title FROM feeds WHERE title = ? COLLATE NOCASE", [name.strip()])
        same = [FoundShow(FeedId(row[0]), row[1]) for row in rows]
        return same or self.shows_with(name, 20, typing=True)

    def episode_text(self, episode_id: EpisodeId) -> tuple[str, str]:
        """Title and notes of an episode as plain text."""
        row = self._db.execute(
            "SELECT title, notes FROM episode_texts WHERE episode_id = ?", [episode_id]
        ).fetchone()
        return (row[0], row[1]) if row else ("", "")

    def insights_within(self, ids: Iterable[InsightId], narrow: Narrow) -> set[InsightId]:
        """Those of these insights that the search is narrowed to."""
        where, values = _narrowed(narrow)
        query = f"""SELECT i.id FROM insights i JOIN episodes e ON e.id = i.episode_id
            WHERE i.id IN (SELECT value FROM json_each(?)){where}"""
        return {InsightId(row[0]) for row in self._db.execute(query, [json.dumps(list(ids)), *values])}

    def episodes_within(self, ids: Iterable[EpisodeId], narrow: Narrow) -> set[EpisodeId]:
        """Those of these episodes whose words are searched; none where only insights can be meant."""
        if narrow.insights_only:
            return set()
        where, values = _narrowed(narrow)
        query = f"SELECT e.id FROM episodes e WHERE e.id IN (SELECT value FROM json_each(?)){where}"
        return {EpisodeId(row[0]) for row in self._db.execute(query, [json.dumps(list(ids)), *values])}

    def _matching(
        self, index: str, query: str, asked: str, values: list[object], most: int, typing: bool
    ) -> list[tuple[tuple[Any, ...], float]]:
        """Rows with every word, then rows with some, and how well each fits: the last column of `query`."""
        every = match_all(asked, typing=typing)
        found = {
            tuple(row)[:-1]: EVERY_WORD + float(row[-1]) for row in self._asked(query, every, values, most)
        }
        if len(found) < most:
            for row in self._asked(query, self._any_telling(index, asked), values, most):
                found.setdefault(tuple(row)[:-1], float(row[-1]))
        return list(found.items())[:most]

    def _any_telling(self, index: str, asked: str) -> str | None:
        """The question for what holds any of the words, without those that very much holds: they say little,
        and to rank all of it takes long."""
        query = f"SELECT count(*) FROM (SELECT 1 FROM {index} WHERE {index} MATCH ? LIMIT ?)"
        words = asked_words(asked)
        held = {word: self._asked(query, match_any(word), [], FREQUENT)[0][0] for word in words}
        return match_any(" ".join(word for word in words if held[word] < FREQUENT) or asked)

    def _asked(self, query: str, match: str | None, values: list[object], most: int) -> list[sqlite3.Row]:
        if match is None:
            return []
        try:
            return self._db.execute(query, [match, *values, most]).fetchall()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorname", "").startswith("SQLITE_CORRUPT"):
                raise SearchDamagedError from error
            raise


def _narrowed(narrow: Narrow) -> tuple[str, list[object]]:
    """What stands behind WHERE for `e` (episodes) and, where only insights are meant, `i` (insights)."""
    clauses: dict[str, object] = {
        "e.feed_id = ?": narrow.feed_id,
        "e.published_ms >= ?": narrow.since_ms,
        "e.published_ms < ?": narrow.until_ms,
        "i.id IN (SELECT insight_id FROM topic_insights WHERE topic_id = ?)": narrow.topic_id,
    }
    given = {clause: value for clause, value in clauses.items() if value is not None}
    saved = " AND i.id IN (SELECT insight_id FROM marks WHERE saved = 1)" if narrow.saved else ""
    return "".join(f" AND {clause}" for clause in given) + saved, list(given.values())
