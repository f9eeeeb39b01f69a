"""The verbs on shows and episodes: what there is, how it stands, and what the user wants of it."""

import shlex
from collections.abc import Sequence
from dataclasses import asdict

import click

from earmark.cli.options import json_option
from earmark.cli.rows import episode_json, print_episodes, print_shows, show_json
from earmark.cli.text import as_json
from earmark.clock import system_clock, to_ms
from earmark.counting import count_of, size_text
from earmark.errors import KnownError
from earmark.hiding import has_secret, is_hidden, shown
from earmark.library import Reader, open_library, open_reader
from earmark.paths import Paths
from earmark.pipeline import muting
from earmark.pipeline.backlog import waiting_work
from earmark.pipeline.local import is_local, path_of
from earmark.pipeline.named import episode_named, feed_named
from earmark.pipeline.open_secrets import DAYS_KEPT
from earmark.pipeline.pace import Pace
from earmark.pipeline.servers.names import speech_model_name
from earmark.records import EpisodeRow, Feed, Leaving
from earmark.settings import load_settings
from earmark.taste import load_taste

MOST_LISTED = 50
episodes_argument = click.argument("named", nargs=-1, required=True, metavar="EPISODE...")


@click.command("feeds")
@json_option
@click.pass_obj
def feeds(paths: Paths, json_: bool) -> None:
    """Your shows: when each was asked, what is wrong, how many episodes wait, and how long that takes."""
    with open_reader(paths) as reader:
        rows = reader.show_rows()
        settings = load_settings(paths)
        pace, model = Pace(paths.cache), speech_model_name(settings)
        work_s = waiting_work(reader, pace, settings, model)
        wanted_open = reader.kept_open()
        muted = muting.muted_feeds(reader, load_taste(paths).muted_shows)
    if json_:
        as_json([show_json(row, work_s.get(row.feed.id, 0.0), muted, wanted_open) for row in rows])
    else:
        print_shows(rows, work_s, muted, system_clock(), wanted_open)


@click.command("episodes")
@click.argument("show", required=False, metavar="[SHOW]")
@click.option("--limit", type=click.IntRange(1), help=f"So many; without SHOW {MOST_LISTED}, else all.")
@json_option
@click.pass_obj
def episodes(paths: Paths, show: str | None, limit: int | None, json_: bool) -> None:
    """The newest episodes of all shows or of one SHOW: number, date, title, length and how each stands."""
    with open_reader(paths) as reader:
        if show is None:
            rows = reader.episode_rows(most=limit or MOST_LISTED)
            every = reader.library_counts()["episodes"]
        else:
            feed = feed_named(reader.feeds(), show)
            rows = reader.episode_rows(feed_ids=[feed.id], most=limit or -1)
            every = reader.episode_counts().get(feed.id, 0)
    if json_:
        as_json([episode_json(row) for row in rows])
    else:
        print_episodes(rows, every, one_show=show is not None)


@click.command("unsubscribe")
@click.argument("show", metavar="SHOW")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def unsubscribe(paths: Paths, show: str, yes: bool, json_: bool) -> None:
    """Leave a show. Its insights, and what you saved, stay; adding it again finds them again."""
    from earmark.app import open_tools  # the whole program, which no other of these verbs needs
    from earmark.pipeline import care

    with open_tools(paths) as tools:
        feed = feed_named(tools.library.feeds(), show)
        if not yes:
            for line in leaving_lines(feed, tools.library.leaving(feed.id)):
                click.echo(line, err=True)
            if not click.confirm(f"Unsubscribe from {feed.title}?", err=True):
                raise KnownError("Nothing changed.")
        gone = care.unsubscribe(tools, feed)
        stays = feed.url in tools.library.feed_addresses()
    if json_:
        as_json({"feed": feed.id, "title": feed.title, "url": shown(feed.url), **asdict(gone)})
        return
    click.echo(f"Unsubscribed from {feed.title}. {count_of(gone.insights, 'insight')} kept.")
    for line in again_lines(feed, stays=stays):
        click.echo(line)


def leaving_lines(feed: Feed, leaving: Leaving) -> list[str]:
    """What goes and what stays, in words."""
    audio = f", and {size_text(leaving.audio_bytes)} of downloaded sound" if leaving.audio else ""
    own = " Your own files stay where they are." if is_local(feed.url) else ""
    numbers = f"{count_of(leaving.episodes, 'episode')} without insights, {leaving.queued} of the queue"
    goes = f"{numbers}{audio}" if leaving.episodes or leaving.queued or audio else "nothing"
    insights, episodes = count_of(leaving.insights, "insight"), count_of(leaving.kept_episodes, "episode")
    saved = f", {leaving.saved} of them saved" if leaving.saved else ""
    stays = f"{insights} of {episodes}{saved}"
    return [f"What goes: {goes}.{own}", f"What stays: {stays}, and all past briefs."]


def again_lines(feed: Feed, *, stays: bool) -> list[str]:
    """How a show that was left is taken up again; nothing secret stands there. `stays`: its row does."""
    if has_secret(feed.url):
        again = "To take it up again: earmark add ADDRESS, with the password or token in it."
        if stays:
            return [
                again,
                "It stays in your library, with what is kept of the show, and in copies of that. "
                "To hide it: earmark library secrets --hide",
            ]
        return [
            again,
            "It is gone from your library. A copy of that may still hold it: earmark library secrets tells, "
            "and with --hide it is hidden there.",
        ]
    address = str(path_of(feed.url)) if is_local(feed.url) else feed.url
    lines = [f"To take it up again: earmark add {shlex.quote(address)}"]
    if is_hidden(feed.url):
        lines.append(f"That works for {DAYS_KEPT} days; then your keyring forgets what is secret in it.")
    return lines


