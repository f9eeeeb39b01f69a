"""What comes from below the window, where nothing knows a language, in the user's.

Errors, reasons and progress are plain English there, and are kept so in the library. Each was made from a
template with blanks; `resources/strings/below.json` lists all (tests/tools/below.py finds them). What fills
the blanks is taken out of the text, said itself where it is such a text too, and put into the template in the
user's language. So what was stored before the language was chosen is said in it, too.
"""

import json
import re
from collections.abc import Sequence
from functools import cache, lru_cache

from PySide6.QtCore import QDate, QLocale

from earmark.paths import resource
from earmark.ui.language import tr

LONGEST, MOST_PIECES, LONGEST_OF_FEW_WORDS = 700, 16, 100
"""What is longer, or of more pieces, is no text of ours; nor what is so long and made from a template with
few words. So nobody's title holds the window up."""
PROBE = "Settings"
"""Where this stays as it is, the window speaks English."""
NAMES = frozenset(
    ("title", "title2", "feed_title", "host", "name", "file", "path", "folder", "url", "topic", "library")
)
"""Blanks that hold what others have named, which is never translated."""
_BLANK = re.compile(r"\{(\w+)\}")
_BETWEEN = re.compile(r"(?<=[.?!]) |; |, | and ")
_DID = r"(?:(?:, | and )?(?:saved|liked|read|hid|disliked) \d+)+"
KINDS = {
    "number": r"\d[\d,.]*",
    "day": r"\d\d?",
    "month": r"[A-Z][a-z]+",
    "list": '".+"',
    "insights": r"\d[\d,]* insights?",
    "mine": _DID,
    "says": rf".+?, (?:which you wrote|because you {_DID})",
}
"""What blanks of these names hold."""
SENTENCES = ("error", "reason", "why", "advice", "near", "change", "saying")
"""And those that may hold several sentences."""
TELLING = 7
"""So many letters of its own tell a template from all others."""
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_AMOUNT = re.compile(rf"({_FIGURE.pattern})( (?:bytes|kB|MB|GB|MiB|GiB|min|h|s)|%)?")
_COUNTED = re.compile(r"(\d[\d,]*) (.+)")
_IN_BRACKETS = re.compile(r"\s*\([^()]*\bearmark (?:--)?[a-z]+[^()]*\)")
_END = r"[.?!](?:\s|$)"
_COMMAND = re.compile(
    rf"(?:(?<=[.!?])\s+|[;,]\s+|^)(?:(?!{_END})[^;,])*"
    rf"\bearmark (?:--)?[a-z]+(?:(?!{_END})[^;])*(?:[.?!](?=\s|$))?"
)


def without_commands(text: str) -> str:
    """A text for people at the window, who need no advice for the command line.

    >>> without_commands("No speech model is chosen. Choose one with: earmark process --speech-model FILE")
    'No speech model is chosen.'
    >>> without_commands("3 MB of 9 MB are kept; it goes on with: earmark models download tiny")
    '3 MB of 9 MB are kept.'
    >>> without_commands("Try again later, or bring the file yourself (earmark models add FILE).")
    'Try again later, or bring the file yourself.'
    """
    if "earmark " not in text or len(text) > LONGEST:
        return text
    left = _COMMAND.sub("", _IN_BRACKETS.sub("", text)).strip()
    if not left or left == text.strip():
        return text
    return left if left[-1] in ".?!" else f"{left}."


def said(text: str) -> str:
    """A text from below in the user's language; what is no such text stays as it is."""
    text = without_commands(text)
    language = tr(PROBE)
    return text if language == PROBE or len(text) > LONGEST else _said(text, language)


@lru_cache(maxsize=2048)
def _said(text: str, language: str) -> str:
    if amount := _AMOUNT.fullmatch(text):
        return f"{_figure(amount[1])}{amount[2] or ''}"
    ends = [found.span() for found in _BETWEEN.finditer(text)]
    if len(ends) > MOST_PIECES:
        return text
    likely = _likely(text)
    if (whole := _whole(text, likely)) is not None:
        return whole
    for start, end in reversed(ends):
        if (first := _whole(text[:start], likely)) is not None:
            between = f" {tr('and')} " if text[start:end] == " and " else text[start:end]
            return first + between + _said(text[end:], language)
    if not ends:
        return text
    return text[: ends[0][1]] + _said(text[ends[0][1] :], language)


def _likely(text: str) -> list[str]:
    """The templates that a text, or a part of it, may be made from."""
    small = text.lower()
    return [template for needle, template in _templates() if needle in small]


