"""`earmark export`: briefs and insights in a form for other programs."""

from pathlib import Path
from typing import Any, cast

import click

from earmark.cli.list_verbs import write_list
from earmark.cli.options import iso_date, iso_span, json_option, said
from earmark.cli.screen import watching
from earmark.cli.text import as_json
from earmark.clock import system_clock
from earmark.counting import count_of
from earmark.engines import Media
from earmark.errors import KnownError
from earmark.library import open_reader
from earmark.paths import Paths
from earmark.pipeline.out import FORMS, Form, Wish, Written, default_name, write_out
from earmark.records import InsightId


@click.command("export")
@click.argument("form", metavar="FORMAT", type=click.Choice((*FORMS, "opml")))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--to", type=click.Path(path_type=Path), help="The file, or for markdown the folder, to write.")
@click.option(
    "--brief", "brief", metavar="DATE", help="The brief of a day. Without a choice: the newest one."
)
@click.option("--saved", is_flag=True, help="What you saved.")
@click.option("--insight", "insights", metavar="ID", multiple=True, help="This insight; may be given again.")
@click.option(
    "--episode", metavar="EPISODE", callback=said, help="An episode: its number, or words of its title."
)
@click.option("--since", metavar="DATE", help="Episodes that came out on this day or later.")
@click.option("--until", metavar="DATE", help="Episodes that came out on this day or earlier.")
@click.option("--all", "everything", is_flag=True, help="Every insight of your library.")
@click.option("--clips/--no-clips", default=True, show_default=True, help="With the sound of each moment.")
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
@json_option
@click.pass_obj
def export(
    paths: Paths,
    /,
    form: str,
    file: Path | None,
    to: Path | None,
    clips: bool,
    replace: bool,
    json_: bool,
    **choice: Any,
) -> None:
    """Write briefs or insights as FORMAT: markdown, html, epub, json, csv, anki, text, atom or opml.

    markdown is a folder of linked notes, which is renewed in place: what you write below the line at the end
    of a note is kept. html is one file to read anywhere or to print. csv is for Readwise. atom is a feed of
    all your briefs. opml is not of insights: it is the list of your shows, without any name or password.
    """
    if str(file or to) == "-":
        raise KnownError("An export is a file or a folder. Name one with --to, or leave it out.")
    to = file or to
    if form == "opml":
        if any(choice.values()):
            raise KnownError("A list of shows is always of all of them; leave out what you chose.")
        write_list(paths, to, replace=replace, json_=json_)
        return
    chosen = cast(Form, form)
    wish = _wish(chosen, **choice)
    target = to or Path(default_name(chosen, system_clock))
    with open_reader(paths) as reader, Media() as media, watching() as watch:
        result = write_out(
            reader, media, paths, chosen, wish, target, system_clock, watch, with_clips=clips, replace=replace
        )
    if json_:
        as_json(_result_json(result))
    else:
        _tell(result, chosen)


def _wish(
    form: Form,
    *,
    brief: str | None,
    saved: bool,
    insights: tuple[str, ...],
    episode: str | None,
    since: str | None,
    until: str | None,
    everything: bool,
) -> Wish:
    ids = tuple(InsightId(id_.removeprefix("earmark:insight/")) for id_ in insights)
    span = None if since is None and until is None else (since, until)
    given = [each is not None for each in (brief, episode, span)] + [saved, bool(ids), everything]
    if sum(given) > 1:
        raise KnownError("Choose one of --brief, --saved, --insight, --episode, --since/--until and --all.")
    if form == "atom" and any(given):
        raise KnownError("A feed is always of all your briefs; leave out what you chose.")
    first, last = iso_span(since, until)
    return Wish(
        brief=None if brief is None else iso_date(brief),
        saved=saved,
        insights=ids,
        episode=episode,
        since=first,
        until=last,
        everything=everything,
    )


def _result_json(result: Written) -> dict[str, Any]:
    return {
        "path": str(result.path),
        "insights": result.insights,
        "clips": result.clips,
        "notes": result.notes,
        "beside": [str(path) for path in result.beside],
        "problems": [list(problem) for problem in result.problems],
    }


def _tell(result: Written, form: Form) -> None:
    count = count_of(result.insights, "insight")
    sound = f", {result.clips} with sound" if result.clips else ""
    click.echo(f"{result.path}: {count}{sound}.")
    if form == "markdown":
        notes = "1 note was" if result.notes == 1 else f"{result.notes} notes were"
        click.echo(f"{notes} new or changed.")
    if form == "atom":
        click.echo("It is renewed with each brief for as long as it is there.")
    for path in result.beside:
        click.echo(f"You changed a note, so what is new is beside it: {path}", err=True)
    for title, reason in result.problems:
        click.echo(f"No sound from {title}: {reason}", err=True)
