"""What can be asked about feeds, episodes and work."""

import json
import sqlite3
from typing import Any

from earmark.errors import KnownError
from earmark.library.facts_rows import chapters_of, episode_facts, show_facts
from earmark.records import (
    Chapter,
    Download,
    Enclosure,
    Episode,
    EpisodeId,
    Feed,
    FeedId,
    Job,
    Passage,
    Segment,
    ShowFacts,
    Transcript,
    TranscriptLink,
    WordsSource,
)

_EPISODES = """SELECT e.id, e.feed_id, f.title AS feed_title, f.url AS feed_url, e.guid, e.title,
    e.published_ms, e.enclosure_url, e.enclosure_mime, e.enclosure_bytes, e.transcripts, e.duration_ms,
    e.notes, e.link, e.chapters, e.chapters_url, e.people, e.facts
    FROM episodes e JOIN feeds f ON f.id = e.feed_id"""
_COUNTS = """SELECT
    (SELECT count(*) FROM episodes) AS episodes,
    (SELECT count(*) FROM transcripts) AS transcripts,
    (SELECT count(*) FROM insights) AS insights,
    (SELECT count(*) FROM briefs) AS briefs,
    (SELECT count(*) FROM feeds WHERE id NOT IN
        (SELECT feed_id FROM subscriptions WHERE ended_ms IS NOT NULL)) AS feeds,
    (SELECT count(*) FROM jobs WHERE state = 'waiting') AS waiting,
    (SELECT count(*) FROM jobs WHERE state = 'running') AS running,
    (SELECT count(*) FROM jobs WHERE state = 'failed') AS failed,
    (SELECT count(*) FROM extractions) AS read,
    (SELECT count(*) FROM marks WHERE saved = 1) AS saved"""
"""In one question: each gives up Python's lock, which the window waits for (tests/benchmarks/feeds.md)."""
_NEWEST_FIRST = " ORDER BY e.published_ms IS NULL, e.published_ms DESC, e.id"


