"""Shows and episodes as rows on a terminal, and as JSON."""

import shutil
import unicodedata
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import click

from earmark.cli.text import time_left
from earmark.clock import from_ms
from earmark.counting import count_of
from earmark.hiding import has_secret, shown
from earmark.pipeline.local import is_local, path_of
from earmark.records import EpisodeRow, FeedId, ShowRow, Step

STEP_WORDS: dict[Step, str] = {
    "words": "waiting",
    "download": "downloading",
    "decode": "preparing its sound",
    "transcribe": "listening",
    "extract": "reading",
    "done": "done",
}


def show_json(
    row: ShowRow, work_s: float, muted: Container[FeedId], wanted_open: Collection[FeedId] = ()
) -> dict[str, Any]:
    """A show as `feeds --json` prints it; times in UTC. `wanted_open`: as `print_shows` has it."""
    feed = row.feed
    return {
        "feed": feed.id,
        "title": feed.title,
        "url": shown(feed.url),
        "checked": _iso(feed.checked_ms),
        "next_check": _iso(row.next_check_ms),
        "error": feed.error,
        "episodes": row.episodes,
        "waiting": row.waiting,
        "waiting_hours": round(work_s / 3600, 2),
        "failed": row.failed,
        "read": row.read,
        "insights": row.insights,
        "muted": feed.id in muted,
        "keep_days": row.keep_days,
        "secret_in_the_open": _is_open(row, wanted_open),
    }


def print_shows(
    rows: Sequence[ShowRow],
    work_s: Mapping[FeedId, float],
    muted: Container[FeedId],
    now: datetime,
    wanted_open: Collection[FeedId] = (),
) -> None:
    """A line for each show, what is wrong below it, and what all of them come to.

    `wanted_open`: shows whose passwords the user wants in the library.
    """
    width = max(20, min(44, shutil.get_terminal_size((100, 24)).columns - 56))
    if rows:
        click.echo(f"{'':>5} {fitted('Show', width)} {'Asked':>14} {'Next':>14} {'Episodes':>8}  Waiting")
    for row in rows:
        feed = row.feed
        asked = moment_text(feed.checked_ms, now) if feed.checked_ms else "not asked yet"
        next_check = moment_text(row.next_check_ms, now) if row.next_check_ms else ""
        waiting = f"{row.waiting}, {time_left(work_s.get(feed.id, 0.0))}" if row.waiting else "none"
        numbers = f"{asked:>14} {next_check:>14} {row.episodes:>8}  {waiting}"
        click.echo(f"{feed.id:>5} {fitted(feed.title, width)} {numbers}")
        for remark in _remarks(row, muted, wanted_open):
            click.echo(f"{'':>8}{remark}")
    total = sum(row.waiting for row in rows)
    if not rows:
        click.echo("There is no show in your library yet. Add one with: earmark add ADDRESS")
    elif len(rows) > 1 or not total:
        left = f", {time_left(sum(work_s.values()))} of work" if total else ""
        shows, episodes = count_of(len(rows), "show"), count_of(total, "episode")
        click.echo(f"{shows}, {episodes} to be worked through{left}.")


def _is_open(row: ShowRow, wanted_open: Collection[FeedId]) -> bool:
    return row.feed.id not in wanted_open and has_secret(row.feed.url)


def _remarks(row: ShowRow, muted: Container[FeedId], wanted_open: Collection[FeedId]) -> list[str]:
    remarks = [row.feed.error] if row.feed.error else []
    if _is_open(row, wanted_open):
        remarks.append("Its password or token can be read in your library: earmark library secrets")
    if is_local(row.feed.url):
        remarks.append(f"Your own files in {path_of(row.feed.url)}")
    if row.feed.id in muted:
        remarks.append("Muted")
    if row.failed:
        remarks.append(f"{row.failed} could not be worked through: earmark episodes {row.feed.id}")
    return remarks


