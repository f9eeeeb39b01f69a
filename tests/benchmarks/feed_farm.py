"""What a thousand feeds cost: first refresh, all unchanged, all changed, and one feed of 10,000 episodes.

    uv run python tests/benchmarks/feed_farm.py [FEEDS]

A farm in a process of its own serves FEEDS (1000) on twenty addresses of loopback. The real window asks them
through its jobs thread, under a clock that is moved on between the rounds. Told of each round: wall time,
processor time of the program and its children for each feed, the most memory, and the largest gap between two
ticks of a timer of 10 ms in the window's own event loop, and that of an idle program beside it, which is the
computer's own. In the same run feedparser alone and podcastparser (through `uv run --with podcastparser`)
read the same bodies. Says how busy the computer was. Linux, for it needs 127.0.0.1 to 127.0.0.20.
"""

import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "desktop")]
HOSTS = 20
EPISODES = 100
LONG_EVERY, LONG_EPISODES = 20, 500
TICK_MS = 10
ALONE_S = 10
LARGE = 10_000
NOTES = (
    "In this episode we talk about shops, bread and the price of both. &lt;p&gt;With a guest who has baked "
    'for thirty years.&lt;/p&gt; &lt;a href="https://shop.example/notes/{n}"&gt;Notes&lt;/a&gt; '
)
PARSERS = {
    "feedparser alone": ("feedparser", "feedparser.parse(io.BytesIO(body))"),
    "podcastparser": ("podcastparser", "podcastparser.parse('https://a.example/', io.BytesIO(body))"),
}
READ_ALL = """
import io, pathlib, sys, time, warnings
import {module}
warnings.simplefilter("ignore")
bodies = [path.read_bytes() for path in sorted(pathlib.Path(sys.argv[1]).iterdir())]
began = time.process_time()
for body in bodies:
    {call}
print(time.process_time() - began)
"""


def feed(number: int, more: int, count: int | None = None) -> bytes:
    """The document of a feed that brought so many more episodes since it began."""
    usual = LONG_EPISODES if number % LONG_EVERY == 0 else EPISODES
    last = (count or usual) + more
    items = (
        f"<item><title>Show {number}, episode {n}</title><guid>{number}-{n}</guid>"
        f"<link>https://shop.example/{number}/{n}</link>"
        f"<pubDate>{(datetime(2026, 11, 20) - timedelta(days=last - n)):%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        f'<enclosure url="https://shop.example/{number}/{n}.mp3" type="audio/mpeg" length="50000000"/>'
        f"<itunes:duration>3{n % 1000:03}</itunes:duration><itunes:author>The bakers</itunes:author>"
        f"<description>{NOTES.format(n=n) * 4}</description></item>"
        for n in range(last, 0, -1)
    )
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
        f"<title>Show {number}</title><link>https://shop.example/{number}</link><language>en</language>"
    )
    return f"{head}{''.join(items)}</channel></rss>".encode()


class Farm:
    """Serves feeds by number. `/more` lets every feed bring one more episode; it answers how often it was
    asked since, and how often the answer was 304."""

    def __init__(self) -> None:
        self._more, self._asked, self._unchanged = 0, 0, 0
        self._ready: dict[int, bytes] = {}

    async def serve(self, port_file: Path) -> None:
        """Until it is killed."""
        first = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        port = first.sockets[0].getsockname()[1]
        for number in range(1, HOSTS):
            await asyncio.start_server(self._talk, f"127.0.0.{number + 1}", port)
        part = port_file.with_suffix(".part")
        part.write_text(str(port))
        part.replace(port_file)
        await asyncio.Event().wait()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ")[1]
        writer.write(self._answer(path, head))
        await writer.drain()
        writer.close()

    def _answer(self, path: str, head: str) -> bytes:
        if path in ("/more", "/count"):
            told = json.dumps([self._asked, self._unchanged]).encode()
            self._more += path == "/more"
            self._asked = self._unchanged = 0
            self._ready = {} if path == "/more" else self._ready
            return _reply("200 OK", told)
        self._asked += 1
        number = int(path.removeprefix("/").partition("/")[0])
        if path.endswith("/large"):
            return _reply("200 OK", self._body(-1, lambda: feed(7, 0, LARGE)))
        etag = f'"{number}-{self._more}"'
        if f"if-none-match: {etag}" in head.lower():
            self._unchanged += 1
            return _reply("304 Not Modified", None, f"ETag: {etag}")
        return _reply("200 OK", self._body(number, lambda: feed(number, self._more)), f"ETag: {etag}")

    def _body(self, number: int, make: Callable[[], bytes]) -> bytes:
        if number not in self._ready:
            self._ready[number] = make()
        return self._ready[number]


