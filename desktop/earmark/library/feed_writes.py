"""Writing feeds, episodes, words and work; one transaction a call."""

import hashlib
import json
import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from earmark.errors import DISK_FULL, KnownError, disk_is_full
from earmark.library.care_rows import drop_old, still_listed, take_first_episodes
from earmark.library.facts_rows import chapters_json, facts_json, put_show_facts
from earmark.library.insight_queries import Reader
from earmark.library.requests_beside import forget_waiting, waiting
from earmark.library.schedule_writes import put_checks, put_schedule
from earmark.library.search_queries import raise_if_search_is_damaged
from earmark.library.search_rows import insert_stretches, put_episode_text, put_people
from earmark.records import (
    Changes,
    Chapter,
    Check,
    EpisodeId,
    FeedId,
    JobState,
    ParsedEpisode,
    ParsedFeed,
    Schedule,
    Segment,
    ShowFacts,
    Step,
    Transcript,
)

_EPISODE_COLUMNS = (
    "guid, title, published_ms, enclosure_url, enclosure_mime, enclosure_bytes, transcripts,"
    " duration_ms, notes, link, chapters, chapters_url, people, facts"
)


_REQUESTS_KEPT = 1000
MOST_QUEUED = 50
"""So many new episodes of one feed at once: what brings more is mostly a feed whose GUIDs have changed."""
FAULTS_OF_THE_WORLD = (
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_BUSY",
    "SQLITE_READONLY",
    "SQLITE_CANTOPEN",
    "SQLITE_NOMEM",
)


