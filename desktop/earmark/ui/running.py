"""Notices from what is told of the work that another episode, or another step of it, is worked on."""

import time

from PySide6.QtCore import QObject, Signal

from earmark.records import Progress
from earmark.ui.desk import Desk

LOOK_EVERY_S = 10.0


class Running(QObject):
    """Long work tells how far it is many times a second, and what it changed only at its end.

    Signals: turned(): it is time to ask the library again for what is shown.
    """

    turned = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._seen: tuple[object, ...] = ()
        self._looked_s = 0.0
        desk.progressed.connect(self._look)

    def _look(self, progress: Progress | None) -> None:
        if progress is None or not progress.order:
            return
        seen, now_s = (progress.order[0], progress.doing, bool(progress.waiting)), time.monotonic()
        if seen != self._seen or now_s - self._looked_s >= LOOK_EVERY_S:
            self._seen, self._looked_s = seen, now_s
            self.turned.emit()


def is_about(progress: Progress | None, episode_id: int) -> bool:
    """Whether this is told of the work on an episode."""
    return progress is not None and progress.order[:1] == (episode_id,)
