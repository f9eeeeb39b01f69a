"""Saved and Activity: plain lists in the same column."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from earmark.records import Card, Episode, Job, Progress, Step
from earmark.ui.page import Page
from earmark.ui.parts import (
    RING_ABOVE,
    SEMI_BOLD,
    Cut,
    Label,
    Tile,
    hairline,
    headline,
    play_word,
    row,
    source_line,
)
from earmark.ui.prose import Prose
from earmark.ui.theme import GRID
from earmark.ui.words import count_of, job_state, name, tr, work_line


class ListPage(Page):
    """A title and rows under it."""

    def _row(self, *things: QWidget | None) -> None:
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, GRID, 0, GRID)
        inside.addLayout(row(*things))
        self.add(hairline())
        self.add(holder)


class SavedPage(ListPage):
    """What the user saved. Signals: opened(str), played(str)."""

    opened = Signal(str)
    played = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("Saved"))

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Set the saved insights."""
        if not self.begin("", tuple(cards)):
            return
        self.add_title(tr("Saved"), count_of(len(cards), "%n insight", "%n insights") if cards else "")
        if not cards:
            self.add(Prose(tr("Nothing yet. Press Save on an insight to keep it here."), 15))
        for card in cards:
            insight = card.insight
            self.add(hairline())
            opens = headline(insight.headline, 18.5, partial(self.opened.emit, insight.id))
            self.add(opens, 3 * GRID - 4 - RING_ABOVE, ringed="both")
            self.add(Prose(insight.text, 15), 4 - RING_ABOVE)
            play = play_word(insight.start_ms, insight.headline, partial(self.played.emit, insight.id))
            self.add(row(Tile(card.feed_title), 4, source_line(card), 1, play, None, spacing=6), GRID + 2)
            self.column.addSpacing(3 * GRID - 4)
        self.finish()


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
