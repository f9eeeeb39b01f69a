"""Silero's detector, in numpy, from the weights of the starter package; and hearing in blocks."""

import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from listening import ScriptedJudge, hearing, sound
from numpy.typing import NDArray
from test_engines_gate import NOT_SPEECH, decoded

from earmark.engines import own_detector, silero, starter_detector
from earmark.engines.detector import _CHUNK, _CONTEXT, FRAME_MS, Detector, _chunks, _piece
from earmark.engines.hearing import BLOCK_MS, MOST_AT_ONCE, RATE_HZ, Hearing
from earmark.errors import KnownError
from earmark.paths import Paths, resource

Shared = Callable[[str], Path]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = starter_detector(Paths(tmp_path_factory.mktemp("profile")))
    assert made is not None
    return made


@pytest.fixture(scope="module")
def detector(file: Path) -> Detector:
    return Detector(silero.read(file))


def share(detector: Detector, pcm: NDArray[np.int16]) -> float:
    count = pcm.size // (RATE_HZ * FRAME_MS // 1000)
    return float(detector.frames(pcm, 0, count).mean()) if count else 0.0


@pytest.mark.parametrize("name", NOT_SPEECH)
def test_made_sounds_that_are_no_speech_give_nothing(detector: Detector, name: str) -> None:
    assert share(detector, NOT_SPEECH[name]) == 0


@pytest.mark.parametrize("path", sorted(resource("demo").glob("*.opus")), ids=lambda path: path.stem)
def test_the_sample_episodes_are_heard(detector: Detector, path: Path) -> None:
    assert share(detector, decoded(path)) > 0.8


@pytest.mark.needs_shared
@pytest.mark.parametrize("name", ["silence.wav", "silence_60s.mp3", "noise_20s.mp3", "bbc_sfx_07023003.mp3"])
def test_recordings_without_speech_give_nothing(detector: Detector, shared: Shared, name: str) -> None:
    assert share(detector, decoded(shared(f"data/audio/nospeech/{name}"))) == 0


REFERENCE = {
    "en/hotwords.mp3": 0.944,
    "en/jfk.flac": 0.679,
    "en/librivox_austen_0870.wav": 0.923,
    "en/librivox_austen_0880.wav": 0.839,
    "en/librivox_austen_0890.wav": 0.897,
    "en/one_two_three.wav": 0.506,
    "en/stereo_diarization.wav": 0.859,
    "en/syntax_scott.mp3": 0.625,
    "en/syntax_wes.mp3": 0.689,
    "en/vosk_test_digits.wav": 0.537,
    "en-long/lj001_0001-0008.mp3": 0.891,
    "en-long/lucier.mp3": 0.452,
    "fr/french.aiff": 0.734,
    "fr/whisper-french.mp3": 0.846,
    "multi/multilingual-en-de.mp3": 0.863,
    "ru/ru.wav": 0.469,
}
"""How much of a recording is speech (the rest are pauses), by `silero_vad.onnx` of silero-vad 6.2.3 in
onnxruntime. The same package's safetensors, which are used here, hold weights of another training: with those
of the onnx file our numbers are the same to 0.00001."""


@pytest.mark.needs_shared
@pytest.mark.parametrize("name", REFERENCE)
def test_as_much_of_a_recording_is_speech_as_in_the_published_program(
    detector: Detector, shared: Shared, name: str
) -> None:
    assert share(detector, decoded(shared(f"data/audio/{name}"))) == pytest.approx(REFERENCE[name], abs=0.03)


