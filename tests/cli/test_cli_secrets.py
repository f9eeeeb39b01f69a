"""What the command line says and does about passwords and tokens."""

import json
import re
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from memory_keyring import MemoryKeyring
from shows import Item, Web, serve_show, served
from test_cli import SEGMENTS

from earmark.cli import main
from earmark.export import as_podcast_json
from earmark.library import backups
from earmark.paths import Paths

TOKEN = "canary-token-4711"


@pytest.fixture
def web() -> Iterator[Web]:
    """The web around the user."""
    with served() as made:
        yield made


def earmark(folder: Path, *arguments: str, typed: str | None = None) -> Result:
    """Run a verb in this process."""
    return CliRunner().invoke(main, ["--data-dir", str(folder), *arguments], input=typed)


def club(web: Web) -> str:
    """A show behind a token; its address."""
    item = Item("e", "Episode", 1, as_podcast_json(SEGMENTS))
    plain = serve_show(web, "club", "Club", [item])
    web.pages[f"/club/feed.xml?token={TOKEN}"] = web.pages.pop("/club/feed.xml")
    return f"{plain}?token={TOKEN}"


def as_before(folder: Path, url: str) -> None:
    """Make the library one that an older Earmark wrote, with a copy."""
    assert earmark(folder, "add", url, "--keep-in-library", "--episodes", "0").exit_code == 0
    for copy in backups(Paths(folder)):
        copy.unlink()
    with closing(sqlite3.connect(folder / "library.db")) as db:
        for name in ("kept_open", "left_addresses"):
            db.execute(f"DROP TABLE {name}")
        for name in ("a_hidden_address_is_left", "a_hidden_show_goes", "a_hidden_show_has_ended",
                     "a_hidden_show_ends"):  # fmt: skip
            db.execute(f"DROP TRIGGER {name}")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm013_secrets'")
        db.execute("PRAGMA user_version = 12")
        db.commit()


def test_a_library_of_an_older_form_says_what_stands_in_the_open_and_hides_it_once_it_can(
    tmp_path: Path, memory: MemoryKeyring, web: Web
) -> None:
    profile = tmp_path / "profile"
    as_before(profile, club(web))
    memory.locked = True
    feeds = earmark(profile, "feeds")
    assert "can be read in your library: earmark library secrets" in feeds.stdout
    refused = earmark(profile, "library", "secrets", "--hide")
    assert refused.exit_code == 1
    assert "no keyring" in refused.stderr
    assert "Club" in earmark(profile, "feeds").stdout
    told = earmark(profile, "library", "secrets").stdout
    assert "Club (1): its password or token stands in the library." in told
    assert "library secrets --hide" in told
    assert len(json.loads(earmark(profile, "library", "secrets", "--json").stdout)["copies"]) == 2
    memory.locked = False
    hidden = earmark(profile, "library", "secrets", "--hide")
    assert hidden.stdout == "No password or token stands in your library or its copies.\n"
    files = [path for path in profile.rglob("*") if path.is_file()]
    assert [path for path in files if TOKEN.encode() in path.read_bytes()] == []
    assert earmark(profile, "refresh").exit_code == 0
    assert TOKEN in memory.kept.values()
    assert TOKEN not in feeds.output + refused.output + told + hidden.output


