"""Looking back: the best of a week, what was saved in it, and what was heard again and again."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import prod

from earmark.clock import DAY_MS
from earmark.library import Reader
from earmark.records import Act, BriefItem, Card

WEEK_DAYS = 7
MOST = 5


@dataclass(frozen=True, slots=True)
class Review:
    """Seven days up to `last`: how many of them had a brief and how many insights those showed, the best of
    these, all that was saved, and the claims that were heard in several episodes."""

    first: str
    last: str
    days: int
    shown: int
    best: tuple[Card, ...]
    saved: tuple[Card, ...]
    heard_often: tuple[Card, ...]


def review_of(reader: Reader, last: str, *, now_ms: int) -> Review:
    """The week that ends with the date `last` (ISO), seen at `now_ms`.

    The best are what the user saved, then what they liked, then what had the highest score; what they hid or
    disliked is left out, and of the claims that were heard often, too.
    """
    first = (date.fromisoformat(last) - timedelta(days=WEEK_DAYS - 1)).isoformat()
    pages = [reader.brief(day) for day in reader.brief_dates() if first <= day <= last]
    items = {item.insight_id: item for page in pages if page for item in page.brief.items}
    acts = {act.insight_id: act for act in reader.acts()}
    ranked = sorted(items, key=lambda id_: (*_worth(acts.get(id_, Act(id_)), items[id_]), id_))
    best = [id_ for id_ in ranked if not _unwanted(acts.get(id_, Act(id_)))][:MOST]
    saved = [id_ for id_, ms in reader.saved_times().items() if now_ms - WEEK_DAYS * DAY_MS <= ms <= now_ms]
    often = reader.heard_often({id_ for id_ in items if not _hidden_or_disliked(acts.get(id_, Act(id_)))})
    most_heard = sorted(often, key=lambda id_: (-often[id_], id_))[:MOST]
    return Review(
        first,
        last,
        sum(page is not None for page in pages),
        len(items),
        tuple(reader.cards(best)),
        tuple(reader.cards(sorted(saved))),
        tuple(reader.cards(most_heard)),
    )


def _worth(act: Act, item: BriefItem) -> tuple[bool, bool, float]:
    """Smallest first: saved, then liked, then by score."""
    score = prod(factor for _, factor in item.terms) if item.terms else 0.0
    return (not act.saved, act.thumb <= 0, -score)


def _unwanted(act: Act) -> bool:
    return not act.saved and _hidden_or_disliked(act)


def _hidden_or_disliked(act: Act) -> bool:
    return act.hidden or act.thumb < 0
