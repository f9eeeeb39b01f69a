"""The speech model of the user's own server: what is sent, what never is, and what is made of the answers."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from own_server import (
    INFERENCE,
    TRANSCRIBE,
    Asked,
    Own,
    Send,
    hangs,
    heard,
    leads_to,
    models,
    own_server,
    refuses,
    says,
    sends,
    verbose,
)

from earmark.engines import Heard, Media
from earmark.errors import Cancelled, KnownError
from earmark.net import Door, ServerAway
from earmark.paths import resource
from earmark.pipeline.servers import OwnServer, ServerSpeech
from earmark.records import Segment

NAME = Path("a model of the server")
Window = tuple[list[Segment], int, int]


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two and a half minutes of speech."""
    pcm = tmp_path_factory.mktemp("sound") / "talk.pcm"
    source = next(iter(sorted(resource("demo").glob("kitchen-table-01-*.opus"))))
    with Media() as media:
        media.decode(source, pcm, cancelled=lambda: False)
    return pcm


@pytest.fixture
def own() -> Iterator[Own]:
    with own_server(models=models("whisper-1"), transcribe=heard((0.0, 27.0, " Some words."))) as server:
        yield server


def silent(*_: object) -> None:
    """Nobody keeps the list of requests."""


def speech_on(own: Own, model: str | None = "whisper-1", **more: Any) -> ServerSpeech:
    """A speech model on `own`."""
    door = Door(user_agent="Earmark/test", log=silent)
    return ServerSpeech(OwnServer(door, own.address, "speech"), model, **more)


def plain(window: Heard) -> Window:
    """Segments, where the next window begins, and how long the sound is."""
    return list(window.segments), window.next_ms, window.total_ms


def listen(speech: ServerSpeech, pcm: Path, **more: Any) -> list[Window]:
    """All windows of a transcription."""
    found: list[Window] = []
    speech.transcribe(pcm, model=NAME, on_window=lambda window: found.append(plain(window)), **more)
    return found


def first_window(own: Own, pcm: Path, answer: Any) -> list[Segment]:
    """What becomes of an answer on the first window; the next one ends the work."""
    own.behaviours[TRANSCRIBE] = answer
    found: list[Window] = []

    def enough() -> bool:
        return bool(found)

    with pytest.raises(Cancelled):
        speech_on(own).transcribe(
            pcm, model=NAME, on_window=lambda window: found.append(plain(window)), cancelled=enough
        )
    return found[0][0]


def test_a_window_goes_out_as_a_wav_file_with_what_openai_s_servers_ask_for(own: Own, talk: Path) -> None:
    listen(speech_on(own), talk, language="en-GB", prompt="Okafor. heat pump.")
    asked = own.posted(TRANSCRIBE)[0]
    fields = {name: value.decode() for name, value in asked.fields.items() if name != "file"}
    assert fields == {
        "model": "whisper-1",
        "response_format": "verbose_json",
        "temperature": "0",
        "language": "en",
        "prompt": "Okafor. heat pump.",
    }
    said = np.memmap(talk, dtype="<i2", mode="r")
    assert np.array_equal(asked.sound, said[: asked.sound.size])
    assert asked.sound.size == 30 * 16_000


def test_windows_follow_on_each_other_to_the_end(own: Own, talk: Path) -> None:
    windows = listen(speech_on(own), talk)
    total_ms = windows[0][2]
    starts = [segment.start_ms for segments, _, _ in windows for segment in segments]
    assert starts == sorted(starts)
    assert windows[-1][1] == total_ms
    assert [next_ms for _, next_ms, _ in windows][:2] == [27_000, 54_000]
    assert len(own.posted(TRANSCRIBE)) == len(windows)


def test_work_that_goes_on_gives_the_same_windows_as_unbroken_work(own: Own, talk: Path) -> None:
    whole = listen(speech_on(own), talk)
    again = listen(speech_on(own), talk, start_ms=whole[1][1])
    assert again == whole[2:]


def test_silence_never_leaves_this_computer(own: Own, talk: Path, tmp_path: Path) -> None:
    speech = np.fromfile(talk, dtype="<i2")[: 20 * 16_000]
    noise = np.random.default_rng(1).normal(0, 40, 16_000 * 120).astype("<i2")
    pcm = tmp_path / "quiet.pcm"
    np.concatenate([noise, speech, noise]).tofile(pcm)
    windows = listen(speech_on(own), pcm)
    sent = own.posted(TRANSCRIBE)
    assert len(sent) == 1
    assert sent[0].sound.size <= 30 * 16_000
    assert windows[-1][1] == windows[-1][2] == 260_000
    silence = tmp_path / "silence.pcm"
    np.zeros(16_000 * 60, dtype="<i2").tofile(silence)
    own.asked.clear()
    assert [segments for segments, _, _ in listen(speech_on(own), silence)] == [[]]
    assert not own.asked


def test_a_breath_at_the_end_of_the_recording_is_not_sent(own: Own, talk: Path, tmp_path: Path) -> None:
    speech = np.fromfile(talk, dtype="<i2")[: 10 * 16_000]
    np.concatenate([speech, np.zeros(60 * 16_000, dtype="<i2")]).tofile(tmp_path / "end.pcm")
    whole = listen(speech_on(own), tmp_path / "end.pcm")
    assert len(own.posted(TRANSCRIBE)) == 1
    assert whole[-1][1] == whole[-1][2] == 70_000
    own.asked.clear()
    assert listen(speech_on(own), tmp_path / "end.pcm", start_ms=69_800) == [([], 70_000, 70_000)]
    assert not own.asked


