"""`earmark server`: the user's own server for speech or language, in place of the models here."""

from dataclasses import asdict, replace
from typing import Any

import click

from earmark.app import open_door
from earmark.cli.models_verbs import MAY
from earmark.cli.options import json_option
from earmark.cli.screen import watching
from earmark.cli.text import as_json
from earmark.clock import system_clock
from earmark.engines import TrialRecord
from earmark.errors import KnownError
from earmark.paths import Paths
from earmark.pipeline.servers import (
    OwnServer,
    server_address,
    shown_address,
    where_it_goes,
)
from earmark.pipeline.servers.meeting import keep_server, leads_away, met, trial_on
from earmark.pipeline.servers.place import Task
from earmark.pipeline.trial import hold_server_trial
from earmark.settings import Settings, change_settings, load_settings

model_option = click.option("--model", help="Which of the server's models; needed when it has several.")
yes_option = click.option("--yes", is_flag=True, help="Even when the server is not in your own network.")
address_argument = click.argument("address", metavar="ADDRESS")


@click.group("server", invoke_without_command=True)
@click.option("--off", is_flag=True, help="Use no server any more: everything stays on this computer.")
@json_option
@click.pass_context
def server(ctx: click.Context, off: bool, json_: bool) -> None:
    """Your own server for speech or language (llama-server, vLLM, Ollama, whisper-server). Off by default.

    Without a verb: which servers are in use, and where audio and text go.
    """
    if ctx.invoked_subcommand is not None:
        return
    paths: Paths = ctx.obj
    paths.create()
    if off:
        nothing: dict[str, Any] = dict.fromkeys(_fields("speech") + _fields("language"))
        change_settings(paths, lambda now: replace(now, **nothing))
    _tell(paths, json_)


@server.command("speech")
@address_argument
@model_option
@yes_option
@json_option
@click.pass_obj
def speech(paths: Paths, address: str, model: str | None, yes: bool, json_: bool) -> None:
    """Listen with the speech model of your own server at ADDRESS, such as http://192.168.1.20:8080."""
    root = _agreed(paths, address, "speech", yes)
    with open_door(paths) as door, watching() as watch:
        chosen, told = met(door, root, "speech", model, watch)
    if chosen is None and not told:
        click.echo("It does not tell its models; the first episode will show whether it listens.", err=True)
    keep_server(paths, "speech", root, chosen)
    _tell(paths, json_)


@server.command("language")
@address_argument
@model_option
@yes_option
@json_option
@click.pass_obj
def language(paths: Paths, address: str, model: str | None, yes: bool, json_: bool) -> None:
    """Write with the language model of your own server at ADDRESS; it is tried first, as any model is."""
    root = _agreed(paths, address, "language", yes)
    with open_door(paths) as door, watching() as watch:
        chosen, _told = met(door, root, "language", model, watch)
        record = trial_on(paths, root, chosen)
        if record is None:
            own = OwnServer(door, root, "language")
            record, _verdict = hold_server_trial(paths, own, chosen, watch, system_clock)
    keep_server(paths, "language", root, chosen)
    _verdict_lines(record, json_)
    _tell(paths, json_)


@server.command("trial")
@json_option
@click.pass_obj
def trial(paths: Paths, json_: bool) -> None:
    """Try the language model of your own server again: what may it write?"""
    settings = load_settings(paths)
    if settings.language_server is None:
        raise KnownError("There is no language server yet. Name one with: earmark server language ADDRESS")
    with open_door(paths) as door, watching() as watch:
        own = OwnServer(door, settings.language_server, "language")
        model = settings.language_server_model
        record, _verdict = hold_server_trial(paths, own, model, watch, system_clock)
    if json_:
        as_json(asdict(record))
    else:
        _verdict_lines(record, json_)


def _agreed(paths: Paths, typed: str, task: Task, yes: bool) -> str:
    """The server's root, once it is in the user's own network or the user wants to go outside."""
    paths.create()
    root = server_address(typed)
    if yes or not (told := leads_away(root, task)):
        return root
    raise KnownError(f"{told} If that is what you want, say so with --yes")


def _fields(task: Task) -> list[str]:
    return [f"{task}_server", f"{task}_server_model"]


def _tell(paths: Paths, json_: bool) -> None:
    settings = load_settings(paths)
    rows = {
        "speech": _row(settings.speech_server, settings.speech_server_model),
        "language": _row(settings.language_server, settings.language_server_model),
    }
    tried = _language_trial(paths, settings)
    if rows["language"]:
        rows["language"] |= {"tier": tried.tier if tried else None}
    if json_:
        as_json({**rows, "goes": where_it_goes(settings)})
        return
    for task, row in rows.items():
        model = f", model {row['model']}" if row and row["model"] else ""
        click.echo(f"{task}: {row['address']}{model}" if row else f"{task}: on this computer")
    if rows["language"] and (tried is None or tried.tier == "quotes"):
        click.echo("That language model may not write here, so nothing is sent to it: earmark server trial")
    click.echo(where_it_goes(settings))


def _row(address: str | None, model: str | None) -> dict[str, Any] | None:
    return {"address": shown_address(address), "model": model} if address else None


def _language_trial(paths: Paths, settings: Settings) -> TrialRecord | None:
    address, model = settings.language_server, settings.language_server_model
    return trial_on(paths, address, model) if address else None


def _verdict_lines(record: TrialRecord, json_: bool) -> None:
    if not json_:
        click.echo(f"{record.file} {MAY[record.tier]} (tier: {record.tier}).")
        click.echo(f"Why: {record.why}")
