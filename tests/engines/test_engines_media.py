"""The audio decoder, through its real child."""

import os
import struct
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from earmark.engines import EngineDied, Media
from earmark.errors import Cancelled, KnownError
from earmark.paths import resource

RATE_HZ = 16_000
Shared = Callable[[str], Path]


@pytest.fixture(scope="module")
def media() -> Iterator[Media]:
    with Media() as face:
        yield face


def write_wav(path: Path, seconds: float, *, channels: int = 1, rate: int = RATE_HZ) -> Path:
    tone = (9000 * np.sin(np.arange(int(seconds * rate)) * 440 * 2 * np.pi / rate)).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.repeat(tone, channels).tobytes())
    return path


def left_behind(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.suffix in (".part", ".pcm")]


@pytest.mark.parametrize("path", sorted(resource("demo").glob("*.opus")), ids=lambda path: path.stem)
def test_a_sample_episode_becomes_raw_sound(media: Media, tmp_path: Path, path: Path) -> None:
    pcm = tmp_path / "a.pcm"
    seen: list[tuple[int, int | None]] = []
    done = media.decode(path, pcm, on_progress=lambda *at: seen.append(at))
    assert (done.format, done.partial) == ("ogg", False)
    assert abs(pcm.stat().st_size / 32 - done.duration_ms) <= 1
    assert done.duration_ms > 60_000
    assert seen
    assert all(total is not None and 0 < at <= total + 500 for at, total in seen)
    assert left_behind(tmp_path) == ["a.pcm"]


@pytest.mark.parametrize(
    ("channels", "rate"), [(1, 8000), (2, 44_100), (2, 48_000), (1, 192_000), (6, 48_000)]
)
def test_any_rate_and_any_channels_become_16_khz_mono(
    media: Media, tmp_path: Path, channels: int, rate: int
) -> None:
    source = write_wav(tmp_path / "a.wav", 3, channels=channels, rate=rate)
    done = media.decode(source, tmp_path / "a.pcm")
    assert abs(done.duration_ms - 3000) <= 20
    sound = np.fromfile(tmp_path / "a.pcm", dtype="<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(sound))
    assert abs(spectrum.argmax() * RATE_HZ / sound.size - 440) < 2
    assert np.abs(sound).max() > 4000


def test_what_is_too_long_is_cut_and_called_partial(media: Media, tmp_path: Path) -> None:
    source = write_wav(tmp_path / "a.wav", 5)
    done = media.decode(source, tmp_path / "a.pcm", max_hours=2 / 3600)
    assert (done.duration_ms, done.partial) == (2000, True)


def wav_header(rate: int, channels: int, data_bytes: int) -> bytes:
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF", 36 + data_bytes & 0xFFFFFFFF, b"WAVE", b"fmt ", 16, 1, channels, rate,
        rate * channels * 2 & 0xFFFFFFFF, max(1, channels * 2 & 0xFFFF), 16, b"data", data_bytes,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.mp3", b""),
        ("page.mp3", b"<html><body>404</body></html>"),
        ("list.mp3", b"ffconcat version 1.0\nfile 'secret.wav'\n"),
        ("hls.mp3", b"#EXTM3U\n#EXTINF:10,\nsecret.wav\n"),
        ("list.ogg", b"ffconcat version 1.0\nfile 'secret.wav'\n" * 100),
        ("concat.wav", b"concat:secret.wav|secret.wav"),
        ("zip.mp3", b"PK\x03\x04" + bytes(500)),
        ("tag.mp3", b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(100)),
        ("broken.m4a", b"\0\0\0\x20ftypM4A " + bytes(500)),
        ("rate.wav", wav_header(4_000_000_000, 1, 64) + bytes(64)),
        ("norate.wav", wav_header(0, 1, 64) + bytes(64)),
        ("channels.wav", wav_header(16_000, 0, 64) + bytes(64)),
        ("crowd.wav", wav_header(16_000, 255, 510) + bytes(510)),
        ("nodata.wav", wav_header(16_000, 1, 0)),
        ("random.mp3", np.random.default_rng(3).bytes(65_536)),
        ("huge.flac", b"fLaC" + b"\xff" * 200),
        ("ogg.ogg", b"OggS" + b"\xff" * 5000),
    ],
)
def test_what_cannot_be_heard_is_refused_in_words_and_leaves_nothing(
    media: Media, tmp_path: Path, name: str, data: bytes
) -> None:
    write_wav(tmp_path / "secret.wav", 1)
    (tmp_path / name).write_bytes(data)
    with pytest.raises(KnownError, match=r"\.$"):
        media.decode(tmp_path / name, tmp_path / "a.pcm")
    assert left_behind(tmp_path) == []
    assert media.engine.pid is not None


def test_a_header_that_claims_hours_gives_what_is_there(media: Media, tmp_path: Path) -> None:
    source = tmp_path / "a.wav"
    source.write_bytes(wav_header(16_000, 1, 0xFFFFFF00) + bytes(64_000))
    assert media.decode(source, tmp_path / "a.pcm").duration_ms == 2000


