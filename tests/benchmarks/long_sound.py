"""Memory and time of decoding 1, 6, 12 and 24 hours, in kinds of file that a podcast has.

    python tests/benchmarks/long_sound.py [--hours 1 6 12 24] [--kinds mp3 opus wav] [--folder FOLDER]

A file repeats a minute of the sample episodes' speech; the wav is sparse, so silent. Needs about 4 GB in
FOLDER (without it, in the system's place for temporary files) for 24 hours: the decoded sound, and the file
itself. Memory is the most that the decoder's child held.
"""

import argparse
import os
import struct
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from recordings import RATE_HZ, speech, write_recording

from earmark.engines import Media

SOUND_S = 60


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Decode very long recordings.")
    parser.add_argument("--hours", type=int, nargs="+", default=[1, 6, 12, 24])
    parser.add_argument("--kinds", nargs="+", default=["mp3", "opus", "wav"])
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    say("kind   hours   heard       memory   seconds   times real time   warning")
    with tempfile.TemporaryDirectory(dir=asked.folder) as name, Media() as media:
        for kind in asked.kinds:
            for hours in asked.hours:
                source = long_recording(kind, hours, Path(name))
                began = time.monotonic()
                done = media.decode(source, Path(name) / "a.pcm")
                took_s = time.monotonic() - began
                times, mb = done.duration_ms / 1000 / took_s, (done.peak_bytes or 0) / 1e6
                say(
                    f"{kind:5} {hours:6}   {done.duration_ms / 3_600_000:6.3f} h"
                    f" {mb:8.1f} MB {took_s:8.1f} {times:13.0f}        {done.warning}"
                )
                source.unlink()


def long_recording(kind: str, hours: int, folder: Path) -> Path:
    """A file of so many hours."""
    path = folder / f"long.{kind}"
    if kind == "wav":
        size_bytes = hours * 3600 * RATE_HZ * 2
        path.write_bytes(_wave_head(size_bytes))
        os.truncate(path, path.stat().st_size + size_bytes)
        return path
    minute = write_recording(folder / f"minute.{kind}", speech(SOUND_S), options=_plain(kind))
    data = minute.read_bytes()
    with path.open("wb") as out:
        for _ in range(hours * 60):
            out.write(data)
    return path


def _plain(kind: str) -> dict[str, str]:
    """Without a header that tells a minute's length, so that minutes may stand one behind the other."""
    return {"write_xing": "0", "id3v2_version": "0", "write_id3v1": "0"} if kind == "mp3" else {}


def _wave_head(size_bytes: int) -> bytes:
    """RF64 (EBU Tech 3306), since a WAVE file ends at 4 GB."""
    sizes = struct.pack("<4sIQQQI", b"ds64", 28, size_bytes + 72, size_bytes, size_bytes // 2, 0)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE_HZ, RATE_HZ * 2, 2, 16)
    return b"RF64\xff\xff\xff\xffWAVE" + sizes + form + b"data\xff\xff\xff\xff"


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
