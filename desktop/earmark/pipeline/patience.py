"""When work has to wait, and the waiting itself: on battery or while somebody is there, if asked."""

import threading
import time
from collections.abc import Callable

from earmark.pipeline.surroundings import Look, Surroundings
from earmark.pipeline.watch import Watch
from earmark.records import Progress
from earmark.settings import Settings

ACTIVE_FOR_S = 120.0
"""Somebody who did nothing for so long is taken to have left."""
LOOK_EVERY_S = 2.0
HEED_EVERY_S = 0.1

ON_BATTERY = "the computer runs on battery"
IN_USE = "somebody is using the computer"


def why_wait(settings: Settings, around: Surroundings) -> str | None:
    """The reason why work has to wait, in the user's words, or None. What is not known is no reason.

    >>> why_wait(Settings(pause_on_battery=True), Surroundings(on_battery=True))
    'the computer runs on battery'
    >>> why_wait(Settings(pause_when_active=True), Surroundings(idle_s=None)) is None
    True
    """
    if settings.pause_on_battery and around.on_battery:
        return ON_BATTERY
    if settings.pause_when_active and around.idle_s is not None and around.idle_s < ACTIVE_FOR_S:
        return IN_USE
    return None


class Patience:
    """Waits where work has to. `settings` are asked anew each time, so that a change of mind counts at once.

    `wait_s(seconds)` waits; a test has it go on at once.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        look: Look,
        *,
        wait_s: Callable[[float], object] | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._look = look
        self._wait_s = wait_s or threading.Event().wait
        self._now_s = now_s
        self._looked_at = float("-inf")
        self._reason: str | None = None

    def reason(self) -> str | None:
        """Why work has to wait now; the system is asked every two seconds at most, and only if it matters."""
        settings = self._settings()
        if not (settings.pause_on_battery or settings.pause_when_active):
            return None
        if self._now_s() - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = self._now_s()
            self._reason = why_wait(settings, self._look())
        return self._reason

    def wait(self, watch: Watch, subject: str, note: Callable[[str | None], object]) -> None:
        """Come back when work may go on; `note` is told of the reason, and of None at its end.

        Raises Cancelled as soon as the user wants to stop.
        """
        told: str | None = None
        while (reason := self.reason()) is not None:
            if reason != told:
                told = reason
                note(reason)
            watch.on_progress(Progress("Waiting", subject, waiting=reason))
            watch.stop_if_asked()
            self._wait_s(HEED_EVERY_S)
        if told is not None:
            note(None)
