"""A server of one large file, slow enough to be killed in between, and the killing of who downloads it.

The server is honest about ranges and validators. When it `turns`, another file of the same length lies at the
same address, as where adverts are put in for every request.
"""

import hashlib
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from loopback import HERE, running

PIECE_BYTES = 1 << 16
PIECE_S = 0.004
CHILD = """
import sys
from pathlib import Path
from earmark.net import Door, download
door = Door(user_agent="t", log=lambda *_: None)
door.allow(sys.argv[1])
print(download(door, sys.argv[1], Path(sys.argv[2]), why="test", max_bytes=10**9).sha256)
"""


@dataclass
class OneFile:
    """What is served: `bodies` in turn, the first until it `turns`; how often a range was gone on with."""

    bodies: tuple[bytes, ...]
    turn: int = 0
    gone_on: int = 0
    whole: int = 0
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def body(self) -> bytes:
        """What lies there now."""
        return self.bodies[self.turn % len(self.bodies)]


@contextmanager
def serving(*bodies: bytes) -> Iterator[OneFile]:
    """A running server."""
    file = OneFile(bodies)

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, etag = file.body, f'"{file.turn % len(file.bodies)}"'
            start = 0
            if self.headers.get("If-Range") == etag:
                start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
            with file.lock:
                file.gone_on += start > 0
                file.whole += start == 0
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(body) - start))
            self.end_headers()
            try:
                for at in range(start, len(body), PIECE_BYTES):
                    self.wfile.write(body[at : at + PIECE_BYTES])
                    time.sleep(PIECE_S)
            except OSError:
                return  # it was killed

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(HERE, Answer)
    server.daemon_threads = True
    file.url = f"http://127.0.0.1:{server.server_address[1]}/audio"
    with running(server):
        yield file


def download_with_kills(
    file: OneFile, target: Path, kills: int, chance: random.Random, *, turning: bool
) -> int:
    """Download to `target` in a process that is killed so often while bytes come; how often it was.

    It is killed when a number of bytes that is drawn by chance lies there. With `turning` the file changes
    after some of the kills. The last process is left to end; then its hash must be that of the file as it
    lies there, and the test fails if it is not.
    """
    part = target.with_name(target.name + ".part")
    done = 0
    while done < kills:
        size = len(file.body)
        before = part.stat().st_size if part.exists() else 0
        until = before + chance.randrange(1, max(2, min(size // max(8, kills // 2), size - before)))
        child = _start(file, target)
        while child.poll() is None and not (part.exists() and part.stat().st_size >= until):
            time.sleep(0.001)
        hit = child.poll() is None
        child.send_signal(signal.SIGKILL)
        child.communicate()
        if not hit:
            break
        done += 1
        if turning and chance.random() < 0.4:
            file.turn += 1
    child = _start(file, target)
    out, _ = child.communicate(timeout=120)
    assert child.returncode == 0
    assert hashlib.sha256(target.read_bytes()).hexdigest() == out.strip()
    return done


def _start(file: OneFile, target: Path) -> "subprocess.Popen[str]":
    argv = [sys.executable, "-c", CHILD, file.url, str(target)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
