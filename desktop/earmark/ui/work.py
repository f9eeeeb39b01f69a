"""What the window needs of those who work for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from earmark.records import EpisodeId

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from earmark.jobs import Task
    from earmark.pipeline import Tools, Watch
    from earmark.records import InsightId

AudioPath = Callable[[EpisodeId], Path | None]
"""Where an episode's audio is on this computer, if it is."""


class JobsLike(Protocol):
    """`earmark.jobs.Jobs`, or whoever stands for it in a test.

    Signals: changed(Changes), progressed(Progress | None), failed(str), renewing().
    """

    @property
    def changed(self) -> SignalInstance: ...
    @property
    def progressed(self) -> SignalInstance: ...
    @property
    def failed(self) -> SignalInstance: ...
    @property
    def renewing(self) -> SignalInstance: ...

    def refresh(self) -> None:
        """Ask every feed for news, then work."""

    def process(self) -> None:
        """Go on with the work."""

    def pause(self) -> None:
        """Stop the work at its next stored unit."""

    def add_feed(self, url: str) -> None:
        """Subscribe to a show."""

    def do(self, task: Task) -> None:
        """Do a small thing between two moments of the long work."""

    def run(self, task: Task) -> None:
        """Do a long thing when the long things before it are done."""

    def between(self, task: Task) -> None:
        """Do a small thing while no episode is worked on."""

    def ask(self, question: Callable[[Tools, Watch], Any], answered: Callable[[Any], None]) -> None:
        """Find something out, and give it to `answered` on the window's thread."""

    def beside(
        self,
        work: Callable[[Tools, Watch], Any],
        answered: Callable[[Any], None],
        refused: Callable[[str], None],
    ) -> None:
        """Do a long thing that needs no library beside all else; one of the two gets what came of it."""

    def reopen(self) -> None:
        """Take what was chosen since (models, servers, folder, proxy) into use, and go on with the work."""

    def set_mark(self, insight_id: InsightId, *, saved: bool) -> None:
        """Save an insight, or no longer."""

    def fetch_audio(self, episode_id: EpisodeId) -> None:
        """Download an episode's audio."""

    def shutdown(self) -> None:
        """Stop within three seconds, or once all is stored that the user did."""
