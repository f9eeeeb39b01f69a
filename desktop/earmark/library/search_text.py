"""What a user types, as a question to an index of words; and where its words stand in a text."""

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence

from earmark.tags import without_tags

STRETCH_WORDS = 60
"""A stretch ends with the segment that gives it so many words: about 25 seconds."""
MOST_NOTES = 20_000
MOST_WORDS = 24
"""What is typed beyond so many words is not looked for."""
LEAST_STEM = 4
LEAST_TYPED = 2
"""A single letter begins too many words to look them all up while somebody types."""

_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENDINGS = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ers",
    "er",
    "ed",
    "es",
    "ly",
    "s",
    "e",
    "y",
)


def _listed(line: str) -> frozenset[str]:
    return frozenset(line.split())


_STOP = _listed(
    "a about after all also am an and any are as at be because been before being but by can could did "
    "do does doing for from get got had has have having he her here him his how i if in into is it "
    "its it's just like many me more most much my no not of on one only or other our out over she "
    "should so some such than that the their them then there these they this those through to too up "
    "us very was way we were what what's when where which while who whom whose why will with would "
    "you your say says said tell according der die das den dem des ein eine einer und oder ist sind "
    "war im zu von mit auf für wie wer warum el la los las un una y o es son de del en que por para "
    "con como qué cómo quién cuál "
)


def plain(notes: str) -> str:
    """The words of a publisher's notes on one line: tags out, entities read."""
    return " ".join(_HIDDEN.sub("", html.unescape(without_tags(notes))).split())[:MOST_NOTES]


def stretched(segments: Iterable[tuple[int, str]]) -> list[tuple[int, int]]:
    """Neighbouring segments, given by number and text, in stretches: the first and last number of each."""
    found: list[tuple[int, int]] = []
    words, begin = 0, None
    for number, text in segments:
        begin = number if begin is None else begin
        words += len(text.split())
        if words >= STRETCH_WORDS:
            found.append((begin, number))
            words, begin = 0, None
        last = number
    if begin is not None:
        found.append((begin, last))
    return found


def fold(text: str) -> str:
    """Small letters without accents, as the indexes of words compare them.

    >>> fold("Énergie")
    'energie'
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def asked_words(text: str) -> list[str]:
    """The words of a question that say what it is about; all of them where it has no others.

    >>> asked_words("What does a “relay” cost?"), asked_words("to be")
    (['relay', 'cost'], ['to', 'be'])
    """
    words = list(dict.fromkeys(_WORD.findall(_HIDDEN.sub("", text))))
    telling = [word for word in words if word.casefold().replace("’", "'") not in _STOP]
    return (telling or words)[:MOST_WORDS]


def match_all(text: str, *, typing: bool = False) -> str | None:
    """The question to an index of words for what holds every word and, between quotation marks, every phrase.

    None when there is nothing to look for. `typing`: the last word may go on. Whatever is typed, the question
    is well formed: all words are quoted.
    """
    phrases = [
        phrase for phrase in re.findall(r"[\"“”]([^\"“”]+)[\"“”]", text) if len(_WORD.findall(phrase)) > 1
    ]
    parts = [_quoted(" ".join(_WORD.findall(phrase))) for phrase in phrases]
    words = asked_words(re.sub(r"[\"“”][^\"“”]+[\"“”]", " ", text) if phrases else text)
    parts += [f"({_forms(word)})" for word in words]
    if typing and words and len(words[-1]) >= LEAST_TYPED:
        parts[-1] = f"({_forms(words[-1])} OR {_quoted(words[-1])}*)"
    return " AND ".join(parts) or None


def match_any(text: str) -> str | None:
    """The question for what holds any of the words. None when there is nothing to look for."""
    return " OR ".join(_forms(word) for word in asked_words(text)) or None


def marks_in(text: str, asked: str) -> tuple[tuple[int, int], ...]:
    """Where the words that are asked for, in whatever form, stand in a text: (begin, end) of each.

    >>> marks_in("They deployed. Déploy!", "deploying")
    ((5, 13), (15, 21))
    """
    wanted = [(fold(word), _stem(fold(word))) for word in asked_words(asked)]
    found = []
    for match in _WORD.finditer(text):
        word = [fold(match.group())]
        if any(_is_there(whole, stem, word) for whole, stem in wanted):
            found.append(match.span())
    return tuple(found)


def share_held(text: str, asked: str) -> float:
    """Which share of the words that are asked for a text holds, in whatever form: in [0, 1]."""
    wanted = [(fold(word), _stem(fold(word))) for word in asked_words(asked)]
    held = {fold(word) for word in _WORD.findall(text)}
    there = sum(_is_there(whole, stem, held) for whole, stem in wanted)
    return there / len(wanted) if wanted else 0.0


def excerpt(text: str, marks: Sequence[tuple[int, int]], most: int) -> tuple[int, int]:
    """(begin, end) of the part of a text that holds the most of these marks: whole words, at most `most`
    characters, from the beginning of a sentence where one is near."""
    if len(text) <= most:
        return 0, len(text)
    begins = [begin for begin, _ in marks] or [0]
    held = [sum(begin <= other < begin + most * 3 // 4 for other in begins) for begin in begins]
    first = begins[held.index(max(held))]
    earliest = max(0, first - most // 4)
    stops = [m.end() for m in re.finditer(r"[.?!…]\s+", text[earliest:first])]
    space = text.find(" ", earliest, first)
    begin = earliest + stops[-1] if stops else 0 if earliest == 0 else first if space < 0 else space + 1
    if len(text) - begin <= most:
        return begin, len(text)
    end = text.rfind(" ", begin, begin + most)
    return begin, end if end > begin else begin + most


def shown(text: str) -> str:
    """A text as it may be shown: without what is not seen or turns the direction of writing."""
    return _HIDDEN.sub("", text)


def _is_there(whole: str, stem: str, held: Iterable[str]) -> bool:
    return any(word == whole or (bool(stem) and word.startswith(stem)) for word in held)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', " ").replace("\0", " ") + '"'


def _forms(word: str) -> str:
    """A word as it is typed, or with another ending. What fits as it is typed counts twice."""
    stem = _stem(fold(word))
    return f"{_quoted(word)} OR {_quoted(stem)}*" if stem else _quoted(word)


def _stem(word: str) -> str:
    """The part of a word that its forms share, as far as its letters can tell; "" for short words."""
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= LEAST_STEM), "")
    stem = word[: len(word) - len(ending)]
    doubled = (
        ending in ("ing", "ed", "er", "ers", "ings") and len(stem) > LEAST_STEM and stem[-1:] == stem[-2:-1]
    )
    stem = stem[:-1] if doubled else stem
    return stem if len(stem) >= LEAST_STEM and stem.isalpha() else ""
