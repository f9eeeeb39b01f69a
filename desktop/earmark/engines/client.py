"""The program's side of an engine: one long-lived child process that may die without taking us along."""

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import IO, Any

import psutil

from earmark.engines.effort import MODE_VARIABLE, cores_here, effort_of, needs_new_process
from earmark.engines.lines import Lines, LineTooLong, Message, encode
from earmark.engines.memory import NotEnoughMemory
from earmark.engines.turn import Turn
from earmark.errors import Cancelled, KnownError
from earmark.paths import self_argv
from earmark.settings import Mode

LABELS = {"asr": "speech engine", "llm": "language engine", "media": "audio decoder", "feeds": "feed reader"}
CANCEL_WAIT_S = 2.0
STARVED_TIMES = 4
"""So many times longer may a child be silent that works a little: it gives way to all other programs."""
_TAIL_BYTES = 8192
_LOOK_EVERY_S = 0.1
_CLOSE_WAIT_S = 2.0
_ILLEGAL_INSTRUCTION = {-4, 0xC000001D, -1073741795}
_KILLED = {-9}
_SHORT_OF_MEMORY = ("bad_alloc", "failed to allocate", "cannot allocate", "out of memory")
_OVERWORKED = {-24}
"""SIGXCPU: see `confine`."""
_LAST = ("done", "refused", "cancelled")

OnEvent = Callable[[Message], None]


class EngineDied(KnownError):  # noqa: N818  (names what happened)
    """The child process ended, hung or could not start. The next request starts a new one.

    `tail` holds the last of what it wrote to stderr, for the log. `killed`: somebody else ended it, which is
    mostly the system when memory runs short.
    """

    def __init__(self, text: str, tail: str = "", *, killed: bool = False) -> None:
        super().__init__(text)
        self.tail = tail
        self.killed = killed


def _balanced() -> Mode:
    return "balanced"


class Engine:
    """Runs one kind of job in a child, one request at a time; callers in other threads wait their turn.

    The child is started by the first request. It is killed when a cancelled request does not stop within
    two seconds, and when it falls silent. After any death the next request starts a fresh child: trying
    again, and how often, is the caller's policy.

    `mode` is asked again and again: a child follows it at once, with threads from its next sum on. Where it
    cannot follow, since no process may become less nice again, the next request starts a fresh child.
    """

    def __init__(
        self, name: str, *, argv: Sequence[str] | None = None, mode: Callable[[], Mode] = _balanced
    ) -> None:
        self.name = name
        self.mode = mode
        self._argv = list(argv) if argv is not None else self_argv("--engine", name)
        self._turn = Turn()
        self._guard = threading.Lock()
        self._child: _Child | None = None
        self._number = 0
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        child = self._child
        return child.process.pid if child is not None and child.process.poll() is None else None

    @property
    def wants_fresh_child(self) -> bool:
        """Whether a request that is at work had better stop where it can go on, and be begun anew."""
        child = self._child
        return child is not None and needs_new_process(child.mode, self.mode())

    def request(
        self,
        job: Message,
        *,
        on_event: OnEvent | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        silent_for_s: float = 30.0,
        stalled_for_s: float = 600.0,
    ) -> Message:
        """Have a job done and give its `done` message.

        `on_event` gets the job's own events, in this thread. A child that says nothing for `silent_for_s`
        (it should say that it lives each second), or gets no further for `stalled_for_s`, is killed; one to
        which other programs leave little of the processor may be silent for longer.
        From within `cancelled` or `on_event` of another request the job is done in a child of its own.
        Raises Cancelled; KnownError when the engine refuses the job; EngineDied.
        """
        if self._turn.is_mine():
            with Engine(self.name, argv=self._argv, mode=self.mode) as other:
                return other.request(
                    job,
                    on_event=on_event,
                    cancelled=cancelled,
                    silent_for_s=silent_for_s,
                    stalled_for_s=stalled_for_s,
                )
        with self._turn.taken(cancelled):
            if cancelled():
                raise Cancelled
            child = self._living_child()
            self._number += 1
            child.begin({"type": "request", "id": self._number, "job": job})
            try:
                return self._follow(child, on_event, cancelled, silent_for_s, stalled_for_s)
            except EngineDied:
                if self._closed:
                    raise Cancelled from None
                raise
            finally:
                if child.busy:  # nobody listens to its work any more
                    child.kill()

    def close(self) -> None:
        """End the child: close its stdin, wait two seconds, kill. Safe to call twice and from any thread."""
        with self._guard:
            self._closed = True
            child, self._child = self._child, None
        if child is not None:
            child.close()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _living_child(self) -> "_Child":
        with self._guard:
            if self._closed:
                raise Cancelled
            mode = self.mode()
            if self._child is not None and not (self._child.alive() and self._child.follow(mode)):
                self._child.close()
                self._child = None
            if self._child is None:
                self._child = _Child(self._argv, _label(self.name), mode)
            return self._child

    def _follow(
        self,
        child: "_Child",
        on_event: OnEvent | None,
        cancelled: Callable[[], bool],
        silent_for_s: float,
        stalled_for_s: float,
    ) -> Message:
        heard = moved = time.monotonic()
        cancelled_at: float | None = None
        while True:
            message = child.next_message(_LOOK_EVERY_S)
            now = time.monotonic()
            if message is not None:
                heard = now
                child.note_work()
                if message.get("id") == self._number:
                    moved = now
                    if message["type"] in _LAST:
                        child.busy = False
                        return _result(message)
                    if on_event is not None and cancelled_at is None:
                        on_event(message)
            child.follow(self.mode())
            if cancelled_at is None and cancelled():
                cancelled_at = now
                child.send({"type": "cancel", "id": self._number})
            if cancelled_at is not None and now - cancelled_at > CANCEL_WAIT_S:
                raise Cancelled
            if now - heard > silent_for_s and not child.starved(now - heard, silent_for_s):
                raise child.fail("it no longer answered")
            if now - moved > stalled_for_s:
                raise child.fail("it got no further")


