"""Which thirty seconds a speech model hears next, and what is kept of what it says. No models here.

A window begins where the last one's complete segments ended. Long silences inside it are left out, so that
it holds thirty seconds with speech; but one that already holds twenty of them ends at such a silence, where
nothing is cut and the sound stays as it was recorded. What it gives depends only on the sound and on where it
begins, so that a job which was killed goes on with the same words.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from earmark.engines.hearing import NEAR_MS, Hearing
from earmark.engines.loops import cut_loops, is_ghost
from earmark.errors import Cancelled
from earmark.records import Segment

WINDOW_MS = 30_000
ENOUGH_MS = 20_000
"""A window that holds so much goes over no more long silences. What came after would mostly be cut by its
end and be heard again, and a model may lose its place where sound is joined that never was together."""
LEAST_SPEECH_MS = 300
_LEAST_STEP_MS = 1_000
_CUT_WITHIN_MS = 200
_SKIP_SILENCE_MS = 2_000
_LEAD_MS = 300
_NOT_SPOKEN = re.compile(r"\[[^\]]*\]|^\s*\([^)]*\)\s*$|^\s*\*[^*]*\*\s*$|[♪♫]+")


@dataclass(frozen=True, slots=True)
class Window:
    """Stretches of a sound (start_ms, end_ms) that are heard as one; `last` when no speech comes after it,
    `at_rest` when it ends in a long silence."""

    pieces: tuple[tuple[int, int], ...]
    last: bool
    at_rest: bool = False

    @property
    def uncut(self) -> bool:
        """Whether its end cuts nothing that is said."""
        return self.last or self.at_rest

    @property
    def start_ms(self) -> int:
        """Where it begins in the sound."""
        return self.pieces[0][0]

    @property
    def end_ms(self) -> int:
        """Where it ends in the sound."""
        return self.pieces[-1][1]

    @property
    def length_ms(self) -> int:
        """How much of the sound is heard."""
        return sum(end - start for start, end in self.pieces)

    def cut(self, length_ms: int) -> "Window":
        """Its beginning alone."""
        end_ms = self.place(length_ms, end=True)
        pieces = tuple((start, min(end, end_ms)) for start, end in self.pieces if start < end_ms)
        whole = length_ms >= self.length_ms
        return Window(pieces, last=self.last and whole, at_rest=self.at_rest and whole)

    def place(self, ms: int, *, end: bool = False) -> int:
        """Where a moment of the window lies in the sound. Where two pieces meet, an `end` belongs to the
        first.

        >>> Window(((0, 5_000), (9_000, 20_000)), False).place(6_000)
        10000
        """
        left = max(0, ms)
        for start_ms, end_ms in self.pieces:
            length = end_ms - start_ms
            if left < length or (end and left == length):
                return start_ms + left
            left -= length
        return self.end_ms


@dataclass(frozen=True, slots=True)
class Kept:
    """What a window leaves: its complete segments, and where the next window begins."""

    segments: tuple[Segment, ...]
    next_ms: int


def window_at(hearing: Hearing, next_ms: int) -> Window | None:
    """The window to hear next, from the first speech at or after `next_ms` on; None when nothing is left.

    Short silences before it are heard too; of a long one, here and inside, only 300 ms on each side.
    """
    total_ms = hearing.total_ms
    start_ms = _start_ms(hearing, next_ms)
    if start_ms is None:
        return None
    pieces: list[tuple[int, int]] = []
    left_ms, at_rest = WINDOW_MS, False
    while left_ms > 0 and not at_rest:
        end_ms = min(start_ms + left_ms, total_ms)
        silence = next(iter(hearing.silences(start_ms, end_ms, _SKIP_SILENCE_MS)), None)
        if silence is None:
            pieces.append((start_ms, end_ms))
            break
        onset_ms = hearing.onset_ms(silence[1] - NEAR_MS)
        pieces.append((start_ms, silence[0] + _LEAD_MS))
        if onset_ms is None:
            break
        left_ms -= pieces[-1][1] - start_ms
        start_ms, at_rest = onset_ms - _LEAD_MS, WINDOW_MS - left_ms >= ENOUGH_MS
    last = pieces[-1][1] >= total_ms or hearing.onset_ms(pieces[-1][1]) is None
    return Window(tuple(pieces), last=last, at_rest=at_rest)


def one_after_another(
    hearing: Hearing, start_ms: int, hear: Callable[[Window], Kept], cancelled: Callable[[], bool]
) -> Iterator[Kept]:
    """What `hear` keeps of each window from `start_ms` on; the last one reaches the end of the sound.

    Raises Cancelled between two windows.
    """
    next_ms = max(0, start_ms)
    while next_ms < hearing.total_ms:
        if cancelled():
            raise Cancelled
        window = window_at(hearing, next_ms)
        kept = hear(window) if window else Kept((), hearing.total_ms)
        next_ms = kept.next_ms
        yield kept


def _start_ms(hearing: Hearing, next_ms: int) -> int | None:
    total_ms = hearing.total_ms
    if total_ms - next_ms < LEAST_SPEECH_MS:
        return None
    if hearing.hears(next_ms, next_ms + _SKIP_SILENCE_MS):
        return next_ms
    onset_ms = hearing.onset_ms(next_ms)
    if onset_ms is None:
        return None
    return onset_ms - _LEAD_MS if onset_ms - next_ms > _SKIP_SILENCE_MS else next_ms


def keep(found: Sequence[Segment], window: Window, hearing: Hearing) -> Kept:
    """Choose among the segments that a window gave; their times are the window's own, the result's are not.

    The last one is unfinished when it runs into the window's end and the recording goes on; then the next
    window begins where it began, unless that is where this one began: then it is kept, since nothing that
    was said may be lost. Whatever lies wholly where nobody was heard is dropped, so are noises in brackets,
    and a loop of the same words is cut.
    """
    clipped = [_clip(segment, window.length_ms) for segment in found]
    length_ms = window.length_ms
    complete, done_ms = (clipped, length_ms) if window.uncut else _complete(clipped, length_ms)
    placed = [_place(segment, window) for segment in complete]
    spoken = [_tidy(segment) for segment in placed if _is_spoken(segment, hearing)]
    next_ms = hearing.total_ms if window.last else window.place(done_ms, end=done_ms >= length_ms)
    return Kept(tuple(cut_loops(spoken)), next_ms)


def _complete(segments: list[Segment], length_ms: int) -> tuple[list[Segment], int]:
    """The segments that the window's end does not cut, and where to listen next."""
    cut = segments[-1] if segments and segments[-1].end_ms >= length_ms - _CUT_WITHIN_MS else None
    whole = segments if cut is None else segments[:-1]
    done_ms = max((segment.end_ms for segment in whole), default=0)
    if cut is None:
        return whole, max(done_ms, _LEAST_STEP_MS) if whole else length_ms
    next_ms = max(done_ms, cut.start_ms)
    if next_ms < _LEAST_STEP_MS:
        return segments, length_ms
    return whole, next_ms


