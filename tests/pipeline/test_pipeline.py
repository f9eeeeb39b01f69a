"""The policy of the pipeline: what is tried again, waits or fails, and why. Only faults are faked."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shows import Item, Web, serve_show, served

from earmark.engines import About, Decoded, Engine, EngineDied, Heard, NotEnoughMemory, Speech
from earmark.errors import Cancelled, KnownError
from earmark.library import Library, open_library
from earmark.net import Door
from earmark.paths import Paths
from earmark.pipeline import Tools, Watch, add_feed, brief_of, process, refresh
from earmark.pipeline import episode as steps
from earmark.pipeline.episode import Facts, next_step
from earmark.pipeline.subscribe import address_of
from earmark.pipeline.work import MAX_NETWORK_TRIES
from earmark.records import Chapter, Progress, Segment

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SENTENCES = (
    "Welcome back to the show, it is good to have you here.",
    "A shop that raised its prices by 10 percent lost only 2 percent of its customers.",
    "The customers who left were the ones who had always bought the cheapest bread.",
    "So the shop earned 8 percent more with less work and fewer ovens.",
    "That surprised the owner, who had expected to lose a third of them.",
)


DEAD = (
    b"<rss><channel><title>Dead</title><item><guid>d</guid><title>D</title>"
    b'<enclosure url="http://dead.invalid/d.mp3" type="audio/mpeg"/></item></channel></rss>'
)


@dataclass
class ScriptedEngines:
    """Stands for all three children: dies, hears and reads as a test says. `deaths` counts down."""

    deaths: dict[str, int] = field(default_factory=dict)
    warning: str | None = None
    heard: list[int] = field(default_factory=list)
    about_files: About = field(default_factory=lambda: About(None, ()))
    asked_about: list[str] = field(default_factory=list)
    told: list[tuple[str | None, str]] = field(default_factory=list)
    room: bool = True
    model_id: str = "scripted"
    embedding_model_id: str = "scripted-embedding"
    tier: str = "quotes"
    cancelled: Callable[[], bool] = lambda: False
    before_each: Callable[[], None] = lambda: None

    def _maybe_die(self, name: str) -> None:
        if self.deaths.get(name, 0) > 0:
            self.deaths[name] -= 1
            raise EngineDied(f"The {name} engine stopped: out of luck.")

    def decode(self, source: Path, pcm: Path, *, cancelled: Callable[[], bool]) -> Decoded:
        """Any audio becomes one second of silence."""
        self._maybe_die("media")
        assert source.exists()
        pcm.write_bytes(b"\0" * 32_000)
        return Decoded(1000, "mp3", self.warning)

    def about(self, source: Path, *, cancelled: Callable[[], bool]) -> About:
        """What a test says that recordings say."""
        assert source.exists()
        self.asked_about.append(source.name)
        return self.about_files

    def clips(self, source: Path, spans: Sequence[tuple[int, int]], **_: Any) -> dict[int, bytes]:
        """A few bytes for each moment."""
        self._maybe_die("clips")
        assert source.exists()
        return {number: f"opus {span}".encode() for number, span in enumerate(spans)}

    def transcribe(
        self,
        pcm: Path,
        *,
        model: Path,
        start_ms: int,
        on_window: Any,
        language: str | None,
        prompt: str,
        cancelled: Any,
    ) -> None:
        """A sentence a window; dies between two windows when told to."""
        if not self.room:
            raise NotEnoughMemory.for_model(model.name, 2_000_000_000, 500_000_000)
        self.heard.append(start_ms)
        self.told.append((language, prompt))
        for number in range(start_ms // 10_000, len(SENTENCES)):
            self._maybe_die(f"speech at {number}")
            if cancelled():
                raise Cancelled
            start = number * 10_000
            said = (Segment(start, start + 9000, SENTENCES[number]),)
            on_window(Heard(said, start + 10_000, 50_000, language or "en"))

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """The same direction for all texts."""
        self.before_each()
        self._maybe_die("language")
        return np.tile(np.eye(1, 384, dtype=np.float32), (len(texts), 1))

    def choose(self, context: str, options: Sequence[str]) -> list[float]:
        """No opinion."""
        return [0.0] * len(options)


@dataclass
class Bench:
    """A profile, its engines and the web around it."""

    tools: Tools
    engines: ScriptedEngines
    web: Web

    @property
    def library(self) -> Library:
        """The library of the profile."""
        return self.tools.library

    def job_states(self) -> list[tuple[str, str | None]]:
        """State and reason of every job."""
        return [(job.state, job.reason) for job in self.library.jobs()]


@contextmanager
def opened(folder: Path, *, speech_model: Path | None = Path("model.bin")) -> Iterator[Bench]:
    """A bench over a profile in `folder`."""
    paths = Paths(folder)
    with served() as web, open_library(paths, clock=lambda: NOW) as library:
        engines: Any = ScriptedEngines()
        door = Door(user_agent="Earmark/test", log=library.log_request)
        tools = Tools(library, door, engines, engines, engines, paths, lambda: NOW, speech_model)
        yield Bench(tools, engines, web)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A bench with a speech model chosen."""
    with opened(tmp_path / "profile") as made:
        yield made