def given_up(name: str) -> list[str]:
    """What a child of this kind may not do on this system, in the user's words. Raises EngineDied."""
    with Engine(name) as engine:
        return [str(words) for words in engine.request({"do": "holding"})["holding"]]


def _result(last: Message) -> Message:
    """The result in the last message of a request; raises what it stands for."""
    if last["type"] == "cancelled":
        raise Cancelled
    if last["type"] == "refused":
        kind = NotEnoughMemory if last.get("why") == NotEnoughMemory.WHY else KnownError
        raise kind(str(last.get("text", "")))
    return last


class _Child:
    """A running process, the thread that reads its events, and the thread that keeps its last words."""

    def __init__(self, argv: list[str], label: str, mode: Mode) -> None:
        self.busy = False
        self.mode = mode
        self._label = label
        self._messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._tail = b""
        self._noted_s = self._seen_s = self._looked_s = 0.0
        self._works = True
        try:
            self.process = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(mode),
                creationflags=_creation_flags(mode),
            )
        except OSError as error:
            raise EngineDied(f"The {label} could not be started: {error.strerror or error}.") from error
        self._readers = [
            threading.Thread(target=self._read_events, name=f"{label} events", daemon=True),
            threading.Thread(target=self._read_tail, name=f"{label} stderr", daemon=True),
        ]
        for thread in self._readers:
            thread.start()

    def alive(self) -> bool:
        return self.process.poll() is None and not _pipe(self.process.stdin).closed

    def follow(self, mode: Mode) -> bool:
        """Have it work in this mode; False when only a fresh process could."""
        if needs_new_process(self.mode, mode):
            return False
        if mode != self.mode:
            self.mode = mode
            self.send({"type": "mode", "mode": mode})
        return True

    def note_work(self) -> None:
        """Count its work from here on."""
        self._noted_s = self._seen_s = self._worked_s()
        self._looked_s, self._works = time.monotonic(), True

    def starved(self, silent_s: float, limit_s: float) -> bool:
        """Whether it is silent for want of processor time: it works on, but had less of it than the limit."""
        worked_s = self._worked_s()
        if time.monotonic() - self._looked_s > limit_s / 2:
            self._works, self._seen_s = worked_s > self._seen_s, worked_s
            self._looked_s = time.monotonic()
        return self._works and worked_s - self._noted_s < limit_s and silent_s < STARVED_TIMES * limit_s

    def _worked_s(self) -> float:
        try:
            used = psutil.Process(self.process.pid).cpu_times()
        except psutil.Error:
            return 0.0
        return float(used.user + used.system)

    def begin(self, request: Message) -> None:
        """Hand over a request; busy until its last message has come."""
        self.busy = True
        self.send(request)

    def send(self, message: Message) -> None:
        """Write a line. A child that is gone shows itself when its events end."""
        stdin = _pipe(self.process.stdin)
        try:
            stdin.write(encode(message))
            stdin.flush()
        except (OSError, ValueError):
            self.kill()

    def next_message(self, timeout_s: float) -> Message | None:
        """The next event, or None when there is none yet. Raises EngineDied when the child ended."""
        try:
            message = self._messages.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if message is None:
            self._messages.put(None)
            raise self.fail(None)
        return message

    def fail(self, why: str | None) -> EngineDied:
        """Make sure that the child is gone and say what became of it; `why` None means it ended itself."""
        if why is None:
            try:
                self.process.wait(_CLOSE_WAIT_S)
            except subprocess.TimeoutExpired:
                why = "it no longer answered"
        self.kill()
        for thread in self._readers:
            thread.join(1.0)
        tail = self._tail.decode("utf-8", errors="replace")
        reason = why or _reason(self.process.returncode, tail)
        killed = why is None and self.process.returncode in _KILLED
        return EngineDied(f"The {self._label} stopped: {reason}.", tail, killed=killed)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Let it go at the end of its stdin, or kill it."""
        with contextlib.suppress(OSError):  # what was left to write has no reader any more
            _pipe(self.process.stdin).close()
        try:
            self.process.wait(_CLOSE_WAIT_S)
        except subprocess.TimeoutExpired:
            self.kill()
        for thread in self._readers:
            thread.join(1.0)
        _pipe(self.process.stdout).close()
        _pipe(self.process.stderr).close()

    def _read_events(self) -> None:
        stream, lines = _pipe(self.process.stdout), Lines()
        try:
            while data := os.read(stream.fileno(), 65536):
                for message in lines.feed(data):
                    self._messages.put(message)
        except (OSError, ValueError) as error:
            self._tail += f"\n{error}".encode()
            if isinstance(error, LineTooLong):
                self.process.kill()
        finally:
            self._messages.put(None)

    def _read_tail(self) -> None:
        stream = _pipe(self.process.stderr)
        try:
            while data := os.read(stream.fileno(), 4096):
                self._tail = (self._tail + data)[-_TAIL_BYTES:]
        except (OSError, ValueError):
            return  # closed under us while the program ends


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _label(name: str) -> str:
    return LABELS.get(name, f"{name} engine")


def _reason(returncode: int | None, tail: str) -> str:
    """Why a process ended, in words that help its user."""
    if returncode in _ILLEGAL_INSTRUCTION:
        return "this computer's processor lacks an instruction that it needs"
    if returncode in _KILLED:
        return "the system ended it, most likely for want of memory; a smaller model may fit"
    if any(word in tail.lower() for word in _SHORT_OF_MEMORY):
        return "it ran out of memory; a smaller model may fit"
    if returncode in _OVERWORKED:
        return "it worked for two hours on one recording and came to no end"
    last = next((line.strip() for line in reversed(tail.splitlines()) if line.strip()), "")
    if returncode and (returncode < 0 or returncode > 255):
        return f"it crashed ({returncode})"
    return last[:300].rstrip(".") or f"it ended with code {returncode}"


def _environment(mode: Mode) -> dict[str, str]:
    """The child's surroundings: its mode, no imports from the current folder, no thread pools of its own."""
    quiet: dict[str, Any] = {
        MODE_VARIABLE: mode,
        "PYTHONSAFEPATH": "1",
        "GGML_NO_BACKTRACE": "1",  # ggml would start a debugger as it dies
        "PYTHONUTF8": "1",
        "OMP_NUM_THREADS": "1",
        # Threads that wait spin for ever by default: two on two busy cores were two to four times slower.
        "GOMP_SPINCOUNT": "1000",
        "OPENBLAS_NUM_THREADS": "1",
    }
    return {**os.environ, **quiet}


def _creation_flags(mode: Mode) -> int:
    """On Windows: no console window, and after the user's own programs."""
    if sys.platform == "win32":
        after_others = getattr(subprocess, effort_of(mode, cores_here()).windows_class)
        return subprocess.CREATE_NO_WINDOW | int(after_others)
    return 0
