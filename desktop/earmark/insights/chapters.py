"""What a publisher's chapters say about an episode's sentences."""

import re
from collections.abc import Sequence

from earmark.insights.sentences import Sentence
from earmark.records import Chapter, PassageKind

_APART: tuple[tuple[PassageKind, re.Pattern[str]], ...] = (
    (
        "ad",
        re.compile(
            r"^\W*(?:(?:our |today's |this week's |a word from our )?sponsors?|sponsored|advert\w*|ads?"
            r"|mid-?roll|pre-?roll|promo)\b(?=\W*$|\W*[:|–—-]| (?:break|by|read|message|segment|spot)\b)",
            re.I,
        ),
    ),
    (
        "intro",
        re.compile(r"^\W*(?:intro(?:duction)?s?|cold open|teaser|theme(?: music)?|welcome)\W*$", re.I),
    ),
    (
        "outro",
        re.compile(r"^\W*(?:outro|(?:end )?credits|closing|bloopers?|good ?bye|wrap[- ]?up)\W*$", re.I),
    ),
)
"""Titles of chapters that hold no talk."""
LONGEST_APART_MS = 6 * 60_000
"""A chapter that lasts longer is talk, whatever its title."""
_SLACK_MS = 1500
"""A sentence that begins so shortly before a chapter belongs to it: both times are rounded."""


def fitting_chapters(sentences: Sequence[Sentence], chapters: Sequence[Chapter]) -> Sequence[Chapter]:
    """The chapters, or none where they reach beyond the words: those are without times, or of another cut."""
    end_ms = sentences[-1].end_ms if sentences else 0
    return chapters if all(chapter.start_ms <= end_ms for chapter in chapters) else ()


def chapter_kinds(sentences: Sequence[Sentence], chapters: Sequence[Chapter]) -> dict[int, PassageKind]:
    """The kind of each sentence that lies in a chapter which by its title is no talk ("Sponsor: Acme")."""
    found: dict[int, PassageKind] = {}
    for number, chapter in enumerate(chapters):
        kind = next((kind for kind, title in _APART if title.search(chapter.title)), None)
        ends_ms = [each.start_ms for each in chapters[number + 1 :]] or [s.end_ms for s in sentences[-1:]]
        if kind is None or not ends_ms or ends_ms[0] - chapter.start_ms > LONGEST_APART_MS:
            continue
        last = number + 1 == len(chapters)
        end = len(sentences) if last else sentence_at(sentences, ends_ms[0])
        found |= dict.fromkeys(range(sentence_at(sentences, chapter.start_ms), end), kind)
    return found


def sentence_at(sentences: Sequence[Sentence], start_ms: int) -> int:
    """The index of the first sentence of a chapter that begins at this time."""
    return next((i for i, s in enumerate(sentences) if s.start_ms >= start_ms - _SLACK_MS), len(sentences))
