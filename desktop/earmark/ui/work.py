"""What the window needs of those who work for it."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import SignalInstance

from earmark.records import EpisodeId, InsightId

AudioPath = Callable[[EpisodeId], Path | None]
"""Where an episode's audio is on this computer, if it is."""


class JobsLike(Protocol):
    """`earmark.jobs.Jobs`, or whoever stands for it in a test.

    Signals: changed(Changes), progressed(Progress | None), failed(str).
    """

    @property
    def changed(self) -> SignalInstance: ...
    @property
    def progressed(self) -> SignalInstance: ...
    @property
    def failed(self) -> SignalInstance: ...

    def refresh(self) -> None:
        """Ask every feed for news, then work."""

    def process(self) -> None:
        """Go on with the work."""

    def pause(self) -> None:
        """Stop the work at its next stored unit."""

    def add_feed(self, url: str) -> None:
        """Subscribe to a show."""

    def set_mark(self, insight_id: InsightId, *, saved: bool) -> None:
        """Save an insight, or no longer."""

    def fetch_audio(self, episode_id: EpisodeId) -> None:
        """Download an episode's audio."""

    def shutdown(self) -> None:
        """Stop within three seconds."""
