"""Kill -9 at random moments of a download: what is there in the end must be the file, whole.

    uv run python tests/benchmarks/download_kills.py [--kills 50] [--megabytes 64] [--seed 1]

Real processes over loopback, twice: of a file that stays, and of one that is changed now and then between two
kills, to another of the same length. Counted are the kills that hit, and how often the rest was gone on with.
"""

import argparse
import hashlib
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "net"))

from kill_server import download_with_kills, serving


def run(kills: int, megabytes: int, seed: int, *, turning: bool) -> bool:
    """One download; whether its hash is right."""
    chance = random.Random(seed)
    bodies = [chance.randbytes(megabytes * 2**20) for _ in range(2 if turning else 1)]
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory() as name, serving(*bodies) as file:
        target = Path(name) / "audio"
        hit = download_with_kills(file, target, kills, chance, turning=turning)
        got = hashlib.sha256(target.read_bytes()).hexdigest()
        right = got == hashlib.sha256(file.body).hexdigest()
        left = sorted(path.name for path in Path(name).iterdir())
        sys.stdout.write(
            f"{'changing' if turning else 'the same'} file: {hit} kills, {file.turn} changes, "
            f"gone on {file.gone_on} times, begun {file.whole} times, "
            f"{'right' if right else 'WRONG'} sha256, left: {left}, {time.monotonic() - began_s:.0f} s\n"
        )
    return right and left == ["audio"]


def main() -> None:
    """Read the options, do both, and fail if a hash is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--megabytes", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    right = [
        run(options.kills, options.megabytes, options.seed, turning=turning) for turning in (False, True)
    ]
    sys.exit(0 if all(right) else 1)


if __name__ == "__main__":
    main()