def _reply(status: str, body: bytes | None, *lines: str) -> bytes:
    length = [f"Content-Length: {len(body)}", "Content-Type: application/rss+xml"] if body is not None else []
    head = "\r\n".join((f"HTTP/1.1 {status}", "Connection: close", *lines, *length, "", ""))
    return head.encode() + (body or b"")


@contextmanager
def farm(folder: Path) -> Iterator[int]:
    """A farm in a process of its own; its port."""
    port_file = folder / "port"
    process = subprocess.Popen([sys.executable, __file__, "--serve", str(port_file)])
    while not port_file.exists():
        time.sleep(0.05)
    try:
        yield int(port_file.read_text())
    finally:
        process.kill()
        process.wait()


@dataclass
class Cost:
    """What one round took."""

    name: str
    wall_s: float
    own_s: float
    children_s: float
    gap_ms: float
    idler_gap_ms: float
    feeds: int
    peak_mb: float
    child_peak_mb: float

    def __str__(self) -> str:
        each = (self.own_s + self.children_s) * 1000 / self.feeds
        return (
            f"{self.name:16} wall {self.wall_s:6.1f} s; processor {each:6.2f} ms a feed (program "
            f"{self.own_s:.1f} s, its children {self.children_s:.1f} s); largest gap {self.gap_ms:5.1f} ms "
            f"(of an idle program {self.idler_gap_ms:.1f}); "
            f"most memory {self.peak_mb:.0f} MB, of a child {self.child_peak_mb:.0f} MB"
        )


class Idler:
    """Another program, which does nothing but wake every 10 ms: what it feels is not our doing."""

    CODE = (
        "import sys, threading, time\n"
        "stop = threading.Event()\n"
        "threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()\n"
        "most, last = 0.0, time.monotonic()\n"
        "while not stop.is_set():\n"
        "    time.sleep(0.01)\n"
        "    now = time.monotonic()\n"
        "    most, last = max(most, now - last), now\n"
        "print(most * 1000)\n"
    )

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", self.CODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def gap_ms(self) -> float:
        """The largest gap between two wakings; ends it."""
        return float(self._process.communicate()[0])


class Later:
    """The system's clock, and some hours."""

    hours = 0.0

    def __call__(self) -> datetime:
        from earmark.clock import system_clock

        return system_clock() + timedelta(hours=self.hours)


