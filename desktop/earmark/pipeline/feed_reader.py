"""Reading feed documents: small ones here, large ones in children of their own."""

import base64
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace

from earmark.engines import Engine, EngineDied
from earmark.engines.turn import Turn
from earmark.errors import Cancelled, KnownError
from earmark.feeds import parse, together
from earmark.hiding import shown
from earmark.net import Response
from earmark.records import ParsedEpisode, ParsedFeed
from earmark.records.plain_form import from_plain

LARGE_BYTES = 64 * 1024
"""From here on reading takes so long that the window would feel it (tests/benchmarks/feeds.md)."""
SHARED_BYTES = 2 * 2**20
"""From here on a second child, which takes half a second to begin, is worth it."""
PIECE_BYTES = 2**20
MOST_S = 120.0
UNREADABLE = "The feed at {url} could not be read: it is damaged, or made to do harm."
_LOOK_EVERY_S = 0.1


def _never() -> bool:
    return False


class FeedReader:
    """Turns answers into records, one at a time, whoever asks; the window stays smooth meanwhile.

    The child is started by the first large document and ends with `rest`. A very large one is read by two of
    them, each half of its items, where the computer has more than one core. Their result is not trusted.
    """

    def __init__(self, large_bytes: int = LARGE_BYTES, shared_bytes: int = SHARED_BYTES) -> None:
        self._large_bytes, self._shared_bytes = large_bytes, shared_bytes
        self._turn = Turn()
        self._engines: list[Engine] = []

    def __enter__(self) -> "FeedReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    def read(self, answer: Response, *, cancelled: Callable[[], bool] = _never) -> ParsedFeed:
        """The feed in an answer. Raises KnownError for what is none; Cancelled."""
        if self._turn.is_mine():  # asked from within `cancelled`, while another document is read
            with FeedReader(self._large_bytes, self._shared_bytes) as other:
                return other.read(answer, cancelled=cancelled)
        with self._turn.taken(cancelled):
            content_type = answer.headers.get("content-type")
            if len(answer.body) < self._large_bytes:
                return parse(answer.body, url=answer.url, content_type=content_type)
            try:
                return self._read_in_children(answer, cancelled)
            except (EngineDied, ValueError, KeyError, TypeError) as error:
                self.rest()
                raise KnownError(UNREADABLE.format(url=shown(answer.url)[:200])) from error
            except BaseException:
                self.rest()  # one may hold a piece of a document, which the next one would begin with
                raise

    def rest(self) -> None:
        """End the children, which gives back the memory of a large document. The next one starts another.

        Also while somebody waits for them: then that is cancelled.
        """
        engines, self._engines = self._engines, []
        for engine in engines:
            engine.close()

    def _read_in_children(self, answer: Response, cancelled: Callable[[], bool]) -> ParsedFeed:
        shared = len(answer.body) >= self._shared_bytes and (os.cpu_count() or 1) > 1
        wanted = 2 if shared else 1
        engines = [*self._engines[:wanted], *(Engine("feeds") for _ in range(wanted - len(self._engines)))]
        self._engines = [*engines, *self._engines[wanted:]]  # `rest` may come at any moment
        if not shared:
            return together([_read_part(engines[0], answer, (0, 1), cancelled)])
        return together(_side_by_side(engines, answer, cancelled))


def _side_by_side(
    engines: Sequence[Engine], answer: Response, cancelled: Callable[[], bool]
) -> list[ParsedFeed]:
    """A part from each; the first in this thread, the only one that `cancelled` may be asked from."""
    stopped, of = threading.Event(), len(engines)
    with ThreadPoolExecutor(of - 1, thread_name_prefix="feed part") as others:
        later = [
            others.submit(_read_part, engine, answer, (number, of), stopped.is_set)
            for number, engine in enumerate(engines[1:], 1)
        ]
        try:
            first = _read_part(engines[0], answer, (0, of), cancelled)
            return [first, *(_awaited(each, cancelled) for each in later)]
        finally:
            stopped.set()


def _awaited(part: "Future[ParsedFeed]", cancelled: Callable[[], bool]) -> ParsedFeed:
    while not wait([part], timeout=_LOOK_EVERY_S).done:
        if cancelled():
            raise Cancelled
    return part.result()


def _read_part(
    engine: Engine, answer: Response, part: tuple[int, int], cancelled: Callable[[], bool]
) -> ParsedFeed:
    episodes: list[ParsedEpisode] = []
    body = memoryview(answer.body)
    for first in range(0, len(body), PIECE_BYTES):
        piece = base64.b64encode(body[first : first + PIECE_BYTES]).decode("ascii")
        engine.request({"do": "take", "piece": piece}, cancelled=cancelled)
    about = {"url": answer.url, "content_type": answer.headers.get("content-type"), "bytes": len(body)}
    done = engine.request(
        {"do": "read", "part": part, **about},
        on_event=lambda event: episodes.extend(from_plain(ParsedEpisode, row) for row in event["rows"]),
        cancelled=cancelled,
        stalled_for_s=MOST_S,
    )
    return replace(from_plain(ParsedFeed, done["feed"]), episodes=tuple(episodes))
