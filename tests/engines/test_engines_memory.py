"""Too little memory is said before native code crashes in it; a child that dies of it is no loop."""

import sys
from pathlib import Path

import pytest

from earmark.engines import Engine, EngineDied, NotEnoughMemory, Speech, sample_speech_model, starter_llm
from earmark.engines.memory import _room_in_group, free_bytes, size_text
from earmark.paths import Paths

unix = pytest.mark.skipif(sys.platform == "win32", reason="no limit on the address space")
MB = 1_000_000
SOUND_S = 30
LIMITED = """
import resource, sys, psutil
from earmark.engines import child, llama, whisper
kind, spare_bytes, unseen = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "unseen"
loop = child.make_loop(kind)
child.make_loop = lambda name: loop
if unseen:
    llama.require_room = whisper.require_room = lambda name, needed: None
limit = psutil.Process().memory_info().vms + spare_bytes
resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
sys.exit(child.run(kind))
"""


def limited(kind: str, spare_mb: int, *, unseen: bool = False) -> Engine:
    """An engine whose child may take so many megabytes more; `unseen`: it does not look before it loads."""
    seen = "unseen" if unseen else "seen"
    return Engine(kind, argv=[sys.executable, "-c", LIMITED, kind, str(spare_mb * MB), seen])


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    made = Paths(tmp_path_factory.mktemp("profile"))
    made.create()
    return made


@pytest.fixture
def pcm(tmp_path: Path) -> Path:
    (tmp_path / "a.pcm").write_bytes(b"\0" * 32_000 * SOUND_S)
    return tmp_path / "a.pcm"


def choose(engine: Engine, model: Path) -> object:
    """Something that needs the language model."""
    with engine:
        job = {"do": "choose", "model": str(model), "context": "a b", "options": [" c"]}
        return engine.request(job)


@unix
@pytest.mark.parametrize("unseen", [False, True], ids=["looked first", "mapping the file failed"])
def test_a_language_model_without_room_is_refused_with_what_is_needed_and_free(
    paths: Paths, unseen: bool
) -> None:
    with pytest.raises(NotEnoughMemory, match=r"needs about \d+ MB .* \d+ MB is free.* smaller model"):
        choose(limited("llm", 60, unseen=unseen), starter_llm(paths))


@unix
def test_a_speech_model_without_room_is_refused_before_it_is_loaded(paths: Paths, pcm: Path) -> None:
    with (
        Speech(limited("asr", 60)) as speech,
        pytest.raises(NotEnoughMemory, match=r"needs about \d+ MB .* \d+ MB is free.* smaller model"),
    ):
        speech.transcribe(pcm, model=sample_speech_model(paths), on_window=lambda _window: None)


@unix
def test_what_native_code_is_refused_is_told_as_a_want_of_memory(paths: Paths, pcm: Path) -> None:
    short = pytest.raises((NotEnoughMemory, EngineDied))
    with Speech(limited("asr", 20, unseen=True)) as speech, short as told:
        speech.transcribe(pcm, model=sample_speech_model(paths), on_window=lambda _window: None)
    assert "memory" in str(told.value)
    assert "smaller model" in str(told.value)


@unix
def test_a_child_that_is_killed_says_that_a_smaller_model_may_fit() -> None:
    killed = "import os, signal, sys; sys.stdin.readline(); os.kill(os.getpid(), signal.SIGKILL)"
    with (
        Engine("asr", argv=[sys.executable, "-c", killed]) as engine,
        pytest.raises(EngineDied, match="want of memory; a smaller model may fit") as death,
    ):
        engine.request({})
    assert death.value.killed


def test_a_limit_on_the_group_of_processes_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = tmp_path
    own = Path("/proc/self/cgroup")
    if own.exists():
        group = tmp_path / own.read_text("ascii").strip().rpartition("::")[2].lstrip("/")
        group.mkdir(parents=True, exist_ok=True)
    else:
        pytest.skip("no groups here")
    (group / "memory.max").write_text("1000000000\n")
    (group / "memory.current").write_text("900000000\n")
    (group / "memory.stat").write_text("anon 500000000\ninactive_file 300000000\nactive_file 50000000\n")
    assert _room_in_group(tmp_path) == 450_000_000
    (group / "memory.max").write_text("max\n")
    assert _room_in_group(tmp_path) is None
    assert free_bytes() > 0


def test_sizes_are_said_as_people_say_them() -> None:
    assert [size_text(n) for n in (-1, 999 * MB, 1000 * MB)] == ["0 MB", "999 MB", "1.0 GB"]
