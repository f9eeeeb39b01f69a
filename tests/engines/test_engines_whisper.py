"""The spectrum that a speech model hears, the times of its words, and models of other shapes."""

from pathlib import Path

import numpy as np
import pytest
from pywhispercpp.model import Model
from random_speech_model import SIZES, write_random_model

from earmark.engines import Heard, Speech, sample_speech_model, whisper_file
from earmark.engines.languages import LANGUAGES
from earmark.engines.mel import log_mel, sounding_frames
from earmark.engines.word_times import word_starts_ms
from earmark.errors import KnownError
from earmark.paths import Paths

RATE_HZ = 16_000
RANDOM = np.random.default_rng(11)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_speech_model(Paths(tmp_path_factory.mktemp("profile")))


def test_a_frame_is_the_loudness_of_bands_of_a_windowed_piece() -> None:
    """The definition, written out for single frames: openai/whisper, `audio.py`."""
    sound = RANDOM.standard_normal(RATE_HZ).astype(np.float32) * 0.1
    filters = np.abs(RANDOM.standard_normal((4, 201))).astype(np.float32)
    mel = log_mel(sound, filters, 200)
    angle = 2 * np.pi * np.outer(np.arange(201), np.arange(400)) / 400
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
    levels = {}
    for frame in (0, 1, 50, 99):
        centre = frame * 160
        places = np.abs(np.arange(centre - 200, centre + 200))
        piece = np.where(places < sound.size, sound[np.minimum(places, sound.size - 1)], 0)
        power = (np.cos(angle) @ (piece * window)) ** 2 + (np.sin(angle) @ (piece * window)) ** 2
        levels[frame] = (np.log10(filters @ power) + 4) / 4
    for frame, wanted in levels.items():
        assert np.allclose(mel[:, frame], wanted, atol=1e-4), frame
    assert np.allclose(mel[:, 150:], mel.max() - 2), "silence lies 8 powers of ten under the loudest"


def test_silence_and_very_short_sounds_have_a_spectrum_too() -> None:
    filters = np.ones((80, 201), dtype=np.float32)
    for samples in (0, 1, 150, 399):
        mel = log_mel(np.zeros(samples, dtype=np.float32), filters, 3000)
        assert mel.shape == (80, 3000)
        assert np.allclose(mel, mel[0, 0])
    assert [sounding_frames(n) for n in (0, 200, 360, 480_000)] == [0, 1, 2, 2999]


def test_words_begin_where_it_is_loud_and_longer_ones_take_longer() -> None:
    loudness = np.zeros(400, dtype=np.float32)
    loudness[50:100] = loudness[200:300] = 1.0
    starts = word_starts_ms(["a", "bcd", "efghijklmno"], 0, 4000, loudness)
    assert starts[0] == 500
    assert 500 < starts[1] < 1000 <= starts[2] <= 2000


@pytest.mark.parametrize(("start_ms", "end_ms"), [(0, 0), (3990, 4000), (9000, 9500)])
def test_every_word_has_a_time_within_its_segment_whatever_is_heard(start_ms: int, end_ms: int) -> None:
    starts = word_starts_ms(["one", "two", "three"], start_ms, end_ms, np.zeros(400, dtype=np.float32))
    assert len(starts) == 3
    assert list(starts) == sorted(starts)
    assert all(start_ms <= start <= end_ms for start in starts)


def test_the_filters_of_a_model_are_read_from_its_file(sample: Path) -> None:
    header = whisper_file.check(sample)
    filters = whisper_file.mel_filters(sample, header)
    assert filters.shape == (80, 201)
    assert filters.min() == 0
    assert 0.01 < filters.max() < 0.1


def noise(path: Path, seconds: int) -> Path:
    """Bursts that the gate takes for speech, so that the model is asked."""
    time = np.arange(seconds * RATE_HZ) / RATE_HZ
    voice = sum(np.sin(2 * np.pi * 120 * k * time * (1 + 0.02 * np.sin(7 * time))) / k for k in range(1, 12))
    shape = np.abs(np.sin(2 * np.pi * 2.1 * time)) * (1 + np.sin(2 * np.pi * 0.7 * time))
    (voice * shape * 4000 + RANDOM.standard_normal(time.size) * 50).astype("<i2").tofile(path)
    return path


@pytest.mark.parametrize("form", ["f16", "q8_0", "q5_1"])
def test_a_multilingual_model_hears_which_language_is_spoken_and_keeps_to_it(
    sample: Path, tmp_path: Path, form: str
) -> None:
    """Random weights: any language will do, but it is one, and it is said with every window."""
    model = tmp_path / "toy.bin"
    write_random_model(SIZES["toy"], form, sample, model)  # type: ignore[arg-type]
    assert whisper_file.check(model).multilingual
    windows: list[Heard] = []
    with Speech() as speech:
        speech.transcribe(noise(tmp_path / "a.pcm", 40), model=model, on_window=windows.append)
        spoken = {window.language for window in windows if window.segments or window.language}
        assert len(spoken) == 1
        [language] = spoken
        assert language is not None
        told: list[Heard] = []
        speech.transcribe(tmp_path / "a.pcm", model=model, on_window=told.append, language="de-AT")
        assert {window.language for window in told} == {"de"}


def test_the_list_of_languages_is_that_of_whisper_itself() -> None:
    assert set(Model.available_languages()) == LANGUAGES


def test_words_that_a_model_is_unsure_of_are_marked_as_such(sample: Path, tmp_path: Path) -> None:
    """As where it hears another language than the one it was told: random weights are sure of nothing."""
    write_random_model(SIZES["toy"], "q8_0", sample, tmp_path / "toy.bin")
    windows: list[Heard] = []
    with Speech() as speech:
        speech.transcribe(
            noise(tmp_path / "a.pcm", 20), model=tmp_path / "toy.bin", on_window=windows.append, language="de"
        )
    assert {window.language for window in windows} == {"de"}
    told = [segment for window in windows for segment in window.segments if segment.word_ms]
    assert told
    for segment in told:
        places = [place for place, _ in segment.doubts]
        assert places == sorted(set(places))
        assert set(places) <= set(range(len(segment.text.split())))
        assert all(0 <= p < 0.5 for _, p in segment.doubts)
    words = sum(len(segment.word_ms) for segment in told)
    assert sum(len(segment.doubts) for segment in told) > 0.9 * words


def test_only_models_of_a_published_size_are_told_names(sample: Path, tmp_path: Path) -> None:
    write_random_model(SIZES["tiny"], "q5_1", sample, tmp_path / "tiny.bin")
    assert whisper_file.check(tmp_path / "tiny.bin").takes_prompt
    assert not whisper_file.check(sample).takes_prompt


def test_an_unknown_kind_of_weights_is_refused(sample: Path, tmp_path: Path) -> None:
    data = bytearray(sample.read_bytes())
    data[4:8] = (200_000).to_bytes(4, "little")
    (tmp_path / "m.bin").write_bytes(data)
    with pytest.raises(KnownError, match="sizes make no sense"):
        whisper_file.check(tmp_path / "m.bin")
