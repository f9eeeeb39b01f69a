"""`earmark import`, and `earmark export opml`: lists of shows from and for other programs."""

from pathlib import Path

import click

from earmark.app import open_tools
from earmark.cli.login import open_options
from earmark.cli.options import json_option
from earmark.cli.screen import watching
from earmark.cli.text import as_json
from earmark.clock import system_clock
from earmark.counting import count_of
from earmark.errors import KnownError
from earmark.hiding import shown
from earmark.library import open_reader
from earmark.paths import Paths
from earmark.pipeline.care import undo_import
from earmark.pipeline.lists import export_list, import_list
from earmark.pipeline.subscribe import DEFAULT_BACKLOG

MOST_TOLD = 20


@click.command("import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--episodes",
    default=DEFAULT_BACKLOG,
    show_default=True,
    type=click.IntRange(0, 10_000),
    help="How many of the newest episodes of each show to work through.",
)
@open_options
@click.option("--near", is_flag=True, help="Take addresses inside your own network, too.")
@click.option("--undo", is_flag=True, help="Unsubscribe from the shows that the latest list brought.")
@click.option("--yes", is_flag=True, help="Do not ask before --undo.")
@json_option
@click.pass_obj
def import_(
    paths: Paths,
    file: Path | None,
    episodes: int,
    near: bool,
    undo: bool,
    yes: bool,
    json_: bool,
    keep_in_library: bool,
    private: bool,
) -> None:
    """Subscribe to all shows of a list (OPML FILE) that another program wrote.

    Nobody is asked yet; the next refresh does that. Rows that cannot be used are told, with their line.
    """
    if undo:
        _undo(paths, yes=yes, json_=json_)
        return
    if file is None:
        raise KnownError("Say which file: earmark import FILE")
    with open_tools(paths) as tools, watching() as watch:
        result = import_list(
            tools,
            file,
            watch,
            first_episodes=episodes,
            near=near,
            keep_in_library=keep_in_library,
            private=private,
        )
    if json_:
        bad = [{"line": row.line, "text": row.text, "reason": row.reason} for row in result.bad]
        told = {"new": result.new, "known": result.known, "renewed": result.renewed}
        as_json({**told, "skipped": bad})
        return
    were = "was" if result.known == 1 else "were"
    known = f" {result.known} {were} there before." if result.known else ""
    renewed = f" Of {result.renewed} the password or token is new." if result.renewed else ""
    click.echo(f"{count_of(result.new, 'new show') if result.new else 'No new show'}.{known}{renewed}")
    for row in result.bad[:MOST_TOLD]:
        click.echo(f"Line {row.line}{f', {row.text[:60]}' if row.text else ''}: {row.reason}", err=True)
    if len(result.bad) > MOST_TOLD:
        more = len(result.bad) - MOST_TOLD
        rows = "1 more row was" if more == 1 else f"{more} more rows were"
        click.echo(f"{rows} passed over; all of them: --json", err=True)
    if result.new:
        click.echo("Next: earmark refresh, which asks all of them. To take this back: earmark import --undo")


def _undo(paths: Paths, *, yes: bool, json_: bool) -> None:
    with open_tools(paths) as tools:
        feeds = tools.library.last_import()
        if not feeds:
            raise KnownError(
                "There is no list to take back: the latest one brought nothing that is still here."
            )
        if not yes:
            brought = ", ".join(feed.title for feed in feeds[:MOST_TOLD])
            click.echo(f"The latest list brought: {brought}", err=True)
            if not click.confirm(f"Unsubscribe from {count_of(len(feeds), 'show')}?", err=True):
                raise KnownError("Nothing changed.")
        gone = undo_import(tools)
    if json_:
        as_json([{"feed": feed.id, "title": feed.title, "url": shown(feed.url)} for feed in gone])
    else:
        click.echo(f"Unsubscribed from {count_of(len(gone), 'show')}. What insights they gave stays.")


def write_list(paths: Paths, file: Path | None, *, replace: bool, json_: bool) -> None:
    """Write the list of shows for other programs."""
    target = file or Path("earmark-shows.opml")
    with open_reader(paths) as reader:
        written = export_list(reader, target, system_clock, overwrite=replace)
    if json_:
        told = {"without_login": list(written.without_login), "own_files": list(written.own_files)}
        as_json({"path": str(written.path), "shows": written.shows, **told})
        return
    click.echo(f"{written.path}: {count_of(written.shows, 'show')}.")
    for title in written.without_login:
        click.echo(f"{title}: its address was written without what is secret in it.", err=True)
    for title in written.own_files:
        click.echo(f"{title}: a folder of yours, which no other program can ask for; left out.", err=True)


VERBS = (import_,)
