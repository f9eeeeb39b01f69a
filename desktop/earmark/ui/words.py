"""How things are said on screen. Pure functions, so that they can be tested without a window."""

import re
from datetime import date, datetime, timedelta

from PySide6.QtCore import QDate, QLocale, QTime

from earmark.clock import from_ms
from earmark.pipeline.plan import about
from earmark.records import Card, EpisodeRow, Job, Progress, Step
from earmark.ui.below import said
from earmark.ui.language import tr as tr

MOST_OF_A_NAME = 300
_CONTROLS = re.compile("[\0\u202a-\u202e\u2066-\u2069]")
_TWO_ENDS = re.compile(r"(?<!\.)([.?!…]\u2069?)\.(?=\s|$)")


def count_of(number: int, one: str, many: str) -> str:
    """`one` or `many` in the user's language, with %n in it replaced."""
    return tr(one if number == 1 else many).replace("%n", QLocale().toString(number))


def shown(text: str, most: int = MOST_OF_A_NAME) -> str:
    """Foreign text as it may stand on screen: bounded, and without controls that turn its surroundings.

    >>> shown("a\u202eb" + "c" * 400)[:5]
    'abccc'
    """
    text = _CONTROLS.sub("", text[: 2 * most])
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def name(text: str) -> str:
    """A title on one line, isolated, so that a right-to-left one does not move its neighbours."""
    return f"\u2068{shown(' '.join(text[: 2 * MOST_OF_A_NAME].split()))}\u2069"


def ended_once(text: str) -> str:
    """Sentences that end once each, also where a name that has an end of its own stands last in one.

    >>> ended_once("You unsubscribed from Who knows?. Its insight stays.")
    'You unsubscribed from Who knows? Its insight stays.'
    """
    return _TWO_ENDS.sub(r"\1", text)


def moment(ms: int) -> str:
    """A moment in an episode: 13:24, or 1:03:24."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def span(start_ms: int, end_ms: int) -> str:
    """13:24 to 13:51."""
    return tr("{start} to {end}").format(start=moment(start_ms), end=moment(end_ms))


def long_day(iso: str) -> str:
    """2026-11-23 as Monday, 23 November."""
    return _day(iso, tr("dddd, d MMMM"))


def short_day(iso: str) -> str:
    """2026-11-23 as 23 November."""
    return _day(iso, tr("d MMMM"))


def day_of(published_ms: int | None) -> str:
    """The day an episode came out, 23 November, or nothing."""
    return "" if published_ms is None else short_day(from_ms(published_ms).astimezone().date().isoformat())


def as_text(card: Card) -> str:
    """An insight with its proof and its source, to be pasted anywhere."""
    insight = card.insight
    source = f"{card.feed_title}, {card.episode_title}, {moment(insight.start_ms)}"
    return f"{insight.headline}\n\n{insight.text}\n\n“{insight.quote}”\n{source}"


def _day(iso: str, form: str) -> str:
    day = date.fromisoformat(iso)
    return QLocale().toString(QDate(day.year, day.month, day.day), form)


def amount(size_bytes: int) -> str:
    """So many bytes as people say it: 12.0 kB."""
    return QLocale().formattedDataSize(size_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def related_count(card: Card) -> str:
    """“5 related”."""
    return count_of(card.related_count, "%n related", "%n related")


def related_words(card: Card, *, disagrees: bool) -> str:
    """“5 related”, or “1 related, disagrees”."""
    text = related_count(card)
    return tr("{related}, disagrees").format(related=text) if disagrees else text


def heard_count(card: Card) -> str:
    """“Heard 5 times” for a claim of several episodes, else nothing."""
    return count_of(card.heard, "Heard once", "Heard %n times") if card.heard > 1 else ""


def time_left(seconds: float) -> str:
    """How long something still takes, as people say it."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return tr("less than a minute left")
    if minutes < 60:
        return count_of(minutes, "about %n min left", "about %n min left")
    return count_of(round(minutes / 60), "about %n hour left", "about %n hours left")


