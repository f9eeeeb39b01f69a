"""`earmark models`: fetching, adding, proving and removing models, from a hub on loopback."""

import hashlib
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fake_hub import REVISION, Hub, hub_with
from random_speech_model import SIZES, write_random_model

from earmark.cli import main
from earmark.engines import catalogue as rows
from earmark.engines import sample_speech_model
from earmark.library import open_reader
from earmark.paths import Paths
from earmark.settings import Settings, load_settings, save_settings

FILE = "ggml-toy.bin"


def earmark(paths: Paths, *argv: str) -> Result:
    """Run a verb in a profile of its own."""
    return CliRunner().invoke(main, ["--data-dir", str(paths.data), *argv])


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A whole speech model file of the smallest size."""
    folder = tmp_path_factory.mktemp("toy")
    sample = sample_speech_model(Paths(folder / "profile"))
    write_random_model(SIZES["toy"], "q8_0", sample, folder / FILE)
    return (folder / FILE).read_bytes()


@pytest.fixture
def hub(toy: bytes) -> Iterator[Hub]:
    with hub_with(toy) as running:
        yield running


@pytest.fixture
def paths(tmp_path: Path, hub: Hub, toy: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    """A profile whose hub is the one on loopback, and a catalogue that names the toy as well."""
    text = rows.catalogue_file().read_text(encoding="utf-8")
    text += f'\n[[model]]\nid = "toy"\ntask = "speech"\nfile = "{FILE}"\nrepository = "a/b"\n'
    text += f'revision = "{REVISION}"\nbytes = {len(toy)}\nsha256 = "{hashlib.sha256(toy).hexdigest()}"\n'
    text += 'licence = "MIT"\nsource = "a test"\nlanguages = ["en"]\n'
    text += "figures = { layers = 1, kv_width = 64, width = 64, vocabulary = 51865 }\n"
    text += 'figures_source = "a test"\n'
    (tmp_path / "catalogue.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(rows, "catalogue_file", lambda: tmp_path / "catalogue.toml")
    rows.catalogue.cache_clear()
    made = Paths(tmp_path / "profile")
    made.create()
    save_settings(made, Settings(hub=hub.address))
    yield made
    rows.catalogue.cache_clear()


def test_a_model_is_downloaded_used_proven_and_removed(paths: Paths, hub: Hub) -> None:
    assert "toy is not here yet" in earmark(paths, "models", "use", "toy").stderr
    done = earmark(paths, "models", "download", "toy")
    assert done.exit_code == 0, done.output
    assert "proven by its hash" in done.stdout
    assert "Downloading toy, " in done.stderr
    with open_reader(paths) as reader:
        assert [line["why"] for line in reader.requests()] == ["download a model"] * 2
    used = earmark(paths, "models", "use", "toy")
    assert used.exit_code == 0, used.output
    assert load_settings(paths).speech_model == paths.models / FILE
    listed = json.loads(earmark(paths, "models", "list", "--json").stdout)["models"]
    (row,) = (each for each in listed if each["id"] == "toy")
    assert (row["in_use"], row["state"], row["fit"]) == (True, "ready", "fits")
    assert row["needed_bytes"] > row["size_bytes"]
    assert "whole" in earmark(paths, "models", "verify", "toy").stdout
    assert "is in use" in earmark(paths, "models", "remove", "toy").stderr
    gone = earmark(paths, "models", "remove", "toy", "--even-if-used", "--json")
    assert json.loads(gone.stdout)["freed_bytes"] == row["size_bytes"]
    assert not (paths.models / FILE).exists()


def test_a_damaged_model_is_named_and_the_exit_code_says_so(paths: Paths) -> None:
    earmark(paths, "models", "download", "toy")
    with (paths.models / FILE).open("r+b") as file:
        file.seek(7000)
        file.write(b"\x00\x01")
    told = earmark(paths, "models", "verify")
    assert told.exit_code == 1
    assert "damaged" in told.stdout
    assert "1 of 1 model is not whole" in told.stderr
    assert "changed since it was checked" in earmark(paths, "models", "list").stdout
    refused = earmark(paths, "models", "use", "toy")
    assert "Take it anew with: earmark models download toy" in refused.stderr
    assert load_settings(paths).speech_model is None
    assert earmark(paths, "models", "download", "toy").exit_code == 0
    assert earmark(paths, "models", "verify").exit_code == 0


def test_offline_means_that_no_hub_is_asked(paths: Paths, hub: Hub) -> None:
    save_settings(paths, Settings(hub=hub.address, offline=True))
    told = earmark(paths, "models", "download", "toy")
    assert "set to stay offline" in told.stderr
    assert hub.asked == []


def test_a_proxy_that_is_not_there_means_that_no_hub_is_asked(paths: Paths, hub: Hub) -> None:
    save_settings(paths, Settings(hub="http://hub.example", proxy="socks5://127.0.0.1:9"))
    assert "The proxy 127.0.0.1:9 cannot be reached" in earmark(paths, "models", "download", "toy").stderr
    save_settings(paths, Settings(proxy="nonsense"))
    assert "must look like http://HOST:PORT" in earmark(paths, "models", "download", "toy").stderr
    assert hub.asked == []


def test_a_download_that_broke_off_says_how_it_goes_on_and_is_seen_and_cleaned(
    paths: Paths, hub: Hub
) -> None:
    hub.ways = ["breaks off"]
    told = earmark(paths, "models", "download", "toy")
    assert told.exit_code == 1
    assert "it goes on with: earmark models download toy" in told.stderr
    assert "its download has not come to its end" in earmark(paths, "models", "list").stdout
    shown = earmark(paths, "models", "clean")
    assert "left of a download" in shown.stdout
    assert (paths.models / (FILE + ".part")).exists()
    assert "are free again" in earmark(paths, "models", "clean", "--yes").stdout
    assert "There is nothing to clean" in earmark(paths, "models", "clean").stdout
    assert json.loads(earmark(paths, "models", "pause", "toy", "--json").stdout) == {
        "paused": False,
        "kept_bytes": None,
    }


def test_a_file_of_one_s_own_is_added_or_linked_and_used(paths: Paths, tmp_path: Path, toy: bytes) -> None:
    mine = tmp_path / "mine.bin"
    mine.write_bytes(toy)
    added = json.loads(earmark(paths, "models", "add", str(mine), "--json").stdout)
    assert (added["file"], added["linked"]) == (str(paths.models / "mine.bin"), False)
    assert "is used where it lies" in earmark(paths, "models", "add", str(mine), "--link").stdout.lower()
    assert earmark(paths, "models", "use", "mine.bin").exit_code == 0
    assert load_settings(paths).speech_model == paths.models / "mine.bin"
    assert earmark(paths, "models", "use", str(mine)).exit_code == 0
    assert load_settings(paths).speech_model == mine
    mine.unlink()
    assert "no longer there" in earmark(paths, "models", "list").stdout
    assert "is forgotten" in earmark(paths, "models", "remove", str(mine), "--even-if-used").stdout


@pytest.mark.parametrize("name", ["renamed.bin", FILE])
def test_the_next_step_after_adding_a_published_file_works(
    paths: Paths, tmp_path: Path, toy: bytes, name: str
) -> None:
    (tmp_path / name).write_bytes(toy)
    added = earmark(paths, "models", "add", str(tmp_path / name)).stdout
    told = added.partition("Next: earmark ")[2]
    used = earmark(paths, *shlex.split(told))
    assert used.exit_code == 0, used.output
    assert load_settings(paths).speech_model == paths.models / name


def test_a_speech_model_given_to_process_is_taken_in_by_its_hash(paths: Paths, tmp_path: Path) -> None:
    mine = tmp_path / "mine.bin"
    mine.write_bytes(sample_speech_model(paths).read_bytes())
    assert earmark(paths, "process", "--speech-model", str(mine)).exit_code == 0
    stored = json.loads((paths.models / "models.json").read_text())["files"]
    assert stored[str(mine)]["task"] == "speech"


def test_the_sample_model_stays_the_program_s_own_and_is_not_made_again_each_time(paths: Paths) -> None:
    sample = sample_speech_model(paths)
    made = sample.stat().st_mtime_ns
    assert earmark(paths, "process", "--speech-model", str(sample)).exit_code == 0
    assert earmark(paths, "process").exit_code == 0
    assert sample_speech_model(paths).stat().st_mtime_ns == made
    assert not (paths.models / "models.json").exists()


def test_recommend_and_list_all_say_what_fits(paths: Paths) -> None:
    told = json.loads(earmark(paths, "models", "recommend", "--language", "en", "--json").stdout)
    assert told["total_bytes"] > 0
    assert all(each["best"] and each["sha256"] for each in told["recommended"])
    assert "of memory, of which" in earmark(paths, "models", "recommend").stdout
    every = earmark(paths, "models", "list", "--all").stdout
    assert "whisper-large-v3-turbo-q5_0 (574 MB, many languages, MIT)" in every
    assert re.search(r"fits.*; an hour takes .* min here, a guess", every)
    assert [line for line in every.splitlines() if "cannot be chosen yet" in line]
    assert "embedding" not in earmark(paths, "models", "recommend").stdout
    more = json.loads(earmark(paths, "models", "list", "--all", "--json").stdout)["more"]
    assert {each["task"] for each in more} == {"speech", "llm", "embedding", "vad"}


@pytest.mark.parametrize("verb", ["download", "pause", "verify", "remove", "use"])
def test_a_model_that_nobody_knows_is_said_in_words(paths: Paths, verb: str) -> None:
    told = earmark(paths, "models", verb, "../../nothing")
    assert told.exit_code == 1
    assert "There is no model called" in told.stderr
    assert "Traceback" not in told.output


def test_models_lie_in_the_folder_of_the_settings(paths: Paths, hub: Hub, tmp_path: Path) -> None:
    save_settings(paths, Settings(hub=hub.address, models_folder=tmp_path / "elsewhere"))
    assert earmark(paths, "models", "download", "toy").exit_code == 0
    assert (tmp_path / "elsewhere" / FILE).exists()
    assert not (paths.models / FILE).exists()
    listed = json.loads(earmark(paths, "models", "list", "--json").stdout)["models"]
    assert str(tmp_path / "elsewhere" / FILE) in {row["file"] for row in listed}
