"""Earmark's listening beside pywhispercpp called directly and whisper.cpp's own command, in one run.

    uv run python tests/benchmarks/speech_speed.py [--whisper-cli PATH] [--rounds 3] [--minutes 30]
        [--shapes tiny.en-q8_0 ...] [--gaps]

All hear the same WAV file, made from the sample episodes over and over, with the same model, one thread,
greedy, no words carried from window to window. Each is a program of its own, started anew: start-up, reading
the sound and loading the model count. Rounds take turns; wall and processor seconds are medians. A model of
real shape (`--shapes`) has random weights and says the same 100 tokens in every window, whoever asks.
`--gaps`: Earmark with and without a judge of speech, where 40% of the sound is silence (see `speech_gaps`).
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
sys.path[:0] = [
    str(ROOT / "desktop"),
    *(str(ROOT / "tests" / each) for each in ("tools", "engines", "benchmarks")),
]

import speech_gaps  # noqa: E402  the engine's child, which begins here too, looks in no folder of its own

RATE_HZ = 16_000
THREADS = 1
LAST_SENTENCE_S = 0.16
"""So much longer than its script the sample model takes an episode's last sentence for: see its training."""
Pcm = NDArray[np.int16]


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Program:
    """One that is measured: its command, and how its words are read from what it prints; `modest` when it
    makes itself give way to other programs, as Earmark's engines do: the others are made to."""

    name: str
    argv: list[str]
    modest: bool = True
    words: Callable[[str], str] = lambda printed: printed


@dataclass(frozen=True)
class Taken:
    """One run: wall and processor seconds (children included), and words."""

    wall_s: float
    processor_s: float
    words: str
    printed: str


def run(program: Program) -> Taken:
    """Run a program."""
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        child = subprocess.Popen(
            program.argv,
            stdout=out,
            stderr=subprocess.DEVNULL,
            preexec_fn=None if program.modest else lambda: os.nice(10),
        )
        _pid, status, used = os.wait4(child.pid, 0)
        wall_s = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{program.name} ended with {child.returncode}")
        out.seek(0)
        printed = program.words(out.read().decode("utf-8"))
    plain = " ".join(re.findall(r"[\w']+", printed.lower()))
    return Taken(wall_s, used.ru_utime + used.ru_stime, plain, printed)


def compare(programs: list[Program], rounds: int, minutes: float) -> None:
    """Let them take turns, and print a table."""
    runs: dict[str, list[Taken]] = {program.name: [] for program in programs}
    for _ in range(rounds):
        for program in programs:
            runs[program.name].append(run(program))
    wall = {name: statistics.median(t.wall_s for t in taken) for name, taken in runs.items()}
    used = {name: statistics.median(t.processor_s for t in taken) for name, taken in runs.items()}
    first = runs[programs[0].name][0].words
    others = [program.name for program in programs if not program.modest] or list(runs)
    best_wall, best_used = min(wall[name] for name in others), min(used[name] for name in others)
    say("| program | wall s | of the others' best | processor s | of the others' best | factor | words |")
    say("|---|---:|---:|---:|---:|---:|---|")
    for name, taken in runs.items():
        same = "the same" if taken[0].words == first else f"{alike(first, taken[0].words):.2%} the same"
        say(
            f"| {name} | {wall[name]:.1f} | {wall[name] / best_wall:.2f} | {used[name]:.1f} |"
            f" {used[name] / best_used:.2f} | {wall[name] / minutes / 60:.4f} |"
            f" {len(taken[0].words.split())}, {same} |"
        )


def alike(said: str, heard: str) -> float:
    """The share of words that are the same."""
    import difflib

    match = difflib.SequenceMatcher(None, said.split(), heard.split(), autojunk=False)
    return match.ratio()


def direct(sound: Path, model: Path) -> None:
    """pywhispercpp called as its own readme does, with the settings that all share."""
    from pywhispercpp.model import Model

    with wave.open(str(sound)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float32) / 32768
    listener = Model(
        str(model),
        n_threads=THREADS,
        redirect_whispercpp_logs_to=None,
        print_progress=False,
        print_realtime=False,
        print_timestamps=False,
        no_context=True,
        n_max_text_ctx=0,
        greedy={"best_of": 1},
        language="en",
    )
    for segment in listener.transcribe(samples):
        say(segment.text)


