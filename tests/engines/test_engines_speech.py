"""Speech recognition with the real engine and the sample model, which knows only the sample episodes."""

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from earmark.demo import DemoEpisode, demo_episodes
from earmark.engines import EngineDied, Media, Speech, sample_speech_model, starter_detector
from earmark.engines import Heard as Window
from earmark.errors import Cancelled, KnownError
from earmark.paths import Paths, resource
from earmark.records import Segment

EPISODES = [episode for episode in demo_episodes() if episode.transcript == "none"]
RATE_HZ = 16_000


@dataclass
class Heard:
    """What on_window was given."""

    segments: list[Segment] = field(default_factory=list)
    next_ms: list[int] = field(default_factory=list)
    total_ms: int = 0

    def take(self, window: Window) -> None:
        self.segments += window.segments
        self.next_ms.append(window.next_ms)
        self.total_ms = window.total_ms

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    return Paths(tmp_path_factory.mktemp("profile"))


@pytest.fixture(scope="module")
def model(profile: Paths) -> Path:
    return sample_speech_model(profile)


@pytest.fixture(scope="module", params=["Silero's detector", "the gate"])
def speech(profile: Paths, request: pytest.FixtureRequest) -> Iterator[Speech]:
    detector = starter_detector(profile) if "Silero" in request.param else None
    with Speech(detector=detector) as face:
        yield face


@pytest.fixture(scope="module")
def sound_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[DemoEpisode], Path]:
    folder, done = tmp_path_factory.mktemp("pcm"), {}
    with Media() as media:
        for episode in EPISODES:
            done[episode.slug] = folder / f"{episode.slug}.pcm"
            media.decode(resource("demo") / f"{episode.slug}.opus", done[episode.slug])
    return lambda episode: done[episode.slug]


@pytest.fixture(scope="module")
def whole_of(
    speech: Speech, model: Path, sound_of: Callable[[DemoEpisode], Path]
) -> Callable[[DemoEpisode], Heard]:
    """All that is heard in an episode, from its begin; it is heard once."""
    done: dict[str, Heard] = {}

    def whole(episode: DemoEpisode) -> Heard:
        if episode.slug not in done:
            heard = Heard()
            speech.transcribe(sound_of(episode), model=model, on_window=heard.take)
            done[episode.slug] = heard
        return done[episode.slug]

    return whole


def words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())


