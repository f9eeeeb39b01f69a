"""`earmark download` and `earmark library`."""

import json
from pathlib import Path

import keyring
import pytest
from click.testing import CliRunner, Result
from keyring.backends.fail import Keyring as NoKeyring
from shows import Item, serve_show, served
from test_cli import SEGMENTS

from earmark.app import open_tools
from earmark.cli import main
from earmark.export import as_podcast_json
from earmark.library import open_reader
from earmark.net import part_files
from earmark.paths import Paths
from earmark.pipeline.recordings import audio_name
from earmark.settings import load_settings

AUDIO = b"ID3" + b"sound" * 1000


def earmark(folder: Path, *arguments: str, typed: str | None = None) -> Result:
    """Run a verb in this process."""
    return CliRunner().invoke(main, ["--data-dir", str(folder), *arguments], input=typed)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A profile whose one show has two episodes with words and audio."""
    return tmp_path / "profile"


def test_recordings_are_fetched_for_later_and_removed_again(profile: Path) -> None:
    with served() as web:
        items = [
            Item(f"e{n}", f"Episode {n}", n + 1, as_podcast_json(SEGMENTS), ("audio/mpeg", AUDIO))
            for n in range(2)
        ]
        earmark(profile, "add", serve_show(web, "shop", "Shop Talk", items))
        fetched = earmark(profile, "download", "1", "2", "1", "--json")
        assert fetched.exit_code == 0, fetched.output
        rows = json.loads(fetched.stdout)
        assert [Path(row["file"]).read_bytes() for row in rows] == [AUDIO, AUDIO]
        asked_before = list(web.asked)
        again = earmark(profile, "download", "1")
        assert web.asked == asked_before
        assert "Episode 1: " in again.stdout
        assert earmark(profile, "library", "clean", "--yes").stdout == "There is nothing to clean.\n"
        removed = earmark(profile, "download", "1", "--remove")
        assert removed.stdout == "Episode 1: removed\n"
        assert not Path(rows[0]["file"]).exists()
        assert Path(rows[1]["file"]).exists()


def test_a_recording_of_the_users_own_is_never_removed_and_never_said_to_be(
    profile: Path, tmp_path: Path
) -> None:
    (tmp_path / "talks").mkdir()
    own = tmp_path / "talks" / "one.mp3"
    own.write_bytes(AUDIO)
    earmark(profile, "add", str(own.parent))
    refused = earmark(profile, "download", "1", "--remove")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert f"one: {own} is a file of your own, which Earmark never removes." in refused.stderr
    assert "Nothing was removed" in refused.stderr
    [row] = json.loads(earmark(profile, "download", "1", "--remove", "--json").stdout)
    assert (row["file"], bool(row["error"])) == (str(own), True)
    assert own.read_bytes() == AUDIO


def test_what_is_not_here_is_not_said_to_be_removed(profile: Path) -> None:
    with served() as web:
        item = Item("e", "Episode", 1, audio=("audio/mpeg", AUDIO))
        earmark(profile, "add", serve_show(web, "shop", "Shop Talk", [item]))
    told = earmark(profile, "download", "1", "--remove")
    assert (told.exit_code, told.stdout) == (1, "")
    assert "Episode: No recording of it is on this computer." in told.stderr


def test_what_broke_off_of_a_download_is_removed_too(profile: Path) -> None:
    with served() as web:
        item = Item("e", "Episode", 1, audio=("audio/mpeg", AUDIO))
        earmark(profile, "add", serve_show(web, "shop", "Shop Talk", [item]))
    with open_reader(Paths(profile)) as reader:
        part, note = part_files(profile / "audio" / audio_name(reader.episodes()[0]))
    part.write_bytes(AUDIO[:9])
    note.write_text("{}")
    assert earmark(profile, "download", "1", "--remove").stdout == "Episode: removed\n"
    assert not part.exists()
    assert not note.exists()


def test_an_episode_that_cannot_be_fetched_is_told_and_the_others_come(profile: Path) -> None:
    with served() as web:
        items = [Item(f"e{n}", f"Episode {n}", n + 1, audio=("audio/mpeg", AUDIO)) for n in range(2)]
        earmark(profile, "add", serve_show(web, "shop", "Shop Talk", items))
        del web.pages["/shop/e1.audio"]
        result = earmark(profile, "download", "1", "2")
        assert result.exit_code == 0
        assert "Episode 1: There is nothing at this address of 127.0.0.1 any more" in result.stderr
        assert earmark(profile, "download", "1").exit_code == 1
    unknown = earmark(profile, "download", "99")
    assert unknown.exit_code == 1
    assert "no episode with the number 99" in unknown.stderr


def test_where_recordings_may_take_no_more_the_way_to_allow_more_is_told(profile: Path) -> None:
    with served() as web:
        item = Item("e", "Episode", 1, audio=("audio/mpeg", AUDIO))
        earmark(profile, "add", serve_show(web, "shop", "Shop Talk", [item]))
        (profile / "settings.toml").write_text("max_audio_gb = 0\n")
        assert "earmark library keep --audio-gb N" in earmark(profile, "download", "1").stderr


def test_the_sizes_are_those_of_the_files(profile: Path) -> None:
    with served() as web:
        item = Item("e", "Episode", 1, audio=("audio/mpeg", AUDIO))
        earmark(profile, "add", serve_show(web, "shop", "Shop Talk", [item]))
        earmark(profile, "download", "1")
    told = json.loads(earmark(profile, "library", "size", "--json").stdout)
    assert told["audio"] == {"bytes": len(AUDIO), "files": 1}
    assert told["library"]["bytes"] >= (profile / "library.db").stat().st_size
    assert "recordings (1 file)" in earmark(profile, "library", "size").stdout


def test_an_empty_profile_takes_nothing_and_there_is_nothing_to_clean(profile: Path) -> None:
    assert "in all" in earmark(profile, "library", "size").stdout
    assert earmark(profile, "library", "clean", "--json").stdout.strip() == json.dumps(
        {"freed_bytes": 0}, indent=2
    )


def test_nothing_is_deleted_without_a_yes(profile: Path) -> None:
    earmark(profile, "library", "size")
    Paths(profile).create()
    left = profile / "audio" / "left.audio"
    left.write_bytes(AUDIO)
    asked = earmark(profile, "library", "clean")
    assert asked.exit_code == 1
    assert "5 kB  recordings" in asked.stdout
    assert left.exists()
    assert earmark(profile, "library", "clean", "--json").exit_code == 1
    assert json.loads(earmark(profile, "library", "clean", "--yes", "--json").stdout)["freed_bytes"] == 5003
    assert not left.exists()


def test_rules_are_set_told_and_kept(profile: Path) -> None:
    before = earmark(profile, "library", "keep").stdout
    assert "Recordings stay for 14 days after they came" in before
    changed = earmark(
        profile, "library", "keep", "--days", "0", "--speed-kb", "500", "--wait-on-metered", "--direct"
    ).stdout
    assert "only until their episode was read" in changed
    assert "at most 500 kB a second" in changed
    assert "left out" in changed
    settings = load_settings(Paths(profile))
    assert (settings.keep_audio_days, settings.max_download_kb_s) == (0, 500)
    assert (settings.wait_on_metered, settings.direct_addresses) == (True, True)
    told = json.loads(earmark(profile, "library", "keep", "--no-direct", "--json").stdout)
    assert told["direct_addresses"] is False
    assert earmark(profile, "library", "keep", "--days", "-1").exit_code == 2


def test_a_private_show_asks_for_its_password_and_says_what_a_missing_keyring_means(profile: Path) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    try:
        with served() as web:
            url = serve_show(web, "club", "Club", [Item("e", "Episode", 1, as_podcast_json(SEGMENTS))])
            web.locked["/club/feed.xml"] = "Basic YW5uOnNlc2FtZQ=="
            refused = earmark(profile, "add", url, "--user", "ann", typed="sesame\n")
            assert refused.exit_code == 1
            assert "no keyring that could keep it" in refused.stderr
            assert "sesame" not in refused.output
            kept = earmark(profile, "add", url, "--user", "ann", "--keep-in-library", typed="sesame\n")
            assert kept.exit_code == 0, kept.output
            assert "Club: 1 episode." in kept.stdout
    finally:
        keyring.set_keyring(before)


def test_the_rate_that_is_set_holds_for_downloads(profile: Path) -> None:
    earmark(profile, "library", "keep", "--speed-kb", "250")
    with open_tools(Paths(profile)) as tools:
        assert tools.door.throttle.rate_bytes_s() == 250_000
        earmark(profile, "library", "keep", "--speed-kb", "0")
        assert not tools.door.throttle.rate_bytes_s()


def test_an_insight_says_where_its_moment_lies(profile: Path) -> None:
    with served() as web:
        item = Item("e", "Episode", 1, as_podcast_json(SEGMENTS))
        earmark(profile, "add", serve_show(web, "shop", "Shop Talk", [item]))
        earmark(profile, "process")
    with open_reader(Paths(profile)) as reader:
        insight = reader.insights()[0]
    assert json.loads(earmark(profile, "show", insight.id, "--json").stdout)["clip"] is None
