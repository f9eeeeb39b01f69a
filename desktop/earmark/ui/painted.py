"""What can wait until the window is on screen."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

AT_LATEST_MS = 2000
"""A window that is opened out of sight is never painted."""


class _Painted(QObject):
    def __init__(self, window: QWidget, then: Callable[[], object]) -> None:
        super().__init__(window)
        self._then: Callable[[], object] | None = then
        window.installEventFilter(self)
        QTimer.singleShot(AT_LATEST_MS, self, self._go_on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """What is painted is on screen when the event loop comes back to its timers."""
        if event.type() == QEvent.Type.Paint and self._then is not None:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._go_on)
        return False

    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()


def when_painted(window: QWidget, then: Callable[[], object]) -> None:
    """Do something once the window was painted for the first time; to be called before it is shown."""
    _Painted(window, then)
