"""A graphics processor is used where it works, tried once, and given up once; here there is none, so the
children of these tests have one that fails as a test says. All else in them is real."""

import ctypes
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from earmark.engines import (
    Engine,
    Language,
    Media,
    Places,
    Speech,
    sample_speech_model,
)
from earmark.engines.client import EngineDied
from earmark.engines.gpu import Device, Place, Placed, find_device
from earmark.engines.places import Placer
from earmark.engines.starter import starter_embedding
from earmark.errors import KnownError
from earmark.paths import Paths, resource

PRETENDING = """
import os, sys
from pathlib import Path
from earmark.engines import child, gpu
from earmark.engines.memory import NotEnoughMemory
kind, fault, diary, build, free = sys.argv[1:6]
device = None if fault == "missing" else gpu.Device("Test0: a pretended device", int(free))
gpu.find_device = lambda library: device

def note(what):
    with open(diary, "a") as file:
        file.write(what + "\\n")

def fail():
    if fault == "broken driver":
        os.abort()
    if fault == "error":
        raise RuntimeError("the driver is broken")
    if fault == "out of memory":
        raise NotEnoughMemory.for_model("m", 2, 1)
    if fault == "killed":
        os.kill(os.getpid(), 9)

if kind == "asr":
    from earmark.engines import asr_loop

    class Recognizer(asr_loop.Recognizer):
        def __init__(self, path, *, on_graphics=False):
            self.on_graphics, self.windows = on_graphics, 0
            if on_graphics:
                note("tried")
                fail()
            super().__init__(path)
        def hear(self, samples, **more):
            self.windows += 1
            if self.on_graphics and fault == "lost" and self.windows == 3:  # one to try it out, one heard
                os.abort()
            return super().hear(samples, **more)

    asr_loop.Recognizer, asr_loop.BUILD = Recognizer, build
else:
    from earmark.engines import llm_loop

    class Llama(llm_loop.Llama):
        def __init__(self, path, *, on_graphics=False, **more):
            if on_graphics:
                note("tried")
                fail()
            super().__init__(path, **more)

    llm_loop.Llama, llm_loop.VERSION = Llama, build

sys.exit(child.run(kind))
"""
FAULTS = ["broken driver", "error", "out of memory", "killed"]
SHORT_S, LONG_S = 12, 60
PLENTY = 8_000_000_000


