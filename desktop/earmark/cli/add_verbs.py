"""The verbs that bring shows in: `earmark add` and `earmark find`."""

import shlex
import sys
from dataclasses import asdict, replace
from typing import get_args
from urllib.parse import urlsplit

import click

from earmark.app import open_door_beside, open_tools
from earmark.cli.login import Login, login_options
from earmark.cli.options import json_option
from earmark.cli.screen import watching
from earmark.cli.text import as_json, time_left
from earmark.clock import system_clock
from earmark.counting import count_of
from earmark.errors import KnownError
from earmark.hiding import is_hidden, shown
from earmark.passwords import store_password, stored_password
from earmark.paths import Paths
from earmark.pipeline import Added, SeveralFeeds, Tools, add_show
from earmark.pipeline.backlog import Choice, choices_of, queue_newest
from earmark.pipeline.directory import DIRECTORIES, NAMES, NO_KEY, Directory, find_shows
from earmark.pipeline.subscribe import DEFAULT_BACKLOG
from earmark.settings import change_settings, load_settings


@click.command("add")
@click.argument("url", metavar="ADDRESS")
@click.option(
    "--episodes",
    type=click.IntRange(0, 10_000),
    help=f"How many of the newest episodes to work through. Without it you are asked; elsewhere than on a "
    f"terminal: {DEFAULT_BACKLOG}.",
)
@click.option(
    "--feed",
    "number",
    metavar="N",
    type=click.IntRange(1),
    help="Of several feeds that a page links to, the one with this number in the list.",
)
@login_options
@json_option
@click.pass_obj
def add(paths: Paths, url: str, episodes: int | None, number: int | None, login: Login, json_: bool) -> None:
    """Subscribe to a show.

    ADDRESS is that of its feed, of a page that links to it (where it links to several, you are asked which),
    of the show at Apple Podcasts (then Apple is asked for the feed), or of a YouTube channel or playlist. Or
    the path of a folder of recordings, or of one: they stay where they are. Of a private show the system's
    keyring keeps what is secret in the address.
    """
    address = login.address(url)
    with open_tools(paths) as tools:
        added = _added(tools, address, login, number, json_=json_)
        choices = choices_of(tools, added.feed.id, also=episodes or 0) if added.new else []
        if added.new and not json_:
            click.echo(f"{added.feed.title}: {count_of(added.episodes, 'episode')}.")
            for choice in choices:
                click.echo(f"  {_choice_text(choice, choices[-1].episodes)}")
        chosen = _how_far_back(choices, episodes, ask=not json_ and on_terminal())
        queued = queue_newest(tools, added.feed.id, chosen) if added.new else 0
        _tell(tools, added, choices, queued, json_=json_)


def _added(tools: Tools, address: str, login: Login, number: int | None, *, json_: bool) -> Added:
    """The show at an address; of several feeds that a page links to the one that the user says."""
    try:
        with watching() as watch:
            return add_show(
                tools,
                address,
                watch,
                backlog=0,
                keep_in_library=login.keep_in_library,
                private=login.private,
            )
    except SeveralFeeds as several:
        number = number or _asked_number(several, json_=json_)
        if number > len(several.choices):
            raise KnownError(f"There is no feed {number}. {several}") from several
        chosen = several.choices[number - 1].url
    return _added(tools, _with_login_of(address, chosen), login, None, json_=json_)


def _asked_number(several: SeveralFeeds, *, json_: bool) -> int:
    """Which of several feeds the user wants. Raises SeveralFeeds where nobody can be asked."""
    rows = [
        {"number": number, "title": each.title, "url": place}
        for number, (each, place) in enumerate(zip(several.choices, several.places, strict=True), start=1)
    ]
    if json_:
        as_json({"feed": None, "feeds": rows})
    if json_ or not on_terminal():
        raise several
    for row in rows:
        click.echo(f"  {row['number']}  {row['title'] or 'no name'}, {row['url']}")
    asked = f"This page links to {len(rows)} feeds. Which one shall be added?"
    return int(click.prompt(asked, default=1, type=click.IntRange(1, len(rows))))


def _with_login_of(page: str, feed: str) -> str:
    """The address of a feed with the name and password of its page, where it lies at the same server.

    >>> _with_login_of("https://ann:pw@example.org/", "https://example.org/feed")
    'https://ann:pw@example.org/feed'
    >>> _with_login_of("https://ann:pw@example.org/", "https://elsewhere.example/feed")
    'https://elsewhere.example/feed'
    """
    asked, linked = urlsplit(page), urlsplit(feed)
    login, at, server = asked.netloc.rpartition("@")
    if not at or (linked.scheme, linked.netloc.lower()) != (asked.scheme.lower(), server.lower()):
        return feed
    return feed.replace("://", f"://{login}@", 1)


