"""Which full stops end a sentence, and which belong to an abbreviation, an initial or a date."""

import re

from earmark.insights.words import word_set

CLOSERS = "\"'”’»)]」』）"
"""What may stand between a full stop and the end of its sentence."""

_STOP = re.compile(rf"[.!?…]+[{re.escape(CLOSERS)}]*(?=\s)|[。！？｡।॥؟۔։።။។]+[{re.escape(CLOSERS)}]*")
"""A stop of Latin scripts must be followed by a space ("3.5", "Node.js"); others stand without one."""
_ENDS = ".!?…。！？｡।॥؟۔։።။។"
_OPENERS_OF_WORDS = "(\"'“‘«¿¡["

_NEVER_LAST = word_set(
    "mr mrs ms dr prof gen sen rep st e.g i.e cf vs approx ca mt dept fig "
    "hr frau z.b d.h u.a bzw bspw vgl ggf evtl inkl sog str "
    "sr sra srta srs dra ud uds vd dña gral lic p.ej avda "
    "m mme mlle"
)
"""Abbreviations that nobody ends a sentence with."""
_MAY_BE_LAST = word_set("etc inc ltd co corp jr ph.d al est ed usw mio mrd jh ee.uu aprox u.s u.k")
"""Abbreviations that end a sentence when a word follows that opens one."""
_BEFORE_NUMBERS = word_set("no nr nos vol núm pág pp ch sec art abs fig")
"""Abbreviations only before a number: "no. 5", but "They said no. We left"."""
_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
"""Initials and the like: "J", "a.m", "u.s"."""
_OPENING_WORDS = word_set(
    "a an and are as at but can do for he her his how i i'm if in is it it's let my no now of on or our she "
    "so that that's the their then there they this those to was we we're well what when where who why yeah "
    "yes you your der die das ein eine ich wir er sie es und aber dann wenn man so da in im mit "
    "el la los las un una y pero yo es en no si se ella ellos nosotros entonces cuando para por"
)
_MONTHS = word_set(
    "januar jänner februar märz april mai juni juli august september oktober november dezember jahrhundert"
)
_NEXT_WORD = re.compile(r"\s*([^\s]{1,24})")


def stops_in(text: str) -> list[re.Match[str]]:
    """Every full stop of any script that may end a sentence inside `text`."""
    return list(_STOP.finditer(text))


def is_stop(text: str, match: re.Match[str], lower: bool) -> bool:
    """Whether this stop ends a sentence; `lower` when sentences begin with small letters here.

    Looks only at the words beside it, so that it costs the same anywhere in a long text.
    """
    following = _NEXT_WORD.match(text, match.end())
    follows = following.group(1) if following else ""
    stop = match.group()
    if stop[0] not in ".!?…":
        return True
    if follows[:1].islower() and not lower:
        return False
    if stop[0] == "…" or stop.startswith(".."):
        return _plain(follows) not in ("i", "i'm", "i'd", "i've", "i'll")
    if stop[0] != ".":
        return True
    begin = text.rfind(" ", 0, match.start())
    earlier = text[text.rfind(" ", 0, max(0, begin)) + 1 : begin] if begin > 0 else ""
    return _ends_word(text[begin + 1 : match.start()], earlier, follows)


def is_closed(text: str, following: str) -> bool:
    """Whether a segment ends a sentence, so that the `following` one begins another."""
    bare = text.rstrip(CLOSERS)
    if text.endswith("]") or not bare:
        return True
    if bare[-1] not in _ENDS:
        return False
    if bare[-1] != "." or bare.endswith(".."):
        return True
    *earlier, last = bare[:-1].rsplit(" ", 2)[-2:] if bare[:-1] else [""]
    return _ends_word(last, earlier[0] if earlier else "", following.split(" ", 1)[0])


def _ends_word(before: str, earlier: str, follows: str) -> bool:
    """Whether a single full stop after the word `before` ends a sentence."""
    word = before.lstrip(_OPENERS_OF_WORDS).lower()
    after = _plain(follows)
    if word in _BEFORE_NUMBERS:
        return not after[:1].isdigit()
    if word.isdigit():
        return after not in _MONTHS
    if word in _NEVER_LAST:
        return False
    if word in _MAY_BE_LAST or (_LETTERS.fullmatch(word) and word != "i"):
        pair = len(word) == 1 and len(earlier) == 2 and earlier.endswith(".")
        return not pair and follows[:1].isupper() and after in _OPENING_WORDS
    return True


def _plain(word: str) -> str:
    return word.strip("\"'“”‘’«»(),.!?;:…¿¡").replace("’", "'").lower()
