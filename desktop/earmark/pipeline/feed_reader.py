"""Reading feed documents: small ones here, large ones in a child of their own."""

import base64
from collections.abc import Callable
from dataclasses import replace

from earmark.engines import Engine, EngineDied
from earmark.engines.turn import Turn
from earmark.errors import Cancelled, KnownError
from earmark.feeds import parse
from earmark.hiding import shown
from earmark.net import Response
from earmark.records import ParsedEpisode, ParsedFeed
from earmark.records.plain_form import from_plain

LARGE_BYTES = 64 * 1024
"""From here on reading takes so long that the window would feel it (tests/benchmarks/feeds.md)."""
PART_BYTES = 2**20
MOST_S = 120.0
UNREADABLE = "The feed at {url} could not be read: it is damaged, or made to do harm."


def _never() -> bool:
    return False


class FeedReader:
    """Turns answers into records, one at a time, whoever asks; the window stays smooth meanwhile.

    The child is started by the first large document and ends with `rest`. Its result is not trusted.
    """

    def __init__(self, large_bytes: int = LARGE_BYTES) -> None:
        self._large_bytes = large_bytes
        self._turn = Turn()
        self._engine: Engine | None = None

    def __enter__(self) -> "FeedReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    def read(self, answer: Response, *, cancelled: Callable[[], bool] = _never) -> ParsedFeed:
        """The feed in an answer. Raises KnownError for what is none; Cancelled."""
        if self._turn.is_mine():  # asked from within `cancelled`, while another document is read
            with FeedReader(self._large_bytes) as other:
                return other.read(answer, cancelled=cancelled)
        with self._turn.taken(cancelled):
            content_type = answer.headers.get("content-type")
            if len(answer.body) < self._large_bytes:
                return parse(answer.body, url=answer.url, content_type=content_type)
            try:
                return self._read_in_child(answer, content_type, cancelled)
            except Cancelled:
                self._end_child()  # it may hold a part of a document
                raise
            except (EngineDied, ValueError, KeyError, TypeError) as error:
                self._end_child()
                raise KnownError(UNREADABLE.format(url=shown(answer.url)[:200])) from error

    def rest(self) -> None:
        """End the child, which gives back the memory of a large document. The next one starts another."""
        self._end_child()  # also while somebody waits for it: then that is cancelled

    def _read_in_child(
        self, answer: Response, content_type: str | None, cancelled: Callable[[], bool]
    ) -> ParsedFeed:
        engine = self._engine = self._engine or Engine("feeds")
        episodes: list[ParsedEpisode] = []
        for first in range(0, len(answer.body), PART_BYTES):
            part = base64.b64encode(answer.body[first : first + PART_BYTES]).decode("ascii")
            engine.request({"do": "take", "part": part}, cancelled=cancelled)
        job = {"do": "read", "url": answer.url, "content_type": content_type}
        done = engine.request(
            job,
            on_event=lambda event: episodes.extend(from_plain(ParsedEpisode, row) for row in event["rows"]),
            cancelled=cancelled,
            stalled_for_s=MOST_S,
        )
        return replace(from_plain(ParsedFeed, done["feed"]), episodes=tuple(episodes))

    def _end_child(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()
