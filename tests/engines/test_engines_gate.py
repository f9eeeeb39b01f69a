"""The gate hears speech, and only speech."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from earmark.engines import gate
from earmark.engines.gate import RATE_HZ, Gate, speech_frames
from earmark.engines.hearing import Hearing
from earmark.paths import resource

Pcm = NDArray[np.int16]
TIME = np.arange(RATE_HZ * 10) / RATE_HZ
NOISE = np.random.default_rng(7).standard_normal(TIME.size)
Shared = Callable[[str], Path]


def decoded(path: Path) -> Pcm:
    resampler = av.AudioResampler("s16", "mono", RATE_HZ)
    with av.open(str(path)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray().ravel() for frame in frames])


def share(pcm: Pcm) -> float:
    frames = speech_frames(pcm)
    return float(frames.mean()) if frames.size else 0.0


def pcm_of(sound: NDArray[np.float64]) -> Pcm:
    return sound.astype(np.int16)


NOT_SPEECH = {
    "silence": pcm_of(np.zeros(TIME.size)),
    "nothing": pcm_of(np.zeros(0)),
    "ten milliseconds": pcm_of(np.zeros(160)),
    "white noise": pcm_of(3000 * NOISE),
    "faint hiss": pcm_of(20 * NOISE),
    "a tone": pcm_of(8000 * np.sin(2 * np.pi * 220 * TIME)),
    "hum": pcm_of(8000 * np.sin(2 * np.pi * 50 * TIME)),
    "a rich steady tone": pcm_of(sum(4000 / k * np.sin(2 * np.pi * 130 * k * TIME) for k in range(1, 10))),
    "bursts of noise": pcm_of(3000 * NOISE * ((TIME * 1.3) % 1 < 0.3)),
    "clicks": pcm_of(20000 * (np.arange(TIME.size) % 8000 == 0)),
    "noise fading in": pcm_of(3000 * NOISE * TIME / 10),
}


@pytest.mark.parametrize("name", NOT_SPEECH)
def test_made_sounds_that_are_no_speech_give_nothing(name: str) -> None:
    assert share(NOT_SPEECH[name]) == 0


@pytest.mark.parametrize("path", sorted(resource("demo").glob("*.opus")), ids=lambda path: path.stem)
def test_the_sample_episodes_are_heard_from_end_to_end(path: Path) -> None:
    assert share(decoded(path)) > 0.95


def test_the_gate_is_the_same_in_pieces_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = decoded(min(resource("demo").glob("*.opus")))[: 20 * RATE_HZ]
    whole = speech_frames(talk)
    monkeypatch.setattr(gate, "_BLOCK_FRAMES", 77)
    assert np.array_equal(speech_frames(talk), whole)


def test_a_stretch_judged_alone_is_judged_as_in_the_whole() -> None:
    talk = decoded(min(resource("demo").glob("*.opus")))[: 20 * RATE_HZ]
    sound = np.concatenate([talk, np.zeros(5 * RATE_HZ, dtype=np.int16), talk])
    whole = speech_frames(sound)
    for first in range(0, whole.size - 80, 80):
        assert np.array_equal(Gate().frames(sound, first, 80), whole[first : first + 80]), first


@pytest.mark.needs_shared
@pytest.mark.parametrize("name", ["silence.wav", "silence_60s.mp3", "noise_20s.mp3", "bbc_sfx_07023003.mp3"])
def test_recordings_without_speech_give_nothing(shared: Shared, name: str) -> None:
    assert share(decoded(shared(f"data/audio/nospeech/{name}"))) == 0


@pytest.mark.needs_shared
def test_people_are_heard(shared: Shared) -> None:
    """Twelve short recordings by telephone, radio and microphone, in English, French and Russian."""
    folder = shared("data/audio")
    names = [path for kind in ("en", "fr", "ru") for path in sorted((folder / kind).iterdir())]
    shares = {path.name: share(decoded(path)) for path in names if path.suffix != ".txt"}
    assert min(shares.values()) > 0.6, shares
    assert float(np.median(list(shares.values()))) > 0.9, shares


@pytest.mark.needs_shared
def test_three_quarters_of_a_minute_of_silence_between_sentences_is_found(shared: Shared) -> None:
    hearing = Hearing(Gate(), decoded(shared("data/audio/nospeech/jfk_gap45s_jfk.mp3")))
    assert not hearing.hears(12_000, 55_000)
    assert hearing.hears(0, 11_000, least_ms=9_500)
    assert hearing.hears(56_000, 67_000, least_ms=9_500)