def progress_detail(progress: Progress) -> str:
    """How far the work is, how long all of it takes, and when it is ready; or why it stands still."""
    if progress.waiting:
        return shown(said(progress.waiting))
    parts = [shown(said(progress.detail))] if progress.detail else []
    if progress.left_s is not None:
        parts.append(time_left(progress.left_s))
    if progress.ready_ms is not None:
        ready = from_ms(progress.ready_ms).astimezone()
        parts.append(ready_by(ready, ready - timedelta(seconds=progress.left_s or 0)))
    return ", ".join(parts)


def working_sentence(progress: Progress) -> str:
    """What is being worked on, where nothing else is said."""
    if progress.waiting:
        return tr("Waiting: {reason}").format(reason=shown(said(progress.waiting)))
    told = tr("{doing} {subject}. {detail}")
    doing, subject, detail = said(progress.doing), shown(progress.subject), progress_detail(progress)
    return ended_once(told.format(doing=doing, subject=subject, detail=detail).rstrip())


def ready_by(ready: datetime, now: datetime) -> str:
    """“ready by about 06:40”, with the day where it is not the next time that clocks show it."""
    at = about(ready, now)
    clock = QLocale().toString(QTime(at.hour, at.minute), "HH:mm")
    if at - now < timedelta(hours=20):
        return tr("ready by about {time}").format(time=clock)
    return tr("ready by about {time} on {day}").format(time=clock, day=short_day(at.date().isoformat()))


def work_line(step: Step, progress: Progress) -> str:
    """What is done with the episode that is being worked on, and how far it is."""
    if progress.waiting:
        return tr("waiting: {reason}").format(reason=shown(said(progress.waiting)))
    far = progress_detail(progress)
    return f"{step_name(step)}, {far}" if far else step_name(step)


def job_state(job: Job) -> str:
    """Where an episode stands, in words."""
    if job.state == "done":
        return tr("done")
    if job.state == "failed":
        reason = said(job.reason) if job.reason else tr("no reason was given")
        return tr("failed: {reason}").format(reason=reason)
    if job.state == "waiting":
        if not job.reason:
            return tr("waiting")
        return tr("waiting: {reason}").format(reason=said(job.reason))
    if job.step == "transcribe" and job.total_ms:
        heard, whole = job.progress_ms // 60_000, max(1, round(job.total_ms / 60_000))
        far = tr("{heard} of {whole} min").format(heard=heard, whole=whole)
        return f"{step_name(job.step)}, {far}"
    return step_name(job.step)


def episode_state(row: EpisodeRow) -> str:
    """Where a listed episode stands, in words."""
    if row.skipped and row.state != "done":
        return tr("skipped")
    if row.state is None or row.step is None:
        return tr("not asked for")
    return job_state(Job(row.id, row.step, row.state, 0, row.progress_ms, row.total_ms, row.reason))


def step_name(step: Step) -> str:
    """What is done in a step."""
    doing = {
        "words": tr("fetching the transcript"),
        "download": tr("downloading"),
        "decode": tr("preparing the audio"),
        "transcribe": tr("listening"),
        "extract": tr("reading"),
    }
    return doing.get(step, tr("working"))


def is_day(place: str) -> bool:
    """Whether a place in the history is a date, YYYY-MM-DD.

    >>> is_day("2026-02-28"), is_day("2026-02-31"), is_day("20260228"), is_day("Today")
    (True, False, False, False)
    """
    try:
        return date.fromisoformat(place).isoformat() == place
    except ValueError:
        return False


def network_note(latest_ms: int | None, count: int, today: str, *, offline: bool = False) -> str:
    """What the network was used for: the time of the latest request and how many there were today."""
    if offline:
        return tr("Offline, as you chose\nNothing is asked of anybody")
    if latest_ms is None:
        return tr("Online for feeds only\nNothing was asked yet")
    time = from_ms(latest_ms).astimezone()
    latest = f"{time:%H:%M}" if time.date().isoformat() == today else short_day(time.date().isoformat())
    return tr("Online for feeds only\nLast request {time}, {count} in all today").format(
        time=latest, count=QLocale().toString(count)
    )
