"""What learning is worth: three simulated readers over thirty days of a real library.

    uv run python tests/benchmarks/taste.py FOLDER > tests/benchmarks/taste.md

FOLDER is a profile that tests/tools/transcript_library.py made; it is only read. Each reader wants one
subject (money, ai, business), saves every card of the five that is on it, and hides the rest. What an insight
is about was decided by reading the titles and the beginnings of the episodes (SUBJECTS, by GUID), so it owes
nothing to the vectors by which cards are scored: a card of a wanted episode is wanted, any other is not.

Episodes arrive on their dates. Thirty days are lived, one brief each, through the program's own library,
learning and composing. Beside it run the same brief without any learning, the newest insights first, and a
brief that is told the subjects (what the rules about shows and repetition leave possible).
"""

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earmark.clock import to_ms
from earmark.engines import Language, VectorCache
from earmark.library import Library, Reader, open_library, open_reader
from earmark.paths import Paths
from earmark.pipeline import Tools, brief_of, forget_taste, relate_all
from earmark.records import (
    Brief,
    BriefItem,
    Episode,
    Extraction,
    ExtractionCounts,
    InsightId,
    ParsedEpisode,
    ParsedFeed,
    Segment,
    Transcript,
)
from earmark.taste import Taste, load_taste, save_taste