def test_whisper_cpp_s_server_is_asked_at_its_own_path_and_as_the_engine_here_is(
    own: Own, talk: Path
) -> None:
    own.behaviours = {INFERENCE: heard((0.0, 27.0, "Some words."))}
    listen(speech_on(own, None), talk)
    assert own.paths()[:3] == [TRANSCRIBE, INFERENCE, INFERENCE]
    fields = own.posted(INFERENCE)[0].fields
    assert "model" not in fields
    assert (fields["language"], fields["max_context"], fields["token_timestamps"]) == (
        b"auto",
        b"0",
        b"false",
    )


def test_a_server_that_gives_only_text_gives_one_segment_a_window_cut_at_a_pause(
    own: Own, talk: Path
) -> None:
    own.behaviours[TRANSCRIBE] = says({"text": " All the words of it. "})
    windows = listen(speech_on(own), talk)
    assert [len(segments) for segments, _, _ in windows] == [1] * len(windows)
    assert {segment.text for segments, _, _ in windows for segment in segments} == {"All the words of it."}
    lengths_ms = [asked.sound.size // 16 for asked in own.posted(TRANSCRIBE)]
    assert lengths_ms[0] == 30_000  # only its answer shows that there are no times
    assert all(20_000 <= length_ms < 30_000 for length_ms in lengths_ms[1:-1])
    again = listen(speech_on(own), talk, start_ms=windows[1][1])
    assert again == windows[2:]


NONSENSE = [
    [{"start": math.nan, "end": 3, "text": "a"}],
    [{"start": "soon", "end": 3, "text": "a"}],
    [{"start": 5, "end": 3, "text": "a"}],
    [{"start": -700, "end": 3, "text": "a"}],
    [{"start": 1e300, "end": 1e301, "text": "a"}],
    [{"start": 4000.0, "end": 4003.0, "text": "a"}],
    [{"start": 20, "end": 22, "text": "a"}, {"start": 2, "end": 4, "text": "b"}],
    [{"text": "a"}],
    [{"start": None, "end": None, "text": "a"}],
    [{"start": True, "end": 4, "text": "a"}],
]


@pytest.mark.parametrize("rows", NONSENSE, ids=[str(rows)[:40] for rows in NONSENSE])
def test_nonsense_times_make_one_segment_of_the_window(
    own: Own, talk: Path, rows: list[dict[str, Any]]
) -> None:
    (segment,) = first_window(own, talk, says({**verbose(rows), "text": "What was said."}))
    assert segment.text == "What was said."
    assert 0 <= segment.start_ms < segment.end_ms <= 30_000


def test_loops_noises_and_words_put_into_silence_are_dropped_as_here(own: Own, talk: Path) -> None:
    rows = [
        (0.0, 4.0, "One."),
        (4.0, 8.0, " [Music]"),
        (8.0, 9.0, "so so" + " so" * 40),
        (9.0, 20.0, "\x00Two.\n"),
    ]
    found = first_window(own, talk, heard(*rows))
    assert [segment.text for segment in found] == ["One.", "so", "Two."]
    assert first_window(own, talk, says({"text": "", "segments": []})) == []


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (refuses("401 Unauthorized"), "does not let Earmark in .answer 401"),
        (refuses("404 Not Found"), "nothing at this address .answer 404"),
        (refuses("400 Bad Request", "bad audio"), "could not do it .answer 400., saying: bad audio"),
        (sends(b"<html>Router</html>", "text/html"), "answered with a web page"),
        (says({"choices": []}), "not as a speech server does"),
        (says(None), "not as a speech server does"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(own: Own, talk: Path, behaviour: Any, words: str) -> None:
    own.behaviours[TRANSCRIBE] = behaviour
    with pytest.raises(KnownError, match=words):
        listen(speech_on(own), talk)


def test_an_unknown_model_is_told_with_those_that_there_are(own: Own, talk: Path) -> None:
    own.behaviours[TRANSCRIBE] = refuses("404 Not Found", "no such model")
    with pytest.raises(KnownError, match=r"has no model “tiny”\. It has: whisper-1"):
        listen(speech_on(own, "tiny"), talk)


def test_a_redirect_takes_no_sound_along(own: Own, talk: Path) -> None:
    with own_server(transcribe=heard()) as other:
        own.behaviours[TRANSCRIBE] = leads_to(other.address + TRANSCRIBE, "302 Found")
        with pytest.raises(KnownError, match="sends on to another address"):
            listen(speech_on(own), talk)
        assert not other.asked


def test_what_was_heard_before_the_server_went_away_stays(own: Own, talk: Path) -> None:
    def once(own: Own, asked: Asked, send: Send) -> None:
        answer = heard((0.0, 27.0, "Words.")) if len(own.posted(TRANSCRIBE)) == 1 else refuses("503 No")
        answer(own, asked, send)

    own.behaviours[TRANSCRIBE] = once
    found: list[Window] = []
    with pytest.raises(ServerAway):
        speech_on(own).transcribe(talk, model=NAME, on_window=lambda window: found.append(plain(window)))
    assert [next_ms for _, next_ms, _ in found] == [27_000]


def test_a_wish_to_stop_closes_the_connection(own: Own, talk: Path) -> None:
    own.behaviours[TRANSCRIBE] = hangs
    with pytest.raises(Cancelled):
        listen(speech_on(own), talk, cancelled=lambda: bool(own.asked))
    assert own.hung_up.wait(10)


def test_sound_that_is_gone_is_a_known_fault(own: Own, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="no longer there"):
        listen(speech_on(own), tmp_path / "gone.pcm")
    (tmp_path / "empty.pcm").touch()
    assert listen(speech_on(own), tmp_path / "empty.pcm") == []
