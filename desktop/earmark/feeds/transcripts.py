"""Publishers' transcripts in the four formats of podcast-namespace, to segments with times and speakers."""

import contextlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from earmark.errors import KnownError
from earmark.feeds.plain import clean
from earmark.records import Segment, Transcript, TranscriptLink

MAX_MS = 100 * 3_600_000
MAX_SEGMENTS = 500_000
WORD_SEGMENT_WORDS = 2.5
JOINED_MS = 30_000
MOST_BEYOND_MS = 60_000
KINDS = {
    "json": ("application/json", "application/x-json", "text/json"),
    "vtt": ("text/vtt", "application/vtt"),
    "srt": ("application/srt", "application/x-subrip", "text/srt", "application/x-srt"),
    "html": ("text/html", "application/xhtml+xml"),
}
PREFERENCE = ("json", "vtt", "srt", "html", "")

_TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?")
_CUE = re.compile(rf"^\s*({_TIME.pattern})\s*-->\s*({_TIME.pattern})")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,200})>")
_TAG = re.compile(r"</?(?:[bicuv]|font|lang|ruby|rt)\b[^<>]{0,300}>|<[\d:.]{5,12}>", re.I)
_NAMED = re.compile(r"^(?:>>\s*)?([A-Z][\w.'’-]*(?: [A-Z(][\w.'’)-]*){0,3}):\s+(?=\S)")
_ENDS = re.compile(r"[.!?…][\"”’')\]]*$")


def choose_transcript(links: Sequence[TranscriptLink]) -> list[TranscriptLink]:
    """The offers in the order to try them: the formats that carry most first, the feed's order within."""
    return sorted(links, key=lambda link: PREFERENCE.index(kind_of(link.mime, link.url)))


def kind_of(mime: str | None, url: str) -> str:
    """json, vtt, srt, html or "" for what neither the type nor the name tells."""
    name = (mime or "").partition(";")[0].strip().lower()
    for kind, mimes in KINDS.items():
        if name in mimes:
            return kind
    ending = url.partition("?")[0].rpartition(".")[2].lower()
    return {"json": "json", "vtt": "vtt", "srt": "srt", "html": "html", "htm": "html"}.get(ending, "")


def parse_transcript(body: bytes, mime: str | None, url: str) -> Transcript:
    """The segments of a transcript, in order of time. Raises KnownError when there is nothing of use.

    What the bytes look like counts more than what they are called: servers name these files anyhow.
    """
    text = _decoded(body)
    kind = _looks_like(text) or kind_of(mime, url)
    readers = {"json": _from_json, "vtt": _from_cues, "srt": _from_cues, "html": _from_html}
    if kind not in readers:
        raise KnownError("The transcript is in a form that Earmark cannot read.")
    try:
        found = list(_usable(readers[kind](text)))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise KnownError(f"The transcript is damaged, so it was not used ({kind.upper()}).") from error
    segments = _joined_words(_without_repeats(found))
    if not segments:
        raise KnownError("The transcript holds no words with times.")
    return Transcript("publisher", tuple(segments))


def fits(transcript: Transcript, duration_ms: int | None) -> str | None:
    """Why a transcript cannot belong to an episode of this length; None when it can.

    It may end early (music at the end), but neither much after the audio nor before half of it.
    """
    if duration_ms is None or not transcript.segments:
        return None
    end_ms = max(segment.end_ms for segment in transcript.segments)
    if end_ms > duration_ms * 1.1 + MOST_BEYOND_MS:
        return "The publisher's transcript is longer than the episode, so it belongs to another cut."
    if end_ms < duration_ms * 0.5:
        return "The publisher's transcript covers less than half of the episode."
    return None


def as_written(body: bytes, words: str) -> str:
    """Words of a transcript as its file has them, with its entities; the words themselves where it has none.

    For tools that look a quotation up in the file as it is.
    """
    written = _decoded(body)
    with contextlib.suppress(ValueError):
        document = json.loads(written)
        rows = document.get("segments", []) if isinstance(document, dict) else document
        written = " ".join(str(row.get("body") or "") for row in rows)
    pieces = re.findall(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});|\s+|.", written, re.S)
    at = "".join(map(_plain, pieces)).find(words)
    return words if at < 0 else _slice(pieces, at, at + len(words))


def _plain(piece: str) -> str:
    return " " if piece.isspace() else html.unescape(piece)


def _slice(pieces: Sequence[str], first: int, last: int) -> str:
    """The pieces whose plain characters stand from `first` to before `last`."""
    taken, position = [], 0
    for piece in pieces:
        length = len(_plain(piece))
        if first <= position < last:
            taken.append(piece)
        position += length
    return "".join(taken)


