"""What several verbs take, and what is typed into it."""

from datetime import date, datetime, timedelta

import click

from earmark.clock import to_ms
from earmark.errors import KnownError

json_option = click.option("--json", "json_", is_flag=True, help="Print JSON.")
_END_OF_TIME_MS = 2**62


def said(_ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """What was typed into an option; nothing at all was a slip, as of a script's empty variable."""
    if value is not None and not value.strip():
        raise KnownError(f"{option.opts[0]} is empty. Say what you mean, or leave it out.")
    return value


def iso_date(text: str) -> str:
    """A date that was typed, as YYYY-MM-DD. Raises KnownError."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise KnownError(f"“{text}” is not a date. Write it like 2026-11-23.") from error


def iso_span(since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """The dates of --since and --until. Raises KnownError, also where no day lies between them."""
    first = iso_date(since) if since is not None else None
    last = iso_date(until) if until is not None else None
    if first and last and first > last:
        raise KnownError(f"No day is both since {first} and until {last}. Is it the other way round?")
    return first, last


def begin_ms(iso: str, *, days_later: int = 0) -> int:
    """When a day begins where the user is, or one that is some days later; also at the ends of the calendar,
    where the computer knows no more moments."""
    try:
        day = date.fromisoformat(iso) + timedelta(days=days_later)
        return to_ms(datetime(day.year, day.month, day.day).astimezone())
    except (ValueError, OverflowError, OSError):
        return -_END_OF_TIME_MS if iso < "1970" else _END_OF_TIME_MS
