"""The brief of a day: made once, at the user's time, and from then on what was shown stays."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from earmark.clock import DAY_MS, local_date, to_ms
from earmark.insights import Coverage, compose, heard_in
from earmark.library import Library
from earmark.pipeline.due import decide
from earmark.pipeline.forecast import work_left_s
from earmark.pipeline.liking import claims_of, eye_of, judge, learn_now
from earmark.pipeline.tools import Tools
from earmark.records import Brief, BriefPage, Changes, EpisodeId, HeldBack, InsightId

NOT_AGAIN_DAYS = 90
"""For so long a claim that was shown is not shown again, in whatever words."""
SHELF_DAYS = 7
"""What was saved longer ago than this may come from the shelf."""
FULL = 5


def brief_of(tools: Tools, date_iso: str) -> BriefPage:
    """The brief of a day: what was shown stays, free places are filled with what came since.

    A day without any insight is not stored, so that it can still become a brief. What the user did since the
    last one is learned first. Raises KnownError when the file of their taste is broken.
    """
    library = tools.library
    if (full := _full(library, date_iso)) is not None:
        return full
    eye = eye_of(tools, learn_now(tools))
    if (full := _full(library, date_iso)) is not None:
        return full
    before, taken = library.brief(date_iso), library.shown_places(date_iso)
    already = before.brief.items if before else ()
    recent = _known_claims(tools, date_iso)
    judged = judge(tools, eye, recent)
    shown, hidden = library.shown_insight_ids(), library.hidden_insight_ids()
    held = {id_: why for id_, why in judged.held_back.items() if id_ not in shown | hidden}
    brief = compose(
        judged.pool,
        date=date_iso,
        now_ms=to_ms(tools.clock()),
        already=already,
        barred=(shown - {item.insight_id for item in already}) | hidden | set(judged.held_back),
        has_past=bool(len(recent)),
        coverage=_coverage(tools, date_iso, len(held)),
        taken=taken,
        exploring=judged.exploring,
    )
    told = {each.card.insight.id for each in before.held_back} if before else set()
    if brief.items != already or (already and not told.issuperset(held)):
        _store(tools, brief, held)
    _store_heard(tools, date_iso, judged.pool.columns.episodes)
    page = library.brief(date_iso)
    if page is not None:
        return page
    return BriefPage(
        brief, held_back=tuple(HeldBack(card, held[card.insight.id]) for card in library.cards(held))
    )


def _full(library: Library, date_iso: str) -> BriefPage | None:
    """The brief of a day that has all its places, to which nothing is added any more."""
    return library.brief(date_iso) if len(library.shown_places(date_iso)) >= FULL else None


def brief_is_due(tools: Tools) -> bool:
    """Whether the time of today's brief has come and there is none yet."""
    now, settings = tools.clock(), tools.choices()
    assert now.tzinfo is not None, now
    return bool(decide(now, now.tzinfo, tools.library.brief_dates(), settings.brief_at))


def make_due_brief(tools: Tools) -> Changes:
    """Make today's brief when its time has come, or fill one that was begun; tells what is new in it.

    The date is the one at the start, also when midnight passes meanwhile.
    """
    today = local_date(tools.clock).isoformat()
    before = tools.library.brief(today)
    if before is None and not brief_is_due(tools):
        return Changes()
    page = brief_of(tools, today)
    if before is not None and before.brief == page.brief:
        return Changes()
    return Changes(insight_ids=frozenset(card.insight.id for card in page.cards))


def _store(tools: Tools, brief: Brief, held: Mapping[InsightId, str]) -> None:
    """Keep a brief with what belongs to it; `held`: all that muting kept out of the choice, and why."""
    tools.library.store_brief(brief, now_ms=to_ms(tools.clock()), held_back=held)
    if tools.choices().from_your_shelf:
        _take_from_shelf(tools, brief)


def _known_claims(tools: Tools, date_iso: str) -> NDArray[np.float32]:
    """A vector for every claim that was shown in the last 90 days before this one, or that was hidden."""
    since = _days_before(date_iso, NOT_AGAIN_DAYS)
    shown = tools.library.shown_vectors(tools.language.embedding_model_id, since, but=date_iso)
    hidden = claims_of(tools, sorted(tools.library.hidden_insight_ids()))
    parts = [part for part in (shown, hidden) if len(part)]
    return np.concatenate(parts) if parts else shown


def _store_heard(tools: Tools, date_iso: str, episodes: NDArray[np.int64]) -> None:
    """Count anew how often each claim was heard that stands in this brief or in one of the last 90 days.

    `episodes`: where every insight of the library was said, in the order of their ids.
    """
    library, model_id = tools.library, tools.language.embedding_model_id
    ids, claims, *_ = library.vectors_of(
        library.shown_since(_days_before(date_iso, NOT_AGAIN_DAYS)), model_id
    )
    if not ids:
        return

    def said() -> Iterator[tuple[NDArray[np.float32], list[EpisodeId]]]:
        first = 0
        for block in library.vectors_in_blocks(model_id):
            yield block, [EpisodeId(each) for each in episodes[first : first + len(block)].tolist()]
            first += len(block)

    library.store_heard(dict(zip(ids, heard_in(claims, said()), strict=True)))


def _take_from_shelf(tools: Tools, brief: Brief) -> None:
    """An insight that was saved a while ago: one that never came, or longest ago; the date decides."""
    latest_ms = to_ms(tools.clock()) - SHELF_DAYS * DAY_MS
    lately = tools.library.shelf_dates()
    today = {item.insight_id for item in brief.items}
    saved = [id_ for id_, ms in tools.library.saved_times().items() if ms <= latest_ms and id_ not in today]
    there = [card.insight.id for card in tools.library.cards(sorted(saved))]
    if there:
        chosen = min(there, key=lambda id_: (lately.get(id_, ""), _drawn(brief.date, id_)))
        tools.library.store_shelf(brief.date, chosen)


def _coverage(tools: Tools, date_iso: str, held_back: int) -> Coverage:
    read = tools.library.read_since_last_brief(date_iso)
    counts = tools.library.library_counts()
    waiting = counts["waiting"] + counts["running"]
    foreign = sum(each.foreign is not None for _, each in read)
    broken = tools.library.broke_off()
    return Coverage(
        insights=sum(each.kept for _, each in read),
        read=len(read) - foreign,
        new=len(read) + waiting + counts["failed"],
        waiting=waiting,
        waiting_ms=round(1000 * work_left_s(tools)) if waiting else None,
        failed=counts["failed"],
        adverts=sum(each.adverts for _, each in read),
        foreign=foreign,
        rewritten=sum(each.rewritten for _, each in read),
        quoted=sum(each.quoted for _, each in read),
        dropped=sum(each.dropped for _, each in read),
        held_back=held_back,
        broke_off=tuple(broken[episode_id] for episode_id, _ in read if episode_id in broken),
        shows=counts["feeds"] or counts["insights"],
        episodes=counts["episodes"],
    )


def _days_before(date_iso: str, days: int) -> str:
    return (date.fromisoformat(date_iso) - timedelta(days=days)).isoformat()


def _drawn(date_iso: str, insight_id: InsightId) -> str:
    return hashlib.sha256(f"{date_iso} {insight_id}".encode()).hexdigest()
