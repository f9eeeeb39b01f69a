"""The sample feeds: a small web server on this computer, for a first look and for the tests."""

import json
from dataclasses import dataclass
from pathlib import Path

from earmark.paths import resource


@dataclass(frozen=True, slots=True)
class DemoLine:
    """One spoken sentence. `kind` is intro, chat, talk, ad or outro; only talk may become an insight."""

    speaker: str
    kind: str
    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class DemoEpisode:
    """One episode of a sample show, as its script file has it."""

    slug: str
    show: str
    title: str
    days_ago: int
    transcript: str
    voices: dict[str, str]
    notes: str
    lines: tuple[DemoLine, ...]

    @property
    def duration_s(self) -> float:
        """Length of the audio: the last sentence and the half second after it."""
        return self.lines[-1].end_s + 0.5


@dataclass(frozen=True, slots=True)
class DemoShow:
    """One sample show."""

    slug: str
    title: str
    author: str
    category: str
    description: str


def demo_shows() -> list[DemoShow]:
    """All sample shows, in the order of shows.txt."""
    blocks = (resource("demo") / "shows.txt").read_text("utf-8").strip().split("\n\n")
    fields = [_header(block) for block in blocks]
    return [
        DemoShow(field["slug"], field["title"], field["author"], field["category"], field["description"])
        for field in fields
    ]


def demo_episodes() -> list[DemoEpisode]:
    """All sample episodes, in the order of their file names."""
    times = json.loads((resource("demo") / "times.json").read_text("utf-8"))
    scripts = sorted((resource("demo")).glob("*-[0-9][0-9]-*.txt"))
    return [parse_script(script, times.get(script.stem)) for script in scripts]


def demo_script(slug: str) -> tuple[DemoLine, ...]:
    """What is said in the episode `slug`, sentence by sentence: the reference for tests."""
    return next(episode.lines for episode in demo_episodes() if episode.slug == slug)


def parse_script(path: Path, times: list[list[float]] | None) -> DemoEpisode:
    """Read a script file. Without `times` (audio not made yet) every sentence stands at 0 s."""
    head, _, body = path.read_text("utf-8").partition("\n\n")
    field = _header(head)
    spoken = _spoken(body)
    spans = times or [[0.0, 0.0]] * len(spoken)
    return DemoEpisode(
        slug=path.stem,
        show=field["show"],
        title=field["title"],
        days_ago=int(field["days-ago"]),
        transcript=field["transcript"],
        voices=dict(pair.split("=", 1) for pair in field["voices"].split("; ")),
        notes=field["notes"],
        lines=tuple(
            DemoLine(*said, start_s=start, end_s=end)
            for said, (start, end) in zip(spoken, spans, strict=True)
        ),
    )


def _header(text: str) -> dict[str, str]:
    pairs = (line.partition(": ") for line in text.splitlines())
    return {name: value for name, _, value in pairs}


def _spoken(body: str) -> list[tuple[str, str, str]]:
    """(speaker, kind, sentence) for each line; a line like `[ad]` sets the kind of those after it."""
    spoken, kind = [], "talk"
    for line in filter(None, body.splitlines()):
        if line.startswith("["):
            kind = line.strip("[]")
        else:
            speaker, _, text = line.partition(": ")
            spoken.append((speaker, kind, text))
    return spoken
