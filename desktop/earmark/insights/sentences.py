"""Segments to sentences with times: publishers cut mid-sentence, recognisers forget capitals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from earmark.records import Segment

MAX_WORDS = 60
"""Longer than this, a sentence that spans several segments is cut at their borders (text without
full stops)."""

_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)")
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "vs",
        "e.g",
        "i.e",
        "etc",
        "u.s",
        "u.k",
        "u.n",
        "a.m",
        "p.m",
        "no",
        "inc",
        "ltd",
        "co",
        "corp",
        "jr",
        "sr",
        "gen",
        "sen",
        "rep",
        "dept",
        "fig",
        "approx",
        "ph.d",
        "m.d",
        "b.a",
        "m.a",
        "d.c",
        "cf",
        "vol",
        "ed",
        "est",
        "al",
        "ca",
        "mt",
    ]
)
_CLOSED = re.compile(r"[.!?…\]][\"'”’)\]]*$")
_PAUSE_MS = 1500


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `first_segment` to `last_segment` are the segments that hold its words."""

    number: int
    text: str
    start_ms: int
    end_ms: int
    speaker: str | None
    first_segment: int
    last_segment: int

    @property
    def words(self) -> int:
        """How many words it has, as a reader counts."""
        return len(self.text.split())


@dataclass(frozen=True, slots=True)
class _Piece:
    """The text of one segment within a turn, and where in the turn's text it begins."""

    index: int
    begin: int
    text: str
    segment: Segment

    def time_at(self, offset: int) -> int:
        """When the character at `offset` of the turn is said, by even speed within the segment."""
        share = min(1.0, max(0.0, (offset - self.begin) / max(1, len(self.text))))
        return round(self.segment.start_ms + share * (self.segment.end_ms - self.segment.start_ms))


def split_sentences(segments: Sequence[Segment]) -> list[Sentence]:
    """The sentences of a transcript, numbered from 0.

    A sentence may begin and end inside a segment and may span several of one speaker; its times are then
    interpolated by characters. Text without full stops is cut at segment borders, at the longest pauses.
    """
    lower = _starts_lower(segments)
    found: list[Sentence] = []
    for turn in _turns(segments):
        for begin, end in _spans(turn, lower):
            found.append(_sentence(len(found), turn, begin, end))
    return found


def _turns(segments: Sequence[Segment]) -> list[list[_Piece]]:
    """Neighbouring segments that may share a sentence: one speaker, no long pause, not closed."""
    turns: list[list[_Piece]] = []
    for index, segment in enumerate(segments):
        text = " ".join(segment.text.split())
        if not text:
            continue
        last = turns[-1][-1] if turns else None
        joins = (
            last is not None
            and last.segment.speaker == segment.speaker
            and segment.start_ms - last.segment.end_ms < _PAUSE_MS
            and not _CLOSED.search(last.text)
        )
        if joins and last is not None:
            turns[-1].append(_Piece(index, last.begin + len(last.text) + 1, text, segment))
        else:
            turns.append([_Piece(index, 0, text, segment)])
    return turns


def _starts_lower(segments: Sequence[Segment]) -> bool:
    """Whether this transcript begins its sentences with small letters."""
    text = " ".join(segment.text for segment in segments)
    small = len(re.findall(r"[.!?]\s+[a-z]", text))
    return small > len(re.findall(r"[.!?]\s+[A-Z]", text))


def _spans(turn: list[_Piece], lower: bool) -> list[tuple[int, int]]:
    """(begin, end) of each sentence in the turn's text."""
    text = " ".join(piece.text for piece in turn)
    cuts = [match.end() for match in _END.finditer(text) if _is_end(text, match, lower)]
    spans, begin = [], 0
    for cut in [*cuts, len(text)]:
        if text[begin:cut].strip():
            spans += _shorter(turn, text, begin, cut)
        begin = cut + 1
    return spans


def _is_end(text: str, match: re.Match[str], lower: bool) -> bool:
    follows = text[match.end() :].lstrip()[:1]
    if follows.islower() and not lower:
        return False
    if match.group()[0] != "." or match.group().startswith(".."):
        return True
    before = text[: match.start()].rsplit(None, 1)[-1].lstrip("(\"'“‘").lower()
    initial = len(before) == 1 and before.isalpha() and before != "i"
    return before not in _ABBREVIATIONS and not initial


def _shorter(turn: list[_Piece], text: str, begin: int, end: int) -> list[tuple[int, int]]:
    """Cut an endless sentence at the segment border with the longest pause, again and again."""
    if len(text[begin:end].split()) <= MAX_WORDS:
        return [(begin, end)]
    borders = [
        (next_.segment.start_ms - piece.segment.end_ms, -abs(2 * next_.begin - begin - end), next_.begin)
        for piece, next_ in pairwise(turn)
        if begin < next_.begin < end
    ]
    if not borders:
        return [(begin, end)]
    cut = max(borders)[2]
    return _shorter(turn, text, begin, cut - 1) + _shorter(turn, text, cut, end)


def _sentence(number: int, turn: list[_Piece], begin: int, end: int) -> Sentence:
    text = " ".join(piece.text for piece in turn)
    first = max((piece for piece in turn if piece.begin <= begin), key=lambda piece: piece.begin)
    last = max((piece for piece in turn if piece.begin < end), key=lambda piece: piece.begin)
    start_ms = first.time_at(begin)
    return Sentence(
        number=number,
        text=text[begin:end].strip(),
        start_ms=start_ms,
        end_ms=max(start_ms, last.time_at(end)),
        speaker=first.segment.speaker,
        first_segment=first.index,
        last_segment=last.index,
    )