class EpisodeQueries:
    """Asks over one connection, on the thread that opened it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        db.row_factory = sqlite3.Row
        self._db = db

    def feeds(self) -> list[Feed]:
        """Every subscription, by title, without those that the user ended."""
        rows = self._db.execute(
            "SELECT * FROM feeds WHERE id NOT IN"
            " (SELECT feed_id FROM subscriptions WHERE ended_ms IS NOT NULL)"
            " ORDER BY title COLLATE NOCASE, id"
        )
        return [_feed(row) for row in rows]

    def feed(self, feed_id: FeedId) -> Feed:
        """One subscription. Raises KnownError for an unknown id."""
        row = self._db.execute("SELECT * FROM feeds WHERE id = ?", [feed_id]).fetchone()
        if row is None:
            raise KnownError(f"There is no show with the number {feed_id} in your library.")
        return _feed(row)

    def feed_by_url(self, url: str) -> Feed | None:
        """The subscription at an address."""
        row = self._db.execute("SELECT * FROM feeds WHERE url = ?", [url]).fetchone()
        return _feed(row) if row else None

    def show_facts(self, feed_id: FeedId) -> ShowFacts:
        """What a show says of itself; nothing where it was last refreshed by an older Earmark."""
        row = self._db.execute("SELECT facts FROM show_facts WHERE feed_id = ?", [feed_id]).fetchone()
        return show_facts(row[0]) if row else ShowFacts()

    def episodes(self, feed_id: FeedId | None = None) -> list[Episode]:
        """The episodes of a feed or of all, newest first; undated ones last."""
        where, values = (" WHERE e.feed_id = ?", [feed_id]) if feed_id is not None else ("", [])
        return [_episode(row) for row in self._db.execute(_EPISODES + where + _NEWEST_FIRST, values)]

    def episode(self, episode_id: EpisodeId) -> Episode:
        """One episode. Raises KnownError for an unknown id."""
        row = self._db.execute(_EPISODES + " WHERE e.id = ?", [episode_id]).fetchone()
        if row is None:
            raise KnownError(f"There is no episode with the number {episode_id} in your library.")
        return _episode(row)

    def fetched_chapters(self, episode_id: EpisodeId) -> tuple[Chapter, ...] | None:
        """What the file of an episode's chapters said; None while it was not fetched."""
        row = self._db.execute("SELECT fetched_chapters FROM episodes WHERE id = ?", [episode_id]).fetchone()
        return chapters_of(row[0]) if row and row[0] is not None else None

    def has_transcript(self, episode_id: EpisodeId) -> bool:
        """Whether all words of an episode are there."""
        row = self._db.execute(
            "SELECT complete FROM transcripts WHERE episode_id = ?", [episode_id]
        ).fetchone()
        return bool(row and row[0])

    def transcript(self, episode_id: EpisodeId) -> Transcript | None:
        """All words of an episode, or None while they are not complete."""
        row = self._db.execute(
            "SELECT * FROM transcripts WHERE episode_id = ? AND complete = 1", [episode_id]
        ).fetchone()
        if row is None:
            return None
        segments = self._segments(episode_id, 0, 2**62)
        source: WordsSource = "user" if row["by_user"] else row["source"]
        return Transcript(source, tuple(segments), row["language"], row["model_id"])

    def recording(self, episode_id: EpisodeId, sha256: str) -> tuple[int | None, tuple[Chapter, ...]] | None:
        """(duration_ms, chapters) as the recording with this hash says; None where that was not looked at."""
        row = self._db.execute(
            "SELECT duration_ms, chapters FROM recordings WHERE episode_id = ? AND sha256 = ?",
            [episode_id, sha256],
        ).fetchone()
        return (row[0], chapters_of(row[1])) if row else None

    def has_own_transcript(self, episode_id: EpisodeId) -> bool:
        """Whether the words of an episode are the user's own."""
        query = "SELECT by_user FROM transcripts WHERE episode_id = ?"
        row = self._db.execute(query, [episode_id]).fetchone()
        return bool(row and row[0])

    def words_source(self, episode_id: EpisodeId) -> WordsSource | None:
        """Where the words of an episode come from, as far as they are there; None where there are none."""
        row = self._db.execute(
            "SELECT iif(by_user, 'user', source) FROM transcripts WHERE episode_id = ?", [episode_id]
        ).fetchone()
        return row[0] if row else None

    def heard_language(self, episode_id: EpisodeId) -> str | None:
        """The language that was heard so far; None where nobody has spoken yet."""
        row = self._db.execute(
            "SELECT language FROM transcripts WHERE episode_id = ?", [episode_id]
        ).fetchone()
        return str(row[0]) if row and row[0] else None

    def said(self, episode_id: EpisodeId) -> list[Segment]:
        """What is there of an episode's words, complete or not, without what is known of single words."""
        rows = self._db.execute(
            "SELECT start_ms, end_ms, text, speaker FROM segments WHERE episode_id = ? ORDER BY number",
            [episode_id],
        )
        return [Segment(*row) for row in rows]

    def partial_segments(self, episode_id: EpisodeId) -> tuple[list[Segment], int]:
        """What was heard so far, and where in the audio listening goes on (milliseconds)."""
        row = self._db.execute(
            "SELECT next_ms FROM transcripts WHERE episode_id = ?", [episode_id]
        ).fetchone()
        return (self._segments(episode_id, 0, 2**62), row[0]) if row else ([], 0)

    def segments(self, episode_id: EpisodeId, first: int, last: int) -> list[Segment]:
        """Segments by number, both ends included; numbers beyond the ends give what there is."""
        return self._segments(episode_id, first, last)

    def segments_between(self, episode_id: EpisodeId, start_ms: int, end_ms: int) -> list[Segment]:
        """What is said between two moments, with the segments that hold them."""
        rows = self._db.execute(
            "SELECT start_ms, end_ms, text, speaker, words FROM segments"
            " WHERE episode_id = ? AND start_ms < ? AND end_ms > ? ORDER BY number",
            [episode_id, end_ms, start_ms],
        )
        return [_segment(row) for row in rows]

    def _segments(self, episode_id: EpisodeId, first: int, last: int) -> list[Segment]:
        rows = self._db.execute(
            "SELECT start_ms, end_ms, text, speaker, words FROM segments"
            " WHERE episode_id = ? AND number BETWEEN ? AND ? ORDER BY number",
            [episode_id, first, last],
        )
        return [_segment(row) for row in rows]

    def word_count(self, episode_id: EpisodeId) -> int:
        """How many words of an episode are there, as good as spaces between them tell."""
        row = self._db.execute(
            "SELECT sum(length(text) - length(replace(text, ' ', '')) + 1) FROM segments"
            " WHERE episode_id = ?",
            [episode_id],
        ).fetchone()
        return int(row[0] or 0)

    def passages(self, episode_id: EpisodeId) -> list[Passage]:
        """The passages of an episode in order."""
        rows = self._db.execute(
            "SELECT first_sentence, last_sentence, start_ms, end_ms, kind FROM passages"
            " WHERE episode_id = ? ORDER BY first_sentence",
            [episode_id],
        )
        return [Passage(*row) for row in rows]

    def download(self, episode_id: EpisodeId) -> Download | None:
        """The audio file that was downloaded for an episode."""
        row = self._db.execute(
            "SELECT file_name, size_bytes, sha256 FROM downloads WHERE episode_id = ?", [episode_id]
        ).fetchone()
        return Download(*row) if row else None


