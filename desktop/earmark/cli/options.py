"""What several verbs take, and what is typed into it."""

from datetime import date

import click

from earmark.errors import KnownError

json_option = click.option("--json", "json_", is_flag=True, help="Print JSON.")


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
