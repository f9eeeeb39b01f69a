"""Addresses of private shows without what is secret in them: marks stand in the secrets' places.

Secret are a name and password in front of the host, values whose name says so (`token=`, `auth=`, ...), and
long random parts of the path. A mark is the same for the same secret at the same host, tells nothing of it
without a key that the system keeps, and a secret goes back into its place at no other host. All pure.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

Thing = TypeVar("Thing")
SHORTEST_KNOWN = 6
"""Shorter secrets are not looked for in texts: they would be found in every other word."""
MARK = re.compile(r"~earmark-[0-9a-f]{8}~")
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\^`{|}]+", re.I)
_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*|[A-Z]+")
_SECRET_WORDS = frozenset(
    re.findall(
        r"\w+",
        """token key auth secret sig signature password passwd pwd pass session sid jwt hmac credential
        credentials user userid username uid email mail member subscriber login apikey policy hash""",
    )
)
_SECRET_ENDS = ("token", "key", "secret", "auth", "password", "signature", "userid")
_ENDING = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_PRIVATE_WORDS = frozenset(
    re.findall(
        r"\w+",
        """private premium member members memberful patron patrons patreon subscriber subscribers supercast
        supportingcast personal""",
    )
)
_LONG, _PIECE, _HEX = 20, 16, 40


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
    return bool(_spans(address))


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


def hide(address: str, key: bytes) -> Hidden:
    """An address with a mark for each secret in it; one without secrets stays as it is."""
    spans = _spans(address)
    if not spans:
        return Hidden(address, {})
    host, parts, secrets, last = host_of(address), [], {}, 0
    for start, end in spans:
        mark = mark_of(address[start:end], host, key)
        secrets[mark] = address[start:end]
        parts += [address[last:start], mark]
        last = end
    return Hidden("".join([*parts, address[last:]]), secrets)


def hide_in_text(text: str, key: bytes, known: Mapping[str, str]) -> Hidden:
    """A text with marks for what is secret in its addresses, and for the secrets that are `known` already.

    Outside of addresses a known secret that is plain words stays: it may well be the name of the show.
    """
    parts = [
        (mark, part)
        for mark, secret in known.items()
        for part in {secret, unquote(secret.rpartition(":")[2])}
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
    return len(part) < _LONG and all(letter.isalpha() or letter == " " for letter in part)


def _outside_marks(text: str, part: str, mark: str) -> str:
    pieces = re.split(f"({MARK.pattern})", text)
    return "".join(piece if _marked(piece) else piece.replace(part, mark) for piece in pieces)


@lru_cache(maxsize=2048)
def mark_of(secret: str, host: str, key: bytes) -> str:
    """What stands in a secret's place."""
    told = f"{host}\n{secret}".encode("utf-8", "surrogatepass")
    return f"~earmark-{hmac.new(key, told, hashlib.sha256).hexdigest()[:8]}~"


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
    for start, end in _spans(address):
        parts += [address[last:start], "…"]
        last = end
    return "".join([*parts, address[last:]])


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


@lru_cache(maxsize=2048)
def _spans(address: str) -> tuple[tuple[int, int], ...]:
    """Where secrets stand in an address, in order, none twice. The same links stand in the notes of many
    episodes."""
    return tuple(_found_spans(address))


def _found_spans(address: str) -> Iterator[tuple[int, int]]:
    begin = address.find("://")
    if begin < 0:
        return
    place = begin + 3
    path = min((at for at in map(address.find, "/?#", [place] * 3) if at >= 0), default=len(address))
    at = address.rfind("@", place, path)
    if at > place and not _marked(address[place:at]):
        yield place, at
    query = min((at for at in map(address.find, "?#", [path] * 2) if at >= 0), default=len(address))
    words = re.split(r"[^a-z]+", address[at + 1 if at > place else place : query].lower())
    private = not _PRIVATE_WORDS.isdisjoint(words)
    for start, end in _pieces(address, path, query, "/"):
        if _is_random(address[start:end], private=private):
            yield start, end
    for start, end in _pieces(address, query, len(address), "?#&;"):
        name, equals, value = address[start:end].partition("=")
        tells = _is_secret_name(name) or (not _is_number_name(name) and _is_random(value, private=private))
        if value and not _marked(value) and tells:
            yield start + len(name + equals), end


def _pieces(text: str, start: int, end: int, borders: str) -> Iterator[tuple[int, int]]:
    for found in re.finditer(f"[^{re.escape(borders)}]+", text[start:end]):
        yield start + found.start(), start + found.end()


def _marked(text: str) -> bool:
    return MARK.fullmatch(text) is not None


def _is_secret_name(name: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    plain = re.sub(r"[^a-z]", "", name.lower())
    return not _SECRET_WORDS.isdisjoint(words) or plain.endswith(_SECRET_ENDS) or plain in _SECRET_WORDS


def _is_number_name(name: str) -> bool:
    """Names of public numbers, such as a channel's, whose values look random too."""
    return name.lower().endswith(("id", "list"))


def _is_random(segment: str, *, private: bool) -> bool:
    """Whether a part of a path looks made by chance: long, and letters and digits mixed as in no word.

    Numbers of public shows look like it too (a UUID, a short hash), so these count only at an address that
    calls itself private.
    """
    core = _ENDING.sub("", segment).replace("%3D", "").rstrip("=")
    if not re.fullmatch(r"[A-Za-z0-9_.+-]+", core) or MARK.search(segment):
        return False
    if core.startswith("eyJ") and len(core) >= _LONG:  # a JSON web token, or JSON in base64
        return True
    longest = max(re.split(r"[-_.+]", core), key=len)
    mixed = len(re.findall(r"\d[A-Za-z]", longest if len(longest) >= _PIECE else core))
    is_hex = re.fullmatch(r"[0-9a-fA-F-]+", core) is not None
    if private and len(core) >= _PIECE and mixed >= 2:
        return True
    if is_hex:
        return len(longest) >= _HEX
    return len(core) >= _LONG and len(longest) >= _PIECE and mixed >= (2 if longest.lower() != longest else 3)
