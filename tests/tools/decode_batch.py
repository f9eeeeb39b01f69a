"""Decodes many files in a confined process each few dozen, to spare the start of a child for each.

`decode_all` is for tests and benchmarks. What it starts, `python decode_batch.py FOLDER < LIST`, opens all
files of LIST (a JSON string in each line), gives up what the audio decoder's child gives up, and decodes them
in order. It says `{"begin": N}` before and the outcome after each; the sound of line N is left in
FOLDER/N.pcm.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from earmark.engines import confine
from earmark.errors import KnownError

FILES_A_PROCESS = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: heard (`duration_ms`, `form`, perhaps a `warning`), `refused` in words, or the
    process `died` with a code; a file on which it stood still for `limit_s` has the code None."""

    path: Path
    duration_ms: int | None = None
    form: str = ""
    warning: str | None = None
    refused: str | None = None
    died: bool = False
    code: int | None = None
    peak_bytes: int = 0


def decode_all(paths: Sequence[Path], folder: Path, *, limit_s: float = 60.0) -> Iterator[Outcome]:
    """The outcome of each file in order. A death costs one file; the rest goes on in a new process."""
    left = list(paths)
    while left:
        told = list(_decode_some(left[:FILES_A_PROCESS], folder, limit_s))
        yield from told
        left = left[len(told) :]


def _decode_some(paths: Sequence[Path], folder: Path, limit_s: float) -> Iterator[Outcome]:
    argv = [sys.executable, __file__, str(folder)]
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("".join(json.dumps(str(path)) + "\n" for path in paths).encode())
        process.stdin.close()
        at = 0
        for message in _messages(process.stdout, limit_s):
            at = message.get("begin", at)
            if "begin" not in message:
                yield Outcome(paths[at], **message)
                at += 1
        code = _end(process)
        if at < len(paths):
            yield Outcome(paths[at], died=True, code=code)


def _end(process: subprocess.Popen[bytes]) -> int | None:
    """Its exit code; None when it stood still and had to be killed."""
    try:
        return process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        return None


def _messages(stream: IO[bytes], limit_s: float) -> Iterator[dict[str, Any]]:
    """Lines of JSON until the end, or until nothing comes for so long."""
    rest = b""
    while select.select([stream], [], [], limit_s)[0]:
        data = os.read(stream.fileno(), 65536)
        if not data:
            return
        *lines, rest = (rest + data).split(b"\n")
        yield from (json.loads(line) for line in lines)


def main() -> None:
    """Decode what stands on stdin."""
    from earmark.engines.media_loop import MediaLoop
    from earmark.engines.memory import peak_meter

    folder = Path(sys.argv[1])
    paths = [json.loads(line) for line in sys.stdin]
    loops = [MediaLoop(path, str(folder / f"{number}.pcm")) for number, path in enumerate(paths)]
    peak = peak_meter()
    confine.confine("media")
    for number, loop in enumerate(loops):
        _say({"begin": number})
        try:
            done = loop.work({"max_ms": 48 * 3_600_000}, lambda _event: None, lambda: False)
            told = {"duration_ms": done["duration_ms"], "form": done["format"], "warning": done["warning"]}
        except KnownError as error:
            told = {"refused": str(error)}
        _say({**told, "peak_bytes": peak() or 0})


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
