"""Kill -9 at random moments while half an hour is heard: the words must be those of an unbroken run.

    uv run python tests/benchmarks/speech_kills.py [--kills 100] [--minutes 30] [--seed 1]

Real pipeline, library, engines and sample speech model: a feed is added, its episode downloaded and decoded,
and then heard over and over until so many kills have hit, the program and its engine in turn. Counted are the
windows that were given a second time. Needs Linux: engines are found through /proc.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.extend(
    str(Path(__file__).parents[1] / name) for name in ("benchmarks", "tools", "engines", "whole", "net")
)

from shows import Item, serve_show, served
from speech_speed import say, write_sound

from earmark.app import open_tools
from earmark.engines import Engine, EngineDied, Heard, Speech, sample_speech_model, starter_detector
from earmark.paths import Paths
from earmark.pipeline import Tools, Watch, add_feed
from earmark.pipeline.episode import STEPS, decode, download
from earmark.records import Episode, Segment

LONGEST_DELAY_S = 2.5


class Told(Speech):
    """The speech engine, which notes every window in a file before it is stored."""

    def __init__(self, engine: Engine, detector: Path | None, notes: Path) -> None:
        super().__init__(engine, detector=detector)
        self._notes = notes

    def transcribe(self, pcm: Path, *, on_window: Callable[[Heard], None], **how: Any) -> None:
        """As Speech.transcribe."""

        def noted(window: Heard) -> None:
            with self._notes.open("a", encoding="ascii") as file:
                file.write(f"{window.next_ms}\n")
            on_window(window)

        super().transcribe(pcm, on_window=noted, **how)


def the_episode(tools: Tools) -> Episode:
    """The only one."""
    return tools.library.episode(tools.library.jobs()[0].episode_id)


def prepare(paths: Paths, minutes: float) -> None:
    """A library with one episode of so many minutes, downloaded and decoded."""
    with tempfile.TemporaryDirectory() as name, served() as web:
        sound = write_sound(Path(name) / "talk.wav", minutes).read_bytes()
        item = Item("long", "A long talk", 1, audio=("audio/wav", sound), duration_s=minutes * 60)
        with open_tools(paths, speech_model=sample_speech_model(paths)) as tools:
            add_feed(tools, serve_show(web, "show", "A show", [item]))
            download(tools, the_episode(tools), Watch())
            decode(tools, the_episode(tools), Watch())


def hear(paths: Paths, notes: Path) -> None:
    """One life: hear what is left; an engine that was killed is started again."""
    with open_tools(paths) as tools, Told(Engine("asr"), starter_detector(paths), notes) as speech:
        tools = replace(tools, speech=speech)
        while True:
            try:
                STEPS["transcribe"](tools, the_episode(tools), Watch())
                return
            except EngineDied:
                with notes.open("a", encoding="ascii") as file:
                    file.write("engine\n")


def words_of(paths: Paths) -> tuple[Segment, ...]:
    """The finished transcript. Every column of it is compared."""
    with open_tools(paths) as tools:
        transcript = tools.library.transcript(the_episode(tools).id)
        assert transcript is not None
        return transcript.segments


@dataclass
class Tally:
    """What the kills did."""

    program: int = 0
    engine: int = 0
    passes: int = 0
    differing: int = 0
    given: int = 0
    most_again: int = 0
    again: int = 0

    @property
    def kills(self) -> int:
        """Of both kinds."""
        return self.program + self.engine


def one_pass(base: Path, folder: Path, tally: Tally, wanted: int, chance: random.Random) -> list[Segment]:
    """Hear the episode from its beginning to its end, through kills until there were enough."""
    shutil.copytree(base, folder)
    notes = folder / "notes"
    notes.touch()
    while True:
        with subprocess.Popen([sys.executable, __file__, "--hear", str(folder), str(notes)]) as life:
            while tally.kills < wanted and life.poll() is None:
                size = notes.stat().st_size
                while life.poll() is None and notes.stat().st_size == size:
                    time.sleep(0.01)
                time.sleep(chance.uniform(0, LONGEST_DELAY_S))
                if tally.engine < tally.program:
                    tally.engine += _kill(_engines(life.pid))
                else:
                    tally.program += _kill([life.pid])
            if life.wait() == 0:
                break
    _count(notes.read_text(encoding="ascii").split(), tally)
    return list(words_of(Paths(folder)))


def _kill(pids: list[int]) -> int:
    for pid in pids[:1]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return 0
    return len(pids[:1])


def _engines(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(child) for child in path.read_text().split()]
    except OSError:
        return []


def _count(notes: list[str], tally: Tally) -> None:
    times = Counter(int(note) for note in notes if note != "engine")
    again = [count - 1 for count in times.values()]
    tally.given += sum(times.values())
    tally.again += sum(again)
    tally.most_again = max([tally.most_again, *again])
    tally.passes += 1


def main() -> None:
    """Run, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance, tally, began = random.Random(options.seed), Tally(), time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(Paths(folder / "base"), options.minutes)
        calm = one_pass(folder / "base", folder / "calm", tally, 0, chance)
        windows = tally.given
        say(f"unbroken: {windows} windows, {len(calm)} segments")
        while tally.kills < options.kills:
            rough = one_pass(folder / "base", folder / f"pass-{tally.passes}", tally, options.kills, chance)
            tally.differing += rough != calm
            outcome = "differs" if rough != calm else "equal"
            say(f"pass {tally.passes - 1}: {tally.kills} kills so far, {outcome}")
            shutil.rmtree(folder / f"pass-{tally.passes - 1}")
    say(
        f"{tally.kills} kills ({tally.program} program, {tally.engine} engine) in {tally.passes - 1} passes"
        f" of {options.minutes:g} minutes; transcripts that differ: {tally.differing}; windows given again:"
        f" {tally.again}, the same one at most {tally.most_again} times; {time.monotonic() - began:.0f} s"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--hear"]:
        hear(Paths(Path(sys.argv[2])), Path(sys.argv[3]))
    else:
        main()
