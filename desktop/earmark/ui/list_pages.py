"""Library and Activity: plain lists in the same column."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from earmark.records import Episode, EpisodeId, Feed, FeedId, Job, Progress, Step
from earmark.ui.page import Page
from earmark.ui.parts import (
    SEMI_BOLD,
    Cut,
    Label,
    Tile,
    button,
    hairline,
    row,
)
from earmark.ui.prose import Prose
from earmark.ui.theme import GRID
from earmark.ui.words import count_of, job_state, name, tr, work_line

FIRST_EPISODES = 5


class ListPage(Page):
    """A title and rows under it."""

    def _row(self, *things: QWidget | None) -> None:
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, GRID, 0, GRID)
        inside.addLayout(row(*things))
        self.add(hairline())
        self.add(holder)


class LibraryPage(ListPage):
    """Shows with their newest episodes, each with its state in words. Signals: add_asked()."""

    add_asked = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Library"))
        self._unfolded: set[FeedId] = set()

    def show_feeds(
        self, feeds: Sequence[tuple[Feed, Sequence[Episode]]], jobs: Mapping[EpisodeId, Job]
    ) -> None:
        """Set the shows."""
        if not self.begin("", tuple((feed, tuple(own)) for feed, own in feeds), dict(jobs)):
            return
        self._content = feeds, jobs
        self.add_title(tr("Library"), count_of(len(feeds), "%n show", "%n shows"))
        self.add(row(button(tr("Add a show"), "plain", self.add_asked.emit, px=14), None))
        for feed, episodes in feeds:
            self._add_feed(feed, episodes, jobs)
        self.finish()

    def _add_feed(self, feed: Feed, episodes: Sequence[Episode], jobs: Mapping[EpisodeId, Job]) -> None:
        title = Label(name(feed.title), 16, "ink", serif=True, weight=SEMI_BOLD)
        count = Label(count_of(len(episodes), "%n episode", "%n episodes"), 13, "muted", wrap=False)
        self.column.addSpacing(4 * GRID)
        self.add(row(Tile(feed.title), 2, title, count))
        if feed.error:
            self.add(Prose(feed.error, 13, "accent"), 4)
        self.column.addSpacing(GRID)
        unfolded = feed.id in self._unfolded
        for episode in episodes if unfolded else episodes[:FIRST_EPISODES]:
            job = jobs.get(episode.id)
            state = job_state(job) if job else tr("not asked for")
            self._row(Label(name(episode.title), 15), Label(state, 13, "muted", wrap=len(state) > 40))
        if len(episodes) > FIRST_EPISODES:
            self._add_fold(feed, len(episodes), unfolded=unfolded)

    def _add_fold(self, feed: Feed, episodes: int, *, unfolded: bool) -> None:
        word = tr("Only the newest") if unfolded else count_of(episodes, "All %n episodes", "All %n episodes")
        fold = button(word, "word", lambda: self._fold(feed.id), name=f"{word}: {name(feed.title)}")
        self.add(hairline())
        self.add(row(fold, None), GRID, ringed="left")

    def _fold(self, feed_id: FeedId) -> None:
        self._unfolded ^= {feed_id}
        self._shown = ("",)
        self.show_feeds(*self._content)


class ActivityPage(ListPage):
    """What waits, what is worked on, what failed and why; in the order of work."""

    def __init__(self) -> None:
        super().__init__(tr("Activity"))
        self._running: tuple[Label, Step] | None = None
        self._progress: Progress | None = None

    def show_jobs(self, jobs: Sequence[tuple[Job, Episode]], more: int = 0) -> None:
        """Set the work in its order; what is done is not among it. `more`: how many are not listed."""
        if not self.begin("", tuple(jobs), more):
            return
        self._running = None
        to_go = sum(job.state != "failed" for job, _episode in jobs) + more
        detail = count_of(to_go, "%n episode to go", "%n episodes to go") if to_go else ""
        self.add_title(tr("Activity"), detail)
        if not jobs:
            self.add(Prose(tr("All done. New episodes are worked through as they come."), 15))
        for number, (job, episode) in enumerate(jobs, start=1):
            self._add_job(number, job, episode)
        if more:
            self.add(hairline())
            self.add(Label(count_of(more, "and %n more", "and %n more"), 13, "muted"), GRID)
        self.show_progress(self._progress)
        self.finish()

    def show_progress(self, progress: Progress | None) -> None:
        """How far the running one is, and how long it takes."""
        self._progress = progress
        if self._running is not None and progress is not None:
            label, step = self._running
            label.setText(work_line(step, progress))

    def _add_job(self, number: int, job: Job, episode: Episode) -> None:
        words = QWidget()
        stack = QVBoxLayout(words)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(2)
        stack.addWidget(Cut(name(episode.title), 15, "soft"))
        state = Label(job_state(job), 13, "muted")
        stack.addWidget(Cut(name(episode.feed_title), 13, "muted"))
        stack.addWidget(state)
        if job.state == "running":
            self._running = state, job.step
        figure = Label(str(number), 15, "accent", serif=True, weight=SEMI_BOLD, wrap=False)
        figure.setFixedWidth(3 * GRID)
        holder = QWidget()
        inside = row(figure, Tile(episode.feed_title), 2, words)
        inside.setStretchFactor(words, 1)
        inside.setContentsMargins(0, GRID + 4, 0, GRID + 4)
        holder.setLayout(inside)
        self.add(hairline())
        self.add(holder)
