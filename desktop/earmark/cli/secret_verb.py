"""`earmark library secrets`: which passwords and tokens stand in the open, and hiding them."""

from dataclasses import replace

import click

from earmark.app import open_tools
from earmark.cli.options import json_option
from earmark.cli.text import as_json
from earmark.counting import count_of
from earmark.errors import KnownError
from earmark.library import open_library, open_reader
from earmark.paths import Paths
from earmark.pipeline.open_secrets import Standing, hide_open, standing
from earmark.records import Feed
from earmark.vault import NoKeyring

NO_KEYRING = (
    "This system has no keyring that could keep them (on Linux: GNOME Keyring or KWallet). Nothing changed "
    "and your shows go on. To leave them where they are: earmark library secrets --leave"
)


@click.command("secrets")
@click.option("--hide", is_flag=True, help="Have your system's keyring keep them, in place of these files.")
@click.option("--leave", is_flag=True, help="Leave those of shows where they are, and say no more of it.")
@json_option
@click.pass_obj
def secrets(paths: Paths, hide: bool, leave: bool, json_: bool) -> None:
    """Which shows and copies of the library hold a password or token that others could read.

    Earmark hides them by itself where your system has a keyring, and says so here where it could not.
    """
    if hide and leave:
        raise KnownError("Say one of both: --hide or --leave.")
    twice: tuple[tuple[Feed, Feed], ...] = ()
    if hide:
        with open_tools(paths) as tools:
            try:
                twice = hide_open(tools.library, tools.door.vault, paths, wanted_too=True).twice
            except NoKeyring as error:
                raise KnownError(NO_KEYRING) from error
    if leave:
        with open_library(paths) as library:
            library.keep_open([show.id for show in standing(library, paths).shows])
    with open_reader(paths) as reader:
        found = replace(standing(reader, paths), twice=twice)
    if json_:
        as_json(_as_told(found))
    else:
        click.echo("\n".join(_lines(found)))


def _as_told(found: Standing) -> dict[str, list[object]]:
    return {
        "shows": [{"feed": show.id, "title": show.title} for show in found.shows],
        "wanted": [{"feed": show.id, "title": show.title} for show in found.wanted],
        "copies": [str(copy) for copy in found.copies],
        "twice": [[show.id, other.id] for show, other in found.twice],
        "unreadable": [str(copy) for copy in found.unreadable],
    }


def _lines(found: Standing) -> list[str]:
    lines = [
        f"{show.title} ({show.id}): its password or token stands in the library." for show in found.shows
    ]
    twice = [
        f"{other.title} is in your library twice, with the same password or token: as {other.id} and as "
        f"{show.id}. Both are hidden now. To leave the second: earmark unsubscribe {show.id}"
        for show, other in found.twice
    ]
    lines += [f"{copy}: passwords or tokens stand in this copy." for copy in found.copies]
    lines += [
        f"{copy}: this copy is damaged, so nobody can tell. If you do not need it, delete it."
        for copy in found.unreadable
    ]
    if found.wanted:
        lines.append(
            f"As you wanted it, those of {count_of(len(found.wanted), 'show')} stand in the library."
        )
    if found.shows or found.copies or found.wanted:
        lines.append("To hide them: earmark library secrets --hide")
    if found.shows:
        lines.append("To leave them where they are: earmark library secrets --leave")
    return twice + (lines or ["No password or token stands in your library or its copies."])
