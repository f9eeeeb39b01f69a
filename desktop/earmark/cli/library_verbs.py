"""The verbs that work on the user's library."""

from collections.abc import Callable
from pathlib import Path

import click

from earmark.app import open_tools
from earmark.cli import refresh_verb
from earmark.cli.options import iso_date, json_option
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
from earmark.counting import count_of
from earmark.errors import KnownError
from earmark.library import LibraryInUse, open_reader
from earmark.paths import Paths
from earmark.pipeline import Tools, brief_is_due, brief_of, process
from earmark.pipeline.forecast import plan_of
from earmark.pipeline.out import mail_due_brief, renew_feed
from earmark.pipeline.proofs import moment_of
from earmark.records import BriefPage, InsightId

EARLY = "Made now because you asked, before your usual time ({at:%H:%M}); it is today's, and stays."


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
        done, found = count_of(result.done, "episode"), count_of(insights, "insight")
        click.echo(f"{done} done. {found} in your library.")
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
    chosen = iso_date(day) if day is not None else today

    def tell(page: BriefPage, related: dict[str, list[str]]) -> None:
        if json_:
            as_json(brief_json(page, related))
        elif held_back:
            print_held_back(page)
        else:
            print_brief(page)

    if chosen == today:
        _tell_today(paths, today, tell)
    else:
        tell(*_stored_page(paths, chosen))


def _tell_today(paths: Paths, today: str, tell: Callable[[BriefPage, dict[str, list[str]]], None]) -> None:
    """Make today's brief where there is none yet; tell it, and then have done what follows from it.

    While another process owns the library, what that made is told.
    """
    try:
        with open_tools(paths, clock=system_clock) as tools:
            early = tools.library.brief(today) is None and not brief_is_due(tools)
            page = brief_of(tools, today)
            if early and page.brief.items:
                click.echo(EARLY.format(at=tools.choices().brief_at), err=True)
            tell(page, related_ids(tools.library, page))
            for follows in (renew_feed, _mail):
                try:
                    follows(tools)
                except KnownError as error:  # the brief is there all the same
                    click.echo(f"earmark: {error}", err=True)
    except LibraryInUse:
        tell(*_stored_page(paths, today, busy=True))


def _mail(tools: Tools) -> None:
    if address := mail_due_brief(tools):
        click.echo(f"It went to {address}, too.", err=True)


def _stored_page(paths: Paths, chosen: str, *, busy: bool = False) -> tuple[BriefPage, dict[str, list[str]]]:
    with open_reader(paths) as reader:
        page = reader.brief(chosen)
        if page is None and busy:
            raise KnownError("Earmark is working on this library just now; try again when it is through.")
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


VERBS = (refresh_verb.refresh_, process_, brief, show)
