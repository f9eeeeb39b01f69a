"""The audio decoder, through its real child."""

import os
import queue
import random
import shutil
import struct
import sys
import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from decode_batch import Outcome, decode_all
from recordings import CODECS, add_cover, speech, write_recording

from earmark.engines import Media
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


REFUSED = {
    "empty.mp3": (b"", "empty"),
    "page.mp3": (b"<html><body>404</body></html>", "web page"),
    "list.mp3": (b"ffconcat version 1.0\nfile 'secret.wav'\n", "playlist"),
    "hls.mp3": (b"#EXTM3U\n#EXTINF:10,\nsecret.wav\n", "playlist"),
    "dash.mp3": (b"<?xml version='1.0'?>\n<MPD><BaseURL>secret.wav</BaseURL></MPD>", "playlist"),
    "sdp.mp3": (b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n", "playlist"),
    "list.ogg": (b"ffconcat version 1.0\nfile 'secret.wav'\n" * 100, "playlist"),
    "concat.wav": (b"concat:secret.wav|secret.wav", "playlist"),
    "subfile.wav": (b"subfile,,start,0,end,9,,:secret.wav", "playlist"),
    "zip.mp3": (b"PK\x03\x04" + bytes(500), "zip archive"),
    "exe.mp3": (b"MZ" + bytes(500), "program"),
    "said.mp3": (b"The file that you asked for has moved. " * 9, "text"),
    "tag.mp3": (b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(100), "broke off before any sound"),
    "broken.m4a": (b"\0\0\0\x20ftypM4A " + bytes(500), "table of contents"),
    "rate.wav": (wav_header(4_000_000_000, 1, 64) + bytes(64), "4,000,000,000 samples a second"),
    "norate.wav": (wav_header(0, 1, 64) + bytes(64), "0 samples a second"),
    "channels.wav": (wav_header(16_000, 0, 64) + bytes(64), "0 channels"),
    "crowd.wav": (wav_header(16_000, 255, 510) + bytes(510), "255 channels"),
    "nodata.wav": (wav_header(16_000, 1, 0), "broke off before any sound"),
    "random.mp3": (np.random.default_rng(3).bytes(65_536), "not a recording that Earmark knows"),
    "huge.flac": (b"fLaC" + b"\xff" * 200, "cannot be read"),
    "ogg.ogg": (b"OggS" + b"\xff" * 5000, "cannot be read"),
    "other.wav": (wav_header(16_000, 1, 64)[:20] + b"\x34\x12" + wav_header(16_000, 1, 64)[22:], "kind that"),
}


def test_what_cannot_be_heard_is_refused_each_in_its_own_words(tmp_path: Path) -> None:
    for name, (data, _words) in REFUSED.items():
        (tmp_path / name).write_bytes(data)
    outcomes = decode_all([tmp_path / name for name in REFUSED], tmp_path)
    wrong = [each for each in outcomes if REFUSED[each.path.name][1] not in (each.refused or "")]
    assert wrong == []


def test_a_refusal_leaves_nothing_behind_and_the_next_recording_is_heard(
    media: Media, tmp_path: Path
) -> None:
    (tmp_path / "page.mp3").write_bytes(b"<html>")
    with pytest.raises(KnownError, match="web page"):
        media.decode(tmp_path / "page.mp3", tmp_path / "a.pcm")
    assert left_behind(tmp_path) == []
    assert media.decode(write_wav(tmp_path / "a.wav", 1), tmp_path / "a.pcm").duration_ms == 1000


def test_a_header_that_claims_hours_gives_what_is_there(media: Media, tmp_path: Path) -> None:
    source = tmp_path / "a.wav"
    source.write_bytes(wav_header(16_000, 1, 0xFFFFFF00) + bytes(64_000))
    assert media.decode(source, tmp_path / "a.pcm").duration_ms == 2000


def test_a_missing_file_and_a_missing_folder_are_said_in_words(media: Media, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be opened"):
        media.decode(tmp_path / "none.mp3", tmp_path / "a.pcm")
    with pytest.raises(KnownError, match="cannot be written"):
        media.decode(write_wav(tmp_path / "a.wav", 1), tmp_path / "none" / "a.pcm")


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Ten seconds of speech in every container."""
    folder, sound = tmp_path_factory.mktemp("recordings"), speech(10)
    return {suffix: write_recording(folder / f"a.{suffix}", sound) for suffix in CODECS}


def by_name(paths: list[Path], folder: Path) -> dict[str, Outcome]:
    return {each.path.name: each for each in decode_all(paths, folder)}


def test_every_container_is_heard_whole_and_cut_ones_as_far_as_they_go(
    recordings: dict[str, Path], tmp_path: Path
) -> None:
    for suffix, path in recordings.items():
        whole = path.read_bytes()
        for percent in (0, 1, 50, 99, 100):
            (tmp_path / f"{percent}.{suffix}").write_bytes(whole[: len(whole) * percent // 100])
    heard = by_name(sorted(tmp_path.iterdir()), tmp_path)
    for suffix in CODECS:
        assert "is empty" in (heard[f"0.{suffix}"].refused or "")
        assert heard[f"1.{suffix}"].refused or (heard[f"1.{suffix}"].duration_ms or 0) < 500
        assert heard[f"100.{suffix}"].warning is None
        assert abs((heard[f"100.{suffix}"].duration_ms or 0) - 10_000) < 100
        if suffix == "m4a":  # its table of contents stands at the end
            assert "table of contents" in (heard["99.m4a"].refused or "")
            assert "table of contents" in (heard["50.m4a"].refused or "")
            continue
        assert 3900 < (heard[f"50.{suffix}"].duration_ms or 0) < 7000
        assert (heard[f"99.{suffix}"].duration_ms or 0) > 8900
    tells_its_length = {"mp3", "flac", "wav", "wma", "aiff", "mka"}
    for suffix in tells_its_length:
        assert "broke off after" in (heard[f"50.{suffix}"].warning or ""), suffix


def test_locked_and_unknown_sound_are_told_apart(recordings: dict[str, Path], tmp_path: Path) -> None:
    m4a, mka, wma = (recordings[suffix].read_bytes() for suffix in ("m4a", "mka", "wma"))
    protection = bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e") + (24).to_bytes(8, "little")
    files = {
        "fairplay.m4a": m4a.replace(b"mp4a", b"drms", 1),
        "common.m4a": m4a.replace(b"mp4a", b"enca", 1),
        "locked.wma": wma[:30] + protection + wma[30:],
        "oddname.m4a": m4a.replace(b"mp4a", b"\xffp4a", 1),
        "unknown.mka": mka.replace(b"A_OPUS", b"A_FUTU", 1),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    outcomes = by_name(sorted(tmp_path.iterdir()), tmp_path)
    told = {name: each.refused or "" for name, each in outcomes.items()}
    assert outcomes["oddname.m4a"].duration_ms
    assert all("copy protection" in told[name] for name in ("fairplay.m4a", "common.m4a", "locked.wma"))
    assert "kind that Earmark cannot decode" in told["unknown.mka"]


def test_big_covers_many_tags_and_lengths_that_are_guesses_change_nothing(
    recordings: dict[str, Path], tmp_path: Path
) -> None:
    sound = speech(10)
    cover = add_cover(write_recording(tmp_path / "cover.mp3", sound), 40_000_000)
    twice = add_cover(add_cover(write_recording(tmp_path / "twice.mp3", sound), 1000), 1000)
    quiet = np.concatenate([np.zeros(480_000, np.int16), sound])
    no_header = write_recording(tmp_path / "guess.mp3", quiet, options={"write_xing": "0"})
    renamed = Path(shutil.copy(recordings["m4a"], tmp_path / "renamed.mp3"))
    heard = by_name([cover, twice, no_header, renamed], tmp_path)
    assert [(heard[f"{name}.mp3"].warning, heard[f"{name}.mp3"].refused) for name in ("cover", "twice")] == [
        (None, None)
    ] * 2
    assert abs((heard["guess.mp3"].duration_ms or 0) - 20_000) < 100
    assert heard["guess.mp3"].warning is None
    assert heard["renamed.mp3"].form == "mp4"
    if sys.platform == "linux":
        assert heard["cover.mp3"].peak_bytes < 120_000_000


def test_cancelling_stops_long_before_the_end_and_leaves_nothing(media: Media, tmp_path: Path) -> None:
    source = tmp_path / "long.wav"
    source.write_bytes(wav_header(16_000, 1, 400_000_000))
    os.truncate(source, 400_000_000)
    begun = threading.Event()
    reached_ms: list[int] = []

    def decoding(done_ms: int, _total_ms: int | None) -> None:
        reached_ms.append(done_ms)
        begun.set()

    with pytest.raises(Cancelled):
        media.decode(source, tmp_path / "a.pcm", on_progress=decoding, cancelled=begun.is_set)
    assert reached_ms[-1] < 6_000_000, "of 12 500 s"
    assert left_behind(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process alone is Linux's")
def test_memory_stays_flat_over_hours_of_sound(media: Media, tmp_path: Path) -> None:
    short = media.decode(write_wav(tmp_path / "short.wav", 5), tmp_path / "a.pcm")
    source = tmp_path / "long.wav"
    source.write_bytes(wav_header(16_000, 1, 230_400_000))
    os.truncate(source, 230_400_044)
    long = media.decode(source, tmp_path / "a.pcm")
    assert long.duration_ms == 7_200_000
    assert short.peak_bytes is not None
    assert long.peak_bytes is not None
    assert long.peak_bytes - short.peak_bytes < 20_000_000


def test_a_disk_with_too_little_room_is_found_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_loop = pytest.importorskip("earmark.engines.media_loop")
    monkeypatch.setattr(media_loop, "free_disk_bytes", lambda _folder: 70_000_000)
    monkeypatch.setattr(media_loop.confine, "limit_result", lambda _size: None)

    def decoded(seconds: int, claimed_s: int) -> str:
        source = tmp_path / "a.wav"
        source.write_bytes(wav_header(16_000, 1, claimed_s * 32_000) + bytes(seconds * 32_000))
        loop = media_loop.MediaLoop(str(source), str(tmp_path / "a.part"))
        try:
            return str(loop.work({"max_ms": 10**8}, lambda _e: None, lambda: False)["duration_ms"])
        except KnownError as error:
            return str(error)

    assert "too little room" in decoded(700, 700)
    assert decoded(5, 700) == "5000"  # what a header claims is no reason, where the file is too small for it


def table() -> list[tuple[str, str, str, float]]:
    """What must become of every file of the evidence data: path, outcome, words or format, seconds."""
    lines = Path(__file__).with_name("decode_table.tsv").read_text().splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    return [(name, outcome, words, float(seconds or 0)) for name, outcome, words, seconds in rows]


@pytest.mark.needs_shared
def test_every_recording_of_the_evidence_gives_its_sound_or_its_message(
    tmp_path: Path, shared: Shared
) -> None:
    rows = table()
    outcomes = list(decode_all([shared(f"data/{name}") for name, *_ in rows], tmp_path))
    for (name, outcome, words, seconds), each in zip(rows, outcomes, strict=True):
        said = {"heard": each.form, "partial": each.warning, "refused": each.refused}[outcome] or ""
        assert words in said, (name, each)
        assert abs((each.duration_ms or 0) / 1000 - seconds) < 0.02, (name, each)
        assert (each.warning is not None) == (outcome == "partial"), (name, each)
    assert not any(each.died for each in outcomes)
    if sys.platform == "linux":
        assert max(each.peak_bytes for each in outcomes) < 150_000_000
    named = {name for name, *_ in rows}
    roots = [shared("data/audio"), shared("data/hostile/media")]
    there = {str(p.relative_to(shared("data"))) for root in roots for p in root.rglob("*") if p.is_file()}
    assert {name for name in there if not name.endswith((".txt", ".rttm"))} == named


def loudness(pcm: Path) -> np.ndarray:
    """How loud each 50 ms are."""
    sound = np.fromfile(pcm, dtype="<i2").astype(float)[:176_000]
    return np.sqrt((sound[: sound.size // 800 * 800].reshape(-1, 800) ** 2).mean(axis=1))


@pytest.mark.needs_shared
def test_every_container_gives_the_same_speech(tmp_path: Path, shared: Shared) -> None:
    """Antiphase, the centre channel alone, 8 kHz, a wrong name, a change of rate: the words must be there."""
    names = [
        name
        for name, outcome, _, seconds in table()
        if "/jfk" in name and outcome == "heard" and seconds > 10
    ]
    names.remove("audio/broken/jfk_garbage_prefix.mp3")  # what stood before it is heard as noise
    files = [shared("data/audio/en/jfk.wav"), *(shared(f"data/{name}") for name in names)]
    assert all(each.duration_ms for each in decode_all(files, tmp_path))
    reference = loudness(tmp_path / "0.pcm")
    for number, name in enumerate(names, start=1):
        loud = loudness(tmp_path / f"{number}.pcm")
        likeness = max(_likeness(reference, loud, shift) for shift in range(-4, 5))
        assert likeness > 0.9, (name, likeness)
        assert loud.mean() > 0.3 * reference.mean(), name


def _likeness(reference: np.ndarray, loud: np.ndarray, shift: int) -> float:
    size = min(reference.size, loud.size) - 8
    return float(np.corrcoef(reference[4 : 4 + size], loud[4 + shift : 4 + shift + size])[0, 1])


def test_flipped_bytes_never_reach_the_program(recordings: dict[str, Path], tmp_path: Path) -> None:
    """A hundred damaged files; a process may die of one, the others are heard or refused all the same."""
    chance, suffixes = random.Random(7), ("mp3", "m4a", "ogg", "opus", "flac", "wav")
    for number in range(102):
        suffix = suffixes[number % 6]
        data = bytearray(recordings[suffix].read_bytes()[:40_000])
        for _ in range(chance.choice((1, 10, 100))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (tmp_path / f"{number}.{suffix}").write_bytes(data)
    outcomes = list(decode_all(sorted(tmp_path.iterdir()), tmp_path, limit_s=60))
    assert len(outcomes) == 102
    assert not [each for each in outcomes if each.died and each.code is None], "stood still"
    assert sum(each.duration_ms is not None for each in outcomes) > 50


def test_clips_that_wait_for_a_long_recording_can_be_cancelled(tmp_path: Path) -> None:
    source = write_wav(tmp_path / "a.wav", 5)
    begun, go_on, outcome = threading.Event(), threading.Event(), queue.SimpleQueue[str]()

    def hold(_done_ms: int, _total_ms: int | None) -> None:
        begun.set()
        go_on.wait(30)

    def decode() -> None:
        media.decode(source, tmp_path / "a.pcm", on_progress=hold)
        outcome.put("decoded")

    def cut() -> None:
        try:
            media.clips(source, [(0, 20_000)], cancelled=lambda: True)
        except Cancelled:
            outcome.put("cancelled")

    with Media() as media:
        first, second = threading.Thread(target=decode), threading.Thread(target=cut)
        first.start()
        assert begun.wait(10)
        second.start()
        second.join(10)
        go_on.set()
        first.join(10)
        second.join(10)
    assert [outcome.get(timeout=10) for _ in range(2)] == ["cancelled", "decoded"]


def test_moments_are_cut_while_this_very_thread_follows_a_decode(media: Media, tmp_path: Path) -> None:
    sample = sorted(resource("demo").glob("*.opus"))[0]
    made: list[dict[int, bytes]] = []

    def asked_to_stop() -> bool:
        if not made:
            made.append({})  # once
            made[0] = media.clips(sample, [(0, 20_000)])
        return False

    done = media.decode(sample, tmp_path / "a.pcm", cancelled=asked_to_stop)
    assert done.duration_ms > 60_000
    assert made[0][0].startswith(b"OggS")
