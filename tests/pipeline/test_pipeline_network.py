"""N-24 and N-08 over a real cable between two namespaces, which is pulled and put into another network."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from changing_network import ELSEWHERE, FEEDS, INSIDE

from earmark.pipeline.refreshing import AWAY, WENT

ABLE = "unshare -n true && ip link add a0 type veth peer name b0"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What happened in the namespace."""
    try:
        able = subprocess.run(
            ["unshare", "-rn", "sh", "-c", ABLE], capture_output=True, text=True, check=False
        )
    except OSError:
        pytest.skip("needs Linux with unshare")
    if able.returncode:
        pytest.skip(f"no network of one's own can be had here: {able.stderr.strip()[:200]}")
    script = Path(__file__).with_name("changing_network.py")
    argv = ["unshare", "-rn", sys.executable, str(script), str(tmp_path_factory.mktemp("network"))]
    places = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        argv,
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_n_24_a_download_whose_network_goes_ends_by_the_clock_and_keeps_what_came(
    seen: dict[str, Any],
) -> None:
    for when in ("pulled", "address lost"):
        assert seen[when]["kind"] == "NoAnswer", seen[when]
        assert seen[when]["came"] > 0


def test_n_24_a_download_goes_on_in_another_network_that_has_ipv6_alone(seen: dict[str, Any]) -> None:
    assert seen["over IPv6"]["right"]
    assert seen["over IPv6"]["went_on_at"] == seen["address lost"]["part"] > seen["pulled"]["part"] > 0


def test_n_01_without_a_network_at_the_start_no_show_is_blamed(seen: dict[str, Any]) -> None:
    told = seen["rounds"]["without"]
    assert (told["notice"], told["answered"], told["blamed"]) == (AWAY, 0, 0)
    assert told["asked"] < FEEDS


def test_n_24_a_round_whose_network_goes_keeps_what_came_and_blames_no_show(seen: dict[str, Any]) -> None:
    told = seen["rounds"]["meanwhile"]
    assert (told["notice"], told["blamed"]) == (WENT, 0)
    assert 6 <= told["answered"] == told["new_episodes"] == told["episodes"] < FEEDS


def test_n_24_under_another_address_the_others_are_asked_and_nothing_comes_twice(
    seen: dict[str, Any],
) -> None:
    before, told, later = (seen["rounds"][name] for name in ("meanwhile", "elsewhere", "unchanged"))
    assert told["asked"] == told["answered"] == FEEDS - before["answered"], ELSEWHERE
    assert (told["episodes"], told["notice"], told["blamed"]) == (FEEDS, None, 0)
    assert (later["asked"], later["answered"], later["new_episodes"]) == (FEEDS, FEEDS, 0)


def test_n_08_a_public_redirect_inside_reaches_nothing_although_it_would_answer(seen: dict[str, Any]) -> None:
    assert seen["redirects"]["told"] == ["Refused"] * len(INSIDE)
    assert (seen["redirects"]["reached"], seen["redirects"]["would answer"]) == ([], list(INSIDE))
