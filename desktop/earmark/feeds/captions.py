"""WebVTT, SubRip and SubViewer captions, as publishers really write them, to segments."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from earmark.feeds.plain import folded, unquoted
from earmark.records import Segment

_CLOCK = r"(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,3})?"
_CUE = re.compile(rf"^\s*({_CLOCK})\s*-->\s*({_CLOCK})")
_ARROW = re.compile(r"^\s*-?[\d:.,]+\s*-->")
_SBV = re.compile(r"^[ \t]{0,9}(\d{1,3}:\d\d:\d\d\.\d{3}),(\d{1,3}:\d\d:\d\d\.\d{3})[ \t]{0,9}\r?$", re.M)
"""The times of YouTube's own captions (SubViewer), which are else like SubRip's without numbers."""
_CLOCK_PARTS = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?")
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,100})?[ \t]+([^>]{1,200})>")
# Only what captions know: anything else between angle brackets was said, or written, by somebody.
_MARKUP = re.compile(
    r"</?(?:[bicuv]|font|lang|ruby|rt)\b[^<>]{0,300}>|<\d{1,3}:[\d:.,]{2,12}>|\{\\[^{}]{0,100}\}", re.I
)
_BREAK = re.compile(r"<br\s{0,3}/?>", re.I)
_INLINE_TIME = re.compile(r"<\d{1,3}:\d\d")
_LABEL = re.compile(r"^(?:>>\s*)?\[?((?:[^\W_][\w.'’&-]{0,30})(?: \(?[\w.'’&-]{1,30}\)?){0,4})\]?:(?:\s+|$)")
_TURN = re.compile(r"^(?:>>+|&gt;&gt;)\s*")
_DASH = re.compile(r"^[-–—]\s*(?=\S)")


FEWEST_ROLLED = 3


@dataclass(frozen=True, slots=True)
class _Cue:
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


Turn = tuple[str | None, str]
"""Who speaks, and the words."""


def read_captions(text: str) -> Iterator[Segment]:
    """The cues with words in them, in the file's order; cues of several speakers are divided.

    Speakers come from voice spans, `<v Ann>`, or from names with a colon at the head of a line. Such names
    stand where the turn begins, so a cue without one goes on with the last speaker.
    """
    cues = list(_cues(text))
    if _INLINE_TIME.search(text) or _rolls(cues):
        cues = list(_unrolled(cues))
    names = _names(cues)
    speaker: str | None = None
    for cue in cues:
        voiced = [turn for turn in _voices("\n".join(cue.lines)) if turn[1]]
        turns = voiced or list(_turns(cue.lines, names, speaker))
        speaker = speaker if voiced or not turns else turns[-1][0]
        yield from _divided(cue, turns)


def clock_ms(text: str) -> int | None:
    """The first time of day in a text, as 1:02:03.5 or 02:03, in milliseconds.

    >>> clock_ms("0:01:02,5"), clock_ms("soon")
    (62500, None)
    """
    found = _CLOCK_PARTS.search(text)
    if found is None:
        return None
    hours, minutes, seconds, fraction = found.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _cues(text: str) -> Iterator[_Cue]:
    """A line with an arrow, then text: up to an empty line in WebVTT, up to the next arrow in SubRip."""
    text = _SBV.sub(r"\1 --> \2", text)
    strict = text.lstrip("\ufeff").startswith("WEBVTT")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    arrows = [number for number, line in enumerate(lines) if "-->" in line and _ARROW.match(line)]
    for place, number in enumerate(arrows):
        times = _CUE.match(lines[number])
        if times is None:
            continue
        last = place + 1 == len(arrows)
        body = lines[number + 1 :] if last else _without_identifier(lines[number + 1 : arrows[place + 1]])
        if strict and "" in body:
            body = body[: body.index("")]
        start_ms, end_ms = clock_ms(times[1]) or 0, clock_ms(times[2]) or 0
        kept = tuple(line.strip() for line in body if line.strip())
        yield _Cue(start_ms, max(start_ms, end_ms), kept)


def _without_identifier(body: list[str]) -> list[str]:
    """Without the line just above the next arrow, where that is the next cue's number or name."""
    if body and body[-1].strip() and (body[-1].strip().isdigit() or len(body) == 1 or not body[-2].strip()):
        return body if len(body) == 1 and not body[-1].strip().isdigit() else body[:-1]
    return body