@pytest.mark.needs_shared
def test_people_are_heard_where_they_speak_and_nowhere_else(detector: Detector, shared: Shared) -> None:
    """Two people at the telephone, whose turns were marked by hand."""
    pcm = decoded(shared("data/audio/diarisation/pyannote_sample.wav"))
    heard = detector.frames(pcm, 0, pcm.size // 512)
    said = np.zeros_like(heard)
    for line in shared("data/audio/diarisation/pyannote_sample.rttm").read_text().splitlines():
        start_s, length_s = (float(field) for field in line.split()[3:5])
        said[int(start_s * 1000) // FRAME_MS : int((start_s + length_s) * 1000) // FRAME_MS] = True
    assert float(heard[said].mean()) > 0.95
    assert float(heard[~said].mean()) < 0.05


def test_a_stretch_judged_alone_is_judged_nearly_as_in_the_whole(detector: Detector) -> None:
    talk = decoded(min(resource("demo").glob("*.opus")))[: 40 * RATE_HZ]
    pcm = np.concatenate([talk, NOT_SPEECH["white noise"], talk])
    whole = detector.frames(pcm, 0, pcm.size // 512)
    pieces = [detector.frames(pcm, first, 50) for first in range(0, whole.size - 50, 50)]
    apart = np.concatenate(pieces)
    assert float((apart != whole[: apart.size]).mean()) < 0.01


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513])
def test_frames_beyond_the_end_are_silent(detector: Detector, size: int) -> None:
    assert detector.frames(np.zeros(size, dtype=np.int16), 0, 50).tolist() == [False] * 50
    assert detector.frames(np.zeros(size, dtype=np.int16), 1000, 50).tolist() == [False] * 50


@pytest.mark.parametrize("damage", ["cut", "other kind", "longer name", "other shape", "empty", "gone"])
def test_a_damaged_file_is_refused_in_words(file: Path, tmp_path: Path, damage: str) -> None:
    data, copy = bytearray(file.read_bytes()), tmp_path / "detector.bin"
    if damage == "other kind":
        data[8:18] = b"silero-08k"
    if damage == "longer name":
        data[106:110] = b"\xff\xff\xff\x7f"
    if damage == "other shape":
        data[114:118] = b"\x04\x00\x00\x00"
    if damage != "gone":
        copy.write_bytes({"cut": data[:-9], "empty": b""}.get(damage, bytes(data)))
    with pytest.raises(KnownError, match=r"detector\.bin"):
        silero.read(copy)


@pytest.mark.parametrize("version", [(5, 1, 2), (6, 2, 0), (7, 0, 1)])
def test_a_file_of_another_version_is_read_too(file: Path, tmp_path: Path, version: tuple[int, ...]) -> None:
    """whisper.cpp's shelf has versions 5 and 6, which are alike in all but their weights."""
    data = bytearray(file.read_bytes())
    data[18:30] = struct.pack("<3i", *version)
    (tmp_path / "detector.bin").write_bytes(data)
    assert silero.read(tmp_path / "detector.bin").keys() == silero.read(file).keys()


def test_a_detector_of_the_users_own_is_found_among_the_models(file: Path, tmp_path: Path) -> None:
    assert own_detector(tmp_path) is None
    assert own_detector(tmp_path / "gone") is None
    for name in ("ggml-silero-v5.1.2.bin", "ggml-silero-v6.2.0.bin", "ggml-tiny.bin"):
        (tmp_path / name).write_bytes(file.read_bytes())
    assert own_detector(tmp_path) == tmp_path / "ggml-silero-v6.2.0.bin"
    (tmp_path / "ggml-silero-v6.2.0.bin").write_bytes(b"<html>")
    assert own_detector(tmp_path) == tmp_path / "ggml-silero-v5.1.2.bin"


def test_the_weights_survive_being_written_and_read(file: Path) -> None:
    weights = silero.read(file)
    assert weights["_model.stft.forward_basis_buffer"].shape == (258, 1, 256)
    assert all(np.isfinite(tensor).all() for tensor in weights.values())


def test_only_what_is_asked_for_is_judged_and_only_once() -> None:
    judge = ScriptedJudge()
    heard = Hearing(judge, sound(3600))
    assert heard.hears(100_000, 130_000, 300)
    assert judge.judged_ms == BLOCK_MS
    assert heard.hears(110_000, 120_000, 300)
    assert judge.judged_ms == BLOCK_MS


def test_a_long_silence_is_walked_over_in_few_steps() -> None:
    judge = ScriptedJudge((0, 600_000))
    assert Hearing(judge, sound(660)).onset_ms(0) == 600_000
    assert judge.asked < 600_000 / BLOCK_MS / MOST_AT_ONCE + 5
    assert judge.judged_ms <= 600_000 + BLOCK_MS * MOST_AT_ONCE


def test_a_long_silence_is_searched_in_few_steps() -> None:
    judge = ScriptedJudge((0, 660_000))
    assert not Hearing(judge, sound(660)).hears(0, 660_000)
    assert judge.asked < 660_000 / BLOCK_MS / MOST_AT_ONCE + 5
    assert judge.judged_ms < 660_000 + BLOCK_MS


def test_what_was_judged_is_not_judged_again_on_the_way_over_a_silence() -> None:
    judge = ScriptedJudge((0, 60_000))
    heard = Hearing(judge, sound(60))
    for moment_ms in (4_000, 11_000, 12_000, 30_000):
        assert not heard.hears(moment_ms, moment_ms + 1)
    assert heard.onset_ms(0) is None
    assert judge.judged_ms < 60_000 + BLOCK_MS


def test_what_is_heard_is_what_one_look_at_everything_gives() -> None:
    chance = np.random.default_rng(8)
    edges = np.sort(chance.choice(300_000, 60, replace=False)).reshape(-1, 2).tolist()
    judge, pcm = ScriptedJudge(*[(start, end) for start, end in edges]), sound(300)
    step, total_ms, heard = judge.frame_ms, 300_000, Hearing(judge, pcm)
    frames = judge.frames(pcm, 0, total_ms // step)
    for _ in range(500):
        start_ms = int(chance.integers(0, total_ms))
        end_ms = min(total_ms, start_ms + int(chance.integers(1, 60_000)))
        least_ms = int(chance.choice([1, 300, 5_000]))
        first, last = start_ms // step, -(-end_ms // step)
        later = np.flatnonzero(frames[first:])
        onset_ms = max(start_ms, (first + int(later[0])) * step) if later.size else None
        heard = Hearing(judge, pcm) if chance.random() < 0.1 else heard
        assert heard.hears(start_ms, end_ms, least_ms) == (int(frames[first:last].sum()) * step >= least_ms)
        assert heard.onset_ms(start_ms) == onset_ms


def test_where_speech_comes_at_once_no_more_than_the_first_block_is_judged() -> None:
    judge = ScriptedJudge()
    assert Hearing(judge, sound(60)).onset_ms(10_000) == 10_000
    assert judge.judged_ms == BLOCK_MS


def with_silences(detector_hears: NDArray[np.int16]) -> NDArray[np.int16]:
    """Speech, and hiss and silence of every length between."""
    chance, parts = np.random.default_rng(5), []
    for second in range(0, 60, 4):
        hiss = chance.standard_normal(int(chance.integers(0, 12 * RATE_HZ))) * chance.choice([0, 5, 20, 300])
        parts += [detector_hears[second * RATE_HZ : (second + 4) * RATE_HZ], hiss.astype(np.int16)]
    return np.concatenate(parts)


def test_stretches_side_by_side_are_judged_as_each_alone(detector: Detector) -> None:
    pcm = with_silences(decoded(resource("demo") / "kitchen-table-02-learning-by-night.opus"))
    count = BLOCK_MS // FRAME_MS
    firsts = list(range(0, pcm.size // (RATE_HZ * FRAME_MS // 1000) + 2 * count, count))
    together = [
        found
        for at in range(0, len(firsts), 5)
        for found in detector.stretches(pcm, firsts[at : at + 5], count)
    ]
    for first, found in zip(firsts, together, strict=True):
        assert found.tolist() == detector.frames(pcm, first, count).tolist()


def test_stretches_that_are_no_neighbours_hear_only_their_own(
    detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.engines.detector._NEAR", 0.0)  # none is judged again alone
    pcm = with_silences(decoded(resource("demo") / "kitchen-table-02-learning-by-night.opus"))
    count = BLOCK_MS // FRAME_MS
    behind = pcm.size // (RATE_HZ * FRAME_MS // 1000) + count
    firsts = [count, 2 * count, 3 * count + 7, 9 * count, behind - count - 3, behind]
    for first, found in zip(firsts, detector.stretches(pcm, firsts, count), strict=True):
        assert found.tolist() == detector.frames(pcm, first, count).tolist()


@pytest.mark.parametrize("samples", [0, 1, _CHUNK, 5 * _CHUNK + 200, 6 * _CHUNK - _CONTEXT])
def test_a_chunk_by_its_number_is_the_one_that_is_heard_alone(samples: int) -> None:
    pcm = np.random.default_rng(3).integers(-32768, 32767, samples, dtype=np.int16, endpoint=True)
    numbers = np.array([-3, -1, 0, 1, 4, 5, 6, 9])
    for number, chunk in zip(numbers, _chunks(pcm, numbers), strict=True):
        alone = _piece(pcm, int(number), 1)[-_CHUNK - _CONTEXT :] if number >= 0 else np.zeros_like(chunk)
        if number == -1:  # what lies before the sound is silence
            assert not chunk[:_CONTEXT].any()
        assert chunk.tolist() == alone.tolist()


def test_nothing_is_heard_in_no_sound(detector: Detector) -> None:
    found = detector.stretches(np.zeros(0, dtype=np.int16), [50, 100], 50)
    assert [bool(each.any()) for each in found] == [False, False]


def test_a_stretch_near_the_threshold_is_judged_again_alone(
    detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone: list[int] = []

    def frames(_pcm: NDArray[np.int16], first: int, count: int) -> NDArray[np.bool_]:
        alone.append(first)
        return np.ones(count, dtype=np.bool_)

    def side_by_side(_pcm: NDArray[np.int16], firsts: Sequence[int], count: int) -> NDArray[np.float32]:
        found = np.full((len(firsts), count), 0.1, dtype=np.float32)
        found[1, -1] = 0.4999
        return found

    monkeypatch.setattr(detector, "frames", frames)
    monkeypatch.setattr(detector, "_side_by_side", side_by_side)
    found = detector.stretches(np.zeros(16_000 * 60, dtype=np.int16), [50, 100, 150], 50)
    assert alone == [100]
    assert [bool(each.any()) for each in found] == [False, True, False]


def test_what_is_heard_does_not_depend_on_what_was_asked_before(detector: Detector) -> None:
    pcm = with_silences(decoded(resource("demo") / "kitchen-table-02-learning-by-night.opus"))
    chance, asked = np.random.default_rng(6), Hearing(detector, pcm)
    for _ in range(25):
        start_ms = int(chance.integers(0, asked.total_ms))
        end_ms = start_ms + int(chance.integers(1, 30_000))
        least_ms = int(chance.choice([1, 300, 5_000]))
        fresh = Hearing(detector, pcm)
        assert asked.hears(start_ms, end_ms, least_ms) == fresh.hears(start_ms, end_ms, least_ms)
        assert asked.onset_ms(start_ms) == Hearing(detector, pcm).onset_ms(start_ms)


def test_how_much_is_heard_is_counted_exactly_at_the_borders() -> None:
    heard = hearing(60, (10_000, 20_000))
    assert heard.hears(9_000, 21_000, 2_000)
    assert not heard.hears(9_000, 21_000, 2_060)
    assert not heard.hears(10_000, 20_000)
    assert heard.onset_ms(10_000) == 20_000
    assert heard.onset_ms(25_000) == 25_000
    assert hearing(60, (30_000, 60_000)).onset_ms(30_000) is None


def test_silences_are_quiet_long_and_without_speech() -> None:
    heard = hearing(60, (10_000, 20_000), (30_000, 31_000))
    assert heard.silences(0, 60_000, 2_000) == [(10_000, 20_000)]
    assert heard.silences(9_000, 11_500, 2_000) == [], "one and a half seconds are too short"
    assert hearing(0).silences(0, 0, 2_000) == []