def engine(sound: Path, model: Path, *, judged: bool, timed: bool = False) -> None:
    """Earmark's engine alone, as the pipeline calls it; without a judge everything is heard as speech.
    `timed`: each word on a line of its own, after its time in ms."""
    from earmark.engines import Engine, Heard, Speech, starter_detector
    from earmark.paths import Paths

    detector = starter_detector(Paths(model.parent / "profile"))
    deaf = [sys.executable, __file__, "--unjudged"]

    def take(window: Heard) -> None:
        for segment in window.segments:
            if timed:
                for at, word in _words_at(segment):
                    say(f"{at} {word}")
            else:
                say(segment.text)

    with Speech(Engine("asr", argv=None if judged else deaf), detector=detector) as speech:
        speech.transcribe(sound.with_suffix(".pcm"), model=model, language="en", on_window=take)


def _words_at(segment: Any) -> list[tuple[int, str]]:
    """(ms, word) of each; all at the segment's beginning where single ones have no time."""
    each = segment.text.split()
    times = segment.word_ms if len(segment.word_ms) == len(each) else (segment.start_ms,) * len(each)
    return list(zip(times, each, strict=True))


def unjudged() -> None:
    """The engine's child with a judge that hears speech everywhere."""
    from earmark.engines import asr_loop, child

    class Everything:
        frame_ms = 20

        def frames(self, _pcm: Pcm, _first: int, count: int) -> NDArray[np.bool_]:
            return np.ones(count, dtype=np.bool_)

        def stretches(self, pcm: Pcm, firsts: list[int], count: int) -> list[NDArray[np.bool_]]:
            return [self.frames(pcm, first, count) for first in firsts]

    cast(Any, asr_loop).judge_of = lambda _path: Everything()
    child.run("asr")


def talk() -> list[Pcm]:
    """What is said in the sample episodes that the sample model knows."""
    from test_engines_gate import decoded

    from earmark.demo import demo_episodes
    from earmark.paths import resource

    slugs = [episode.slug for episode in demo_episodes() if episode.transcript == "none"]
    return [decoded(resource("demo") / f"{slug}.opus") for slug in slugs]


def write_sound(path: Path, minutes: float) -> Path:
    """A WAV file and the bare samples beside it: talk over and over."""
    speech_gaps.write(path, np.resize(np.concatenate(talk()), round(minutes * 60 * RATE_HZ)))
    return path


def programs(sound: Path, model: Path, cli: Path | None) -> list[Program]:
    """Those to compare."""
    here = [sys.executable, __file__]
    earmark = [sys.executable, "-m", "earmark", "--data-dir", str(model.parent / "profile")]
    found = [
        Program("pywhispercpp directly", [*here, "--direct", str(sound), str(model)], modest=False),
        Program("Earmark's engine", [*here, "--engine", str(sound), str(model)]),
        Program("earmark transcribe", [*earmark, "transcribe", str(sound), "--model", str(model)]),
    ]
    if cli:
        options = ["-t", str(THREADS), "-mc", "0", "-bs", "1", "-bo", "1", "-l", "en", "-np", "-oj"]
        argv = [str(cli), "-m", str(model), *options, "-of", str(model.parent / "cli"), "-f", str(sound)]
        words = lambda _printed: _json_words(model.parent / "cli.json")  # noqa: E731
        found.insert(0, Program("whisper.cpp's command", argv, modest=False, words=words))
    return found


