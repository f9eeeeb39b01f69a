"""Progress on a terminal, and Ctrl-C as a request to stop."""

import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from earmark.cli.text import progress_line
from earmark.pipeline import Watch
from earmark.records import Progress


@contextmanager
def watching() -> Iterator[Watch]:
    """A Watch that prints on stderr and stops at the first Ctrl-C; the second one ends at once.

    On a terminal one line is rewritten; elsewhere each new subject gets a line.
    """
    stop = threading.Event()
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def asked(number: int, _frame: FrameType | None) -> None:
        stop.set()
        click.echo("\nStopping; what is done is kept ...", err=True)
        signal.signal(number, previous[signal.Signals(number)])

    for number in previous:
        signal.signal(number, asked)
    lines = _Lines(live=sys.stderr.isatty())
    try:
        yield Watch(lines.show, stop.is_set, lines.warn)
    finally:
        lines.end()
        for number, handler in previous.items():
            signal.signal(number, handler)


class _Lines:
    """Prints progress without flooding a log file."""

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._last = ""

    def warn(self, warning: str) -> None:
        """Say what will be missing, on a line that stays."""
        self.end()
        click.echo(warning, err=True)

    def show(self, progress: Progress) -> None:
        """Show where the work is."""
        if self._live:
            width = shutil.get_terminal_size((80, 24)).columns - 1
            line = progress_line(progress)[:width]
            click.echo("\r" + line.ljust(width), err=True, nl=False)
            self._last = line
            return
        subject = f"{progress.doing} {progress.subject}"
        if subject != self._last:
            click.echo(progress_line(progress), err=True)
            self._last = subject

    def end(self) -> None:
        """Leave the terminal on a fresh line."""
        if self._live and self._last:
            click.echo("", err=True)
            self._last = ""
