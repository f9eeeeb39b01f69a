"""Library, Saved and Activity: plain lists in the same column."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from earmark.records import Card, Episode, EpisodeId, Feed, Job
from earmark.ui.parts import Label, Page, Tile, button, hairline, row
from earmark.ui.theme import GRID
from earmark.ui.today_page import headline, source_line
from earmark.ui.words import job_state, moment, tr

MOST_EPISODES = 20


class ListPage(Page):
    """A title and rows under it."""

    def _title(self, text: str, detail: str) -> None:
        self.add(Label(text, 28, "ink", serif=True, weight=QFont.Weight.DemiBold))
        self.add(Label(detail, 13, "muted"), 4)
        self.column.addSpacing(2 * GRID)

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

    def show_feeds(
        self, feeds: Sequence[tuple[Feed, Sequence[Episode]]], jobs: Mapping[EpisodeId, Job]
    ) -> None:
        """Set the shows."""
        if not self.begin("", tuple(feeds), dict(jobs)):
            return
        self._title(tr("Library"), tr("%n shows", len(feeds)))
        self.add(row(button(tr("Add a show"), "plain", self.add_asked.emit, px=14), None))
        for feed, episodes in feeds:
            self._add_feed(feed, episodes, jobs)
        self.finish()

    def _add_feed(self, feed: Feed, episodes: Sequence[Episode], jobs: Mapping[EpisodeId, Job]) -> None:
        name = Label(feed.title, 16, "ink", serif=True, weight=QFont.Weight.DemiBold)
        count = Label(tr("%n episodes", len(episodes)), 13, "muted", wrap=False)
        self.column.addSpacing(3 * GRID)
        self.add(row(Tile(feed.title), name, count))
        if feed.error:
            self.add(Label(feed.error, 13, "accent"), 4)
        self.column.addSpacing(GRID)
        for episode in episodes[:MOST_EPISODES]:
            job = jobs.get(episode.id)
            state = job_state(job) if job else tr("not asked for")
            self._row(Label(episode.title, 15), Label(state, 13, "muted", wrap=len(state) > 40))


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
        self._title(tr("Saved"), tr("%n insights", len(cards)))
        if not cards:
            self.add(Label(tr("Nothing yet. Press Save on an insight to keep it here."), 15))
        for card in cards:
            insight = card.insight
            self.add(hairline())
            self.add(headline(insight.headline, 18.5, partial(self.opened.emit, insight.id)), 2 * GRID)
            self.add(Label(insight.text, 15), 4)
            play = button(
                f"▶ {moment(insight.start_ms)}",
                "play",
                partial(self.played.emit, insight.id),
                name=tr("Play from {time}: {headline}").format(
                    time=moment(insight.start_ms), headline=insight.headline
                ),
            )
            self.add(row(Tile(card.feed_title), source_line(card), play, None), GRID)
            self.column.addSpacing(2 * GRID)
        self.finish()


class ActivityPage(ListPage):
    """What waits, what is worked on, what failed and why."""

    def __init__(self) -> None:
        super().__init__(tr("Activity"))

    def show_jobs(self, jobs: Sequence[tuple[Job, Episode]]) -> None:
        """Set the work in its order; what is done is not listed."""
        open_jobs = [(job, episode) for job, episode in jobs if job.state != "done"]
        if not self.begin("", tuple(open_jobs)):
            return
        self._title(tr("Activity"), tr("%n episodes to go", len(open_jobs)))
        if not open_jobs:
            self.add(Label(tr("All done. New episodes are worked through as they come."), 15))
        for job, episode in open_jobs:
            self._row(
                Tile(episode.feed_title),
                Label(f"{episode.title}\n{episode.feed_title}", 15),
                Label(job_state(job), 13, "muted"),
            )
        self.finish()
