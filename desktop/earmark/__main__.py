"""The one executable: `--engine NAME` is a child process, a verb the command line, no verb the window."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from earmark.engines.child import Loop


def main() -> None:
    """Start what the arguments ask for; the engines load neither the command line nor Qt."""
    if len(sys.argv) > 2 and sys.argv[1] == "--engine":
        from earmark.engines.child import run

        sys.exit(run(sys.argv[2], sys.argv[3:], {"feeds": _feeds_loop}))
    try:
        from earmark.log import break_privately
        from earmark.umask import write_private

        _in_utf_8()
        write_private()
        break_privately()
        from earmark.cli import main as command_line

        command_line(prog_name="earmark")
    except KeyboardInterrupt:  # before the command line could take care of it
        sys.exit(130)


def _in_utf_8() -> None:
    """Begin again in UTF-8 where the locale would have Python read the names of files as something else.

    Only once, and not where the program is frozen, which Python's own options do not reach.
    """
    done = sys.getfilesystemencoding() == "utf-8" or os.environ.get("PYTHONUTF8") == "1"
    if done or getattr(sys, "frozen", False):
        return
    argv = [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]
    os.execve(sys.executable, argv, {**os.environ, "PYTHONUTF8": "1"})  # the variable is for the children


def _feeds_loop() -> "Loop":
    from earmark.feeds.loop import FeedsLoop

    return FeedsLoop()


if __name__ == "__main__":
    main()
