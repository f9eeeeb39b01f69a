"""`earmark refresh`: asking shows for news, those that are due or those that are named."""

from datetime import datetime

import click

from earmark.app import open_tools
from earmark.cli.screen import watching
from earmark.cli.text import as_json
from earmark.clock import from_ms, system_clock
from earmark.counting import count_of
from earmark.errors import KnownError
from earmark.paths import Paths
from earmark.pipeline import Refreshed, refresh
from earmark.pipeline.named import feed_named
from earmark.records import Schedule, Wish


@click.command("refresh")
@click.argument("shows", nargs=-1, metavar="[SHOW]...")
@click.option("--all", "all_", is_flag=True, help="Every show at once, also those that are not due yet.")
@click.option("--accept", is_flag=True, help="Take what a named SHOW gives now, whatever it is.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_obj
def refresh_(paths: Paths, shows: tuple[str, ...], all_: bool, accept: bool, json_: bool) -> None:
    """Ask the shows that are due for new episodes, or each named SHOW at once.

    Shows are asked as often as they bring something, between every half hour and once a day, and never
    sooner than their server allows.
    """
    if accept and not shows:
        raise KnownError("Name the show whose new content you accept: earmark refresh SHOW --accept")
    with open_tools(paths) as tools, watching() as watch:
        feeds = tools.library.feeds()
        if not feeds:
            raise KnownError("There is no show in your library yet. Add one with: earmark add ADDRESS")
        chosen = {feed_named(feeds, name).id for name in shows} or None
        wish: Wish = "now" if all_ or shows else "due"
        result = refresh(tools, watch, wish=wish, feed_ids=chosen, accept=accept)
        schedules = list(tools.library.schedules().values())
    if json_:
        as_json(
            {
                "asked": result.asked,
                "left": result.left,
                "new_episodes": result.new_episodes,
                "problems": [list(problem) for problem in result.problems],
                "told": list(result.told),
                "notice": result.notice,
            }
        )
    else:
        _print(result, schedules, insisted=wish == "now")
    if result.notice:
        raise KnownError(result.notice)
    if result.asked and not result.answered and result.problems:
        raise KnownError("No show gave an answer that can be used; the reasons stand above.")


def _print(result: Refreshed, schedules: list[Schedule], *, insisted: bool) -> None:
    """What came, and who was not asked; `insisted`: the user wanted them asked at once."""
    click.echo(f"{count_of(result.new_episodes, 'new episode')}. Asked {count_of(result.asked, 'show')}.")
    times = [each.next_ms for each in schedules if not each.stopped and each.next_ms is not None]
    ended = sum(bool(each.stopped) for each in schedules)
    if result.left and not result.notice and insisted:
        click.echo(f"Left alone for now, as their servers wish: {count_of(result.left, 'show')}.")
    elif result.left and not result.notice:
        when = _clock_time(from_ms(min(times)).astimezone(), system_clock()) if times else ""
        click.echo(f"Not due: {count_of(result.left, 'show')}{when}. To ask all now: earmark refresh --all")
    if ended and not insisted:
        click.echo(f"No longer asked, unless you name them: {count_of(ended, 'show')}. See: earmark feeds")
    for line in result.told:
        click.echo(line)
    for title, reason in result.problems:
        click.echo(f"{title}: {reason}", err=True)


def _clock_time(then: datetime, now: datetime) -> str:
    """
    >>> _clock_time(datetime(2026, 11, 26, 9, 5), datetime(2026, 11, 26, 8, 0))
    ', the next is at 09:05'
    """
    day = "" if then.date() == now.date() else f" on {then:%Y-%m-%d}"
    return f", the next is at {then:%H:%M}{day}"
