"""feedparser's records, in which a tag of a stranger may stand where a list or a text is expected."""

from typing import Any


def text_of(record: Any, key: str) -> str:
    """A text of a record, empty when there is none. By feedparser's own names, not those it once had."""
    value = dict.get(record, key)
    return value if isinstance(value, str) else ""


def listed(record: Any, key: str) -> list[Any]:
    """The records that a record lists. By `dict.get`, for feedparser's own takes every link for a record."""
    value = dict.get(record, key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