class JobQueries(EpisodeQueries):
    """What can be asked about work and requests."""

    def jobs(self) -> list[Job]:
        """Every job in the order of work: newest episode first."""
        rows = self._db.execute(
            "SELECT j.* FROM jobs j JOIN episodes e ON e.id = j.episode_id" + _NEWEST_FIRST
        )
        return [_job(row) for row in rows]

    def unfinished_jobs(self) -> list[Job]:
        """The same without those that are done, which are nearly all: each step asks for these."""
        rows = self._db.execute(
            "SELECT j.* FROM jobs j CROSS JOIN episodes e ON e.id = j.episode_id"
            " WHERE j.state IN ('waiting', 'running', 'failed')" + _NEWEST_FIRST
        )
        return [_job(row) for row in rows]

    def job(self, episode_id: EpisodeId) -> Job | None:
        """Where an episode stands; None when it was never queued."""
        row = self._db.execute("SELECT * FROM jobs WHERE episode_id = ?", [episode_id]).fetchone()
        return _job(row) if row else None

    def broke_off(self) -> dict[EpisodeId, tuple[int, int]]:
        """(heard_ms, claimed_ms) where a recording ended before three quarters of what its feed says.

        A feed's own figure is often some minutes off, for adverts are put in and taken out.
        """
        rows = self._db.execute(
            "SELECT e.id, t.next_ms, e.duration_ms FROM transcripts t JOIN episodes e ON e.id = t.episode_id"
            " WHERE t.source = 'speech' AND t.complete = 1 AND t.next_ms * 4 < e.duration_ms * 3"
        )
        return {EpisodeId(row[0]): (row[1], row[2]) for row in rows}

    def library_counts(self) -> dict[str, int]:
        """How many there are of each kind, and of jobs in each state."""
        return dict(self._db.execute(_COUNTS).fetchone())

    def turns(self) -> dict[FeedId, int]:
        """When each show last had an episode read, in ms since 1970; without those that had none."""
        rows = self._db.execute(
            "SELECT e.feed_id, max(x.read_ms) FROM extractions x JOIN episodes e ON e.id = x.episode_id"
            " GROUP BY e.feed_id"
        )
        return {FeedId(row[0]): row[1] for row in rows}

    def requests(self, limit: int = 100) -> list[dict[str, Any]]:
        """The latest requests to the network, newest first: time_ms, host, why, status, size_bytes."""
        rows = self._db.execute("SELECT * FROM requests ORDER BY id DESC LIMIT ?", [limit])
        return [dict(row) for row in rows]

    def request_count(self, since_ms: int) -> tuple[int | None, int]:
        """When the latest of the listed requests was, None without any, and how many came since a moment."""
        latest = self._db.execute("SELECT time_ms FROM requests ORDER BY id DESC LIMIT 1").fetchone()
        count = self._count("SELECT count(*) FROM requests WHERE time_ms >= ?", since_ms)
        return (latest[0] if latest else None), count

    def _count(self, query: str, *values: object) -> int:
        return int(self._db.execute(query, values).fetchone()[0])


def _feed(row: sqlite3.Row) -> Feed:
    return Feed(**{**dict(row), "near": bool(row["near"])})


def _episode(row: sqlite3.Row) -> Episode:
    fields = dict(row)
    url, mime = fields.pop("enclosure_url"), fields.pop("enclosure_mime")
    size = fields.pop("enclosure_bytes")
    links = tuple(TranscriptLink(*link) for link in json.loads(fields.pop("transcripts")))
    chapters = chapters_of(fields.pop("chapters"))
    enclosure = Enclosure(url, mime, size) if url else None
    people = tuple(json.loads(fields.pop("people")))
    facts = episode_facts(fields.pop("facts"))
    return Episode(
        **fields, enclosure=enclosure, transcripts=links, chapters=chapters, people=people, facts=facts
    )


def _segment(row: sqlite3.Row) -> Segment:
    starts, doubts = json.loads(row["words"]) if row["words"] else ((), ())
    doubtful = tuple((number, p) for number, p in doubts)
    return Segment(row["start_ms"], row["end_ms"], row["text"], row["speaker"], tuple(starts), doubtful)


def _job(row: sqlite3.Row) -> Job:
    return Job(**dict(row))
