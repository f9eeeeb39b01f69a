"""Damaged recordings by the thousand: a decoder may die of one, none may stand still, and the others go on.

    python tests/benchmarks/fuzz_media.py [N] [--seed S] [--keep FOLDER] [RECORDING ...]

Makes N cases (3,000 without a number) from ten seconds of speech as mp3, m4a, ogg (FLAC), opus, flac and wav,
and from the recordings named: bits flipped, stretches zeroed, cut out, doubled or swapped, figures in the
first kilobyte set to extremes, the file cut short. They run in processes confined like the decoder's child,
200 in each. Prints how they ended; a case that killed its process is kept with --keep.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from decode_batch import Outcome, decode_all
from recordings import speech, write_recording

CASES = 3000
AT_ONCE = 200
LIMIT_S = 60.0
SUFFIXES = ("mp3", "m4a", "ogg", "opus", "flac", "wav")


def main() -> None:
    """Make the cases, decode them, print the figures."""
    asked = _asked()
    ends: Counter[tuple[str, str]] = Counter()
    began, peak_bytes, slowest_s = time.monotonic(), 0, 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = {"m4a": {"movflags": "faststart"}}  # or each cut would lose its table of contents
        seeds = [
            write_recording(folder / f"seed.{suffix}", speech(10), options=first.get(suffix))
            for suffix in SUFFIXES
        ]
        seeds += asked.recordings
        for start in range(0, asked.cases, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, asked.cases))
            cases = [_case(seeds[n % len(seeds)], asked.seed + n, folder) for n in numbers]
            last = time.monotonic()
            for outcome in decode_all(cases, folder, limit_s=LIMIT_S):
                now = time.monotonic()
                slowest_s, last = max(slowest_s, now - last), now
                ends[outcome.path.suffix, _end(outcome)] += 1
                peak_bytes = max(peak_bytes, outcome.peak_bytes)
                if outcome.died and asked.keep:
                    asked.keep.mkdir(parents=True, exist_ok=True)
                    shutil.copy(outcome.path, asked.keep)
            for case in cases:
                case.unlink()
            _say(f"{numbers.stop} of {asked.cases}")
    for (suffix, end), count in sorted(ends.items()):
        _say(f"{suffix:6} {end:18} {count}")
    total = Counter[str]()
    for (_, end), count in ends.items():
        total[end] += count
    took = time.monotonic() - began
    _say(f"{asked.cases} cases, seed {asked.seed}: {dict(total)}; {took:.0f} s, slowest {slowest_s:.1f} s,")
    _say(f"most memory {peak_bytes / 1e6:.0f} MB; this program lives.")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fuzz the audio decoder.")
    parser.add_argument("cases", nargs="?", type=int, default=CASES)
    parser.add_argument("recordings", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    return parser.parse_args()


def _case(seed: Path, number: int, folder: Path) -> Path:
    """A damaged copy of a recording; the same number gives the same damage."""
    chance = random.Random(number)
    data = bytearray(seed.read_bytes()[: chance.choice((8_000, 60_000, None))])
    for _ in range(chance.choice((1, 1, 3, 10, 100, 1000))):
        _damage(data, chance)
    path = folder / f"{number}{seed.suffix}"
    path.write_bytes(data)
    return path


def _damage(data: bytearray, chance: random.Random) -> None:
    if len(data) < 64:
        return
    at, length = chance.randrange(len(data) - 8), chance.choice((1, 4, 32, 500))
    match chance.choice("bbbbbhhzcds"):
        case "b":
            data[at] ^= 1 << chance.randrange(8)
        case "h":
            at = chance.randrange(min(1024, len(data) - 8))
            data[at : at + 4] = chance.choice(
                (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0")
            )
        case "z":
            data[at : at + length] = bytes(len(data[at : at + length]))
        case "c":
            del data[at : at + length]
        case "d":
            data[at:at] = data[at : at + length]
        case "s":
            other = chance.randrange(len(data) - 8)
            data[at : at + 8], data[other : other + 8] = data[other : other + 8], data[at : at + 8]


def _end(outcome: Outcome) -> str:
    if outcome.died:
        return "stood still" if outcome.code is None else f"died ({outcome.code})"
    if outcome.refused:
        return "refused"
    return "partial" if outcome.warning else "heard"


if __name__ == "__main__":
    main()