def _decoded(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _looks_like(text: str) -> str:
    head = text[:4000].lstrip("\ufeff \t\r\n")
    if head.startswith(("{", "[")):
        return "json"
    if head.startswith("WEBVTT"):
        return "vtt"
    if re.match(r"\d+\s*\n\s*\d+:\d+", head) or _CUE.match(head):
        return "srt"
    return "html" if re.match(r"<(!doctype|html|cite|p|div|time|body|article)\b", head, re.I) else ""


def _usable(segments: Iterable[Segment]) -> Iterator[Segment]:
    for number, segment in enumerate(sorted(segments, key=lambda s: s.start_ms)):
        if number >= MAX_SEGMENTS:
            return
        if 0 <= segment.start_ms <= segment.end_ms <= MAX_MS and segment.text:
            yield segment


def _text(raw: str) -> str:
    return " ".join(clean(html.unescape(raw)).split())


def _without_repeats(segments: list[Segment]) -> list[Segment]:
    """Drop a cue that says again, word for word, what the one before it said (rolling captions)."""
    kept = segments[:1]
    kept += [s for before, s in pairwise(segments) if (s.text, s.speaker) != (before.text, before.speaker)]
    return kept


def _joined_words(segments: list[Segment]) -> list[Segment]:
    """One segment a sentence where the file has one a word (Apple, several speech services)."""
    words = sum(len(segment.text.split()) for segment in segments)
    if not segments or len(segments) < 8 or words / len(segments) >= WORD_SEGMENT_WORDS:
        return segments
    joined: list[Segment] = []
    for segment in segments:
        last = joined[-1] if joined else None
        if (
            last is None
            or last.speaker != segment.speaker
            or _ENDS.search(last.text)
            or segment.end_ms - last.start_ms > JOINED_MS
        ):
            joined.append(segment)
        else:
            joined[-1] = Segment(last.start_ms, segment.end_ms, f"{last.text} {segment.text}", last.speaker)
    return joined


def _from_json(text: str) -> Iterator[Segment]:
    document: Any = json.loads(text)
    rows = document.get("segments", []) if isinstance(document, dict) else document
    for row in rows:
        start_ms, end_ms = _seconds(row["startTime"]), _seconds(row.get("endTime", row["startTime"]))
        body, speaker = _text(str(row.get("body") or "")), row.get("speaker")
        yield Segment(start_ms, max(start_ms, end_ms), body, _text(str(speaker)) or None if speaker else None)


def _seconds(value: object) -> int:
    seconds = float(str(value))
    if not -1 < seconds < MAX_MS / 1000:
        raise ValueError(f"no time in an episode: {value}")
    return max(0, round(seconds * 1000))


def _from_cues(text: str) -> Iterator[Segment]:
    """WebVTT and SubRip: a line with an arrow, then lines of text up to an empty one.

    Publishers name a speaker where the turn begins, so a cue without a name goes on with the last one.
    """
    speaker: str | None = None
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.strip("\n").split("\n")
        at = next((n for n, line in enumerate(lines[:3]) if "-->" in line), None)
        times = _CUE.match(lines[at]) if at is not None else None
        if at is None or times is None:
            continue
        start_ms, end_ms = _ms(times[1]), _ms(times[6])
        raw = "\n".join(lines[at + 1 :])
        said_by, words = _who(raw)
        speaker = said_by or speaker
        yield Segment(start_ms, max(start_ms, end_ms), words, speaker)


def _who(raw: str) -> tuple[str | None, str]:
    """Speaker and words of a cue: a WebVTT voice span, or a name with a colon at its head."""
    voice = _VOICE.search(raw)
    words = _text(_TAG.sub(" ", raw)) if "<" in raw else _text(raw)
    if voice:
        return _text(voice[1]), words
    named = _NAMED.match(words)
    return (named[1], words[named.end() :]) if named else (None, words)


def _ms(text: str) -> int:
    match = _TIME.search(text)
    if match is None:
        raise ValueError(f"not a time: {text}")
    hours, minutes, seconds, fraction = match.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _from_html(text: str) -> Iterator[Segment]:
    """`<cite>Name:</cite><time>0:00</time><p>words</p>`; a paragraph lasts until the next time."""
    reader = _HtmlReader()
    reader.feed(text)
    rows = [row for row in reader.rows if row[2]]
    for number, (speaker, start_ms, words) in enumerate(rows):
        spoken_ms = start_ms + max(1000, 400 * len(words.split()))
        next_ms = rows[number + 1][1] if number + 1 < len(rows) else spoken_ms
        yield Segment(start_ms, next_ms if next_ms > start_ms else spoken_ms, words, speaker or None)


class _HtmlReader(HTMLParser):
    """Collects (speaker, start in ms, words) rows."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, int, str]] = []
        self._inside = ""
        self._speaker = ""
        self._start_ms = 0
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("cite", "time", "p"):
            self._close()
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag in ("cite", "time", "p"):
            self._close()

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._words.append(data)

    def _close(self) -> None:
        words = _text("".join(self._words))
        if self._inside == "cite" and words:
            self._speaker = words.rstrip(": ")
        elif self._inside == "time" and _TIME.search(words):
            self._start_ms = _ms(words)
        elif self._inside == "p" and words:
            self.rows.append((self._speaker, self._start_ms, words))
        self._inside, self._words = "", []
