"""The misbehaving server, and a door that may go to it."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from evil_server import Evil, start

from earmark.net import Door


@dataclass
class Noted:
    """A list of requests, as the library keeps one: (host, why, status, bytes)."""

    lines: list[tuple[str, str, int | None, int]] = field(default_factory=list)

    def __call__(self, time_ms: int, host: str, why: str, status: int | None, size_bytes: int) -> None:
        assert time_ms > 1_600_000_000_000
        self.lines.append((host, why, status, size_bytes))


class RunningClock:
    """A clock on which `step_s` pass each time it is looked at."""

    def __init__(self, step_s: float) -> None:
        self.now_s, self._step_s = 0.0, step_s

    def __call__(self) -> float:
        self.now_s += self._step_s
        return self.now_s


@pytest.fixture
def other(evil: Evil) -> Iterator[Evil]:
    """A second origin, which the user did not name."""
    server, stop = start()
    evil.other_port = server.port
    yield server
    stop()


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
def door(evil: Evil, noted: Noted) -> Door:
    """A door for which the user typed the address of `evil`."""
    door = Door(user_agent="Earmark/test", log=noted)
    door.allow(evil.url("/"))
    return door


@pytest.fixture
def hasty_door(evil: Evil, noted: Noted) -> Callable[[float], Door]:
    """A door whose clock runs `step_s` seconds at every look."""

    def made(step_s: float) -> Door:
        door = Door(user_agent="Earmark/test", log=noted, monotonic=RunningClock(step_s))
        door.allow(evil.url("/"))
        return door

    return made


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody vouches for, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl program to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    made, key = folder / "made.pem", folder / "key.pem"
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", made, *names]
    subprocess.run(command, check=True, capture_output=True)
    return made, key