def errors(reference: list[str], found: list[str]) -> int:
    """Edit distance in words."""
    row = list(range(len(found) + 1))
    for i, word in enumerate(reference, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(found, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


@pytest.mark.parametrize("episode", EPISODES, ids=lambda episode: episode.slug)
def test_a_sample_episode_is_heard_word_for_word_and_in_its_place(
    whole_of: Callable[[DemoEpisode], Heard], episode: DemoEpisode
) -> None:
    heard = whole_of(episode)
    said = words(" ".join(line.text for line in episode.lines))
    assert errors(said, words(heard.text)) <= 0.03 * len(said), heard.text
    assert heard.next_ms[-1] == heard.total_ms
    assert heard.next_ms == sorted(set(heard.next_ms))
    starts = {" ".join(words(segment.text)): segment.start_ms for segment in heard.segments}
    for line in episode.lines:
        place = starts.get(" ".join(words(line.text)))
        assert place is None or abs(place - line.start_s * 1000) < 1000, line


def test_work_that_goes_on_at_any_window_gives_the_same_words(
    speech: Speech,
    model: Path,
    sound_of: Callable[[DemoEpisode], Path],
    whole_of: Callable[[DemoEpisode], Heard],
) -> None:
    whole = whole_of(EPISODES[0])
    for at in whole.next_ms[:-1]:
        rest = Heard()
        speech.transcribe(sound_of(EPISODES[0]), model=model, start_ms=at, on_window=rest.take)
        assert rest.segments == [segment for segment in whole.segments if segment.start_ms >= at]


def test_a_killed_child_leaves_what_was_given_and_the_rest_comes_the_same(
    model: Path, sound_of: Callable[[DemoEpisode], Path]
) -> None:
    with Speech() as speech:
        whole = Heard()
        speech.transcribe(sound_of(EPISODES[0]), model=model, on_window=whole.take)
        parts = Heard()

        def take_and_kill(window: Window) -> None:
            parts.take(window)
            if speech.engine.pid is not None:
                os.kill(speech.engine.pid, signal.SIGTERM)

        for _ in range(60):
            start_ms = parts.next_ms[-1] if parts.next_ms else 0
            if parts.total_ms and start_ms == parts.total_ms:
                break
            try:
                speech.transcribe(
                    sound_of(EPISODES[0]), model=model, start_ms=start_ms, on_window=take_and_kill
                )
            except EngineDied:
                continue
        assert parts.segments == whole.segments


def silence(path: Path, seconds: float, level: float) -> Path:
    noise = np.random.default_rng(5).standard_normal(int(seconds * RATE_HZ)) * level
    noise.astype("<i2").tofile(path)
    return path


@pytest.mark.parametrize("level", [0, 30, 3000])
def test_half_an_hour_without_speech_gives_nothing_at_once(
    speech: Speech, model: Path, tmp_path: Path, level: float
) -> None:
    heard = Heard()
    speech.transcribe(silence(tmp_path / "a.pcm", 1800, level), model=model, on_window=heard.take)
    assert heard.segments == []
    assert heard.next_ms == [1_800_000], "no window of it is sent to the model"


def test_no_words_are_invented_in_a_gap_which_is_passed_over_at_once(
    speech: Speech,
    model: Path,
    sound_of: Callable[[DemoEpisode], Path],
    whole_of: Callable[[DemoEpisode], Heard],
    tmp_path: Path,
) -> None:
    talk = np.fromfile(sound_of(EPISODES[0]), dtype="<i2")[: 36 * RATE_HZ]
    np.concatenate([talk, np.zeros(600 * RATE_HZ, dtype="<i2"), talk]).tofile(tmp_path / "a.pcm")
    alone, heard = whole_of(EPISODES[0]), Heard()
    speech.transcribe(tmp_path / "a.pcm", model=model, on_window=heard.take)
    first = alone.next_ms[0]
    assert [s for s in heard.segments if s.end_ms <= first] == [
        s for s in alone.segments if s.end_ms <= first
    ]
    assert not [s for s in heard.segments if 40_000 < s.start_ms < 635_000]
    assert [s for s in heard.segments if s.start_ms >= 635_000]
    assert len(heard.next_ms) <= 6


def test_after_ten_minutes_of_silence_every_word_is_heard_again_in_its_place(
    speech: Speech, model: Path, sound_of: Callable[[DemoEpisode], Path], tmp_path: Path
) -> None:
    talk = np.fromfile(sound_of(EPISODES[1]), dtype="<i2")
    np.concatenate([talk, np.zeros(600 * RATE_HZ, dtype="<i2"), talk]).tofile(tmp_path / "a.pcm")
    heard = Heard()
    speech.transcribe(tmp_path / "a.pcm", model=model, on_window=heard.take)
    later_ms = talk.size * 1000 // RATE_HZ + 600_000
    before = [s for s in heard.segments if s.end_ms <= talk.size * 1000 // RATE_HZ]
    after = [s for s in heard.segments if s.start_ms >= later_ms - 1000]
    assert before + after == heard.segments, "nothing in between"
    assert [s.text for s in after] == [s.text for s in before]
    said = words(" ".join(line.text for line in EPISODES[1].lines))
    assert errors(said, words(" ".join(s.text for s in after))) <= 0.03 * len(said)
    for first, again in zip(before, after, strict=True):
        assert abs(again.start_ms - later_ms - first.start_ms) < 1000


def test_what_is_said_before_and_after_a_few_seconds_of_hiss_is_heard_as_if_each_stood_alone(
    speech: Speech,
    model: Path,
    sound_of: Callable[[DemoEpisode], Path],
    whole_of: Callable[[DemoEpisode], Heard],
    tmp_path: Path,
) -> None:
    talk = np.fromfile(sound_of(EPISODES[1]), dtype="<i2")
    hiss = (np.random.default_rng(3).standard_normal(5 * RATE_HZ) * 20).astype("<i2")
    np.concatenate([talk, hiss, talk, hiss]).tofile(tmp_path / "a.pcm")
    alone, heard = whole_of(EPISODES[1]), Heard()
    speech.transcribe(tmp_path / "a.pcm", model=model, on_window=heard.take)
    assert words(heard.text) == 2 * words(alone.text)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 320, 20_000])
def test_very_short_sounds_are_no_trouble(speech: Speech, model: Path, tmp_path: Path, size: int) -> None:
    (tmp_path / "a.pcm").write_bytes(bytes(size))
    heard = Heard()
    speech.transcribe(tmp_path / "a.pcm", model=model, on_window=heard.take)
    assert heard.segments == []


@pytest.mark.parametrize("data", [b"", b"lmgg", b"<html>login</html>", b"GGUF" + bytes(64), bytes(4096)])
def test_a_bad_model_file_is_refused_before_it_can_crash(speech: Speech, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "model.bin").write_bytes(data)
    with pytest.raises(KnownError, match="not a whole speech model") as caught:
        speech.transcribe(
            silence(tmp_path / "a.pcm", 2, 10), model=tmp_path / "model.bin", on_window=Heard().take
        )
    assert not isinstance(caught.value, EngineDied)


def test_a_model_or_a_sound_that_is_gone_is_said_in_words(
    speech: Speech, model: Path, tmp_path: Path
) -> None:
    with pytest.raises(KnownError, match="cannot be read"):
        speech.transcribe(tmp_path / "a.pcm", model=tmp_path / "none.bin", on_window=Heard().take)
    with pytest.raises(KnownError, match="no longer there"):
        speech.transcribe(tmp_path / "a.pcm", model=model, on_window=Heard().take)


def test_a_model_is_made_ready_before_its_sound_is_there(
    speech: Speech, model: Path, sound_of: Callable[[DemoEpisode], Path], tmp_path: Path
) -> None:
    speech.prepare(model)
    ready = speech.engine.pid
    assert ready is not None
    heard = Heard()
    speech.transcribe(sound_of(EPISODES[0]), model=model, on_window=heard.take)
    assert heard.segments
    assert speech.engine.pid == ready
    with pytest.raises(KnownError, match="cannot be read"):
        speech.prepare(tmp_path / "none.bin")


def test_cancelling_stops_before_the_next_window(
    speech: Speech, model: Path, sound_of: Callable[[DemoEpisode], Path]
) -> None:
    wanted = threading.Event()
    heard: list[object] = []

    def on_window(window: object) -> None:
        heard.append(window)
        wanted.set()

    with pytest.raises(Cancelled):
        speech.transcribe(sound_of(EPISODES[0]), model=model, on_window=on_window, cancelled=wanted.is_set)
    assert len(heard) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_error_of_the_listener_is_handed_on_as_it_is(
    speech: Speech, model: Path, sound_of: Callable[[DemoEpisode], Path]
) -> None:
    def full(*_window: object) -> None:
        raise KnownError("The disk is full.")

    with pytest.raises(KnownError, match=r"^The disk is full\.$"):
        speech.transcribe(sound_of(EPISODES[0]), model=model, on_window=full)