class FeedWrites(Reader):
    """Stores what comes from the network and from listening."""

    def __init__(self, db: sqlite3.Connection, cache: Path) -> None:
        super().__init__(db, cache)
        self._requests: deque[tuple[int, str, str, int | None, int]] = deque()

    def log_request(self, time_ms: int, host: str, why: str, status: int | None, size_bytes: int) -> None:
        """Note a request to the network. From any thread: it is written with the next transaction."""
        self._requests.append((time_ms, host, why, status, size_bytes))

    def write_requests(self) -> int:
        """Write now what was noted, for whoever wants to read it; how many."""
        noted = len(self._requests)
        if noted:
            with self._transaction():
                pass
        return noted

    def take_in_requests(self, folder: Path) -> None:
        """List what was asked while another process owned this library; none is listed twice."""
        found = waiting(folder)
        if found:
            with self._transaction() as db:
                db.executemany(
                    "INSERT INTO requests (time_ms, host, why, status, size_bytes) SELECT ?1, ?2, ?3, ?4, ?5"
                    " WHERE NOT EXISTS (SELECT 1 FROM requests WHERE (time_ms, host, why, size_bytes)"
                    " = (?1, ?2, ?3, ?5) AND status IS ?4)",
                    found,
                )
        forget_waiting(folder)

    def _write_requests(self) -> int:
        """Write what was noted; how many, so that they are forgotten once they are stored."""
        noted = list(self._requests)
        self._db.executemany(
            "INSERT INTO requests (time_ms, host, why, status, size_bytes) VALUES (?, ?, ?, ?, ?)", noted
        )
        self._db.execute(
            "DELETE FROM requests WHERE id <= (SELECT max(id) FROM requests) - ?", [_REQUESTS_KEPT]
        )
        return len(noted)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; takes the write lock at once, so that no step is half done and then refused."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            noted = self._write_requests()
            yield self._db
            self._db.commit()
        except sqlite3.OperationalError as error:
            self._db.rollback()
            if getattr(error, "sqlite_errorname", "").startswith(FAULTS_OF_THE_WORLD):
                why = f" {DISK_FULL}" if disk_is_full(error) else ""
                raise KnownError(
                    f"The library could not be written ({error}). Nothing changed.{why}"
                ) from error
            raise
        except sqlite3.DatabaseError as error:
            self._db.rollback()
            raise_if_search_is_damaged(error)
            raise
        except BaseException:
            self._db.rollback()
            raise
        for _ in range(noted):
            self._requests.popleft()

    def add_feed(self, url: str, parsed: ParsedFeed, *, near: bool = False) -> FeedId:
        """Subscribe; the same address again gives the same feed."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO feeds (url, title, link, language, near) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (url) DO NOTHING",
                [url, parsed.title, parsed.link, parsed.language, near],
            )
            return FeedId(db.execute("SELECT id FROM feeds WHERE url = ?", [url]).fetchone()[0])

    def apply_refresh(
        self,
        feed_id: FeedId,
        *,
        new: Sequence[ParsedEpisode],
        changed: Sequence[tuple[EpisodeId, ParsedEpisode]],
        title: str,
        link: str | None,
        language: str | None,
        url: str,
        etag: str | None,
        last_modified: str | None,
        body_sha256: str | None,
        now_ms: int,
        backlog: int,
        facts: ShowFacts | None = None,
        schedule: Schedule | None = None,
    ) -> Changes:
        """Take in what a feed document brought, and when to ask again.

        A feed's first episodes are queued up to its newest `backlog`; after that the new ones are, at most
        the newest 50 at once. `changes.episode_ids` holds the new and the changed.
        """
        with self._transaction() as db:
            first = not db.execute("SELECT 1 FROM episodes WHERE feed_id = ? LIMIT 1", [feed_id]).fetchone()
            db.execute(
                "UPDATE feeds SET url = ?, title = ?, link = ?, language = ?, etag = ?, last_modified = ?,"
                " body_sha256 = ?, checked_ms = ?, error = NULL WHERE id = ?",
                [url, title, link, language, etag, last_modified, body_sha256, now_ms, feed_id],
            )
            if facts is not None:
                put_show_facts(db, feed_id, facts)
            anew = take_first_episodes(db, feed_id)
            if anew is not None:
                first, backlog = True, anew
            newest_first = sorted(still_listed(db, feed_id, new), key=lambda e: -(e.published_ms or 0))
            queued = newest_first[: backlog if first else MOST_QUEUED]
            ids = {e.guid: _insert_episode(db, feed_id, e) for e in newest_first}
            db.executemany(
                "INSERT INTO jobs (episode_id, step, state) VALUES (?, 'words', 'waiting')",
                [[ids[e.guid]] for e in queued],
            )
            for episode_id, episode in changed:
                _update_episode(db, episode_id, episode)
            if schedule is not None:
                put_schedule(db, feed_id, schedule)
            drop_old(db, feed_id, now_ms)
        return Changes(
            frozenset({feed_id}), frozenset(ids.values()) | frozenset(episode_id for episode_id, _ in changed)
        )

    def note_checks(self, checks: Sequence[Check], *, now_ms: int) -> Changes:
        """Checks that brought nothing new, and when each feed is to be asked again."""
        with self._transaction() as db:
            return put_checks(db, checks, now_ms)

    def store_chapters(self, episode_id: EpisodeId, chapters: Sequence[Chapter]) -> None:
        """Keep what the file of an episode's chapters said."""
        with self._transaction() as db:
            db.execute(
                "UPDATE episodes SET fetched_chapters = ? WHERE id = ?",
                [chapters_json(chapters), episode_id],
            )

    def store_transcript(self, episode_id: EpisodeId, transcript: Transcript) -> Changes:
        """Keep all words of an episode, in place of any part that was heard before.

        Words that the user brought stay; only `store_own_transcript` replaces them.
        """
        with self._transaction() as db:
            if self.has_own_transcript(episode_id):
                return Changes()
            put_transcript(db, episode_id, transcript)
        return Changes(episode_ids=frozenset({episode_id}))

    def append_window(
        self,
        episode_id: EpisodeId,
        segments: Sequence[Segment],
        *,
        next_ms: int,
        total_ms: int,
        model_id: str,
        language: str | None = None,
    ) -> Changes:
        """Keep what one window of audio gave, where listening goes on, and the language that is heard."""
        with self._transaction() as db:
            if self.has_own_transcript(episode_id):
                return Changes()
            db.execute(
                "INSERT INTO transcripts (episode_id, source, model_id, complete, next_ms, language)"
                " VALUES (?, 'speech', ?, 0, ?, ?)"
                " ON CONFLICT (episode_id) DO UPDATE SET next_ms = excluded.next_ms,"
                " language = excluded.language",
                [episode_id, model_id, next_ms, language],
            )
            number = db.execute(
                "SELECT coalesce(max(number), -1) + 1 FROM segments WHERE episode_id = ?", [episode_id]
            ).fetchone()[0]
            _insert_segments(db, episode_id, number, segments)
            db.execute(
                "UPDATE jobs SET progress_ms = ?, total_ms = ? WHERE episode_id = ?",
                [next_ms, total_ms, episode_id],
            )
        return Changes(episode_ids=frozenset({episode_id}))

    def finish_transcript(self, episode_id: EpisodeId) -> Changes:
        """All of the audio was heard. An episode in which nothing was said has an empty transcript."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO transcripts (episode_id, source, complete, next_ms) VALUES (?, 'speech', 0, 0)"
                " ON CONFLICT DO NOTHING",
                [episode_id],
            )
            db.execute(
                "UPDATE transcripts SET complete = 1, sha256 = ? WHERE episode_id = ?",
                [_sha256(self.segments(episode_id, 0, 2**62)), episode_id],
            )
        return Changes(episode_ids=frozenset({episode_id}))

    def set_listen_language(self, feed_id: FeedId, language: str | None) -> Changes:
        """Which language is spoken in a show, for what is heard from now on; None: to be heard."""
        with self._transaction() as db:
            db.execute("UPDATE feeds SET listen_language = ? WHERE id = ?", [language, feed_id])
        return Changes(feed_ids=frozenset({feed_id}))

    def note_download(self, episode_id: EpisodeId, file_name: str, size_bytes: int, sha256: str) -> Changes:
        """The audio of an episode lies in the audio folder under `file_name`."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO downloads (episode_id, file_name, size_bytes, sha256)"
                " VALUES (?, ?, ?, ?)",
                [episode_id, file_name, size_bytes, sha256],
            )
        return Changes(episode_ids=frozenset({episode_id}))


