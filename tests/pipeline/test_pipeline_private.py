"""Private shows: their secrets are with the system's keyring, and nowhere else."""

import base64
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from memory_keyring import MemoryKeyring
from shows import Item, serve_show
from test_pipeline import Bench, bench, opened, transcript  # noqa: F401  (a fixture)

from earmark.engines import Engine
from earmark.errors import KnownError
from earmark.hiding import is_hidden
from earmark.net import Door
from earmark.pipeline import Refreshed, Watch, add_feed, process, refresh
from earmark.pipeline import episode as steps
from earmark.pipeline.feed_reader import LARGE_BYTES
from earmark.pipeline.private import with_login
from earmark.vault import Forgotten, NoKeyring

TOKEN, PASSWORD, EPISODE_TOKEN = "canary-token-4711", "canary-pass-0815", "canary-episode-2342"
BASIC = "Basic " + base64.b64encode(f"ann:{PASSWORD}".encode()).decode()


def private_show(bench: Bench, *, words: bool = True, turn: int = 1) -> str:  # noqa: F811
    """A show behind a name, a password and a token, whose episodes hold tokens of their own."""
    item = Item(
        "e", f"An episode of {TOKEN}", 1, transcript() if words else None, ("audio/mpeg", b"sound" * 9)
    )
    plain = serve_show(bench.web, "club", "Club", [item])
    token = f"{EPISODE_TOKEN}-{turn}"
    body = bench.web.pages["/club/feed.xml"][1].decode()
    for path in ("/club/e.audio", "/club/e.json") if words else ("/club/e.audio",):
        body = body.replace(f'{path}"', f'{path}?auth={token}&amp;sig=1"')
        bench.web.pages[f"{path}?auth={token}&sig=1"] = bench.web.pages[path]
    note = f'<description>&lt;a href="{plain}?token={TOKEN}"&gt;x&lt;/a&gt; {PASSWORD}</description></item>'
    path = f"/club/feed.xml?token={TOKEN}"
    bench.web.add(path, "application/rss+xml", body.replace("</item>", note).encode())
    bench.web.locked[path] = BASIC
    return with_login(f"{plain}?token={TOKEN}", "ann", PASSWORD)


def news(bench: Bench) -> Refreshed:  # noqa: F811
    """What the shows say two days later."""
    now = bench.tools.clock() + timedelta(days=2)
    bench.tools = replace(bench.tools, clock=lambda: now)
    asked_before = len(bench.web.asked)
    result = refresh(bench.tools, Watch())
    assert result.problems or len(bench.web.asked) > asked_before
    return result


def canaries_in(folder: Path) -> list[str]:
    """Files of a folder that hold a secret."""
    wanted = [text.encode() for text in (TOKEN, PASSWORD, EPISODE_TOKEN, BASIC)]
    wanted += [text.encode("utf-16-le") for text in (TOKEN, PASSWORD, EPISODE_TOKEN)]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [str(path) for path in files if any(text in path.read_bytes() for text in wanted)]


def without_memory(bench: Bench) -> None:  # noqa: F811
    """As after a restart: what was learned of secrets is gone, what the keyring keeps is not."""
    door = Door(user_agent="t", log=bench.library.log_request)
    for feed in bench.library.feeds():
        door.allow(feed.url)
    bench.tools = replace(bench.tools, door=door)


