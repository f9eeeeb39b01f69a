"""`earmark demo`: the whole job on a sample library that this program serves to itself."""

import shutil
import time
from pathlib import Path

import click

from earmark.app import open_tools
from earmark.cli.screen import watching
from earmark.cli.text import as_json, brief_json, print_brief, related_ids
from earmark.clock import local_date, system_clock
from earmark.counting import count_of
from earmark.demo import DemoServer
from earmark.engines import sample_speech_model
from earmark.errors import KnownError
from earmark.paths import Paths
from earmark.pipeline import Tools, Watch, add_feed, brief_of, process, refresh
from earmark.records import BriefPage
from earmark.window import has_screen, open_window

MARK = "sample-library.txt"
WHOLE_SHOW = 100


@click.command("demo")
@click.option("--no-window", is_flag=True, help="Print the brief even where there is a screen.")
@click.option("--json", "json_", is_flag=True, help="Print JSON, and open no window.")
@click.pass_obj
def demo(paths: Paths, no_window: bool, json_: bool) -> None:
    """Three sample shows, from feed to brief: what Earmark does, all on this computer."""
    profile = fresh_profile(paths.data / "demo")
    _say("1/5  Serving three sample shows on this computer; nothing else is contacted.")
    with DemoServer(system_clock()) as server:
        with open_tools(profile, speech_model=sample_speech_model(profile)) as tools, watching() as watch:
            page = _run(tools, watch, server.feed_urls)
            related = related_ids(tools.library, page)
        if not page.cards:
            raise KnownError("The sample library gave no insight; see above why, and try: earmark doctor")
        if json_:
            as_json({"brief": brief_json(page, related)})
            return
        if has_screen() and not no_window:
            _say("Opening the window. Close it to end the demo.")
            click.get_current_context().exit(open_window(profile, first_refresh=False))
    print_brief(page)
    click.echo(f"To read it in a window, on a computer with a screen: earmark --data-dir {profile.data}")


def fresh_profile(folder: Path) -> Paths:
    """An empty profile for the sample library; an earlier sample is cleared, anything else is left alone.

    Raises KnownError when the folder holds what is not a sample library.
    """
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise KnownError(f"{folder} holds something else than a sample library, so it is left alone.")
        for path in folder.iterdir():
            if path.name == "models":  # checked and converted once; the same for every run
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    profile = Paths(folder)
    profile.create()
    (folder / MARK).write_text("Made by `earmark demo`; cleared by its next run.\n", encoding="utf-8")
    return profile


def _run(tools: Tools, watch: Watch, feed_urls: list[str]) -> BriefPage:
    began = time.monotonic()
    _say("2/5  Subscribing to them and asking for news.")
    for url in feed_urls:
        add_feed(tools, url, backlog=WHOLE_SHOW)
    refresh(tools, watch, wish="now")
    _say(f"3/5  Working through {count_of(len(tools.library.jobs()), 'episode')}: words, then insights.")
    _say("     Two have no transcript and are listened to here.")
    _say("     The sample speech model that does it knows only these two.")
    worked = process(tools, watch)
    for title, reason in worked.failed:
        _say(f"     {title}: {reason}")
    _say("4/5  Relating insights to each other, and choosing five.")
    page = brief_of(tools, local_date(system_clock).isoformat())
    _say(f"5/5  Done in {time.monotonic() - began:.0f} seconds.")
    return page


def _say(line: str) -> None:
    click.echo(line, err=True)
