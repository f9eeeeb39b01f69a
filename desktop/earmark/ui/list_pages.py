"""Library and Saved: plain lists in the same column."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from earmark.records import Card, EpisodeRow, Feed, FeedId
from earmark.ui.page import Page
from earmark.ui.parts import (
    RING_ABOVE,
    SEMI_BOLD,
    Label,
    Tile,
    button,
    hairline,
    headline,
    play_word,
    row,
    source_line,
)
from earmark.ui.prose import Prose
from earmark.ui.theme import GRID
from earmark.ui.words import count_of, episode_state, name, tr

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


@dataclass(frozen=True, slots=True)
class ListedShow:
    """A show, how many episodes it has, and those of them that are listed."""

    feed: Feed
    count: int
    listed: tuple[EpisodeRow, ...]


class LibraryPage(ListPage):
    """Shows with their newest episodes, each with its state in words. Signals: add_asked(); folded(), after
    which another number of episodes is `wanted`."""

    add_asked = Signal()
    folded = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Library"))
        self._unfolded: set[FeedId] = set()

    def wanted(self, feed_id: FeedId) -> int:
        """How many of a show's newest episodes are to be listed; -1: all."""
        return -1 if feed_id in self._unfolded else FIRST_EPISODES

    def show_feeds(self, shows: Sequence[ListedShow]) -> None:
        """Set the shows."""
        if not self.begin("", tuple(shows)):
            return
        self.add_title(tr("Library"), count_of(len(shows), "%n show", "%n shows"))
        self.add(row(button(tr("Add a show"), "plain", self.add_asked.emit, px=14), None))
        for show in shows:
            self._add_show(show)
        self.finish()

    def _add_show(self, show: ListedShow) -> None:
        feed = show.feed
        title = Label(name(feed.title), 16, "ink", serif=True, weight=SEMI_BOLD)
        count = Label(count_of(show.count, "%n episode", "%n episodes"), 13, "muted", wrap=False)
        self.column.addSpacing(4 * GRID)
        self.add(row(Tile(feed.title), 2, title, count))
        if feed.error:
            self.add(Prose(feed.error, 13, "accent"), 4)
        self.column.addSpacing(GRID)
        for episode in show.listed:
            state = episode_state(episode)
            self._row(Label(name(episode.title), 15), Label(state, 13, "muted", wrap=len(state) > 40))
        if show.count > FIRST_EPISODES:
            self._add_fold(feed, show.count, unfolded=feed.id in self._unfolded)

    def _add_fold(self, feed: Feed, episodes: int, *, unfolded: bool) -> None:
        word = tr("Only the newest") if unfolded else count_of(episodes, "All %n episodes", "All %n episodes")
        fold = button(word, "word", lambda: self._fold(feed.id), name=f"{word}: {name(feed.title)}")
        self.add(hairline())
        self.add(row(fold, None), GRID, ringed="left")

    def _fold(self, feed_id: FeedId) -> None:
        self._unfolded ^= {feed_id}
        self.folded.emit()


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
