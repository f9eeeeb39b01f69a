"""`earmark download` and `earmark library`: what is kept on the disk, and for how long."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from earmark.app import open_tools
from earmark.cli.options import json_option
from earmark.cli.screen import watching
from earmark.cli.secret_verb import secrets
from earmark.cli.text import as_json
from earmark.counting import count_of
from earmark.errors import KnownError
from earmark.paths import Paths
from earmark.pipeline import Tools, Watch
from earmark.pipeline.episode import audio_file, fetch_audio, note_audio
from earmark.pipeline.keeping import Postponed, keep_moments_of, make_room_for, remove_audio
from earmark.pipeline.local import file_of
from earmark.pipeline.proofs import keep_moments
from earmark.pipeline.recordings import forget_parts
from earmark.pipeline.surroundings import is_metered
from earmark.pipeline.tidying import clear, leftovers, sizes, without_audio_of
from earmark.records import Episode, EpisodeId
from earmark.settings import Settings, change_settings, load_settings


@click.command("download")
@click.argument("episodes", nargs=-1, required=True, type=int, metavar="EPISODE...")
@click.option("--remove", is_flag=True, help="Remove their recordings from this computer instead.")
@json_option
@click.pass_obj
def download(paths: Paths, episodes: tuple[int, ...], remove: bool, json_: bool) -> None:
    """Fetch the recordings of episodes to listen to them without a connection. EPISODE: its number.

    They stay until you remove them. A download that broke off goes on where it was.
    """
    told: list[dict[str, Any]] = []
    with open_tools(paths) as tools, watching() as watch:
        if not remove and tools.choices().wait_on_metered and is_metered():
            click.echo("This connection is paid for by the amount.", err=True)
        chosen = [tools.library.episode(EpisodeId(number)) for number in dict.fromkeys(episodes)]
        for episode in chosen:
            told.append(_removed(tools, episode, watch) if remove else _fetched(tools, episode, watch))
    if json_:
        as_json(told)
    for row in [] if json_ else told:
        click.echo(f"{row['title']}: {row['error'] or row['file'] or 'removed'}", err=bool(row["error"]))
    if all(row["error"] for row in told):
        raise KnownError(f"Nothing was {'removed' if remove else 'fetched'}; the reasons stand above.")


def _fetched(tools: Tools, episode: Episode, watch: Watch) -> dict[str, Any]:
    """What came of one episode; a fault is told beside its title and the next one goes on."""
    error = None
    if episode.enclosure is None:
        return _told(episode, None, "Its publisher offers no recording of it.")
    try:
        if audio_file(tools, episode) is None:
            make_room_for(tools, episode, tools.choices(), watch)
            note_audio(tools, episode, fetch_audio(tools, episode, watch), asked=True)
            keep_moments(tools, episode, audio_file(tools, episode), watch)
        else:
            tools.library.keep_asked(episode.id)
    except Postponed as reason:
        error = f"{reason} Or allow more: earmark library keep --audio-gb N"
    except KnownError as reason:
        error = str(reason)
    return _told(episode, audio_file(tools, episode), error)


def _removed(tools: Tools, episode: Episode, watch: Watch) -> dict[str, Any]:
    file, error = file_of(episode), None
    if file is not None:
        error = f"{file} is a file of your own, which Earmark never removes."
    else:
        kept = any(each.episode_id == episode.id for each in tools.library.kept_audio())
        remove_audio(tools, episode.id, watch)
        begun = forget_parts(tools.paths.audio, [episode])
        file = audio_file(tools, episode)
        if file is not None:
            error = "It is open in another program, and stays until that is closed."
        elif not kept and not begun:
            error = "No recording of it is on this computer."
    return _told(episode, file, error)


def _told(episode: Episode, file: Path | None, error: str | None) -> dict[str, Any]:
    return {
        "episode": episode.id,
        "title": episode.title,
        "file": str(file) if file else None,
        "error": error,
    }


@click.group("library")
def library() -> None:
    """What your library takes on the disk, and how long things stay."""


@library.command("size")
@json_option
@click.pass_obj
def size(paths: Paths, json_: bool) -> None:
    """What takes how much room: library, recordings, moments, models, caches, copies."""
    found = sizes(paths)
    if json_:
        as_json({each.name: {"bytes": each.size_bytes, "files": each.files} for each in found})
        return
    for each in found:
        click.echo(f"{_amount(each.size_bytes):>9}  {each.what} ({count_of(each.files, 'file')})")
    click.echo(f"{_amount(sum(each.size_bytes for each in found)):>9}  in all, in {paths.data}")


@library.command("clean")
@click.option("--audio", "all_audio", is_flag=True, help="Also recordings that you fetched, once read.")
@click.option("--caches", is_flag=True, help="Also what only saves time; it is made again when needed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def clean(paths: Paths, all_audio: bool, caches: bool, yes: bool, json_: bool) -> None:
    """Say what is left over, and delete it. Insights, words and their moments stay."""
    paths.create()
    with open_tools(paths) as tools, watching() as watch:
        found = leftovers(tools.library, paths, all_audio=all_audio, caches=caches)
        if not json_:
            for name, files in found.files.items():
                click.echo(f"{_amount(sum(file.stat().st_size for file in files)):>9}  {name}")
        if not found.files:
            freed = 0
        elif yes or (not json_ and click.confirm(f"Free {_amount(found.size_bytes)}?", err=True)):
            _, uncut = keep_moments_of(tools, found.episode_ids, watch)
            freed = clear(tools.library, without_audio_of(tools, found, uncut))
        else:
            raise KnownError("Nothing was deleted. With --yes nobody is asked.")
    if json_:
        as_json({"freed_bytes": freed})
    else:
        click.echo(f"{_amount(freed)} came free." if freed else "There is nothing to clean.")


@library.command("keep")
@click.option("--days", type=click.IntRange(0, 36_500), help="How long recordings stay after they came.")
@click.option("--episode-mb", type=click.IntRange(1, 100_000), help="The most for one recording.")
@click.option("--audio-gb", type=click.IntRange(1, 100_000), help="The most for all recordings.")
@click.option("--speed-kb", type=click.IntRange(0, 10_000_000), help="The most a second; 0: no limit.")
@click.option("--wait-on-metered/--no-wait-on-metered", "metered", default=None, help="Paid-for connections.")
@click.option("--direct/--no-direct", "direct", default=None, help="Leave out services that count listeners.")
@json_option
@click.pass_obj
def keep(
    paths: Paths,
    days: int | None,
    episode_mb: int | None,
    audio_gb: int | None,
    speed_kb: int | None,
    metered: bool | None,
    direct: bool | None,
    json_: bool,
) -> None:
    """How long recordings stay, and how they are fetched. Without options: what is set."""
    wanted: dict[str, Any] = {
        "keep_audio_days": days,
        "max_episode_mb": episode_mb,
        "max_audio_gb": audio_gb,
        "max_download_kb_s": speed_kb,
        "wait_on_metered": metered,
        "direct_addresses": direct,
    }
    paths.create()
    chosen = {name: value for name, value in wanted.items() if value is not None}
    settings = change_settings(paths, lambda now: replace(now, **chosen)) if chosen else load_settings(paths)
    if json_:
        as_json({name: getattr(settings, name) for name in wanted})
        return
    click.echo("\n".join(_rules(settings)))


def _rules(settings: Settings) -> list[str]:
    """What is set, in words."""
    days = settings.keep_audio_days
    stay = f"for {count_of(days, 'day')} after they came" if days else "only until their episode was read"
    speed = (
        f"at most {settings.max_download_kb_s} kB a second" if settings.max_download_kb_s else "at full speed"
    )
    lines = [
        f"Recordings stay {stay}; those that you fetch yourself stay until you remove them.",
        f"One may take {settings.max_episode_mb} MB, all together {settings.max_audio_gb} GB.",
        f"They are fetched {speed}.",
    ]
    if settings.wait_on_metered:
        known = is_metered() is not None
        unknown = "Whether the connection is paid for by the amount cannot be known here, so nothing waits."
        lines.append("They wait on connections that are paid for by the amount." if known else unknown)
    if settings.direct_addresses:
        lines.append("Services that only count who listens are left out.")
    return lines


def _amount(size_bytes: int) -> str:
    """In the unit that people would use.

    >>> [_amount(size) for size in (0, 12_345, 4_200_000, 3_456_000_000)]
    ['0 kB', '12 kB', '4.2 MB', '3.5 GB']
    """
    if size_bytes < 10**6:
        return f"{size_bytes / 1e3:.0f} kB"
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes < 10**9 else f"{size_bytes / 1e9:.1f} GB"


library.add_command(secrets)

VERBS = (download, library)
