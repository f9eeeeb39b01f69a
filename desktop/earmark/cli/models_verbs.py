"""`earmark models`: which models there are, what fits this computer, what each may do, which one is used."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from earmark.cli.options import json_option
from earmark.cli.screen import watching
from earmark.cli.shelf_verbs import SHELF_VERBS
from earmark.cli.text import as_json, time_left
from earmark.clock import system_clock
from earmark.engines import TrialRecord, starter_models
from earmark.engines.catalogue import catalogue
from earmark.engines.memory import size_text
from earmark.errors import KnownError
from earmark.paths import Paths
from earmark.pipeline.models import Advice, Memory, memory_here, recommend, row_or_file
from earmark.pipeline.models.here import Here, models_here
from earmark.pipeline.using import try_model, use_model
from earmark.settings import change_settings, load_settings

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
MAY = {
    "quotes": "chooses the speakers' own words",
    "short": "writes a headline and one sentence",
    "full": "finds insights and writes them in two or three sentences",
}
FITS = {
    "fits": "fits",
    "close": "fits when other programs are closed",
    "never": "too large for this computer",
    None: "needs more than is known",
}
TASKS = {"speech": "speech", "llm": "language", "embedding": "embedding", "vad": "speech detector"}


@click.group("models")
def models() -> None:
    """The models that Earmark listens, reads and writes with."""


for verb in SHELF_VERBS:
    models.add_command(verb)


@models.command("list")
@click.option("--all", "all_", is_flag=True, help="Also those that could be downloaded.")
@json_option
@click.pass_obj
def list_models(paths: Paths, all_: bool, json_: bool) -> None:
    """Every model that is here, what it is for, whether it fits, and which ones are in use."""
    memory = memory_here()
    rows = _rows(paths, memory)
    more = recommend(catalogue(), memory, (), load_settings(paths).mode) if all_ else []
    here = {row["id"] for row in rows}
    more = [advice for advice in more if advice.row.id not in here]
    if json_:
        as_json({"models": rows, "more": [_advice_json(advice) for advice in more], **asdict(memory)})
        return
    for row in rows:
        _print_row(row)
    if more:
        click.echo("\nNot here yet, from the model hub (earmark models download ID):")
    for advice in more:
        _print_advice(advice)


@models.command("recommend")
@click.option(
    "--language", "languages", multiple=True, help="What you listen to, as two letters; more than once if so."
)
@json_option
@click.pass_obj
def recommend_(paths: Paths, languages: tuple[str, ...], json_: bool) -> None:
    """The models that suit this computer, and why."""
    memory = memory_here()
    advice = recommend(catalogue(), memory, languages, load_settings(paths).mode)
    best = [each for each in advice if each.best]
    if json_:
        as_json({"recommended": [_advice_json(each) for each in best], **asdict(memory)})
        return
    free, total = size_text(memory.free_bytes), size_text(memory.total_bytes)
    click.echo(f"This computer has {total} of memory, of which {free} is free.")
    for each in best:
        _print_advice(each)
        click.echo(f"    earmark models download {each.row.id}")
    if not best:
        click.echo("No model of the hub fits; the ones that came with Earmark do.")


@models.command("trial")
@click.argument("named", required=False, metavar="[ID|FILE]")
@json_option
@click.pass_obj
def trial(paths: Paths, named: str | None, json_: bool) -> None:
    """Try a language model on a few excerpts: what it may do here, how fast it is, how much memory it takes.

    Without a name: the language model in use.
    """
    paths.create()
    chosen = _here(paths, named) if named else load_settings(paths).language_model
    record = _tried(paths, chosen or starter_models(paths).llm)
    if json_:
        as_json(asdict(record))
        return
    _print_verdict(record)


@models.command("use")
@click.argument("named", required=False, metavar="[ID|FILE]")
@click.option("--starter", is_flag=True, help="Go back to the language model that came with Earmark.")
@click.pass_obj
def use(paths: Paths, named: str | None, starter: bool) -> None:
    """Listen or write with another model, which is remembered. What it is for stands in its head.

    A language model is tried first, unless it was before.
    """
    if starter == (named is not None):
        raise KnownError("Name a model file, or say --starter.")
    paths.create()
    if named is None:
        change_settings(paths, lambda now: replace(now, language_model=None))
        click.echo("The language model that came with Earmark is in use again.")
        return
    file = _here(paths, named)
    with watching() as watch:
        record = use_model(paths, file, watch, system_clock)
    if record:
        _print_verdict(record)
        click.echo("It is used from now on. Episodes that were read before keep their insights.")
    else:
        click.echo(f"Earmark listens with {file.name} from now on. Next: earmark process")


def _here(paths: Paths, named: str) -> Path:
    """The file that the user means. Raises KnownError when it is not on this computer."""
    row, file = row_or_file(paths.models, named)
    if not file.is_file():
        assert row
        raise KnownError(f"{row.id} is not here yet. Get it with: earmark models download {row.id}")
    return file if file.parent == paths.models else file.resolve()


def _tried(paths: Paths, file: Path) -> TrialRecord:
    with watching() as watch:
        return try_model(paths, file, watch, system_clock)


def _print_verdict(record: TrialRecord) -> None:
    click.echo(f"{Path(record.file).name} {MAY[record.tier]} (tier: {record.tier}).")
    click.echo(f"Why: {record.why}")
    click.echo(f"Here it is this fast: {_speed(asdict(record))}")


def _speed(record: dict[str, Any]) -> str:
    memory = f", {record['peak_bytes'] / 1e6:.0f} MB of memory" if record["peak_bytes"] else ""
    return f"reads {record['read_speed']:.0f} and writes {record['write_speed']:.0f} tokens a second{memory}"


def _rows(paths: Paths, memory: Memory) -> list[dict[str, Any]]:
    """One for each model: task, file, size, state, fit, in_use, and of language models the tier and trial."""
    return [_row(each) for each in models_here(paths, memory)]


def _row(each: Here) -> dict[str, Any]:
    kept = each.kept
    row: dict[str, Any] = {
        "id": each.id,
        "task": TASKS[each.task],
        "file": str(each.file),
        "size_bytes": each.bytes,
        "in_use": each.in_use,
        "state": each.state,
        "linked": kept.linked if kept else False,
        "origin": kept.origin if kept else "came with Earmark or chosen by you",
        "needed_bytes": each.needed_bytes,
        "fit": each.fit,
    }
    if each.task == "llm":
        row["tier"] = each.tier
        row["trial"] = asdict(each.trial) if each.trial else None
    return row


def _print_row(row: dict[str, Any]) -> None:
    tier = f", {MAY[row['tier']]}" if row.get("tier") else ""
    click.echo(f"{'in use' if row['in_use'] else '      '}  {row['task']}: {row['file']}{tier}")
    parts = [size_text(row["size_bytes"])] if row["size_bytes"] else []
    if row["needed_bytes"]:
        parts.append(f"needs {size_text(row['needed_bytes'])} of memory, {FITS[row['fit']]}")
    if row["state"] != "ready":
        parts.append(STATES[row["state"]])
    click.echo(f"          {'; '.join(parts)}")
    if row.get("trial"):
        click.echo(f"          tried on {row['trial']['date']}: {_speed(row['trial'])}")


STATES = {
    "changed": "changed since it was checked: it is checked again before it is used",
    "missing": "no longer there",
    "unproven": "not checked yet",
    "part": "its download has not come to its end",
}


def _print_advice(advice: Advice) -> None:
    row = advice.row
    size = size_text(row.bytes) if row.bytes else "size not known"
    needs = f"needs {size_text(advice.needed_bytes)} of memory, " if advice.needed_bytes else ""
    star = "best  " if advice.best else "      "
    spoken = "English" if row.languages == ("en",) else "many languages"
    click.echo(f"{star}  {TASKS[row.task]}: {row.id} ({size}, {spoken}, {row.licence})")
    speed = f"; an hour takes {time_left(advice.listening * 3600)} here, a guess" if advice.listening else ""
    click.echo(
        f"          {needs}{FITS[advice.fit]}{speed}{'' if advice.usable else '; cannot be chosen yet'}"
    )


def _advice_json(advice: Advice) -> dict[str, Any]:
    return {
        **{name: value for name, value in asdict(advice.row).items() if name != "ram_bytes"},
        "needed_bytes": advice.needed_bytes,
        "fit": advice.fit,
        "best": advice.best,
        "guessed_seconds_of_work_a_second": advice.listening,
        "usable": advice.usable,
    }
