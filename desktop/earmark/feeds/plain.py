"""Text from strangers, made safe to store and to show as plain text."""

import html
import re

from earmark.tags import without_tags

_QUOTED = re.compile(r"^[ \t]{0,3}(?:>(?!>)[ \t]*)+", re.M)

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """Without control characters, lone surrogates and direction overrides; line breaks become "\\n".

    >>> clean("a\\x00b\\u202ec")
    'abc'
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HIDDEN.sub("", text)


def folded(text: str) -> str:
    """Clean text on one line, white space folded."""
    return " ".join(clean(text).split())


def unquoted(text: str) -> str:
    """Without the marks that Markdown sets before the lines of a quotation; ">>", a new speaker, stays.

    >>> unquoted("> one\\n> > two\\n>> 5 > 3")
    'one\\ntwo\\n>> 5 > 3'
    """
    return _QUOTED.sub("", text) if ">" in text else text


def one_line(text: str, most: int = 500) -> str:
    """Plain text of one line: tags out, entities read, white space folded, at most `most` characters.

    >>> one_line("<b>Tom &amp; Ann</b>\\n  talk")
    'Tom & Ann talk'
    """
    return folded(html.unescape(without_tags(text[: most * 8])))[:most].strip()
