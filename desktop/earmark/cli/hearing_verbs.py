"""What the user tells the speech model beforehand: the language of a show, and names to expect."""

from dataclasses import replace

import click

from earmark.cli.options import json_option
from earmark.cli.text import as_json
from earmark.engines.languages import short_language
from earmark.errors import KnownError
from earmark.library import open_library, open_reader
from earmark.paths import Paths
from earmark.pipeline.named import feed_named
from earmark.settings import Settings, change_settings, load_settings

AUTO = "auto"


@click.command("language")
@click.argument("show", required=False)
@click.argument("language", required=False)
@json_option
@click.pass_obj
def language(paths: Paths, show: str | None, language: str | None, json_: bool) -> None:
    """Which LANGUAGE is spoken in a SHOW (two letters, such as de), for episodes heard from now on.

    A part of the show's name is enough. “auto”: it is heard, episode by episode, as it is without this.
    Without LANGUAGE: what is set.
    """
    if show is not None and language is not None:
        _set_language(paths, show, language)
    with open_reader(paths) as reader:
        feeds = reader.feeds() if show is None else [feed_named(reader.feeds(), show)]
    if json_:
        as_json([{"feed": f.id, "title": f.title, "language": f.listen_language} for f in feeds])
        return
    for feed in feeds:
        click.echo(f"{feed.listen_language or AUTO:5} {feed.title}")


def _set_language(paths: Paths, show: str, wanted: str) -> None:
    short = None if wanted.lower() == AUTO else short_language(wanted)
    if short is None and wanted.lower() != AUTO:
        raise KnownError(f"Speech models know no language “{wanted}”. Write it in two letters, such as de.")
    with open_library(paths) as library:
        library.set_listen_language(feed_named(library.feeds(), show).id, short)


@click.command("glossary")
@click.argument("words", nargs=-1)
@click.option("--remove", is_flag=True, help="Take these off the list instead.")
@json_option
@click.pass_obj
def glossary(paths: Paths, words: tuple[str, ...], remove: bool, json_: bool) -> None:
    """Names and WORDS that the speech model should expect, beside the title and people of each episode.

    Without WORDS: the list.
    """
    given = [plain for word in words if (plain := " ".join(word.split()))]
    if given:
        paths.create()
        change = (lambda now: _without(now, given)) if remove else (lambda now: _with(now, given))
        known = change_settings(paths, change).glossary
    else:
        known = load_settings(paths).glossary
    if json_:
        as_json(list(known))
        return
    for word in known:
        click.echo(word)


def _with(settings: Settings, words: list[str]) -> Settings:
    return replace(settings, glossary=tuple(dict.fromkeys([*settings.glossary, *words])))


def _without(settings: Settings, words: list[str]) -> Settings:
    absent = [word for word in words if word not in settings.glossary]
    if absent:
        raise KnownError(f"Not on the list: {', '.join(absent)}.")
    return replace(settings, glossary=tuple(word for word in settings.glossary if word not in words))


VERBS = (language, glossary)