def test_a_show_that_stands_once_open_and_once_hidden_is_hidden_and_told(
    tmp_path: Path, memory: MemoryKeyring, web: Web
) -> None:
    profile, url = tmp_path / "profile", club(web)
    assert earmark(profile, "add", url, "--episodes", "0").exit_code == 0
    with closing(sqlite3.connect(profile / "library.db")) as db:
        db.execute("INSERT INTO feeds (url, title, near) VALUES (?, 'Club', 1)", [url])
        db.execute("INSERT INTO kept_open VALUES (2)")  # as --keep-in-library had it
        db.commit()
        for copy in backups(Paths(profile)):
            copy.unlink()
    copies = profile / "backups" / "library-2026-01-01-v13.db"
    copies.write_bytes((profile / "library.db").read_bytes())
    hidden = earmark(profile, "library", "secrets", "--hide")
    assert "twice" in hidden.stdout
    assert "earmark unsubscribe 2" in hidden.stdout
    assert "To hide them" not in hidden.stdout
    files = [path for path in profile.rglob("*") if path.is_file()]
    assert [path for path in files if TOKEN.encode() in path.read_bytes()] == []
    assert earmark(profile, "refresh", "--all").exit_code == 0
    assert "error" not in earmark(profile, "feeds").stdout
    assert earmark(profile, "unsubscribe", "2", "--yes").exit_code == 0
    assert "No password" in earmark(profile, "library", "secrets", "--hide").stdout
    assert earmark(profile, "refresh", "--all").exit_code == 0


def test_secrets_that_the_user_leaves_where_they_are_are_told_no_more(
    tmp_path: Path, memory: MemoryKeyring, web: Web
) -> None:
    profile = tmp_path / "profile"
    as_before(profile, club(web))
    memory.locked = True
    told = earmark(profile, "library", "secrets", "--leave").stdout
    assert told.startswith("As you wanted it, those of 1 show stand in the library.\n")
    assert "can be read" not in earmark(profile, "feeds").stdout
    assert json.loads(earmark(profile, "feeds", "--json").stdout)[0]["secret_in_the_open"] is False
    memory.locked = False
    hidden = earmark(profile, "library", "secrets", "--hide").stdout
    assert hidden == "No password or token stands in your library or its copies.\n"
    assert TOKEN in memory.kept.values()


def test_a_private_show_that_was_left_is_taken_up_again_by_the_command_that_was_told(
    tmp_path: Path, memory: MemoryKeyring, web: Web
) -> None:
    profile = tmp_path / "profile"
    assert earmark(profile, "add", club(web)).exit_code == 0
    left = earmark(profile, "unsubscribe", "Club", "--yes")
    assert TOKEN not in left.output
    command = re.search(r"take it up again: earmark (.+)", left.stdout)
    assert command is not None
    again = earmark(profile, *shlex.split(command[1]))
    assert again.exit_code == 0, again.output
    assert "Club: 1 episode." in again.stdout
    assert earmark(profile, "refresh").exit_code == 0


def test_of_a_show_whose_secret_is_in_the_library_no_command_prints_it(
    tmp_path: Path, memory: MemoryKeyring, web: Web
) -> None:
    profile, url = tmp_path / "profile", club(web)
    added = earmark(profile, "add", url, "--keep-in-library", "--json")
    assert added.exit_code == 0
    assert json.loads(added.stdout)["url"].endswith("?token=…")
    left = earmark(profile, "unsubscribe", "Club", "--yes")
    assert "with the password or token in it" in left.stdout
    assert TOKEN not in added.output + left.output
    again = earmark(profile, "add", url, "--keep-in-library")
    assert "Club: 1 episode." in again.stdout


def test_leaving_a_show_whose_secret_is_in_the_library_tells_whether_it_stays(
    tmp_path: Path, memory: MemoryKeyring, web: Web
) -> None:
    profile, url = tmp_path / "profile", club(web)
    assert earmark(profile, "add", url, "--keep-in-library").exit_code == 0
    assert earmark(profile, "played", "Episode").exit_code == 0
    left = earmark(profile, "unsubscribe", "Club", "--yes").stdout
    assert "It stays in your library" in left
    assert "gone" not in left
    assert "those of 1 show stand" in earmark(profile, "library", "secrets").stdout
    assert earmark(profile, "add", url, "--keep-in-library").exit_code == 0
    assert earmark(profile, "played", "Episode", "--undo").exit_code == 0
    left = earmark(profile, "unsubscribe", "Club", "--yes").stdout
    assert "It is gone from your library" in left
    assert TOKEN.encode() not in (profile / "library.db").read_bytes()


