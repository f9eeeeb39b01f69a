"""The client survives everything a child process can do."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from earmark.engines import Engine, EngineDied
from earmark.errors import Cancelled, KnownError

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")

HELPERS = """
import json, os, signal, sys, threading, time
def say(**message): sys.stdout.write(json.dumps(message) + "\\n"); sys.stdout.flush()
def beat():
    while True:
        time.sleep(0.1); say(type="heartbeat")
def next_request():
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "request": return message["id"], message["job"]
    os._exit(0)
"""

Make = Callable[[str], Engine]


@pytest.fixture
def make() -> Iterator[Make]:
    """`make(body)`: an engine whose child runs `body` after the helpers above."""
    engines: list[Engine] = []

    def engine_of(body: str) -> Engine:
        engines.append(Engine("asr", argv=[sys.executable, "-c", HELPERS + body]))
        return engines[-1]

    yield engine_of
    for engine in engines:
        engine.close()


ECHO = """
while True:
    number, job = next_request()
    if job.get("do") == "crash": os.kill(os.getpid(), job["signal"])
    say(type="progress", id=number, done=1); say(type="done", id=number, job=job)
"""


def test_a_job_gives_its_events_and_its_result(make: Make) -> None:
    events: list[object] = []
    engine = make(ECHO)
    done = engine.request({"x": "ü"}, on_event=events.append)
    assert done["job"] == {"x": "ü"}
    assert events == [{"type": "progress", "id": 1, "done": 1}]


def test_one_child_serves_many_requests(make: Make) -> None:
    engine = make(ECHO)
    pids = set()
    for n in range(20):
        assert engine.request({"n": n})["job"] == {"n": n}
        pids.add(engine.pid)
    assert len(pids) == 1


@posix
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGILL])
def test_a_crash_is_an_error_in_words_and_the_next_request_works(make: Make, number: int) -> None:
    engine = make(ECHO)
    assert engine.request({"n": 1})["job"] == {"n": 1}
    with pytest.raises(EngineDied, match=r"^The speech engine stopped: .+\.$"):
        engine.request({"do": "crash", "signal": int(number)})
    assert engine.request({"n": 2})["job"] == {"n": 2}


@posix
def test_a_child_killed_between_requests_is_replaced(make: Make) -> None:
    engine = make(ECHO)
    engine.request({})
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGKILL)
    try:
        engine.request({})
    except EngineDied:
        engine.request({})


@posix
def test_an_old_processor_is_named(make: Make) -> None:
    with pytest.raises(EngineDied, match="processor"):
        make(ECHO).request({"do": "crash", "signal": int(signal.SIGILL)})


@posix
def test_a_stopped_child_is_found_by_its_silence_and_killed(make: Make) -> None:
    engine = make("threading.Thread(target=beat, daemon=True).start()\n" + ECHO)
    engine.request({})
    pid = engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(EngineDied, match="no longer answered"):
        engine.request({}, silent_for_s=1.0)
    assert engine.pid is None


SELDOM = """
number, job = next_request()
say(type="heartbeat")
end = time.monotonic() + 2.2
while time.monotonic() < end:
    until = time.process_time() + 0.01
    while time.process_time() < until: pass
    threading.Event().wait(0.1)
