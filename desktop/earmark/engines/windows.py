"""Decisions about a recognizer's windows of sound: what to keep, and where to listen next. No models here.

A window is at most 30 seconds that begin where the last one's complete segments ended. What it gives
depends only on the sound and on that beginning, so that a job which was killed goes on with the same words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from earmark.engines.gate import heard_ms, next_onset_ms
from earmark.records import Segment

WINDOW_MS = 30_000
LEAST_SPEECH_MS = 300
_LEAST_STEP_MS = 1_000
_CUT_WITHIN_MS = 200
_SKIP_SILENCE_MS = 2_000
_LEAD_MS = 300
_MOST_REPEATS = 3
_LOOP_WORDS = 24
_NOT_SPOKEN = re.compile(r"\[[^\]]*\]|^\s*\([^)]*\)\s*$|^\s*\*[^*]*\*\s*$|[♪♫]+")

Frames = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a window leaves: its complete segments, and where the next window begins."""

    segments: tuple[Segment, ...]
    next_ms: int


def window_start_ms(frames: Frames, next_ms: int, total_ms: int) -> int | None:
    """Where to listen next, at or after `next_ms`: a long silence is skipped, None means nothing is left."""
    if total_ms - next_ms < LEAST_SPEECH_MS or heard_ms(frames, next_ms, total_ms) < LEAST_SPEECH_MS:
        return None
    onset = next_onset_ms(frames, next_ms)
    if onset is None:
        return None
    return onset - _LEAD_MS if onset - next_ms > _SKIP_SILENCE_MS else next_ms


def keep(found: Sequence[Segment], frames: Frames, start_ms: int, end_ms: int, total_ms: int) -> Kept:
    """Choose among the segments that a window [start_ms, end_ms) gave.

    The last one is unfinished when it runs into the window's end and the recording goes on; then the next
    window begins where it began, unless that is where this one began: then it is kept, since nothing that
    was said may be lost. Whatever lies wholly where the gate heard nothing is dropped, so are
    noises in brackets, and a loop of the same words is cut.
    """
    clipped = [_clip(segment, start_ms, end_ms) for segment in found]
    complete, next_ms = (clipped, total_ms) if end_ms >= total_ms else _complete(clipped, start_ms, end_ms)
    spoken = [segment for segment in complete if _is_spoken(segment, frames)]
    return Kept(tuple(cut_loops([_tidy(segment) for segment in spoken])), next_ms)


def cut_loops(segments: Sequence[Segment]) -> list[Segment]:
    """Leave out what a recognizer repeats when it is caught in a loop.

    At most three equal segments in a row stay; within a segment, a run of the same few words is cut to one.
    """
    kept: list[Segment] = []
    repeats = 0
    for segment in segments:
        segment = replace(segment, text=_cut_loop(segment.text))
        same = bool(kept) and _plain(kept[-1].text) == _plain(segment.text)
        repeats = repeats + 1 if same else 1
        if repeats <= _MOST_REPEATS:
            kept.append(segment)
    return kept


def _cut_loop(text: str) -> str:
    """`text` up to and with the first of a phrase of 1 to 8 words that fills most of the rest."""
    words = text.split()
    if len(words) < _LOOP_WORDS:
        return text
    for length in range(1, 9):
        for start in range(len(words) - _LOOP_WORDS + 1):
            phrase = words[start : start + length]
            end = start + length
            while words[end : end + length] == phrase:
                end += length
            if end - start >= max(_LOOP_WORDS, 4 * length):
                return " ".join([*words[: start + length], *words[end:]])
    return text


def _complete(segments: list[Segment], start_ms: int, end_ms: int) -> tuple[list[Segment], int]:
    """The segments that the window's end does not cut, and where to listen next."""
    cut = segments[-1] if segments and segments[-1].end_ms >= end_ms - _CUT_WITHIN_MS else None
    whole = segments if cut is None else segments[:-1]
    done_ms = max((segment.end_ms for segment in whole), default=start_ms)
    if cut is None:
        return whole, max(done_ms, start_ms + _LEAST_STEP_MS) if whole else end_ms
    next_ms = max(done_ms, cut.start_ms)
    if next_ms - start_ms < _LEAST_STEP_MS:
        return segments, end_ms
    return whole, next_ms


def _is_spoken(segment: Segment, frames: Frames) -> bool:
    return bool(_tidy(segment).text) and heard_ms(frames, segment.start_ms, segment.end_ms) > 0


def _tidy(segment: Segment) -> Segment:
    """Without "[Music]" and "(applause)", with single spaces, and without control characters."""
    text = "".join(c if c.isprintable() else " " for c in _NOT_SPOKEN.sub(" ", segment.text))
    return replace(segment, text=" ".join(text.replace("\ufffd", "").split()))


def _clip(segment: Segment, start_ms: int, end_ms: int) -> Segment:
    start = min(max(segment.start_ms, start_ms), end_ms)
    return replace(segment, start_ms=start, end_ms=min(max(segment.end_ms, start), end_ms))


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