class JobWrites(FeedWrites):
    """Stores where the work stands."""

    def set_job(
        self,
        episode_id: EpisodeId,
        *,
        step: Step,
        state: JobState,
        attempts: int | None = None,
        reason: str | None = None,
    ) -> Changes:
        """Where an episode stands now; `reason` is cleared unless it is given anew."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO jobs (episode_id, step, state, attempts, reason)"
                " VALUES (?, ?, ?, coalesce(?, 0), ?)"
                " ON CONFLICT (episode_id) DO UPDATE SET step = excluded.step, state = excluded.state,"
                " attempts = coalesce(?, attempts), reason = excluded.reason",
                [episode_id, step, state, attempts, reason, attempts],
            )
        return Changes(episode_ids=frozenset({episode_id}))

    def requeue_interrupted(self) -> int:
        """What was running when the program ended waits again; how many."""
        with self._transaction() as db:
            return db.execute("UPDATE jobs SET state = 'waiting' WHERE state = 'running'").rowcount

    def retry_failed(self) -> int:
        """What failed waits again; how many."""
        with self._transaction() as db:
            return db.execute(
                "UPDATE jobs SET state = 'waiting', attempts = 0, reason = NULL WHERE state = 'failed'"
            ).rowcount


def _insert_episode(db: sqlite3.Connection, feed_id: FeedId, episode: ParsedEpisode) -> EpisodeId:
    values = [feed_id, *_episode_values(episode)]
    places = ", ".join("?" * len(values))
    row = db.execute(
        f"INSERT INTO episodes (feed_id, {_EPISODE_COLUMNS}) VALUES ({places}) RETURNING id",
        values,
    ).fetchone()
    _make_findable(db, row[0], feed_id, episode)
    return EpisodeId(row[0])


def _update_episode(db: sqlite3.Connection, episode_id: EpisodeId, episode: ParsedEpisode) -> None:
    settings = ", ".join(f"{name.strip()} = ?" for name in _EPISODE_COLUMNS.split(","))
    db.execute(f"UPDATE episodes SET {settings} WHERE id = ?", [*_episode_values(episode), episode_id])
    db.execute("DELETE FROM people WHERE episode_id = ? AND speaks = 0", [episode_id])
    _make_findable(db, episode_id, _feed_of(db, episode_id), episode)


def _make_findable(db: sqlite3.Connection, episode_id: int, feed_id: int, episode: ParsedEpisode) -> None:
    put_episode_text(db, episode_id, episode.title, episode.notes)
    put_people(db, episode_id, feed_id, episode.people, speaks=False)


def _feed_of(db: sqlite3.Connection, episode_id: int) -> int:
    return int(db.execute("SELECT feed_id FROM episodes WHERE id = ?", [episode_id]).fetchone()[0])


def _episode_values(episode: ParsedEpisode) -> list[object]:
    enclosure = episode.enclosure
    return [
        episode.guid,
        episode.title,
        episode.published_ms,
        enclosure.url if enclosure else None,
        enclosure.mime if enclosure else None,
        enclosure.length_bytes if enclosure else None,
        json.dumps([[link.url, link.mime, link.language] for link in episode.transcripts]),
        episode.duration_ms,
        episode.notes,
        episode.link,
        chapters_json(episode.chapters),
        episode.chapters_url,
        json.dumps(episode.people, ensure_ascii=False),
        facts_json(episode.facts),
    ]


def put_transcript(db: sqlite3.Connection, episode_id: EpisodeId, transcript: Transcript) -> None:
    """Write all words of an episode, in place of all others."""
    by_user = transcript.source == "user"
    source = "publisher" if by_user else transcript.source
    db.execute("DELETE FROM transcripts WHERE episode_id = ?", [episode_id])
    db.execute(
        "INSERT INTO transcripts (episode_id, source, language, model_id, complete, next_ms, sha256, by_user)"
        " VALUES (?, ?, ?, ?, 1, 0, ?, ?)",
        [
            episode_id,
            source,
            transcript.language,
            transcript.model_id,
            _sha256(transcript.segments),
            by_user,
        ],
    )
    _insert_segments(db, episode_id, 0, transcript.segments)


def _insert_segments(
    db: sqlite3.Connection, episode_id: EpisodeId, first: int, segments: Sequence[Segment]
) -> None:
    db.executemany(
        "INSERT INTO segments (episode_id, number, start_ms, end_ms, text, speaker, words)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            [episode_id, number, s.start_ms, s.end_ms, s.text, s.speaker, _words_json(s)]
            for number, s in enumerate(segments, start=first)
        ],
    )
    insert_stretches(db, episode_id, ((number, s.text) for number, s in enumerate(segments, start=first)))
    put_people(db, episode_id, _feed_of(db, episode_id), {s.speaker for s in segments}, speaks=True)


def _words_json(segment: Segment) -> str | None:
    return json.dumps([segment.word_ms, segment.doubts], separators=(",", ":")) if segment.word_ms else None


def _sha256(segments: Sequence[Segment]) -> str:
    return hashlib.sha256("\n".join(segment.text for segment in segments).encode()).hexdigest()