def main() -> None:
    """Serve, or print the table."""
    if sys.argv[1:2] == ["--serve"]:
        asyncio.run(Farm().serve(Path(sys.argv[2])))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    say(f"load before: {', '.join(f'{load:.1f}' for load in os.getloadavg())}; {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with farm(folder) as port:
            rounds(folder / "profile", port, count)
            large(folder / "large", port)
        others(folder / "bodies", count)
    say(f"load after: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def rounds(profile: Path, port: int, count: int) -> None:
    """The three rounds of the window."""
    from PySide6.QtWidgets import QApplication

    import earmark.jobs
    from earmark.app import open_tools
    from earmark.jobs import Jobs
    from earmark.library import open_library, open_reader
    from earmark.paths import Paths
    from earmark.records import ParsedFeed
    from earmark.settings import Choices
    from earmark.ui.main_window import MainWindow
    from earmark.window import be_modest, keep_smooth

    be_modest()
    earmark.jobs.ROUND_EVERY_S = 0.0
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    keep_smooth(application)  # as open_window does
    paths, clock = Paths(profile), Later()
    with open_library(paths) as library:
        for number in range(count):
            url = f"http://127.0.0.{number % HOSTS + 1}:{port}/{number}"
            library.add_feed(url, ParsedFeed(f"Show {number}", None, "", None, ()), near=True)
    jobs = Jobs(lambda: open_tools(paths, clock=clock))
    jobs.start()
    jobs.pause()
    with open_reader(paths) as reader:
        window = MainWindow(reader, jobs, clock=clock, choices=Choices(paths), audio_path=lambda _id: None)
        window.show()
        alone = felt(application, "no work", 1, None)
        say(
            f"{'window alone':16} largest gap {alone.gap_ms:5.1f} ms in {ALONE_S} s "
            f"(of an idle program {alone.idler_gap_ms:.1f})"
        )
        for round_name in ("first", "all unchanged", "all changed"):
            if round_name == "all changed":
                ask(port, "/more")
            ask(port, "/count")
            cost = felt(application, round_name, count, jobs)
            asked, unchanged = ask(port, "/count")
            say(f"{cost}; asked {asked}, 304 {unchanged}, episodes {reader.library_counts()['episodes']}")
            clock.hours += 30
        window.close()
        jobs.shutdown()
        application.processEvents()
        window.deleteLater()


def felt(application: Any, name: str, count: int, jobs: Any) -> Cost:
    """One round, from the moment that it is asked for until nothing is done any more."""
    from PySide6.QtCore import QElapsedTimer, QEventLoop, Qt, QTimer

    from earmark.engines import peak_bytes

    gaps: list[float] = []
    clock, loop, ticks = QElapsedTimer(), QEventLoop(), QTimer()
    ticks.setTimerType(Qt.TimerType.PreciseTimer)
    ticks.timeout.connect(lambda: gaps.append(clock.nsecsElapsed() / 1e6) or clock.restart())

    def quit_at_end(progress: object) -> None:
        if progress is None:
            loop.quit()

    if jobs is None:
        QTimer.singleShot(ALONE_S * 1000, loop.quit)
    else:
        jobs.progressed.connect(quit_at_end)
    application.processEvents()
    idler = Idler()
    before = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    clock.start()
    ticks.start(TICK_MS)
    if jobs is not None:
        jobs.refresh_due()
    loop.exec()
    wall_s = time.monotonic() - began
    ticks.stop()
    if jobs is not None:
        jobs.progressed.disconnect(quit_at_end)
    after = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    own_s, children_s = (
        late.ru_utime + late.ru_stime - early.ru_utime - early.ru_stime
        for early, late in zip(before, after, strict=True)
    )
    idler_gap_ms = idler.gap_ms()
    memory = (peak_bytes() or 0) / 1e6, after[1].ru_maxrss / 1000
    return Cost(name, wall_s, own_s, children_s, max(gaps), idler_gap_ms, count, *memory)


def large(profile: Path, port: int) -> None:
    """One feed of 10,000 episodes: added, asked again with the same body, and opened."""
    from earmark.app import open_tools
    from earmark.paths import Paths
    from earmark.pipeline import Watch, add_feed, refresh

    clock = Later()
    url = f"http://127.0.0.1:{port}/7/large"
    size_mb = len(urllib.request.urlopen(url).read()) / 1e6
    with open_tools(Paths(profile), clock=clock) as tools:
        tools.door.allow(url)
        answer = tools.door.get(url, why="measure")
        child_s = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        began, spent = time.monotonic(), time.process_time()
        parsed = tools.reader.read(answer)
        read_s, here_s = time.monotonic() - began, time.process_time() - spent
        tools.reader.rest()
        child_s = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - child_s
        began = time.monotonic()
        add_feed(tools, url)
        added_s = time.monotonic() - began
        dates = [episode.published_ms for episode in tools.library.episodes()]
        assert dates == sorted(dates, reverse=True)
        clock.hours += 30
        began, spent = time.monotonic(), time.process_time()
        again = refresh(tools, Watch())
        spent_s, took_s = time.process_time() - spent, time.monotonic() - began
        say(
            f"one feed of {len(parsed.episodes)} episodes, {size_mb:.1f} MB: read in the child in "
            f"{read_s:.2f} s ({here_s:.2f} s of processor time here, {child_s:.2f} s there); added in "
            f"{added_s:.1f} s in all; asked again (same body, {again.new_episodes} new): "
            f"{spent_s:.3f} s of processor time, {took_s:.2f} s"
        )


def ask(port: int, path: str) -> list[int]:
    """What the farm says of itself."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        told: list[int] = json.load(answer)
        return told


def others(bodies: Path, count: int) -> None:
    """Other parsers on the same bodies, each in a process of its own."""
    bodies.mkdir()
    total = 0
    for number in range(count):
        body = feed(number, 1)
        total += len(body)
        (bodies / f"{number:05}").write_bytes(body)
    say(f"{count} bodies, {total / 1e6:.0f} MB")
    uv = shutil.which("uv")
    for name, (module, call) in PARSERS.items():
        code = READ_ALL.format(module=module, call=call)
        python = [sys.executable] if module == "feedparser" else [str(uv), "run", "--with", module, "python"]
        done = subprocess.run([*python, "-c", code, str(bodies)], capture_output=True, text=True, check=False)
        if done.returncode:
            say(f"{name}: could not be run ({done.stderr.strip()[-200:]})")
        else:
            say(f"{name:16} {float(done.stdout) * 1000 / count:.1f} ms of processor time a feed")


if __name__ == "__main__":
    main()
