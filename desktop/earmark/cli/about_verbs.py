"""The verbs that tell of one show or one episode what its publisher says of it."""

from dataclasses import asdict

import click

from earmark.cli.facts_text import episode_lines, facts_dict, show_lines
from earmark.cli.options import json_option
from earmark.cli.rows import episode_json, length_text, state_text
from earmark.cli.text import as_json, clock_time, day, where, wrapped
from earmark.hiding import shown
from earmark.library import open_reader
from earmark.paths import Paths
from earmark.pipeline.named import episode_named, feed_named
from earmark.pipeline.offered import ChaptersFrom, shown_chapters

CHAPTERS_FROM: dict[ChaptersFrom, str] = {
    "file": "its publisher's list",
    "feed": "its feed",
    "recording": "its recording",
    "notes": "its publisher's notes",
}


@click.command("feed")
@click.argument("named", nargs=-1, required=True, metavar="SHOW")
@json_option
@click.pass_obj
def feed_(paths: Paths, named: tuple[str, ...], json_: bool) -> None:
    """What a show says of itself: who makes it, what it is, and where to support it."""
    with open_reader(paths) as reader:
        feed = feed_named(reader.feeds(), " ".join(named))
        facts = reader.show_facts(feed.id)
    if json_:
        told = {"feed": feed.id, "title": feed.title, "url": shown(feed.url), "language": feed.language}
        as_json({**told, **facts_dict(facts)})
        return
    click.echo(f"{feed.title}\n{shown(feed.url)}")
    for line in show_lines(facts):
        click.echo(wrapped(line))
    click.echo(f"\nIts episodes: earmark episodes {feed.id}")


@click.command("episode")
@click.argument("named", nargs=-1, required=True, metavar="EPISODE")
@json_option
@click.pass_obj
def episode_(paths: Paths, named: tuple[str, ...], json_: bool) -> None:
    """What is known of an EPISODE beside its words: how it stands, its number and its chapters."""
    with open_reader(paths) as reader:
        (row,) = reader.episode_rows(ids=[episode_named(reader, " ".join(named))])
        episode = reader.episode(row.id)
        offer = shown_chapters(reader, episode)
    chapters = offer.chapters if offer else ()
    if json_:
        listed = [asdict(chapter) for chapter in chapters]
        more = {"chapters": listed, "chapters_from": offer.source if offer else None}
        as_json({**episode_json(row), **facts_dict(episode.facts), **more})
        return
    click.echo(episode.title)
    click.echo(wrapped(where(row.feed_title, day(row.published_ms), length_text(row.duration_ms))))
    click.echo(wrapped(f"How it stands: {state_text(row)}"))
    for line in episode_lines(episode.facts):
        click.echo(wrapped(line))
    if offer:
        click.echo(f"\nChapters, from {CHAPTERS_FROM[offer.source]}")
    for chapter in chapters:
        click.echo(wrapped(f"{clock_time(chapter.start_ms)} {chapter.title}"))


VERBS = (feed_, episode_)
