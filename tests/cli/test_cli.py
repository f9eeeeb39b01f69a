"""The command line: one plain line for every fault, exit code 0 only when it worked, JSON where asked."""

import json
import os
import signal
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from shows import Item, serve_show, served

from earmark.cli import main
from earmark.cli.text import time_left
from earmark.demo import demo_episodes
from earmark.engines import sample_speech_model
from earmark.export import as_podcast_json, as_srt, as_vtt
from earmark.feeds import parse_transcript
from earmark.library import open_library
from earmark.paths import Paths, resource
from earmark.records import Segment
from earmark.settings import load_settings

SEGMENTS = [
    Segment(
        0, 9000, "A shop that raised its prices by 10 percent lost only 2 percent of its customers.", "Ann"
    ),
    Segment(9000, 18_000, "The customers who left had always bought the cheapest bread of the shop.", "Ann"),
    Segment(18_000, 25_000, "So the shop earned 8 percent more & needed fewer ovens than <before>.", "Bo"),
    Segment(25_000, 29_000, "And nobody in the shop had expected that.", "Bo"),
]


def earmark(folder: Path, *arguments: str) -> Result:
    """Run a verb in this process."""
    return CliRunner().invoke(main, ["--data-dir", str(folder), *arguments])


def as_html(segments: list[Segment]) -> str:
    """The HTML form of podcast-namespace."""
    rows = [
        f"<cite>{s.speaker}:</cite><time>0:{s.start_ms // 1000:02}</time>"
        f"<p>{s.text.replace('&', '&amp;').replace('<', '&lt;')}</p>"
        for s in segments
    ]
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["add", "ftp://x"], "not a web address"),
        (["add", "http://127.0.0.1:9/feed"], "cannot be reached"),
        (["refresh"], "no show in your library"),
        (["brief", "tomorrow"], "not a date"),
        (["brief", "1999-01-01"], "no library here yet"),
        (["show", "nothing"], "no library here yet"),
        (["selftest", "--only", "nonsense"], "no check"),
    ],
)
def test_faults_are_one_plain_line_and_exit_code_1(arguments: list[str], says: str, tmp_path: Path) -> None:
    result = earmark(tmp_path / "profile", *arguments)
    assert result.exit_code == 1
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.output


