"""A child that is taken over can reach nothing: no other file, no network, no program."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from earmark.engines import given_up
from earmark.engines.lines import encode
from earmark.paths import resource, self_argv

linux = pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")

PROBE = """
import ctypes, json, os, socket, subprocess, sys, threading
from earmark.engines import confine
name, folder, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
kept = open(folder + "/kept", "rb")
written = open(folder + "/written", "wb")
if name: confine.confine(name)
def tcp(): socket.create_connection(("127.0.0.1", port)).close()
def udp(): socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", port))
def other(): open(folder + "/other", "rb").read()
def make(): open(folder + "/made", "wb").close()
def remove(): os.unlink(folder + "/victim")
def listing(): os.listdir(folder)
def run(): subprocess.run([sys.executable, "-c", ""], check=True)
def fork():
    if (pid := os.fork()) == 0: os._exit(0)
    os.waitpid(pid, 0)
def signal(): os.kill(os.getppid(), 0)
def signal_thread():
    number = {"x86_64": 200, "aarch64": 130}[os.uname().machine]
    library = ctypes.CDLL(None, use_errno=True)
    if library.syscall(number, os.getppid(), 0): raise OSError(ctypes.get_errno(), "tkill")
def local(): socket.socket(socket.AF_UNIX).close()
def thread():
    done = threading.Event(); threading.Thread(target=done.set).start(); done.wait()
def own(): assert kept.read() == b"mine"; written.write(b"x"); written.flush()
could = []
for attempt in (tcp, udp, other, make, remove, listing, run, fork, signal, signal_thread, local, thread, own):
    try: attempt(); could.append(attempt.__name__)
    except OSError: pass
print(json.dumps({"could": could, "held": confine.holding()}))
"""
EVERYTHING = {
    *("tcp", "udp", "other", "make", "remove", "listing", "run", "fork", "signal"),
    *("signal_thread", "local", "thread", "own"),
}


def probed(name: str, folder: Path) -> tuple[set[str], list[str]]:
    """What a process could do that is confined as this engine ("": not at all), and what it says it held."""
    for file in ("kept", "other", "victim"):
        (folder / file).write_bytes(b"mine")
    with socket.create_server(("127.0.0.1", 0)) as server:
        argv = [sys.executable, "-c", PROBE, name, str(folder), str(server.getsockname()[1])]
        done = subprocess.run(argv, capture_output=True, timeout=60, check=True)
    told = json.loads(done.stdout)
    return set(told["could"]), told["held"]


@linux
def test_an_unconfined_process_could_do_all_of_it(tmp_path: Path) -> None:
    assert probed("", tmp_path) == (EVERYTHING, [])


@linux
@pytest.mark.parametrize("name", ["media", "feeds"])
def test_who_reads_what_strangers_made_reaches_no_file_no_network_and_no_program(
    tmp_path: Path, name: str
) -> None:
    could, held = probed(name, tmp_path)
    if "no network" in held:
        assert not could & {"tcp", "udp", "local", "run", "fork", "signal"}
    if "opens no other file" in held:
        assert not could & {"other", "make", "remove", "listing", "run", "tcp"}
    assert {"thread", "own"} <= could
    assert "at most 2 GB of memory" in held


@linux
@pytest.mark.parametrize("name", ["asr", "llm"])
def test_engines_that_run_models_lose_the_network_alone(tmp_path: Path, name: str) -> None:
    could, held = probed(name, tmp_path)
    assert could == EVERYTHING - ({"tcp", "udp"} if held else set())


@pytest.mark.parametrize("name", ["asr", "media"])
def test_a_child_says_what_it_gave_up(name: str) -> None:
    words = given_up(name)
    if sys.platform == "linux":
        assert "no network" in words
    assert ("at most 2 GB of memory" in words) == (name == "media" and sys.platform != "win32")


@linux
def test_a_confined_decoder_still_follows_the_mode() -> None:
    code = (
        "import os; from earmark.engines import confine; from earmark.engines.effort import OWN\n"
        "OWN.take('fast'); confine.confine('media'); before = os.getpriority(os.PRIO_PROCESS, 0)\n"
        "OWN.take('quiet'); print(os.getpriority(os.PRIO_PROCESS, 0) > before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert done.stdout == b"True\n"


@linux
def test_a_recording_that_asks_for_too_much_memory_is_refused(tmp_path: Path) -> None:
    code = (
        "from earmark.engines import confine; confine.confine('media')\n"
        "try: bytearray(3 * 2**30)\nexcept MemoryError: print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert done.stdout == b"refused\n"


@linux
def test_the_result_cannot_grow_beyond_what_was_asked_for(tmp_path: Path) -> None:
    code = (
        "import sys; from earmark.engines import confine; confine.limit_result(1000)\n"
        "out = open(sys.argv[1], 'wb', buffering=0)\n"
        "try: out.write(bytes(999)); out.write(bytes(2)); out.write(bytes(2))\n"
        "except OSError: print(out.tell())"
    )
    argv = [sys.executable, "-c", code, str(tmp_path / "a")]
    done = subprocess.run(argv, capture_output=True, timeout=60, check=True)
    assert done.stdout == b"1000\n"


@linux
def test_the_decoder_opens_one_recording_and_connects_to_nothing(tmp_path: Path) -> None:
    """Every file that the child opens once it was given its job, as the kernel saw it."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    secret = tmp_path / "secret.wav"
    shutil.copy(min(resource("demo").glob("*.opus")), secret)
    body = f"ffconcat version 1.0\nfile '{secret}'\n".encode()
    (tmp_path / "list.mp3").write_bytes(body)
    log = tmp_path / "log"
    argv = self_argv("--engine", "media", str(tmp_path / "list.mp3"), str(tmp_path / "a.part"))
    traced = [strace, "-f", "-qq", "-e", "trace=openat,connect,socket,execve", "-o", str(log), *argv]
    job = encode({"type": "request", "id": 1, "job": {"max_ms": 1000}})
    done = subprocess.run(traced, input=job, capture_output=True, timeout=120, check=False)
    if not log.exists() or "list.mp3" not in log.read_text():
        pytest.skip(f"strace may not trace here: {done.stderr[-200:]!r}")
    calls = log.read_text().splitlines()
    begun = next(number for number, call in enumerate(calls) if "list.mp3" in call)
    after = [call for call in calls[begun + 1 :] if "a.part" not in call and "exited with" not in call]
    opened = [call for call in after if "openat" in call and "= -1" not in call]
    assert all("/proc/self/status" in call for call in opened), opened
    assert not [call for call in after if "connect(" in call or "socket(" in call or "secret" in call]