say(type="done", id=number)
"""


def test_a_child_that_others_leave_little_of_the_processor_gets_more_time_to_answer(make: Make) -> None:
    assert make(SELDOM).request({}, silent_for_s=1.5)["type"] == "done"


def test_a_child_that_works_on_and_on_without_a_word_is_killed(make: Make) -> None:
    with pytest.raises(EngineDied, match="no longer answered"):
        make("next_request()\nwhile True: pass").request({}, silent_for_s=1.0)


def test_a_child_that_worked_a_little_and_then_waits_for_ever_is_not_taken_for_a_starved_one(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.engines.client.STARVED_TIMES", 10_000)
    with pytest.raises(EngineDied, match="no longer answered"):
        make("next_request()\nsum(range(10**6))\nthreading.Event().wait()").request({}, silent_for_s=1.0)


def test_heartbeats_keep_a_slow_job_alive_until_it_stalls(make: Make) -> None:
    body = "threading.Thread(target=beat, daemon=True).start(); next_request(); threading.Event().wait()"
    engine = make(body)
    began = time.monotonic()
    with pytest.raises(EngineDied, match="got no further"):
        engine.request({}, silent_for_s=0.6, stalled_for_s=1.5)
    assert time.monotonic() - began > 1.4


def test_the_last_words_on_stderr_are_kept(make: Make) -> None:
    engine = make('sys.stderr.write("x" * 20000 + "\\nno such tensor: blk.0\\n"); sys.exit(3)')
    with pytest.raises(EngineDied, match=r"no such tensor: blk\.0") as caught:
        engine.request({})
    assert len(caught.value.tail) <= 8192


def test_rubbish_on_stdout_is_passed_over(make: Make) -> None:
    body = 'os.write(1, b"\\xff\\x00 garbage\\n[]\\n\\n{\\n" + "half ü".encode()[:-1] + b"\\n")\n'
    assert make(body + ECHO).request({"n": 1})["job"] == {"n": 1}


def test_endless_output_without_a_line_break_ends_the_child(make: Make) -> None:
    engine = make("next_request()\nwhile True: os.write(1, b'x' * 65536)")
    with pytest.raises(EngineDied):
        engine.request({}, silent_for_s=20)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_characters_cut_anywhere_arrive_whole(make: Make, size: int) -> None:
    body = f"""
number, job = next_request()
message = {{"type": "done", "id": number, "text": "Grüße 你好 🎧"}}
data = json.dumps(message, ensure_ascii=False).encode() + b"\\n"
for at in range(0, len(data), {size}): os.write(1, data[at:at + {size}])
next_request()
"""
    assert make(body).request({})["text"] == "Grüße 你好 🎧"


def test_a_program_that_is_not_there_is_an_error_in_words() -> None:
    engine = Engine("llm", argv=["earmark-no-such-program", "--engine", "llm"])
    with pytest.raises(EngineDied, match="The language engine could not be started"):
        engine.request({})
    engine.close()


def test_a_refusal_is_shown_as_it_is_and_the_child_stays(make: Make) -> None:
    engine = make("""
while True:
    number, job = next_request()
    say(type="refused", id=number, text="The file is a web page.")
""")
    for _ in range(2):
        with pytest.raises(KnownError, match=r"^The file is a web page\.$") as caught:
            engine.request({})
        assert not isinstance(caught.value, EngineDied)


def test_a_child_that_listens_stops_at_once_when_cancelled_and_lives_on(make: Make) -> None:
    engine = make("""
while True:
    number, job = next_request()
    if job: say(type="done", id=number); continue
    for line in sys.stdin:
        if json.loads(line)["type"] == "cancel": break
    say(type="cancelled", id=number)
""")
    began = time.monotonic()
    with pytest.raises(Cancelled):
        engine.request({}, cancelled=lambda: time.monotonic() - began > 0.2)
    pid = engine.pid
    engine.request({"n": 1})
    assert engine.pid == pid


def test_a_child_that_does_not_listen_is_killed(make: Make) -> None:
    engine = make("next_request()\nwhile True: say(type='heartbeat'); time.sleep(0.01)")
    began = time.monotonic()
    with pytest.raises(Cancelled):
        engine.request({}, cancelled=lambda: time.monotonic() - began > 0.2)
    assert engine.pid is None


def test_a_job_cancelled_before_it_began_starts_nothing(make: Make) -> None:
    engine = make(ECHO)
    with pytest.raises(Cancelled):
        engine.request({}, cancelled=lambda: True)
    assert engine.pid is None


def test_when_the_listener_fails_the_child_does_not_work_on(make: Make) -> None:
    engine = make("number, job = next_request(); say(type='window', id=number); next_request()")

    def full_disk(_event: object) -> None:
        raise KnownError("The disk is full.")

    with pytest.raises(KnownError, match="disk is full"):
        engine.request({}, on_event=full_disk)
    assert engine.pid is None


def test_answers_to_an_earlier_request_are_not_taken_for_this_one(make: Make) -> None:
    engine = make("""
