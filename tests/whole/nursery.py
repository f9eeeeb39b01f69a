"""Starts windows of the program faster than any user could: each is a process of its own, forked from this
one, which has everything loaded and nothing open.

Reads orders as JSON lines, and answers each with a line: {"start": FOLDER, "what": ADDRESS, "files": MOST}
gives {"pid": N}; {"wait": PID} gives {"code": N} once that process has ended. What a window was brought to
the front for stands in FOLDER's neighbour `FOLDER.shown`, a line each.
"""

import json
import os
import resource
import sys
from pathlib import Path

from earmark.window import open_window
from earmark.paths import Paths
from earmark.ui import arrivals, first_one, main_window

LOADED = (first_one, main_window)  # so that no window has to read them from the disk


def be_a_window(folder: Path, what: str, files: int | None) -> int:
    """What the program does when it is started; its exit code."""
    receive = arrivals.receive

    def noted(window: object, asked: str) -> None:
        receive(window, asked)  # type: ignore[arg-type]
        with folder.with_suffix(".shown").open("a", encoding="utf-8") as out:
            out.write(f"{os.getpid()} {window.desk.history.here} {window.isVisible()}\n")  # type: ignore[attr-defined]

    arrivals.receive = noted
    if files is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    return open_window(Paths(folder), what)


def main() -> None:
    """Until the orders end."""
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _pid, status = os.waitpid(order["wait"], 0)
            print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), flush=True)  # noqa: T201
            continue
        pid = os.fork()
        if not pid:
            code = 70
            try:
                os.dup2(2, 1)
                os.close(0)
                code = be_a_window(Path(order["start"]), order.get("what", ""), order.get("files"))
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(json.dumps({"pid": pid}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
