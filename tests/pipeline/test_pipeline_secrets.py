"""Secrets that stand in the open are hidden, changed ones are renewed, and those of nobody are forgotten."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from memory_keyring import MemoryKeyring
from shows import Item, serve_show
from test_pipeline import Bench, bench, transcript  # noqa: F401  (a fixture)
from test_pipeline_private import (
    EPISODE_TOKEN,
    PASSWORD,
    TOKEN,
    canaries_in,
    news,
    private_show,
    without_memory,
)

from earmark.clock import system_clock, to_ms
from earmark.errors import KnownError
from earmark.hiding import is_hidden, is_whole, marks_in
from earmark.library import back_up, backups
from earmark.pipeline import Watch, add_feed, add_show, refresh
from earmark.pipeline.care import unsubscribe
from earmark.pipeline.lists import export_list, import_list
from earmark.pipeline.open_secrets import DAYS_KEPT, hide_open, standing, tidy_secrets
from earmark.pipeline.private import with_login
from earmark.records import Feed
from earmark.vault import Vault

NEW_TOKEN, NEW_PASSWORD = "canary-other-9911", "canary-fresh-7722"


def old_library(bench: Bench) -> Feed:  # noqa: F811
    """A show whose secrets an older Earmark wrote into the library, and into a copy of it."""
    feed = add_feed(bench.tools, private_show(bench), keep_in_library=True)
    with bench.library._transaction() as db:
        db.execute("DELETE FROM kept_open")
        db.execute("UPDATE feeds SET error = ?", [f"No answer from {feed.url}"])
    back_up(bench.library._db, bench.tools.paths, system_clock())
    return feed


def tidied(bench: Bench, days: int = 0) -> None:  # noqa: F811
    """What happens when the library is opened, some days from now."""
    now_ms = to_ms(bench.tools.clock() + timedelta(days=days))
    tidy_secrets(bench.library, bench.tools.door.vault, bench.tools.paths, now_ms)


def with_secrets(bench: Bench, token: str, password: str, title: str = "Club") -> str:  # noqa: F811
    """The club's show at another token and password, as after these were changed."""
    url = private_show(bench)
    old = f"/club/feed.xml?token={TOKEN}"
    page = bench.web.pages.pop(old)
    bench.web.locked.pop(old)
    path = f"/club/feed.xml?token={quote(token)}"
    body = page[1].replace(TOKEN.encode(), token.encode()).replace(b">Club<", f">{title}<".encode())
    bench.web.add(path, "application/rss+xml", body)
    return with_login(url.replace(TOKEN, token), "ann", password)