class Bench:
    """A profile, the sound of half an episode, and engines with a pretended graphics processor."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths(folder / "profile")
        self.paths.create()
        self.places = Places(self.paths.data)
        self.diary = folder / "diary"
        self.pcm = folder / "a.pcm"
        self.model = sample_speech_model(self.paths)

    def sound(self, whole: bytes, seconds: int) -> None:
        """What there is to hear."""
        self.pcm.write_bytes(whole[: 32_000 * seconds])

    def engine(self, kind: str, fault: str, build: str = "build 1", free_bytes: int = PLENTY) -> Engine:
        """An engine whose child pretends."""
        arguments = [kind, fault, str(self.diary), build, str(free_bytes)]
        return Engine(kind, argv=[sys.executable, "-c", PRETENDING, *arguments])

    def tries(self) -> int:
        """How often the device was tried."""
        return self.diary.read_text().count("tried") if self.diary.exists() else 0

    def hear(self, fault: str, **more: Any) -> tuple[list[str], list[int]]:
        """The text that is heard, and where each window began to be over."""
        texts: list[str] = []
        ends: list[int] = []

        def take(window: Any) -> None:
            texts.extend(segment.text for segment in window.segments)
            ends.append(window.next_ms)

        with Speech(self.engine("asr", fault, **more), places=self.places) as speech:
            speech.transcribe(self.pcm, model=self.model, on_window=take)
        return texts, ends


@pytest.fixture(scope="module")
def half_an_episode(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    whole = tmp_path_factory.mktemp("sound") / "whole.pcm"
    audio = next(path for path in sorted(resource("demo").glob("kitchen-table-*.opus")))
    with Media() as media:
        media.decode(audio, whole)
    return whole.read_bytes()[: 32_000 * 60]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, half_an_episode: bytes) -> dict[int, Any]:
    """What the processor alone hears in so many seconds."""
    plain = Bench(tmp_path_factory.mktemp("plain"))
    found = {}
    for seconds in (SHORT_S, LONG_S):
        plain.sound(half_an_episode, seconds)
        found[seconds] = plain.hear("missing")
    assert (plain.tries(), plain.places.all()) == (0, [])
    return found


@pytest.fixture
def bench(tmp_path: Path, half_an_episode: bytes) -> Bench:
    made = Bench(tmp_path)
    made.sound(half_an_episode, SHORT_S)
    return made


@pytest.mark.parametrize("fault", FAULTS)
def test_a_device_that_fails_at_its_first_try_is_given_up_once_and_not_tried_again(
    bench: Bench, expected: dict[int, Any], fault: str
) -> None:
    assert bench.hear(fault) == expected[SHORT_S]
    assert bench.tries() == 1
    [tried] = bench.places.all()
    assert (tried.works, tried.device, tried.build) == (False, "Test0: a pretended device", "build 1")
    assert tried.why
    assert bench.hear(fault) == expected[SHORT_S]
    assert bench.tries() == 1


def test_where_nothing_can_be_kept_a_failing_device_is_given_up_for_this_run(
    bench: Bench, expected: dict[int, Any]
) -> None:
    (bench.paths.data / "graphics.json").mkdir()
    assert bench.hear("broken driver") == expected[SHORT_S]
    assert bench.hear("broken driver") == expected[SHORT_S]
    assert bench.tries() == 1


def test_a_device_that_is_lost_in_mid_run_loses_no_window_and_hears_none_twice(
    bench: Bench, expected: dict[int, Any], half_an_episode: bytes
) -> None:
    bench.sound(half_an_episode, LONG_S)
    assert len(expected[LONG_S][1]) > 2
    assert bench.hear("lost") == expected[LONG_S]
    assert bench.tries() == 1
    assert [tried.works for tried in bench.places.all()] == [False]


def test_a_device_that_works_is_used_and_noted(bench: Bench) -> None:
    assert bench.hear("none") == bench.hear("none")
    assert bench.tries() == 2
    assert [tried.works for tried in bench.places.all()] == [True]


def test_another_build_or_the_users_wish_has_it_tried_again(bench: Bench) -> None:
    bench.hear("error")
    bench.hear("error", build="build 2")
    assert bench.tries() == 2
    bench.places.forget()
    bench.hear("none", build="build 2")
    assert bench.tries() == 3
    assert [tried.works for tried in bench.places.all()] == [True]


def test_a_device_that_is_full_just_now_is_neither_used_nor_given_up(bench: Bench) -> None:
    bench.hear("none", free_bytes=1000)
    assert (bench.tries(), bench.places.all()) == (0, [])


@pytest.mark.parametrize("fault", ["broken driver", "error"])
def test_the_language_engine_goes_on_with_the_same_numbers(bench: Bench, fault: str) -> None:
    starter_embedding(bench.paths)
    texts = ["a cat", "a kitten"]
    with Language(bench.paths, bench.engine("llm", "missing")) as plain:
        expected = plain.embed(texts)
    for _ in range(2):
        with Language(bench.paths, bench.engine("llm", fault)) as language:
            assert (language.embed(texts) == expected).all()
            assert (language.embed(texts) == expected).all()
    assert bench.tries() == 1


def test_without_a_place_to_remember_it_no_device_is_tried(bench: Bench) -> None:
    with Speech(bench.engine("asr", "none")) as speech:
        speech.transcribe(bench.pcm, model=bench.model, on_window=lambda _window: None)
    assert bench.tries() == 0


def test_a_damaged_file_of_places_is_begun_anew(tmp_path: Path) -> None:
    places = Places(tmp_path)
    for text in ("", "[1]", '{"a": 1}', '[{"build": 1}]', "\0"):
        (tmp_path / "graphics.json").write_text(text)
        assert places.all() == []
    places.keep(["b", "m", "d"], works=True)
    places.keep(["b", "m", "d"], works=False, why="it crashed")
    assert [(tried.key, tried.works, tried.why) for tried in places.all()] == [
        (["b", "m", "d"], False, "it crashed")
    ]


class Library:
    """ggml's list of devices, as ctypes shows it."""

    def __init__(self, kinds: list[int]) -> None:
        def memory(_device: int, free: Any, _total: Any) -> None:
            ctypes.cast(free, ctypes.POINTER(ctypes.c_size_t))[0] = 5_000_000_000

        functions: dict[str, Callable[..., Any]] = {
            "count": lambda: len(kinds),
            "get": lambda number: number + 1,
            "type": lambda device: kinds[device - 1],
            "name": lambda device: f"Vulkan{device}".encode(),
            "description": lambda _device: b"A card",
            "memory": memory,
        }
        for name, function in functions.items():
            setattr(self, f"ggml_backend_dev_{name}", function)


