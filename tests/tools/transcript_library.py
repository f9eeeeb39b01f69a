"""A library of all real transcripts of the evidence data: 57 episodes of 17 shows, read by the program.

    uv run python tests/tools/transcript_library.py SHARED FOLDER

SHARED is the folder of the evidence data; FOLDER becomes a data folder (earmark --data-dir FOLDER). About 20
s of CPU an episode; what is done already is not done again. Meetings, translations and second versions of an
episode are left out. Where a transcript has no times, every word takes 0.4 s. The dates are made up: episodes
come one after the other, shows mixed, over the 60 days before LAST_DAY.
"""

import html
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from marked_episodes import SPOKEN_MS_A_WORD, turns_of

from earmark.app import open_tools
from earmark.feeds import parse_transcript
from earmark.feeds.plain import unquoted
from earmark.paths import Paths
from earmark.pipeline import Tools, Watch, relate_all
from earmark.pipeline.episode import read
from earmark.records import ParsedEpisode, ParsedFeed, Segment, Transcript

LAST_DAY = datetime(2026, 11, 22, 6, tzinfo=UTC)
DAYS = 60
DAY_MS = 86_400_000
SHOWS = {
    "bitcoin-review": "Bitcoin Review",
    "chaincode-podcast": "Chaincode Podcast",
    "changelog-afk": "Away from Keyboard",
    "changelog-bigtent": "Grafana's Big Tent",
    "changelog-brainscience": "Brain Science",
    "changelog-founderstalk": "Founders Talk",
    "changelog-friends": "Changelog & Friends",
    "changelog-gotime": "Go Time",
    "changelog-jsparty": "JS Party",
    "changelog-news": "Changelog News",
    "changelog-podcast": "The Changelog",
    "changelog-practicalai": "Practical AI",
    "changelog-rfc": "Request for Commits",
    "changelog-shipit": "Ship It!",
    "lets-talk-bitcoin": "Let's Talk Bitcoin",
    "metamuse": "Metamuse",
    "talkpython": "Talk Python To Me",
}
_SENTENCE_END = re.compile(r"(?<=[.?!…])[\"”’]?\s+(?=[\"“‘A-Z0-9])")
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@dataclass(frozen=True)
class Told:
    """An episode of the evidence data: `name` is its file below the folder of transcripts."""

    folder: str
    name: str
    title: str
    transcript: Transcript


def episodes(transcripts: Path) -> list[Told]:
    """All episodes, by show and name."""
    return [
        Told(
            path.relative_to(transcripts).parts[0],
            path.relative_to(transcripts).as_posix(),
            _title(path),
            got,
        )
        for path in _files(transcripts)
        if (got := _transcript(path)).segments
    ]


def _files(transcripts: Path) -> Iterator[Path]:
    for folder in SHOWS:
        if folder == "talkpython":
            yield from sorted((transcripts / folder / "plain").glob("*.vtt"))
            yield from sorted((transcripts / folder / "speakers-vtt").glob("533-*.vtt"))
        else:
            found = [p for p in (transcripts / folder).iterdir() if p.suffix in (".md", ".txt")]
            yield from sorted(p for p in found if not p.name.endswith(".es.md"))


def _transcript(path: Path) -> Transcript:
    if path.suffix == ".vtt":
        got = parse_transcript(path.read_bytes(), "text/vtt", path.name)
        return replace(got, segments=tuple(replace(s, text=html.unescape(s.text)) for s in got.segments))
    return Transcript("publisher", tuple(_spoken(path)), "en")


def _spoken(path: Path) -> Iterator[Segment]:
    """One segment a sentence."""
    at = 0
    for speaker, text in turns_of(path):
        for sentence in _SENTENCE_END.split(unquoted(text).replace("\\[", "[").replace("\\]", "]")):
            end = at + len(sentence.split()) * SPOKEN_MS_A_WORD
            if sentence.strip():
                yield Segment(at, end, sentence, speaker)
            at = end


def _title(path: Path) -> str:
    head = _FRONT.match(path.read_text("utf-8"))
    named = re.search(r"^title: (.+)$", head[0], re.MULTILINE) if head else None
    return named[1].strip("'\"") if named else path.stem.replace("-", " ").strip().capitalize()


def _order(told: list[Told]) -> list[Told]:
    """In the order of their made-up dates: every show spread evenly, by the numbers of its episodes."""
    shows: dict[str, list[Told]] = defaultdict(list)
    for each in told:
        shows[each.folder].append(each)
    placed: list[tuple[float, str, Told]] = []
    for folder, own in shows.items():
        own.sort(key=lambda e: [int(n) for n in re.findall(r"\d+", Path(e.name).name)][:1])
        placed += [((k + 0.5) / len(own), folder, each) for k, each in enumerate(own)]
    return [each for _, _, each in sorted(placed, key=lambda p: p[:2])]


def fill(tools: Tools, told: list[Told]) -> None:
    """Subscribe to every show and store all words."""
    ordered = _order(told)
    last_ms = round(LAST_DAY.timestamp() * 1000)
    parsed: dict[str, list[ParsedEpisode]] = defaultdict(list)
    for k, each in enumerate(ordered):
        published_ms = last_ms - round((len(ordered) - 1 - k) * DAYS * DAY_MS / len(ordered))
        length_ms = each.transcript.segments[-1].end_ms
        parsed[each.folder].append(
            ParsedEpisode(each.name, each.title, published_ms, None, (), length_ms, "", None)
        )
    for folder, own in parsed.items():
        url = f"https://example.org/{folder}"
        feed = ParsedFeed(SHOWS[folder], None, "", "en", tuple(own))
        feed_id = tools.library.add_feed(url, feed)
        tools.library.apply_refresh(
            feed_id, new=own, changed=[], title=feed.title, link=None, language="en", url=url, etag=None,
            last_modified=None, body_sha256=None, now_ms=last_ms, backlog=len(own),
        )  # fmt: skip
    words = {each.name: each.transcript for each in told}
    for episode in tools.library.episodes():
        tools.library.store_transcript(episode.id, words[episode.guid])


def main() -> None:
    shared, folder = Path(sys.argv[1]), Path(sys.argv[2])
    told = episodes(shared / "data/transcripts")
    with open_tools(Paths(folder)) as tools:
        if not tools.library.feeds():
            fill(tools, told)
        everything = tools.library.episodes()
        for number, episode in enumerate(everything, start=1):
            if tools.library.counts(episode.id) is None:
                read(tools, episode, Watch())
                tools.library.set_job(episode.id, step="done", state="done")
            kept = len(tools.library.insights(episode.id))
            print(f"{number} of {len(everything)}: {kept:3} insights, {episode.guid}", flush=True)  # noqa: T201
        relate_all(tools)


if __name__ == "__main__":
    main()
