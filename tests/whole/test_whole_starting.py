"""Starts of the program: many at once, after a kill, beside each other, and in odd surroundings."""

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from earmark.engines import EngineDied, Media
from earmark.paths import Paths, default_paths, resource
from earmark.ui.first_one import hand_over, meeting_point

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="needs fork, signals, limits of processes and XDG's folders"
)
STARTS = 50
SCREEN = {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}


@dataclass
class Nursery:
    """Starts windows of the program within milliseconds, each in a process of its own."""

    process: subprocess.Popen[str]
    words: Path

    def start(self, folder: Path, what: str = "", files: int | None = None) -> int:
        """A window over a data folder; the number of its process."""
        return int(self._ask({"start": str(folder), "what": what, "files": files})["pid"])

    def code(self, pid: int) -> int:
        """What a process ended with, once it has."""
        return int(self._ask({"wait": pid})["code"])

    def _ask(self, order: dict[str, object]) -> dict[str, int]:
        asked, answers = self.process.stdin, self.process.stdout
        assert asked is not None
        assert answers is not None
        asked.write(json.dumps(order) + "\n")
        asked.flush()
        return json.loads(answers.readline())  # type: ignore[no-any-return]


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    """Who starts windows; whatever still runs at the end is ended."""
    words = tmp_path / "words"
    with words.open("w") as err:
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("nursery.py"))],
            env={**os.environ, **SCREEN},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
            start_new_session=True,
        )
    yield Nursery(process, words)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)


def shown(folder: Path) -> list[list[str]]:
    """Of each time that a window was brought to the front its process, its place, and whether it was seen."""
    file = folder.with_suffix(".shown")
    return [line.split() for line in file.read_text().splitlines()] if file.exists() else []


def owner_of(qtbot: QtBot, folder: Path) -> str:
    """The process whose window answers for a data folder, once there is one."""
    before = len(shown(folder))
    qtbot.waitUntil(lambda: hand_over(Paths(folder), "earmark:Saved"), timeout=180_000)
    qtbot.waitUntil(lambda: len(shown(folder)) > before, timeout=30_000)
    return shown(folder)[-1][0]


def test_p_01_of_fifty_starts_at_once_one_runs_and_the_others_raise_its_window(
    tmp_path: Path, nursery: Nursery, qtbot: QtBot
) -> None:
    folder = tmp_path / "profile"
    pids = [nursery.start(folder, "earmark:Library") for _ in range(STARTS)]
    owner = int(owner_of(qtbot, folder))
    assert owner in pids
    codes = {nursery.code(pid) for pid in pids if pid != owner}
    assert codes == {0}
    qtbot.waitUntil(lambda: len(shown(folder)) > STARTS, timeout=30_000)  # who got no answer soon asks again
    told = [line for line in shown(folder) if line[1] == "Library"]
    assert all(line == [str(owner), "Library", "True"] for line in told)
    assert len(told) >= STARTS
    os.kill(owner, 0)
    assert "Traceback" not in nursery.words.read_text()


def test_p_02_after_a_kill_the_next_start_runs_whatever_was_left_behind(
    tmp_path: Path, nursery: Nursery, qtbot: QtBot
) -> None:
    folder = tmp_path / "profile"
    first = nursery.start(folder)
    assert owner_of(qtbot, folder) == str(first)
    os.kill(first, signal.SIGKILL)
    assert nursery.code(first) == -signal.SIGKILL
    assert Path(str(meeting_point(Paths(folder)))).exists()
    (folder / "library.lock").write_text(str(os.getpid()))  # its number is that of somebody else by now
    second = nursery.start(folder)
    assert owner_of(qtbot, folder) == str(second)
    assert "Traceback" not in nursery.words.read_text()


def test_p_03_windows_of_two_data_folders_run_beside_each_other(
    tmp_path: Path, nursery: Nursery, qtbot: QtBot
) -> None:
    folders = [tmp_path / "mine", tmp_path / "hers"]
    pids = [nursery.start(folder) for folder in folders]
    assert [owner_of(qtbot, folder) for folder in folders] == [str(pid) for pid in pids]
    later = nursery.start(folders[1], "earmark:Library")
    assert nursery.code(later) == 0
    qtbot.waitUntil(lambda: shown(folders[1])[-1][1] == "Library", timeout=30_000)
    assert all(line[1] == "Saved" for line in shown(folders[0]))


def test_p_06_a_window_that_may_open_few_files_runs(tmp_path: Path, nursery: Nursery, qtbot: QtBot) -> None:
    folder = tmp_path / "profile"
    pid = nursery.start(folder, files=64)
    assert owner_of(qtbot, folder) == str(pid)
    assert "Traceback" not in nursery.words.read_text()


@dataclass
class Surrounded:
    """A window of the real program that was started in surroundings of its own."""

    data: Path
    words: Path
    process: subprocess.Popen[bytes]


def open_in(data: Path, words: Path, **environment: str) -> Surrounded:
    """Start it, with nothing in its environment but this."""
    words.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    with words.open("wb") as err:
        command = [sys.executable, "-m", "earmark"]
        process = subprocess.Popen(command, env={**kept, **environment}, stdout=err, stderr=err)
    return Surrounded(data, words, process)