def test_a_private_show_is_added_refreshed_and_read_and_no_secret_is_stored(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    feed = add_feed(bench.tools, private_show(bench))
    assert is_hidden(feed.url)
    assert news(bench).problems == ()
    assert process(bench.tools, Watch()).done == 1
    without_memory(bench)
    assert news(bench).problems == ()
    assert len(bench.library.episodes()) == 1
    bench.library.close()
    assert canaries_in(bench.tools.paths.data) == []
    assert {TOKEN, f"ann:{PASSWORD}"} <= set(memory.kept.values())
    assert not any(EPISODE_TOKEN in secret for secret in memory.kept.values())


def test_an_unchanged_private_show_changes_nothing(bench: Bench, memory: MemoryKeyring) -> None:  # noqa: F811
    add_feed(bench.tools, private_show(bench))
    with bench.library._transaction() as db:
        db.execute("UPDATE feeds SET etag = NULL, body_sha256 = NULL")
    assert news(bench).changes.episode_ids == frozenset()


def test_the_address_of_a_recording_is_asked_for_again_after_a_restart_also_when_its_token_ran_out(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    add_feed(bench.tools, private_show(bench, words=False))
    without_memory(bench)
    episode = bench.library.episodes()[0]
    del bench.web.pages[f"/club/e.audio?auth={EPISODE_TOKEN}-1&sig=1"]
    private_show(bench, words=False, turn=2)
    got = steps.fetch_audio(bench.tools, episode, Watch())
    assert got.size_bytes == 45
    assert bench.web.asked[-1] == f"/club/e.audio?auth={EPISODE_TOKEN}-2&sig=1"
    assert canaries_in(bench.tools.paths.audio) == []


def test_a_large_private_show_is_read_in_a_child_when_an_address_is_asked_for(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = private_show(bench, words=False)
    path = f"/club/feed.xml?token={TOKEN}"
    mime, body = bench.web.pages[path]
    bench.web.pages[path] = (mime, body.replace(b"</channel>", b" " * LARGE_BYTES + b"</channel>"))
    add_feed(bench.tools, url)
    without_memory(bench)
    children: list[Engine] = []

    class Counted(Engine):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            children.append(self)

    def here(*_: object, **__: object) -> None:
        raise AssertionError("read in the window's own process")

    monkeypatch.setattr("earmark.pipeline.feed_reader.Engine", Counted)
    monkeypatch.setattr("earmark.pipeline.feed_reader.parse", here)
    monkeypatch.setattr("earmark.pipeline.private.parse", here, raising=False)
    got = steps.fetch_audio(bench.tools, bench.library.episodes()[0], Watch())
    assert (got.size_bytes, len(children)) == (45, 1)
    assert children[0].pid is None, "it ended with its document"


def test_words_of_a_private_show_come_after_a_restart(bench: Bench, memory: MemoryKeyring) -> None:  # noqa: F811
    add_feed(bench.tools, private_show(bench))
    without_memory(bench)
    assert process(bench.tools, Watch()).done == 1
    assert not any("audio" in path for path in bench.web.asked)


def test_what_fails_at_a_private_show_says_nothing_secret(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    add_feed(bench.tools, private_show(bench))
    bench.web.pages = {path: page for path, page in bench.web.pages.items() if "e." not in path}
    worked = process(bench.tools, Watch())
    assert worked.done == 0
    bench.web.locked = dict.fromkeys(bench.web.locked, "Basic other")
    problems = news(bench).problems
    assert "wants a name and password" in problems[0][1]
    told = str([worked, problems, bench.library.feeds(), bench.library.jobs(), bench.library.requests()])
    assert not any(secret in told for secret in (TOKEN, PASSWORD, EPISODE_TOKEN))
    bench.library.close()
    assert canaries_in(bench.tools.paths.data) == []


def test_without_a_keyring_a_private_show_is_refused_unless_the_user_wants_it_in_the_library(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    memory.locked = True
    url = private_show(bench)
    with pytest.raises(NoKeyring, match="--keep-in-library") as fault:
        add_feed(bench.tools, url)
    assert TOKEN not in str(fault.value)
    assert bench.library.feeds() == []
    assert bench.web.asked == []
    assert add_feed(bench.tools, url, keep_in_library=True).url == url
    assert process(bench.tools, Watch()).done == 1


@pytest.mark.parametrize("locked", [True, False], ids=["no keyring", "keyring"])
def test_a_public_address_that_moved_for_good_to_one_with_a_token_is_kept_itself(
    locked: bool,
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    memory.locked = locked
    token = f"/club/feed.xml?token={TOKEN}"
    url = serve_show(bench.web, "club", "Club", [Item("e", "Episode", 1, transcript())])
    bench.web.pages[token] = bench.web.pages.pop("/club/feed.xml")
    bench.web.redirects["/club/feed.xml"] = bench.web.origin + token
    bench.web.moved.add("/club/feed.xml")
    assert add_feed(bench.tools, url).url == url
    assert news(bench).problems == ()
    assert [feed.url for feed in bench.library.feeds()] == [url]
    bench.library.close()
    assert canaries_in(bench.tools.paths.data) == []


def test_a_keyring_that_is_locked_later_is_told_and_the_show_is_asked_again_when_it_is_open(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    add_feed(bench.tools, private_show(bench))
    without_memory(bench)
    memory.locked = True
    assert "keyring is locked or not there" in news(bench).problems[0][1]
    memory.locked = False
    assert news(bench).problems == ()


def test_a_show_whose_secrets_are_forgotten_is_asked_no_more(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    feed = add_feed(bench.tools, private_show(bench))
    bench.tools.door.vault.forget(feed.url)
    assert set(memory.kept) == {("Earmark shows", "key of marks")}
    with pytest.raises(Forgotten):
        bench.tools.door.get(feed.url, why="test")


def test_a_show_that_stood_in_the_library_with_its_secrets_is_hidden_when_it_is_added_again(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    url = private_show(bench)
    first = add_feed(bench.tools, url, keep_in_library=True)
    again = add_feed(bench.tools, url)
    assert (again.id, is_hidden(again.url)) == (first.id, True)
    assert news(bench).problems == ()
    assert len(bench.library.episodes()) == 1
    bench.library.close()
    assert canaries_in(bench.tools.paths.data) == []


def test_on_another_computer_the_show_is_taken_up_again_when_its_address_is_given(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    url = private_show(bench)
    first = add_feed(bench.tools, url)
    memory.kept.clear()
    without_memory(bench)
    assert "not in this computer's keyring" in news(bench).problems[0][1]
    again = add_feed(bench.tools, url)
    assert (again.id, len(bench.library.feeds())) == (first.id, 1)
    assert again.url != first.url
    assert news(bench).problems == ()


def test_a_feed_cannot_have_another_s_secret_sent_to_its_own_host(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    feed = add_feed(bench.tools, private_show(bench))
    stolen = feed.url.replace("127.0.0.1", "evil.example")
    with pytest.raises(Forgotten, match=r"evil\.example"):
        bench.tools.door.get(stolen, why="test")
    assert len(bench.library.requests(1000)) <= 1


def test_a_public_show_with_numbers_in_its_addresses_asks_for_no_keyring(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    memory.locked = True
    item = Item("5fc9f3a2b1c4d5e6f7a8b9c0", "An episode", 1, transcript())
    add_feed(bench.tools, serve_show(bench.web, "written", "Written", [item]))
    assert process(bench.tools, Watch()).done == 1


def test_n_10_a_token_stays_with_the_address_that_it_was_given_for(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
    tmp_path: Path,
) -> None:
    """N-10"""
    seen: list[Any] = []
    with opened(tmp_path / "other") as other:
        other.web.add("/feed.xml", "application/rss+xml", b"<rss><channel><title>x</title></channel></rss>")
        bench.web.redirects["/club/feed.xml?token=" + TOKEN] = other.web.origin + "/feed.xml"
        url = private_show(bench)
        for origin in (bench.web.origin, other.web.origin):
            bench.tools.door.allow(origin)
        with pytest.raises(KnownError):
            bench.tools.door.get(url.replace(PASSWORD, "wrong"), why="test")
        response = bench.tools.door.get(url, why="test")
        seen = list(other.web.heads)
    assert response.url.endswith("/feed.xml")
    assert len(seen) == 1
    assert {"authorization", "referer", "cookie"}.isdisjoint(name.lower() for name in seen[0])
    assert TOKEN not in str(seen)


def test_a_name_and_password_take_the_place_of_those_in_the_address() -> None:
    assert with_login("https://x:y@e.org:8/f?a=@b", "a@b", "c/d") == "https://a%40b:c%2Fd@e.org:8/f?a=@b"
