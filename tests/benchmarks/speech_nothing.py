"""Half an hour of each sound in which nobody speaks, and recordings without speech: what is heard in them.

    uv run python tests/benchmarks/speech_nothing.py [--minutes 30] [RECORDING ...]

With both judges of speech, and with two models: the sample model, and one of tiny.en's shape with random
weights that says ninety-six words in every window it is given. What keeps the count at nothing is the judge.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.extend(str(Path(__file__).parents[1] / name) for name in ("benchmarks", "tools", "engines"))

from random_speech_model import SIZES, english_script, write_random_model
from speech_speed import say
from test_engines_gate import decoded
from unspoken import KINDS, unspoken

from earmark.engines import Heard, Speech, sample_speech_model, starter_detector
from earmark.paths import Paths


def main() -> None:
    """Listen, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("recordings", nargs="*", type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        profile = Paths(folder / "profile")
        sample = sample_speech_model(profile)
        write_random_model(
            SIZES["tiny.en"], "q8_0", sample, folder / "babbler.bin", script=english_script(sample)
        )
        models = {"sample": sample, "random tiny.en": folder / "babbler.bin"}
        say(f"load {os.getloadavg()[0]:.1f}\n")
        say("| sound | minutes | judge | model | segments | words | seconds |")
        say("|---|---:|---|---|---:|---:|---:|")
        sounds = [*KINDS, *options.recordings]
        for judge, detector in (("Silero's", starter_detector(profile)), ("the gate", None)):
            with Speech(detector=detector) as speech:
                for sound in sounds:
                    pcm = _write(sound, options.minutes, folder / "sound.pcm")
                    for label, model in models.items():
                        _row(speech, pcm, sound, judge, label, model)


def _write(sound: str | Path, minutes: float, pcm: Path) -> Path:
    samples = decoded(sound) if isinstance(sound, Path) else unspoken(sound, round(minutes * 60))
    samples.tofile(pcm)
    return pcm


def _row(speech: Speech, pcm: Path, sound: str | Path, judge: str, label: str, model: Path) -> None:
    windows: list[Heard] = []
    began = time.perf_counter()
    speech.transcribe(pcm, model=model, on_window=windows.append)
    taken_s = time.perf_counter() - began
    segments = [segment for window in windows for segment in window.segments]
    words = sum(len(segment.text.split()) for segment in segments)
    name = sound.name if isinstance(sound, Path) else sound
    minutes = windows[-1].total_ms / 60_000 if windows else 0
    say(f"| {name} | {minutes:.1f} | {judge} | {label} | {len(segments)} | {words} | {taken_s:.1f} |")


if __name__ == "__main__":
    main()
