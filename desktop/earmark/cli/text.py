"""How things read on a terminal, and as JSON."""

import json
import shutil
import textwrap
from datetime import date
from typing import Any

import click

from earmark.library import Reader
from earmark.records import BriefPage, Card, Kind, Progress, RelatedCard

KIND_WORDS: dict[Kind | None, str] = {
    "contradicts": "Disagrees",
    "extends": "Goes further",
    "extended by": "What this takes further",
    "example": "For example",
    "example of": "What this is an example of",
    "agrees": "Agrees",
    "same claim": "Says the same",
    "unrelated": "Of another matter",
    None: "Close to this",
}


def as_json(value: object) -> None:
    """Print one JSON value."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def clock_time(ms: int) -> str:
    """A moment in an episode.

    >>> clock_time(804_000), clock_time(3_804_000)
    ('13:24', '1:03:24')
    """
    seconds = ms // 1000
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def time_left(seconds: float) -> str:
    """A duration as people say it.

    >>> time_left(40), time_left(150), time_left(8000)
    ('less than a minute', 'about 3 min', 'about 2 h 13 min')
    """
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {minutes} min"
    return f"about {minutes // 60} h {minutes % 60} min"


def long_date(iso: str) -> str:
    """2026-11-23 as “Monday, 23 November 2026”."""
    day = date.fromisoformat(iso)
    return f"{day:%A}, {day.day} {day:%B %Y}"


def card_json(card: Card, related_ids: list[str]) -> dict[str, Any]:
    """An insight as every verb prints it."""
    insight = card.insight
    return {
        "id": insight.id,
        "headline": insight.headline,
        "text": insight.text,
        "quote": insight.quote,
        "show": card.feed_title,
        "episode": card.episode_title,
        "start_ms": insight.start_ms,
        "end_ms": insight.end_ms,
        "source": card.source,
        "tier": insight.tier,
        "checks": list(insight.checks),
        "model": insight.model_id,
        "related": related_ids,
    }


def related_json(item: RelatedCard) -> dict[str, Any]:
    """A related insight; `also_said_by` holds those that say the same and are folded into it."""
    return {
        **card_json(item.card, []),
        "score": round(item.score, 4),
        "kind": item.kind,
        "why": item.why,
        "also_said_by": [card_json(card, []) for card in item.also],
    }


def brief_json(page: BriefPage, related: dict[str, list[str]]) -> dict[str, Any]:
    """A brief as `brief --json` and `demo --json` print it."""
    items = [
        {**card_json(card, related[card.insight.id]), "why": item.why}
        for item, card in zip(page.brief.items, page.cards, strict=True)
    ]
    return {"date": page.brief.date, "coverage": page.brief.coverage, "items": items}


def related_ids(reader: Reader, page: BriefPage) -> dict[str, list[str]]:
    """For each insight of a brief, the ids of what relates to it."""
    ids = [card.insight.id for card in page.cards]
    return {id_: [item.card.insight.id for item in reader.related(id_)] for id_ in ids}


def _wrapped(text: str, indent: str = "   ") -> str:
    width = min(88, shutil.get_terminal_size((88, 24)).columns)
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)


def print_brief(page: BriefPage) -> None:
    """The five, as a page to read in a terminal."""
    click.echo(f"\n{long_date(page.brief.date)}\n{_wrapped(page.brief.coverage, '')}\n")
    for number, (item, card) in enumerate(zip(page.brief.items, page.cards, strict=True), start=1):
        insight = card.insight
        click.echo(f"{number}. {insight.headline}")
        click.echo(_wrapped(insight.text))
        where = f"{card.feed_title}, {card.episode_title}, {clock_time(insight.start_ms)}"
        heard = " (heard on this computer)" if card.source == "speech" else ""
        click.echo(_wrapped(f"{where}{heard}"))
        click.echo(_wrapped(f"{card.related_count} related. Why this: {item.why}"))
        click.echo(f"   earmark show {insight.id}\n")


def print_insight(card: Card, related: list[RelatedCard]) -> None:
    """One insight with its proof and what else the library holds on it."""
    insight = card.insight
    times = f"{clock_time(insight.start_ms)} to {clock_time(insight.end_ms)}"
    click.echo(f"\n{insight.headline}\n")
    click.echo(_wrapped(insight.text, "") + "\n")
    click.echo(_wrapped(f"“{insight.quote}”", "  | ") + "\n")
    source = "the publisher's transcript" if card.source == "publisher" else "speech heard on this computer"
    click.echo(_wrapped(f"{card.feed_title}, {card.episode_title}, {times}", ""))
    click.echo(_wrapped(f"Words matched to {source}.", "") + "\n")
    click.echo("Related Insights" if related else "No related insights in your library yet.")
    grouped = any(item.kind for item in related)
    for number, item in enumerate(related):
        if grouped and (number == 0 or item.kind != related[number - 1].kind):
            click.echo(f"\n{KIND_WORDS[item.kind]}")
        click.echo(f"\n - {item.card.insight.headline}")
        if item.why:
            click.echo(_wrapped(item.why))
        click.echo(_wrapped(_where(item.card)))
        if item.also:
            others = "1 other" if len(item.also) == 1 else f"{len(item.also)} others"
            click.echo(f"   Also said by {others}:")
            for card in item.also:
                click.echo(_wrapped(_where(card), "     "))


def _where(card: Card) -> str:
    start = clock_time(card.insight.start_ms)
    return f"{card.feed_title}, {card.episode_title}, {start}   earmark show {card.insight.id}"


def progress_line(progress: Progress) -> str:
    """What is being done, how far it is, and how long the rest takes."""
    parts = [f"{progress.doing} {progress.subject}".strip()]
    if progress.detail:
        parts.append(progress.detail)
    elif progress.fraction is not None:
        parts.append(f"{progress.fraction:.0%}")
    if progress.left_s is not None:
        parts.append(f"{time_left(progress.left_s)} left")
    return ", ".join(parts)
