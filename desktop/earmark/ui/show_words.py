"""How shows and episodes stand, in words. Pure functions, like `words`."""

import html
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QLocale
from PySide6.QtGui import QPixmap

from earmark.clock import from_ms
from earmark.pipeline.local import is_local, path_of
from earmark.records import EpisodeRow, Feed, Progress, Schedule, Step, Stop
from earmark.tags import without_tags
from earmark.ui.below import said
from earmark.ui.listed import Row
from earmark.ui.running import is_about
from earmark.ui.words import (
    count_of,
    name,
    progress_detail,
    short_day,
    shown,
    step_name,
    tr,
)

_ENDS = re.compile(r"<\s*(?:br|/p|/li|/div|/h[1-6]|/tr)\b[^<>]{0,200}>", re.I)
_INLINE = re.compile(r"</?(?:a|b|i|u|em|strong|span|small|mark)\b[^<>]{0,2000}>", re.I)
_ITEM = re.compile(r"<\s*li\b[^<>]{0,200}>", re.I)


@dataclass(frozen=True, slots=True)
class Listed:
    """A show in the list of all; `waiting` and `failed` count its episodes."""

    feed: Feed
    schedule: Schedule
    waiting: int
    failed: int


def show_line(show: Listed, now: datetime, art: QPixmap | None = None, *, muted: bool) -> Row:
    """A show in the list of all: how its feed is, and what waits or else when its newest episode came."""
    parts = [health(show.feed, show.schedule, now)]
    if muted:
        parts.insert(0, tr("Muted"))
    newest = day_in(show.schedule.newest_ms, now)
    side = what_waits(show.waiting, show.failed) or newest
    detail = shown(". ".join(parts))
    return Row(
        name(show.feed.title),
        detail,
        side,
        spoken=". ".join(filter(None, (shown(show.feed.title), detail, side))),
        tile=show.feed.title,
        art=art,
        alarm=bool(show.feed.error or show.schedule.stopped),
        faint=muted,
    )


def what_waits(waiting: int, failed: int) -> str:
    """“3 waiting, 1 failed”, or nothing."""
    waits = count_of(waiting, "%n waiting", "%n waiting") if waiting else ""
    broke = count_of(failed, "%n failed", "%n failed") if failed else ""
    return ", ".join(filter(None, (waits, broke)))


def health(feed: Feed, schedule: Schedule, now: datetime) -> str:
    """When a feed was asked and will be again, or what is wrong with it."""
    if is_local(feed.url):
        return said(feed.error or "") or tr("Your own files in {folder}").format(folder=path_of(feed.url))
    if schedule.stopped:
        return _stopped(schedule.stopped)
    again = schedule.next_ms
    next_time = tr("next about {time}").format(time=near(again, now)) if again else tr("next at once")
    if feed.error:
        return f"{said(feed.error).rstrip('.')}, {next_time}"
    if feed.checked_ms is None:
        return tr("Not asked yet")
    asked = tr("Asked {time}").format(time=near(feed.checked_ms, now))
    return f"{asked}, {next_time}"


def _stopped(why: Stop) -> str:
    told = {
        "gone": tr("Ended by its publisher, asked no more"),
        "failing": tr("Failed for a month, asked no more"),
        "another show": tr("Another show stands at its address, asked no more"),
    }
    return told[why]


def near(ms: int, now: datetime) -> str:
    """A moment near to now: 07:05, Mon 07:05, or 3 October."""
    moment = from_ms(ms).astimezone(now.tzinfo)
    clock = f"{moment:%H:%M}"
    if moment.date() == now.date():
        return clock
    if abs(moment - now) < timedelta(days=6):
        day = QLocale().standaloneDayName(moment.isoweekday(), QLocale.FormatType.ShortFormat)
        return f"{day} {clock}"
    return day_in(ms, now)


def day_in(ms: int | None, now: datetime) -> str:
    """A day, with its year where that is another: 3 October, or 3 October 2024."""
    if ms is None:
        return ""
    day = from_ms(ms).astimezone(now.tzinfo).date()
    return short_day(day.isoformat()) + (f" {day.year}" if day.year != now.year else "")


