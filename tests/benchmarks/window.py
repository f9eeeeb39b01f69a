"""The window over a heavy user's library: 400 shows, 200,000 episodes, 100,000 insights.

    uv run python tests/benchmarks/window.py FOLDER [start] [places] [busy]

Makes the library in FOLDER (a data folder for earmark --data-dir) unless it is there. Printed, each from a
process of its own: `start`: how long from the start of the program to a painted brief, five times; `places`:
how long opening each place takes until it is painted, the first time and ten times more, and until it is
filled where its page is shown before the library has answered, and the memory of the process afterwards;
`busy`: the largest gap in the window's event loop while a thousand feeds are asked and episodes are listened
to and read, and that of an idle program beside it. In brackets stands the processor time of the window's
thread alone. With EARMARK_FIRST=1 the measured process comes before all others of a busy computer (`chrt`),
and so does the idle program beside it; its children do not. The window stands under Xvfb where
QT_QPA_PLATFORM=xcb is set, else nowhere.
"""

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("DISPLAY", ":0")  # a window that stands nowhere asks for none, the program does
HERE = Path(__file__).parent
sys.path[:0] = [
    str(HERE),
    str(HERE.parent / "tools"),
    str(HERE.parent / "ui"),
    str(HERE.parents[1] / "desktop"),
]
BEGAN = "EARMARK_BENCHMARK_BEGAN"
STARTS, OPENINGS, FEEDS = 5, 11, 1000
BUSY_S = 200
"""So long at most: on a slow computer the episodes are not through by then."""
TOO_LONG_MS = 2000
"""What takes so long is opened once: its figure is bad enough."""


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Print the figures, or one of them in a process of its own."""
    if sys.argv[1].startswith("--"):
        {"--start": start, "--places": places, "--busy": busy}[sys.argv[1]](Path(sys.argv[2]))
        return
    folder, wanted = Path(sys.argv[1]), sys.argv[2:] or ["start", "places", "busy"]
    make(folder)
    before = ", before all other programs" if os.environ.get("EARMARK_FIRST") else ""
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {os.environ['QT_QPA_PLATFORM']}{before}")
    if "start" in wanted:
        runs = [child("--start", folder).split() for _ in range(STARTS)]
        took, worked = ([float(run[n]) for run in runs] for n in (0, 1))
        say(
            f"start to painted brief: {statistics.median(took):.2f} s (longest {max(took):.2f});"
            f" processor {statistics.median(worked):.2f} s"
        )
    if "places" in wanted:
        say(child("--places", folder))
    if "busy" in wanted:
        say(child("--busy", folder))


def child(mode: str, folder: Path) -> str:
    """One measurement in a process of its own; what it printed."""
    environment = {**os.environ, BEGAN: repr(time.time())}
    first = ["chrt", "-f", "10"] if os.environ.get("EARMARK_FIRST") else []
    command = [*first, sys.executable, __file__, mode, str(folder)]
    return subprocess.run(
        command, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()


def make(folder: Path) -> None:
    """Make the library, once."""
    from large_window_library import fill_large

    from earmark.clock import system_clock, to_ms
    from earmark.library import open_library
    from earmark.paths import Paths

    paths = Paths(folder)
    if paths.library.exists():
        return
    paths.create()
    began, now = time.monotonic(), system_clock()
    with open_library(paths) as library:
        fill_large(library, now.date(), to_ms(now))
    say(f"made in {time.monotonic() - began:.0f} s, {paths.library.stat().st_size / 1e6:.0f} MB")


class ThatDay:
    """The clock of the day on which the library was made, from noon on."""

    def __init__(self, folder: Path) -> None:
        from earmark.library import open_reader
        from earmark.paths import Paths

        with open_reader(Paths(folder)) as reader:
            day = date.fromisoformat(max(reader.brief_dates()))
        self._began, self._noon = time.monotonic(), datetime.combine(day, time_of_day(12)).astimezone()

    def __call__(self) -> datetime:
        from datetime import timedelta

        return self._noon + timedelta(seconds=time.monotonic() - self._began)


def start(folder: Path) -> None:
    """Open the window as `earmark` with no verb does, and say when the brief was painted."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    import earmark.window
    from earmark.cli import main as command_line
    from earmark.paths import Paths

    open_window = earmark.window.open_window

    def on_that_day(paths: Paths, what: str) -> int:
        return open_window(paths, what, first_refresh=False, clock=ThatDay(folder))

    def painted(window: Any, _then: object) -> None:
        shown = window.show

        def show() -> None:
            shown()
            QApplication.processEvents()
            say(f"{time.time() - float(os.environ[BEGAN]):.3f} {time.process_time():.3f}")
            window.close()
            QTimer.singleShot(0, QApplication.quit)

        window.show = show

    earmark.window.open_window = on_that_day
    import earmark.ui.painted

    earmark.ui.painted.when_painted = painted
    command_line(["--data-dir", str(folder)], prog_name="earmark")


