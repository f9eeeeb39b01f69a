"""JSON for other programs. The form is what the TypedDicts here say; `version` grows when a name goes or
changes its meaning, not when one is added."""

import json
from typing import TypedDict

from earmark.export.selection import Item, Section, Selection

FORMAT, VERSION = "earmark-insights", 1


class RelatedForm(TypedDict):
    """Another insight that bears on this one; it need not be in the file."""

    id: str
    headline: str
    show: str
    also_said_by: int


class InsightForm(TypedDict):
    """An insight. Times are milliseconds from the beginning of the episode; `published` is YYYY-MM-DD.

    `source` is "publisher", "speech" or "user", `tier` "quotes", "short" or "full".
    """

    id: str
    headline: str
    text: str
    quote: str
    show: str
    episode: str
    published: str | None
    link: str | None
    language: str | None
    start_ms: int
    end_ms: int
    source: str
    tier: str
    saved: bool
    note: str
    related: list[RelatedForm]


class PlaceForm(TypedDict):
    """A place in a brief: the id of an insight of this file, and why it was chosen."""

    id: str
    why: str | None


class BriefForm(TypedDict):
    """The brief of a local date, YYYY-MM-DD."""

    date: str
    coverage: str
    items: list[PlaceForm]


class FileForm(TypedDict):
    """The whole file. `made` is a moment in UTC."""

    format: str
    version: int
    made: str
    title: str
    insights: list[InsightForm]
    briefs: list[BriefForm]


def as_json(selection: Selection) -> str:
    """The selection as text in the form of `FileForm`."""
    whole: FileForm = {
        "format": FORMAT,
        "version": VERSION,
        "made": selection.made,
        "title": selection.title,
        "insights": [_insight(item) for item in selection.items],
        "briefs": [_brief(day) for day in selection.days],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _insight(item: Item) -> InsightForm:
    return {
        "id": item.id,
        "headline": item.headline,
        "text": item.text,
        "quote": item.quote,
        "show": item.show,
        "episode": item.episode,
        "published": item.published,
        "link": item.link,
        "language": item.language,
        "start_ms": item.start_ms,
        "end_ms": item.end_ms,
        "source": item.source,
        "tier": item.tier,
        "saved": item.saved,
        "note": item.note,
        "related": [
            {"id": o.id, "headline": o.headline, "show": o.show, "also_said_by": o.also_said_by}
            for o in item.related
        ],
    }


def _brief(day: Section) -> BriefForm:
    return {
        "date": day.day or "",
        "coverage": day.note,
        "items": [{"id": entry.item.id, "why": entry.why} for entry in day.entries],
    }