def test_the_words_of_a_show_that_was_left_with_its_secret_go_from_the_index(
    tmp_path: Path, memory: MemoryKeyring, web: Web
) -> None:
    profile, url = tmp_path / "profile", club(web)
    feed = f"/club/feed.xml?token={TOKEN}"
    kind, body, *rest = web.pages[feed]
    web.pages[feed] = (kind, body.replace(b">Episode<", b">Episode marzipanword<"), *rest)
    assert earmark(profile, "add", url, "--keep-in-library").exit_code == 0
    assert b"marzipanword" in (profile / "library.db").read_bytes()
    assert earmark(profile, "unsubscribe", "Club", "--yes").exit_code == 0
    assert b"marzipanword" not in (profile / "library.db").read_bytes()


def test_add_says_that_a_secret_was_renewed(tmp_path: Path, memory: MemoryKeyring, web: Web) -> None:
    profile, url = tmp_path / "profile", club(web)
    assert earmark(profile, "add", url).exit_code == 0
    web.pages["/club/feed.xml?token=canary-other-1"] = web.pages.pop(f"/club/feed.xml?token={TOKEN}")
    again = earmark(profile, "add", url.replace(TOKEN, "canary-other-1"))
    assert again.stdout.startswith("You had Club already.")
    assert "Nothing changed" not in again.stdout
    assert len(json.loads(earmark(profile, "feeds", "--json").stdout)) == 1


def test_add_and_import_hide_a_whole_address_or_keep_it_as_the_user_says(
    tmp_path: Path, memory: MemoryKeyring, web: Web
) -> None:
    profile, list_ = tmp_path / "profile", tmp_path / "shows.opml"
    plain = serve_show(web, "quiet-club", "Quiet", [Item("e", "Episode", 1, as_podcast_json(SEGMENTS))])
    assert earmark(profile, "add", plain, "--private").exit_code == 0
    assert "quiet-club" not in earmark(profile, "feeds", "--json").stdout
    list_.write_text(
        '<opml version="2.0"><body><outline text="A" xmlUrl="https://e.org/a"/>'
        '<outline text="B" xmlUrl="https://e.org/b?token=xyz"/></body></opml>',
        "utf-8",
    )
    both = earmark(profile, "import", str(list_), "--private", "--keep-in-library")
    assert "Say one of both" in both.stderr
    assert "2 new shows." in earmark(profile, "import", str(list_), "--keep-in-library").stdout
    told = earmark(profile, "library", "secrets").stdout
    assert told.startswith("As you wanted it, those of 1 show stand in the library.\n")
    assert "2 were there before." in earmark(profile, "import", str(list_), "--private").stdout
    urls = [row["url"] for row in json.loads(earmark(profile, "feeds", "--json").stdout)]
    assert len(urls) == 3
    assert not any(url.endswith(("/a", "=xyz", "=…")) for url in urls)


def test_without_a_terminal_a_password_comes_from_standard_input_or_the_user_is_told_how(
    tmp_path: Path, memory: MemoryKeyring, web: Web
) -> None:
    profile = tmp_path / "profile"
    url = serve_show(web, "club", "Club", [Item("e", "Episode", 1, as_podcast_json(SEGMENTS))])
    web.locked["/club/feed.xml"] = "Basic YW5uOnNlc2FtZQ=="
    for options in ((), ("--password-stdin",)):
        none = earmark(profile, "add", url, "--user", "ann", *options, typed="")
        assert none.exit_code == 1
        assert "Type this on a terminal" in none.stderr
        assert "Aborted" not in none.output
    assert "Club: 1 episode." in earmark(profile, "add", url, "--user", "ann", typed="sesame\n").stdout


SESAME = "Basic YW5uOnNlc2FtZQ=="