def _rolls(cues: Sequence[_Cue]) -> bool:
    """Whether most cues of several lines begin with the line that the one before ended with, as automatic
    captions do."""
    pairs = [(one, two) for one, two in pairwise(cues) if one.lines and len(two.lines) > 1]
    again = sum(_words(one.lines[-1]) == _words(two.lines[0]) for one, two in pairs)
    return again >= FEWEST_ROLLED and 2 * again > len(pairs)


def _unrolled(cues: Sequence[_Cue]) -> Iterator[_Cue]:
    """Without the lines that a rolling caption shows again from the cue before (automatic captions)."""
    before: tuple[str, ...] = ()
    for cue in cues:
        plain = tuple(_words(line) for line in cue.lines)
        fresh = 0
        while fresh < len(plain) and before and plain[fresh] in (*before[-2:], ""):
            fresh += 1
        before = plain or before
        yield _Cue(cue.start_ms, cue.end_ms, cue.lines[fresh:])


def _names(cues: Sequence[_Cue]) -> set[str]:
    """What stands with a colon at the head of lines and is a name: it does so twice, or in the first cue.

    Or beside another one behind dashes.
    """
    heads = [label for cue in cues for line in cue.lines if (label := _label(line))]
    names = {label for label, times in Counter(heads).items() if times > 1}
    first = next((cue.lines[0] for cue in cues if cue.lines), "")
    names |= {label for label in [_label(first)] if label}
    for cue in cues:
        dashed = [label for line in cue.lines if _DASH.match(line) and (label := _label(line))]
        names |= set(dashed) if len(dashed) > 1 else set()
    return names


def _label(line: str) -> str | None:
    """The name that a line may begin with: every word of it with a capital, or with no small letter."""
    found = _LABEL.match(_DASH.sub("", _words(line)))
    if found is None:
        return None
    capital = all(not word.lstrip("('’")[:1].islower() for word in found[1].split())
    return found[1] if capital and not found[1].isdigit() else None


def _turns(lines: Sequence[str], names: set[str], speaker: str | None) -> Iterator[Turn]:
    """The lines of a cue, joined as long as the same person speaks."""
    said: list[str] = []
    for line in lines:
        words = _words(line)
        label = _label(line)
        named = label is not None and label in names
        if named or _TURN.match(words):
            if said:
                yield speaker, " ".join(said)
            said, speaker = [], label if named else None
            words = _DASH.sub("", words).partition(":")[2] if named else _TURN.sub("", words)
        if words.strip():
            said.append(words.strip())
    if said:
        yield speaker, " ".join(said)


def _voices(raw: str) -> Iterator[Turn]:
    """The voice spans of a WebVTT cue; none when it has none."""
    pieces = _VOICE.split(raw)
    if len(pieces) < 3:
        return
    yield None, _words(pieces[0])
    for name, words in zip(pieces[1::2], pieces[2::2], strict=True):
        yield folded(html.unescape(name)).lstrip("/ ") or None, _words(words)


def _words(raw: str) -> str:
    return folded(unquoted(html.unescape(_MARKUP.sub("", _BREAK.sub(" ", raw)))))


def _divided(cue: _Cue, turns: Sequence[Turn]) -> Iterator[Segment]:
    """A segment for each turn; they share the cue's time by their length."""
    letters = sum(len(words) for _, words in turns)
    done = 0
    for speaker, words in turns:
        start_ms = cue.start_ms + (cue.end_ms - cue.start_ms) * done // letters
        done += len(words)
        yield Segment(start_ms, cue.start_ms + (cue.end_ms - cue.start_ms) * done // letters, words, speaker)
