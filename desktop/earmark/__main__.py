"""The one executable: `--engine NAME` is a child process, a verb the command line, no verb the window."""

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
        from earmark.cli import main as command_line

        command_line(prog_name="earmark")
    except KeyboardInterrupt:  # before the command line could take care of it
        sys.exit(130)


def _feeds_loop() -> "Loop":
    from earmark.feeds.loop import FeedsLoop

    return FeedsLoop()


if __name__ == "__main__":
    main()