def transcript() -> dict[str, object]:
    """What the publisher offers."""
    rows = [
        {"startTime": n * 10.0, "endTime": n * 10 + 9.0, "body": text} for n, text in enumerate(SENTENCES)
    ]
    return {"version": "1.0.0", "segments": rows}


def audio_show(web: Web, count: int = 1) -> str:
    """A show of audio only."""
    items = [Item(f"e{n}", f"Episode {n}", n + 1, audio=("audio/mpeg", b"sound" * 9)) for n in range(count)]
    return serve_show(web, "spoken", "Spoken", items)


def test_a_transcript_is_read_without_fetching_any_audio(bench: Bench) -> None:
    item = Item("e", "An episode", 1, transcript=transcript(), audio=("audio/mpeg", b"sound"))
    add_feed(bench.tools, serve_show(bench.web, "written", "Written", [item]))
    worked = process(bench.tools, Watch())
    assert (worked.done, worked.failed, worked.waiting) == (1, (), ())
    assert not any(path.endswith(".audio") for path in bench.web.asked)
    assert bench.library.insights()
    assert bench.job_states() == [("done", None)]


def test_a_transcript_of_another_cut_is_refused_and_the_audio_is_heard(bench: Bench) -> None:
    item = Item("e", "An episode", 1, transcript(), ("audio/mpeg", b"sound"), duration_s=600)
    add_feed(bench.tools, serve_show(bench.web, "written", "Written", [item]))
    assert process(bench.tools, Watch()).done == 1
    heard = bench.library.transcript(bench.library.episodes()[0].id)
    assert heard is not None
    assert (heard.source, heard.model_id) == ("speech", "model.bin")
    assert [s.text for s in heard.segments] == list(SENTENCES)
    assert heard.language == "en"


def test_what_is_missing_of_a_recording_is_said_and_stands_in_the_brief(bench: Bench) -> None:
    bench.engines.warning = "The recording broke off after 1 of about 10 min; only what came before is heard."
    item = Item("e", "An episode", 1, audio=("audio/mpeg", b"sound"), duration_s=600)
    add_feed(bench.tools, serve_show(bench.web, "spoken", "Spoken", [item]))
    warnings: list[str] = []
    assert process(bench.tools, Watch(on_warning=warnings.append)).done == 1
    assert warnings == [f"An episode: {bench.engines.warning}"]
    coverage = brief_of(bench.tools, "2026-11-23").brief.coverage
    assert "A recording broke off after 0 of about 10 min." in coverage


def test_who_speaks_is_told_by_the_publisher_alone(bench: Bench) -> None:
    labelled = transcript()
    labelled["segments"] = [{**row, "speaker": "Ann"} for row in labelled["segments"]]  # type: ignore[attr-defined]
    items = [
        Item("written", "Written", 2, transcript=labelled),
        Item("heard", "Heard", 1, audio=("audio/mpeg", b"sound")),
    ]
    add_feed(bench.tools, serve_show(bench.web, "both", "Both", items))
    process(bench.tools, Watch())
    told = {}
    for episode in bench.library.episodes():
        found = bench.library.transcript(episode.id)
        told[episode.title] = {segment.speaker for segment in found.segments} if found else set()
    assert told == {"Written": {"Ann"}, "Heard": {None}}


