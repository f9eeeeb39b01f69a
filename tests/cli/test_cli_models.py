"""`earmark models`: the trial of a language model, and using one's own."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from earmark.app import open_engines
from earmark.cli import main
from earmark.engines import TrialRecord, keep_trial, starter_llm, valid_trial
from earmark.engines.trials import trials
from earmark.errors import KnownError
from earmark.insights import trial_versions
from earmark.paths import Paths
from earmark.settings import Settings, load_settings, save_settings


def earmark(folder: Path, *argv: str) -> Result:
    """Run a verb in a profile of its own."""
    return CliRunner().invoke(main, ["--data-dir", str(folder), *argv])


@pytest.fixture
def model(paths: Paths, tmp_path: Path) -> Path:
    """The starter model under another name, as if the user had fetched it."""
    return Path(shutil.copy(starter_llm(paths), tmp_path / "my-model.gguf"))


def record_of(model: Path, **changes: object) -> TrialRecord:
    """A trial as it may have been held before."""
    fields: dict[str, object] = {
        "file": str(model),
        "size_bytes": model.stat().st_size,
        "tier": "short",
        "why": "Because.",
        "family": "chatml",
        "read_speed": 160.0,
        "write_speed": 60.0,
        "peak_bytes": None,
        "versions": trial_versions(),
        "date": "2026-11-23",
    }
    return TrialRecord(**{**fields, **changes})  # type: ignore[arg-type]


def test_the_starter_model_is_tried_and_earns_the_tier_in_which_it_only_chooses_words(paths: Paths) -> None:
    done = earmark(paths.data, "models", "trial", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["tier"] == "quotes"
    assert "As a full writer: 0 of 3 cards held" in told["why"]
    assert told["read_speed"] > 1
    assert told["write_speed"] > 1
    rows = json.loads(earmark(paths.data, "models", "list", "--json").stdout)["models"]
    (language,) = (row for row in rows if row["task"] == "language")
    assert language["in_use"]
    assert language["trial"]["why"] == told["why"]
    assert "in use  language" in earmark(paths.data, "models", "list").stdout


def test_a_model_that_was_tried_before_is_used_at_once_with_the_tier_it_earned(
    paths: Paths, model: Path
) -> None:
    keep_trial(paths.models, model, record_of(model))
    save_settings(paths, Settings(speech_model=Path("/some/where.bin")))
    done = earmark(paths.data, "models", "use", str(model))
    assert done.exit_code == 0, done.output
    assert "writes a headline and one sentence" in done.stdout
    assert load_settings(paths) == Settings(Path("/some/where.bin"), model)
    with open_engines(paths) as engines:
        assert (engines.language.tier, engines.language.model_id) == ("short", "my-model")
        assert engines.language.count_tokens(["a cat"])[0] > 0
    assert earmark(paths.data, "models", "use", "--starter").exit_code == 0
    with open_engines(paths) as engines:
        assert (engines.language.tier, load_settings(paths).language_model) == ("quotes", None)


def test_a_trial_counts_only_for_the_same_file_and_the_same_prompts(paths: Paths, model: Path) -> None:
    keep_trial(paths.models, model, record_of(model))
    assert valid_trial(paths.models, model, trial_versions())
    assert valid_trial(paths.models, model, {**trial_versions(), "full": "full-99"}) is None
    with model.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x01")
    assert valid_trial(paths.models, model, trial_versions()) is None
    save_settings(paths, Settings(language_model=model))
    with open_engines(paths) as engines:
        assert engines.language.tier == "quotes"


@pytest.mark.parametrize("body", ["", "[1]", "{", '{"a": 3}', '{"a": {"tier": "full"}}', "\0\1"])
def test_damaged_trials_count_as_none(paths: Paths, model: Path, body: str) -> None:
    (paths.models / "trials.json").write_text(body, encoding="utf-8")
    assert trials(paths.models) == {}
    keep_trial(paths.models, model, record_of(model))
    assert len(trials(paths.models)) == 1


def test_a_file_that_is_no_language_model_is_refused_and_nothing_changes(
    paths: Paths, tmp_path: Path
) -> None:
    for body in (b"", b"just a text", b"GGUF" + b"\0" * 64):
        file = tmp_path / "wrong.gguf"
        file.write_bytes(body)
        for verb in ("use", "trial"):
            done = earmark(paths.data, "models", verb, str(file))
            assert done.exit_code == 1
            assert done.stderr.startswith("earmark: ")
            assert "Traceback" not in done.output
    assert load_settings(paths).language_model is None


def test_use_wants_a_file_or_the_starter_and_not_both(paths: Paths, model: Path) -> None:
    for argv in ((), ("--starter", str(model))):
        assert "Name a model file, or say --starter." in earmark(paths.data, "models", "use", *argv).stderr


def test_a_model_that_is_gone_is_said_when_it_is_needed(paths: Paths, model: Path) -> None:
    save_settings(paths, Settings(language_model=model))
    model.unlink()
    with open_engines(paths) as engines:
        assert engines.language.embed(["a cat"]).shape == (1, 384)
        with pytest.raises(KnownError, match="earmark models use --starter"):
            engines.language.choose("The capital of France is", [" Paris"])
    assert str(model) in earmark(paths.data, "models", "list").stdout


def test_choosing_a_speech_model_keeps_the_language_model(paths: Paths, model: Path) -> None:
    save_settings(paths, Settings(language_model=model))
    listed = json.loads(earmark(paths.data, "models", "list", "--json").stdout)["models"]
    speech = next(row["file"] for row in listed if row["task"] == "speech")
    assert earmark(paths.data, "process", "--speech-model", speech).exit_code == 0
    assert load_settings(paths) == Settings(Path(speech), model)