SUBJECTS = {
    "money": (
        "bitcoin-review/",
        "chaincode-podcast/",
        "lets-talk-bitcoin/",
    ),
    "ai": (
        "changelog-practicalai/",
        "talkpython/plain/529-",
        "talkpython/plain/507-",
    ),
    "business": (
        "changelog-founderstalk/",
        "metamuse/66-",
        "metamuse/72-",
        "metamuse/65-",
        "changelog-afk/away-from-keyboard-1.",
    ),
}
WRITTEN = {
    "money": "bitcoin and lightning payments",
    "ai": "machine learning and language models",
    "business": "founding and running a company",
}
DAYS, FORGET_AFTER = 30, 15
LAST = datetime(2026, 11, 22, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """An episode of the source, with all that was found in it."""

    episode: Episode
    extraction: Extraction
    vectors: dict[InsightId, NDArray[np.float32]]


def source_of(reader: Reader, model_id: str) -> list[Said]:
    """Everything that a library holds, oldest first."""
    placed = reader.placed_vectors(model_id)
    ids, rows = placed.ids, placed[:]
    vectors = dict(zip(ids, rows, strict=True))
    found = []
    for episode in reader.episodes():
        insights = tuple(reader.insights(episode.id))
        if insights:
            counts = ExtractionCounts(kept=len(insights))
            mine = {insight.id: vectors[insight.id] for insight in insights}
            found.append(Said(episode, Extraction(insights, (), counts), mine))
    return sorted(found, key=lambda said: (said.episode.published_ms or 0, said.episode.guid))


def subject_of(guid: str) -> str | None:
    """What an episode is about, as it was read by a person."""
    return next((name for name, marks in SUBJECTS.items() if guid.startswith(marks)), None)


class World:
    """A profile into which the source arrives day by day."""

    def __init__(self, library: Library, paths: Paths, language: Any, source: list[Said]) -> None:
        self.library, self._coming, self.now = library, list(source), LAST
        nothing: Any = None
        self.tools = Tools(library, nothing, nothing, nothing, language, paths, lambda: self.now, None)
        self.subjects: dict[InsightId, str | None] = {}

    def arrive(self) -> None:
        """Take in every episode that is out by now."""
        while self._coming and (self._coming[0].episode.published_ms or 0) <= to_ms(self.now):
            self._take(self._coming.pop(0))
        relate_all(self.tools)

    def _take(self, said: Said) -> None:
        old = said.episode
        feed_id = self.library.add_feed(old.feed_url, ParsedFeed(old.feed_title, None, "", None, ()))
        item = ParsedEpisode(old.guid, old.title, old.published_ms, None, (), None, "", None)
        self.library.apply_refresh(
            feed_id, new=[item], changed=[], title=old.feed_title, link=None, language=None, url=old.feed_url,
            etag=None, last_modified=None, body_sha256=None, now_ms=to_ms(self.now), backlog=99,
        )  # fmt: skip
        episode = next(e for e in self.library.episodes(feed_id) if e.guid == old.guid)
        self.library.set_job(episode.id, step="done", state="done")
        self.library.store_transcript(episode.id, Transcript("publisher", (Segment(0, 1, "said"),)))
        model_id = self.tools.language.embedding_model_id
        self.library.store_extraction(
            episode.id, said.extraction, said.vectors, model_id, now_ms=to_ms(self.now)
        )
        self.subjects |= {insight.id: subject_of(old.guid) for insight in said.extraction.insights}


Chooser = Callable[[World, str, str], list[BriefItem]]
"""The five of a date for a reader of a subject."""


def by_earmark(world: World, date: str, _wanted: str) -> list[BriefItem]:
    """The program's own brief."""
    return list(brief_of(world.tools, date).brief.items)


def newest_first(world: World, date: str, _wanted: str) -> list[BriefItem]:
    """The newest insights that were not shown yet, an episode's best first."""
    seen = world.library.shown_insight_ids()
    cards = [card for card in world.library.cards() if card.insight.id not in seen]
    cards.sort(key=lambda card: (-(card.published_ms or 0), -card.insight.quality, card.insight.id))
    items = [BriefItem(card.insight.id, place, "Newest.") for place, card in enumerate(cards[:5])]
    world.library.store_brief(Brief(date, "", tuple(items)), now_ms=to_ms(world.now))
    return items


def told_the_subjects(world: World, date: str, wanted: str) -> list[BriefItem]:
    """The program's brief when everything that is not wanted is hidden beforehand."""
    for id_, subject in world.subjects.items():
        if subject != wanted:
            world.library.set_mark(id_, hidden=True)
    forget_taste(world.tools)
    return by_earmark(world, date, wanted)


@dataclass(frozen=True)
class Run:
    """How one reader is served. `wanted` may change after FORGET_AFTER days; then may be forgotten, too."""

    name: str
    choose: Chooser = by_earmark
    acts: bool = True
    writes: bool = False
    shows: bool = True
    forgets: bool = False
    then: str | None = None


def days_of(world: World, wanted: str, run: Run) -> Iterator[list[bool]]:
    """For each day, which of the cards that were shown were wanted."""
    if run.writes:
        save_taste(world.tools.paths, Taste(interests=(WRITTEN[wanted],)))
    for day in range(DAYS):
        world.now = LAST - timedelta(days=DAYS - 1 - day)
        world.arrive()
        if day == FORGET_AFTER:
            wanted = run.then or wanted
            if run.forgets:
                forget_taste(world.tools)
        items = run.choose(world, world.now.date().isoformat(), wanted)
        right = [world.subjects[item.insight_id] == wanted for item in items]
        if run.acts:
            for item, good in zip(items, right, strict=True):
                world.library.set_mark(item.insight_id, saved=good or None, hidden=None if good else True)
        if not run.shows:
            _without_shows(world)
        yield right


def _without_shows(world: World) -> None:
    """Bar all lessons about shows, so that only topics are learned."""
    barred = {(act.insight_id, "show"): None for act in world.library.acts()}
    world.library.store_taught(world.library.taught() | barred)


@contextmanager
def world_of(source: list[Said], language: Language) -> Iterator[World]:
    """A fresh profile."""
    folder = Path(tempfile.mkdtemp())
    try:
        with open_library(Paths(folder)) as library:
            yield World(library, Paths(folder), language, source)
    finally:
        shutil.rmtree(folder)


RUNS = (
    Run("newest first", newest_first, acts=False),
    Run("Earmark, nothing learned", acts=False),
    Run(
        "learned from saves and hides",
    ),
    Run("the same, topics alone", shows=False),
    Run("one interest written, nothing learned", acts=False, writes=True),
    Run("one interest written, and learned", writes=True),
    Run("told the subjects (what is possible)", told_the_subjects, acts=False),
)
LATER = (
    Run("learned, no change"),
    Run("forgotten after day 15", forgets=True),
)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def share(days: list[list[bool]], first: int, last: int) -> float:
    """The part of all places of these days (1 is the first), five a day, that held a wanted card."""
    return sum(sum(day) for day in days[first - 1 : last]) / (5 * (last - first + 1))


def main() -> None:
    """Print the tables."""
    with open_reader(Paths(Path(sys.argv[1]))) as reader, tempfile.TemporaryDirectory() as scratch:
        paths = Paths(Path(scratch))
        paths.create()
        with Language(paths, cache=VectorCache(paths.vectors)) as language:
            report(source_of(reader, language.embedding_model_id), language)


def report(source: list[Said], language: Language) -> None:
    """Live every reader's days, and tell."""
    wanted = Counter(subject_of(said.episode.guid) for said in source for _ in said.extraction.insights)
    total = sum(wanted.values())
    _say(f"{len(source)} episodes with {total} insights of {len({s.episode.feed_id for s in source})} shows.")
    _say("Wanted: " + ", ".join(f"{name} {wanted[name]} ({wanted[name] / total:.0%})" for name in SUBJECTS))
    _say(
        "\n| brief | "
        + " | ".join(f"{name}, days 1-5 / 6-15 / 16-30 / all" for name in SUBJECTS)
        + " | mean |"
    )
    _say("|---|" + "---|" * (len(SUBJECTS) + 1))
    for run in RUNS:
        _line(run, source, language, ((1, 5), (6, 15), (16, 30), (1, 30)))
    _say(
        "\n| brief | "
        + " | ".join(f"{name}, days 6-15 / 16-18 / 19-24 / 25-30" for name in SUBJECTS)
        + " | mean of the last |"
    )
    _say("|---|" + "---|" * (len(SUBJECTS) + 1))
    for run in LATER:
        _line(run, source, language, ((6, 15), (16, 18), (19, 24), (25, 30)))
    others = dict(zip(SUBJECTS, [*list(SUBJECTS)[1:], next(iter(SUBJECTS))], strict=True))
    for forgets in (False, True):
        name = f"wants another subject from day 16, {'forgets' if forgets else 'does not forget'}"
        _line(Run(name, forgets=forgets), source, language, ((6, 15), (16, 18), (19, 24), (25, 30)), others)


def _line(
    run: Run,
    source: list[Said],
    language: Language,
    spans: tuple[tuple[int, int], ...],
    then: dict[str, str] | None = None,
) -> None:
    cells, last = [], []
    for wanted in SUBJECTS:
        with world_of(source, language) as world:
            days = list(days_of(world, wanted, replace(run, then=then[wanted] if then else None)))
            if "-v" in sys.argv:
                sys.stderr.write(f"{[lesson.says for lesson in load_taste(world.tools.paths).lessons]}\n")
        cells.append(" / ".join(f"{share(days, *span):.0%}" for span in spans))
        last.append(share(days, *spans[-1]))
    _say(f"| {run.name} | {' | '.join(cells)} | {np.mean(last):.0%} |")


if __name__ == "__main__":
    main()
