"""Writing what is close to what."""

from collections.abc import Iterable, Mapping, Sequence

from earmark.library.own_words import OwnWordsWrites
from earmark.records import Changes, InsightId, Link, Verdict


class LinkWrites(OwnWordsWrites):
    """Stores links and their kinds. What hangs on what changed is marked, so that no crash can lose it."""

    def store_links(
        self, links: Mapping[InsightId, Sequence[Link]], hubs: Mapping[InsightId, float], model_id: str
    ) -> Changes:
        """Replace the links that start at these insights, as the vectors of `model_id` have it.

        The lists of these and of all that link to them are then to be made anew (`unlisted`); until that is
        done, what stays keeps its place. Only `score` of the links is taken.
        """
        rows = [[link.insight_id, link.other_id, link.score] for own in links.values() for link in own]
        with self._transaction() as db:
            before = self.links_of(links)
            wanted = {(row[0], row[1]) for row in rows}
            lost = [k for own in before.values() for k in own if (k.insight_id, k.other_id) not in wanted]
            db.executemany(
                "DELETE FROM links WHERE insight_id = ? AND other_id = ?",
                [[link.insight_id, link.other_id] for link in lost],
            )
            db.executemany(
                "INSERT INTO links (insight_id, other_id, score) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET score = excluded.score",
                rows,
            )
            db.executemany(
                "INSERT OR REPLACE INTO relations (insight_id, model_id, hub, stale) VALUES (?, ?, ?, 1)",
                [[id_, model_id, hubs[id_]] for id_ in links],
            )
            db.executemany(
                "UPDATE relations SET stale = 1 WHERE stale = 0"
                " AND insight_id IN (SELECT insight_id FROM links WHERE other_id = ?)",
                [[id_] for id_ in links],
            )
        return Changes(insight_ids=frozenset(link.insight_id for link in lost if link.place is not None))

    def store_lists(self, lists: Mapping[InsightId, Sequence[Link]]) -> Changes:
        """Set the places of links, as the lists of these insights have them."""
        with self._transaction() as db:
            before = self.links_of(lists)
            changed = [id_ for id_, own in lists.items() if set(before.get(id_, ())) != set(own)]
            db.executemany(
                "UPDATE links SET place = ?, folded_into = ? WHERE insight_id = ? AND other_id = ?",
                [
                    [link.place, link.folded_into, id_, link.other_id]
                    for id_ in changed
                    for link in lists[id_]
                ],
            )
            db.executemany(
                "UPDATE relations SET stale = 0 WHERE stale = 1 AND insight_id = ?", [[id_] for id_ in lists]
            )
        return Changes(insight_ids=frozenset(changed))

    def store_verdicts(self, verdicts: Iterable[Verdict], *, version: str, model_id: str) -> None:
        """Keep what was told of pairs; the lists of both are then to be made anew."""
        told = list(verdicts)
        if any(verdict.one_id >= verdict.other_id for verdict in told):
            raise ValueError("a pair is told of from the lower id")
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO kinds (one_id, other_id, kind, why, version, model_id)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [[v.one_id, v.other_id, v.kind, v.why, version, model_id] for v in told],
            )
            ends = {id_ for verdict in told for id_ in (verdict.one_id, verdict.other_id)}
            db.executemany(
                "UPDATE relations SET stale = 1 WHERE stale = 0 AND insight_id = ?", [[id_] for id_ in ends]
            )

    def forget_lost_verdicts(self) -> None:
        """Let go of what was told of insights that are no more."""
        with self._transaction() as db:
            db.execute(
                "DELETE FROM kinds WHERE one_id NOT IN (SELECT id FROM insights)"
                " OR other_id NOT IN (SELECT id FROM insights)"
            )