def _whole(text: str, likely: Sequence[str]) -> str | None:
    """A text made from one template, also where a clause was made a sentence, or a sentence a clause."""
    if (found := _filled(text, likely)) is not None:
        return found
    if (counted := _COUNTED.fullmatch(text)) and (thing := _filled(counted[2], likely)) is not None:
        return f"{_figure(counted[1])} {thing}"
    clause, end = text.removesuffix("."), "." * text.endswith(".")
    if end and (found := _filled(clause, likely)) is not None:
        return found + end
    if (found := _filled(clause[:1].lower() + clause[1:], likely)) is not None:
        return f"{found[:1].upper()}{found[1:]}{end}"
    found = None if end else _filled(f"{text[:1].upper()}{text[1:]}.", likely)
    return None if found is None else (found[:1].lower() + found[1:]).removesuffix(".")


def _filled(text: str, likely: Sequence[str]) -> str | None:
    for template in likely:
        telling = _is_telling(template)
        if not telling and len(text) > LONGEST_OF_FEW_WORDS:
            continue
        if found := _pattern(template).fullmatch(text):
            blanks = found.groupdict()
            if telling or all(_is_ours(*each, template) for each in blanks.items()):
                told = {name: _blank(name, value, template) for name, value in blanks.items()}
                return tr(template).format(**told).replace("  ", " ").strip()
    return None


@cache
def _is_telling(template: str) -> bool:
    """Whether it has so many letters of its own that no other text reads like it."""
    return sum(map(str.isalpha, _BLANK.sub("", template))) >= TELLING


def _is_ours(name: str, value: str, template: str) -> bool:
    """Whether a blank of a template that tells little holds what it should: a figure, or a text of ours."""
    counted = value[:1].isdigit() and not _BETWEEN.search(value)
    return counted or name in KINDS or f"“{{{name}}}" in template or _whole(value, _likely(value)) is not None


def _blank(name: str, value: str, template: str) -> str:
    """What stands in a blank, in the user's language where it is ours."""
    if name in NAMES or f"“{{{name}}}" in template:
        return value
    before = value[: len(value) - len(value.lstrip())]
    value = value[len(before) :]
    if (day := QDate.fromString(value, "yyyy-MM-dd")).isValid():
        return QLocale().toString(day, QLocale.FormatType.LongFormat)
    if name == "month":
        months = [QLocale.c().monthName(number) for number in range(1, 13)]
        return QLocale().monthName(months.index(value) + 1) if value in months else value
    return before + _said(value, tr(PROBE)) if value else before


def _figure(text: str) -> str:
    """1,234.5 as the user's language writes it."""
    locale = QLocale()
    return text.translate({ord(","): locale.groupSeparator(), ord("."): locale.decimalPoint()})


@cache
def _templates() -> tuple[tuple[str, str], ...]:
    """All, those with most words first; before each the longest part without a blank, in small letters."""
    texts = json.loads(resource("strings/below.json").read_text(encoding="utf-8"))
    parts = {text: _BLANK.split(text)[::2] for text in texts}
    ordered = sorted(texts, key=lambda text: (-sum(map(len, parts[text])), text))
    return tuple((max(parts[text], key=len).strip(" .").lower(), text) for text in ordered)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """What texts a template makes. A blank that is glued to what stands before it, or at the end, may be
    empty, and then so is the space before it."""
    parts, known = _BLANK.split(template), set[str]()
    pattern = ""
    for number, part in enumerate(parts):
        if number % 2 == 0:
            free = number == len(parts) - 3 and not parts[-1] and part.strip() and part.endswith(" ")
            pattern += re.escape(part.removesuffix(" ")) + " ?" if free else re.escape(part)
        elif part in known:
            pattern += f"(?P={part})"
        else:
            known.add(part)
            last = number + 2 == len(parts)
            pattern += f"(?P<{part}>{_kind(part, parts[number - 1], parts[number + 1], last)})"
    return re.compile(pattern, re.DOTALL)


def _kind(name: str, before: str, after: str, last: bool) -> str:
    """What a blank may hold: as a rule, no more than one sentence."""
    if name in KINDS:
        return KINDS[name]
    sign = "[^”]" if after.startswith("”") else "." if name in SENTENCES else r"(?:(?![.?!;] ).)"
    glued = before and not before.endswith((" ", "“", "("))
    return sign + ("*?" if glued or (last and not after) else "+?")
