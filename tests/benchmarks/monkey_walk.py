"""Ten thousand presses, keys and words at random on a live library.

    uv run python tests/benchmarks/monkey_walk.py [ACTS] [SEED]

The real window with its real working thread, offline, over a filled profile. Every exception is printed with
what was done last; then whether the window still goes where it is sent, what rows are gone, and whether
SQLite finds the library sound.
"""

import os
import sqlite3
import sys
import tempfile
import time
import traceback
from dataclasses import replace
from pathlib import Path
from types import TracebackType

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / each) for each in ("desktop", "tests/tools", "tests/ui", "tests/whole")]


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Walk, and say how it went; the exit code is 1 when anything was wrong."""
    from filled_library import NOW, fill
    from monkey import Monkey, let_nothing_block, rows, still_lives
    from PySide6.QtWidgets import QApplication

    from earmark.app import open_tools
    from earmark.jobs import Jobs
    from earmark.library import open_library, open_reader
    from earmark.paths import Paths
    from earmark.settings import Choices, change_settings
    from earmark.ui.main_window import MainWindow
    from earmark.window import keep_smooth

    acts = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    done: list[str] = []
    broken: list[str] = []

    def note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        broken.append("".join(traceback.format_exception(kind, error, trace)))
        say(f"after {done[-5:]}:\n{broken[-1]}")

    sys.excepthook = note
    let_nothing_block()
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder) / "profile")
        paths.create()
        os.environ["XDG_CONFIG_HOME"] = os.environ["HOME"] = folder
        os.chdir(folder)  # an export may be written to whatever was typed
        change_settings(paths, lambda now: replace(now, offline=True))
        with open_library(paths) as library:
            fill(library)
            before = rows(library)
        application = QApplication([])
        keep_smooth(application)
        jobs = Jobs(lambda: open_tools(paths, clock=lambda: NOW))
        jobs.start()
        with open_reader(paths) as reader:
            window = MainWindow(
                reader, jobs, clock=lambda: NOW, choices=Choices(paths), audio_path=lambda _id: None
            )
            window.show()
            monkey, began, slowest = Monkey(window, seed), time.monotonic(), (0.0, "")
            for _ in range(acts):
                at = time.monotonic()
                done.append(monkey.act())
                slowest = max(slowest, (time.monotonic() - at, done[-1]))
            lives = still_lives(window)
            window.leave()
        jobs.shutdown()
        with open_library(paths) as library:
            after = rows(library)
        sound = sqlite3.connect(paths.library).execute("PRAGMA integrity_check").fetchone()[0]
    lost = {name: len(before[name] - after[name]) for name in before}
    say(
        f"{acts} acts from seed {seed} in {time.monotonic() - began:.0f} s: {len(broken)} exceptions,"
        f" still lives: {lives}, rows lost: {lost}, integrity: {sound};"
        f" slowest act {slowest[0]:.2f} s, {slowest[1]}"
    )
    sys.exit(bool(broken) or not lives or any(lost.values()) or sound != "ok")


if __name__ == "__main__":
    main()
