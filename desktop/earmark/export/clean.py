"""What is done to every text before it goes out, whatever the form: documented, so that it can be undone or
reckoned with. And names and addresses that are fit for other systems."""

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

MOST_OF_A_TEXT = 20_000
MOST_OF_A_TITLE = 500
_LONGEST_NAME_BYTES = 120
_UNPRINTABLE = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
_NOT_IN_ADDRESS = re.compile(r"[\s\"<>\\^`{|}\x00-\x1f\x7f]")


def clean(text: str, most: int = MOST_OF_A_TEXT) -> str:
    """Foreign text as it goes out: one line, without what no reader shows or what turns its surroundings.

    Control characters, bidirectional controls and noncharacters are left out, half characters (lone
    surrogates) become U+FFFD, white space is folded, and what is longer than `most` is cut.

    >>> clean("a\\x00\\n b \\ud800\\u202e"), clean("abcdef", 4)
    ('a b �', 'abc…')
    """
    whole = text[: 4 * most].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    folded = " ".join(_UNPRINTABLE.sub("", whole).split())
    return folded if len(folded) <= most else folded[: most - 1].rstrip() + "…"


def file_name(text: str) -> str:
    """A readable name for a file, good on every system and in a [[link]]; never empty.

    >>> file_name("CON/aux: why #1 [of] 5?"), file_name("..."), file_name("नमस्ते"), file_name("😀🏳️")
    ('CON aux why 1 of 5', 'Untitled', 'नमस्ते', 'Untitled')
    """
    plain, kept = unicodedata.normalize("NFC", clean(text, MOST_OF_A_TITLE)), ""
    for sign in plain:  # a mark belongs to the letter before it, and cannot be seen without one
        marks = unicodedata.category(sign)[0] == "M" and kept[-1:].strip()
        kept += sign if sign.isalnum() or sign in " -_',&" or marks else " "
    words = " ".join(kept.split())[:60]
    while len(words.encode()) > _LONGEST_NAME_BYTES:
        words = words[:-1]
    return words.strip(" -_',&") or "Untitled"


def web_address(link: str | None) -> str | None:
    """A publisher's link when it is one for a browser, without name and password; else None.

    >>> web_address("https://ann:pw@example.org/a b?q=<1>"), web_address("javascript:alert(1)")
    ('https://example.org/a%20b?q=%3C1%3E', None)
    """
    try:
        parts = urlsplit(clean(link or "", 4000))
        host, port = parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError:  # UnicodeError is one
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or _NOT_IN_ADDRESS.search(host):
        return None
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port else ""
    safe = [quote(part, safe="/%:?&=+,;@!$'()*~-._") for part in (parts.path, parts.query, parts.fragment)]
    return urlunsplit((parts.scheme.lower(), place, *safe))
