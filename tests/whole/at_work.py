"""The program at work on a profile, as the window has it behind itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from earmark.app import open_tools
from earmark.clock import Clock, system_clock
from earmark.jobs import Jobs
from earmark.paths import Paths


@contextmanager
def working(paths: Paths, clock: Clock = system_clock) -> Iterator[Jobs]:
    """Jobs over a profile, stopped at the end."""
    jobs = Jobs(lambda: open_tools(paths, clock=clock))
    jobs.start()
    try:
        yield jobs
    finally:
        jobs.shutdown()