def on_terminal() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin.isatty()


def _how_far_back(choices: list[Choice], given: int | None, *, ask: bool) -> int:
    """How many of the newest the user wants; the choices are shown where nothing is asked, too."""
    if given is not None or not choices:
        return given or 0
    if not ask or len(choices) == 1:
        return DEFAULT_BACKLOG
    asked = "How many of the newest episodes shall be worked through?"
    return int(click.prompt(asked, default=DEFAULT_BACKLOG, type=click.IntRange(0, choices[-1].episodes)))


def _choice_text(choice: Choice, most: int) -> str:
    """How much work a choice is.

    >>> _choice_text(Choice(10, 7800), 312), _choice_text(Choice(312, 260_000, unheard=2), 312)
    ('newest 10: about 2 h 10 min', 'all 312: about 3 days, without hearing 2 (no speech model is chosen)')
    """
    name = f"all {most}" if choice.episodes == most else f"newest {choice.episodes}"
    unheard = f", without hearing {choice.unheard} (no speech model is chosen)"
    return f"{name}: {time_left(choice.work_s)}{unheard if choice.unheard else ''}"


def _tell(tools: Tools, added: Added, choices: list[Choice], queued: int, *, json_: bool) -> None:
    feed = added.feed
    if json_:
        told = {"feed": feed.id, "title": feed.title, "url": shown(feed.url), "episodes": added.episodes}
        rows = [asdict(choice) for choice in choices]
        as_json(
            {
                **told,
                "new": added.new,
                "renewed": added.renewed,
                "queued": queued,
                "choices": rows,
                "notes": list(added.notes),
            }
        )
        return
    for note in added.notes:
        click.echo(note)
    if added.new and is_hidden(feed.url):
        click.echo("What is secret in its address is kept by your system's keyring, and nowhere else.")
    if added.renewed:
        return
    if not added.new:
        click.echo(f"You are subscribed to {feed.title} already. Nothing changed.")
        return
    if queued:
        works = next((choice for choice in choices if choice.episodes == queued), None)
        work = f" ({time_left(works.work_s)} of work)" if works else ""
        newest = "The newest is" if queued == 1 else f"The newest {queued} are"
        click.echo(f"{newest} queued{work}.")
        click.echo("Next: earmark process")
    elif choices:
        click.echo("None is queued. To choose some: earmark episodes, then earmark queue EPISODE")


@click.command("find")
@click.argument("words", nargs=-1)
@click.option("--ask", type=click.Choice(get_args(Directory)), help="Which directory to ask. Each time anew.")
@click.option("--podcastindex-key", metavar="KEY", help="Keep your key of the Podcast Index; no search.")
@json_option
@click.pass_obj
def find(
    paths: Paths, words: tuple[str, ...], ask: Directory | None, podcastindex_key: str | None, json_: bool
) -> None:
    """Look for shows in a public directory.

    The directory learns the WORDS and this computer's address, so nothing is asked without --ask.
    """
    if podcastindex_key is not None:
        _keep_key(paths, podcastindex_key.strip())
        return
    if ask is None:
        raise KnownError(
            "A directory would learn what you look for, so say each time which one may: --ask apple, or "
            "--ask podcastindex (with a key of your own)."
        )
    key = _key(paths) if ask == "podcastindex" else None
    if not json_:
        click.echo(f"Asking {NAMES[ask]}, which learns the words “{' '.join(words)}”.", err=True)
    with open_door_beside(paths) as door:
        found = find_shows(door, " ".join(words), ask, system_clock, key=key, places=DIRECTORIES)
    if json_:
        as_json([asdict(each) for each in found])
        return
    for each in found:
        number = f", {count_of(each.episodes, 'episode')}" if each.episodes else ""
        click.echo(
            f"{each.title} ({each.author or 'no name'}{number})\n   earmark add {shlex.quote(each.url)}"
        )
    if not found:
        click.echo("Nothing was found.")


def _keep_key(paths: Paths, key: str) -> None:
    paths.create()
    if not key:
        raise KnownError("That is no key.")
    secret = click.prompt("Its secret", hide_input=sys.stdin.isatty(), err=True, prompt_suffix=": ")
    store_password(f"podcastindex {key}", str(secret).strip())
    change_settings(paths, lambda now: replace(now, podcastindex_key=key))
    click.echo("Kept. The secret is with the system's keyring.")


def _key(paths: Paths) -> tuple[str, str]:
    paths.create()
    key = load_settings(paths).podcastindex_key
    secret = stored_password(f"podcastindex {key}") if key else None
    if not key or not secret:
        raise KnownError(NO_KEY)
    return key, secret


VERBS = (add, find)