while True:
    number, job = next_request()
    say(type="done", id=number - 1, n="stale"); say(type="done", id=number, n="fresh")
""")
    assert [engine.request({})["n"] for _ in range(3)] == ["fresh"] * 3


def test_closing_ends_the_child_and_may_be_done_twice(make: Make) -> None:
    engine = make(ECHO)
    engine.request({})
    assert engine.pid is not None
    engine.close()
    engine.close()
    assert engine.pid is None
    with pytest.raises(Cancelled):
        engine.request({})


def test_closing_during_a_request_cancels_it(make: Make) -> None:
    engine = make("next_request()\nsay(type='window', id=1)\nnext_request()")
    begun = threading.Event()
    outcome: list[BaseException] = []

    def ask() -> None:
        try:
            engine.request({}, on_event=lambda _event: begun.set())
        except (Cancelled, KnownError) as error:
            outcome.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    assert begun.wait(10)
    engine.close()
    thread.join(10)
    assert [type(error) for error in outcome] == [Cancelled]


def test_requests_from_several_threads_take_turns(make: Make) -> None:
    engine = make(ECHO)
    answers: list[object] = []
    threads = [
        threading.Thread(target=lambda n=n: answers.append(engine.request({"n": n})["job"]["n"]))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers, key=str) == list(range(8))


PARENT = """
import sys
from earmark.engines import Engine
from earmark.paths import self_argv
engine = Engine("media", argv=self_argv("--engine", "media", "/nowhere", "/nowhere/x"))
try:
    engine.request({"max_ms": 1})
except Exception as error:
    print(type(error).__name__, engine.pid, flush=True)
sys.stdin.read()
"""


@posix
def test_the_child_leaves_when_the_program_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        name, pid = parent.stdout.readline().split()
        assert name == "KnownError"
        parent.kill()
    gone_by = time.monotonic() + 5
    while _runs(int(pid)) and time.monotonic() < gone_by:
        threading.Event().wait(0.02)
    assert not _runs(int(pid))


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_who_waits_for_another_request_can_be_cancelled(make: Make) -> None:
    engine = make("next_request()\nsay(type='window', id=1)\nnext_request()")
    begun, outcome = threading.Event(), queue.SimpleQueue[str]()

    def ask(on_event: Callable[[object], None] | None, *, cancelled: bool) -> None:
        try:
            engine.request({}, on_event=on_event, cancelled=lambda: cancelled)
        except Cancelled:
            outcome.put("second" if cancelled else "first")

    first = threading.Thread(target=ask, args=[lambda _event: begun.set()], kwargs={"cancelled": False})
    second = threading.Thread(target=ask, args=[None], kwargs={"cancelled": True})
    first.start()
    assert begun.wait(10)
    second.start()
    second.join(10)
    engine.close()
    first.join(10)
    assert [outcome.get(timeout=10) for _ in range(2)] == ["second", "first"]


def test_what_is_asked_while_a_request_is_followed_gets_a_child_of_its_own(make: Make) -> None:
    """As when room for a download is made during a decode: its own thread would be waited for, for ever."""
    engine, within = make(ECHO), []

    def asked_to_stop() -> bool:
        if not within:
            within.append({})  # once
            within[0] = engine.request({"small": 1})["job"]
        return False

    assert engine.request({"long": 1}, cancelled=asked_to_stop)["job"] == {"long": 1}
    assert within == [{"small": 1}]
    assert engine.request({"after": 1})["job"] == {"after": 1}
