"""How things read on a terminal, and as JSON."""

import json
import shutil
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import click

from earmark.clock import clock_time as clock_time
from earmark.clock import from_ms
from earmark.clock import long_date as long_date
from earmark.library import Reader
from earmark.pipeline.plan import Plan, about
from earmark.records import BriefPage, Card, Kind, Progress, RelatedCard, WordsSource

_SHOW = "earmark show "
_STAYS = "\u2060"
"""Stands for a space where no line may end."""
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
_MATCHED: dict[WordsSource, str] = {
    "publisher": "the publisher's transcript",
    "speech": "speech heard on this computer",
    "user": "the transcript that you added",
}


def as_json(value: object) -> None:
    """Print one JSON value."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def time_left(seconds: float) -> str:
    """A duration as people say it.

    >>> time_left(40), time_left(170), time_left(8000), time_left(260_000)
    ('less than a minute', 'about 3 min', 'about 2 h 13 min', 'about 3 days')
    """
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {minutes} min"
    if minutes >= 48 * 60:
        return f"about {round(minutes / (24 * 60))} days"
    return f"about {minutes // 60} h {minutes % 60} min"


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
        "moment_ms": list(insight.moment_ms),
        "source": card.source,
        "tier": insight.tier,
        "checks": list(insight.checks),
        "model": insight.model_id,
        "related": related_ids,
        "heard": card.heard,
    }


def related_json(item: RelatedCard) -> dict[str, Any]:
    """A related insight; `also_said_by` and `said_again` hold those of other episodes, and of its own, that
    say the same and are folded into it."""
    return {
        **card_json(item.card, []),
        "score": round(item.score, 4),
        "kind": item.kind,
        "why": item.why,
        "also_said_by": [card_json(card, []) for card in item.by_others],
        "said_again": [card_json(card, []) for card in item.again],
    }


def brief_json(page: BriefPage, related: dict[str, list[str]]) -> dict[str, Any]:
    """A brief as `brief --json` and `demo --json` print it."""
    items = [
        {
            **card_json(card, related[card.insight.id]),
            "why": item.why,
            "terms": dict(item.terms),
            "outside": item.outside,
            "hidden": card.hidden,
        }
        for item, card in zip(page.brief.items, page.cards, strict=True)
    ]
    held_back = [{"id": held.card.insight.id, "why": held.why} for held in page.held_back]
    told = {"date": page.brief.date, "coverage": page.brief.coverage, "items": items, "held_back": held_back}
    return {**told, "shelf": card_json(page.shelf, [])} if page.shelf else told


def related_ids(reader: Reader, page: BriefPage) -> dict[str, list[str]]:
    """For each insight of a brief, the ids of what relates to it."""
    ids = [card.insight.id for card in page.cards]
    return {id_: [item.card.insight.id for item in reader.related(id_)] for id_ in ids}


def wrapped(text: str, indent: str = "   ") -> str:
    """A paragraph as wide as the terminal, within reason; `earmark show ID` stays whole, to be copied."""
    width = min(88, shutil.get_terminal_size((88, 24)).columns)
    whole = text.replace(_SHOW, _SHOW.replace(" ", _STAYS))
    lines = textwrap.fill(
        whole, width, initial_indent=indent, subsequent_indent=indent, break_long_words=_SHOW not in text
    )
    return lines.replace(_SHOW.replace(" ", _STAYS), _SHOW)


def print_brief(page: BriefPage) -> None:
    """The five, as a page to read in a terminal."""
    click.echo(f"\n{long_date(page.brief.date)}\n{wrapped(page.brief.coverage, '')}\n")
    for number, (item, card) in enumerate(zip(page.brief.items, page.cards, strict=True), start=1):
        insight = card.insight
        if card.hidden:
            click.echo(f"{number}. You hid this one.")
            click.echo(f"   To bring it back: earmark mark {insight.id} --unhide\n")
            continue
        click.echo(f"{number}. {insight.headline}")
        click.echo(wrapped(insight.text))
        where = f"{card.feed_title}, {card.episode_title}, {clock_time(insight.start_ms)}"
        heard = " (heard on this computer)" if card.source == "speech" else ""
        click.echo(wrapped(f"{where}{heard}"))
        heard_often = f" Heard in {card.heard} episodes." if card.heard > 1 else ""
        click.echo(wrapped(f"{card.related_count} related.{heard_often} Why this: {item.why}"))
        click.echo(f"   earmark show {insight.id}\n")
    if page.shelf:
        print_cards([page.shelf], "From your shelf")


def print_cards(cards: Sequence[Card], title: str = "") -> None:
    """A list of insights, under a title; nothing when there are none."""
    if cards and title:
        click.echo(title)
    for card in cards:
        click.echo(f" - {card.insight.headline}")
        often = f"heard in {card.heard} episodes" if card.heard > 1 else None
        at = clock_time(card.insight.start_ms)
        click.echo(wrapped(where(day(card.published_ms), card.feed_title, card.episode_title, at, often)))
        click.echo(f"   {_SHOW}{card.insight.id}")
    if cards and title:
        click.echo("")


def day(ms: int | None) -> str:
    """The day of an episode; nothing where it has none."""
    return from_ms(ms).astimezone().date().isoformat() if ms is not None else ""


def where(*parts: str | None) -> str:
    """Where something was said, of what is known."""
    return ", ".join(part for part in parts if part)


def print_held_back(page: BriefPage) -> None:
    """What the user's muted words, shows and topics kept out of a brief."""
    if not page.held_back:
        click.echo(f"Nothing was held back on {long_date(page.brief.date)}.")
        click.echo("What you muted after that brief was made counts from the next one on.")
    for held in page.held_back:
        click.echo(f" - {held.card.insight.headline}")
        click.echo(wrapped(f"{held.card.feed_title}, because of {held.why}"))


