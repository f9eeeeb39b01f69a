"""Episodes whose insights were marked by reading: the bench's, and ours in tests/tools/marks.

The marks name sentences by number and hold none of their words, which come from the evidence data.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from earmark.feeds import parse_transcript
from earmark.records import Segment

MARKS = Path(__file__).parent / "marks"
SPOKEN_MS_A_WORD = 400
_MARKDOWN = re.compile(r"\\?\[(?:\d+:)?\d+:\d+\\?\]|\*+|`|\[\^?\d+\]")
_BOLD = re.compile(r"^\*\*(?P<speaker>[^*]{1,60}):\*\*\s*(?P<text>.*)$")
_PLAIN = re.compile(r"^\*{0,2}(?P<speaker>[A-Z][\w .'’-]{1,40}):\*{0,2}\s*(?:\d+:\d+:\d+)?\s*(?P<text>.*)$")
_TIMED = re.compile(r"^(?P<speaker>[A-Z][\w .'-]{2,40}) \(\d+:\d+:\d+\)\s*-\s*(?P<text>.*)$")
_TAG = re.compile(r"<[^>]*>")
_HEADED = re.compile(r"^(?P<speaker>[A-Z][\w .'-]{2,40}) \(\d+:\d+:\d+\):(?P<text>)$")


@dataclass(frozen=True)
class Marked:
    """An episode as one segment a sentence, with its marks: spans are segment numbers, inclusive."""

    name: str
    segments: tuple[Segment, ...]
    insights: tuple[dict[str, Any], ...]
    skip: tuple[dict[str, Any], ...]

    @property
    def show(self) -> str:
        """The series, by which episodes are held apart."""
        return self.name.split("-")[0]


def bench_episodes(folder: Path) -> Iterator[Marked]:
    """The episodes of the insight bench."""
    for path in sorted(folder.glob("*.gold.json")):
        name = path.name.removesuffix(".gold.json")
        raw = json.loads(path.with_name(f"{name}.transcript.json").read_text("utf-8"))["segments"]
        marks = json.loads(path.read_text("utf-8"))
        segments = tuple(
            Segment(
                round(s["startTime"] * 1000),
                round(s["endTime"] * 1000),
                html.unescape(s["body"]),
                s.get("speaker"),
            )
            for s in raw
        )
        yield Marked(name, segments, tuple(marks["insights"]), tuple(marks["skip"]))


def own_episodes(transcripts: Path) -> Iterator[Marked]:
    """The episodes that we marked; `transcripts` is the folder data/transcripts of the evidence data."""
    for path in sorted(MARKS.glob("*.json")):
        marks = json.loads(path.read_text("utf-8"))
        segments = _sentences(_turns(transcripts / marks["source"]), marks["sentence_words"])
        yield Marked(marks["episode"], tuple(segments), tuple(marks["insights"]), tuple(marks["skip"]))


def turns_of(path: Path) -> list[tuple[str | None, str]]:
    """Who says what in a transcript, its head of notes left out whatever stands in it."""
    head = re.match(r"\A---\n.*?\n---\n", path.read_text("utf-8"), re.DOTALL)
    noted = {line.strip() for line in head[0].splitlines()} if head else set()
    return [(speaker, text) for speaker, text in _turns(path) if text not in noted]


def _sentences(turns: list[tuple[str | None, str]], counts: list[int]) -> Iterator[Segment]:
    """The words cut into the sentences that were marked, which have so many words each."""
    spoken = [(speaker, word) for speaker, text in turns for word in text.split()]
    assert len(spoken) == sum(counts), (len(spoken), sum(counts))
    at = 0
    for count in counts:
        part = spoken[at : at + count]
        begin, end = at * SPOKEN_MS_A_WORD, (at + count) * SPOKEN_MS_A_WORD
        yield Segment(begin, end, " ".join(word for _, word in part), part[0][0])
        at += count


def _turns(path: Path) -> list[tuple[str | None, str]]:
    """Who says what, in the form of each source."""
    if path.suffix == ".vtt":
        transcript = parse_transcript(path.read_bytes(), "text/vtt", path.name)
        return [(s.speaker, html.unescape(s.text)) for s in transcript.segments]
    text = path.read_text("utf-8")
    if path.suffix == ".html":
        return _said(
            (html.unescape(_TAG.sub("", line)) for line in text.splitlines()), _HEADED, skip_head=True
        )
    if path.parent.name == "metamuse":
        paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
        return _said(paragraphs, _TIMED, skip_head=True)
    if path.parent.name.startswith("changelog"):
        return _said((line.strip() for line in text.splitlines()), _BOLD)
    body = text.split("---", 2)[2] if text.startswith("---") else text
    lines = (line.strip() for line in body.splitlines())
    said = _said((line for line in lines if not line.startswith(("#", "<", "http", ">"))), _PLAIN)
    return [(speaker, words) for speaker, words in said if not words.startswith(("Draft of", "Part "))]


def _said(
    lines: Iterator[str], turn: re.Pattern[str], *, skip_head: bool = False
) -> list[tuple[str | None, str]]:
    found: list[tuple[str | None, str]] = []
    speaker: str | None = None
    for line in lines:
        match = turn.match(line)
        if match:
            speaker, line = match["speaker"], match["text"]
        plain = re.sub(r"\[([^\]]+)\]\(https?:[^)]*\)", r"\1", _MARKDOWN.sub("", line))
        if plain.strip() and (speaker is not None or not skip_head):
            found.append((speaker, " ".join(plain.split())))
    return found