def test_a_missing_file_and_a_missing_folder_are_said_in_words(media: Media, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be opened"):
        media.decode(tmp_path / "none.mp3", tmp_path / "a.pcm")
    with pytest.raises(KnownError, match="cannot be written"):
        media.decode(write_wav(tmp_path / "a.wav", 1), tmp_path / "none" / "a.pcm")


def test_a_truncated_recording_gives_what_is_there_and_says_so(media: Media, tmp_path: Path) -> None:
    whole = min(resource("demo").glob("*.opus")).read_bytes()
    for share in (0.01, 0.5, 0.99):
        source = tmp_path / "cut.opus"
        source.write_bytes(whole[: int(len(whole) * share)])
        assert media.decode(source, tmp_path / "a.pcm").duration_ms > 100


def test_cancelling_stops_within_three_seconds_and_leaves_nothing(media: Media, tmp_path: Path) -> None:
    source = tmp_path / "long.wav"
    source.write_bytes(wav_header(16_000, 1, 400_000_000))
    os.truncate(source, 400_000_000)
    begun = threading.Event()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        media.decode(source, tmp_path / "a.pcm", on_progress=lambda *_at: begun.set(), cancelled=begun.is_set)
    assert time.monotonic() - began < 10
    assert left_behind(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_memory_stays_flat_over_hours_of_sound(media: Media, tmp_path: Path) -> None:
    def peak_kb() -> int:
        status = Path(f"/proc/{media.engine.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0])

    media.decode(write_wav(tmp_path / "short.wav", 5, channels=2, rate=44_100), tmp_path / "a.pcm")
    before = peak_kb()
    source = tmp_path / "long.wav"
    source.write_bytes(wav_header(16_000, 1, 230_400_000))
    os.truncate(source, 230_400_044)
    assert media.decode(source, tmp_path / "a.pcm").duration_ms == 7_200_000
    assert peak_kb() - before < 20_000


@pytest.mark.needs_shared
@pytest.mark.parametrize(
    ("name", "ms", "partial"),
    [
        ("containers/jfk_5.1_centre_only.flac", 11_000, False),
        ("containers/jfk_aac.m4a", 11_000, False),
        ("containers/jfk_ac3.mp4", 11_000, False),
        ("containers/jfk_adts.aac", 11_000, False),
        ("containers/jfk_alaw_8k.wav", 11_000, False),
        ("containers/jfk_opus.mka", 11_000, False),
        ("containers/jfk_opus.webm", 11_000, False),
        ("containers/jfk_stereo_antiphase.flac", 11_000, False),
        ("containers/jfk_vbr.mp3", 11_000, False),
        ("containers/jfk_wma.wma", 11_000, False),
        ("containers/pydub_wrong_extension.aac", 9_659, False),
        ("broken/jfk_garbage_middle.mp3", 11_000, False),
        ("broken/jfk_garbage_prefix.mp3", 11_000, False),
        ("broken/jfk_id3_bigart_250k.mp3", 11_000, False),
        ("broken/jfk_is_really_m4a.mp3", 11_000, False),
        ("broken/jfk_is_really_mp3.m4a", 11_000, False),
        ("broken/jfk_rate_change_midstream.mp3", 22_000, False),
        ("broken/jfk_truncated_40pct.mp3", 4_180, True),
        ("broken/jfk_truncated_faststart.m4a", 5_290, True),
        ("broken/jfk_wav_size_ffffffff.wav", 3_000, False),
    ],
)
def test_every_container_gives_its_speech(
    media: Media, tmp_path: Path, shared: Shared, name: str, ms: int, partial: bool
) -> None:
    done = media.decode(shared(f"data/audio/{name}"), tmp_path / "a.pcm")
    assert abs(done.duration_ms - ms) < 200
    assert done.partial == partial
    sound = np.fromfile(tmp_path / "a.pcm", dtype="<i2").astype(float)
    assert np.sqrt((sound**2).mean()) > 500


@pytest.mark.needs_shared
def test_hostile_files_neither_kill_nor_stall_nor_swell_the_child(
    media: Media, tmp_path: Path, shared: Shared
) -> None:
    folders = ["data/hostile/media", "data/audio/broken", "data/audio/chapters", "data/audio/nospeech"]
    files = [path for folder in folders for path in sorted(shared(folder).rglob("*")) if path.is_file()]
    outcomes = {"decoded": 0, "refused": 0, "died": 0}
    for path in files:
        began = time.monotonic()
        try:
            media.decode(path, tmp_path / "a.pcm")
            outcomes["decoded"] += 1
        except EngineDied:
            outcomes["died"] += 1
        except KnownError:
            outcomes["refused"] += 1
        assert time.monotonic() - began < 5, path
    assert outcomes["died"] == 0, outcomes
    assert outcomes["decoded"] > 80, outcomes
    if sys.platform == "linux":
        status = Path(f"/proc/{media.engine.pid}/status").read_text()
        assert int(status.split("VmHWM:")[1].split()[0]) < 200_000


FLIP = """
import sys, random
from pathlib import Path
whole = bytearray(Path(sys.argv[1]).read_bytes()[:20000])
for seed in range(40):
    chance = random.Random(seed); data = bytearray(whole)
    for _ in range(30): data[chance.randrange(len(data))] = chance.randrange(256)
    Path(sys.argv[2], f"{seed}.opus").write_bytes(data)
"""


def test_flipped_bytes_never_reach_the_program(media: Media, tmp_path: Path) -> None:
    """40 damaged files; a child may die of one, the next is decoded by a new child."""
    source = min(resource("demo").glob("*.opus"))
    subprocess.run([sys.executable, "-c", FLIP, str(source), str(tmp_path)], check=True)
    outcomes = []
    for path in sorted(tmp_path.glob("*.opus")):
        try:
            outcomes.append(media.decode(path, tmp_path / "a.pcm").duration_ms)
        except KnownError as error:
            outcomes.append(str(error))
    assert len(outcomes) == 40