def length_text(duration_ms: int | None) -> str:
    """58 min, or 2 h 05 min."""
    if duration_ms is None:
        return ""
    minutes = max(1, round(duration_ms / 60_000))
    if minutes < 60:
        return tr("{minutes} min").format(minutes=minutes)
    return tr("{hours} h {minutes} min").format(hours=minutes // 60, minutes=f"{minutes % 60:02}")


def episode_line(row: EpisodeRow, now: datetime, progress: Progress | None = None) -> Row:
    """An episode in a list of its show; `progress` is what is told of the work just now."""
    state = episode_state(row)
    if row.state == "running" and row.step and progress and is_about(progress, row.id):
        state = running_text(row.step, progress, brief=True)
    parts = [day_in(row.published_ms, now), length_text(row.duration_ms)]
    title, detail = name(row.title), ", ".join(filter(None, parts))
    spoken = ". ".join(filter(None, (shown(row.title), detail, state)))
    return Row(title, detail or " ", shown(state, 120), spoken=spoken, faint=row.skipped)


def sentence(state: str) -> str:
    """A state as it stands alone."""
    return state[:1].upper() + state[1:]


def episode_state(row: EpisodeRow) -> str:
    """How an episode stands: waiting, downloading, listening 12 of 58 min, reading, done, failed because."""
    played = tr(", played") if row.played_ms else ""
    return f"{_state(row)}{played}"


def _state(row: EpisodeRow) -> str:
    if row.state == "done" or (row.state is None and row.read):
        return count_of(row.insights, "done, %n insight", "done, %n insights")
    if row.skipped:
        return tr("skipped")
    if row.state is None:
        return tr("not chosen")
    if row.state == "failed":
        reason = said(row.reason) if row.reason else tr("no reason was given")
        return tr("failed: {reason}").format(reason=reason)
    if row.state == "waiting" and row.reason:
        return tr("waiting: {reason}").format(reason=said(row.reason))
    if row.step == "transcribe" and row.total_ms and row.progress_ms:
        heard, whole = row.progress_ms // 60_000, max(1, round(row.total_ms / 60_000))
        return tr("listening, {heard} of {whole} min").format(heard=heard, whole=whole)
    return tr("waiting") if row.state == "waiting" else step_name(_step(row))


def _step(row: EpisodeRow) -> Step:
    return row.step or "words"


def running_text(step: Step, progress: Progress, *, brief: bool = False) -> str:
    """What is done with an episode just now, and how far it is: “downloading, 40%”; `brief`: without when it
    will be ready."""
    if progress.waiting:
        return tr("waiting: {reason}").format(reason=shown(said(progress.waiting)))
    far = said(progress.detail) if brief else progress_detail(progress)
    if step == "download" and progress.fraction is not None:
        far = f"{round(100 * progress.fraction)}%"
    return f"{step_name(step)}, {far}" if far else step_name(step)


def work_text(seconds: float) -> str:
    """How long work takes: “about 38 min of work”."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return tr("less than a minute of work")
    if minutes < 60:
        return count_of(minutes, "about %n minute of work", "about %n minutes of work")
    hours = round(minutes / 60)
    if hours < 48:
        return count_of(hours, "about %n hour of work", "about %n hours of work")
    return count_of(round(hours / 24), "about %n day of work", "about %n days of work")


def plain_notes(notes: str, most: int = 6000) -> str:
    """A publisher's notes as plain text, its paragraphs kept.

    >>> plain_notes("<p>One &amp; two</p><ul><li>three<li>four</ul><script>x()</script>")
    'One & two\\n· three\\n· four'
    """
    text = _ITEM.sub("\n· ", _ENDS.sub("\n", _INLINE.sub("", notes[: most * 8])))
    lines = (" ".join(line.split()) for line in html.unescape(without_tags(text)).splitlines())
    return "\n".join(line for line in lines if line and line != "·")[:most]
