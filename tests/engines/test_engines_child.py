"""The real children keep their manners."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from earmark.engines import Engine, EngineDied
from earmark.errors import KnownError
from earmark.paths import self_argv

NAMES = ["asr", "llm", "media"]
linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc")

PATCHED = """
import os, sys
from earmark.engines import child
child.IDLE_S = 0.0001
unloads = []
class Loop:
    def work(self, job, emit, cancelled):
        if job["do"] == "print":
            os.write(1, b"native noise\\n"); print("python noise"); sys.stdout.flush()
        if job["do"] == "bug": raise RuntimeError("a mistake of ours")
        if job["do"] == "memory": raise MemoryError
        if job["do"] == "unloads": return {"unloads": len(unloads)}
        return {}
    def unload(self): unloads.append(1)
child.make_loop = lambda name: Loop()
sys.exit(child.run("asr"))
"""


@pytest.mark.parametrize("name", [*NAMES, "feeds"])
def test_a_child_leaves_at_the_end_of_its_input_and_says_nothing_else(name: str) -> None:
    argv = self_argv("--engine", name)
    done = subprocess.run(argv, input=b"", capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    for line in done.stdout.splitlines():
        assert json.loads(line)["type"] == "heartbeat"


def test_an_unknown_engine_is_refused() -> None:
    done = subprocess.run(self_argv("--engine", "mail"), capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert b"no engine named mail" in done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_child_imports_neither_qt_nor_the_library(name: str) -> None:
    code = (
        f"from earmark.engines.child import make_loop; make_loop({name!r}); import sys;"
        "bad = [m for m in sys.modules if m.startswith(('PySide6', 'earmark.library'))];"
        "sys.exit(repr(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_the_programs_side_imports_no_native_engine() -> None:
    code = (
        "import earmark.engines, sys;"
        "native = ('av', 'llama_cpp', '_pywhispercpp', 'PySide6');"
        "bad = [m for m in sys.modules if m.split('.')[0] in native];"
        "sys.exit(repr(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def patched() -> Engine:
    return Engine("asr", argv=[sys.executable, "-c", PATCHED])


def test_what_libraries_print_goes_to_stderr(patched: Engine) -> None:
    with patched:
        assert patched.request({"do": "print"})["type"] == "done"
        with pytest.raises(EngineDied) as caught:
            patched.request({"do": "bug"})
    assert "native noise" in caught.value.tail
    assert "python noise" in caught.value.tail


def test_a_mistake_of_ours_ends_the_child_with_its_traceback(patched: Engine) -> None:
    with patched, pytest.raises(EngineDied, match="a mistake of ours") as caught:
        patched.request({"do": "bug"})
    assert "Traceback" in caught.value.tail


def test_a_lack_of_memory_is_said_in_words_and_survived(patched: Engine) -> None:
    with patched:
        with pytest.raises(KnownError, match="not enough memory"):
            patched.request({"do": "memory"})
        assert patched.request({"do": "nothing"})["type"] == "done"


def test_models_are_let_go_when_nothing_is_asked(patched: Engine) -> None:
    with patched:
        assert any(patched.request({"do": "unloads"})["unloads"] for _ in range(10_000))


def test_modules_planted_in_the_current_folder_are_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("av", "json", "earmark", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('planted')")
    monkeypatch.chdir(tmp_path)
    argv = self_argv("--engine", "media", "none.mp3", "a.part")
    with Engine("media", argv=argv) as engine, pytest.raises(KnownError, match="cannot be opened"):
        engine.request({"max_ms": 1})


@linux
@pytest.mark.parametrize("name", NAMES)
def test_a_child_writes_no_core_dump_is_nice_and_opens_no_socket(name: str) -> None:
    with Engine(name, argv=self_argv("--engine", name, "/nowhere", "/nowhere/x")) as engine:
        with pytest.raises((KnownError, EngineDied)):
            engine.request(
                {"do": "embed", "texts": [], "model": "/nowhere", "pcm": "/nowhere/x",
                 "start_ms": 0, "max_ms": 1}
            )  # fmt: skip
        proc = Path(f"/proc/{engine.pid}")
        core = next(line for line in (proc / "limits").read_text().splitlines() if "core file" in line)
        assert core.split()[4] == "0"
        assert int((proc / "stat").read_text().rsplit(")", 1)[1].split()[16]) >= 10
        opened = [str(link.readlink()) for link in (proc / "fd").iterdir()]
        assert not [target for target in opened if target.startswith("socket")]
