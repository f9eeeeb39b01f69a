"""`earmark transcript`: words of an episode that the user has in a file."""

from pathlib import Path

import click

from earmark.app import open_tools
from earmark.cli.options import json_option
from earmark.cli.text import as_json, clock_time
from earmark.paths import Paths
from earmark.pipeline.own_words import add_own_transcript, remove_own_transcript

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("transcript")
def transcript() -> None:
    """Words of an episode that you have in a file, in place of its publisher's or of listening."""


@transcript.command("add")
@click.argument("episode")
@click.argument("file", type=FILE)
@click.option("--anyway", is_flag=True, help="Take it even if it does not fit the episode's length.")
@json_option
@click.pass_obj
def add(paths: Paths, episode: str, file: Path, anyway: bool, json_: bool) -> None:
    """Take FILE (SubRip, WebVTT, JSON, or a page with times) as the words of an EPISODE.

    EPISODE is its number, or a piece of its title. Your words stay, whatever its publisher offers later.
    """
    with open_tools(paths) as tools:
        added = add_own_transcript(tools, episode, file, anyway=anyway)
    segments = added.transcript.segments
    speakers = sorted({segment.speaker for segment in segments if segment.speaker})
    end_ms = max(segment.end_ms for segment in segments)
    if json_:
        told = {"segments": len(segments), "speakers": speakers, "end_ms": end_ms}
        as_json({"episode": added.episode.id, "title": added.episode.title, **told})
        return
    who = f", {len(speakers)} speakers" if len(speakers) > 1 else ""
    click.echo(f"{added.episode.title}: {len(segments)} pieces of speech up to {clock_time(end_ms)}{who}.")
    click.echo("Next: earmark process")


@transcript.command("remove")
@click.argument("episode")
@json_option
@click.pass_obj
def remove(paths: Paths, episode: str, json_: bool) -> None:
    """Forget the words that you added to an EPISODE. Your file is left alone."""
    with open_tools(paths) as tools:
        freed = remove_own_transcript(tools, episode)
    if json_:
        as_json({"episode": freed.id, "title": freed.title})
        return
    click.echo(f"{freed.title}: your transcript is removed; its publisher's or its sound is used again.")
    click.echo("Next: earmark process")