def assert_all_run(qtbot: QtBot, windows: list[Surrounded]) -> None:
    """Each answers, has its library, and complains of nothing."""
    try:
        for each in windows:
            qtbot.waitUntil(lambda each=each: hand_over(Paths(each.data), "earmark:Saved"), timeout=60_000)  # type: ignore[misc]
            assert each.process.poll() is None
            assert (each.data / "library.db").stat().st_size > 0
    finally:
        for each in windows:
            each.process.terminate()
            each.process.wait(30)
    assert [each.words for each in windows if b"Traceback" in each.words.read_bytes()] == []


def test_p_04_with_no_bus_no_tray_and_an_empty_environment_the_window_opens(
    tmp_path_factory: pytest.TempPathFactory, qtbot: QtBot
) -> None:
    root, quiet = tmp_path_factory.mktemp("w"), {"QT_QPA_PLATFORM": "offscreen"}
    assert_all_run(
        qtbot,
        [
            open_in(
                root / screen,
                root / f"{screen}.words",
                EARMARK_DATA=str(root / screen),
                **quiet,
                **{screen: ":0"},
            )
            for screen in ("DISPLAY", "WAYLAND_DISPLAY")
        ],
    )


NO_UTF_8 = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ODD_HOME = "my home 🎧 é"


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose path leaves room for odd homes in the name of a socket, which has some 90 bytes."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_p_05_it_starts_in_every_language_and_home(short_folder: Path, qtbot: QtBot) -> None:
    root = short_folder
    odd = (
        ("C", "home", {"LC_ALL": "C"}),
        ("none", ODD_HOME, NO_UTF_8),
        ("turkish", ODD_HOME, {"LANG": "tr_TR.UTF-8"}),
        ("arabic", "home", {"LANG": "ar_EG.UTF-8"}),
    )
    windows = []
    for name, home, language in odd:
        folder = root / name / home
        folder.mkdir(parents=True)
        data, words = folder / ".local" / "share" / "earmark", root / f"{name}.words"
        windows.append(open_in(data, words, HOME=str(folder), **language, **SCREEN))
    homeless = root / "no home"
    windows.append(open_in(homeless, root / "no home.words", EARMARK_DATA=str(homeless), **SCREEN))
    assert_all_run(qtbot, windows)


def test_p_05_without_a_home_the_system_s_own_list_of_users_names_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HOME", "EARMARK_DATA", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert default_paths().data.is_absolute()


def earmark(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A verb, done in these surroundings."""
    return subprocess.run(
        [sys.executable, "-m", "earmark", *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        check=False,
    )


def test_p_05_paths_and_answers_are_in_utf_8_even_where_the_locale_knows_none(tmp_path: Path) -> None:
    folder = tmp_path / "my home 🎧"
    said = earmark("--data-dir", str(folder), "glossary", "Größe", **NO_UTF_8)
    assert (said.returncode, "Größe" in (folder / "settings.toml").read_text("utf-8")) == (0, True), (
        said.stderr
    )
    assert str(folder) in earmark("--data-dir", str(folder), "taste", **NO_UTF_8).stdout


TELLING = r"""
import sys
import tempfile
from earmark import selftest
says = "print('{\"window\": {\"ok\": true, \"detail\": \"\\u201cxcb\\u201d\"}}')"
selftest.self_argv = lambda *_: [sys.executable, "-X", "utf8", "-c", says]
print(ascii(selftest._in_its_own_process("window").detail))
"""


def test_p_05_doctor_understands_its_own_children_where_the_locale_knows_no_utf_8() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TELLING],
        env={**os.environ, **NO_UTF_8},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "'\\u201cxcb\\u201d'\n", done.stderr


def test_p_05_a_folder_whose_name_is_no_text_is_refused_in_words(tmp_path: Path) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    said = earmark("--data-dir", folder, "taste", LC_ALL="C.UTF-8")
    assert said.returncode == 1
    assert said.stderr == (
        f"earmark: The name of the folder {tmp_path}/caf\N{REPLACEMENT CHARACTER} is not in UTF-8. "
        "Choose another one with --data-dir.\n"
    )


@pytest.mark.parametrize(("files", "code"), [(8, 1), (24, 0)])
def test_p_06_a_verb_that_may_open_few_files_works_or_says_so(files: int, code: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "earmark", "--data-dir", str(tmp_path), "add", str(resource("demo"))]
    limited = ["prlimit", f"--nofile={files}", *command]
    done = subprocess.run(limited, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert ("Too many open files" in done.stderr) == bool(code)


def test_p_06_where_no_process_may_be_started_the_fault_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    sound = next(resource("demo").glob("*.opus"))
    monkeypatch.setattr(subprocess, "Popen", refuse)
    with (
        Media() as media,
        pytest.raises(EngineDied, match="could not be started: Resource temp"),
    ):
        media.decode(sound, tmp_path / "a.pcm", cancelled=lambda: False)
