"""`earmark refresh` as a user types it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from shows import Item, Web, serve_show, served

from earmark.cli import main
from earmark.paths import resource
from earmark.pipeline.refreshing import AWAY


def earmark(profile: Path, *arguments: str) -> Result:
    """Run a verb on a profile."""
    return CliRunner().invoke(main, ["--data-dir", str(profile), *arguments])


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A fresh one."""
    return tmp_path / "profile"


def add(profile: Path, web: Web, slug: str, title: str) -> None:
    """Subscribe to a show of two episodes."""
    items = [Item(f"e{n}", f"Episode {n}", n + 1, audio=("audio/mpeg", b"x")) for n in range(2)]
    assert earmark(profile, "add", serve_show(web, slug, title, items)).exit_code == 0


def test_what_is_not_due_is_left_alone_and_the_way_to_insist_is_named(profile: Path) -> None:
    with served() as web:
        add(profile, web, "one", "Shop Talk")
        asked = len(web.asked)
        done = earmark(profile, "refresh")
        assert done.exit_code == 0
        assert "Not due: 1 show, the next is at " in done.stdout
        assert "earmark refresh --all" in done.stdout
        assert len(web.asked) == asked
        assert earmark(profile, "refresh", "--all").stdout.startswith("0 new episodes. Asked 1 show.")


def test_a_named_show_is_asked_at_once_and_no_other(profile: Path) -> None:
    with served() as web:
        add(profile, web, "one", "Shop Talk")
        add(profile, web, "two", "Bread Weekly")
        web.asked.clear()
        assert json.loads(earmark(profile, "refresh", "bread", "--json").stdout)["asked"] == 1
        assert web.asked == ["/two/feed.xml"]
    assert "There is no show “cheese” in your library" in earmark(profile, "refresh", "cheese").stderr


def test_f_14_another_show_at_an_address_is_told_and_taken_only_with_accept(profile: Path) -> None:
    with served() as web:
        add(profile, web, "one", "Shop Talk")
        serve_show(web, "one", "Casino Nights", [Item("x", "Jackpot", 9)])
        told = earmark(profile, "refresh", "--all")
        assert told.exit_code == 1
        assert 'earmark refresh "Shop Talk" --accept' in told.stderr
        assert earmark(profile, "refresh", "--accept").exit_code == 1
        done = earmark(profile, "refresh", "Shop Talk", "--accept")
        assert done.stdout.startswith("1 new episode.")
    assert "Casino Nights" in earmark(profile, "language").stdout


def test_n_01_without_a_network_it_says_so_and_fails(profile: Path) -> None:
    with served() as one, served() as two:
        add(profile, one, "one", "Shop Talk")
        two.origin = two.origin.replace("127.0.0.1", "localhost")
        add(profile, two, "two", "Bread Weekly")
    done = earmark(profile, "refresh", "--all", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["problems"] == []
    assert AWAY in done.stderr


def test_a_folder_that_is_gone_does_not_make_the_answers_of_others_useless(
    profile: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "Lectures"
    folder.mkdir()
    shutil.copy(sorted(resource("demo").glob("*.opus"))[0], folder / "one.opus")
    with served() as web:
        add(profile, web, "one", "Shop Talk")
        assert earmark(profile, "add", str(folder), "--episodes", "0").exit_code == 0
        folder.rename(tmp_path / "Away")
        told = earmark(profile, "refresh", "--all")
    assert (told.exit_code, "Asked 1 show." in told.stdout) == (0, True)
    assert "Not due" not in told.stdout
    assert "Lectures: " in told.stderr
