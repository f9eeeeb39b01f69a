"""The verbs on shows, episodes and lists, as a user types them."""

import json
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import keyring
import keyring.backend
import pytest
from click.testing import CliRunner, Result
from memory_keyring import MemoryKeyring
from shows import Item, Web, serve_show, served
from test_cli import SEGMENTS

from earmark.cli import main
from earmark.cli.rows import episode_json, fitted, state_text
from earmark.export import as_podcast_json
from earmark.library import open_library
from earmark.paths import Paths
from earmark.pipeline.directory import Directories
from earmark.records import EpisodeId, EpisodeRow, FeedId
from earmark.taste import load_taste


@pytest.fixture
def web() -> Iterator[Web]:
    """The web around the user."""
    with served() as made:
        yield made


def earmark(folder: Path, *arguments: str, typed: str | None = None) -> Result:
    """Run a verb in this process; `typed` is what stands on its standard input."""
    return CliRunner().invoke(main, ["--data-dir", str(folder), *arguments], input=typed)


def told(folder: Path, *arguments: str) -> list[dict[str, object]]:
    """What a verb prints as JSON."""
    result = earmark(folder, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return list(json.loads(result.stdout))


def a_show(web: Web, title: str = "Shop Talk", count: int = 5) -> str:
    """A show with transcripts."""
    items = [
        Item(f"e{n}", f"Episode {n}", n + 1, transcript=as_podcast_json(SEGMENTS), duration_s=30)
        for n in range(count)
    ]
    return serve_show(web, title.lower().replace(" ", "-"), title, items)


def row(**changes: object) -> EpisodeRow:
    """An episode that waits."""
    values: dict[str, object] = {
        "id": EpisodeId(1), "feed_id": FeedId(1), "feed_title": "A show", "title": "One", "published_ms": 0,
        "duration_ms": 3_480_000, "state": "waiting", "step": "words", "progress_ms": 0, "total_ms": None,
        "reason": None, "read": False, "insights": 0, "played_ms": None, "skipped": False,
    }  # fmt: skip
    return EpisodeRow(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "waiting"),
        ({"state": None, "step": None}, "not chosen"),
        ({"state": None, "step": None, "skipped": True}, "skipped"),
        ({"state": "running", "step": "download"}, "downloading"),
        (
            {"state": "running", "step": "transcribe", "progress_ms": 720_000, "total_ms": 3_480_000},
            "listening, 12 of 58 min",
        ),
        ({"state": "running", "step": "extract"}, "reading"),
        ({"state": "done", "step": "done", "read": True, "insights": 1}, "done (1 insight)"),
        (
            {"state": "done", "step": "done", "read": True, "insights": 4, "played_ms": 5},
            "done (4 insights), played",
        ),
        ({"state": "failed", "reason": "The file is gone."}, "failed because the file is gone."),
        ({"state": "waiting", "reason": "e.org did not answer."}, "waiting: e.org did not answer."),
    ],
)
def test_how_an_episode_stands_is_said_in_words(changes: dict[str, object], words: str) -> None:
    assert state_text(row(**changes)) == words
    assert episode_json(row(**changes))["state_text"] == words


def test_adding_tells_the_work_of_each_choice_and_queues_what_is_chosen(web: Web, tmp_path: Path) -> None:
    added = earmark(tmp_path, "add", a_show(web, count=12), "--episodes", "4")
    assert added.exit_code == 0
    assert "Shop Talk: 12 episodes." in added.stdout
    for choice in ("newest 1: ", "newest 3: ", "newest 4: ", "newest 10: ", "all 12: "):
        assert choice in added.stdout
    assert "The newest 4 are queued" in added.stdout
    assert "already" in earmark(tmp_path, "add", a_show(web, count=12)).stdout
    assert [each["state_text"] for each in told(tmp_path, "episodes")].count("waiting") == 4