def test_what_was_heard_as_a_language_stays_one_and_what_the_user_says_of_a_show_counts_more(
    bench: Bench,
) -> None:
    bench.engines.deaths = {"speech at 2": 1}
    feed = add_feed(bench.tools, audio_show(bench.web))
    process(bench.tools, Watch())
    assert [language for language, _ in bench.engines.told] == [None, "en"]
    bench.library.set_listen_language(feed.id, "de")
    assert bench.library.feed(feed.id).listen_language == "de"


def test_the_speech_model_is_told_the_names_of_the_show_and_of_the_episode(bench: Bench) -> None:
    feed = add_feed(bench.tools, audio_show(bench.web))
    process(bench.tools, Watch())
    [(_, prompt)] = bench.engines.told
    assert feed.title in prompt
    assert bench.library.episodes()[0].title in prompt


def test_one_death_of_an_engine_is_one_retry(bench: Bench) -> None:
    bench.engines.deaths = {"media": 1, "language": 1}
    add_feed(bench.tools, audio_show(bench.web))
    assert process(bench.tools, Watch()).done == 1


def test_two_deaths_at_the_same_place_fail_the_job_with_its_reason_and_others_go_on(bench: Bench) -> None:
    bench.engines.deaths = {"media": 2}
    add_feed(bench.tools, audio_show(bench.web, count=2))
    worked = process(bench.tools, Watch())
    assert worked.done == 1
    assert worked.failed == (("Episode 1", "The media engine stopped: out of luck."),)
    assert sorted(state for state, _ in bench.job_states()) == ["done", "failed"]
    assert bench.library.retry_failed() == 1
    assert process(bench.tools, Watch()).done == 1


def test_deaths_with_progress_between_them_go_on_behind_the_last_window(bench: Bench) -> None:
    bench.engines.deaths = {"speech at 1": 1, "speech at 2": 1, "speech at 4": 1}
    add_feed(bench.tools, audio_show(bench.web))
    assert process(bench.tools, Watch()).done == 1
    assert bench.engines.heard == [0, 10_000, 20_000, 40_000]
    heard = bench.library.transcript(bench.library.episodes()[0].id)
    assert heard is not None
    assert [s.text for s in heard.segments] == list(SENTENCES)


def test_a_model_without_room_makes_the_episode_wait_and_nothing_fails(bench: Bench) -> None:
    add_feed(bench.tools, audio_show(bench.web))
    bench.engines.room = False
    worked = process(bench.tools, Watch())
    assert (worked.done, worked.failed) == (0, ())
    [(state, reason)] = bench.job_states()
    assert state == "waiting"
    assert "needs about 2.0 GB" in str(reason)
    bench.engines.room = True
    assert process(bench.tools, Watch()).done == 1
    assert bench.job_states() == [("done", None)]


