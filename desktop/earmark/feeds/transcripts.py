"""Publishers' transcripts in the four formats of podcast-namespace, to segments with times and speakers."""

import codecs
import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from earmark.errors import KnownError
from earmark.feeds.captions import clock_ms, read_captions
from earmark.feeds.pages import read_page
from earmark.feeds.plain import folded, unquoted
from earmark.records import Segment, Transcript, TranscriptLink

MAX_BYTES = 32 * 2**20
MAX_MS = 200 * 3_600_000
MAX_SEGMENTS = 500_000
MAX_SPEAKER = 100
JOINED_MS = 30_000
JOINED_GAP_MS = 2_000
MOST_BEYOND_MS = 60_000
FEWEST_TO_JUDGE = 100
MOST_WORDS_A_MINUTE = 450
KINDS = {
    "json": ("application/json", "application/x-json", "text/json"),
    "vtt": ("text/vtt", "application/vtt", "text/webvtt"),
    "srt": ("application/srt", "application/x-subrip", "text/srt", "application/x-srt", "application/subrip"),
    "html": ("text/html", "application/xhtml+xml"),
}
PREFERENCE = ("json", "vtt", "srt", "", "html")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SRT = re.compile(r"(?:\d{1,9}\s{0,20}\n\s{0,20})?\d{1,3}:\d{1,2}[\d:.,]{0,12}\s{0,20}-->")
_SBV = re.compile(r"\d{1,3}:\d\d:\d\d\.\d{3},\d{1,3}:\d\d:\d\d\.\d{3}\s")
_HTML = re.compile(r"<(?:!--|(?:!doctype|html|head|body|cite|p|div|time|article|section)\b)", re.I)
_LANGUAGE = re.compile(r"\nLanguage:\s{0,9}([A-Za-z]{2,3}(?:-\w{1,8})*)")
_ENDS = re.compile(r"[.!?…。！？][\"”’»)\]]*$")
_MARK = re.compile(r"[^\w\s]+")


