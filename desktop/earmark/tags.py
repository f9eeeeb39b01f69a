"""HTML of strangers, without its tags."""

import re

_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,2000}>")
_CODE = re.compile(r"<(?:script|style)\b", re.I)
_CODE_END = re.compile(r"</(?:script|style)\s{0,9}>", re.I)


def without_tags(text: str) -> str:
    """Text with every HTML tag replaced by a space, scripts and styles with what is in them; a bare "<" that
    begins no tag stays.

    >>> without_tags("1 < 2 and <b>3 > 2</b>")
    '1 < 2 and  3 > 2 '
    """
    return _TAG.sub(" ", _without_code(text)) if "<" in text else text


def _without_code(text: str) -> str:
    """In one walk: a pattern that looks for the end of each takes quadratic time where none is."""
    kept, at = [], 0
    for opening in _CODE.finditer(text):
        if opening.start() < at:
            continue
        end = _CODE_END.search(text, opening.end())
        if end is None:
            break
        kept.append(text[at : opening.start()])
        at = end.end()
    return " ".join([*kept, text[at:]]) if at else text
