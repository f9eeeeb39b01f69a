"""The hostile feeds of the evidence data, each through the real door into a real library.

hostile.tsv says of each file what the user is told, or how much of it is taken in. F-01 to F-05, F-07 to
F-10, F-12, F-13 and F-17 of the list of faults; the sequence below is F-11 and F-15.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hostile_rows import FOLDER, table
from shows import Web, served
from stored import NOW

from earmark.library import open_library
from earmark.net import Door
from earmark.paths import Paths
from earmark.pipeline import Tools, Watch, add_feed, refresh
from earmark.records import Episode

pytestmark = pytest.mark.needs_shared
MOST_GROWN_BYTES = 100_000_000
DEADLINE_S = 60.0


@pytest.fixture(scope="module")
def taken_in(shared: Callable[[str], Path]) -> dict[str, Any]:
    root = shared(FOLDER).parents[2]
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, here / "hostile_rows.py", root], capture_output=True, check=True, env=os.environ
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_each_file_tells_the_user_what_the_table_says(taken_in: dict[str, Any]) -> None:
    found = {row["file"]: row for row in taken_in["rows"]}
    known = {row["file"]: row for row in table()}
    assert {name: row for name, row in found.items() if known.get(name) != row} == {}
    assert found.keys() == known.keys()


def test_no_file_takes_much_memory_or_time(taken_in: dict[str, Any]) -> None:
    costs = taken_in["costs"]
    assert {n for n, cost in costs.items() if cost["seconds"] > DEADLINE_S} == set()
    assert {n for n, cost in costs.items() if (cost["grown_bytes"] or 0) > MOST_GROWN_BYTES} == set()


def test_nothing_but_the_feed_s_own_server_is_asked_and_no_file_is_opened(taken_in: dict[str, Any]) -> None:
    """F-02"""
    costs = taken_in["costs"].values()
    connected = {place for cost in costs for place in cost["connected"]}
    assert {place.partition(":")[0] for place in connected} == {"127.0.0.1"}
    assert len(connected) <= 2, "its name that is looked up, and its one port"
    opened = {Path(name).name for cost in costs for name in cost["opened"]}
    assert not opened & {"passwd", "hosts", "evil.dtd", "shadow"}


@contextmanager
def followed(profile: Path) -> Iterator[tuple[Web, Tools]]:
    """A library that follows a show whose document changes."""
    unused: Any = None
    paths = Paths(profile)
    with served() as web, open_library(paths, clock=lambda: NOW) as library:
        door = Door(user_agent="Earmark/test", log=library.log_request)
        yield web, Tools(library, door, unused, unused, unused, paths, lambda: NOW, None)


def taken(tools: Tools) -> dict[str, Episode]:
    return {episode.guid: episode for episode in tools.library.episodes()}


def test_episodes_that_leave_the_feed_stay_and_those_that_return_are_not_new(
    shared: Callable[[str], Path], tmp_path: Path
) -> None:
    """F-11, F-15"""
    documents = sorted((shared(FOLDER) / "sequence").iterdir())
    with followed(tmp_path) as (web, tools):
        steps: list[tuple[int, int]] = []
        seen: dict[str, Episode] = {}
        for document in [*documents, *reversed(documents)]:
            url = web.add("/show.xml", "application/rss+xml", document.read_bytes())
            new = refresh(tools, Watch(), wish="now").new_episodes if seen else add_feed(tools, url) and 5
            now = taken(tools)
            assert {guid: episode.id for guid, episode in now.items() if guid in seen} == {
                guid: episode.id for guid, episode in seen.items()
            }
            steps.append((int(new), len(now)))
            seen = now
        assert steps == [(5, 5), (1, 6), (1, 7), (0, 7), (0, 7), (0, 7), (0, 7), (0, 7), (0, 7), (0, 7)]
        assert seen["ep3"].title == "Episode 3"
        assert seen["ep7"].enclosure is not None
        assert seen["ep7"].enclosure.url == "https://example.invalid/7.mp3"


def test_episodes_without_a_guid_whose_tokens_change_are_not_doubled(
    shared: Callable[[str], Path], tmp_path: Path
) -> None:
    """F-12"""
    with followed(tmp_path) as (web, tools):
        first = (shared(FOLDER) / "no_guid_no_link.xml").read_bytes()
        add_feed(tools, web.add("/show.xml", "application/rss+xml", first))
        before = taken(tools)
        web.add(
            "/show.xml", "application/rss+xml", (shared(FOLDER) / "no_guid_no_link_refetch.xml").read_bytes()
        )
        assert refresh(tools, Watch(), wish="now").new_episodes == 0
        after = taken(tools)
        assert [replace(e, enclosure=None) for e in after.values()] == [
            replace(e, enclosure=None) for e in before.values()
        ]
        assert [e.enclosure for e in after.values()] != [e.enclosure for e in before.values()]
