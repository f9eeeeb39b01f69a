"""A library as a user has it, and jobs that only remember what was asked of them."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from small_shows import an_episode, an_insight, take_in

from earmark.app import open_engines
from earmark.errors import KnownError
from earmark.jobs import Task
from earmark.library import Library
from earmark.net import Door
from earmark.paths import Paths
from earmark.pipeline import Tools, Watch
from earmark.pipeline.feed_reader import FeedReader
from earmark.records import (
    Brief,
    BriefItem,
    EpisodeId,
    Extraction,
    ExtractionCounts,
    Insight,
    InsightId,
    Link,
    Segment,
    Transcript,
)
from earmark.settings import Choices
from earmark.ui.main_window import MainWindow

Show = Callable[..., MainWindow]
"""Shows the window over the library: the fixture `show`."""

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY, YESTERDAY = "2026-11-23", "2026-11-22"
PUBLISHED_MS = 1_795_300_000_000
WHY = "Ranked {0} of 9 in its episode, nothing like it in your earlier briefs."
COVERAGE = "5 of 6 insights, from 6 of 6 new episodes. 3 adverts left out."
SHOWS = ("Second Draft", "Small Numbers", "Warm House")
EPISODES = (
    "The ceiling you cannot see",
    "Memory keeps office hours",
    "What the engineers found",
    "Ep. 41, Reward without magic",
    "Four lines, one timetable",
    "Switching off at ten",
)
CLAIMS = (
    (
        "A 4% monthly churn caps a subscription business",
        "At a hundred new customers a month, growth stops at 2,500. Halving churn lifts that ceiling to"
        " 5,000, which no new channel did for the company that measured both.",
    ),
    (
        "Sleep after study beats more study",
        "Students who slept within three hours of learning remembered 40 percent more a week later than"
        " those who kept reading. The effect was weaker for skills of the hand.",
    ),
    (
        "Heat pumps fail on installation, not on cold",
        "Of 300 complaints in one county, 9 in 10 came from pipes sized for a boiler.",
    ),
    (
        "Rare skills, not new ones, are what reward training adds",
        "Training by reward mostly makes behaviours common that the base model already shows now and then."
        " In one team's tests success rose from 4 to 61 percent without a single new skill, so a broader"
        " base model is worth more than a cleverer reward.",
    ),
    (
        "Boring buses carry more people",
        "One line every six minutes carried twice as many as three scenic ones together.",
    ),
    (
        "Night switches save little in a tight house",
        "In a tight house the saving was 4 percent, in a leaky one from before 1960 it was 11.",
    ),
)
BEFORE = "So we looked at it for two winters, and everybody thought it would be the other way round."
AFTER = "And that is the part that nobody puts into the brochure, because it sells nothing."


class FakeJobs(QObject):
    """Stands for the working thread: remembers the long work that the window asked for.

    Small tasks and questions are done at once, with the real parts of the program over the same library.
    """

    changed = Signal(object)
    progressed = Signal(object)
    failed = Signal(str)
    renewing = Signal()

    def __init__(self, library: Library, paths: Paths) -> None:
        super().__init__()
        self.asked: list[tuple[object, ...]] = []
        self._library, self._paths = library, paths
        self._parts = ExitStack()

    @cached_property
    def tools(self) -> Tools:
        """The real parts, offline; an engine starts at its first job."""
        choices = Choices(self._paths)
        door = Door(user_agent="test", log=self._library.log_request, offline=lambda: True)
        engines = self._parts.enter_context(open_engines(self._paths))
        return Tools(
            library=self._library,
            door=self._parts.enter_context(door),
            media=engines.media,
            speech=engines.speech,
            language=engines.language,
            paths=self._paths,
            clock=lambda: NOW,
            speech_model=None,
            choices=choices,
            reader=self._parts.enter_context(FeedReader()),
        )

    def do(self, task: Task) -> None:
        """Done at once, and told."""
        try:
            changes = task(self.tools, Watch(self.progressed.emit, lambda: False))
        except KnownError as error:
            self.failed.emit(str(error))
            return
        if changes:
            self.changed.emit(changes)

    def run(self, task: Task) -> None:
        """Remembered, not done."""
        self.asked.append(("run", task))

    def beside(
        self,
        work: Callable[[Tools, Watch], Any],
        answered: Callable[[Any], None],
        refused: Callable[[str], None],
    ) -> None:
        """Done at once."""
        try:
            answer = work(self.tools, Watch(self.progressed.emit, lambda: False))
        except KnownError as error:
            refused(str(error))
            return
        answered(answer)

    def reopen(self) -> None:
        """Remembered."""
        self.asked.append(("reopen",))

    def between(self, task: Task) -> None:
        """Done at once: nothing is worked on."""
        self.do(task)

    def ask(self, question: Callable[[Tools, Watch], Any], answered: Callable[[Any], None]) -> None:
        """Answered at once."""
        try:
            answer = question(self.tools, Watch(self.progressed.emit, lambda: False))
        except KnownError as error:
            self.failed.emit(str(error))
            return
        answered(answer)

    def close(self) -> None:
        """Stop what was started."""
        self._parts.close()

    def refresh(self) -> None:
        """Remembered."""
        self.asked.append(("refresh",))

    def process(self) -> None:
        """Remembered."""
        self.asked.append(("process",))

    def pause(self) -> None:
        """Remembered."""
        self.asked.append(("pause",))

    def add_feed(self, url: str) -> None:
        """Remembered."""
        self.asked.append(("add_feed", url))

    def fetch_audio(self, episode_id: int) -> None:
        """Remembered."""
        self.asked.append(("fetch_audio", episode_id))

    def set_mark(self, insight_id: InsightId, *, saved: bool) -> None:
        """Done at once, and told."""
        self.changed.emit(self._library.set_mark(insight_id, saved=saved))

    def shutdown(self) -> None:
        """Remembered."""
        self.asked.append(("shutdown",))


def insight(number: int, trouble: str = "") -> Insight:
    """The insight of an episode; `trouble` stands before all its texts."""
    headline, text = CLAIMS[number]
    return an_insight(
        f"id{number}",
        trouble + text,
        headline=trouble + headline,
        start_ms=804_000,
        end_ms=831_000,
        first_segment=1,
        last_segment=1,
        quality=0.9 - number / 10,
        before_ms=6_000,
        after_ms=3_000,
    )


def add_episode(library: Library, number: int, trouble: str = "") -> EpisodeId:
    """One episode of one of three shows, without words yet."""
    show, url = trouble + SHOWS[number % 3], f"https://example.org/{number % 3}"
    item = an_episode(f"g{number}", title=trouble + EPISODES[number], published_ms=PUBLISHED_MS - number)
    return take_in(library, show, [item], url=url, backlog=3)[0]


def fill(library: Library, trouble: str = "") -> None:
    """Three shows with two read episodes each, links, and the briefs of two days."""
    for number in range(len(CLAIMS)):
        episode_id, made = add_episode(library, number, trouble), insight(number, trouble)
        said = (
            Segment(796_000, 804_000, BEFORE),
            Segment(804_000, 831_000, made.quote),
            Segment(831_000, 840_000, AFTER),
        )
        library.store_transcript(episode_id, Transcript("publisher", said))
        extraction = Extraction((made,), (), ExtractionCounts(kept=1))
        library.store_extraction(episode_id, extraction, {made.id: np.ones(2, np.float32)}, "e", now_ms=1)
        library.set_job(episode_id, step="done", state="done")
    ids = [insight(number).id for number in range(len(CLAIMS))]
    close = (
        Link(ids[0], ids[1], 0.6, 0),
        Link(ids[0], ids[2], 0.5, 1),
        Link(ids[0], ids[3], 0.49, folded_into=ids[2]),
    )
    library.store_links({ids[0]: close}, {ids[0]: 0.1}, "e")
    library.store_lists({ids[0]: close})
    items = [BriefItem(id_, n, trouble + WHY.format(n)) for n, id_ in enumerate(ids[:5])]
    library.store_brief(Brief(YESTERDAY, "1 of 1 insights.", (BriefItem(ids[5], 0, "New."),)), now_ms=1)
    library.store_brief(Brief(TODAY, COVERAGE, tuple(items)), now_ms=2)
