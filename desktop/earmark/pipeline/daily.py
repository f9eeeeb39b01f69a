"""What is done once a day: its five."""

import numpy as np
from numpy.typing import NDArray

from earmark.clock import to_ms
from earmark.insights import BriefCandidate, Coverage, compose
from earmark.pipeline.tools import Tools
from earmark.records import BriefPage, Card, FeedId, InsightId


def brief_of(tools: Tools, date_iso: str) -> BriefPage:
    """The brief of a day: what was shown stays, free places are filled with what came since.

    A day without any insight is not stored, so that it can still become a brief.
    """
    before = tools.library.brief(date_iso)
    already = before.brief.items if before else ()
    brief = compose(
        _candidates(tools),
        date=date_iso,
        now_ms=to_ms(tools.clock()),
        already=already,
        shown_before=tools.library.shown_insight_ids() - {item.insight_id for item in already},
        coverage=_coverage(tools, date_iso),
    )
    if before and brief.items == already:
        return before
    if not brief.items:
        return BriefPage(brief)
    tools.library.store_brief(brief, now_ms=to_ms(tools.clock()))
    return BriefPage(brief, tuple(tools.library.cards([item.insight_id for item in brief.items])))


def _candidates(tools: Tools) -> list[BriefCandidate]:
    ids, vectors = tools.library.embeddings(tools.language.embedding_model_id)
    hidden, feed_of = tools.library.hidden_insight_ids(), _feeds(tools)
    cards = {card.insight.id: card for card in tools.library.cards(ids)}
    return [
        _candidate(cards[id_], vector, feed_of)
        for id_, vector in zip(ids, vectors, strict=True)
        if id_ not in hidden
    ]


def _candidate(card: Card, vector: NDArray[np.float32], feed_of: dict[int, FeedId]) -> BriefCandidate:
    return BriefCandidate(
        InsightId(card.insight.id),
        card.insight.quality,
        feed_of[card.episode_id],
        card.feed_title,
        card.episode_id,
        card.published_ms,
        vector,
        card.related_count,
    )


def _coverage(tools: Tools, date_iso: str) -> Coverage:
    read = tools.library.read_since_last_brief(date_iso)
    counts = tools.library.library_counts()
    waiting = counts["waiting"] + counts["running"]
    foreign = sum(each.foreign is not None for _, each in read)
    return Coverage(
        insights=sum(each.kept for _, each in read),
        read=len(read) - foreign,
        new=len(read) + waiting + counts["failed"],
        waiting=waiting,
        failed=counts["failed"],
        adverts=sum(each.adverts for _, each in read),
        foreign=foreign,
        rewritten=sum(each.rewritten for _, each in read),
        quoted=sum(each.quoted for _, each in read),
        dropped=sum(each.dropped for _, each in read),
    )


def _feeds(tools: Tools) -> dict[int, FeedId]:
    return {episode.id: episode.feed_id for episode in tools.library.episodes()}
