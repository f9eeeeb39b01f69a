"""A local Atom feed (RFC 4287) of briefs, for the user's own reader of feeds."""

from html import escape
from pathlib import Path

from earmark.errors import KnownError
from earmark.export.cards import lead, section_html
from earmark.export.selection import Section, Selection
from earmark.export.whole import write_whole

FEED_ID = "tag:earmark.invalid,2026:briefs"
"""A tag (RFC 4151). The name is reserved and belongs to nobody, so no other feed can have this id."""
MOST_DAYS = 60


def as_atom(selection: Selection) -> str:
    """The newest briefs, each an entry whose id is its date's for ever."""
    days = selection.days[:MOST_DAYS]
    newest = days[0].day if days else None
    updated = _moment(newest) if newest else selection.made
    entries = "\n".join(_entry(day) for day in days)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>{FEED_ID}</id>
<title>Earmark: the daily five</title>
<updated>{updated}</updated>
<author><name>Earmark</name></author>
<generator>Earmark</generator>
{entries}
</feed>
"""


def write_feed(path: Path, selection: Selection) -> None:
    """Renew the feed file; a file that is no feed of ours is left alone. Raises KnownError."""
    try:
        before = path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise KnownError(f"{path} cannot be read ({error.strerror}).") from error
    if before is not None and f"<id>{FEED_ID}</id>".encode() not in before[:2000]:
        raise KnownError(f"{path} is another file than Earmark's feed and was left alone.")
    fresh = as_atom(selection).encode("utf-8")
    if fresh != before:
        write_whole(path, fresh)


def _entry(day: Section) -> str:
    assert day.day is not None
    body = lead(day) + section_html(day, numbered=False, level=3, place=lambda _: None, sound=lambda _: None)
    return f"""<entry>
<id>{FEED_ID}/{day.day}</id>
<title>{escape(day.heading)}</title>
<updated>{_moment(day.day)}</updated>
<summary>{escape(day.note)}</summary>
<content type="html">{escape(body)}</content>
</entry>"""


def _moment(day: str) -> str:
    """Noon, which is the same date everywhere but at the edges: the library tells the day, not the minute."""
    return f"{day}T12:00:00Z"
