"""The engine's side: what `earmark --engine NAME` runs.

The process reads jobs from stdin on a thread of its own and leaves at its end, so that it never outlives
the program. Only messages go to stdout: native libraries that print there are led to stderr.
"""

import contextlib
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, get_args

from earmark.engines import confine
from earmark.engines.effort import MODE_VARIABLE, OWN
from earmark.engines.lines import Lines, LineTooLong, Message, encode
from earmark.engines.memory import NotEnoughMemory
from earmark.errors import Cancelled, KnownError
from earmark.settings import Mode

IDLE_S = 300.0
_BEAT_S = 1.0

Emit = Callable[[Message], None]
IsCancelled = Callable[[], bool]


class Loop(Protocol):
    """What a kind of engine can do. A KnownError refuses the job; any other exception ends the process."""

    def work(self, job: Message, emit: Emit, cancelled: IsCancelled) -> Message:
        """Do a job, say how it goes with `emit`, give the result. May raise Cancelled."""

    def unload(self) -> None:
        """Let go of models; they are loaded again when needed."""


def run(
    name: str, files: Sequence[str] = (), others: Mapping[str, Callable[[], "Loop"]] | None = None
) -> int:
    """Serve jobs of one kind until stdin ends. 0 at its end; 2 for an unknown name.

    `files` are those that the engine opens before it gives up opening any (see `confine`). `others` makes the
    loops of children that are no engines but live like them.
    """
    post = Post(_own_stdout())
    _be_modest()
    try:
        loop = others[name]() if others and name in others else make_loop(name, *files)
    except KeyError:
        sys.stderr.write(f"There is no engine named {name}.\n")
        return 2
    confine.confine(name)
    serve(loop, post)
    return 0


def make_loop(name: str, *files: str) -> Loop:
    """The loop of an engine. Heavy libraries are imported here, in the child, and nowhere else."""
    if name == "asr":
        from earmark.engines.asr_loop import SpeechLoop

        return SpeechLoop()
    if name == "llm":
        from earmark.engines.llm_loop import LanguageLoop

        return LanguageLoop()
    if name == "media":
        from earmark.engines.media_loop import MediaLoop

        return MediaLoop(*files)
    raise KeyError(name)


class Post:
    """The way out: whole lines only, from several threads."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        """Write one line. When nobody reads any more, the process ends."""
        data = memoryview(encode(message))
        with self._lock:
            try:
                while data:
                    data = data[os.write(self._fd, data) :]
            except OSError:
                os._exit(0)


class Inbox:
    """Requests as they come, which of them is no longer wanted, and in which mode they are to be done."""

    def __init__(self) -> None:
        self.requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._unwanted: set[int] = set()

    def is_cancelled(self, number: int) -> bool:
        """Was this request taken back?"""
        return number in self._unwanted

    def read(self, fd: int) -> None:
        """Take in messages until the stream ends; then end the process, whatever it is doing."""
        lines = Lines()
        with contextlib.suppress(OSError, LineTooLong):
            while data := os.read(fd, 65536):
                for message in lines.feed(data):
                    if message["type"] == "cancel":
                        self._unwanted.add(int(message["id"]))
                    elif message["type"] == "mode":
                        take_mode(message["mode"])
                    elif message["type"] == "request":
                        self.requests.put(message)
        os._exit(0)


def serve(loop: Loop, post: Post) -> None:
    """Work off requests for ever; unload models when nothing was asked for some minutes."""
    inbox = Inbox()
    threading.Thread(target=inbox.read, args=(0,), name="stdin", daemon=True).start()
    threading.Thread(target=_beat, args=(post,), name="heartbeat", daemon=True).start()
    while True:
        try:
            request = inbox.requests.get(timeout=IDLE_S)
        except queue.Empty:
            loop.unload()
            continue
        try:
            post.send(answer(loop, request, post.send, inbox.is_cancelled))
        except BaseException:  # noqa: BLE001  our own mistake: the traceback goes to stderr, the process ends
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)


def answer(loop: Loop, request: Message, send: Emit, is_cancelled: Callable[[int], bool]) -> Message:
    """Do one request and give its last message."""
    number = int(request["id"])

    def emit(event: Message) -> None:
        send({**event, "id": number})

    try:
        if request["job"].get("do") == "holding":
            return {"type": "done", "id": number, "holding": confine.holding()}
        result = loop.work(request["job"], emit, lambda: is_cancelled(number))
    except Cancelled:
        return {"type": "cancelled", "id": number}
    except KnownError as error:
        why = getattr(error, "WHY", None)
        return {"type": "refused", "id": number, "text": str(error), "why": why}
    except MemoryError:
        text = "There is not enough memory for this. Close other programs, or choose a smaller model."
        return {"type": "refused", "id": number, "text": text, "why": NotEnoughMemory.WHY}
    return {**result, "type": "done", "id": number}


def take_mode(name: object) -> None:
    """Work in this mode from now on; balanced for one that is not known."""
    known: dict[object, Mode] = {mode: mode for mode in get_args(Mode)}
    OWN.take(known.get(name, "balanced"))


def _beat(post: Post) -> None:
    pause = threading.Event()
    while not pause.wait(_BEAT_S):
        post.send({"type": "heartbeat"})


def _own_stdout() -> int:
    """Keep stdout for messages alone: whatever else writes to descriptor 1 lands on stderr."""
    fd = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return fd


def _be_modest() -> None:
    """Work after the user's own programs, leave no core dump (it holds what was said), end by request."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    take_mode(os.environ.get(MODE_VARIABLE))
