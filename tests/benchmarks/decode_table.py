"""What the user is told of every recording in a folder, each decoded by a child of its own.

    EARMARK_SHARED=... python tests/benchmarks/decode_table.py [FOLDER ...]

Without a folder: the recordings and the hostile media of the evidence data. Prints one line for each file
(length and form, what is missing, or why it is refused; the most memory of the child where it was heard, and
seconds), and at the end how many children died.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from earmark.engines import EngineDied, Media, given_up
from earmark.errors import KnownError

TEXT = {".txt", ".rttm"}


def main() -> None:
    """Print the table."""
    shared = Path(os.environ.get("EARMARK_SHARED", "."))
    folders = [Path(name) for name in sys.argv[1:]] or [
        shared / "data" / "audio",
        shared / "data" / "hostile" / "media",
    ]
    counts = {"heard": 0, "partial": 0, "refused": 0, "died": 0}
    peak_mb = 0.0
    _say("The decoder's child: " + (", ".join(given_up("media")) or "no limits here"))
    with Media() as media, tempfile.TemporaryDirectory() as scratch:
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.suffix not in TEXT:
                    outcome, words, mb = decoded(media, path, Path(scratch) / "a.pcm")
                    counts[outcome] += 1
                    peak_mb = max(peak_mb, mb)
                    _say(f"{outcome:8} {path.relative_to(folder)!s:48} {words}")
    _say(f"{counts}, most memory of a child that heard: {peak_mb:.0f} MB")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def decoded(media: Media, path: Path, pcm: Path) -> tuple[str, str, float]:
    """(outcome, what is told, MB) of a file."""
    began = time.monotonic()
    try:
        done = media.decode(path, pcm)
    except EngineDied as died:
        return "died", str(died), 0.0
    except KnownError as refused:
        return "refused", str(refused), 0.0
    took_s, mb = time.monotonic() - began, (done.peak_bytes or 0) / 1e6
    words = f"{done.duration_ms / 1000:.2f} s, {done.format}, {mb:.0f} MB, {took_s:.1f} s"
    return ("partial", f"{words}. {done.warning}", mb) if done.warning else ("heard", words, mb)


if __name__ == "__main__":
    main()
