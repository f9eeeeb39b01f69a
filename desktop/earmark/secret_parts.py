"""Where in an address something stands that is for its user alone. All pure; positions in the text only.

Told by its place (a name and password in front of the host; what follows `/token/`), by its name (`token=`,
`auth=`), or by its look: made by chance and long. Names such as `t=` or `code=`, and hosts and paths that
call themselves private, need less of it. Numbers of public shows look made by chance, too (a UUID, a short
hash), so these count only where an address calls itself private.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

MARK_BEGINS = "~earmark-"
MARK = re.compile(rf"{MARK_BEGINS}[0-9a-f]{{8}}~")
"""What stands in a secret's place (`hiding`)."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*|[A-Z]+")
_SECRET_WORDS = _words(
    """token key auth secret sig signature password passwd pwd pass session sid jwt hmac credential
    credentials user userid username uid email mail member subscriber login apikey policy hash"""
)
_SECRET_ENDS = ("token", "key", "secret", "auth", "password", "signature", "userid")
_MAYBE_WORDS = _words(
    "k t access code grant invite license licence ticket private pin tk tok cred subscription sub"
)
_NEXT_IS_SECRET = _words("token tokens jwt apikey accesstoken authtoken feedtoken usertoken")
_NEXT_IS_MAYBE = _words("key keys auth access secret sig session login user users member members")
_ORDINARY = _words(
    "feed feeds rss xml atom json podcast podcasts index show shows episode episodes audio media public"
)
_PRIVATE_WORDS = _words(
    """private premium member members memberful patron patrons patreon subscriber subscribers subscription
    supercast supportingcast supporter supporters personal exclusive paid vip helloaudio steadyhq floatplane
    nebula glow restricted protected privatefeed privatefeeds privaterss"""
)
_ENDING = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.I)
_PUBLIC_NUMBER = re.compile(r"c[a-z0-9]{24}|[0-9a-f]{24}")  # a CUID; an id of MongoDB
_RUN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_LONG, _PIECE, _SHORT, _HEX, _HEX_IN_QUERY = 20, 16, 8, 40, 32
_JOINED = 18
_LONGEST_RUN, _LONGEST_RUN_OF_JOINED = 3.0, 2.4
"""Words have longer runs of one kind of letter; what is made by chance has 1.6 to 2.5 on average."""


@lru_cache(maxsize=2048)
def secret_spans(address: str) -> tuple[tuple[int, int], ...]:
    """Where secrets stand in an address, in order, none twice. The same links stand in the notes of many
    episodes."""
    return tuple(_found_spans(address))


def path_span(address: str) -> tuple[int, int] | None:
    """Where path and query of an address stand, without the first slash; None where there are none."""
    begin = address.find("://")
    place = begin + 3
    path = min((at for at in map(address.find, "/?#", [place] * 3) if at >= 0), default=len(address))
    start = path + 1 if address[path : path + 1] == "/" else path
    return (start, len(address)) if begin >= 0 and start < len(address) else None


def _found_spans(address: str) -> Iterator[tuple[int, int]]:
    begin = address.find("://")
    if begin < 0:
        return
    place = begin + 3
    path = min((at for at in map(address.find, "/?#", [place] * 3) if at >= 0), default=len(address))
    at = address.rfind("@", place, path)
    if at > place and not _is_mark(address[place:at]):
        yield place, at
    query = min((at for at in map(address.find, "?#", [path] * 2) if at >= 0), default=len(address))
    words = re.split(r"[^a-z]+", address[at + 1 if at > place else place : query].lower())
    private = not _PRIVATE_WORDS.isdisjoint(words)
    yield from _in_path(address, path, query, private)
    for start, end in _pieces(address, query, len(address), "?#&;"):
        yield from _in_value(address, start, end, private)


def _in_path(address: str, path: int, query: int, private: bool) -> Iterator[tuple[int, int]]:
    before = ""
    for start, end in _pieces(address, path, query, "/"):
        whole, semicolon, _values = address[start:end].partition(";")
        stop = start + len(whole)
        if whole and _is_secret_segment(whole, before, private):
            yield start, stop
        for value in _pieces(address, stop, end, ";") if semicolon else ():
            yield from _in_value(address, *value, private)
        before = re.sub(r"[^a-z]", "", whole.lower())


