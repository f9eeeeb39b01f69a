"""The verbs that work on a file or on the machine."""

from dataclasses import asdict
from pathlib import Path

import click

from earmark.app import open_engines
from earmark.cli.demo_verb import demo
from earmark.cli.options import json_option
from earmark.cli.screen import watching
from earmark.cli.stats import Meter, stats_lines
from earmark.cli.text import as_json, clock_time
from earmark.cli.transcribe_verb import transcribe
from earmark.errors import KnownError
from earmark.feeds import as_written, parse_transcript
from earmark.insights import bench_items, unread_reason
from earmark.insights import extract as extract_insights
from earmark.paths import Paths
from earmark.records import Progress
from earmark.selftest import Check, examine, selftest_checks

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SUFFIXES = {
    ".json": "application/json",
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".html": "text/html",
}
MAX_TRANSCRIPT_BYTES = 64 * 2**20


@click.command("extract")
@click.argument("transcript", type=FILE)
@click.option("--stats", "with_stats", is_flag=True, help="Say what it cost: words, tokens, seconds, memory.")
@json_option
@click.pass_obj
def extract(paths: Paths, transcript: Path, with_stats: bool, json_: bool) -> None:
    """The insights of a TRANSCRIPT file (Podcasting 2.0 JSON, WebVTT, SRT or HTML), best first."""
    if transcript.stat().st_size > MAX_TRANSCRIPT_BYTES:
        raise KnownError(f"{transcript.name} is larger than any transcript; is it the right file?")
    mime = SUFFIXES.get(transcript.suffix.lower())
    body = transcript.read_bytes()
    words = parse_transcript(body, mime, transcript.name)
    with open_engines(paths) as engines, watching() as watch:
        meter = Meter(engines.language)
        extraction = extract_insights(
            words,
            engines.language,
            identity=transcript.name,
            cancelled=watch.cancelled,
            on_progress=lambda done: watch.on_progress(Progress("Reading", transcript.name, fraction=done)),
        )
        if extraction.counts.foreign:
            raise KnownError(unread_reason(extraction.counts.foreign))
        stats = meter.stats(extraction.counts) if with_stats else None
    for line in stats_lines(stats) if stats and not json_ else []:
        click.echo(line, err=True)
    if json_:
        items = [{**item, "quote": as_written(body, item["quote"])} for item in bench_items(extraction)]
        told = {"stats": stats} if stats else {}
        as_json({"insights": items, "counts": asdict(extraction.counts), **told})
        return
    for number, insight in enumerate(extraction.insights, start=1):
        click.echo(f"{number}. {insight.headline} ({clock_time(insight.start_ms)})\n   {insight.text}\n")
    if not extraction.insights:
        click.echo("No insight was found in this transcript.")


@click.command("doctor")
@json_option
@click.pass_obj
def doctor(paths: Paths, json_: bool) -> None:
    """What works on this computer, what is missing, and what gives it."""
    _report(examine(paths), json_)


@click.command("selftest")
@click.option("--only", help="One check alone.")
@json_option
@click.pass_obj
def selftest(paths: Paths, only: str | None, json_: bool) -> None:
    """Do a small real job with every part: window, playback, each engine, the library."""
    _report(selftest_checks(paths, only), json_)


def _report(checks: list[Check], json_: bool) -> None:
    if json_:
        as_json({check.name: {"ok": check.ok, "detail": check.detail} for check in checks})
    else:
        for check in checks:
            click.echo(f"{'works  ' if check.ok else 'missing'}  {check.name}: {check.detail}")
    broken = [check.name for check in checks if not check.ok and check.needed]
    if broken:
        raise KnownError(f"Not working here: {', '.join(broken)}.")


VERBS = (extract, transcribe, doctor, selftest, demo)