def episode_json(row: EpisodeRow) -> dict[str, Any]:
    """An episode as `episodes --json` prints it."""
    told = asdict(row)
    for name in ("published_ms", "played_ms"):
        told[name.removesuffix("_ms")] = _iso(told.pop(name))
    return {"episode": told.pop("id"), **told, "state_text": state_text(row)}


def print_episodes(rows: Sequence[EpisodeRow], every: int, *, one_show: bool) -> None:
    """A line for each episode."""
    columns = shutil.get_terminal_size((100, 24)).columns
    states = [state_text(row) for row in rows]
    width = max(24, min(60, columns - 36))
    for row, state in zip(rows, states, strict=True):
        day = f"{from_ms(row.published_ms).astimezone():%Y-%m-%d}" if row.published_ms else ""
        title = row.title if one_show else f"{row.title} ({row.feed_title})"
        click.echo(f"{row.id:>6} {day:>10} {fitted(title, width)} {length_text(row.duration_ms):>8}  {state}")
    if not rows:
        click.echo("There is no episode here yet. Shows are asked for theirs with: earmark refresh")
    elif len(rows) < every:
        click.echo(f"The newest {len(rows)} of {every}. More: --limit N")


def state_text(row: EpisodeRow) -> str:
    """How an episode stands, in words."""
    seen = ", played" if row.played_ms else ""
    return f"{_state(row)}{seen}"


def _state(row: EpisodeRow) -> str:
    if row.state == "done" or (row.state is None and row.read):
        return f"done ({count_of(row.insights, 'insight')})"
    if row.skipped:
        return "skipped"
    if row.state is None:
        return "not chosen"
    if row.state == "failed":
        return f"failed because {_begun_small(row.reason or 'of something unknown')}"
    if row.state == "waiting" and row.reason:
        return f"waiting: {_begun_small(row.reason)}"
    if row.step == "transcribe" and row.total_ms and row.progress_ms:
        heard, whole = row.progress_ms // 60_000, max(1, round(row.total_ms / 60_000))
        return f"listening, {heard} of {whole} min"
    return "waiting" if row.state == "waiting" or row.step is None else STEP_WORDS[row.step]


def _begun_small(sentence: str) -> str:
    """A sentence that goes on after others: its first letter small, unless the first word is a name."""
    first = sentence.partition(" ")[0]
    usual = first in ("The", "This", "It", "There", "No", "None", "An", "A", "Nothing", "Only")
    return sentence[0].lower() + sentence[1:] if usual else sentence


def length_text(duration_ms: int | None) -> str:
    """How long an episode is.

    >>> length_text(58 * 60_000), length_text(7_500_000), length_text(None)
    ('58 min', '2 h 05', '')
    """
    if duration_ms is None:
        return ""
    minutes = max(1, round(duration_ms / 60_000))
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"


def moment_text(ms: int, now: datetime) -> str:
    """A moment near to now, as short as it can be told.

    >>> from datetime import UTC
    >>> moment_text(1_795_417_500_000, datetime(2026, 11, 23, 9, tzinfo=UTC))
    '07:05'
    """
    moment = from_ms(ms).astimezone(now.tzinfo)
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    if abs(moment - now) < timedelta(days=6):
        return f"{moment:%a %H:%M}"
    return f"{moment:%Y-%m-%d}"


def fitted(text: str, width: int) -> str:
    """A text on exactly so many columns; letters of East Asia take two."""
    if sum(_columns(letter) for letter in text) <= width:
        return text + " " * (width - sum(_columns(letter) for letter in text))
    kept, used = "", 0
    for letter in text:
        if used + _columns(letter) > width - 1:
            break
        kept, used = kept + letter, used + _columns(letter)
    return kept + "…" + " " * (width - used - 1)


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _iso(ms: int | None) -> str | None:
    return None if ms is None else from_ms(ms).isoformat(timespec="seconds")
