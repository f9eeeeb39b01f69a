"""Segments to sentences with times: publishers cut mid-sentence, recognisers forget capitals and stops."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from earmark.insights.stops import is_closed, is_stop, stops_in
from earmark.insights.words import word_set
from earmark.records import Segment

MAX_WORDS = 120
"""Longer than this, even a sentence that ends with a full stop is cut."""
MAX_UNSTOPPED_WORDS = 40
"""The longest sentence where a transcript has hardly any full stops, and the longest part of a cut one."""
LEAST_PART_WORDS = 8
"""No cut leaves fewer words than this on either side."""
STOPPED_WORDS = 50
"""A transcript with more words than this to a full stop has hardly any."""

_PAUSE_MS = 1500
_JOINS = word_set(
    "and but so because then or which while although though however if when where since unless until "
    "und aber denn weil dann oder während obwohl wenn wo dass sondern "
    "y pero porque entonces o aunque cuando donde mientras pues sino que"
)
"""Words with which a part of a cut sentence may well begin."""


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


class _Turn:
    """What one speaker says without a long pause: its pieces, and their text, joined once."""

    def __init__(self, pieces: Sequence[_Piece]) -> None:
        self.pieces = pieces
        self.text = " ".join(piece.text for piece in pieces)
        self._begins = [piece.begin for piece in pieces]

    def piece_at(self, offset: int) -> _Piece:
        """The piece that holds the character at `offset`."""
        return self.pieces[max(0, bisect_right(self._begins, offset) - 1)]

    def pauses(self, begin: int, end: int) -> dict[int, int]:
        """The silence before each piece that begins inside this part, by where it begins."""
        first = max(1, bisect_right(self._begins, begin))
        last = bisect_left(self._begins, end)
        return {
            piece.begin: max(0, piece.segment.start_ms - before.segment.end_ms)
            for before, piece in pairwise(self.pieces[first - 1 : last])
        }


def split_sentences(segments: Sequence[Segment]) -> list[Sentence]:
    """The sentences of a transcript, numbered from 0, in time linear in its length.

    A sentence may begin and end inside a segment and may span several of one speaker; its times are then
    interpolated by characters, and none starts before the one before it. What has no full stops is cut at
    pauses, at words such as "because", and at the borders of segments.
    """
    lower = _starts_lower(segments)
    turns = _turns(segments)
    most = MAX_WORDS if _has_stops(turns) else MAX_UNSTOPPED_WORDS
    found: list[Sentence] = []
    latest_ms = 0
    for turn in turns:
        for begin, end in _spans(turn, lower, most):
            sentence = _sentence(len(found), turn, begin, end, latest_ms)
            latest_ms = sentence.start_ms
            found.append(sentence)
    return found


def _turns(segments: Sequence[Segment]) -> list[_Turn]:
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
            and not is_closed(last.text, text)
        )
        if joins and last is not None:
            turns[-1].append(_Piece(index, last.begin + len(last.text) + 1, text, segment))
        else:
            turns.append([_Piece(index, 0, text, segment)])
    return [_Turn(pieces) for pieces in turns]


def _starts_lower(segments: Sequence[Segment]) -> bool:
    """Whether this transcript begins its sentences with small letters."""
    text = " ".join(segment.text for segment in segments)
    small = len(re.findall(r"[.!?]\s+[a-z]", text))
    return small > len(re.findall(r"[.!?]\s+[A-Z]", text))


def _has_stops(turns: Sequence[_Turn]) -> bool:
    """Whether this transcript marks where its sentences end."""
    words = sum(turn.text.count(" ") + 1 for turn in turns)
    stops = sum(len(stops_in(turn.text + " ")) for turn in turns)
    return words <= STOPPED_WORDS * max(1, stops)


def _spans(turn: _Turn, lower: bool, most: int) -> list[tuple[int, int]]:
    """(begin, end) of each sentence in the turn's text."""
    text = turn.text
    cuts = [match.end() for match in stops_in(text) if is_stop(text, match, lower)]
    spans: list[tuple[int, int]] = []
    begin = 0
    for cut in [*cuts, len(text)]:
        if text[begin:cut].strip():
            spans += _shorter(turn, begin, cut, most)
        begin = cut + (text[cut : cut + 1] == " ")
    return spans


def _shorter(turn: _Turn, begin: int, end: int, most: int) -> list[tuple[int, int]]:
    """An endless sentence in parts, each cut where the speaker most likely paused for thought."""
    starts = [begin + match.start() for match in re.finditer(r"\S+", turn.text[begin:end])]
    if len(starts) <= most:
        return [(begin, end)]
    pauses = turn.pauses(begin, end)
    spans = []
    first, count = 0, len(starts)
    while count - first > MAX_UNSTOPPED_WORDS:
        last = min(first + MAX_UNSTOPPED_WORDS, count - LEAST_PART_WORDS)
        places = range(first + LEAST_PART_WORDS, last + 1)
        cut = max(places, key=lambda place: (_cut_value(turn.text, starts[place], pauses), place))
        spans.append((starts[first], starts[cut] - 1))
        first = cut
    return [*spans, (starts[first], end)]


def _cut_value(text: str, start: int, pauses: dict[int, int]) -> float:
    """How well a sentence may be cut before the word that begins at `start`."""
    word = text[start : start + 12].split(" ", 1)[0].lower()
    pause = min(4.0, pauses[start] / 250) + 0.5 if start in pauses else 0.0
    return pause + 1.5 * (word in _JOINS) + 1.0 * (text[start - 2] in ",;:،，、")


def _sentence(number: int, turn: _Turn, begin: int, end: int, earliest_ms: int) -> Sentence:
    first, last = turn.piece_at(begin), turn.piece_at(end - 1)
    start_ms = max(earliest_ms, first.time_at(begin))
    return Sentence(
        number=number,
        text=turn.text[begin:end].strip(),
        start_ms=start_ms,
        end_ms=max(start_ms, last.time_at(end)),
        speaker=first.segment.speaker,
        first_segment=first.index,
        last_segment=last.index,
    )
