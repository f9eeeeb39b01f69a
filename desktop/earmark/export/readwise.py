"""CSV as Readwise takes it in ("Import from CSV"), which spreadsheets open as well."""

import csv
import io
import re

from earmark.export.selection import Item, Selection

COLUMNS = ("Highlight", "Title", "Author", "URL", "Note", "Location", "Date")
_FORMULA = re.compile("'*[=+@\\-\uff1d\uff0b\uff20\uff0d]")


def as_csv(selection: Selection) -> str:
    """A row for each insight: the speaker's words, episode, show, its page, the claim, the second, the day.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; see `guarded`.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    writer.writerow(COLUMNS)
    writer.writerows(_row(item) for item in selection.items)
    return out.getvalue()


def guarded(text: str) -> str:
    """Text that no spreadsheet computes (OWASP, "CSV injection"); taking off one apostrophe undoes it.

    >>> guarded("=1+1"), guarded("-5 degrees"), guarded("it's"), guarded("'=x")
    ("'=1+1", "'-5 degrees", "it's", "''=x")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def _row(item: Item) -> list[str | int]:
    note = item.headline if item.text == item.quote else f"{item.headline}. {item.text}"
    note = f"{item.note} ({note})" if item.note else note
    texts = [item.quote, item.episode, item.show, item.link or "", note]
    day = f"{item.published} 00:00:00" if item.published else ""
    return [*(guarded(text) for text in texts), item.start_ms // 1000, day]