def test_the_first_graphics_processor_of_the_list_is_found() -> None:
    assert find_device(Library([0])) is None
    assert find_device(Library([0, 3])) is None, "an accelerator of the processor is none"
    assert find_device(Library([0, 1])) == Device("Vulkan2: A card", 5_000_000_000)
    assert find_device(Library([2, 0])) == Device("Vulkan1: A card", 5_000_000_000)
    assert find_device(object()) is None


def test_a_place_is_chosen_only_where_it_may_work(tmp_path: Path) -> None:
    (tmp_path / "m.bin").write_bytes(b"1234")
    placed = Placed("build 1", Library([0, 1]), tmp_path / "m.bin")
    place = Place("build 1", "m.bin, 4 bytes", "Vulkan2: A card")
    assert placed.chosen({"fails": [], "works": []}, 1000) == place
    assert placed.chosen({"fails": [place.key()], "works": []}, 1000) is None
    assert placed.chosen({"fails": [], "works": []}, PLENTY) is None
    assert placed.chosen({}, 1000) is None


def test_the_builds_of_this_computer_list_their_devices() -> None:
    """The wheels here are for the processor alone; what is asked is that the list can be read at all."""
    code = (
        "import ctypes, sys, _pywhispercpp as w; from llama_cpp._ggml import libggml;"
        "sys.exit(0 if ctypes.CDLL(w.__file__).ggml_backend_dev_count() >= 1"
        " and libggml.ggml_backend_dev_count() >= 1 else 1)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_a_language_model_on_the_processor_is_shown_no_device(
    monkeypatch: pytest.MonkeyPatch, bench: Bench
) -> None:
    """With no layer on it llama.cpp would still keep its context there, and die with it."""
    from earmark.engines import llama

    shown: list[tuple[int, bool, bool]] = []

    def load(_path: bytes, settings: Any) -> None:
        named = settings.devices is not None
        first = ctypes.cast(settings.devices, ctypes.POINTER(ctypes.c_void_p))[0] if named else None
        shown.append((settings.n_gpu_layers, named, first is None))

    monkeypatch.setattr(llama.c, "llama_model_load_from_file", load)
    model = starter_embedding(bench.paths)
    for on_graphics in (False, True):
        with pytest.raises(KnownError):
            llama.Llama(model, n_ctx=64, threads=1, on_graphics=on_graphics)
    assert shown == [(0, True, True), (999, False, True)]
    assert list(llama._NO_DEVICES) == [None]  # an array of no place would be read past its end
    assert "devices" in {name for name, _ in llama.c.llama_model_params._fields_}


EVERYWHERE = """
import json, os, sys
with open(sys.argv[1], "a") as diary:
    diary.write("started\\n")
request = json.loads(sys.stdin.readline())
place = ["build 1", "m.bin, 4 bytes", f"Test{os.getpid()}"]
print(json.dumps({"type": "place", "id": request["id"], "place": place, "tried": False}), flush=True)
os._exit(3)
"""


def test_a_child_that_dies_on_every_device_is_started_twice_at_most(tmp_path: Path) -> None:
    engine = Engine("asr", argv=[sys.executable, "-c", EVERYWHERE, str(tmp_path / "diary")])
    placer = Placer(engine, Places(tmp_path))

    def starts() -> int:
        diary = tmp_path / "diary"
        return diary.read_text().count("started") if diary.exists() else 0

    with engine, pytest.raises(EngineDied):
        placer.request(dict, on_event=lambda _event: None, cancelled=lambda: starts() > 2, silent_for_s=30.0)
    assert starts() == 2
    assert len(Places(tmp_path).all()) == 2