def test_who_sits_at_a_terminal_is_asked_how_far_back_to_go(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.cli.add_verbs.on_terminal", lambda: True)
    asked = earmark(tmp_path, "add", a_show(web, "One", 12), typed="\n")
    assert "How many of the newest episodes shall be worked through? [3]" in asked.stdout
    assert "The newest 3 are queued" in asked.stdout
    assert "The newest 7 are queued" in earmark(tmp_path, "add", a_show(web, "Two", 12), typed="7\n").stdout
    assert "None is queued" in earmark(tmp_path, "add", a_show(web, "Three", 12), typed="0\n").stdout


def two_feeds(web: Web) -> tuple[str, list[str]]:
    """A page that links to two shows, and their addresses."""
    feeds = [a_show(web, title) for title in ("Baking", "Brewing")]
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="The feed" href="{feed}#{n}">'
        for n, feed in enumerate(feeds)
    )
    return web.add("/page", "text/html", f"<html>{links}</html>".encode()), [
        f"{feed}#{n}" for n, feed in enumerate(feeds)
    ]


def test_of_several_feeds_of_a_page_one_is_chosen_at_a_terminal(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.cli.add_verbs.on_terminal", lambda: True)
    page, [_, second] = two_feeds(web)
    asked = earmark(tmp_path, "add", page, "--episodes", "0", typed="7\n2\n")
    assert f"  2  The feed, {second}" in asked.stdout
    assert "Which one shall be added? [1]" in asked.stdout
    assert [show["title"] for show in told(tmp_path, "feeds")] == ["Brewing"]


def test_elsewhere_the_commands_to_add_one_of_several_feeds_are_told(web: Web, tmp_path: Path) -> None:
    page, feeds = two_feeds(web)
    refused = earmark(tmp_path, "add", page)
    assert refused.exit_code == 1
    commands = [line.split() for line in refused.stderr.splitlines() if "earmark add" in line]
    assert [shlex.split(command[2])[0] for command in commands] == feeds
    listed = earmark(tmp_path, "add", page, "--json")
    assert (listed.exit_code, json.loads(listed.stdout)) == (
        1,
        {
            "feed": None,
            "feeds": [{"number": n, "title": "The feed", "url": url} for n, url in enumerate(feeds, start=1)],
        },
    )
    assert told(tmp_path, "feeds") == []
    assert earmark(tmp_path, "add", shlex.split(commands[0][2])[0]).exit_code == 0


def test_lists_tell_where_everything_stands(web: Web, tmp_path: Path) -> None:
    earmark(tmp_path, "add", a_show(web), "--episodes", "1")
    [show] = told(tmp_path, "feeds")
    assert (show["episodes"], show["waiting"], show["read"], show["muted"]) == (5, 1, 0, False)
    assert isinstance(show["waiting_hours"], float)
    printed = earmark(tmp_path, "feeds").stdout
    assert "Shop Talk" in printed
    assert "1, less than a minute" in printed
    states = {str(each["title"]): str(each["state_text"]) for each in told(tmp_path, "episodes", "shop")}
    assert (states["Episode 4"], states["Episode 0"]) == ("waiting", "not chosen")
    listed = earmark(tmp_path, "episodes", "--limit", "2").stdout
    assert "Episode 4 (Shop Talk)" in listed
    assert "The newest 2 of 5" in listed


def test_episodes_are_skipped_wanted_again_and_played_by_number_or_title(web: Web, tmp_path: Path) -> None:
    earmark(tmp_path, "add", a_show(web), "--episodes", "2")
    assert "Skipped: Episode 4 (Shop Talk)." in earmark(tmp_path, "skip", "Episode 4").stdout
    assert "1 episode" in earmark(tmp_path, "plan").stdout
    first = told(tmp_path, "episodes")[0]
    assert first["state_text"] == "skipped"
    assert earmark(tmp_path, "unskip", str(first["episode"])).exit_code == 0
    assert told(tmp_path, "episodes")[0]["state_text"] == "waiting"
    assert [each["state_text"] for each in told(tmp_path, "played", "Episode 0", "Episode 1")] == [
        "not chosen, played",
        "not chosen, played",
    ]
    earmark(tmp_path, "played", "Episode 0", "--undo")
    assert told(tmp_path, "episodes")[-1]["state_text"] == "not chosen"
    several = earmark(tmp_path, "skip", "Episode")
    assert (several.exit_code, "fits 5 episodes" in several.stderr) == (1, True)


def test_a_show_is_left_after_a_question_that_says_what_goes(web: Web, tmp_path: Path) -> None:
    url = a_show(web)
    earmark(tmp_path, "add", url, "--episodes", "1")
    earmark(tmp_path, "process")
    earmark(tmp_path, "queue", "Episode 0")
    assert str(told(tmp_path, "episodes")[0]["state_text"]).startswith("done (")
    no = earmark(tmp_path, "unsubscribe", "shop talk", typed="n\n")
    assert (no.exit_code, len(told(tmp_path, "feeds"))) == (1, 1)
    assert "What goes: 4 episodes without insights, 1 of the queue." in no.stderr
    assert "What stays: " in no.stderr
    brief = json.loads(earmark(tmp_path, "brief", "--json").stdout)
    [shown, *_] = brief["items"]
    yes = earmark(tmp_path, "unsubscribe", "shop talk", "--yes")
    assert f"To take it up again: earmark add {url}" in yes.stdout
    assert "no show in your library" in earmark(tmp_path, "feeds").stdout
    assert json.loads(earmark(tmp_path, "brief", "--json").stdout)["items"] == brief["items"], "the day stays"
    assert earmark(tmp_path, "show", shown["id"]).exit_code == 0
    assert "Shop Talk" in earmark(tmp_path, "search", "bread").stdout
    assert earmark(tmp_path, "add", url, "--episodes", "1").exit_code == 0
    assert [each["state_text"] for each in told(tmp_path, "episodes")].count("not chosen") == 4


def test_one_and_none_are_told_as_people_say_them(web: Web, tmp_path: Path) -> None:
    url = a_show(web, "Solo", 1)
    file = tmp_path / "in.opml"
    file.write_text(f'<opml version="2.0"><body><outline text="S" xmlUrl="{url}"/></body></opml>', "utf-8")
    assert earmark(tmp_path, "import", str(file), "--near").stdout.startswith("1 new show.\n")
    assert earmark(tmp_path, "import", str(file), "--near").stdout == "No new show. 1 was there before.\n"
    earmark(tmp_path, "refresh", "--all")
    assert earmark(tmp_path, "process").stdout.startswith("1 episode done. 1 insight in your library.")
    assert earmark(tmp_path, "queue", "1").stdout == "Worked through already: Episode 0 (Solo).\n"
    assert "No episode of Solo was dropped" in earmark(tmp_path, "keep", "1", "--days", "9").stdout
    assert "Its publisher offers no recording" in earmark(tmp_path, "download", "1").stderr
    none = earmark(tmp_path, "download", "1", "--remove")
    assert (none.exit_code, "No recording of it is on this computer." in none.stderr) == (1, True)
    assert "(1 file)" in earmark(tmp_path, "library", "size").stdout
    left = earmark(tmp_path, "unsubscribe", "1", typed="n\n").stderr
    assert "What goes: nothing." in left
    assert "What stays: 1 insight of 1 episode, and all past briefs." in left
    assert "\n1 insight in 1 brief." in [earmark(tmp_path, "brief"), earmark(tmp_path, "review")][1].stdout


def test_muting_is_the_same_as_in_the_file_of_ones_taste(web: Web, tmp_path: Path) -> None:
    earmark(tmp_path, "add", a_show(web))
    assert told(tmp_path, "mute", "1") == ["feed", "title", "muted"]
    assert [each.title for each in load_taste(Paths(tmp_path)).muted_shows] == ["Shop Talk"]
    assert "Muted" in earmark(tmp_path, "feeds").stdout
    earmark(tmp_path, "taste", "unmute", "show", "shop talk")
    assert told(tmp_path, "feeds")[0]["muted"] is False
    earmark(tmp_path, "taste", "mute", "show", "shop talk")
    assert told(tmp_path, "feeds")[0]["muted"] is True
    earmark(tmp_path, "unmute", "shop")
    assert load_taste(Paths(tmp_path)).muted_shows == ()


def test_old_episodes_go_from_the_list_when_that_is_wanted(web: Web, tmp_path: Path) -> None:
    earmark(tmp_path, "add", a_show(web), "--episodes", "1")
    with closing(sqlite3.connect(Paths(tmp_path).library)) as db:
        db.execute(
            "UPDATE episodes SET published_ms = published_ms - 400 * 86400000 WHERE title < 'Episode 2'"
        )
        db.commit()
    assert "2 episodes of Shop Talk were dropped" in earmark(tmp_path, "keep", "shop", "--days", "365").stdout
    assert len(told(tmp_path, "episodes")) == 3
    assert earmark(tmp_path, "keep", "shop").exit_code == 1
    assert "stay listed" in earmark(tmp_path, "keep", "shop", "--all").stdout


def test_a_list_comes_in_goes_out_and_is_taken_back(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = a_show(web)
    file, out = tmp_path / "in.opml", tmp_path / "out.opml"
    private = url.replace("http://", "http://ann:canary@")
    rows = f'<outline text="Mine" xmlUrl="{private}"/>\n<outline text="Two" xmlUrl="{url}"/>\n'
    rows += '<outline text="no"/>'
    file.write_text(f"<opml><body>\n{rows}</body></opml>", encoding="utf-8")
    refused = earmark(tmp_path, "import", str(file))
    assert "No new show." in refused.stdout
    assert refused.stderr.count("inside your own network") == 2
    keyless = earmark(tmp_path, "import", str(file), "--near", "--episodes", "1")
    assert "1 new show." in keyless.stdout
    assert "Line 2, Mine: This address holds a password" in keyless.stderr
    assert earmark(tmp_path, "import", "--undo", "--yes").exit_code == 0
    monkeypatch.setattr(keyring.core, "_keyring_backend", MemoryKeyring())
    came = earmark(tmp_path, "import", str(file), "--near", "--episodes", "1")
    assert "2 new shows." in came.stdout
    assert "Line 4, no: It has no address" in came.stderr
    assert "not asked yet" in earmark(tmp_path, "feeds").stdout
    assert web.asked == []
    assert earmark(tmp_path, "refresh").exit_code == 0
    assert len(web.asked) == 2
    written = earmark(tmp_path, "export", "opml", str(out))
    assert (written.exit_code, written.stdout) == (0, f"{out}: 2 shows.\n")
    assert "written without what is secret in it" in written.stderr
    assert "canary" not in out.read_text(encoding="utf-8") + written.output
    assert earmark(tmp_path, "export", "opml", str(out)).exit_code == 1, "what is there is not written over"
    assert earmark(tmp_path, "export", "opml", str(out), "--saved", "--replace").exit_code == 1
    assert "Unsubscribed from 2 shows" in earmark(tmp_path, "import", "--undo", "--yes").stdout
    assert "no list to take back" in earmark(tmp_path, "import", "--undo").stderr
    assert told(tmp_path, "feeds") == []


def test_only_the_latest_list_is_taken_back_and_only_once(web: Web, tmp_path: Path) -> None:
    rows = '<outline text="{0}" xmlUrl="http://127.0.0.1:9/{0}"/>'
    for name in ("first", "second"):
        file = tmp_path / f"{name}.opml"
        file.write_text(f"<opml><body>{rows.format(name)}</body></opml>", encoding="utf-8")
        assert "1 new show." in earmark(tmp_path, "import", str(file), "--near").stdout
    assert "Unsubscribed from 1 show" in earmark(tmp_path, "import", "--undo", "--yes").stdout
    again = earmark(tmp_path, "import", "--undo", "--yes")
    assert "no list to take back" in again.stderr
    assert [each["title"] for each in told(tmp_path, "feeds")] == ["first"]
    assert "No new show." in earmark(tmp_path, "import", str(tmp_path / "first.opml"), "--near").stdout
    assert "no list to take back" in earmark(tmp_path, "import", "--undo", "--yes").stderr


def test_no_list_and_no_table_holds_a_token_that_the_user_keeps_in_the_library(
    web: Web, tmp_path: Path
) -> None:
    url = a_show(web)
    path = url.removeprefix(web.origin)
    web.pages[f"{path}?token=canary12345"] = web.pages[path]
    added = earmark(tmp_path, "add", f"{url}?token=canary12345", "--keep-in-library", "--episodes", "0")
    assert added.exit_code == 0, added.output
    out = tmp_path / "out.opml"
    written = earmark(tmp_path, "export", "opml", str(out))
    assert "written without what is secret in it" in written.stderr
    assert "canary" not in out.read_text(encoding="utf-8")
    assert "canary" not in earmark(tmp_path, "feeds", "--json").output
    assert "canary" not in earmark(tmp_path, "unsubscribe", "1", "--yes").output


@pytest.mark.parametrize("typed", ["", "   "])
def test_nothing_is_no_folder(typed: str, tmp_path: Path) -> None:
    result = earmark(tmp_path, "add", typed)
    assert result.exit_code == 1
    assert "not a web address" in result.stderr


def test_a_directory_is_asked_only_when_the_user_says_which(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.cli.add_verbs.DIRECTORIES", Directories(apple=web.origin))
    with open_library(Paths(tmp_path)):
        pass
    silent = earmark(tmp_path, "find", "bread")
    assert (silent.exit_code, "would learn what you look for" in silent.stderr) == (1, True)
    assert web.asked == []
    asked = earmark(tmp_path, "find", "bread", "--ask", "apple")
    assert "which learns the words “bread”" in asked.stderr


class Kept(keyring.backend.KeyringBackend):
    """A system's keyring that is a dictionary."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.passwords: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.passwords[(service, username)] = password


def test_the_secret_of_a_directory_is_with_the_keyring_alone(tmp_path: Path) -> None:
    before, kept = keyring.get_keyring(), Kept()
    keyring.set_keyring(kept)
    try:
        assert "a key of your own" in earmark(tmp_path, "find", "x", "--ask", "podcastindex").stderr
        stored = earmark(tmp_path, "find", "--podcastindex-key", "KEY1", typed="canary-secret\n")
        assert stored.exit_code == 0, stored.output
    finally:
        keyring.set_keyring(before)
    assert list(kept.passwords.values()) == ["canary-secret"]
    assert "canary-secret" not in "".join(
        path.read_text(encoding="utf-8", errors="replace") for path in tmp_path.rglob("*") if path.is_file()
    )


def test_a_brief_of_an_empty_library_says_what_to_do(tmp_path: Path) -> None:
    first = " ".join(earmark(tmp_path, "brief").stdout.split())
    assert "no show in your library yet. Add one with: earmark add ADDRESS" in first
    assert "earmark demo" in first
    file = tmp_path / "in.opml"
    file.write_text(
        '<opml><body><outline text="A" xmlUrl="https://e.invalid/f"/></body></opml>', encoding="utf-8"
    )
    earmark(tmp_path, "import", str(file))
    assert "Ask your shows for theirs with: earmark refresh" in " ".join(
        earmark(tmp_path, "brief").stdout.split()
    )


def test_titles_take_exactly_their_columns() -> None:
    assert [fitted(text, 5) for text in ("ab", "abcdef", "日本語日本", "abcde")] == [
        "ab   ",
        "abcd…",
        "日本…",
        "abcde",
    ]
