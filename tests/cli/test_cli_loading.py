"""A verb loads what it needs, and no more of the program."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import click
import pytest

from earmark import cli, engines, pipeline
from earmark.cli import main
from earmark.cli.table import VERBS
from earmark.engines import public as engines_public
from earmark.library import open_library
from earmark.paths import Paths
from earmark.pipeline import public as pipeline_public
from earmark.pipeline import servers
from earmark.pipeline.servers import public as servers_public
from earmark.records import ParsedEpisode, ParsedFeed

HEAVY = {
    "numpy", "PySide6", "keyring", "feedparser", "llama_cpp", "pywhispercpp", "av", "sqlite_utils",
    "httpcore2", "psutil",
}  # fmt: skip
LOADED = """
import sys
from earmark.cli import main
main(sys.argv[2:], standalone_mode=False)
print("\\n" + sys.argv[1] + ",".join(sorted(sys.modules)))
"""


@pytest.mark.parametrize("verb", ["--help", "feeds", "episodes", "mute"])
def test_a_verb_that_only_reads_loads_nothing_heavy(verb: str, tmp_path: Path) -> None:
    with open_library(Paths(tmp_path)) as library:
        feed_id = library.add_feed("https://example.org/1", ParsedFeed("Shop Talk", None, "", None, ()))
        item = ParsedEpisode("g", "An episode", 1_000, None, (), None, "", None)
        library.apply_refresh(
            feed_id, new=[item], changed=[], title="Shop Talk", link=None, language=None,
            url="https://example.org/1", etag=None, last_modified=None, body_sha256=None, now_ms=1, backlog=1,
        )  # fmt: skip
    named = ["shop"] if verb == "mute" else []
    run = [sys.executable, "-c", LOADED, "loaded:", "--data-dir", str(tmp_path), verb, *named]
    done = subprocess.run(run, check=True, capture_output=True, text=True)
    told, _, loaded = done.stdout.rpartition("\nloaded:")
    assert told.strip()
    assert HEAVY & set(loaded.strip().split(",")) == set()


def test_the_table_has_every_verb_and_says_of_each_what_it_says_of_itself() -> None:
    there = set()
    for module in iter_modules(cli.__path__):
        loaded = import_module(f"earmark.cli.{module.name}")
        there |= {command.name for command in getattr(loaded, "VERBS", ()) if not isinstance(command, str)}
    assert {name for name in there if name} <= set(VERBS)
    context = click.Context(main)
    for name, (module_name, told) in VERBS.items():
        verb = main.get_command(context, name)
        assert verb is not None
        assert (verb.name, verb.get_short_help_str(1000)) == (name, told)
        listed = getattr(import_module(f"earmark.cli.{module_name}"), "VERBS", (verb,))
        assert verb in listed
    assert main.get_command(context, "no such verb") is None


def test_a_show_has_one_name_in_all_help() -> None:
    context = click.Context(main)
    commands = [main.get_command(context, name) for name in VERBS]
    helps = [command.get_help(click.Context(command)) for command in commands if command]
    assert len(helps) == len(VERBS)
    assert [text for text in (*helps, main.get_help(context)) if "FEED" in text] == []


@pytest.mark.parametrize(
    ("package", "public"),
    [(engines, engines_public), (pipeline, pipeline_public), (servers, servers_public)],
)
def test_what_a_folder_offers_is_found_by_its_own_name_and_hidden_by_no_module(
    package: object, public: object
) -> None:
    path = package.__path__  # type: ignore[attr-defined]
    modules = {module.name for module in iter_modules(path)}
    for name in public.__all__:  # type: ignore[attr-defined]
        assert name not in modules
        assert getattr(package, name) is getattr(public, name)
