"""`earmark ...`: every verb works without a screen, prints JSON with --json, and exits 0 only when it worked.

Verbs print; they decide nothing. `earmark` with no verb opens the window.
"""

import os
import sqlite3
import stat
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import click

from earmark import __version__
from earmark.cli.table import VERBS
from earmark.errors import DISK_FULL, Cancelled, KnownError, disk_is_full
from earmark.paths import Paths, default_paths
from earmark.settings import located

WINDOW = "window"
"""The verb that stands for none: it opens the window."""


class PlainGroup(click.Group):
    """Turns the world's faults into one plain line and exit code 1, and Ctrl-C into a calm end.

    Its verbs are those of `table`. An address in place of a verb is shown in the window:
    `earmark https://example.org/feed`.
    """

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb; where an address stands, that of the window."""
        if args[0] not in VERBS and ":" in args[0]:
            args = [WINDOW, *args]
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all verbs."""
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A verb, loaded now; None for one that is not there."""
        if cmd_name == WINDOW:
            return window
        if cmd_name not in VERBS:
            return None
        module = import_module(f"earmark.cli.{VERBS[cmd_name][0]}")
        commands = (each for each in vars(module).values() if isinstance(each, click.Command))
        return next(command for command in commands if command.name == cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """A line for each verb, without loading any."""
        rows = [(name, VERBS[name][1]) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; a KnownError is told as it stands, all but a full disk keeps its traceback."""
        try:
            return super().invoke(ctx)
        except KnownError as error:
            _tell(ctx, str(error))
            ctx.exit(1)
        except (Cancelled, KeyboardInterrupt):
            click.echo("Stopped. Everything done so far is kept.", err=True)
            ctx.exit(130)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(1)
        except (OSError, sqlite3.OperationalError) as error:
            if not disk_is_full(error):
                raise
            _tell(ctx, DISK_FULL)
            ctx.exit(1)


def _tell(ctx: click.Context, fault: str) -> None:
    """Print a fault; where the window was asked for and nobody reads that, say it on the screen, too."""
    click.echo(f"earmark: {fault}", err=True)
    if ctx.invoked_subcommand in (None, WINDOW) and isinstance(ctx.obj, Paths) and not somebody_reads():
        from earmark.window import say_on_screen

        say_on_screen(ctx.obj, fault)


def somebody_reads() -> bool:
    """Whether who started this process is at a terminal, or another program that listens at a pipe.

    A desktop that starts a program from its icon, or at login, gives it nothing to read from and the
    system's journal or a file to write to, into which nobody looks just then. One stream is enough to tell:
    `earmark >file` in a terminal is still read from there.
    """
    return any(map(_is_read, (0, 1, 2)))


def _is_read(stream: int) -> bool:
    try:
        return os.isatty(stream) or stat.S_ISFIFO(os.fstat(stream).st_mode)
    except OSError:  # it was closed
        return False


@click.group(cls=PlainGroup, invoke_without_command=True)
@click.version_option(__version__, prog_name="earmark")
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep everything of this run in this folder instead of your own profile.",
)
@click.pass_context
def main(ctx: click.Context, data_dir: Path | None) -> None:
    """A daily five from your podcasts, made on your own computer. Without a verb: the window."""
    ctx.obj = Paths(data_dir.absolute()) if data_dir else default_paths()
    with suppress(KnownError):  # broken settings are told by the verbs that need them
        ctx.obj = located(ctx.obj)
    if ctx.invoked_subcommand is None:
        ctx.invoke(window)


@click.command(WINDOW, hidden=True)
@click.argument("what", default="")
@click.pass_context
def window(ctx: click.Context, what: str) -> None:
    """Open the window, or the one that is open, at an address: earmark:insight/ID, or that of a show."""
    from earmark.window import open_window  # Qt is loaded only for the window

    ctx.exit(open_window(ctx.find_root().obj, what))
