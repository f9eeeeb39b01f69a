"""The verbs of `earmark models` that bring models here, prove them, and throw them away."""

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from earmark.app import open_door_beside
from earmark.cli.options import json_option
from earmark.cli.screen import watching
from earmark.cli.text import as_json
from earmark.clock import system_clock
from earmark.counting import count_of
from earmark.engines.memory import size_text
from earmark.errors import KnownError
from earmark.paths import Paths
from earmark.pipeline.models import (
    Leftover,
    Paused,
    Shelved,
    add_file,
    clean,
    fetch_model,
    hub_address,
    leftovers,
    pause,
    remove,
    row_or_file,
    verify,
)
from earmark.settings import load_settings


@click.command("download")
@click.argument("named", metavar="ID")
@json_option
@click.pass_obj
def download(paths: Paths, named: str, json_: bool) -> None:
    """Fetch a model of the catalogue. Ctrl-C, or `pause` elsewhere, stops it; it goes on where it was."""
    paths.create()
    row, _file = row_or_file(paths.models, named)
    if row is None:
        raise KnownError(f"“{named}” is a file, not a model of the hub. Take it in with: earmark models add")
    hub = hub_address(load_settings(paths))
    try:
        with open_door_beside(paths) as door, watching() as watch:
            file = fetch_model(door, paths.models, row, hub, watch, system_clock)
    except Paused as error:
        raise KnownError(
            f"Paused. What is here is kept. It goes on with: earmark models download {row.id}"
        ) from error
    size = file.stat().st_size
    if json_:
        as_json({"id": row.id, "file": str(file), "size_bytes": size})
        return
    click.echo(f"{row.id} is here, {size_text(size)}, proven by its hash: {file}")
    if row.task in ("speech", "llm"):
        click.echo(f"Next: earmark models use {row.id}")


@click.command("pause")
@click.argument("named", metavar="ID")
@json_option
@click.pass_obj
def pause_(paths: Paths, named: str, json_: bool) -> None:
    """Stop the download of a model, in whatever window or terminal it runs; what is here is kept."""
    paths.create()
    row, _file = row_or_file(paths.models, named)
    kept = pause(paths.models, row) if row else None
    if json_:
        as_json({"paused": kept is not None, "kept_bytes": kept})
    elif kept is None:
        click.echo(f"{named} is not being downloaded just now.")
    else:
        click.echo(f"Paused; {size_text(kept)} are kept. It goes on with: earmark models download {named}")


@click.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--link", is_flag=True, help="Use it where it lies, instead of a copy in the models folder.")
@json_option
@click.pass_obj
def add(paths: Paths, file: Path, link: bool, json_: bool) -> None:
    """Take in a model file that you have: a copy of it, in the models folder. Its head is checked first."""
    paths.create()
    with watching() as watch:
        each = add_file(paths.models, file, system_clock, watch, link=link)
    if json_:
        as_json(_json(each))
        return
    how = "It is used where it lies; keep it there" if each.linked else f"It lies in {each.file.parent} now"
    click.echo(f"{each.file.name} was taken in, {size_text(each.bytes)}. {how}.")
    name = str(each.file) if each.linked else each.id or each.file.name
    click.echo(f"Next: earmark models use {shlex.quote(name)}")


@click.command("verify")
@click.argument("named", required=False, metavar="[ID|FILE]")
@json_option
@click.pass_obj
def verify_(paths: Paths, named: str | None, json_: bool) -> None:
    """Read the models that were downloaded or added whole, and say which ones are damaged."""
    paths.create()
    only = row_or_file(paths.models, named)[1] if named else None
    with watching() as watch:
        told = verify(paths.models, load_settings(paths), only, watch)
    if json_:
        as_json({"models": [{**_json(each), "fault": fault or None} for each, fault in told]})
    else:
        for each, fault in told:
            click.echo(f"{'damaged' if fault else 'whole':>7}  {each.file}{': ' if fault else ''}{fault}")
    if not told and not json_:
        click.echo("No model was downloaded or added yet.")
    bad = sum(bool(fault) for _each, fault in told)
    if bad:
        are, they = ("is", "it is") if bad == 1 else ("are", "they are")
        whole = f"{bad} of {count_of(len(told), 'model')} {are} not whole"
        raise KnownError(f"{whole}; {they} not used as {they}.")


@click.command("remove")
@click.argument("named", metavar="ID|FILE")
@click.option("--even-if-used", is_flag=True, help="Also when it is in use; work that needs it then waits.")
@json_option
@click.pass_obj
def remove_(paths: Paths, named: str, even_if_used: bool, json_: bool) -> None:
    """Throw a model away, and what is left of its download. A linked file is only forgotten, not deleted."""
    paths.create()
    file = _named(paths, named)
    freed = remove(paths.models, load_settings(paths), file, though_used=even_if_used)
    if json_:
        as_json({"file": str(file), "freed_bytes": freed})
    elif freed:
        click.echo(f"{file.name} is gone; {size_text(freed)} are free again.")
    else:
        click.echo(f"{file.name} is forgotten; the file itself was not touched.")


@click.command("clean")
@click.option("--unused", is_flag=True, help="Also models that are not in use.")
@click.option("--yes", is_flag=True, help="Delete them; without it they are only shown.")
@json_option
@click.pass_obj
def clean_(paths: Paths, unused: bool, yes: bool, json_: bool) -> None:
    """Show what is left of downloads, and delete it if you say so."""
    paths.create()
    found = leftovers(paths.models, load_settings(paths), unused=unused)
    freed = clean(paths.models, found) if yes else 0
    if json_:
        shown = [{"file": str(each.file), "size_bytes": each.bytes, "what": each.what} for each in found]
        as_json({"files": shown, "freed_bytes": freed})
        return
    _print_leftovers(found, yes)


def _print_leftovers(found: list[Leftover], gone: bool) -> None:
    for each in found:
        click.echo(f"{size_text(each.bytes):>8}  {each.file} ({each.what})")
    total = size_text(sum(each.bytes for each in found))
    if not found:
        click.echo("There is nothing to clean.")
    elif gone:
        click.echo(f"{total} are free again.")
    else:
        click.echo(f"{total} in all. Delete them with the same words and --yes")


def _named(paths: Paths, named: str) -> Path:
    """The file that the user means, also when it is a link to a file that is gone."""
    try:
        return row_or_file(paths.models, named)[1]
    except KnownError:
        if Path(named).is_absolute():
            return Path(named)
        raise


def _json(each: Shelved) -> dict[str, Any]:
    return {**asdict(each), "file": str(each.file)}


SHELF_VERBS = (add, download, pause_, verify_, remove_, clean_)
