"""Transcripts that the user brought: the user's own, which nothing that is fetched or heard replaces."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from earmark.library.facts_rows import chapters_json
from earmark.library.feed_writes import JobWrites, put_transcript
from earmark.records import Changes, Chapter, EpisodeId, Step, Transcript


class OwnWordsWrites(JobWrites):
    """Stores and removes the user's own transcripts, and what a recording says of itself."""

    def store_own_transcript(self, episode_id: EpisodeId, transcript: Transcript) -> Changes:
        """Keep the user's words of an episode in place of all others; it waits to be read with them.

        What was found in it before is shown until then.
        """
        with self._transaction() as db:
            put_transcript(db, episode_id, replace(transcript, source="user"))
            _read_anew(db, episode_id, "extract")
        return Changes(episode_ids=frozenset({episode_id}))

    def remove_own_transcript(self, episode_id: EpisodeId) -> Changes:
        """Forget the user's words of an episode; it waits for its publisher's, or to be listened to.

        Insights need the row of a transcript to be shown, so it stays, empty, until the episode is read anew.
        """
        with self._transaction() as db:
            db.execute("DELETE FROM stretches WHERE episode_id = ?", [episode_id])
            db.execute("DELETE FROM people WHERE episode_id = ? AND speaks = 1", [episode_id])
            db.execute("DELETE FROM segments WHERE episode_id = ?", [episode_id])
            db.execute(
                "UPDATE transcripts SET source = 'speech', language = NULL, model_id = NULL, sha256 = NULL,"
                " complete = 0, next_ms = 0, by_user = 0 WHERE episode_id = ? AND by_user = 1",
                [episode_id],
            )
            _read_anew(db, episode_id, "words")
        return Changes(episode_ids=frozenset({episode_id}))

    def note_recording(
        self, episode_id: EpisodeId, sha256: str, duration_ms: int | None, chapters: Sequence[Chapter]
    ) -> None:
        """Keep what the recording with this hash says of its length and of its chapters."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO recordings VALUES (?, ?, ?, ?)",
                [episode_id, sha256, duration_ms, chapters_json(chapters)],
            )


def _read_anew(db: sqlite3.Connection, episode_id: EpisodeId, step: Step) -> None:
    db.execute("DELETE FROM extractions WHERE episode_id = ?", [episode_id])
    db.execute(
        "INSERT INTO jobs (episode_id, step, state) VALUES (?, ?, 'waiting') ON CONFLICT (episode_id)"
        " DO UPDATE SET step = excluded.step, state = 'waiting', attempts = 0, reason = NULL",
        [episode_id, step],
    )