def _is_spoken(segment: Segment, hearing: Hearing) -> bool:
    text = _tidy(segment).text
    if is_ghost(text) and not hearing.hears(segment.start_ms, segment.end_ms):
        return False
    return bool(text) and hearing.hears_near(segment.start_ms, segment.end_ms)


def _place(segment: Segment, window: Window) -> Segment:
    start_ms = window.place(segment.start_ms)
    return replace(
        segment,
        start_ms=start_ms,
        end_ms=max(start_ms, window.place(segment.end_ms, end=True)),
        word_ms=tuple(window.place(ms) for ms in segment.word_ms),
    )


def _tidy(segment: Segment) -> Segment:
    """Without "[Music]" and "(applause)", with single spaces, and without control characters."""
    text = "".join(c if c.isprintable() else " " for c in _NOT_SPOKEN.sub(" ", segment.text))
    return with_text(segment, " ".join(text.replace("\ufffd", "").split()))


def with_text(segment: Segment, text: str) -> Segment:
    """The segment with another text; what was known of each word goes where their number has changed."""
    if len(text.split()) == len(segment.word_ms):
        return replace(segment, text=text)
    return replace(segment, text=text, word_ms=(), doubts=())


def _clip(segment: Segment, length_ms: int) -> Segment:
    start = min(max(segment.start_ms, 0), length_ms)
    return replace(segment, start_ms=start, end_ms=min(max(segment.end_ms, start), length_ms))
