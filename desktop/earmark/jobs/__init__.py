"""The window's way to work: one thread that owns the library's writer and does one thing at a time.

Long work (refresh, process) goes through a queue. Small things (a mark, a brief) are done between two
moments of the long work, so that a press on Save never waits for an hour of speech.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from earmark import pipeline
from earmark.errors import Cancelled, KnownError
from earmark.facade import Later
from earmark.jobs.worker import SHUTDOWN_S as SHUTDOWN_S
from earmark.jobs.worker import Task as Task
from earmark.jobs.worker import Worker, nothing
from earmark.pipeline.watch import Watch
from earmark.records import Changes, EpisodeId, InsightId, Progress, Wish

if TYPE_CHECKING:
    from earmark.pipeline import Round, Tools, episode, keeping, local, out, tasks
else:  # the window is shown before there is anything to do
    episode, keeping = Later("earmark.pipeline.episode"), Later("earmark.pipeline.keeping")
    local, out = Later("earmark.pipeline.local"), Later("earmark.pipeline.out")
    tasks = Later("earmark.pipeline.tasks")

NEWS_EVERY_S = 2.0
ROUND_EVERY_S = 300.0
"""Between two rounds of the program's own; what falls due meanwhile is asked together."""


class Jobs(Worker):
    """Runs the pipeline for the window; every signal arrives on the thread that made this object."""

    def __init__(
        self,
        open_tools: Callable[[], AbstractContextManager[Tools]],
        open_alone: Callable[[], AbstractContextManager[Tools]] | None = None,
    ) -> None:
        super().__init__(open_tools, open_alone)
        self._not_sent: deque[tuple[out.Letter, KnownError]] = deque()
        self._looked_at: object = None
        self._round: Round | None = None
        self._asks_again = False
        self._next_round_s = 0.0
        self._news, self._news_told_at = Changes(), 0.0
        self._notice: str | None = None
        self._gone: set[str] = set()
        self._next_look_s = 0.0

    @Slot()
    def refresh(self) -> None:
        """The user looks for news: ask every feed that was left alone for a while, then work through all."""
        self._add_small(lambda tools, watch: self._begin_round(tools, watch, "news"))
        self.process()

    @Slot()
    def refresh_due(self) -> None:
        """Ask the feeds that are due for news, beside whatever is done. To be asked every minute."""
        self._add_small(lambda tools, watch: self._begin_round(tools, watch, "due"))

    @Slot()
    def process(self) -> None:
        """Work through what waits; then make today's brief if it is due, or complete it, and send it."""
        self._stop.clear()
        self._add(lambda tools, watch: tasks.work_through(tools, watch))
        self._add(lambda tools, watch: tasks.due_brief(tools, watch))
        self._add_what_follows()

    @Slot()
    def pause(self) -> None:
        """Stop the work that goes on, at its next stored unit; `process` goes on from there."""
        self._stop.set()

    @Slot(str)
    def add_feed(self, url: str) -> None:
        """Subscribe to a show, or to all that a text names which was dropped or pasted; then work through
        their newest episodes."""
        self._add(lambda tools, watch: self._add_shows(tools, url, watch))
        self.process()

    @Slot()
    def make_due_brief(self) -> None:
        """Make today's brief from what is there if its time has come, or complete it. To be asked every
        minute: then it does not matter what clocks, zones and sleep do."""
        self._add_small(self._brief_if_anything_changed)

    def reopen(self) -> None:
        """Take another model, server, proxy or folder into use that was chosen; then go on."""
        self._anew.set()
        self._add(nothing)  # whoever waits for a task notices
        if not self._stop.is_set():  # a pause stays one
            self.process()

    def between(self, task: Task) -> None:
        """Do a small thing while no episode is worked on: long work stops for it at its next stored unit."""

        def then(tools: Tools, watch: Watch) -> Changes:
            self._aside.clear()
            return task(tools, watch)

        self._aside.set()
        self._add(then)
        self._add(lambda tools, watch: tasks.work_through(tools, watch))
        self._add(lambda tools, watch: tasks.due_brief(tools, watch))

    def set_mark(self, insight_id: InsightId, *, saved: bool) -> None:
        """Save an insight, or no longer."""
        self.do(lambda tools, _watch: tools.library.set_mark(insight_id, saved=saved))

    def add_reading(self, insight_id: InsightId, read_ms: int) -> None:
        """A card was open for so long."""
        self._add_small(lambda tools, _watch: tasks.note_reading(tools, insight_id, read_ms))

    def fetch_audio(self, episode_id: EpisodeId) -> None:
        """Download an episode's audio so that a moment of it can be played."""
        self._add_small(lambda tools, watch: self._begin_fetch(tools, episode_id, watch))

    def _brief_if_anything_changed(self, tools: Tools, watch: Watch) -> Changes:
        """A large library is not looked through every minute for nothing."""
        seen = (tools.clock().date(), pipeline.brief_is_due(tools), tools.library.last_read_ms())
        if seen == self._looked_at:
            return Changes()
        self._looked_at = seen
        self._add_what_follows()
        return tasks.due_brief(tools, watch)

    def _begin_round(self, tools: Tools, watch: Watch, wish: Wish) -> Changes:
        """Ask for news beside the other work; answers are taken between two moments of it."""
        changes = self._look_into_folders(tools, watch, wish)
        self._asks_again |= wish == "news" and self._round is not None  # it asks fewer, or began before
        if self._round is not None or (wish == "due" and not self._is_due(tools)):
            return changes
        self._notice = None if wish == "news" else self._notice
        self._round = pipeline.Round(tools, wish=wish, on_answer=lambda: self._add_small(self._take_news))
        self._round.begin()
        self._add_small(self._take_news)
        return changes

    def _is_due(self, tools: Tools) -> bool:
        rested = tools.door.monotonic() >= self._next_round_s
        return rested and not tools.choices().offline and bool(pipeline.due_feeds(tools))

    def _look_into_folders(self, tools: Tools, watch: Watch, wish: Wish) -> Changes:
        """Find new recordings in the user's own folders; a folder that is gone is told once."""
        now_s = tools.door.monotonic()
        if wish == "due" and now_s < self._next_look_s:
            return Changes()
        self._next_look_s = now_s + ROUND_EVERY_S
        changes, new, gone = local.look_into_all(tools, watch)
        for title, reason in gone:
            if title not in self._gone:
                self.failed.emit(f"{title}: {reason}")
        self._gone = {title for title, _ in gone}
        if new and not self._stop.is_set():
            self.process()
        return changes

    def _take_news(self, tools: Tools, _watch: Watch) -> Changes:
        if self._round is None:
            return Changes()
        try:
            self._news |= self._round.take()
        except BaseException:
            ended, self._round = self._round, None
            ended.stop()
            raise
        self._told(Progress("Looking for news", self._round.subject, fraction=self._round.fraction))
        if not self._round.finished:
            return self._news_by_now(every_s=NEWS_EVERY_S)
        ended, self._round = self._round, None
        result = ended.conclude()
        ended.stop()
        self._next_round_s = tools.door.monotonic() + ROUND_EVERY_S
        if self._asks_again:
            self._asks_again = False
            self._add_small(lambda tools, watch: self._begin_round(tools, watch, "news"))
        for text in result.ended:
            self.failed.emit(text)
        if result.notice and result.notice != self._notice:  # once, not every five minutes
            self.failed.emit(result.notice)
        self._notice = result.notice
        if result.new_episodes and not self._stop.is_set():
            self.process()
        self._news |= result.changes
        return self._news_by_now(every_s=0.0)

    def _news_by_now(self, every_s: float) -> Changes:
        """What a round has changed, told now and then: a window that asks anew for each feed stands still."""
        now = time.monotonic()
        if now - self._news_told_at < every_s:
            return Changes()
        news, self._news, self._news_told_at = self._news, Changes(), now
        return news

    def _add_shows(self, tools: Tools, text: str, watch: Watch) -> Changes:
        """One show that cannot be had does not keep the others from being added."""
        changes, problems = pipeline.add_link(tools, text, watch)
        if problems:
            self.failed.emit("\n".join(reason for _, reason in problems))
        return changes

    def _add_what_follows(self) -> None:
        """A fault of the one keeps neither the other nor the brief."""
        self._add(lambda tools, watch: tasks.renewed_feed(tools, watch))
        self._add(lambda tools, _watch: self._begin_mail(tools))

    def _begin_mail(self, tools: Tools) -> Changes:
        """Send today's brief beside the other work, if it is to go: a server may take a minute to answer."""
        letter = out.due_letter(tools)
        if letter is None:
            return Changes()

        def send() -> None:
            try:
                out.send_letter(tools.door, letter)
            except KnownError as error:
                self._not_sent.append((letter, error))
                self._add_small(self._take_back)
                self.failed.emit(str(error))

        self._beside("mail", send)
        return Changes()

    def _begin_fetch(self, tools: Tools, episode_id: EpisodeId, watch: Watch) -> Changes:
        """Fetch audio beside the other work, on a thread of its own; Pause does not stop it, closing does."""
        wanted = tools.library.episode(episode_id)
        keeping.make_room_for(tools, wanted, tools.choices(), watch)

        def fetch() -> None:
            try:
                got = episode.fetch_audio(tools, wanted, Watch(self._told, self._closing.is_set))
                self._add_small(lambda tools, _watch: episode.note_audio(tools, wanted, got, asked=True))
            except Cancelled:
                return
            except KnownError as error:
                self.failed.emit(str(error))

        self._beside("fetch audio", fetch)
        return Changes()

    def _take_back(self, tools: Tools, _watch: Watch | None = None) -> Changes:
        while self._not_sent:
            out.note_not_sent(tools, *self._not_sent.popleft())
        return Changes()

    def _before_leaving(self) -> None:
        if self._round is not None:
            self._round.stop()
            self._round = None

    def _last(self, tools: Tools) -> None:
        self._take_back(tools)

    def _is_idle(self) -> bool:
        return self._round is None
