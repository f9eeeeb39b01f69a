"""What every test may ask for."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from evil_server import Evil, start
from keyring.backends.fail import Keyring as NoKeyring
from made_once import once
from memory_keyring import MemoryKeyring

from earmark.engines import minilm, starter
from earmark.paths import Paths

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_report_header() -> str:
    """Say which evidence data the run may use."""
    return f"shared data: {os.environ.get('EARMARK_SHARED', 'absent, its tests are skipped')}"


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """`shared("data/audio/en")`: a path of the evidence data, or a skip with the reason.

    With EARMARK_REQUIRE_SHARED set, as in CI, missing data is a failure.
    """

    def path_of(name: str) -> Path:
        root = os.environ.get("EARMARK_SHARED")
        path = Path(root).resolve() / name if root else None
        if path is not None and path.exists():
            return path
        reason = f"needs {name} of the evidence data; set EARMARK_SHARED to its folder"
        if os.environ.get("EARMARK_REQUIRE_SHARED"):
            pytest.fail(reason)
        pytest.skip(reason)

    return path_of


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """A new profile with its folders."""
    made = Paths(tmp_path / "profile")
    made.create()
    return made


@pytest.fixture
def evil() -> Iterator[Evil]:
    """A misbehaving server on this computer, which notes who comes."""
    server, stop = start()
    yield server
    stop()


@pytest.fixture(scope="session")
def kept_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where models lie that were made before."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(autouse=True)
def models_made_once(kept_models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No new profile of a test makes anew what another has made; those that test the making make it."""
    monkeypatch.setattr(minilm, "convert", once(minilm.convert, kept_models))
    monkeypatch.setattr(starter, "_unpack", once(starter._unpack, kept_models))


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may reach beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            inside = address[0].startswith("127.") or address[0] in ("::1", "localhost")
            assert inside, f"a test connects to {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True, scope="session")
def _no_keyring_of_the_user() -> None:
    """No test may ask or change the passwords of whoever runs it; those that need a keyring bring one."""
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    """The system's keyring, which forgets at the end of the test."""
    before, made = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)
