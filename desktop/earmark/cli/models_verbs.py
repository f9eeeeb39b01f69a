"""`earmark models`: which models there are, what a language model may do, and which one is used."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from earmark.cli.screen import watching
from earmark.cli.text import as_json
from earmark.clock import system_clock
from earmark.engines import TrialRecord, check_language_model, starter_models, trials, valid_trial
from earmark.errors import KnownError
from earmark.insights import trial_versions
from earmark.paths import Paths
from earmark.pipeline.trial import hold_trial
from earmark.settings import load_settings, save_settings

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
MAY = {
    "quotes": "chooses the speakers' own words",
    "short": "writes a headline and one sentence",
    "full": "finds insights and writes them in two or three sentences",
}
json_option = click.option("--json", "json_", is_flag=True, help="Print JSON.")


@click.group("models")
def models() -> None:
    """The models that Earmark listens, reads and writes with."""


@models.command("list")
@json_option
@click.pass_obj
def list_models(paths: Paths, json_: bool) -> None:
    """Every model that is here, what it is for, and which ones are in use."""
    rows = _rows(paths)
    if json_:
        as_json({"models": rows})
        return
    for row in rows:
        tier = f", {MAY[row['tier']]}" if row.get("tier") else ""
        click.echo(f"{'in use' if row['in_use'] else '      '}  {row['task']}: {row['file']}{tier}")
        if row.get("trial"):
            click.echo(f"          tried on {row['trial']['date']}: {_speed(row['trial'])}")


@models.command("trial")
@click.argument("file", type=FILE, required=False)
@json_option
@click.pass_obj
def trial(paths: Paths, file: Path | None, json_: bool) -> None:
    """Try a language model on a few excerpts: what it may do here, how fast it is, how much memory it takes.

    Without FILE: the language model in use.
    """
    paths.create()
    chosen = file or load_settings(paths).language_model or starter_models(paths).llm
    record = _tried(paths, chosen)
    if json_:
        as_json(asdict(record))
        return
    _print_verdict(record)


@models.command("use")
@click.argument("file", type=FILE, required=False)
@click.option("--starter", is_flag=True, help="Go back to the language model that came with Earmark.")
@click.pass_obj
def use(paths: Paths, file: Path | None, starter: bool) -> None:
    """Write with another language model: it is tried first, unless it was before, and then remembered."""
    if starter == (file is not None):
        raise KnownError("Name a model file, or say --starter.")
    paths.create()
    settings = load_settings(paths)
    if file is None:
        save_settings(paths, replace(settings, language_model=None))
        click.echo("The language model that came with Earmark is in use again.")
        return
    file = file.resolve()
    check_language_model(file)
    record = valid_trial(paths.models, file, trial_versions()) or _tried(paths, file)
    save_settings(paths, replace(settings, language_model=file))
    _print_verdict(record)
    click.echo("It is used from now on. Episodes that were read before keep their insights.")


def _tried(paths: Paths, file: Path) -> TrialRecord:
    with watching() as watch:
        record, _ = hold_trial(paths, file.resolve(), watch, system_clock)
    return record


def _print_verdict(record: TrialRecord) -> None:
    click.echo(f"{Path(record.file).name} {MAY[record.tier]} (tier: {record.tier}).")
    click.echo(f"Why: {record.why}")
    click.echo(f"Here it is this fast: {_speed(asdict(record))}")


def _speed(record: dict[str, Any]) -> str:
    memory = f", {record['peak_bytes'] / 1e6:.0f} MB of memory" if record["peak_bytes"] else ""
    return f"reads {record['read_speed']:.0f} and writes {record['write_speed']:.0f} tokens a second{memory}"


def _rows(paths: Paths) -> list[dict[str, Any]]:
    """One for each model: task, file, in_use, and of language models the tier and the trial, where known."""
    settings = load_settings(paths)
    starters = starter_models(paths)
    known = {record.file: record for record in trials(paths.models).values()}
    llms = {str(starters.llm): starters.llm}
    llms |= {file: Path(file) for file in known if Path(file).exists()}
    chosen = settings.language_model or starters.llm
    llms[str(chosen)] = chosen
    rows = [
        _row("speech", path, path == settings.speech_model)
        for path in (starters.speech, settings.speech_model)
        if path
    ]
    rows += [_row("embedding", starters.embedding, True)]
    for path in llms.values():
        record = valid_trial(paths.models, path, trial_versions()) if path.exists() else None
        row = _row("language", path, path == chosen)
        row["tier"] = record.tier if record else "quotes"
        row["trial"] = asdict(record) if record else None
        rows.append(row)
    return rows


def _row(task: str, path: Path, in_use: bool) -> dict[str, Any]:
    size = path.stat().st_size if path.exists() else None
    return {"task": task, "file": str(path), "size_bytes": size, "in_use": in_use}
