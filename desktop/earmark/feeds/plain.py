"""Text from strangers, made safe to store and to show as plain text."""

import html
import re
import unicodedata

_TAG = re.compile(r"<[^<>]{0,2000}>")
_KEPT = {"\n", "\t"}
_BIDI = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def clean(text: str) -> str:
    """Without control characters, lone surrogates and direction overrides; line breaks stay.

    >>> clean("a\\x00b\\u202ec")
    'abc'
    """
    text = text.translate(_BIDI)
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in ("Cc", "Cs"))


def one_line(text: str, most: int = 500) -> str:
    """Plain text of one line: tags out, entities read, white space folded, at most `most` characters.

    >>> one_line("<b>Tom &amp; Ann</b>\\n  talk")
    'Tom & Ann talk'
    """
    text = html.unescape(_TAG.sub(" ", text[: most * 8]))
    return " ".join(clean(text).split())[:most]