KILLED = """
import os, signal, sys
sys.stdin.readline()
with open(sys.argv[1], "a") as file:
    file.write("begun ")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_an_engine_that_the_system_kills_is_tried_once_more_and_no_oftener(
    bench: Bench, tmp_path: Path
) -> None:
    add_feed(bench.tools, audio_show(bench.web))
    diary = tmp_path / "diary"
    with Speech(Engine("asr", argv=[sys.executable, "-c", KILLED, str(diary)])) as speech:
        worked = process(replace(bench.tools, speech=speech), Watch())
    assert diary.read_text().split() == ["begun", "begun"]
    assert worked.done == 0
    [(state, reason)] = bench.job_states()
    assert state == "failed"
    assert "want of memory; a smaller model may fit" in str(reason)
    assert process(bench.tools, Watch()).done == 0, "what failed is not begun again by itself"


def test_without_a_speech_model_audio_waits_and_is_not_even_downloaded(tmp_path: Path) -> None:
    with opened(tmp_path / "profile", speech_model=None) as bench:
        add_feed(bench.tools, audio_show(bench.web))
        worked = process(bench.tools, Watch())
        assert worked.done == 0
        assert worked.failed == ()
        assert "--speech-model" in worked.waiting[0][1]
        assert bench.job_states()[0][0] == "waiting"
        assert bench.web.asked == ["/spoken/feed.xml"]


def test_a_download_that_the_network_refuses_waits_for_later_runs_and_then_fails(bench: Bench) -> None:
    add_feed(bench.tools, audio_show(bench.web))
    del bench.web.pages["/spoken/e0.audio"]
    for _ in range(4):
        assert process(bench.tools, Watch()).failed
        assert bench.job_states()[0][0] == "waiting"
    process(bench.tools, Watch())
    state, reason = bench.job_states()[0]
    assert state == "failed"
    assert "404" in str(reason)


def test_n_24_a_download_without_a_network_has_not_failed_however_often(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_feed(bench.tools, audio_show(bench.web))

    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with monkeypatch.context() as without:
        without.setattr("socket.getaddrinfo", nobody)
        for _ in range(MAX_NETWORK_TRIES + 2):
            worked = process(bench.tools, Watch())
            assert (worked.failed, len(worked.waiting)) == ((), 1)
            assert bench.job_states()[0][0] == "waiting"
    assert process(bench.tools, Watch()).done == 1


def test_a_download_whose_server_alone_is_away_fails_after_some_runs(bench: Bench) -> None:
    dead = bench.web.add("/dead.xml", "application/rss+xml", DEAD)
    add_feed(bench.tools, dead)
    add_feed(bench.tools, audio_show(bench.web))
    spoken = bench.library.feeds()[1]
    for run in range(MAX_NETWORK_TRIES):
        item = Item(f"e{run}", f"Episode {run}", run + 1, audio=("audio/mpeg", b"sound"))
        serve_show(bench.web, "spoken", "Spoken", [item])
        refresh(bench.tools, Watch(), wish="now", feed_ids={spoken.id})
        assert process(bench.tools, Watch()).failed
    assert [state for state, _ in bench.job_states()].count("failed") == 1


def test_a_stop_keeps_what_was_heard_and_the_next_run_goes_on(bench: Bench) -> None:
    add_feed(bench.tools, audio_show(bench.web))
    heard: list[Progress] = []
    watch = Watch(heard.append, lambda: sum(p.doing == "Listening to" for p in heard) >= 2)
    with pytest.raises(Cancelled):
        process(bench.tools, watch)
    assert len(bench.library.partial_segments(bench.library.episodes()[0].id)[0]) == 2
    assert process(bench.tools, Watch()).done == 1
    assert bench.engines.heard == [0, 20_000]


def test_a_second_run_and_a_second_refresh_change_nothing(bench: Bench) -> None:
    item = Item("e", "An episode", 1, transcript=transcript())
    url = serve_show(bench.web, "written", "Written", [item])
    add_feed(bench.tools, url)
    process(bench.tools, Watch())
    before = (bench.library.insights(), bench.library.links(), bench.library.episodes())
    assert add_feed(bench.tools, url).id == bench.library.feeds()[0].id
    result = refresh(bench.tools, Watch(), wish="now")
    assert (result.new_episodes, result.problems) == (0, ())
    assert process(bench.tools, Watch()).done == 0
    assert (bench.library.insights(), bench.library.links(), bench.library.episodes()) == before


def test_chapters_are_fetched_once_and_a_new_passage_begins_with_each(bench: Bench) -> None:
    listed: list[object] = [{"startTime": 0, "title": "Hello"}, {"startTime": 20, "title": "Bread"}]
    item = Item("e", "An episode", 1, transcript=transcript(), chapters={"chapters": listed})
    add_feed(bench.tools, serve_show(bench.web, "written", "Written", [item]))
    process(bench.tools, Watch())
    (episode,) = bench.library.episodes()
    assert bench.library.fetched_chapters(episode.id) == (Chapter(0, "Hello"), Chapter(20_000, "Bread"))
    assert 20_000 in {passage.start_ms for passage in bench.library.passages(episode.id)}
    assert bench.web.asked.count("/written/e.chapters") == 1
    assert "fetch chapters" in {request["why"] for request in bench.library.requests()}


@pytest.mark.parametrize("body", [b"<html>Log in</html>", None])
def test_an_episode_without_its_chapters_is_read_all_the_same(bench: Bench, body: bytes | None) -> None:
    item = Item("e", "An episode", 1, transcript=transcript(), chapters={})
    url = serve_show(bench.web, "written", "Written", [item])
    if body is None:
        del bench.web.pages["/written/e.chapters"]
    else:
        bench.web.add("/written/e.chapters", "text/html", body)
    add_feed(bench.tools, url)
    assert process(bench.tools, Watch()).done == 1
    assert bench.library.fetched_chapters(bench.library.episodes()[0].id) is None


def test_new_episodes_of_a_known_show_are_queued_by_a_refresh(bench: Bench) -> None:
    items = [Item(f"e{n}", f"Episode {n}", n + 1, transcript=transcript()) for n in range(3)]
    add_feed(bench.tools, serve_show(bench.web, "written", "Written", items[:1]))
    serve_show(bench.web, "written", "Written", items)
    assert refresh(bench.tools, Watch(), wish="now").new_episodes == 2
    assert process(bench.tools, Watch()).done == 3


def test_a_feed_that_fails_is_noted_and_the_others_are_asked(bench: Bench) -> None:
    add_feed(bench.tools, serve_show(bench.web, "one", "One", []))
    add_feed(bench.tools, serve_show(bench.web, "two", "Two", []))
    bench.web.add("/one/feed.xml", "text/html", b"<html>Please log in</html>")
    result = refresh(bench.tools, Watch(), wish="now")
    assert [title for title, _ in result.problems] == ["One"]
    assert "not a feed" in str(bench.library.feeds()[0].error)
    assert bench.library.feeds()[1].error is None


def test_a_stop_while_servers_are_slow_is_heeded_at_once(bench: Bench) -> None:
    for slug in ("one", "two"):
        add_feed(bench.tools, serve_show(bench.web, slug, slug, []))
    gate = threading.Event()
    bench.web.held = dict.fromkeys(bench.web.pages, gate)
    asked_before = len(bench.web.asked)
    threads = set()

    def cancelled() -> bool:
        threads.add(threading.current_thread())
        return len(bench.web.asked) > asked_before

    with pytest.raises(Cancelled):
        refresh(bench.tools, Watch(cancelled=cancelled), wish="now")
    assert threads == {threading.current_thread()}
    gate.set()
    assert refresh(bench.tools, Watch(), wish="now").problems == ()


def test_audio_that_was_replaced_is_decoded_anew(bench: Bench) -> None:
    add_feed(bench.tools, audio_show(bench.web))
    episode = bench.library.episodes()[0]
    steps.download(bench.tools, episode, Watch())
    steps.decode(bench.tools, episode, Watch())
    bench.web.add("/spoken/e0.audio", "audio/mpeg", b"another cut")
    steps.download(bench.tools, episode, Watch())
    assert next_step(steps.facts_of(bench.tools, episode, refused=False)) == "decode"


def test_a_web_page_that_links_to_a_feed_is_followed(bench: Bench) -> None:
    feed = serve_show(bench.web, "linked", "Linked", [])
    link = '<html><link rel="alternate" type="application/rss+xml" href="/linked/feed.xml"></html>'
    page = bench.web.add("/", "text/html", link.encode())
    assert add_feed(bench.tools, page).url == feed
    with pytest.raises(KnownError, match="neither a feed nor a page"):
        add_feed(bench.tools, bench.web.add("/plain", "text/html", b"<html>nothing</html>"))


def test_a_brief_fills_up_but_never_changes_what_it_showed(bench: Bench) -> None:
    items = [Item(f"e{n}", f"Episode {n}", n + 1, transcript=transcript()) for n in range(2)]
    assert brief_of(bench.tools, "2026-11-23").cards == ()
    assert bench.library.brief_dates() == []
    add_feed(bench.tools, serve_show(bench.web, "written", "Written", items))
    process(bench.tools, Watch())
    first = brief_of(bench.tools, "2026-11-23")
    assert first.cards
    again = brief_of(bench.tools, "2026-11-23")
    assert again == first
    assert bench.library.brief("2026-11-23") == first


@pytest.mark.parametrize(
    "typed", ["", "ftp://example.org/x", "not a host at all", "https://", "file:///etc/passwd"]
)
def test_what_is_no_web_address_is_refused_in_plain_words(typed: str) -> None:
    with pytest.raises(KnownError, match="not a web address"):
        address_of(typed)


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        (Facts(True, True, True, True, True), "done"),
        (Facts(False, True, True, True, True), "extract"),
        (Facts(False, False, True, True, True), "words"),
        (Facts(False, False, False, True, True), "transcribe"),
        (Facts(False, False, False, True, False), "decode"),
        (Facts(False, False, False, False, False), "download"),
    ],
)
def test_the_next_step_is_the_first_thing_that_is_missing(facts: Facts, step: str) -> None:
    assert next_step(facts) == step
