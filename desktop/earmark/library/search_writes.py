"""Writing what search needs."""

from collections.abc import Mapping, Sequence

from earmark.found import TopicId
from earmark.library.link_writes import LinkWrites
from earmark.library.search_schema import make_anew
from earmark.records import Changes, InsightId


class SearchWrites(LinkWrites):
    """Stores topics, and mends the indexes of words."""

    def rebuild_search(self) -> None:
        """Build all indexes of words anew from what the library holds."""
        with self._transaction() as db:
            make_anew(db)

    def store_topics(
        self,
        members: Mapping[TopicId, Sequence[InsightId]],
        new: Sequence[tuple[str, Sequence[InsightId]]],
        model_id: str,
    ) -> Changes:
        """Keep which insights belong together: topics that are known, by their ids, and new ones with their
        names. A topic that is not among them ends; its number is never given again."""
        with self._transaction() as db:
            rows = db.execute("SELECT insight_id, topic_id FROM topic_insights")
            before = {InsightId(row[0]): int(row[1]) for row in rows}
            known = [int(topic_id) for topic_id in members]
            gone = {row[0] for row in db.execute("SELECT id FROM topics")} - set(known)
            db.executemany("DELETE FROM topics WHERE id = ?", [[each] for each in gone])
            after = {id_: int(topic_id) for topic_id, ids in members.items() for id_ in ids}
            for name, ids in new:
                made = db.execute("INSERT INTO topics (name, model_id) VALUES (?, ?)", [name, model_id])
                after |= dict.fromkeys(ids, int(made.lastrowid or 0))
            db.executemany(
                "DELETE FROM topic_insights WHERE insight_id = ?",
                [[id_] for id_, topic_id in before.items() if after.get(id_) != topic_id],
            )
            db.executemany(
                "INSERT INTO topic_insights (insight_id, topic_id) VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET topic_id = excluded.topic_id",
                [each for each in after.items() if before.get(each[0]) != each[1]],
            )
        moved = {id_ for id_ in {*before, *after} if before.get(id_) != after.get(id_)}
        return Changes(insight_ids=frozenset(moved))