def test_what_an_older_program_wrote_in_the_open_is_hidden_when_the_library_is_opened(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    feed = old_library(bench)
    paths = bench.tools.paths
    assert len(canaries_in(paths.backups)) == 1
    tidied(bench)
    assert is_hidden(bench.library.feed(feed.id).url)
    found = standing(bench.library, paths)
    assert (found.shows, found.copies, found.unreadable) == ((), (), ())
    without_memory(bench)
    assert news(bench).problems == ()
    assert len(bench.library.episodes()) == 1
    bench.library.close()
    assert canaries_in(paths.data) == []
    with closing(sqlite3.connect(backups(paths)[0])) as db:
        assert db.execute("PRAGMA quick_check").fetchone() == ("ok",)
        assert db.execute("SELECT title FROM feeds").fetchall() == [("Club",)]
        assert db.execute("SELECT count(*) FROM episodes").fetchone() == (1,)
        marked = db.execute("SELECT url FROM feeds").fetchone()[0]
    assert {memory.kept[("Earmark shows", mark)] for mark in marks_in(marked)} == {TOKEN, f"ann:{PASSWORD}"}


def test_copies_of_every_older_form_are_mended(bench: Bench, memory: MemoryKeyring) -> None:  # noqa: F811
    old_library(bench)
    copy = bench.tools.paths.backups / "library-2026-01-01-v1.db"
    with closing(sqlite3.connect(backups(bench.tools.paths)[0])) as db, closing(sqlite3.connect(copy)) as old:
        old.execute("CREATE TABLE feeds (id INTEGER PRIMARY KEY, url TEXT, title TEXT, etag TEXT,"
                    " last_modified TEXT, body_sha256 TEXT)")  # fmt: skip
        old.execute("CREATE TABLE episodes (id INTEGER PRIMARY KEY, feed_id INTEGER, enclosure_url TEXT)")
        old.execute("INSERT INTO feeds (id, url, title) VALUES (1, ?, 'Club')",
                    db.execute("SELECT url FROM feeds").fetchone())  # fmt: skip
        old.execute("INSERT INTO episodes VALUES (1, 1, ?)", [f"https://cdn.example/x?auth={EPISODE_TOKEN}"])
        old.commit()
    assert len(canaries_in(bench.tools.paths.backups)) == 2
    tidied(bench)
    assert canaries_in(bench.tools.paths.backups) == []


def test_without_a_keyring_the_show_stays_as_it_is_and_the_user_is_told_until_there_is_one(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    feed = old_library(bench)
    memory.locked = True
    tidied(bench)
    assert bench.library.feed(feed.id).url == feed.url
    assert [show.id for show in standing(bench.library, bench.tools.paths).shows] == [feed.id]
    assert news(bench).problems == ()
    with pytest.raises(KnownError, match="no keyring"):
        hide_open(bench.library, bench.tools.door.vault, bench.tools.paths)
    memory.locked = False
    tidied(bench)
    assert is_hidden(bench.library.feed(feed.id).url)


def test_what_the_user_wants_in_the_library_stays_there(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    feed = add_feed(bench.tools, private_show(bench), keep_in_library=True)
    back_up(bench.library._db, bench.tools.paths, system_clock())
    tidied(bench)
    assert bench.library.feed(feed.id).url == feed.url
    found = standing(bench.library, bench.tools.paths)
    assert (found.shows, found.copies, [show.id for show in found.wanted]) == ((), (), [feed.id])


def test_a_copy_that_cannot_be_written_stays_as_it_was_and_the_others_are_mended(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old_library(bench)
    (newest,) = backups(bench.tools.paths)
    older = newest.with_name("library-2026-01-01-v13.db")
    older.write_bytes(newest.read_bytes())
    replaced = Path.replace

    def full(part: Path, target: Path) -> Path:
        if target == newest:
            raise OSError(28, "No space left on device")
        return replaced(part, target)

    before = newest.read_bytes()
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(KnownError, match="it is as it was"):
        hide_open(bench.library, bench.tools.door.vault, bench.tools.paths)
    assert newest.read_bytes() == before
    assert canaries_in(bench.tools.paths.backups) == [str(newest)]
    monkeypatch.undo()
    tidied(bench)
    assert canaries_in(bench.tools.paths.backups) == []


def test_a_hidden_show_goes_into_the_library_when_the_user_wants_it_there_after_all(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    url = private_show(bench)
    first = add_feed(bench.tools, url)
    again = add_feed(bench.tools, url, keep_in_library=True)
    assert (again.id, again.url) == (first.id, url)
    tidied(bench)
    assert [feed.url for feed in bench.library.feeds()] == [url]


def test_a_damaged_copy_is_told_and_left_alone(bench: Bench, memory: MemoryKeyring) -> None:  # noqa: F811
    old_library(bench)
    broken = bench.tools.paths.backups / "library-2026-01-02-v3.db"
    broken.write_bytes(b"SQLite format 3\0" + b"rubbish" * 999)
    tidied(bench)
    assert standing(bench.library, bench.tools.paths).unreadable == (broken,)
    assert broken.read_bytes().endswith(b"rubbish")


@pytest.mark.parametrize("known", [True, False])
def test_another_token_and_password_of_the_same_show_make_no_second_subscription(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
    known: bool,
) -> None:
    first = add_feed(bench.tools, private_show(bench))
    if not known:
        memory.kept.clear()
        without_memory(bench)
    again = add_show(bench.tools, with_secrets(bench, NEW_TOKEN, NEW_PASSWORD), Watch())
    assert (again.feed.id, again.new, again.renewed) == (first.id, False, True)
    assert again.notes[-1].startswith("You had Club already.")
    assert len(bench.library.feeds()) == 1
    without_memory(bench)
    assert news(bench).problems == ()
    assert NEW_TOKEN in bench.web.asked[-1]
    assert len(bench.library.episodes()) == 1
    assert NEW_TOKEN in memory.kept.values()


def test_two_shows_that_differ_in_their_secret_and_title_stay_two(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    add_feed(bench.tools, private_show(bench))
    other = with_secrets(bench, NEW_TOKEN, PASSWORD, title="Choir")
    add_feed(bench.tools, other)  # its episode has the same short number
    assert sorted(feed.title for feed in bench.library.feeds()) == ["Choir", "Club"]


def numbered_show(bench: Bench, folder: str, token: str, *guids: str) -> str:  # noqa: F811
    """A show called Club behind a token, with episodes of these GUIDs; its address."""
    plain = serve_show(bench.web, folder, "Club", [Item(guid, folder, 1, transcript()) for guid in guids])
    mime, body = bench.web.pages.pop(f"/{folder}/feed.xml")
    bench.web.add(
        f"/{folder}/feed.xml?token={token}", mime, body.replace(f"<guid>{folder}-".encode(), b"<guid>")
    )
    return f"{plain}?token={token}"


def test_two_shows_that_differ_in_their_secret_alone_stay_two(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    first = add_feed(bench.tools, numbered_show(bench, "club", TOKEN, "1", "2"))
    second = add_feed(bench.tools, numbered_show(bench, "club", NEW_TOKEN, "8", "9"))
    assert first.id != second.id
    assert len(bench.library.feeds()) == 2


def test_two_shows_of_one_host_and_title_with_numbered_episodes_stay_two(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    first = add_feed(bench.tools, numbered_show(bench, "a", TOKEN, "1", "2", "3"))
    second = add_feed(bench.tools, numbered_show(bench, "b", NEW_TOKEN, "1", "2", "3"))
    assert first.id != second.id
    assert len(bench.library.feeds()) == 2


def test_a_show_that_moved_with_its_secret_is_known_by_an_episode_that_no_other_has(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    first = add_feed(bench.tools, numbered_show(bench, "a", TOKEN, "an-episode-0001"))
    second = add_feed(bench.tools, numbered_show(bench, "b", NEW_TOKEN, "an-episode-0001"))
    assert first.id == second.id


def test_a_list_with_another_password_renews_the_show(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
    tmp_path: Path,
) -> None:
    first = add_feed(bench.tools, private_show(bench))
    rows = [with_secrets(bench, TOKEN, NEW_PASSWORD), with_secrets(bench, NEW_TOKEN, NEW_PASSWORD, "Choir")]
    for url, title, new in ((rows[0], "Anything", 0), (rows[1], "Club", 0), (rows[1], "Choir", 0)):
        file = tmp_path / f"{title}.opml"
        file.write_text(
            f'<opml version="2.0"><body><outline text="{title}" xmlUrl="{url}"/></body></opml>', "utf-8"
        )
        result = import_list(bench.tools, file, Watch(), near=True)
        assert (result.new, result.known, result.bad) == (new, 1, ())
    assert [feed.id for feed in bench.library.feeds()] == [first.id]
    assert f"ann:{NEW_PASSWORD}" in memory.kept.values()


def a_list(folder: Path, url: str, title: str = "") -> Path:
    """A list with one row, with or without a title."""
    file = folder / "list.opml"
    text = f'text="{title}" ' if title else ""
    row = f'<outline {text}xmlUrl="{url}"/>'
    file.write_text(f'<opml version="2.0"><body>{row}</body></opml>', "utf-8")
    return file


@pytest.mark.parametrize("title", ["", "Club"])
def test_a_list_with_another_token_is_another_show_where_nothing_proves_that_it_is_the_same(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
    tmp_path: Path,
    title: str,
) -> None:
    for token in (TOKEN, NEW_TOKEN):  # never read
        file = a_list(tmp_path, f"https://e.org/feed?token={token}", title)
        assert import_list(bench.tools, file, Watch()).new == 1
    assert len(bench.library.feeds()) == 2


def test_a_row_without_a_title_is_no_show_whose_title_is_the_host(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
    tmp_path: Path,
) -> None:
    host = "127.0.0.1"
    add_feed(bench.tools, with_secrets(bench, TOKEN, PASSWORD, title=host))
    file = a_list(tmp_path, with_secrets(bench, NEW_TOKEN, PASSWORD))
    assert import_list(bench.tools, file, Watch(), near=True).new == 1


def test_of_a_show_whose_address_is_hidden_whole_no_other_of_its_host_and_title_takes_the_place(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
    tmp_path: Path,
) -> None:
    first = add_feed(bench.tools, numbered_show(bench, "a", TOKEN, "1"), private=True)
    file = a_list(tmp_path, numbered_show(bench, "b", NEW_TOKEN, "1"), "Club")
    assert import_list(bench.tools, file, Watch(), near=True, private=True).new == 1
    assert bench.library.feed(first.id).url == first.url


def refused(bench: Bench) -> Feed:  # noqa: F811
    """A show whose old token is refused for some time, so that it is asked ever more seldom."""
    url = numbered_show(bench, "club", TOKEN, "an-episode-0001")
    feed = add_feed(bench.tools, url)
    path = f"/club/feed.xml?token={TOKEN}"
    bench.web.pages.pop(path)
    for _ in range(3):
        assert news(bench).problems
    assert bench.library.schedules()[feed.id].errors == 3
    return feed


def test_a_renewed_secret_brings_the_new_places_of_recordings_and_ends_the_waiting(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    feed = refused(bench)
    old = bench.library.episodes()[0].transcripts
    url = numbered_show(bench, "club", NEW_TOKEN, "an-episode-0001", "an-episode-0002")
    path = f"/club/feed.xml?token={NEW_TOKEN}"
    mime, body = bench.web.pages[path]
    bench.web.add(path, mime, body.replace(b'.json"', f'.json?token={NEW_TOKEN}"'.encode()))
    again = add_show(bench.tools, url, Watch())
    assert (again.feed.id, again.renewed, again.feed.error) == (feed.id, True, None)
    assert bench.library.schedules()[feed.id].errors == 0
    episodes = {episode.guid: episode for episode in bench.library.episodes()}
    assert sorted(episodes) == ["an-episode-0001", "an-episode-0002"]
    assert episodes["an-episode-0001"].transcripts != old
    place = episodes["an-episode-0001"].transcripts[0].url
    assert bench.tools.door.vault.reveal(place).endswith(f"?token={NEW_TOKEN}")


def test_a_show_that_a_list_renews_is_asked_at_the_next_refresh_however_long_it_was_refused(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
    tmp_path: Path,
) -> None:
    feed = refused(bench)
    url = numbered_show(bench, "club", NEW_TOKEN, "an-episode-0001")
    result = import_list(bench.tools, a_list(tmp_path, url, "Club"), Watch(), near=True)
    assert (result.renewed, bench.library.feed(feed.id).error) == (1, None)
    assert refresh(bench.tools, Watch()).problems == ()
    assert bench.web.asked[-1].endswith(NEW_TOKEN)


@pytest.mark.parametrize("private", [False, True])
def test_the_list_that_was_written_here_brings_no_private_show_a_second_time(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
    tmp_path: Path,
    private: bool,
) -> None:
    add_feed(bench.tools, with_secrets(bench, TOKEN, PASSWORD))
    add_feed(bench.tools, numbered_show(bench, "a", TOKEN, "1"))
    add_feed(bench.tools, numbered_show(bench, "a", NEW_TOKEN, "2"))
    add_feed(bench.tools, numbered_show(bench, "b", TOKEN, "1"), private=True)
    before = {feed.id: feed.url for feed in bench.library.feeds()}
    file = tmp_path / "shows.opml"
    export_list(bench.library, file, bench.tools.clock)
    result = import_list(bench.tools, file, Watch(), near=True, private=private)
    assert (result.new, result.known, result.renewed, result.bad) == (0, 4, 0, ())
    assert {feed.id: feed.url for feed in bench.library.feeds()} == before
    other = a_list(tmp_path, f"{bench.web.origin}/", "Another show")
    assert import_list(bench.tools, other, Watch(), near=True).new == 1


def test_the_keyring_forgets_a_show_that_was_left_but_not_at_once(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    feed = add_feed(bench.tools, private_show(bench, words=False))
    unsubscribe(bench.tools, feed)
    assert bench.library.feed_addresses() == {}
    tidied(bench)
    tidied(bench, days=DAYS_KEPT - 1)
    assert TOKEN in memory.kept.values()
    without_memory(bench)
    assert add_feed(bench.tools, feed.url).title == "Club"  # the marked address is enough
    tidied(bench, days=DAYS_KEPT + 1)
    assert TOKEN in memory.kept.values()
    unsubscribe(bench.tools, bench.library.feeds()[0])
    tidied(bench, days=DAYS_KEPT + 1)
    tidied(bench, days=3 * DAYS_KEPT)
    assert set(memory.kept) == {("Earmark shows", "key of marks")}


def test_a_secret_that_the_keyring_cannot_forget_now_is_forgotten_later(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    unsubscribe(bench.tools, add_feed(bench.tools, private_show(bench, words=False)))
    tidied(bench)
    memory.locked = True
    tidied(bench, days=DAYS_KEPT + 1)
    memory.locked = False
    assert TOKEN in memory.kept.values()
    tidied(bench, days=DAYS_KEPT + 2)
    assert TOKEN not in memory.kept.values()


def test_tokens_of_places_that_a_feed_names_do_not_pile_up(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    add_feed(bench.tools, private_show(bench))
    path = f"/club/feed.xml?token={TOKEN}"
    kind, body = bench.web.pages[path][:2]
    kept = set(memory.kept)
    for turn in range(3):
        place = f"{bench.web.origin}/elsewhere?token=canary-moved-{turn}"
        tag = f"<itunes:new-feed-url>{place}</itunes:new-feed-url></channel>".encode()
        bench.web.add(path, kind, body.replace(b"</channel>", tag))
        assert news(bench).problems == ()
    assert set(memory.kept) == kept


def test_a_show_that_moves_to_another_token_is_asked_there_after_a_restart(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    item = Item("e", "An episode", 1, transcript())
    plain = serve_show(bench.web, "club", "Club", [item])
    kind, body = bench.web.pages["/club/feed.xml"][:2]
    bench.web.add(f"/club/feed.xml?t={TOKEN}", kind, body)
    feed = add_feed(bench.tools, f"{plain}?t={TOKEN}")
    tag = f"<itunes:new-feed-url>{plain}?t={NEW_TOKEN}</itunes:new-feed-url></channel>".encode()
    bench.web.add(f"/club/feed.xml?t={TOKEN}", kind, body.replace(b"</channel>", tag))
    bench.web.add(f"/club/feed.xml?t={NEW_TOKEN}", kind, body)
    assert news(bench).problems == ()
    assert bench.library.feed(feed.id).url != feed.url
    without_memory(bench)
    assert news(bench).problems == ()
    assert bench.web.asked[-1].endswith(NEW_TOKEN)
    tidied(bench)
    tidied(bench, days=DAYS_KEPT)
    assert TOKEN not in memory.kept.values()
    assert NEW_TOKEN in memory.kept.values()


def test_a_show_that_the_user_calls_private_is_hidden_whole(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
) -> None:
    item = Item("e", "An episode", 1, transcript())
    serve_show(bench.web, "plain-words", "Plain", [item])
    url = f"{bench.web.origin}/plain-words/feed.xml"
    public = add_feed(bench.tools, url)
    assert public.url == url
    back_up(bench.library._db, bench.tools.paths, system_clock())
    feed = add_feed(bench.tools, url, private=True)
    assert (feed.id, is_whole(feed.url)) == (public.id, True)
    assert "plain-words" not in feed.url
    assert add_feed(bench.tools, url).id == feed.id
    assert add_feed(bench.tools, url, private=True).id == feed.id
    without_memory(bench)
    assert news(bench).problems == ()
    assert "plain-words/feed.xml" in memory.kept.values()
    bench.library.close()
    for path in (bench.tools.paths.library, backups(bench.tools.paths)[0]):
        assert b"plain-words/feed.xml" not in path.read_bytes()


def test_a_hidden_path_that_is_a_mere_word_breaks_no_other_address(
    memory: MemoryKeyring,
) -> None:
    vault = Vault()
    marked = vault.hide("https://ann:hunter22@e.org:8/podcast", whole=True)
    text = 'hunter22 <a href="https://e.org:8/podcast">podcast</a> https://podcasts.example/podcast/1.mp3'
    hidden = vault.hide_all(text, marked)
    assert hidden.endswith('">podcast</a> https://podcasts.example/podcast/1.mp3')
    assert "e.org:8/podcast" not in hidden
    assert "hunter22" not in hidden
    members = vault.hide("https://e.org/members/abc12345/feed.xml?a=1&b=2", whole=True)
    text = "https://e.org/members/abc12345/feed.xml?a=1&amp;b=2 https://cdn.example/abc12345/1.mp3 feed.xml"
    hidden = vault.hide_all(text, members)
    assert "abc12345" not in hidden
    assert hidden.endswith("/1.mp3 feed.xml")


def test_a_list_can_be_taken_in_as_private_or_in_the_open(
    bench: Bench,  # noqa: F811
    memory: MemoryKeyring,
    tmp_path: Path,
) -> None:
    file = tmp_path / "shows.opml"
    rows = (
        '<outline text="A" xmlUrl="https://e.org/a"/><outline text="B" xmlUrl="https://e.org/b?token=xyz"/>'
    )
    file.write_text(f'<opml version="2.0"><body>{rows}</body></opml>', "utf-8")
    assert import_list(bench.tools, file, Watch(), private=True).new == 2
    assert all(is_whole(feed.url) for feed in bench.library.feeds())
    assert import_list(bench.tools, file, Watch()).known == 2
    for feed in bench.library.feeds():
        unsubscribe(bench.tools, feed)
    memory.locked = True
    bench.tools = replace(
        bench.tools, door=type(bench.tools.door)(user_agent="t", log=bench.library.log_request)
    )
    assert import_list(bench.tools, file, Watch(), keep_in_library=True).bad == ()
    tidied(bench)
    assert [feed.url for feed in bench.library.feeds()] == ["https://e.org/a", "https://e.org/b?token=xyz"]
    assert [show.title for show in standing(bench.library, bench.tools.paths).wanted] == ["B"]
