"""The user's own server for real (llama-cpp-python's, whisper.cpp's), and who is sent what in a whole run."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from own_server import CHAT, TRANSCRIBE, Asked, Own, Send, chat, models, own_server, says
from shows import Item, Web, serve_show, served

from earmark.app import open_tools
from earmark.engines import (
    Heard,
    Language,
    Media,
    Speech,
    TrialRecord,
    keep_trial_of,
    sample_speech_model,
    starter_llm,
)
from earmark.insights import prompts, trial_versions
from earmark.library import open_reader
from earmark.net import Door
from earmark.paths import Paths, resource
from earmark.pipeline import Tools, Watch, add_feed, process
from earmark.pipeline.servers import OwnServer, ServerLanguage, ServerSpeech, trial_key
from earmark.records import Segment
from earmark.settings import Settings, save_settings

EPISODE = "kitchen-table-01-heating-at-night"
STARTS_WITHIN_S = 120.0
EXCERPT = "[1] The power bill fell by 31 percent in the first winter.\n[2] Sheets now last two years longer."
Windows = list[tuple[list[Segment], int]]


def silent(*_: object) -> None:
    """Nobody keeps the list of requests."""


def door() -> Door:
    """A door of its own."""
    return Door(user_agent="Earmark/test", log=silent)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    made = Paths(tmp_path_factory.mktemp("profile"))
    made.create()
    return made


@pytest.fixture(scope="module")
def talk(paths: Paths) -> Path:
    """The decoded sound of a sample episode."""
    pcm = paths.scratch / "talk.pcm"
    with Media() as media:
        media.decode(resource("demo") / f"{EPISODE}.opus", pcm, cancelled=lambda: False)
    return pcm


def plain(window: Heard) -> tuple[list[Segment], int]:
    """What a server can tell, which nothing knows of single words."""
    return [Segment(s.start_ms, s.end_ms, s.text) for s in window.segments], window.next_ms


def windows_of(speech: Speech, pcm: Path, model: Path) -> Windows:
    """Everything that is heard, window by window."""
    found: Windows = []
    with speech:
        speech.transcribe(pcm, model=model, on_window=lambda window: found.append(plain(window)))
    return found


@pytest.fixture(scope="module")
def heard_here(paths: Paths, talk: Path) -> Windows:
    """What the engine here hears in the episode."""
    return windows_of(Speech(), talk, sample_speech_model(paths))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def started(argv: list[str], port: int, ready: str) -> Iterator[str]:
    """A server program on `port`, once it answers 200 at `ready`; ended with the block."""
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    pause = threading.Event()
    try:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not answers(port, ready):
            assert process.poll() is None, f"the server ended with {process.returncode}"
            assert time.monotonic() < deadline, "the server does not start"
            pause.wait(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def answers(port: int, path: str) -> bool:
    """Whether a server is there already."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def test_llama_cpp_python_s_own_server_writes_json_and_counts_as_the_engine_here(paths: Paths) -> None:
    port, llm = free_port(), str(starter_llm(paths))
    argv = [sys.executable, "-m", "llama_cpp.server", "--model", llm, "--host", "127.0.0.1"]
    argv += ["--port", str(port), "--n_ctx", "2048", "--model_alias", "smollm2"]
    system = prompts.system_prompt("short")
    with started(argv, port, "/v1/models") as address:
        server = OwnServer(door(), address, "language")
        with ServerLanguage(paths, server, None, tier="short") as there, Language(paths) as here:
            card = json.loads(there.write(system, EXCERPT, "short", 200))
            assert set(card) == {"headline", "text", "sentences"}
            assert 8 <= len(card["headline"]) <= 90
            assert there.usage.tokens_written > 10
            assert json.loads(there.write(system, EXCERPT, "short", 200)) == card, "the same at every call"
            long = EXCERPT * 60
            assert abs(there.count_tokens([long])[0] - here.count_tokens([long])[0]) <= 1
            cut = there.write(system, EXCERPT, "short", 12)
            with pytest.raises(ValueError):
                json.loads(cut)


def recognizer(engine: Speech, model: Path, folder: Path) -> object:
    """A transcription server around the real engine: the sound of a request in, verbose_json out."""
    turn = threading.Lock()

    def answer(own: Own, asked: Asked, send: Send) -> None:
        with turn:
            pcm = folder / "asked.pcm"
            asked.sound.tofile(pcm)
            found: list[Segment] = []
            engine.transcribe(pcm, model=model, on_window=lambda window: found.extend(window.segments))
        rows = [{"start": s.start_ms / 1000, "end": s.end_ms / 1000, "text": s.text} for s in found]
        says({"text": " ".join(s.text for s in found), "segments": rows})(own, asked, send)

    return answer


def test_an_episode_heard_through_a_server_has_the_same_words_and_times_as_here(
    paths: Paths, talk: Path, heard_here: Windows, tmp_path: Path
) -> None:
    with Speech() as engine:
        answer = recognizer(engine, sample_speech_model(paths), tmp_path)
        with own_server(models=models("whisper"), transcribe=answer) as own:  # type: ignore[arg-type]
            speech = ServerSpeech(OwnServer(door(), own.address, "speech"), "whisper")
            assert windows_of(speech, talk, Path("a name")) == heard_here


