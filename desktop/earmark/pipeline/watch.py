"""Who looks on while something is done."""

from collections.abc import Callable
from dataclasses import dataclass

from earmark.errors import Cancelled
from earmark.records import Progress


def _silent(_progress: Progress) -> None:
    return None


def _never() -> bool:
    return False


def _unheard(_warning: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on: is told of progress and of what will be missing, and may ask to stop."""

    on_progress: Callable[[Progress], None] = _silent
    cancelled: Callable[[], bool] = _never
    on_warning: Callable[[str], None] = _unheard

    def stop_if_asked(self) -> None:
        """Raise Cancelled when the user wants to stop."""
        if self.cancelled():
            raise Cancelled
