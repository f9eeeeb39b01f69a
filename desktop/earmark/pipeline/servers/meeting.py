"""Meeting a server of the user's for the first time: is it theirs, and which model shall be asked for?"""

from dataclasses import replace
from typing import Any

from earmark.engines import TrialRecord, valid_trial_of
from earmark.errors import KnownError
from earmark.insights import trial_versions
from earmark.net import Door, is_known, leads_inside
from earmark.paths import Paths
from earmark.pipeline.servers.place import OwnServer, Task, host_of, server_address
from earmark.pipeline.servers.use import trial_key
from earmark.pipeline.watch import Watch
from earmark.settings import change_settings

LEAVES = {"speech": "what you listen to", "language": "what was said in your podcasts"}


def leads_away(root: str, task: Task) -> str:
    """What leaves the user's own network with this server, in a sentence; empty: nothing does.

    Raises KnownError where there is no such computer.
    """
    host = host_of(root)
    if not is_known(root):
        raise KnownError(f"There is no computer called {host}. Is the address right?")
    if leads_inside(root):
        return ""
    open_way = " On http anybody on the way can read it; https is closed." if root.startswith("http:") else ""
    return f"The server {host} is not in your own network: {LEAVES[task]} would leave it.{open_way}"


def met(door: Door, root: str, task: Task, model: str | None, watch: Watch) -> tuple[str | None, bool]:
    """The model to use, and whether the server tells which it has: one request for its list.

    whisper.cpp's server has no list; it says at another address whether it is well. Raises KnownError.
    """
    own = OwnServer(door, root, task)
    facts = own.facts(watch.cancelled)
    if facts.models is None and task == "language":
        raise KnownError(f"The server {own.host} tells of no language model. Is the address right?")
    return own.chosen_model(facts, model), facts.models is not None


def keep_server(paths: Paths, task: Task, root: str | None, model: str | None) -> None:
    """Remember a server, or None: that there is none. Raises KnownError."""
    chosen: dict[str, Any] = {f"{task}_server": root, f"{task}_server_model": model}
    change_settings(paths, lambda now: replace(now, **chosen))


def trial_on(paths: Paths, root: str, model: str | None) -> TrialRecord | None:
    """What the trial of a server's language model came to under today's rules."""
    return valid_trial_of(paths.models, trial_key(root, model), trial_versions())


def root_of(typed: str) -> str:
    """A typed address as the root of a server. Raises KnownError."""
    return server_address(typed)
