"""Whose turn it is with a child process, which does one thing at a time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from earmark.errors import Cancelled

_LOOK_EVERY_S = 0.1


class Turn:
    """One thread's at a time; the others wait.

    Who follows a long request is asked again and again whether to stop, and does small things meanwhile. One
    of these may need a child itself, and would wait for its own thread for ever: `is_mine` tells it to take
    another child.
    """

    def __init__(self) -> None:
        self._free = threading.Lock()
        self._holder: int | None = None

    def is_mine(self) -> bool:
        """Whether this very thread holds it."""
        return self._holder == threading.get_ident()

    @contextmanager
    def taken(self, cancelled: Callable[[], bool]) -> Iterator[None]:
        """Hold it once it is free. Raises Cancelled when that is asked for while others hold it."""
        while not self._free.acquire(timeout=_LOOK_EVERY_S):
            if cancelled():
                raise Cancelled
        self._holder = threading.get_ident()
        try:
            yield
        finally:
            self._holder = None
            self._free.release()