def test_add_process_brief_and_show_work_on_a_served_feed(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with served() as web:
        items = [Item(f"e{n}", f"Episode {n}", n + 1, transcript=as_podcast_json(SEGMENTS)) for n in range(2)]
        added = earmark(profile, "add", serve_show(web, "shop", "Shop Talk", items), "--json")
        assert json.loads(added.stdout)["episodes"] == 2
        worked = earmark(profile, "process", "--json")
        assert json.loads(worked.stdout)["done"] == 2
        told = json.loads(earmark(profile, "refresh", "--json").stdout)
        assert (told["asked"], told["left"]) == (0, 1)
        told = json.loads(earmark(profile, "refresh", "--all", "--json").stdout)
        assert (told["asked"], told["new_episodes"], told["problems"]) == (1, 0, [])
    brief = json.loads(earmark(profile, "brief", "--json").stdout)
    assert brief["items"]
    first = brief["items"][0]
    shown = earmark(profile, "show", first["id"])
    assert first["quote"][:40] in " ".join(shown.stdout.split())
    assert "Words matched to the publisher's transcript." in shown.stdout
    assert earmark(profile, "show", "earmark:insight/" + first["id"]).exit_code == 0
    unknown = earmark(profile, "show", "nothing")
    assert (unknown.exit_code, "no insight with the id" in unknown.stderr) == (1, True)
    missing = earmark(profile, "brief", "1999-01-01")
    assert "The latest are" in missing.stderr


def test_a_file_that_is_no_speech_model_is_refused_and_not_remembered(tmp_path: Path) -> None:
    wrong = tmp_path / "notes.txt"
    wrong.write_text("not a model", encoding="utf-8")
    result = earmark(tmp_path / "profile", "process", "--speech-model", str(wrong))
    assert result.exit_code == 1
    assert "not a whole speech model" in result.output
    assert load_settings(Paths(tmp_path / "profile")).speech_model is None


def test_a_full_disk_is_one_plain_line_wherever_it_is_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("earmark.cli.demo_verb.fresh_profile", no_room)
    result = earmark(tmp_path, "demo")
    assert result.exit_code == 1
    assert result.stderr == "earmark: The disk is full. Free some space and try again.\n"


def test_ctrl_c_in_the_first_moment_is_no_traceback() -> None:
    code = (
        "import sys, earmark.__main__ as program\n"
        "class Interrupted:\n"
        "    def find_spec(self, *_): raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted())\n"
        "program.main()"
    )
    ended = subprocess.run([sys.executable, "-c", code, "doctor"], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (130, "")


def test_with_the_library_in_use_reading_works_and_writing_says_so(tmp_path: Path) -> None:
    with open_library(Paths(tmp_path)):
        result = earmark(tmp_path, "process")
        assert result.exit_code == 1
        assert "already open" in result.stderr
        assert "working on this library just now; try again" in earmark(tmp_path, "brief").stderr


def test_without_a_screen_the_window_says_so_and_names_the_way_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.window.has_screen", lambda: False)
    result = earmark(tmp_path)
    assert result.exit_code == 1
    assert result.stderr == (
        "earmark: There is no screen here. Every verb works without one; see them with: earmark --help\n"
    )


@pytest.mark.parametrize("form", ["json", "srt", "vtt", "html"])
def test_extract_reads_all_four_formats(form: str, tmp_path: Path) -> None:
    texts = {
        "json": json.dumps(as_podcast_json(SEGMENTS)),
        "srt": as_srt(SEGMENTS),
        "vtt": as_vtt(SEGMENTS),
        "html": as_html(SEGMENTS),
    }
    file = tmp_path / f"episode.{form}"
    file.write_text(texts[form], encoding="utf-8")
    result = earmark(tmp_path / "profile", "extract", str(file), "--json")
    assert result.exit_code == 0, result.output
    items = json.loads(result.stdout)["insights"]
    assert items
    assert {"headline", "text", "quote", "start_ms", "end_ms"} <= set(items[0])
    parsed = parse_transcript(file.read_bytes(), None, file.name)
    assert [s.speaker for s in parsed.segments] == ["Ann", "Ann", "Bo", "Bo"]
    assert [s.text for s in parsed.segments] == [s.text for s in SEGMENTS]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.json", b"", "damaged"),
        ("broken.json", b'{"segments": [{"startTime": "soon"}]}', "damaged"),
        ("words.srt", b"1\n00:00:00,000 --> 00:00:01,000\n\n", "no words"),
        ("picture.html", b"\x89PNG\r\n\x1a\n" + bytes(200), "no words"),
    ],
)
def test_extract_says_what_is_wrong_with_a_file(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    result = earmark(tmp_path / "profile", "extract", str(tmp_path / name))
    assert result.exit_code == 1
    assert says in result.stderr


def test_transcribe_says_what_is_missing_of_a_recording(tmp_path: Path) -> None:
    file = tmp_path / "cut.wav"
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
        out.writeframes(bytes(60 * 32_000))
    os.truncate(file, 44 + 10 * 32_000)
    result = earmark(tmp_path / "profile", "transcribe", str(file), "--json")
    assert result.exit_code == 0
    assert "cut.wav: The recording broke off after 10 of about 60 s" in result.stderr
    assert json.loads(result.stdout)["segments"] == []


@pytest.mark.parametrize(
    "content", [b"", b"<html>not found</html>", b"ffconcat version 1.0\nfile /etc/passwd\n"]
)
def test_transcribe_says_when_a_file_is_no_recording(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "episode.mp3"
    file.write_bytes(content)
    result = earmark(tmp_path / "profile", "transcribe", str(file))
    assert result.exit_code == 1
    assert result.stderr.strip().splitlines()[-1].startswith("earmark: ")


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_ctrl_c_stops_cleanly_and_keeps_everything(tmp_path: Path) -> None:
    told = [f"In year {n} of it, {SEGMENTS[n % 3].text}" for n in range(900)]
    rows = [Segment(n * 9000, n * 9000 + 8000, text, None) for n, text in enumerate(told)]
    with served() as web:
        item = Item("long", "A long one", 1, transcript=as_podcast_json(rows))
        earmark(tmp_path, "add", serve_show(web, "long", "Long", [item]))
        command = [sys.executable, "-m", "earmark", "--data-dir", str(tmp_path), "process"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
            assert running.stderr is not None
            line = ""
            while "Reading" not in line:
                line = running.stderr.readline()
            running.send_signal(signal.SIGINT)
            rest = running.stderr.read()
        assert running.returncode == 130
        assert "Everything done so far is kept." in rest
        with open_library(Paths(tmp_path)) as library:
            assert library.transcript(library.episodes()[0].id) is not None
            assert [job.state for job in library.jobs()] == ["waiting"]


@pytest.mark.parametrize(
    ("seconds", "said"), [(10, "less than a minute"), (150, "about 2 min"), (8000, "about 2 h 13 min")]
)
def test_time_left_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert time_left(seconds) == said


def test_a_speech_model_is_scored_on_recordings_whose_words_are_known(tmp_path: Path) -> None:
    episode = next(episode for episode in demo_episodes() if episode.transcript == "none")
    (tmp_path / "said.txt").write_text(" ".join(line.text for line in episode.lines), encoding="utf-8")
    audio = resource("demo") / f"{episode.slug}.opus"
    (tmp_path / "talk.opus").write_bytes(audio.read_bytes())
    rows = ["audio\tlanguage\treference_kind\treference_file", "talk.opus\ten\texact\tsaid.txt"]
    (tmp_path / "table.tsv").write_text("\n".join(rows), encoding="utf-8")
    asked = ("transcribe", "--score", str(tmp_path / "table.tsv"))
    scored = json.loads(earmark(tmp_path, *asked, "--json").stdout)
    assert scored["recordings"][0]["words"] > 200
    assert scored["rates"]["en"] < 0.03
    assert scored["invented_words"] == 0
    both = earmark(tmp_path, *asked, str(audio))
    assert both.exit_code == 1


def test_recordings_that_cannot_be_heard_are_told_apart_from_words_that_are_wrong(tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_text("some words", encoding="utf-8")
    rows = ["audio\tlanguage\treference_kind\treference_file", "gone.opus\ten\texact\tsaid.txt"]
    (tmp_path / "table.tsv").write_text("\n".join(rows), encoding="utf-8")
    done = earmark(tmp_path, "transcribe", "--score", str(tmp_path / "table.tsv"), "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert (told["recordings"], told["rates"]) == ([], {})
    assert "cannot be opened" in told["unheard"][str(tmp_path / "gone.opus")]


def test_a_model_that_was_cut_off_is_no_reason_to_count_wrong_words(tmp_path: Path) -> None:
    whole = sample_speech_model(Paths(tmp_path / "profile")).read_bytes()
    (tmp_path / "cut.bin").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "table.tsv").write_text("audio\tlanguage\treference_kind\treference_file\n", encoding="utf-8")
    asked = ("transcribe", "--score", str(tmp_path / "table.tsv"), "--model", str(tmp_path / "cut.bin"))
    done = earmark(tmp_path, *asked)
    assert done.exit_code == 1
    assert "is not a whole speech model" in done.stderr


def test_a_recording_in_which_nobody_speaks_is_said_to_hold_no_words(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "quiet.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(bytes(64_000))
    done = earmark(tmp_path, "transcribe", str(tmp_path / "quiet.wav"))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "No words were heard in this recording." in done.stderr
