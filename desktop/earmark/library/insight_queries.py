"""What can be asked about insights, their relations and briefs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self

from earmark.errors import KnownError
from earmark.library.pool_queries import PoolQueries
from earmark.library.search_text import fold
from earmark.records import (
    Brief,
    BriefItem,
    BriefPage,
    Card,
    EpisodeId,
    ExtractionCounts,
    HeldBack,
    Insight,
    InsightId,
    Kind,
    RelatedCard,
)

_INSIGHT = (
    "i.id, i.headline, i.text, i.quote, i.start_ms, i.end_ms, i.first_segment, i.last_segment, i.quality,"
    " i.tier, i.model_id, i.prompt_version, i.checks, i.before_ms, i.after_ms"
)
_CARDS = f"""SELECT {_INSIGHT}, f.title AS feed_title, e.id AS episode_id, e.title AS episode_title,
    e.published_ms, iif(t.by_user, 'user', t.source) AS source,
    coalesce(m.saved, 0) AS saved, coalesce(h.times, 1) AS heard, coalesce(m.hidden, 0) AS hidden,
    coalesce(m.thumb, 0) AS thumb, coalesce(n.text, '') AS note,
    (SELECT count(*) FROM links l WHERE l.insight_id = i.id AND l.place IS NOT NULL
        AND l.other_id NOT IN (SELECT insight_id FROM marks WHERE hidden = 1)) AS related_count
    FROM insights i JOIN episodes e ON e.id = i.episode_id JOIN feeds f ON f.id = e.feed_id
    JOIN transcripts t ON t.episode_id = e.id LEFT JOIN marks m ON m.insight_id = i.id
    LEFT JOIN heard h ON h.insight_id = i.id LEFT JOIN notes n ON n.insight_id = i.id"""
_SAVED = """FROM marks m JOIN insights i ON i.id = m.insight_id JOIN episodes e ON e.id = i.episode_id
    JOIN feeds f ON f.id = e.feed_id JOIN transcripts t ON t.episode_id = e.id
    LEFT JOIN notes n ON n.insight_id = i.id WHERE m.saved = 1"""
_ALL_WORDS = "i.headline, i.text, i.quote, f.title, e.title, coalesce(n.text, '')"
SavedOrder = Literal["saved", "newest", "show", "headline"]
_ORDERS: Mapping[SavedOrder, str] = {
    "saved": "m.changed_ms DESC",
    "newest": "e.published_ms DESC",
    "show": "f.title COLLATE NOCASE, e.published_ms DESC",
    "headline": "i.headline COLLATE NOCASE",
}
_MOST_VALUES = 500
KIND_ORDER: tuple[Kind | None, ...] = (
    "contradicts", "extends", "extended by", "example", "example of", "agrees", "same claim", None,
    "unrelated",
)  # fmt: skip


class Reader(PoolQueries):
    """Read-only questions to a library; one connection, used on the thread that opened it."""

    def insights(self, episode_id: EpisodeId | None = None) -> list[Insight]:
        """The insights of an episode, or of the whole library; each episode's best first."""
        where, values = (" WHERE i.episode_id = ?", [episode_id]) if episode_id is not None else ("", [])
        query = f"SELECT {_INSIGHT} FROM insights i{where} ORDER BY i.episode_id, i.place"
        return [_insight(dict(row)) for row in self._db.execute(query, values)]

    def card(self, insight_id: InsightId) -> Card:
        """An insight with its surroundings. Raises KnownError for an unknown id."""
        found = self.cards([insight_id])
        if not found:
            raise KnownError(f"There is no insight with the id “{insight_id}” in your library.")
        return found[0]

    def cards(self, ids: Iterable[InsightId] | None = None) -> list[Card]:
        """The cards of these insights in this order, unknown ones left out; without ids, of all."""
        if ids is None:
            return [_card(row) for row in self._db.execute(_CARDS + " ORDER BY i.id")]
        wanted = list(ids)
        found: dict[str, Card] = {}
        for first in range(0, len(wanted), _MOST_VALUES):
            part = wanted[first : first + _MOST_VALUES]
            places = ", ".join("?" * len(part))
            rows = self._db.execute(f"{_CARDS} WHERE i.id IN ({places})", part)
            found.update((row["id"], _card(row)) for row in rows)
        return [found[id_] for id_ in wanted if id_ in found]

    def related(self, insight_id: InsightId) -> list[RelatedCard]:
        """What bears on an insight: by kind where one was told, then in the order of its list.

        What the user hid is left out, with what says the same and is folded into it.
        """
        links = self.links_of([insight_id]).get(insight_id, [])
        verdicts = self.verdicts(insight_id)
        others = self.cards([link.other_id for link in links])
        cards = {card.insight.id: card for card in others if not card.hidden}
        also: dict[InsightId, list[Card]] = {}
        for link in sorted(links, key=lambda link: (-link.score, link.other_id)):
            if link.folded_into is not None and link.other_id in cards:
                also.setdefault(link.folded_into, []).append(cards[link.other_id])
        shown = sorted((link.place, link) for link in links if link.place is not None)
        found = []
        for _, link in shown:
            if link.other_id not in cards:
                continue
            kind, why = verdicts.get(link.other_id, (None, ""))
            folded = tuple(also.get(link.other_id, ()))
            found.append(RelatedCard(cards[link.other_id], link.score, folded, kind, why))
        return sorted(found, key=lambda item: KIND_ORDER.index(item.kind))

    def counts(self, episode_id: EpisodeId) -> ExtractionCounts | None:
        """What reading an episode gave; None while it was not read."""
        row = self._db.execute("SELECT counts FROM extractions WHERE episode_id = ?", [episode_id]).fetchone()
        return ExtractionCounts(**json.loads(row[0])) if row else None

    def brief(self, date_iso: str) -> BriefPage | None:
        """The brief of a local date with its cards. Items whose insight was withdrawn are left out."""
        row = self._db.execute("SELECT coverage FROM briefs WHERE date = ?", [date_iso]).fetchone()
        if row is None:
            return None
        rows = self._db.execute(
            "SELECT insight_id, position, why, terms, outside FROM brief_items WHERE date = ?"
            " ORDER BY position",
            [date_iso],
        )
        items = [BriefItem(row[0], row[1], row[2], _terms(row[3]), bool(row[4])) for row in rows]
        cards = {card.insight.id: card for card in self.cards([item.insight_id for item in items])}
        kept = tuple(item for item in items if item.insight_id in cards)
        shown = tuple(cards[item.insight_id] for item in kept)
        return BriefPage(
            Brief(date_iso, row[0], kept), shown, self._held_back(date_iso), self._shelf(date_iso)
        )

    def _held_back(self, date_iso: str) -> tuple[HeldBack, ...]:
        rows = self._db.execute(
            "SELECT insight_id, why FROM held_back WHERE date = ? ORDER BY insight_id", [date_iso]
        )
        why = {InsightId(row[0]): row[1] for row in rows}
        return tuple(HeldBack(card, why[card.insight.id]) for card in self.cards(why))

    def _shelf(self, date_iso: str) -> Card | None:
        row = self._db.execute("SELECT insight_id FROM shelf WHERE date = ?", [date_iso]).fetchone()
        return next(iter(self.cards([row[0]])), None) if row else None

    def brief_dates(self) -> list[str]:
        """The days that have a brief, newest first."""
        (dates,) = self._db.execute("SELECT json_group_array(date) FROM briefs").fetchone()
        return sorted(json.loads(dates), reverse=True)  # one row: each is a wait for a thread that computes

    def shown_insight_ids(self) -> set[InsightId]:
        """Every insight that stood in a brief."""
        return {InsightId(row[0]) for row in self._db.execute("SELECT insight_id FROM brief_items")}

    def hidden_insight_ids(self) -> set[InsightId]:
        """Every insight that the user hid."""
        return {
            InsightId(row[0]) for row in self._db.execute("SELECT insight_id FROM marks WHERE hidden = 1")
        }

    def read_since_last_brief(self, date_iso: str) -> list[tuple[EpisodeId, ExtractionCounts]]:
        """What was read after the newest brief before this date was made; everything when there is none."""
        rows = self._db.execute(
            "SELECT episode_id, counts FROM extractions WHERE read_ms >="
            " coalesce((SELECT made_ms FROM briefs WHERE date < ? ORDER BY date DESC LIMIT 1), 0)"
            " ORDER BY episode_id",
            [date_iso],
        )
        return [(EpisodeId(row[0]), ExtractionCounts(**json.loads(row[1]))) for row in rows]

    def saved_cards(self) -> list[Card]:
        """What the user saved, the latest first."""
        rows = self._db.execute(_CARDS + " WHERE m.saved = 1 ORDER BY m.changed_ms DESC, i.id")
        return [_card(row) for row in rows]

    def saved_ids(self, words: str = "", order: SavedOrder = "saved") -> list[InsightId]:
        """What the user saved: the latest first, or in another order. With `words`, what has all of them in
        its texts, in the names of show and episode, or in the user's note."""
        wanted = fold(words).split()
        texts = f", {_ALL_WORDS}" if wanted else ""
        rows = self._db.execute(f"SELECT i.id{texts} {_SAVED} ORDER BY {_ORDERS[order]}, i.id")
        return [InsightId(row[0]) for row in rows if not wanted or _has(fold("\n".join(row[1:])), wanted)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _has(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)


def _card(row: sqlite3.Row) -> Card:
    fields = dict(row)
    surroundings = {
        name: fields.pop(name)
        for name in (
            "feed_title",
            "episode_id",
            "episode_title",
            "published_ms",
            "source",
            "related_count",
            "saved",
            "heard",
            "hidden",
            "thumb",
            "note",
        )
    }
    for name in ("saved", "hidden"):
        surroundings[name] = bool(surroundings[name])
    return Card(insight=_insight(fields), **surroundings)


def _terms(written: str) -> tuple[tuple[str, float], ...]:
    return tuple((str(name), float(factor)) for name, factor in json.loads(written))


def _insight(fields: dict[str, Any]) -> Insight:
    return Insight(**{**fields, "checks": tuple(json.loads(fields["checks"]))})