def private_page(web: Web) -> str:
    """A page for ann alone that links to two shows behind tokens, by an absolute and a relative address."""
    links = ""
    for slug in ("baking", "brewing"):
        address = serve_show(web, slug, slug.title(), [Item("e", "Episode", 1, as_podcast_json(SEGMENTS))])
        path = f"/{slug}/feed.xml?token={TOKEN}"
        web.pages[path] = web.pages.pop(f"/{slug}/feed.xml")
        web.locked[path] = SESAME
        place = f"{address}?token={TOKEN}" if slug == "baking" else path
        links += f'<link rel="alternate" type="application/rss+xml" title="{slug}" href="{place}">'
    web.locked["/page"] = SESAME
    return web.add("/page", "text/html", f"<html>{links}</html>".encode())


@pytest.mark.parametrize("options", [(), ("--keep-in-library",), ("--private",)])
def test_of_several_private_feeds_of_a_page_no_secret_is_printed_and_one_is_added_by_its_number(
    tmp_path: Path, memory: MemoryKeyring, web: Web, options: tuple[str, ...]
) -> None:
    profile, page = tmp_path / "profile", private_page(web)
    add = ("add", page, "--user", "ann", "--episodes", "0", *options)
    refused = earmark(profile, *add, typed="sesame\n")
    assert refused.exit_code == 1
    assert "earmark add PAGE --feed N" in refused.stderr
    assert "  2  brewing, " in refused.stderr
    listed = earmark(profile, *add, "--json", typed="sesame\n")
    assert [row["number"] for row in json.loads(listed.stdout)["feeds"]] == [1, 2]
    none = earmark(profile, *add, "--feed", "7", typed="sesame\n")
    assert (none.exit_code, "There is no feed 7." in none.stderr) == (1, True)
    for secret in (TOKEN, "sesame", "~earmark-"):
        assert secret not in refused.output + listed.output + none.output
    for number, title in (("1", "Baking"), ("2", "Brewing")):
        added = earmark(profile, *add, "--feed", number, typed="sesame\n")
        assert f"{title}: 1 episode." in added.stdout, added.output


def test_at_a_terminal_one_of_several_private_feeds_is_chosen_by_its_number_and_no_secret_is_printed(
    tmp_path: Path, memory: MemoryKeyring, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.cli.add_verbs.on_terminal", lambda: True)
    add = ("add", private_page(web), "--user", "ann", "--episodes", "0")
    added = earmark(tmp_path / "profile", *add, typed="sesame\n2\n")
    assert "Brewing: 1 episode." in added.stdout, added.output
    assert TOKEN not in added.output
    assert "~earmark-" not in added.output


def test_a_private_show_is_named_by_its_own_address_and_no_secret_is_printed(
    tmp_path: Path, web: Web, memory: MemoryKeyring
) -> None:
    url = club(web)
    assert earmark(tmp_path, "add", url, "--episodes", "0").exit_code == 0
    assert earmark(tmp_path, "feed", url).output.startswith("Club")
    assert earmark(tmp_path, "language", url, "de").exit_code == 0
    other = url.replace("/club/", "/chess/")
    said = earmark(tmp_path, "feed", other)
    assert (said.exit_code, TOKEN in said.output) == (1, False)
    assert f"There is no show “{other.replace(TOKEN, '…')}” in your library." in said.output


def test_where_two_private_shows_differ_in_their_secret_alone_the_number_is_asked_for(
    tmp_path: Path, web: Web, memory: MemoryKeyring
) -> None:
    url = club(web)
    other = url.replace("4711", "2342")
    serve_show(web, "club", "Chess", [Item("c", "Other", 1, as_podcast_json(SEGMENTS))])
    web.pages[f"/club/feed.xml?token={other.rpartition('=')[2]}"] = web.pages.pop("/club/feed.xml")
    for each in (url, other):
        assert earmark(tmp_path, "add", each, "--episodes", "0").exit_code == 0
    said = earmark(tmp_path, "feed", url)
    assert "fits 2 shows. Take the number of one: 2 Chess; 1 Club" in said.output
    assert "canary" not in said.output
