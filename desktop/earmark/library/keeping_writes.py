"""Writing what is kept of recordings."""

from collections.abc import Collection, Sequence

from earmark.library.link_writes import LinkWrites
from earmark.records import Changes, Clip, EpisodeId, InsightId


class KeepingWrites(LinkWrites):
    """Stores which recordings are here, and the moments kept of them."""

    def note_kept(
        self, episode_id: EpisodeId, *, fetched_ms: int, length_told: bool = True, asked: bool = False
    ) -> Changes:
        """What is known of a recording that was just noted as downloaded."""
        with self._transaction() as db:
            db.execute(
                "UPDATE downloads SET fetched_ms = ?, length_told = ?, asked = max(asked, ?), cut_ms = NULL"
                " WHERE episode_id = ?",
                [fetched_ms, length_told, asked, episode_id],
            )
        return Changes(episode_ids=frozenset({episode_id}))

    def keep_asked(self, episode_id: EpisodeId) -> Changes:
        """The user wants the recording that is here to stay."""
        with self._transaction() as db:
            db.execute("UPDATE downloads SET asked = 1 WHERE episode_id = ?", [episode_id])
        return Changes(episode_ids=frozenset({episode_id}))

    def note_cut(self, episode_id: EpisodeId, heard_ms: int) -> Changes:
        """A recording may have been cut on its way; so much of it came."""
        with self._transaction() as db:
            db.execute("UPDATE downloads SET cut_ms = ? WHERE episode_id = ?", [heard_ms, episode_id])
        return Changes(episode_ids=frozenset({episode_id}))

    def forget_audio(self, episode_ids: Collection[EpisodeId]) -> Changes:
        """These recordings are not on this computer any more."""
        if not episode_ids:
            return Changes()
        with self._transaction() as db:
            db.executemany("DELETE FROM downloads WHERE episode_id = ?", [[id_] for id_ in episode_ids])
        return Changes(episode_ids=frozenset(episode_ids))

    def store_clips(self, clips: Sequence[Clip]) -> Changes:
        """These moments lie in the clips folder, in place of those of the same insights."""
        if not clips:
            return Changes()
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO clips (insight_id, file_name, start_ms, end_ms, size_bytes)"
                " VALUES (?, ?, ?, ?, ?)",
                [[c.insight_id, c.file_name, c.start_ms, c.end_ms, c.size_bytes] for c in clips],
            )
        return Changes(insight_ids=frozenset(clip.insight_id for clip in clips))

    def forget_clips(self, insight_ids: Collection[InsightId]) -> Changes:
        """These moments are not kept any more."""
        if not insight_ids:
            return Changes()
        with self._transaction() as db:
            db.executemany("DELETE FROM clips WHERE insight_id = ?", [[id_] for id_ in insight_ids])
        return Changes(insight_ids=frozenset(insight_ids))
