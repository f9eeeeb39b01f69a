"""How things are said on screen. Pure functions, so that they can be tested without a window."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from earmark.clock import from_ms
from earmark.records import Card, Job, Progress


def tr(text: str, number: int = -1) -> str:
    """A string of the window in the user's language; `number` chooses the plural form of %n."""
    said = QCoreApplication.translate("Earmark", text, None, number)
    return said.replace("%n", str(number)) if number >= 0 else said


def moment(ms: int) -> str:
    """A moment in an episode: 13:24, or 1:03:24."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def long_day(iso: str) -> str:
    """2026-11-23 as Monday, 23 November."""
    day = date.fromisoformat(iso)
    return QLocale().toString(QDate(day.year, day.month, day.day), "dddd, d MMMM")


def related_count(card: Card) -> str:
    """“5 related”."""
    return tr("%n related", card.related_count)


def time_left(seconds: float) -> str:
    """How long something still takes, as people say it."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return tr("less than a minute left")
    if minutes < 60:
        return tr("about %n min left", minutes)
    return tr("about %n hours left", round(minutes / 60))


def progress_detail(progress: Progress) -> str:
    """How far the work is and how long it takes."""
    parts = [progress.detail] if progress.detail else []
    if progress.left_s is not None:
        parts.append(time_left(progress.left_s))
    return ", ".join(parts)


def job_state(job: Job) -> str:
    """Where an episode stands, in words."""
    if job.state == "done":
        return tr("done")
    if job.state == "failed":
        return tr("failed: {reason}").format(reason=job.reason or tr("no reason was given"))
    if job.state == "waiting":
        return tr("waiting: {reason}").format(reason=job.reason) if job.reason else tr("waiting")
    if job.step == "transcribe" and job.total_ms:
        heard, whole = job.progress_ms // 60_000, max(1, round(job.total_ms / 60_000))
        return tr("listening, {heard} of {whole} min").format(heard=heard, whole=whole)
    doing = {
        "words": tr("fetching the transcript"),
        "download": tr("downloading"),
        "decode": tr("preparing the audio"),
        "transcribe": tr("listening"),
        "extract": tr("reading"),
    }
    return doing.get(job.step, tr("working"))


def is_day(place: str) -> bool:
    """Whether a place in the history is a date, YYYY-MM-DD."""
    return len(place) == 10 and place[4] == place[7] == "-" and place.replace("-", "").isdigit()


def network_note(requests: Sequence[Mapping[str, Any]], today: str) -> str:
    """What the network was used for: the time of the latest request and how many there were today."""
    if not requests:
        return tr("Nothing was asked of the network yet.")
    times = [from_ms(int(request["time_ms"])).astimezone() for request in requests]
    count = sum(time.date().isoformat() == today for time in times)
    latest = f"{times[0]:%H:%M}" if times[0].date().isoformat() == today else f"{times[0]:%d %b}"
    return tr("Online for feeds only\nLast request {time}, {count} in all today").format(
        time=latest, count=count
    )
