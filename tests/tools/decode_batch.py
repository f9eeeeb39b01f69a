"""Decodes a list of files in one confined process, to spare the start of a child for each.

    python decode_batch.py FOLDER < LIST

LIST has a JSON string, a path, in each line. All are opened, the process is confined exactly as the audio
decoder's child is, and then they are decoded in order; a line of JSON says before each `{"begin": PATH}` and
after it `{"path": ..., "duration_ms": ..., "format": ..., "warning": ..., "refused": ..., "peak_bytes": ...}`.
The sound of the file in line N, counted from 0, is left in FOLDER/N.pcm. Whoever starts this must be ready for its death and set a limit of time.
"""

import json
import sys
from pathlib import Path
from typing import Any

from earmark.engines import confine
from earmark.engines.media_loop import MediaLoop
from earmark.engines.memory import peak_bytes
from earmark.errors import KnownError


def main() -> None:
    """Decode what stands on stdin."""
    paths = [json.loads(line) for line in sys.stdin]
    folder = Path(sys.argv[1])
    loops = [MediaLoop(path, str(folder / f"{number}.pcm")) for number, path in enumerate(paths)]
    confine.confine("media")
    for path, loop in zip(paths, loops, strict=True):
        _say({"begin": path})
        try:
            told = loop.work({"max_ms": 48 * 3_600_000}, lambda _event: None, lambda: False)
        except KnownError as error:
            told = {"refused": str(error), "peak_bytes": peak_bytes()}
        _say({"path": path, **told})


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