def choose_transcript(links: Sequence[TranscriptLink], language: str | None = None) -> list[TranscriptLink]:
    """The offers in the order to try them, each address once.

    With the episode's `language`, those in it or in none come first. Then the formats that carry most, then
    the feed's order. Offers that are certainly of no use are left out: an image, a PDF.
    """

    def place(link: TranscriptLink) -> tuple[bool, int]:
        other = bool(language and link.language) and _tongue(link.language) != _tongue(language)
        return other, PREFERENCE.index(kind_of(link.mime, link.url))

    usable = {link.url: link for link in reversed(links) if not _useless(link)}
    return sorted((link for link in links if usable.get(link.url) is link), key=place)


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

    What the bytes look like counts more than what they are called: servers name these files anyhow. Files
    with one segment a word (as in the standard's own example) get one a sentence, of at most 30 seconds.
    """
    if len(body) > MAX_BYTES:
        raise KnownError("The transcript is larger than any transcript, so it was not used.")
    text = decoded(body)
    kind = _looks_like(text) or kind_of(mime, url)
    readers = {"json": _from_json, "vtt": read_captions, "srt": read_captions, "html": read_page}
    if kind not in readers:
        raise KnownError("The transcript is in a form that Earmark cannot read.")
    try:
        segments = _joined_words(_without_repeats(_usable(readers[kind](text))))
    except (ValueError, RecursionError) as error:
        raise KnownError(f"The transcript is damaged, so it was not used ({kind.upper()}).") from error
    if not segments:
        raise KnownError("The transcript holds no words with times, so it was not used.")
    told = _LANGUAGE.search(text[:500]) if kind == "vtt" else None
    return Transcript("publisher", tuple(segments), language=told[1].lower() if told else None)


def fits(transcript: Transcript, duration_ms: int | None) -> str | None:
    """Why a transcript cannot belong to an episode of this length; None when it can.

    It may end early (music at the end), but neither much after the audio nor before half of it. Where the
    length is not known, the times have at least to leave time for the words.
    """
    if not transcript.segments:
        return None
    end_ms = max(segment.end_ms for segment in transcript.segments)
    words = sum(len(segment.text.split()) for segment in transcript.segments)
    if words >= FEWEST_TO_JUDGE and words * 60_000 > end_ms * MOST_WORDS_A_MINUTE:
        return "The times of the publisher's transcript are wrong: nobody speaks that fast."
    if duration_ms is None:
        return None
    if end_ms > duration_ms * 1.1 + MOST_BEYOND_MS:
        return "The publisher's transcript is longer than the episode, so it belongs to another cut."
    if end_ms < duration_ms * 0.5:
        return "The publisher's transcript covers less than half of the episode."
    return None


def other_language(told: str | None, spoken: str | None) -> str | None:
    """Why a transcript in the language `told` is not what was said in the language `spoken`, which the user
    named; None when it may be."""
    if not told or not spoken or _tongue(told) == _tongue(spoken):
        return None
    return f"The publisher's transcript is in another language ({told}) than is spoken ({spoken})."


def _tongue(language: str | None) -> str:
    return (language or "").lower().replace("_", "-").partition("-")[0]


def _useless(link: TranscriptLink) -> bool:
    return link.mime.startswith(("image/", "audio/", "video/", "application/pdf"))


def decoded(body: bytes) -> str:
    """The text of a transcript's bytes: by its mark at the head, else UTF-8, else what Windows writes."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    if body[:200].count(0) > len(body[:200]) // 3:
        return body.decode("utf-16-be" if body[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _looks_like(text: str) -> str:
    head = text[:4000].lstrip("\ufeff \t\r\n").replace("\r\n", "\n").replace("\r", "\n")
    if re.match(r"\{|\[\s*[\[{\]]", head):
        return "json"
    if head.startswith("WEBVTT"):
        return "vtt"
    if _SRT.match(head) or _SBV.match(head):
        return "srt"
    return "html" if _HTML.match(head) else ""


def _usable(segments: Iterable[Segment]) -> list[Segment]:
    kept = [s for s in segments if 0 <= s.start_ms <= s.end_ms <= MAX_MS and s.text][:MAX_SEGMENTS]
    return sorted(kept, key=lambda segment: segment.start_ms)


def _without_repeats(segments: list[Segment]) -> list[Segment]:
    """Drop a cue that says again, word for word, what the one before said without a pause between them.

    Rolling captions do. A word or two may well be said twice.
    """
    kept: list[Segment] = []
    for segment in segments:
        last = kept[-1] if kept else None
        again = last and (last.text, last.speaker) == (segment.text, segment.speaker)
        if last and again and segment.start_ms <= last.end_ms + 100 and segment.text.count(" ") > 1:
            end_ms = max(last.end_ms, segment.end_ms)
            kept[-1] = Segment(last.start_ms, end_ms, last.text, last.speaker)
        else:
            kept.append(segment)
    return kept


def _joined_words(segments: list[Segment]) -> list[Segment]:
    """One segment a sentence where the file has one a word."""
    single = sum(1 for segment in segments if " " not in segment.text)
    if len(segments) < 4 or single < 0.8 * len(segments):
        return segments
    runs: list[list[Segment]] = []
    for segment in segments:
        if runs and _goes_on(runs[-1], segment):
            runs[-1].append(segment)
        else:
            runs.append([segment])
    return [
        Segment(run[0].start_ms, max(s.end_ms for s in run), _sentence(run), run[0].speaker) for run in runs
    ]


def _goes_on(run: Sequence[Segment], segment: Segment) -> bool:
    """Whether a word belongs to the sentence before it; a mark alone always does."""
    first, last = run[0], run[-1]
    if last.speaker != segment.speaker or segment.end_ms - first.start_ms > JOINED_MS:
        return False
    if _MARK.fullmatch(segment.text):
        return True
    return segment.start_ms - last.end_ms <= JOINED_GAP_MS and not _ENDS.search(last.text)


def _sentence(run: Sequence[Segment]) -> str:
    words = [segment.text if _MARK.fullmatch(segment.text) else f" {segment.text}" for segment in run]
    return "".join(words).strip()


def _from_json(text: str) -> Iterator[Segment]:
    """Podcasting 2.0 (startTime, endTime, body), and Whisper's and Podlove's relatives (start, end, text).

    A row that makes no sense is left out; ValueError when none has a time. A body may hold HTML entities;
    they are read once.
    """
    document = json.loads(text)
    rows = list(_timed_words(document) or _rows(document))
    if rows and all(_row_ms(row, "start") is None for row in rows):
        raise ValueError("no row has a time")
    for row in rows:
        start_ms, end_ms = _row_ms(row, "start"), _row_ms(row, "end")
        words = row.get("body", row.get("text"))
        if start_ms is None or not isinstance(words, str):
            continue
        name = row.get("speaker")
        speaker = folded(html.unescape(name))[:MAX_SPEAKER] if isinstance(name, str) else ""
        said = folded(unquoted(html.unescape(words)))
        yield Segment(start_ms, max(start_ms, end_ms or 0), said, speaker or None)


def _timed_words(document: Any) -> list[dict[str, Any]]:
    """Speechmatics' older form: words by time and duration, and beside them who begins to speak when."""
    words = document.get("words") if isinstance(document, dict) else None
    if not isinstance(words, list) or not words or not {"time", "name"} <= set(_row(words[0])):
        return []
    turns = [_row(each) for each in document.get("speakers") or []]
    begins = sorted((_seconds(turn.get("time")), str(turn.get("name", ""))) for turn in turns)
    rows, turn, speaker = [], 0, ""
    for word in map(_row, words):
        start = _seconds(word.get("time"))
        while turn < len(begins) and begins[turn][0] <= start:
            speaker, turn = begins[turn][1], turn + 1
        end = start + _seconds(word.get("duration"))
        rows.append({"start": start, "end": end, "text": word.get("name"), "speaker": speaker})
    return rows


def _row(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _seconds(value: Any) -> float:
    """Seconds as a number or a text; -1 for what is neither, which no row may have."""
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        return -1.0
    return seconds if 0 <= seconds < MAX_MS / 1000 else -1.0


def _rows(document: Any) -> Iterator[dict[str, Any]]:
    rows = document
    if isinstance(document, dict):
        rows = next((document[key] for key in ("segments", "transcripts", "words") if document.get(key)), [])
    if isinstance(rows, list):
        yield from (row for row in rows if isinstance(row, dict))


def _row_ms(row: dict[str, Any], edge: str) -> int | None:
    """A time of a row: seconds as a number or a text, a clock time, or milliseconds where the key says so."""
    if isinstance(row.get(f"{edge}_ms"), int):
        return int(row[f"{edge}_ms"])
    value = row.get(f"{edge}Time", row.get(edge))
    if isinstance(value, str) and ":" in value:
        return clock_ms(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return max(0, round(seconds * 1000)) if -1 < seconds < MAX_MS / 1000 else None