def opened(folder: Path) -> tuple[Any, Any, Any]:
    """The application, the jobs and the window, as the program puts them together."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    from earmark.app import open_tools
    from earmark.jobs import Jobs
    from earmark.library import open_reader
    from earmark.paths import Paths
    from earmark.settings import Choices
    from earmark.ui.main_window import MainWindow
    from earmark.window import be_modest, keep_smooth

    be_modest()
    application = QApplication.instance() or QApplication(sys.argv[:1])
    keep_smooth(application)
    paths, clock = Paths(folder), ThatDay(folder)
    jobs = Jobs(lambda: open_tools(paths, clock=clock))
    jobs.start()
    window = MainWindow(
        open_reader(paths), jobs, clock=clock, choices=Choices(paths), audio_path=lambda _id: None
    )
    window.show()
    application.processEvents()
    window.pages.load_soon(gc.freeze)
    while "earmark.ui.about" not in sys.modules:
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    application.processEvents()
    return application, jobs, window


class Questions:
    """How many questions of the window are not answered yet: those of a place that is filled later."""

    def __init__(self, window: Any, jobs: Any) -> None:
        self.open = self.asked = 0
        self.answered_s = 0.0
        window.desk.asides.find = self._counted(window.desk.asides.find, 2)
        jobs.ask, jobs.beside = self._counted(jobs.ask, 1), self._counted(jobs.beside, 1)

    def _counted(self, ask: Any, place: int) -> Any:
        def counted(*arguments: Any) -> None:
            self.open += 1
            self.asked += 1
            answered = arguments[place]

            def told(answer: Any) -> None:
                self.open -= 1
                answered(answer)
                self.answered_s = self.answered_s or time.perf_counter()

            ask(*arguments[:place], told, *arguments[place + 1 :])

        return counted


def places(folder: Path) -> None:
    """Open every place again and again."""
    import psutil
    from every_room import addresses

    from earmark.ui.weeks import week_of

    application, jobs, window = opened(folder)
    reader = window.desk.reader
    known = addresses(window)
    known += [f"topic/{reader.topics()[0].id}", "search/winter heat", "search/churn", "days", "review"]
    known += [f"review/{week_of(min(reader.brief_dates()))}", f"days/{min(reader.brief_dates())[:7]}"]
    questions = Questions(window, jobs)
    worst = 0.0
    for address in known:
        took: list[float] = []
        worked: list[float] = []
        while len(took) < OPENINGS and (not took or took[0] < TOO_LONG_MS):
            window.go("About" if address == "Today" else "Today")
            settle(application, questions)
            questions.answered_s = 0.0
            asked, began, thread_s = questions.asked, time.perf_counter(), time.thread_time()
            window.go(address)
            application.processEvents()
            took.append(1000 * (time.perf_counter() - began))
            worked.append(1000 * (time.thread_time() - thread_s))
            if len(took) == 1:
                settle(application, questions)
                filled = 1000 * (time.perf_counter() - began) if questions.asked > asked else None
                answered = 1000 * (questions.answered_s - began)
        worst = max(worst, *took)
        later = f", answered after {answered:.0f}, all of it after {filled:.0f}" if filled else ""
        again, processor = took[1:] or took, statistics.median(worked)
        say(
            f"{address:20} first {took[0]:4.0f} ms [{worked[0]:.0f}]{later}; then"
            f" {statistics.median(again):4.0f} (longest {max(again):.0f}) [{processor:.0f}]"
        )
    say(f"longest of all {worst:.0f} ms; load {os.getloadavg()[0]:.1f}")
    memory = psutil.Process().memory_info()
    say(
        f"memory of the process {memory.rss / 1e6:.0f} MB, of it shared with others {memory.shared / 1e6:.0f}"
    )
    window.close()
    jobs.shutdown()


def settle(application: Any, questions: Questions) -> None:
    """Until every question is answered, ten seconds at most, and what came of it is painted."""
    from PySide6.QtCore import QEvent, QEventLoop

    until = time.monotonic() + 10
    while questions.open and time.monotonic() < until:
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
    questions.open = 0
    application.processEvents()
    # A page that was left goes when the event loop comes around, which `processEvents` does not.
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Behind(subprocess.Popen[Any]):
    """A child of a process that comes before all others, which does not: the idle program alone does."""

    def __init__(self, command: Any, *arguments: Any, **named: Any) -> None:
        last = [] if command[1:2] == ["-c"] else ["chrt", "-o", "0"]
        super().__init__([*last, *command], *arguments, **named)


def busy(folder: Path) -> None:
    """Ask a thousand feeds and work through sample episodes, and feel the event loop."""
    import psutil
    from feed_farm import HOSTS, farm, felt
    from PySide6.QtCore import QTimer

    import earmark.jobs
    from earmark.clock import system_clock
    from earmark.demo import DemoServer
    from earmark.engines import sample_speech_model
    from earmark.library import open_library
    from earmark.paths import Paths
    from earmark.records import ParsedFeed
    from earmark.settings import change_settings

    if os.environ.get("EARMARK_FIRST"):
        subprocess.Popen = Behind  # type: ignore[misc]
    earmark.jobs.ROUND_EVERY_S = 0.0
    paths = Paths(folder)
    with tempfile.TemporaryDirectory() as name, farm(Path(name)) as port, DemoServer(system_clock()) as demo:
        sample = sample_speech_model(paths)
        from dataclasses import replace

        change_settings(paths, lambda now: replace(now, speech_model=sample))
        with open_library(paths) as library:
            urls = [f"http://127.0.0.{n % HOSTS + 1}:{port}/{n}" for n in range(FEEDS)] + demo.feed_urls
            with library._transaction() as db:
                db.execute("UPDATE schedules SET next_ms = NULL")
                db.execute("UPDATE jobs SET state = 'done' WHERE state = 'waiting'")  # nobody has their words
            for number, url in enumerate(urls):
                library.add_feed(url, ParsedFeed(f"Farm {number}", None, "", None, ()), near=True)
        application, jobs, window = opened(folder)
        alone = felt(application, "no work", 1, None)
        say(f"window alone: largest gap {alone.gap_ms:.0f} ms (idle program {alone.idler_gap_ms:.0f})")
        jobs.process()
        QTimer.singleShot(BUSY_S * 1000, lambda: jobs.progressed.emit(None))
        cost = felt(application, "busy", FEEDS, jobs)
        say(
            f"{FEEDS} feeds and processing, {cost.wall_s:.0f} s: largest gap {cost.gap_ms:.0f} ms"
            f" (idle program {cost.idler_gap_ms:.0f}); most memory {cost.peak_mb:.0f} MB,"
            f" now {psutil.Process().memory_info().rss / 1e6:.0f} MB"
        )
        window.close()
        jobs.shutdown()


if __name__ == "__main__":
    main()
