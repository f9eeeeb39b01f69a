"""Writing what search needs."""

from collections.abc import Mapping, Sequence

from earmark.found import TopicId
from earmark.library.keeping_writes import KeepingWrites
from earmark.library.search_schema import make_anew
from earmark.records import Changes, InsightId


class SearchWrites(KeepingWrites):
    """Stores topics, and mends the indexes of words."""

    def rebuild_search(self) -> None:
        """Build all indexes of words anew from what the library holds."""
        with self._transaction() as db:
            make_anew(db)

    def store_topics(
        self,
        members: Mapping[InsightId, TopicId | None],
        new: Sequence[tuple[str, Sequence[InsightId]]],
        model_id: str,
        *,
        anew: bool = False,
    ) -> Changes:
        """Keep to which topic each insight belongs (None: to none), and make new ones with their names.

        A topic to which none belongs ends; its number is never given again. `anew`: forget all topics first.
        """
        after = dict(members)
        with self._transaction() as db:
            if anew:
                db.execute("DELETE FROM topic_insights")
            rows = db.execute("SELECT insight_id, topic_id FROM topic_insights")
            before: dict[InsightId, TopicId | None] = {InsightId(row[0]): row[1] for row in rows}
            for name, ids in new:
                made = db.execute("INSERT INTO topics (name, model_id) VALUES (?, ?)", [name, model_id])
                after |= dict.fromkeys(ids, TopicId(made.lastrowid or 0))
            moved = [id_ for id_ in after if id_ not in before or before[id_] != after[id_]]
            db.executemany(
                "INSERT INTO topic_insights (insight_id, topic_id) VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET topic_id = excluded.topic_id",
                [[id_, after[id_]] for id_ in moved],
            )
            db.execute(
                "DELETE FROM topics WHERE id NOT IN"
                " (SELECT topic_id FROM topic_insights WHERE topic_id IS NOT NULL)"
            )
        return Changes(insight_ids=frozenset(moved))
