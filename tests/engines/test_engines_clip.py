"""Clips hold the very moment they stand for, and are small."""

import io
import wave
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from earmark.engines import Media, clip_span
from earmark.errors import Cancelled, KnownError
from earmark.paths import resource

RATE_HZ = 16_000
SPEECH = "second-look-01-sleep-on-it.opus"


def heard(clip: bytes) -> NDArray[np.float32]:
    """A clip as mono samples at 16 kHz."""
    with av.open(io.BytesIO(clip)) as container:
        assert container.streams.audio[0].codec_context.name in ("opus", "libopus")
        resampler = av.AudioResampler("flt", "mono", RATE_HZ)
        frames = [r for f in container.decode(audio=0) for r in resampler.resample(f)] + resampler.resample(
            None
        )
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def tones(path: Path, *hertz: int) -> Path:
    """A WAV file with a second of each tone."""
    each = [9000 * np.sin(2 * np.pi * f * np.arange(RATE_HZ) / RATE_HZ) for f in hertz]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(np.concatenate(each).astype("<i2").tobytes())
    return path


def pitch_of(samples: NDArray[np.float32]) -> float:
    """The strongest frequency in Hz."""
    return float(np.abs(np.fft.rfft(samples)).argmax() * RATE_HZ / len(samples))


def test_each_clip_holds_its_own_moment_and_none_lies_beyond_the_end(tmp_path: Path) -> None:
    source = tones(tmp_path / "tones.wav", 300, 500, 700, 900)
    with Media() as media:
        made = media.clips(source, [(2000, 3000), (0, 1000), (3500, 9000), (4000, 5000), (60_000, 61_000)])
    assert sorted(made) == [0, 1, 2]
    assert [round(pitch_of(heard(made[n])), -1) for n in (0, 1, 2)] == [700, 300, 900]
    assert [round(len(heard(made[n])) / RATE_HZ, 1) for n in (0, 1, 2)] == [1.0, 1.0, 0.5]


def test_a_clip_of_speech_lies_where_the_transcript_says_and_has_about_100_kilobytes(tmp_path: Path) -> None:
    source = resource("demo") / SPEECH
    if not source.exists():
        source = next((resource("demo")).glob("*.opus"))
    pcm = tmp_path / "whole.pcm"
    told: list[float] = []
    with Media() as media:
        media.decode(source, pcm)
        span = clip_span(70_000, 95_000)
        clip = media.clips(source, [span], on_progress=told.append)[0]
    whole = np.frombuffer(pcm.read_bytes(), "<i2").astype(np.float32)
    wanted = whole[span[0] * 16 : span[1] * 16]
    found = heard(clip)[: len(wanted)]
    size = 2 ** int(np.ceil(np.log2(2 * len(wanted))))
    match = np.fft.irfft(np.fft.rfft(found, size) * np.conj(np.fft.rfft(wanted, size)), size)
    lag = int(match.argmax())
    lag -= size if lag > size // 2 else 0
    assert abs(lag) < RATE_HZ // 50
    assert 60_000 < len(clip) < 130_000
    assert told == sorted(told)


def test_what_is_no_recording_gives_no_clip_and_a_wish_to_stop_is_heard(tmp_path: Path) -> None:
    nonsense = tmp_path / "nonsense.mp3"
    nonsense.write_bytes(b"no sound at all" * 1000)
    source = tones(tmp_path / "tones.wav", 300)
    with Media() as media:
        with pytest.raises(KnownError):
            media.clips(nonsense, [(0, 1000)])
        with pytest.raises(Cancelled):
            media.clips(source, [(0, 1000)], cancelled=lambda: True)
        with pytest.raises(KnownError, match="cannot be made"):
            media.clips(source, [(0, 600_000)])
        assert media.clips(source, []) == {}
        assert len(media.clips(source, [(0, 500)])) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"nonsense.mp3", "tones.wav"}


@pytest.mark.parametrize(
    ("start_ms", "end_ms"), [(0, 1), (500, 31_000), (100_000, 101_000), (9_000, 999_000)]
)
def test_a_clip_is_20_to_30_seconds_long_and_begins_before_the_words(start_ms: int, end_ms: int) -> None:
    first, last = clip_span(start_ms, end_ms)
    assert 0 <= first <= start_ms
    assert 20_000 <= last - first <= 30_000
    assert last >= min(end_ms, first + 30_000)