def _in_value(address: str, start: int, end: int, private: bool) -> Iterator[tuple[int, int]]:
    name, equals, value = address[start:end].partition("=")
    if value and not _is_mark(value) and _is_secret_value(name, value, private):
        yield start + len(name + equals), end


def _is_secret_segment(segment: str, before: str, private: bool) -> bool:
    if MARK.search(segment):
        return False
    core = _ENDING.sub("", segment)
    if before == "channel":  # YouTube's
        return False
    if before in _NEXT_IS_SECRET and core.isascii() and core.isalnum() and core.lower() not in _ORDINARY:
        return True
    if before in _NEXT_IS_MAYBE and is_made(core, _PIECE):
        return not _is_public_number(core)
    return _is_random(segment, private=private)


def _is_secret_value(name: str, value: str, private: bool) -> bool:
    if _is_secret_name(name):
        return True
    if name.lower().endswith(("id", "list")):  # public numbers, such as a channel's, look random too
        return False
    if MARK.search(value):
        return False
    core = _unquoted(value)
    if name.lower() in _MAYBE_WORDS and re.fullmatch(r"[\w.+-]*[A-Za-z][\w.+-]*", core):
        joined = core.replace("-", "")
        both = re.search(r"[0-9]", core) and re.search(r"[A-Za-z]", core)
        return is_made(joined, _SHORT - 2) or len(joined) >= (_SHORT if both else _PIECE)
    is_long_hex = len(core) >= _HEX_IN_QUERY and re.fullmatch(r"[0-9a-fA-F]+", core) is not None
    return is_long_hex or _is_random(value, private=private)


def _is_random(segment: str, *, private: bool) -> bool:
    """Whether a part of an address looks made by chance, and is longer than public numbers are."""
    core = _unquoted(segment)
    if not re.fullmatch(r"[A-Za-z0-9_.+-]+", core) or MARK.search(segment):
        return False
    if core.startswith("eyJ") and len(core) >= _LONG:  # a JSON web token, or JSON in base64
        return True
    if private and (_UUID.fullmatch(core) or is_made(core, _SHORT)):
        return True
    longest = max(re.split(r"[-_.+]", core), key=len)
    if re.fullmatch(r"[0-9a-fA-F-]+", core):
        return len(longest) >= _HEX
    if _is_public_number(core):
        return False
    return len(core) >= _LONG and is_made(core, _PIECE)


def is_made(text: str, shortest: int) -> bool:
    """Whether letters and digits are mixed as in no word, in a piece of at least `shortest`.

    >>> is_made("54nAGcIl", 8), is_made("TheDailyShowWithEverybody2021", 8), is_made("the-best-of-2021", 8)
    (True, False, False)
    """
    longest = max(re.split(r"[-_.+~%]", text), key=len)
    if len(longest) >= shortest:
        return _is_mixed(longest, _LONGEST_RUN)
    pieces = re.split(
        r"[-_+~]", text
    )  # base64 for addresses has hyphens, anywhere, and letters of both cases
    joined = "".join(pieces)
    mixed = len(joined) >= max(shortest, _JOINED) and _is_mixed(joined, _LONGEST_RUN_OF_JOINED)
    cased = joined not in (joined.lower(), joined.upper())
    return mixed and cased and not any(len(piece) > 4 and len(_RUN.findall(piece)) < 3 for piece in pieces)


def _is_mixed(piece: str, longest_run: float) -> bool:
    runs = _RUN.findall(piece)
    return len(runs) >= 3 and len(piece) / len(runs) < longest_run


def _is_public_number(core: str) -> bool:
    return _UUID.fullmatch(core) is not None or _PUBLIC_NUMBER.fullmatch(core) is not None


def _unquoted(segment: str) -> str:
    return _ENDING.sub("", segment).replace("%3D", "").rstrip("=")


def _pieces(text: str, start: int, end: int, borders: str) -> Iterator[tuple[int, int]]:
    for found in re.finditer(f"[^{re.escape(borders)}]+", text[start:end]):
        yield start + found.start(), start + found.end()


def _is_mark(text: str) -> bool:
    return MARK.fullmatch(text) is not None


def _is_secret_name(name: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    plain = re.sub(r"[^a-z]", "", name.lower())
    return not _SECRET_WORDS.isdisjoint(words) or plain.endswith(_SECRET_ENDS) or plain in _SECRET_WORDS