def print_archive(archive: Mapping[str, int]) -> None:
    """A calendar of past briefs, the newest month first: each day with a brief and how many it showed."""
    months: dict[str, list[str]] = {}
    for iso, count in archive.items():
        day = date.fromisoformat(iso)
        months.setdefault(f"{day:%B %Y}", []).append(f"{day.day:>2} ({count})")
    for month, days in months.items():
        click.echo(f"{month}\n{wrapped('  '.join(reversed(days)))}")
    if not months:
        click.echo("There is no brief yet.")


def print_insight(card: Card, related: list[RelatedCard]) -> None:
    """One insight with its proof and what else the library holds on it."""
    insight = card.insight
    times = f"{clock_time(insight.start_ms)} to {clock_time(insight.end_ms)}"
    click.echo(f"\n{insight.headline}\n")
    click.echo(wrapped(insight.text, "") + "\n")
    click.echo(wrapped(f"“{insight.quote}”", "  | ") + "\n")
    click.echo(wrapped(f"{card.feed_title}, {card.episode_title}, {times}", ""))
    click.echo(wrapped(f"Words matched to {_MATCHED[card.source]}.", "") + "\n")
    click.echo("Related Insights" if related else "No related insights in your library yet.")
    grouped = any(item.kind for item in related)
    for number, item in enumerate(related):
        if grouped and (number == 0 or item.kind != related[number - 1].kind):
            click.echo(f"\n{KIND_WORDS[item.kind]}")
        click.echo(f"\n - {item.card.insight.headline}")
        if item.why:
            click.echo(wrapped(item.why))
        click.echo(wrapped(_where(item.card)))
        count = len(item.by_others)
        others = f"Also said by {'1 other' if count == 1 else f'{count} others'}"
        for heading, folded in ((others, item.by_others), ("Said again in this episode", item.again)):
            if folded:
                click.echo(f"   {heading}:")
            for card in folded:
                click.echo(wrapped(_where(card), "     "))


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
    if progress.waiting:
        return f"Waiting: {progress.waiting}. It goes on by itself."
    if progress.left_s is not None:
        parts.append(f"{time_left(progress.left_s)} left")
    if progress.ready_ms is not None:
        ready = from_ms(progress.ready_ms).astimezone()
        parts.append(f"ready {ready_text(ready, ready - timedelta(seconds=progress.left_s or 0))}")
    return ", ".join(parts)


def ready_text(ready: datetime, now: datetime) -> str:
    """When something will be ready, as people say it.

    >>> ready_text(datetime(2026, 11, 24, 6, 36), datetime(2026, 11, 23, 22, 0))
    'by about 06:40'
    >>> ready_text(datetime(2026, 11, 26, 6, 36), datetime(2026, 11, 23, 22, 0))
    'by about 06:40 on Thursday, 26 November'
    """
    at = about(ready, now)
    day = f" on {at:%A}, {at.day} {at:%B}" if at - now > timedelta(hours=20) else ""
    return f"by about {at:%H:%M}{day}"


def plan_lines(plan: Plan, now: datetime) -> list[str]:
    """The queue in its order, and what can be said of the whole."""
    lines = []
    for number, item in enumerate(plan.items, start=1):
        one = item.waiting
        lines.append(f"{number}. {one.title} ({one.feed_title})")
        late = "" if item.fits else f", after {plan.deadline:%H:%M}"
        lines.append(f"   {time_left(one.work_s)}, ready {ready_text(item.ready, now)}{late}; {item.why}")
    lines += [f"-  {title}: {reason}" for title, reason in plan.held]
    return [*lines, *plan_summary(plan, now)]


def plan_summary(plan: Plan, now: datetime) -> list[str]:
    """How much work there is, when it is ready, what does not fit, and how sure that is."""
    if not plan.items:
        return ["Nothing waits for work."] if not plan.held else []
    count = f"{len(plan.items)} episode{'' if len(plan.items) == 1 else 's'}"
    ready = ready_text(plan.items[-1].ready, now)
    lines = [f"{count}, {time_left(plan.work_s)} of work; ready {ready}."]
    if plan.late:
        left_s = sum(item.waiting.work_s for item in plan.late)
        lines.append(f"Not ready by {plan.deadline:%H:%M}: {len(plan.late)} of them, {time_left(left_s)}.")
    if plan.pauses:
        lines.append("Time spent waiting for mains power, or for you to leave, is not counted.")
    if plan.guessed:
        lines.append("This is a first guess; it gets better once this computer has listened and read.")
    return lines
