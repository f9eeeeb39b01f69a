"""The log file: what went wrong, for the user to read or to send; never addresses or what was said."""

import logging
import re
import sqlite3
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from earmark.hiding import host_of

MAX_BYTES = 1_000_000
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s<>\"'\\^`{|}]+", re.I)
_OURS = Path(__file__).parent


def write_log(file: Path) -> None:
    """Send the program's own log lines to `file` (and two older ones), once per process."""
    logger = logging.getLogger("earmark")
    if any(isinstance(handler, RotatingFileHandler) for handler in logger.handlers):
        return
    handler = RotatingFileHandler(file, maxBytes=MAX_BYTES, backupCount=2, encoding="utf-8", delay=True)
    handler.setFormatter(Private("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


class Private(logging.Formatter):
    """Lines in which addresses are hosts, and mistakes of ours are told without what they were made over."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the lines of a mistake below it."""
        return hosts_alone(super().format(record))

    def formatException(  # noqa: N802  (logging's name)
        self, ei: Any
    ) -> str:
        """A mistake of ours, from its first call to its last."""
        return told_without_words(ei[1])


def hosts_alone(text: str) -> str:
    """A text with nothing but the hosts of the addresses in it.

    >>> hosts_alone("no answer from https://ann:pw@example.org/feed?token=abc")
    'no answer from example.org'
    """
    return _ADDRESS.sub(lambda found: host_of(found[0]) or "an address", text)


def told_without_words(error: BaseException) -> str:
    """Where a mistake was made and of which kind it is. What it says of itself may be what somebody said."""
    parts: list[str] = []
    at: BaseException | None = error
    while at is not None and len(parts) < 5:
        frames = "".join(
            f"  {_place(frame.filename)}:{frame.lineno} in {frame.name}\n"
            for frame in traceback.extract_tb(at.__traceback__)
        )
        parts.append(f"Traceback (most recent call last):\n{frames}{_kind(at)}")
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "\nBecause of this:\n".join(parts)


def break_privately() -> None:
    """Let this process tell of its mistakes on stderr in the same way, for that is what is sent to others."""

    def tell(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        sys.stderr.write(f"{told_without_words(error)}\nThis is a mistake in Earmark itself.\n")

    def tell_of_thread(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
            tell(told.exc_type, told.exc_value, told.exc_traceback)

    sys.excepthook, threading.excepthook = tell, tell_of_thread


def _place(file: str) -> str:
    path = Path(file)
    inside = path.is_relative_to(_OURS.parent)
    return path.relative_to(_OURS.parent).as_posix() if inside else "/".join(path.parts[-2:])


def _kind(error: BaseException) -> str:
    name = type(error).__qualname__
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}"
    if isinstance(error, sqlite3.Error):
        return f"{name}: {getattr(error, 'sqlite_errorname', 'SQLite')}"
    return name
