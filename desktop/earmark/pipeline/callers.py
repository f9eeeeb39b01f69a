"""The threads that ask feeds: few, fair to every host, and soon done with those that do not answer."""

import queue
import threading
import time
from collections.abc import Callable, Sequence

from earmark.feeds import AWAY_AFTER
from earmark.net import MAX_PER_HOST, Door, Refused, Turns, origin_of
from earmark.pipeline.feed_reader import FeedReader
from earmark.pipeline.fetching import Came, Question, ask
from earmark.records import Feed

MAX_SOCKETS = 8
ASK_EVERY_S = 0.01
"""At least so long between two questions: servers that answer at once (on this computer or near it) would
keep eight threads busy, and the window waiting for Python's lock (tests/benchmarks/feeds.md)."""
ROUND_S = 600.0
"""Who is not asked by then, or answers no more, is asked in the next round: perhaps the computer slept."""
LET_GO_S = 1.0
TELL_EVERY_S = 0.25
SILENT_TIMES = 2
"""A host that gave no answer so often in a row is left alone for this round, and its other feeds fail too."""


class Callers:
    """Asks feeds on at most 8 threads, at most 2 of a host at once, 10 ms apart; `batch` gives what came.

    `on_answer` is called from any thread, now and then while answers come, and after the last. A host that
    wants to be left in peace is, with all its feeds. When nobody answers at all, the rest is not asked.
    """

    def __init__(
        self,
        door: Door,
        reader: FeedReader,
        questions: Sequence[Question],
        *,
        on_answer: Callable[[], None] = lambda: None,
    ) -> None:
        self._door, self._reader, self._on_answer = door, reader, on_answer
        self._turns = Turns([(host_of(each.feed), each) for each in questions], MAX_PER_HOST)
        self._came: queue.SimpleQueue[Came] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._gate, self._next_s = threading.Lock(), 0.0
        self._silences: dict[str, int] = {}
        self._somebody_spoke = threading.Event()
        self._calling = 0
        self._mistake: Exception | None = None
        self.gave_up = False
        """Whether asking ended because nobody had answered; somebody may still have, who took longer."""
        self.ran_out = False
        """Whether it ended because it had lasted too long, with somebody not asked or not heard."""
        self._told_s = door.monotonic()
        self._end_s = door.monotonic() + ROUND_S
        self._threads = [
            threading.Thread(target=self._call, name="ask for news", daemon=True)
            for _ in range(min(MAX_SOCKETS, len(questions)))
        ]

    def begin(self) -> None:
        """Start to ask."""
        self._calling = len(self._threads)
        for thread in self._threads:
            thread.start()

    @property
    def finished(self) -> bool:
        """Whether everything that will come was taken, and nothing of ours broke."""
        with self._lock:
            return not self._calling and self._came.empty() and self._mistake is None

    def batch(self, wait_s: float) -> list[Came]:
        """All that came by now, after waiting for the first at most so long. Raises what broke a thread."""
        if self._mistake is not None:
            raise self._mistake
        found = []
        try:
            found.append(self._came.get(timeout=wait_s) if wait_s else self._came.get_nowait())
            while True:
                found.append(self._came.get_nowait())
        except queue.Empty:
            return found

    def stop(self) -> None:
        """Ask nobody any more; what is under way is broken off, within a second or soon after."""
        self._stopped.set()
        self._turns.drop()
        until_s = time.monotonic() + LET_GO_S
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, until_s - time.monotonic()))

    def _call(self) -> None:
        try:
            self._ask_in_turn()
        except Exception as error:  # noqa: BLE001  (ours; raised where the answers are taken)
            self._mistake = error
            self._turns.drop()
        finally:
            with self._lock:
                self._calling -= 1
            self._on_answer()

    def _ask_in_turn(self) -> None:
        while (turn := self._next_turn()) is not None:
            host, question = turn
            try:
                spoke = self._somebody_spoke.set
                came = ask(self._door, self._reader, question, self._stopped.is_set, spoke)
                heard = self._heard(host, came)
            finally:
                self._turns.done(host)
            for each in heard:
                self._came.put(each)
            if self._door.monotonic() - self._told_s >= TELL_EVERY_S:
                self._told_s = self._door.monotonic()
                self._on_answer()

    def _next_turn(self) -> tuple[str, Question] | None:
        with self._gate:
            self._stopped.wait(max(0.0, self._next_s - time.monotonic()))
            turn = self._turns.take()
            if turn is not None:
                self._next_s = time.monotonic() + ASK_EVERY_S
            return turn

    def _heard(self, host: str, came: Came) -> list[Came]:
        """What counts now: what came, and for what is not asked because of it, the same reason."""
        if came.answered:
            self._somebody_spoke.set()
        with self._lock:
            self._silences[host] = 0 if came.answered else self._silences.get(host, 0) + 1
            nobody = not self._somebody_spoke.is_set() and len(self._silences) >= AWAY_AFTER
            silent = self._silences.get(host, 0) >= SILENT_TIMES
        if self._door.monotonic() > self._end_s:
            unheard = not came.answered or came.cut
            self.ran_out = bool(self._turns.drop()) or unheard or self.ran_out
            return [] if unheard else [came]
        if nobody:
            self.gave_up = True
            self._turns.drop()
            return [came]
        left_alone = self._turns.drop(host) if silent or came.wants_rest else []
        return [came, *(Came(other, {}, fault=came.fault) for other in left_alone)]


def host_of(feed: Feed) -> str:
    """The host that a feed is asked at; nothing for an address that is none."""
    try:
        return origin_of(feed.url)[0]
    except Refused:
        return ""
