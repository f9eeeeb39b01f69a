"""The three modes: a table, and what a child makes of it while it works."""

import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.demo import DemoEpisode, demo_episodes
from earmark.engines import Engine, Heard, Media, Speech, sample_speech_model
from earmark.engines.effort import cores_here, effort_of, needs_new_process
from earmark.paths import Paths, resource
from earmark.settings import Mode

linux = pytest.mark.skipif(sys.platform != "linux", reason="niceness of each thread")

REPORTING = """
import os, sys
from earmark.engines import child
from earmark.engines.effort import OWN
class Loop:
    def work(self, job, emit, cancelled):
        tids = [int(t) for t in os.listdir("/proc/self/task")]
        emit({"type": "begun"})
        while job["stay"] and OWN.threads == job["threads"] and not cancelled():
            cancelled()
        nice = sorted({os.getpriority(os.PRIO_PROCESS, t) for t in tids})
        return {"threads": OWN.threads, "few": OWN.few_threads, "nice": nice, "pid": os.getpid()}
    def unload(self): pass
child.make_loop = lambda name: Loop()
sys.exit(child.run("asr"))
"""


@given(st.integers(1, 256))
def test_a_core_stays_free_in_all_but_the_fast_mode_and_modes_grow(cores: int) -> None:
    quiet, balanced, fast = (effort_of(mode, cores) for mode in ("quiet", "balanced", "fast"))
    for effort in (quiet, balanced):
        assert 1 <= effort.threads <= max(1, cores - 1)
    assert quiet.threads <= balanced.threads <= fast.threads <= cores
    assert max(one.few_threads for one in (quiet, balanced, fast)) <= max(1, cores - 1)
    assert quiet.niceness > balanced.niceness > fast.niceness > 0
    assert all(hasattr(one, "windows_class") and "PRIORITY" in one.windows_class for one in (quiet, fast))


def test_no_process_is_asked_to_become_less_nice() -> None:
    if sys.platform == "win32":
        assert not needs_new_process("quiet", "fast")
        return
    assert needs_new_process("quiet", "balanced")
    assert needs_new_process("balanced", "fast")
    assert not needs_new_process("fast", "quiet")
    assert not needs_new_process("quiet", "quiet")


@pytest.fixture
def chosen() -> list[Mode]:
    """The mode, as a test changes it."""
    return ["balanced"]


@linux
def test_every_thread_of_a_child_is_as_nice_as_the_mode_says(chosen: list[Mode]) -> None:
    own = psutil.Process().nice()
    with Engine("asr", argv=[sys.executable, "-c", REPORTING], mode=lambda: chosen[0]) as engine:
        pids = {}
        for mode in ("fast", "balanced", "quiet", "fast"):
            chosen[0] = mode  # type: ignore[call-overload]
            told = engine.request({"stay": False, "threads": 0})
            effort = effort_of(mode, cores_here())  # type: ignore[arg-type]
            assert told["nice"] == [max(own, effort.niceness)]
            assert (told["threads"], told["few"]) == (effort.threads, effort.few_threads)
            pids.setdefault(mode, []).append(told["pid"])
    assert pids["fast"][0] == pids["balanced"][0] == pids["quiet"][0], "nicer: the same process goes on"
    assert pids["fast"][1] != pids["fast"][0], "less nice: only a fresh process may be"


@linux
def test_a_mode_that_is_chosen_while_a_request_is_done_counts_within_it(chosen: list[Mode]) -> None:
    if cores_here() == 1:
        pytest.skip("one core has one number of threads")
    chosen[0] = "fast"

    def change(_event: object) -> None:
        chosen[0] = "quiet"

    with Engine("asr", argv=[sys.executable, "-c", REPORTING], mode=lambda: chosen[0]) as engine:
        before = effort_of("fast", cores_here()).threads
        told = engine.request({"stay": True, "threads": before}, on_event=change)
    assert told["threads"] == effort_of("quiet", cores_here()).threads
    assert told["nice"] == [max(psutil.Process().nice(), 19)]


def heard_with(speech: Speech, pcm: Path, model: Path, seen: Callable[[Heard], None]) -> list[str]:
    """The text of a sound, and each window shown to `seen`."""
    texts: list[str] = []

    def take(window: Heard) -> None:
        texts.extend(segment.text for segment in window.segments)
        seen(window)

    speech.transcribe(pcm, model=model, on_window=take)
    return texts


def test_a_mode_that_is_changed_between_windows_changes_no_word(tmp_path: Path, chosen: list[Mode]) -> None:
    episode: DemoEpisode = next(one for one in demo_episodes() if one.slug.startswith("kitchen-table"))
    pcm, model = tmp_path / "a.pcm", sample_speech_model(Paths(tmp_path / "profile"))
    with Media() as media:
        media.decode(resource("demo") / f"{episode.slug}.opus", pcm)
    pcm.write_bytes(pcm.read_bytes()[: 70 * 32_000])
    with Speech() as calm:
        expected = heard_with(calm, pcm, model, lambda _window: None)
    pids: list[int | None] = []
    order: list[Mode] = ["balanced", "fast", "quiet"]

    def change(_window: Heard) -> None:
        pids.append(speech.engine.pid)
        chosen[0] = order[len(pids) % len(order)]

    with Speech(mode=lambda: chosen[0]) as speech:
        assert heard_with(speech, pcm, model, change) == expected
    assert len(pids) > 2
    if sys.platform != "win32":
        assert len(set(pids)) > 1, "a faster mode began a fresh process between two windows"
