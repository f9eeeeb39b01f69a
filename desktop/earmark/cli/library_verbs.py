"""The verbs that work on the user's library."""

from datetime import date
from pathlib import Path

import click

from earmark.app import open_tools
from earmark.cli.login import Login, login_options
from earmark.cli.screen import watching
from earmark.cli.text import (
    as_json,
    brief_json,
    card_json,
    plan_summary,
    print_archive,
    print_brief,
    print_held_back,
    print_insight,
    related_ids,
    related_json,
)
from earmark.clock import local_date, system_clock
from earmark.errors import KnownError
from earmark.hiding import is_hidden
from earmark.library import LibraryInUse, open_reader
from earmark.paths import Paths
from earmark.pipeline import add_feed, brief_of, process, refresh
from earmark.pipeline.forecast import plan_of
from earmark.pipeline.proofs import moment_of
from earmark.pipeline.subscribe import DEFAULT_BACKLOG
from earmark.records import BriefPage, InsightId

json_option = click.option("--json", "json_", is_flag=True, help="Print JSON.")


@click.command("add")
@click.argument("url")
@click.option(
    "--episodes",
    default=DEFAULT_BACKLOG,
    show_default=True,
    type=click.IntRange(0, 10_000),
    help="How many of the newest episodes to work through.",
)
@login_options
@json_option
@click.pass_obj
def add(paths: Paths, url: str, episodes: int, login: Login, json_: bool) -> None:
    """Subscribe to a show: the address of its feed, or of a page that links to it.

    Of a private show the system's keyring keeps what is secret in the address.
    """
    address = login.address(url)
    with open_tools(paths) as tools:
        feed = add_feed(tools, address, backlog=episodes, keep_in_library=login.keep_in_library)
        found = tools.library.episodes(feed.id)
        waiting = sum(tools.library.job(e.id) is not None for e in found)
    if json_:
        as_json({"feed": feed.id, "title": feed.title, "url": feed.url, "episodes": len(found)})
        return
    click.echo(f"{feed.title}: {len(found)} episodes, the newest {waiting} are queued.")
    if is_hidden(feed.url):
        click.echo("What is secret in its address is kept by your system's keyring, and nowhere else.")
    click.echo("Next: earmark process")


@click.command("refresh")
@json_option
@click.pass_obj
def refresh_(paths: Paths, json_: bool) -> None:
    """Ask every show for new episodes."""
    with open_tools(paths) as tools, watching() as watch:
        feeds = tools.library.feeds()
        if not feeds:
            raise KnownError("There is no show in your library yet. Add one with: earmark add URL")
        result = refresh(tools, watch)
    if json_:
        as_json({"new_episodes": result.new_episodes, "problems": [list(p) for p in result.problems]})
    else:
        click.echo(f"{result.new_episodes} new episodes.")
        for title, reason in result.problems:
            click.echo(f"{title}: {reason}", err=True)
    if result.problems and len(result.problems) == len(feeds):
        raise KnownError("No show could be asked. Is this computer online?")


@click.command("process")
@click.option(
    "--speech-model",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A whisper.cpp model file to listen with; remembered.",
)
@click.option("--retry", is_flag=True, help="Try again what failed before.")
@json_option
@click.pass_obj
def process_(paths: Paths, speech_model: Path | None, retry: bool, json_: bool) -> None:
    """Work through what waits: fetch words, listen, find insights. Ctrl-C stops and keeps everything."""
    with open_tools(paths, speech_model=speech_model) as tools, watching() as watch:
        if retry:
            tools.library.retry_failed()
        if not json_:
            click.echo("\n".join(plan_summary(plan_of(tools), system_clock())), err=True)
        result = process(tools, watch)
        insights = tools.library.library_counts()["insights"]
    if json_:
        as_json(
            {
                "done": result.done,
                "failed": [{"episode": title, "reason": reason} for title, reason in result.failed],
                "waiting": [{"episode": title, "reason": reason} for title, reason in result.waiting],
                "insights": insights,
            }
        )
    else:
        click.echo(f"{result.done} episodes done. {insights} insights in your library.")
        for title, reason in (*result.failed, *result.waiting):
            click.echo(f"{title}: {reason}", err=True)
    if result.failed and not result.done:
        raise KnownError("Nothing could be worked through; the reasons stand above.")


@click.command("brief")
@click.argument("day", required=False, metavar="[DATE]")
@click.option("--archive", is_flag=True, help="All days that have a brief, and how much each showed.")
@click.option("--held-back", is_flag=True, help="What your muted words, shows and topics kept out.")
@json_option
@click.pass_obj
def brief(paths: Paths, day: str | None, archive: bool, held_back: bool, json_: bool) -> None:
    """The five of today, or of a past DATE (YYYY-MM-DD)."""
    if archive:
        with open_reader(paths) as reader:
            (as_json if json_ else print_archive)(reader.archive())
        return
    today = local_date(system_clock).isoformat()
    chosen = _iso_date(day) if day else today
    page, related = _page(paths, chosen, today)
    if json_:
        as_json(brief_json(page, related))
    elif held_back:
        print_held_back(page)
    else:
        print_brief(page)


def _iso_date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise KnownError(f"“{text}” is not a date. Write it like 2026-11-23.") from error


def _page(paths: Paths, chosen: str, today: str) -> tuple[BriefPage, dict[str, list[str]]]:
    """Today's brief is made when there is none yet; with the window open, what it made is read."""
    if chosen != today:
        return _stored_page(paths, chosen)
    try:
        with open_tools(paths) as tools:
            page = brief_of(tools, chosen)
            return page, related_ids(tools.library, page)
    except LibraryInUse:
        return _stored_page(paths, chosen)


def _stored_page(paths: Paths, chosen: str) -> tuple[BriefPage, dict[str, list[str]]]:
    with open_reader(paths) as reader:
        page = reader.brief(chosen)
        if page is None:
            kept = ", ".join(reader.brief_dates()[:5]) or "none yet"
            raise KnownError(f"There is no brief of {chosen}. The latest are: {kept}.")
        return page, related_ids(reader, page)


@click.command("show")
@click.argument("insight")
@json_option
@click.pass_obj
def show(paths: Paths, insight: str, json_: bool) -> None:
    """One insight: its words, where they were said, and what relates to it."""
    with open_reader(paths) as reader:
        card = reader.card(InsightId(insight.removeprefix("earmark:insight/")))
        related = reader.related(card.insight.id)
        moment = moment_of(reader, paths, card.insight.id, card.insight.start_ms)
    if json_:
        details = [related_json(item) for item in related]
        sound = {"clip": str(moment.file) if moment else None}
        as_json({**card_json(card, [i["id"] for i in details]), "related_insights": details, **sound})
    else:
        print_insight(card, related)
        if moment:
            click.echo(f"\nIts moment: {moment.file}")


VERBS = (add, refresh_, process_, brief, show)
