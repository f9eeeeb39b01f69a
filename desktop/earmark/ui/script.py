"""A transcript set in paragraphs, as a page is set: pure, so that it can be tested without a window."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from earmark.records import Segment
from earmark.ui.words import shown

FULL, FULLEST = 500, 1200
"""A paragraph ends with the sentence after so many characters, and in any case after so many."""
_ENDS = (".", "?", "!", "…", "。", "？", "！", "।", "؟")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Segments of one speaker that are set together, by number, both ends included. `speaker` is empty where
    nobody is named, or the one before goes on."""

    first: int
    last: int
    start_ms: int
    speaker: str


@dataclass(slots=True)
class Placed:
    """Where each segment stands in a text: filled in while it is set. Positions count as the text does."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def at(self, position: int) -> int | None:
        """The segment at a position, or the next one after it; None where there are none."""
        if not self.starts:
            return None
        number = max(0, bisect_right(self.starts, position) - 1)
        after = number + 1 < len(self.starts) and position > self.ends[number]
        return number + 1 if after else number


def paragraphs(segments: Sequence[Segment]) -> list[Paragraph]:
    """The segments of a transcript in paragraphs.

    >>> two = [Segment(0, 1, "Yes.", "Ann"), Segment(1, 2, "No.", "Ben")]
    >>> [(each.first, each.last, each.speaker) for each in paragraphs(two)]
    [(0, 0, 'Ann'), (1, 1, 'Ben')]
    """
    made: list[Paragraph] = []
    first, length, named = 0, 0, ""
    for number, segment in enumerate(segments):
        length += len(segment.text)
        following = segments[number + 1] if number + 1 < len(segments) else None
        goes_on = following is not None and following.speaker == segment.speaker
        full = length >= FULL and segment.text.rstrip().endswith(_ENDS)
        if goes_on and not full and length < FULLEST:
            continue
        speaker = segments[first].speaker or ""
        told = "" if speaker == named else shown(speaker, 80)
        made.append(Paragraph(first, number, segments[first].start_ms, told))
        first, length, named = number + 1, 0, speaker
    return made


def segment_at(segments: Sequence[Segment], position_ms: int) -> int | None:
    """The segment that is said at a moment: the last that has begun; None before the first."""
    number = bisect_right(segments, position_ms, key=lambda segment: segment.start_ms) - 1
    return number if number >= 0 else None
