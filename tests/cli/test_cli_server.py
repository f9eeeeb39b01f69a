"""`earmark server`: off by default, asked for before anything leaves the user's network, and told plainly."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from own_server import CHAT, Asked, Own, Send, chat, models, own_server, refuses

from earmark.app import open_tools
from earmark.cli import main
from earmark.engines.trials import trials
from earmark.errors import KnownError
from earmark.library import open_reader
from earmark.paths import Paths
from earmark.pipeline.servers import (
    ServerLanguage,
    ServerSpeech,
    meeting,
    server_address,
    shown_address,
    where_it_goes,
)
from earmark.settings import Settings, load_settings


def earmark(folder: Path, *argv: str) -> Result:
    """Run a verb in a profile of its own."""
    return CliRunner().invoke(main, ["--data-dir", str(folder), *argv])


def told(folder: Path, *argv: str) -> Any:
    """What a verb prints as JSON."""
    done = earmark(folder, *argv, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def silent_writer(_own: Own, asked: Asked, send: Send) -> None:
    """A model that finds nothing worth a card, and writes none."""
    chat(json.dumps({"insights": []}))(_own, asked, send)


def test_it_is_off_by_default(tmp_path: Path) -> None:
    assert told(tmp_path, "server") == {
        "speech": None,
        "language": None,
        "goes": "Everything stays on this computer.",
    }
    assert "stays on this computer" in earmark(tmp_path, "server").stdout
    with open_tools(Paths(tmp_path)) as tools:
        assert not isinstance(tools.speech, ServerSpeech)
        assert not isinstance(tools.language, ServerLanguage)


def test_a_speech_server_is_asked_for_its_models_and_kept(tmp_path: Path) -> None:
    with own_server(models=models("org/whisper-large")) as own:
        state = told(tmp_path, "server", "speech", f"{own.address}/v1/")
        assert own.paths() == ["/v1/models"]
    assert state["speech"] == {"address": own.address, "model": "org/whisper-large"}
    assert load_settings(Paths(tmp_path)) == Settings(
        speech_server=own.address, speech_server_model="org/whisper-large"
    )
    with open_tools(Paths(tmp_path)) as tools:
        assert isinstance(tools.speech, ServerSpeech)
        assert tools.speech_model == Path("whisper-large (own server)")
    with open_reader(Paths(tmp_path)) as reader:
        (row,) = reader.requests()
    assert (row["host"], row["why"], row["status"]) == (
        "127.0.0.1",
        "ask for the models on your own server",
        200,
    )


def test_a_server_without_a_list_of_models_may_still_listen(tmp_path: Path) -> None:
    with own_server() as own:
        done = earmark(tmp_path, "server", "speech", own.address)
    assert done.exit_code == 0
    assert "the first episode will show" in done.stderr
    assert load_settings(Paths(tmp_path)).speech_server == own.address


def test_a_language_server_is_tried_before_it_is_kept_and_may_do_what_it_earned(tmp_path: Path) -> None:
    with own_server(models=models("qwen"), chat=silent_writer) as own:
        state = told(tmp_path, "server", "language", own.address, "--model", "qwen")
        asked = own.posted(CHAT)
        told(tmp_path, "server", "language", own.address)
        assert len(own.posted(CHAT)) == len(asked), "a trial that stands is not held again"
        tried = told(tmp_path, "server", "trial")
        assert len(own.posted(CHAT)) == 2 * len(asked)
    assert state["language"] == {"address": own.address, "model": "qwen", "tier": "quotes"}
    assert "cards held to what was said" in tried["why"]
    assert list(trials(Paths(tmp_path).models)) == [f"server {own.address} qwen"]
    assert "laundry" in str(asked[0].json["messages"]), "it writes on the excerpts of the trial"
    assert "may not write here" in earmark(tmp_path, "server").stdout


@pytest.mark.parametrize("task", ["speech", "language"])
def test_a_server_that_cannot_be_used_changes_nothing(tmp_path: Path, task: str) -> None:
    with own_server(models=refuses("401 Unauthorized")) as own:
        done = earmark(tmp_path, "server", task, own.address)
        assert "does not let Earmark in" in done.stderr
    gone = earmark(tmp_path, "server", task, own.address)
    assert "cannot be reached. Is it running?" in gone.stderr
    assert {done.exit_code, gone.exit_code} == {1}
    assert load_settings(Paths(tmp_path)) == Settings()


def test_a_model_is_chosen_where_there_are_several(tmp_path: Path) -> None:
    with own_server(models=models("a", "b")) as own:
        done = earmark(tmp_path, "server", "speech", own.address)
        assert "has several models. It has: a, b" in done.stderr
        state = told(tmp_path, "server", "speech", own.address, "--model", "b")
    assert state["speech"]["model"] == "b"


@pytest.mark.parametrize("task", ["speech", "language"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_outside_the_user_s_own_network_needs_a_yes(
    tmp_path: Path, task: str, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookup = lambda _host, port, **_: [(2, 1, 6, "", ("93.184.216.34", port))]  # noqa: E731
    monkeypatch.setattr("socket.getaddrinfo", lookup)
    done = earmark(tmp_path, "server", task, f"{scheme}://ann:sesame@llm.example.com")
    assert done.exit_code == 1
    assert "llm.example.com is not in your own network" in done.stderr
    assert "would leave it" in done.stderr
    assert ("anybody on the way can read it" in done.stderr) == (scheme == "http")
    assert "--yes" in done.stderr
    assert "sesame" not in done.output
    assert load_settings(Paths(tmp_path)) == Settings()


def test_with_a_yes_the_user_s_word_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meeting, "leads_inside", lambda _url: False)
    with own_server(models=models("whisper")) as own:
        assert earmark(tmp_path, "server", "speech", own.address).exit_code == 1
        assert not own.asked
        assert earmark(tmp_path, "server", "speech", own.address, "--yes").exit_code == 0


def test_off_takes_both_away(tmp_path: Path) -> None:
    with own_server(models=models("whisper")) as own:
        told(tmp_path, "server", "speech", own.address)
    assert told(tmp_path, "server", "--off")["goes"] == "Everything stays on this computer."
    assert load_settings(Paths(tmp_path)) == Settings()


def test_a_key_in_the_address_is_used_and_kept_but_never_shown(tmp_path: Path) -> None:
    with own_server(models=models("whisper")) as own:
        typed = own.address.replace("http://", "http://sesame@")
        shown = [earmark(tmp_path, "server", "speech", typed), earmark(tmp_path, "server")]
        shown.append(earmark(tmp_path, "server", "--json"))
        assert own.asked[0].headers["authorization"] == "Bearer sesame"
    assert load_settings(Paths(tmp_path)).speech_server == typed
    assert all(done.exit_code == 0 and "sesame" not in done.output for done in shown)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_an_address_that_was_spoilt_by_hand_is_said_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('speech_server = "ftp://ann:sesame@box"\n')
    done = earmark(tmp_path, "refresh")
    assert done.exit_code == 1
    assert "speech_server" in done.stderr
    assert "earmark server --off" in done.stderr
    assert "sesame" not in done.output
    assert earmark(tmp_path, "server", "--off").exit_code == 0
    assert "no show in your library" in earmark(tmp_path, "refresh").stderr


def test_doctor_says_where_text_and_audio_go() -> None:
    near, far = "http://127.0.0.1:8080", "http://key@192.168.1.20:8080/v1"
    assert where_it_goes(Settings()) == "Everything stays on this computer."
    assert where_it_goes(Settings(speech_server=near, language_server=near)) == where_it_goes(Settings())
    assert where_it_goes(Settings(speech_server=far, language_server=near)) == (
        "Audio is sent to 192.168.1.20, as you asked. Text stays on this computer."
    )
    assert where_it_goes(Settings(speech_server=far, language_server="https://box.example/v1")) == (
        "Audio is sent to 192.168.1.20, as you asked. Text is sent to box.example, as you asked."
    )


@pytest.mark.parametrize(
    ("typed", "root"),
    [
        ("192.168.1.20:8080", "http://192.168.1.20:8080"),
        (" http://box.local:8080/v1/ ", "http://box.local:8080"),
        ("http://box.local:8080/v1/chat/completions", "http://box.local:8080"),
        ("http://box.local:8080/inference", "http://box.local:8080"),
        ("https://box.example/llm/v1?key=1#x", "https://box.example/llm"),
        ("http://[fd00::20]:8080", "http://[fd00::20]:8080"),
        ("http://ann:sesame@box:1/v1", "http://ann:sesame@box:1"),
    ],
)
def test_an_address_is_taken_as_people_type_it(typed: str, root: str) -> None:
    assert server_address(typed) == root
    assert server_address(root) == root
    assert "sesame" not in shown_address(typed)


@pytest.mark.parametrize("typed", ["", "ftp://ann:sesame@box", "http://", "box:99999", "http://a b/"])
def test_what_is_no_address_is_said_without_repeating_it(typed: str) -> None:
    with pytest.raises(KnownError, match="not the address of a server") as told_:
        server_address(typed)
    assert "sesame" not in str(told_.value)
