"""A library of two shows, four episodes and eight insights, with what must never go out in it."""

import wave
from pathlib import Path

import numpy as np
from small_shows import an_episode, an_insight, take_in

from earmark.library import Library, open_library
from earmark.paths import Paths
from earmark.records import (
    Brief,
    BriefItem,
    Enclosure,
    EpisodeId,
    Extraction,
    ExtractionCounts,
    Insight,
    InsightId,
    Link,
    Segment,
    Transcript,
)

SECRET = "t0ken-of-a-private-feed"
TODAY, YESTERDAY = "2026-11-26", "2026-11-25"
DAY_MS = 86_400_000
PUBLISHED_MS = 1_795_521_600_000  # 2026-11-24 12:00 UTC; each episode is a day older than the one before
TITLES = ("Sleep on it", "Sleep, again", "Pipes & <boilers>", "=Churn")


def insight_id(number: int) -> InsightId:
    """The id of an insight; numbers 2n and 2n + 1 are of episode n."""
    return InsightId(f"{number:016x}")


def fill(paths: Paths) -> list[EpisodeId]:
    """Make the library. Saved are 1 and 4, hidden is 7; the briefs hold 0, 2, 4 (today) and 6 (yesterday)."""
    with open_library(paths) as library:
        episodes = [_add_episode(library, number) for number in range(len(TITLES))]
        first = insight_id(0)
        close = [Link(first, insight_id(n), 0.8 - n / 100, place) for place, n in enumerate((2, 4, 7))]
        close.append(Link(first, insight_id(5), 0.7, folded_into=insight_id(7)))
        library.store_links({first: close}, {first: 0.1}, "e")
        library.store_lists({first: close})
        library.store_brief(_brief(YESTERDAY, 6), now_ms=1)
        library.store_brief(_brief(TODAY, 0, 2, 4), now_ms=2)
        for number in (1, 4):
            library.set_mark(insight_id(number), saved=True)
        library.set_mark(insight_id(7), hidden=True)
    return episodes


def add_audio(paths: Paths, episode_id: EpisodeId, data: bytes | None = None) -> None:
    """Give an episode its recording: 40 seconds of a tone, or `data`."""
    name = f"{episode_id}.audio"
    path = paths.audio / name
    if data is None:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(16_000)
            file.writeframes((9000 * np.sin(np.arange(640_000) * 0.2)).astype("<i2").tobytes())
    else:
        path.write_bytes(data)
    with open_library(paths) as library:
        library.note_download(episode_id, name, path.stat().st_size, "0" * 64)


def everything_below(folder: Path) -> bytes:
    """All that lies in a file or folder, names too, as one text to look through."""
    files = [folder] if folder.is_file() else [path for path in folder.rglob("*") if path.is_file()]
    return b"\n".join(str(path).encode() + b"\n" + path.read_bytes() for path in files)


def _brief(date: str, *numbers: int) -> Brief:
    items = tuple(BriefItem(insight_id(n), place, f"Why {n}.") for place, n in enumerate(numbers))
    return Brief(date, f"{len(numbers)} of 8 insights.", items)


def _add_episode(library: Library, number: int) -> EpisodeId:
    url = f"https://feeds.example.org/{number // 2}?auth={SECRET}"
    show = f"Show {number // 2}"
    parsed = an_episode(
        f"g{number}",
        title=TITLES[number],
        published_ms=PUBLISHED_MS - number * DAY_MS,
        enclosure=Enclosure(f"https://cdn.example.org/{number}.mp3?auth={SECRET}", "audio/mpeg"),
        link=f"https://ann:{SECRET}@example.org/e{number}",
    )
    (id_,) = take_in(library, show, [parsed], url=url, language="en-GB", backlog=3)
    made = tuple(_insight(2 * number + n, n) for n in range(2))
    said = tuple(Segment(i.start_ms, i.end_ms, i.quote) for i in made)
    library.store_transcript(id_, Transcript("publisher", said))
    extraction = Extraction(made, (), ExtractionCounts(kept=2))
    vectors = {i.id: np.ones(2, np.float32) for i in made}
    library.store_extraction(id_, extraction, vectors, "e", now_ms=1)
    return id_


def _insight(number: int, place: int) -> Insight:
    return an_insight(
        insight_id(number),
        f"What is claimed in {number}.",
        headline=f"Claim {number}",
        quote=f"What was said in {number}.",
        start_ms=5000 + 12_000 * place,
        end_ms=15_000 + 12_000 * place,
        first_segment=place,
        last_segment=place,
        quality=0.9 - place / 10,
        tier="full",
    )
