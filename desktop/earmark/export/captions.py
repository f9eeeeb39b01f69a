"""What goes out of the library in forms that other programs read. Pure functions from records to text."""

from collections.abc import Iterable

from earmark.records import Segment


def as_srt(segments: Iterable[Segment]) -> str:
    """SubRip: numbered cues, comma before the milliseconds."""
    cues = [
        f"{number}\n{_time(s.start_ms, ',')} --> {_time(s.end_ms, ',')}\n{_spoken(s)}\n"
        for number, s in enumerate(segments, start=1)
    ]
    return "\n".join(cues)


def as_vtt(segments: Iterable[Segment]) -> str:
    """WebVTT (W3C): the speaker as a voice span, `&` and `<` escaped as section 4 asks."""
    cues = [f"{_time(s.start_ms, '.')} --> {_time(s.end_ms, '.')}\n{_voiced(s)}\n" for s in segments]
    return "WEBVTT\n\n" + "\n".join(cues)


def as_podcast_json(segments: Iterable[Segment]) -> dict[str, object]:
    """The Podcasting 2.0 JSON transcript: seconds as decimals, text under "body".

    What a speech model tells of single words stands beside it under "words", which other programs pass over.
    """
    return {
        "version": "1.0.0",
        "segments": [
            {
                **({"speaker": s.speaker} if s.speaker else {}),
                "startTime": s.start_ms / 1000,
                "endTime": s.end_ms / 1000,
                "body": s.text,
                **({"words": _words(s)} if s.word_ms else {}),
            }
            for s in segments
        ],
    }


def _words(segment: Segment) -> list[dict[str, object]]:
    """Each word with its time, and the probability of those that the model was unsure of."""
    doubts = dict(segment.doubts)
    return [
        {"word": word, "startTime": ms / 1000, **({"probability": doubts[n]} if n in doubts else {})}
        for n, (word, ms) in enumerate(zip(segment.text.split(), segment.word_ms, strict=True))
    ]


def _spoken(segment: Segment) -> str:
    text = " ".join(segment.text.split())
    return f"{segment.speaker}: {text}" if segment.speaker else text


def _voiced(segment: Segment) -> str:
    text = " ".join(segment.text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not segment.speaker:
        return text
    name = " ".join(segment.speaker.replace("<", "").replace(">", "").replace("&", "&amp;").split())
    return f"<v {name}>{text}"


def _time(ms: int, mark: str) -> str:
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{rest:03}"
