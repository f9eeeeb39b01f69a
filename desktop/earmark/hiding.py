"""Addresses of private shows without what is secret in them: marks stand in the secrets' places.

What is secret is guessed (`secret_parts`), or it is the whole path and query where the user says so. A mark
is the same for the same secret at the same host, tells nothing of it without a key that the system keeps, and
a secret goes back into its place at no other host. All pure.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from earmark.secret_parts import MARK, MARK_BEGINS, path_span, secret_spans

Thing = TypeVar("Thing")
SHORTEST_KNOWN = 6
"""Shorter secrets are not looked for in texts: they would be found in every other word."""
LONGEST_WORDS = 20
"""A secret of letters alone that is longer is no name of a show."""
LONG_PART = 8
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\^`{|}]+", re.I)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A text with marks in place of secrets, and what each mark stands for."""

    text: str
    secrets: Mapping[str, str]


def has_secret(address: str) -> bool:
    """Whether something in an address is for its user alone.

    >>> has_secret("https://ann:pw@example.org/feed"), has_secret("https://example.org/feed?auth=x")
    (True, True)
    >>> has_secret("https://feeds.example.org/the-best-of-2021?page=2")
    False
    """
    return bool(secret_spans(address))


def without_marks(address: str) -> str:
    """An address without its marks; the rest stays.

    >>> without_marks("https://example.org/feed?auth=~earmark-00c0ffee~")
    'https://example.org/feed?auth='
    """
    return MARK.sub("", address)


def given_away(address: str) -> str:
    """An address as it may be given to anybody: with neither secrets nor marks.

    >>> given_away("https://ann:pw@example.org/feed?token=abc&page=2")
    'https://@example.org/feed?token=&page=2'
    """
    return without_marks(hide(address, b"").text)


def is_hidden(text: str) -> bool:
    """Whether marks stand in a text."""
    return MARK.search(text) is not None


def is_whole(address: str) -> bool:
    """Whether one mark stands for all that comes after the host.

    >>> is_whole("https://example.org/~earmark-00c0ffee~"), is_whole("https://example.org/~earmark-00c0ffee~/x")
    (True, False)
    """
    span = path_span(address)
    return span is not None and _marked(address[span[0] : span[1]])


def hide(address: str, key: bytes, *, whole: bool = False) -> Hidden:
    """An address with a mark for each secret in it; one without secrets stays as it is.

    `whole`: path and query are one secret, whatever they look like.
    """
    spans = secret_spans(address)
    place = path_span(address) if whole and not is_whole(address) else None
    if place is not None:
        spans = (*(span for span in spans if span[1] <= place[0]), place)
    if not spans:
        return Hidden(address, {})
    host, parts, secrets, last = host_of(address), [], {}, 0
    for start, end in spans:
        mark = mark_of(address[start:end], host, key)
        secrets[mark] = address[start:end]
        parts += [address[last:start], mark]
        last = end
    return Hidden("".join([*parts, address[last:]]), secrets)


def telling_parts(secret: str) -> list[str]:
    """The parts of a hidden path and query that may stand elsewhere, too: long ones that hold a digit.

    >>> telling_parts("members/abc12345/feed.xml?format=mp3")
    ['abc12345']
    """
    parts = re.split(r"[/?#&;=]", secret)
    return [part for part in parts if len(part) >= LONG_PART and any(letter.isdigit() for letter in part)]


def hide_in_text(text: str, key: bytes, known: Mapping[str, str]) -> Hidden:
    """A text with marks for what is secret in its addresses, and for the secrets that are `known` already.

    Outside of addresses a known secret that is plain words stays: it may well be the name of the show.
    """
    parts = [
        (mark, part)
        for mark, secret in known.items()
        for part in (secret, unquote(secret.rpartition(":")[2]))
        if len(part) >= SHORTEST_KNOWN and part in text
    ]
    secrets: dict[str, str] = {}

    def hidden(found: re.Match[str]) -> str:
        address = found[0]
        for mark, part in parts:
            address = _outside_marks(address, part, mark)
        made = hide(address, key)
        secrets.update(made.secrets)
        return made.text

    text = _ADDRESS.sub(hidden, text)
    for mark, part in parts:
        if not _is_plain_words(part):
            text = _outside_marks(text, part, mark)
    return Hidden(text, secrets)


def _is_plain_words(part: str) -> bool:
    """
    >>> _is_plain_words("Token Show"), _is_plain_words("hunter2"), _is_plain_words("correct-horse")
    (True, False, False)
    """
    return len(part) < LONGEST_WORDS and all(letter.isalpha() or letter == " " for letter in part)


def _outside_marks(text: str, part: str, mark: str) -> str:
    pieces = re.split(f"({MARK.pattern})", text)
    return "".join(piece if _marked(piece) else piece.replace(part, mark) for piece in pieces)


@lru_cache(maxsize=2048)
def mark_of(secret: str, host: str, key: bytes) -> str:
    """What stands in a secret's place."""
    told = f"{host}\n{secret}".encode("utf-8", "surrogatepass")
    return f"{MARK_BEGINS}{hmac.new(key, told, hashlib.sha256).hexdigest()[:8]}~"


def marks_in(text: str) -> list[str]:
    """Every mark in a text, in order."""
    return MARK.findall(text)


def reveal(address: str, secrets: Mapping[str, str]) -> str:
    """The address as it is asked; every mark in it must be in `secrets`."""
    return MARK.sub(lambda found: secrets[found[0]], address)


def shown(address: str) -> str:
    """An address as it may be shown to anybody.

    >>> shown("https://ann:pw@example.org/feed?token=abc&page=2")
    'https://…@example.org/feed?token=…&page=2'
    """
    parts, last = [], 0
    for start, end in secret_spans(address):
        parts += [address[last:start], "…"]
        last = end
    return "".join([*parts, address[last:]])


def printed(address: str) -> str:
    """The same without marks, too, which are of use to nobody who reads them.

    >>> printed("https://~earmark-00c0ffee~@example.org/feed?token=abc")
    'https://…@example.org/feed?token=…'
    """
    return MARK.sub("…", shown(address))


def host_of(address: str) -> str:
    """The host in lower case, or nothing where there is none."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def each_text(thing: Thing, change: Callable[[str], str]) -> Thing:
    """The same record with every text in it, however deep, as `change` gives it."""
    changed: Any = thing
    if isinstance(thing, str):
        changed = change(thing)
    elif isinstance(thing, tuple):
        changed = tuple(each_text(part, change) for part in thing)
    elif is_dataclass(thing) and not isinstance(thing, type):
        names = [field.name for field in fields(thing)]
        changed = replace(thing, **{name: each_text(getattr(thing, name), change) for name in names})
    return changed  # type: ignore[no-any-return]


def _marked(text: str) -> bool:
    return MARK.fullmatch(text) is not None