def test_whisper_cpp_s_own_server_hears_the_same_words_and_times_as_the_engine_here(
    paths: Paths, talk: Path, heard_here: Windows
) -> None:
    program = os.environ.get("WHISPER_SERVER") or shutil.which("whisper-server")
    if program is None:
        pytest.skip("needs whisper.cpp's server: on the path, or named by WHISPER_SERVER")
    port, model = free_port(), sample_speech_model(paths)
    argv = [program, "-m", str(model), "--host", "127.0.0.1", "--port", str(port), "-t", "1"]
    with started(argv, port, "/health") as address:
        speech = ServerSpeech(OwnServer(door(), address, "speech"), None)
        assert windows_of(speech, talk, Path("a name")) == heard_here


def short_writer(_own: Own, asked: Asked, send: Send) -> None:
    """Writes a card on the first sentence that it is given, in fewer words."""
    card = {"headline": "Heating at night costs more", "text": "Nobody knows why." * 5, "sentences": [1]}
    chat(json.dumps(card))(_own, asked, send)


def may_write(paths: Paths, address: str, model: str) -> None:
    """As if the model of the server had passed its trial as a short writer."""
    fields = {"size_bytes": 0, "family": "own server", "read_speed": 1.0, "write_speed": 1.0}
    record = TrialRecord(
        file=model,
        tier="short",
        why="",
        peak_bytes=None,
        versions=trial_versions(),
        date="2026-11-24",
        **fields,  # type: ignore[arg-type]
    )
    keep_trial_of(paths.models, trial_key(address, model), record)


def spoken_show(web: Web) -> str:
    """A show with one episode that has to be listened to."""
    audio = ("audio/ogg", (resource("demo") / f"{EPISODE}.opus").read_bytes())
    return serve_show(web, "kitchen", "Kitchen", [Item("one", "Heating", 1, audio=audio)])


def worked(tools: Tools, feed: str) -> list[Segment]:
    """The words of the show's episode, once everything is done."""
    add_feed(tools, feed)
    done = process(tools, Watch())
    assert (done.done, done.failed, done.waiting) == (1, (), ())
    transcript = tools.library.transcript(tools.library.episodes()[0].id)
    assert transcript is not None
    assert tools.library.insights()
    return [Segment(s.start_ms, s.end_ms, s.text) for s in transcript.segments]


def test_with_servers_text_and_sound_go_to_them_and_nowhere_else_and_without_nothing_does(
    tmp_path: Path, heard_here: Windows
) -> None:
    paths = Paths(tmp_path / "profile")
    paths.create()
    model = sample_speech_model(paths)
    words = [segment for some, _ in heard_here for segment in some]
    with Speech() as engine, served() as web, own_server(chat=short_writer) as other:
        answer = recognizer(engine, model, tmp_path)
        with own_server(models=models("m"), chat=short_writer, transcribe=answer) as own:  # type: ignore[arg-type]
            address = own.address.replace("127.0.0.1", "localhost")
            settings = Settings(speech_server=address, speech_server_model="m")
            save_settings(paths, replace(settings, language_server=address, language_server_model="m"))
            may_write(paths, address, "m")
            with open_tools(paths) as tools:
                assert worked(tools, spoken_show(web)) == words
            with open_reader(paths) as reader:
                log = reader.requests()
            assert {asked.path for asked in own.asked} == {"/v1/models", CHAT, TRANSCRIBE}
            assert {row["host"] for row in log} == {"127.0.0.1", "localhost"}
            assert all(row["host"] == "localhost" for row in log if " sent" in row["why"])
            assert sum(" sent" in row["why"] for row in log) == len(own.posted(CHAT) + own.posted(TRANSCRIBE))
            assert set(web.asked) == {"/kitchen/feed.xml", "/kitchen/one.audio"}

            own.asked.clear()
            alone = Paths(tmp_path / "alone")
            with open_tools(alone, speech_model=model) as tools:
                assert worked(tools, spoken_show(web)) == words
            with open_reader(alone) as reader:
                log = reader.requests()
            assert {row["host"] for row in log} == {"127.0.0.1"}
            assert not any(" sent" in row["why"] for row in log)
            assert not own.asked
        assert not other.asked


def test_an_episode_waits_while_the_server_is_away_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "profile")
    paths.create()
    with served() as web, own_server() as gone:
        save_settings(paths, Settings(speech_server=gone.address, speech_server_model="m"))
        gone.behaviours[TRANSCRIBE] = says({}, "503 Loading")
        with open_tools(paths) as tools:
            add_feed(tools, spoken_show(web))
            done = process(tools, Watch())
            assert (done.done, done.failed) == (0, ())
            assert "busy or starting" in done.waiting[0][1]
            (job,) = tools.library.jobs()
            assert (job.step, job.state, job.attempts) == ("transcribe", "waiting", 0)
            rows = [
                {"start": 0.0, "end": 29.0, "text": "Heating at night costs 31 percent more than by day."}
            ]
            gone.behaviours[TRANSCRIBE] = says({"text": "", "segments": rows})
            assert process(tools, Watch()).done == 1
