"""The window's way to work: one thread that owns the library's writer and does one thing at a time.

Long work (refresh, process) goes through a queue. Small things (a mark, a brief) are done between two
moments of the long work, so that a press on Save never waits for an hour of speech.
"""

import contextlib
import logging
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtCore import QObject, Signal, Slot

from earmark.errors import Cancelled, KnownError
from earmark.pipeline import Tools, Watch, add_feed, brief_is_due, make_due_brief, process, refresh
from earmark.pipeline.episode import fetch_audio, note_audio
from earmark.pipeline.keeping import make_room_for
from earmark.records import Changes, EpisodeId, InsightId, Progress

SHUTDOWN_S = 3.0
PROGRESS_EVERY_S = 0.1

Task = Callable[[Tools, Watch], Changes]


class Jobs(QObject):
    """Runs the pipeline for the window; every signal arrives on the thread that made this object.

    Signals:
        changed(Changes): what to ask the library for again.
        progressed(Progress | None): what is being worked on; None when nothing is.
        failed(str): a fault in the user's words.
    """

    changed = Signal(object)
    progressed = Signal(object)
    failed = Signal(str)

    def __init__(self, open_tools: Callable[[], AbstractContextManager[Tools]]) -> None:
        super().__init__()
        self._open_tools = open_tools
        self._tasks: queue.Queue[Task | None] = queue.Queue()
        self._small: deque[Task] = deque()
        self._stop = threading.Event()
        self._closing = threading.Event()
        self._opened: queue.Queue[Exception | None] = queue.Queue()
        self._fetches: list[threading.Thread] = []
        self._told_at = 0.0
        self._looked_at: object = None
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Open the library on the working thread; raises what opening raised."""
        self._thread.start()
        fault = self._opened.get()
        if fault is not None:
            raise fault

    @Slot()
    def refresh(self) -> None:
        """Ask every feed for news, then work through what waits."""
        self._add(_refresh)
        self.process()

    @Slot()
    def process(self) -> None:
        """Work through what waits; then make today's brief if it is due, or complete it."""
        self._stop.clear()
        self._add(_process)
        self._add(_brief)

    @Slot()
    def pause(self) -> None:
        """Stop the work that goes on, at its next stored unit; `process` goes on from there."""
        self._stop.set()

    @Slot(str)
    def add_feed(self, url: str) -> None:
        """Subscribe to a show and work through its newest episodes."""
        self._add(lambda tools, _watch: _add_feed(tools, url))
        self.process()

    @Slot()
    def make_due_brief(self) -> None:
        """Make today's brief from what is there if its time has come, or complete it.

        To be asked every minute: then it does not matter what clocks, zones and sleep do.
        """
        self._add_small(self._brief_if_anything_changed)

    def set_mark(self, insight_id: InsightId, *, saved: bool) -> None:
        """Save an insight, or no longer."""
        self._add_small(lambda tools, _watch: tools.library.set_mark(insight_id, saved=saved))

    def add_reading(self, insight_id: InsightId, read_ms: int) -> None:
        """A card was open for so long."""
        self._add_small(lambda tools, _watch: _add_reading(tools, insight_id, read_ms))

    def fetch_audio(self, episode_id: EpisodeId) -> None:
        """Download an episode's audio so that a moment of it can be played."""
        self._add_small(lambda tools, watch: self._begin_fetch(tools, episode_id, watch))

    @Slot()
    def shutdown(self) -> None:
        """Stop within three seconds; what is stored stays. May be called twice."""
        self._closing.set()
        self._stop.set()
        self._tasks.put(None)
        if self._thread.is_alive():
            self._thread.join(SHUTDOWN_S)

    def _add(self, task: Task) -> None:
        if not self._closing.is_set():
            self._tasks.put(task)

    def _add_small(self, task: Task) -> None:
        if not self._closing.is_set():
            self._small.append(task)
            self._tasks.put(_nothing)

    def _run(self) -> None:
        try:
            context = self._open_tools()
            tools = context.__enter__()
        except Exception as error:  # noqa: BLE001  (handed to `start`, which raises it)
            self._opened.put(error)
            return
        self._opened.put(None)
        with contextlib.ExitStack() as stack:
            stack.push(context)
            self._work(tools)
            for fetch in self._fetches:
                fetch.join()

    def _work(self, tools: Tools) -> None:
        while (task := self._tasks.get()) is not None and not self._closing.is_set():
            self._do(task, tools)
            self._do_small(tools)
            if self._tasks.empty():
                self.progressed.emit(None)

    def _do(self, task: Task, tools: Tools) -> None:
        try:
            change = task(tools, Watch(self._told, lambda: self._asked_to_stop(tools)))
        except Cancelled:
            self.changed.emit(Changes())
        except KnownError as error:
            self.failed.emit(str(error))
        except Exception:
            logging.getLogger(__name__).exception("a task broke")
            self.failed.emit("Something in Earmark itself went wrong. Your library is safe.")
            if not self._closing.is_set():
                sys.excepthook(*sys.exc_info())
        else:
            if change:
                self.changed.emit(change)

    def _do_small(self, tools: Tools) -> None:
        while self._small:
            self._do(self._small.popleft(), tools)

    def _asked_to_stop(self, tools: Tools) -> bool:
        """Asked many times a second during long work, outside any transaction.

        Small things are done here, but only on the thread that owns the library.
        """
        if threading.current_thread() is self._thread:
            self._do_small(tools)
        return self._stop.is_set()

    def _brief_if_anything_changed(self, tools: Tools, watch: Watch) -> Changes:
        """A large library is not looked through every minute for nothing."""
        seen = (tools.clock().date(), brief_is_due(tools), tools.library.last_read_ms())
        if seen == self._looked_at:
            return Changes()
        self._looked_at = seen
        return _brief(tools, watch)

    def _begin_fetch(self, tools: Tools, episode_id: EpisodeId, watch: Watch) -> Changes:
        """Fetch audio beside the other work, on a thread of its own; Pause does not stop it, closing does."""
        episode = tools.library.episode(episode_id)
        make_room_for(tools, episode, tools.choices(), watch)

        def fetch() -> None:
            try:
                got = fetch_audio(tools, episode, Watch(self._told, self._closing.is_set))
                self._add_small(lambda tools, _watch: note_audio(tools, episode, got, asked=True))
            except Cancelled:
                return
            except KnownError as error:
                self.failed.emit(str(error))

        self._fetches.append(threading.Thread(target=fetch, name="fetch audio", daemon=True))
        self._fetches[-1].start()
        return Changes()

    def _told(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._told_at >= PROGRESS_EVERY_S:
            self._told_at = now
            self.progressed.emit(progress)


def _nothing(_tools: Tools, _watch: Watch) -> Changes:
    return Changes()


def _refresh(tools: Tools, watch: Watch) -> Changes:
    return refresh(tools, watch).changes


def _process(tools: Tools, watch: Watch) -> Changes:
    return process(tools, watch).changes


def _add_reading(tools: Tools, insight_id: InsightId, read_ms: int) -> Changes:
    tools.library.add_reading(insight_id, read_ms)
    return Changes()


def _brief(tools: Tools, _watch: Watch) -> Changes:
    return make_due_brief(tools)


def _add_feed(tools: Tools, url: str) -> Changes:
    feed = add_feed(tools, url)
    episodes = tools.library.episodes(feed.id)
    return Changes(frozenset({feed.id}), frozenset(episode.id for episode in episodes))
