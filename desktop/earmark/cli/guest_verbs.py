"""The verbs on how much of the computer the work takes, and on what is done when."""

from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

import click

from earmark.app import open_engines
from earmark.cli.options import json_option
from earmark.cli.text import as_json, plan_lines, ready_text
from earmark.clock import system_clock
from earmark.engines import Places
from earmark.library import open_reader
from earmark.paths import Paths
from earmark.pipeline.forecast import PlanTools, make_plan
from earmark.pipeline.pace import Pace
from earmark.pipeline.patience import pause_lines
from earmark.pipeline.plan import Plan
from earmark.pipeline.servers import speech_model_name
from earmark.pipeline.surroundings import look_around
from earmark.settings import Mode, Settings, change_settings, load_settings
from earmark.taste import load_taste

MEANS: dict[Mode, str] = {
    "quiet": "as little as possible, so that nothing else is slowed down",
    "balanced": "one core stays free for you",
    "fast": "all cores, though your own programs still come first",
}


@click.command("mode")
@click.argument("chosen", required=False, type=click.Choice(get_args(Mode)), metavar="[quiet|balanced|fast]")
@click.option("--on-battery", type=click.Choice(["wait", "work"]), help="What to do on battery.")
@click.option("--when-active", type=click.Choice(["wait", "work"]), help="What to do while you are there.")
@click.option("--try-graphics-again", is_flag=True, help="Forget where the graphics processor failed.")
@json_option
@click.pass_obj
def mode(
    paths: Paths,
    chosen: Mode | None,
    on_battery: str | None,
    when_active: str | None,
    try_graphics_again: bool,
    json_: bool,
) -> None:
    """How much of the computer the work may take, and when it has to wait. Counts at once, also for work that
    is going on."""
    paths.create()
    settings = change_settings(
        paths,
        lambda now: replace(
            now,
            mode=chosen or now.mode,
            pause_on_battery=now.pause_on_battery if on_battery is None else on_battery == "wait",
            pause_when_active=now.pause_when_active if when_active is None else when_active == "wait",
        ),
    )
    if try_graphics_again:
        Places(paths.data).forget()
    told = _told(settings)
    if json_:
        as_json(told)
        return
    click.echo(f"{settings.mode}: {MEANS[settings.mode]}.")
    for line in pause_lines(settings, look_around()):
        click.echo(line)


def _told(settings: Settings) -> dict[str, Any]:
    around = look_around()
    return {
        "mode": settings.mode,
        "pause_on_battery": settings.pause_on_battery,
        "pause_when_active": settings.pause_when_active,
        "on_battery": around.on_battery,
        "idle_s": around.idle_s,
    }


@click.command("plan")
@json_option
@click.pass_obj
def plan(paths: Paths, json_: bool) -> None:
    """What will be worked on in which order, why, and when it will be ready."""
    now = system_clock()
    with open_reader(paths) as library, open_engines(paths) as engines:
        settings = load_settings(paths)
        model = speech_model_name(settings)
        pace, interests = Pace(paths.cache), load_taste(paths).interests
        parts = PlanTools(library, engines.language, pace, lambda: now, settings, model, interests)
        found = make_plan(parts)
    if json_:
        as_json(_plan_json(found, now))
        return
    for line in plan_lines(found, now):
        click.echo(line)


def _plan_json(found: Plan, now: datetime) -> dict[str, Any]:
    ready = found.items[-1].ready.isoformat(timespec="seconds") if found.items else None
    return {
        "episodes": [
            {
                "episode": item.waiting.title,
                "show": item.waiting.feed_title,
                "minutes": round(item.waiting.work_s / 60, 1),
                "ready": item.ready.isoformat(timespec="seconds"),
                "fits": item.fits,
                "why": item.why,
                "closeness": item.waiting.closeness and round(item.waiting.closeness, 3),
            }
            for item in found.items
        ],
        "minutes": round(found.work_s / 60, 1),
        "ready": ready,
        "ready_text": ready_text(found.items[-1].ready, now) if found.items else None,
        "deadline": found.deadline.isoformat(timespec="seconds"),
        "guess": found.guessed,
        "pauses": found.pauses,
        "waiting": [{"episode": title, "reason": reason} for title, reason in found.held],
    }


VERBS = (mode, plan)