def _json_words(path: Path) -> str:
    told = json.loads(path.read_bytes().decode("utf-8", "replace"))
    return " ".join(each["text"] for each in told["transcription"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--whisper-cli", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--shapes", nargs="*", default=[])
    parser.add_argument("--gaps", action="store_true")
    options = parser.parse_args()
    from random_speech_model import SIZES, english_script, write_random_model

    from earmark.engines import sample_speech_model, starter_detector
    from earmark.paths import Paths

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample = folder / "sample.bin"
        sample.symlink_to(sample_speech_model(Paths(folder / "profile")))
        starter_detector(Paths(folder / "profile"))
        say(f"load {os.getloadavg()[0]:.1f} before, {os.cpu_count()} cores, {options.rounds} rounds\n")
        if options.gaps:
            _with_gaps(folder, sample, options)
            return
        sound = write_sound(folder / "talk.wav", options.minutes)
        models = [] if options.shapes else [("sample", sample)]
        for shape in options.shapes:
            size, form = shape.rsplit("-", 1)
            write_random_model(
                SIZES[size], form, sample, folder / f"{shape}.bin", script=english_script(sample)
            )
            models.append((shape, folder / f"{shape}.bin"))
        for label, model in models:
            say(f"\n{label}, {options.minutes:g} minutes, {THREADS} thread\n")
            compare(programs(sound, model, options.whisper_cli), options.rounds, options.minutes)
    say(f"\nload {os.getloadavg()[0]:.1f} after")


def _with_gaps(folder: Path, model: Path, options: argparse.Namespace) -> None:
    from earmark.demo import demo_episodes
    from earmark.pipeline.score import words

    episode = [each for each in demo_episodes() if each.transcript == "none"][1]
    said = words(" ".join(line.text for line in episode.lines))
    ends_s = episode.lines[-1].end_s + LAST_SENTENCE_S
    gaps = speech_gaps.write_gaps(folder / "gaps.wav", talk()[1], ends_s, said, options.minutes)
    speech_gaps.write(folder / "alone.wav", talk()[1])
    alone = run(_hearing("the episode alone", folder / "alone.wav", model, judged=True))
    differs = speech_gaps.first_difference(said, [word for _, word in _timed(alone)])
    like = "what is said, word for word" if differs is None else f"what is said until word {differs}"
    pair = [
        _hearing("without a judge", folder / "gaps.wav", model, judged=False),
        _hearing("with Silero's detector", folder / "gaps.wav", model, judged=True),
    ]
    runs = [[run(program) for program in pair] for _ in range(options.rounds)]
    wall, used = (
        [statistics.median(getattr(turn[at], of) for turn in runs) for at in range(len(pair))]
        for of in ("wall_s", "processor_s")
    )
    minutes, said_words = gaps.silent_ms[-1][1] / 60_000, f"of the {len(gaps.said)} said, in order"
    say(f"{minutes:.1f} minutes, {speech_gaps.GAP_SHARE:.0%} of it silence.")
    say(f"The episode alone, without gaps, is heard as {like}.\n")
    say(f"| | clock s | processor s | words heard | {said_words} | in silences | same |")
    say("|---|---:|---:|---:|---:|---:|---|")
    for at, program in enumerate(pair):
        cells = speech_gaps.told(gaps, _timed(runs[0][at]))
        say(f"| {program.name} | {wall[at]:.1f} | {used[at]:.1f} | {cells} |")
    say(f"| share | {wall[1] / wall[0]:.2f} | {used[1] / used[0]:.2f} | | | | |")
    say(f"\nload {os.getloadavg()[0]:.1f} after")


def _hearing(name: str, sound: Path, model: Path, *, judged: bool) -> Program:
    """Earmark's engine, which prints each word with its time."""
    how = "--engine" if judged else "--engine-unjudged"
    return Program(name, [sys.executable, __file__, how, str(sound), str(model), "--timed"])


def _timed(taken: Taken) -> list[tuple[int, str]]:
    """(ms, word) as `engine` printed them."""
    from earmark.pipeline.score import words

    lines = (line.split(" ", 1) for line in taken.printed.splitlines())
    return [(int(at), plain) for at, word in lines for plain in words(word)]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--direct"]:
        direct(Path(sys.argv[2]), Path(sys.argv[3]))
    elif sys.argv[1:2] == ["--unjudged"]:
        unjudged()
    elif sys.argv[1:2] in (["--engine"], ["--engine-unjudged"]):
        judge, timed = sys.argv[1] == "--engine", "--timed" in sys.argv[4:]
        engine(Path(sys.argv[2]), Path(sys.argv[3]), judged=judge, timed=timed)
    else:
        main()
