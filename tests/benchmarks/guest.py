"""How much the window and other programs feel of the work, in each mode.

    uv run python tests/benchmarks/guest.py [SECONDS]

In each mode the real window listens to the demo's speech, end to end and again, with the sample speech model,
through the real jobs thread, for SECONDS (20). Two figures: the largest gap between two ticks of a timer of
10 ms in the window's own event loop, and how much longer a fixed piece of work of another program takes: the
median of fifteen pairs, each once beside the speech engine and once while that is held. Says how busy the
computer was.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / place) for place in ("desktop", "tests/whole", "tests/net")]
TICK_MS = 10
SOUND_S = 5400
PAIRS = 15
ANOTHER_PROGRAM = """
import hashlib, sys, time
for line in sys.stdin:
    began = time.perf_counter()
    data = b"x" * 1_000_000
    for _ in range(150):
        hashlib.sha256(data).digest()
    print(time.perf_counter() - began, flush=True)
"""


class OtherPrograms:
    """As many as there are given, each doing a fixed piece of work when it is asked to."""

    def __init__(self, count: int) -> None:
        self._running = [
            subprocess.Popen(
                [sys.executable, "-c", ANOTHER_PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(count)
        ]

    def begin(self) -> None:
        """Have each do its piece."""
        for one in self._running:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()

    def seconds(self) -> float:
        """How long the slowest took for its piece; waits for it."""
        return max(float(one.stdout.readline()) for one in self._running if one.stdout is not None)

    def alone(self, rounds: int) -> list[float]:
        """So many pieces, one after the other."""
        taken = []
        for _ in range(rounds):
            self.begin()
            taken.append(self.seconds())
        return taken

    def close(self) -> None:
        """End them."""
        for one in self._running:
            assert one.stdin is not None
            assert one.stdout is not None
            one.stdin.close()
            one.wait()
            one.stdout.close()


@dataclass
class Felt:
    """What was measured in one mode."""

    mode: str
    gap_ms: float
    usual_gap_ms: float
    one_program: float
    a_program_a_core: float
    heard_s: float


def long_sound(seconds: int) -> bytes:
    """The demo's speech again and again, as an Opus file."""
    import av
    import numpy as np

    from earmark.paths import resource

    pieces = []
    for audio in sorted(resource("demo").glob("kitchen-table-*.opus")):
        with av.open(str(audio)) as container:
            resampler = av.AudioResampler("s16", "mono", 48_000)
            frames = [each for frame in container.decode(audio=0) for each in resampler.resample(frame)]
            pieces += [frame.to_ndarray()[0] for frame in frames]
    once = np.concatenate(pieces)
    whole = np.tile(once, seconds * 48_000 // once.size + 1)[: seconds * 48_000]
    path = Path(tempfile.mkdtemp()) / "long.wav"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(whole[None, :], format="s16", layout="mono")
        frame.sample_rate = 48_000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            out.mux(packet)
    return path.read_bytes()


def main() -> None:
    """Print the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    say(f"load before: {', '.join(f'{load:.1f}' for load in os.getloadavg())}; {os.cpu_count()} cores")
    sound = long_sound(SOUND_S)
    for row in (measured(mode, seconds, sound) for mode in ("no work", *modes())):
        say(
            f"{row.mode:9} largest gap {row.gap_ms:6.1f} ms, usual {row.usual_gap_ms:5.1f} ms; "
            f"one other program x{row.one_program:.2f}, one for each core x{row.a_program_a_core:.2f}; "
            f"heard {row.heard_s:.0f} s in {seconds:.0f} s"
        )
    say(f"load after: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")


def modes() -> tuple[str, ...]:
    """The three."""
    from earmark.settings import Mode

    return get_args(Mode)


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def measured(mode: str, seconds: float, sound: bytes) -> Felt:
    """One mode, in a fresh profile; "no work": the window alone."""
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication
    from shows import Item, serve_show, served

    from earmark.app import open_tools
    from earmark.clock import system_clock
    from earmark.engines import sample_speech_model
    from earmark.jobs import Jobs
    from earmark.library import open_library, open_reader
    from earmark.paths import Paths
    from earmark.settings import Choices, Settings, save_settings
    from earmark.ui.main_window import MainWindow

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory() as folder, served() as web:
        paths = Paths(Path(folder))
        paths.create()
        open_library(paths).close()
        chosen = {} if mode == "no work" else {"mode": mode}
        save_settings(paths, Settings(speech_model=sample_speech_model(paths), **chosen))  # type: ignore[arg-type]
        jobs = Jobs(lambda: open_tools(paths))
        jobs.start()
        with open_reader(paths) as reader:
            window = MainWindow(
                reader, jobs, clock=system_clock, choices=Choices(paths), audio_path=lambda _id: None
            )
            window.show()
            if mode != "no work":
                item = Item("long", "Long", 1, audio=("audio/wav", sound), duration_s=SOUND_S)
                jobs.add_feed(serve_show(web, "long", "Long", [item]))
                wait_until(application, lambda: heard_ms(reader) > 0)
            felt = feel(application, mode, seconds, reader)
            window.close()
            jobs.shutdown()
            application.processEvents()  # what the jobs still said is for this window
            window.deleteLater()
            application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return felt


def heard_ms(reader: object) -> int:
    """How far the listening is."""
    from earmark.library import Reader

    assert isinstance(reader, Reader)
    return max((job.progress_ms for job in reader.jobs()), default=0)


def wait_until(application: object, ready: object, most_s: float = 300.0) -> None:
    """Let the window live until something is so."""
    from PySide6.QtWidgets import QApplication

    assert isinstance(application, QApplication)
    assert callable(ready)
    until = time.monotonic() + most_s
    while not ready():
        application.processEvents()
        time.sleep(0.05)
        assert time.monotonic() < until, "nothing is heard"


def feel(application: object, mode: str, seconds: float, reader: object) -> Felt:
    """Gaps of the event loop over so many seconds, then what other programs take meanwhile."""
    from PySide6.QtCore import QElapsedTimer, QEventLoop, Qt, QTimer

    begun_ms = heard_ms(reader)
    gaps: list[float] = []
    clock, loop, ticks = QElapsedTimer(), QEventLoop(), QTimer()
    ticks.setTimerType(Qt.TimerType.PreciseTimer)
    ticks.timeout.connect(lambda: gaps.append(clock.nsecsElapsed() / 1e6) or clock.restart())
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    clock.start()
    ticks.start(TICK_MS)
    loop.exec()
    ticks.stop()
    heard_s = (heard_ms(reader) - begun_ms) / 1000
    one, each = (slowdown(count) for count in (1, os.cpu_count() or 1))
    return Felt(mode, max(gaps), statistics.median(gaps), one, each, heard_s)


def slowdown(programs: int) -> float:
    """How much longer other programs take while the speech engine works than while it is held, in pairs."""
    import psutil

    children = psutil.Process().children()
    engines = [child for child in children if child.cmdline()[-1:] == ["asr"]]
    others, ratios = OtherPrograms(programs), []
    others.alone(1)
    for _ in range(PAIRS):
        (beside,) = others.alone(1)
        for engine in engines:
            engine.suspend()
        (without,) = others.alone(1)
        for engine in engines:
            engine.resume()
        ratios.append(beside / without)
    others.close()
    return statistics.median(ratios)


if __name__ == "__main__":
    main()
