"""Real transcripts of the evidence data as Podcasting 2.0 JSON, one segment a sentence."""

import re
from pathlib import Path

SECONDS_A_WORD = 0.4
_TURN = re.compile(r"^\*\*(?P<speaker>[^*]{1,60}):\*\*\s*(?P<text>.+)$")
_NOISE = re.compile(r"\\?\[(?:\d+:)?\d+:\d+\\?\]|\*+|`")


def podcast_json(markdown: Path) -> dict[str, object]:
    """A transcript whose times are made from word counts, as the bench does it."""
    segments, at_s = [], 0.0
    for speaker, text in _turns(markdown.read_text(encoding="utf-8")):
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z\"“])", text):
            length_s = round(len(sentence.split()) * SECONDS_A_WORD, 3)
            if length_s:
                segments.append(
                    {
                        "speaker": speaker,
                        "startTime": round(at_s, 3),
                        "endTime": round(at_s + length_s, 3),
                        "body": sentence,
                    }
                )
            at_s += length_s
    return {"version": "1.0.0", "segments": segments}


def _turns(text: str) -> list[tuple[str, str]]:
    turns, speaker = [], ""
    for line in text.splitlines():
        plain = line.strip()
        if not plain:
            continue
        turn = _TURN.match(plain)
        if turn:
            speaker, plain = turn["speaker"], turn["text"]
        turns.append((speaker, " ".join(_NOISE.sub("", plain).split())))
    return turns