@click.command("mute")
@click.argument("show", metavar="SHOW")
@json_option
@click.pass_obj
def mute(paths: Paths, show: str, json_: bool) -> None:
    """Hold a show's insights back from briefs, whatever it is called from now on."""
    _set_muted(paths, show, muted=True, json_=json_)


@click.command("unmute")
@click.argument("show", metavar="SHOW")
@json_option
@click.pass_obj
def unmute(paths: Paths, show: str, json_: bool) -> None:
    """No longer hold a show's insights back."""
    _set_muted(paths, show, muted=False, json_=json_)


def _set_muted(paths: Paths, show: str, *, muted: bool, json_: bool) -> None:
    with open_reader(paths) as reader:
        feed = feed_named(reader.feeds(), show)
        (muting.mute if muted else muting.unmute)(paths, reader, feed)
    if json_:
        as_json({"feed": feed.id, "title": feed.title, "muted": muted})
    elif muted:
        click.echo(f"{feed.title} is muted. To hear of it again: earmark unmute {feed.id}")
    else:
        click.echo(f"{feed.title} is not muted.")


@click.command("keep")
@click.argument("show", metavar="SHOW")
@click.option("--days", type=click.IntRange(1, 36_500), help="Drop older ones from the list.")
@click.option("--all", "everything", is_flag=True, help="Keep all listed, as without this.")
@json_option
@click.pass_obj
def keep(paths: Paths, show: str, days: int | None, everything: bool, json_: bool) -> None:
    """For how many days a show's episodes stay listed, for shows that have thousands.

    Only episodes go that nobody worked on, played or skipped. It counts at each refresh.
    """
    if (days is None) == (not everything):
        raise KnownError("Say for how long: --days N, or --all.")
    with open_library(paths) as library:
        feed = feed_named(library.feeds(), show)
        gone = library.set_keep_days(feed.id, days, now_ms=to_ms(system_clock()))
    if json_:
        as_json({"feed": feed.id, "keep_days": days, "dropped": gone})
    elif days is None:
        click.echo(f"All episodes of {feed.title} stay listed; the next refresh brings back what is there.")
    else:
        were = "was" if gone < 2 else "were"
        episodes_ = count_of(gone, "episode") if gone else "No episode"
        click.echo(f"{episodes_} of {feed.title} {were} dropped from the list.")


@click.command("played")
@episodes_argument
@click.option("--undo", is_flag=True, help="They were not played after all.")
@json_option
@click.pass_obj
def played(paths: Paths, named: tuple[str, ...], undo: bool, json_: bool) -> None:
    """Note that you have heard an EPISODE: a number, or a part of its title."""
    with open_library(paths) as library:
        rows = _episodes(library, named)
        played_ms = None if undo else to_ms(system_clock())
        library.mark_played([row.id for row in rows], played_ms=played_ms)
        _tell(library, rows, "not played" if undo else "played", json_=json_)


@click.command("skip")
@episodes_argument
@json_option
@click.pass_obj
def skip(paths: Paths, named: tuple[str, ...], json_: bool) -> None:
    """Take an EPISODE out of the work. Insights that it gave already stay."""
    with open_library(paths) as library:
        rows = _episodes(library, named)
        library.skip([row.id for row in rows])
        _tell(library, rows, "skipped", json_=json_)


@click.command("unskip")
@episodes_argument
@json_option
@click.pass_obj
def unskip(paths: Paths, named: tuple[str, ...], json_: bool) -> None:
    """Put an EPISODE that was skipped back into the work."""
    _queue(paths, named, json_=json_)


@click.command("queue")
@episodes_argument
@json_option
@click.pass_obj
def queue(paths: Paths, named: tuple[str, ...], json_: bool) -> None:
    """Have an EPISODE worked on that was not chosen before, however old it is."""
    _queue(paths, named, json_=json_)


def _queue(paths: Paths, named: tuple[str, ...], *, json_: bool) -> None:
    with open_library(paths) as library:
        rows = _episodes(library, named)
        library.unskip([row.id for row in rows])
        _tell(library, rows, "queued", json_=json_)


def _episodes(reader: Reader, named: Sequence[str]) -> list[EpisodeRow]:
    """Every one that is meant; nothing is done where one of them is not clear."""
    ids = dict.fromkeys(episode_named(reader, each) for each in named)
    return [row for id_ in ids for row in reader.episode_rows(ids=[id_])]


def _tell(reader: Reader, rows: Sequence[EpisodeRow], done: str, *, json_: bool) -> None:
    if json_:
        as_json([episode_json(row) for row in reader.episode_rows(ids=[row.id for row in rows])])
        return
    for row in rows:
        told = "worked through already" if done == "queued" and row.state == "done" else done
        click.echo(f"{told.capitalize()}: {row.title} ({row.feed_title}).")


VERBS = (feeds, episodes, unsubscribe, mute, unmute, keep, played, skip, unskip, queue)
