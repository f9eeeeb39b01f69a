"""Shows come by any address that people have of them, and from nowhere else."""

import json
import shutil
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest
from shows import Item, Web, serve_show
from test_pipeline import Bench, ScriptedEngines, audio_show, opened, transcript

from earmark.clock import to_ms
from earmark.engines import About, EngineDied, Media
from earmark.errors import Cancelled, KnownError
from earmark.paths import Paths
from earmark.pipeline import SeveralFeeds, Watch, add_link, add_show, process, refresh
from earmark.pipeline.adding import ASKED_APPLE, NOTHING_TO_HEAR
from earmark.pipeline.backlog import choices_of, queue_newest
from earmark.pipeline.care import undo_import, unsubscribe
from earmark.pipeline.directory import Directories, find_shows
from earmark.pipeline.lists import export_list, import_list
from earmark.pipeline.local import GONE, _own_folders
from earmark.pipeline.named import episode_named, feed_named

WATCH = Watch()
CHANNEL = "UC" + "a" * 22
CLIPS = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Films</title>
<entry><id>v1</id><title>One</title></entry></feed>"""


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A bench whose user may ask this machine."""
    with opened(tmp_path / "profile") as made:
        made.tools.door.allow(made.web.origin + "/")
        yield made


def places(web: Web) -> Directories:
    """All directories stand on this machine."""
    return Directories(apple=web.origin, podcastindex=web.origin, youtube=web.origin)


def a_list(folder: Path, *rows: tuple[str, str]) -> Path:
    """A list of shows: (title, address)."""
    file = folder / "shows.opml"
    outlines = "\n".join(f'<outline text="{title}" xmlUrl="{url}"/>' for title, url in rows)
    file.write_text(f"<opml><body>\n{outlines}\n</body></opml>", encoding="utf-8")
    return file


def test_a_feed_is_asked_once_to_be_added_and_not_again(bench: Bench) -> None:
    url = audio_show(bench.web, 5)
    added = add_show(bench.tools, url, WATCH)
    assert (added.new, added.episodes, added.notes) == (True, 5, ())
    assert len(bench.library.jobs()) == 3
    again = add_show(bench.tools, url.replace("http://", "HTTP://") + "#top", WATCH)
    assert (again.new, again.feed.id) == (False, added.feed.id)
    assert bench.web.asked == ["/spoken/feed.xml"]


def a_page(web: Web, *links: tuple[str, str, str]) -> str:
    """A page that links to feeds: (title, address, kind of XML)."""
    tags = "".join(
        f'<link rel="alternate" type="application/{kind}+xml" title="{title}" href="{url}">'
        for title, url, kind in links
    )
    return web.add("/page", "text/html", f"<html><head>{tags}</head></html>".encode())


def test_of_several_feeds_of_a_page_none_is_taken_unasked(bench: Bench) -> None:
    one, two = (serve_show(bench.web, slug, slug.title(), []) for slug in ("baking", "brewing"))
    page = a_page(bench.web, ("Baking &amp; more\x1b[2J", one, "rss"), ("Brewing", two, "rss"))
    with pytest.raises(SeveralFeeds) as found:
        add_show(bench.tools, page, WATCH)
    told = [(each.title, each.url) for each in found.value.choices]
    assert told == [("Baking & more[2J", one), ("Brewing", two)]
    assert f"earmark add {two}" in str(found.value)
    assert (bench.library.feeds(), bench.web.asked) == ([], ["/page"])
    assert add_show(bench.tools, found.value.choices[1].url, WATCH).feed.title == "Brewing"
    _, [(typed, reason)] = add_link(bench.tools, page, WATCH)
    assert (typed, reason) == (page, str(found.value))


@pytest.mark.parametrize(
    "others",
    [
        [
            ("Spoken » Comments Feed", "/comments/feed/", "rss"),
            ("On rye", "/on-rye/comments/default", "atom"),
        ],
        [("Comments on: Rye", "/on-rye/feed", "rss")],
        [("Spoken (Atom)", "/spoken.atom", "atom")],
        [("", "/spoken/feed.xml/", "atom")],
    ],
)
def test_the_feed_of_the_show_is_taken_where_the_others_hold_comments_or_the_same_again(
    bench: Bench, others: list[tuple[str, str, str]]
) -> None:
    feed = audio_show(bench.web)
    page = a_page(bench.web, *others[:-1], ("Spoken RSS feed", feed, "rss"), others[-1])
    assert add_show(bench.tools, page, WATCH).feed.url == feed


def test_a_page_that_has_comments_alone_still_gives_them(bench: Bench) -> None:
    feed = serve_show(bench.web, "comments", "Comments", [])
    assert add_show(bench.tools, a_page(bench.web, ("Comments", feed, "rss")), WATCH).feed.url == feed


def test_an_address_of_apples_is_turned_into_the_feed_by_asking_apple_and_that_is_said(bench: Bench) -> None:
    feed = audio_show(bench.web)
    row = {"collectionId": 123456, "collectionName": "Spoken", "artistName": "Ann", "feedUrl": feed}
    other = {"collectionId": 99, "collectionName": "Other", "feedUrl": f"{bench.web.origin}/other"}
    question = "/lookup?id=123456&entity=podcast&country=de"
    bench.web.add(question, "application/json", json.dumps({"results": [other, row]}).encode())
    apple = "https://podcasts.apple.com/de/podcast/spoken/id123456?i=1000"
    added = add_show(bench.tools, apple, WATCH, places=places(bench.web))
    assert (added.feed.url, added.notes) == (feed, (ASKED_APPLE,))
    assert bench.web.asked == [question, "/spoken/feed.xml"]


@pytest.mark.parametrize("path", ["/us/browse", "/us/channel/many/id123456", "/us/artist/ann/id123456"])
def test_a_page_of_apples_with_many_shows_is_not_asked_for_one(bench: Bench, path: str) -> None:
    with pytest.raises(KnownError, match="not that of one show"):
        add_show(bench.tools, f"https://podcasts.apple.com{path}", WATCH, places=places(bench.web))
    assert (bench.library.feeds(), bench.web.asked) == ([], [])


@pytest.mark.parametrize("answer", [b'{"results": []}', b'{"results": [{"feedUrl": "file:///etc/passwd"}]}'])
def test_a_show_that_apple_has_no_feed_of_is_told_so(bench: Bench, answer: bytes) -> None:
    bench.web.add("/lookup?id=123456&entity=podcast", "application/json", answer)
    with pytest.raises(KnownError, match="Apple does not tell"):
        add_show(bench.tools, "https://itunes.apple.com/podcast/id123456", WATCH, places=places(bench.web))
    assert bench.library.feeds() == []


def test_channels_playlists_and_handles_of_youtube_become_their_feeds(bench: Bench) -> None:
    for query in (f"channel_id={CHANNEL}", "playlist_id=PLabcdefghij"):
        bench.web.add(f"/feeds/videos.xml?{query}", "text/xml", CLIPS)
    bench.web.add("/@films", "text/html", f'<link href="https://www.youtube.com/channel/{CHANNEL}">'.encode())
    by_handle = add_show(bench.tools, "https://www.youtube.com/@films", WATCH, places=places(bench.web))
    assert by_handle.feed.url == f"{bench.web.origin}/feeds/videos.xml?channel_id={CHANNEL}"
    assert by_handle.notes == (NOTHING_TO_HEAR,)
    assert bench.library.jobs() == [], "what cannot be heard is not queued"
    listed = "https://youtube.com/playlist?list=PLabcdefghij"
    assert add_show(bench.tools, listed, WATCH, places=places(bench.web)).new
    bench.web.add("/watch?v=dQw4w9WgXcQ", "text/html", f'{{"channelId":"{CHANNEL}"}}'.encode())
    again = add_show(bench.tools, "https://youtu.be/dQw4w9WgXcQ?si=x", WATCH, places=places(bench.web))
    assert (again.new, again.feed.id) == (False, by_handle.feed.id)
    bench.web.add("/@nobody", "text/html", b"<html>Before you continue</html>")
    with pytest.raises(KnownError, match="which channel"):
        add_show(bench.tools, "https://www.youtube.com/@nobody", WATCH, places=places(bench.web))


def test_a_dropped_text_adds_every_show_that_can_be_had(bench: Bench) -> None:
    good, other = audio_show(bench.web), serve_show(bench.web, "b", "B", [])
    changes, problems = add_link(bench.tools, f"{good}\n{bench.web.origin}/nothing\nsee {other}.", WATCH)
    assert len(changes.feed_ids) == 2
    assert [address for address, _ in problems] == [f"{bench.web.origin}/nothing"]
    with pytest.raises(KnownError, match="no address"):
        add_link(bench.tools, "only some words", WATCH)


def test_the_choices_of_how_far_back_tell_their_hours(bench: Bench) -> None:
    items = [
        Item(f"e{n}", f"Episode {n}", n % 28 + 1, audio=("audio/mpeg", b"sound"), duration_s=3600)
        for n in range(12)
    ]
    added = add_show(bench.tools, serve_show(bench.web, "long", "Long", items), WATCH, backlog=0)
    assert bench.library.jobs() == []
    choices = choices_of(bench.tools, added.feed.id, also=5)
    assert [choice.episodes for choice in choices] == [1, 3, 5, 10, 12]
    assert choices[0].work_s > 600
    assert choices[-1].work_s == pytest.approx(12 * choices[0].work_s)
    assert queue_newest(bench.tools, added.feed.id, 5) == 5
    assert queue_newest(bench.tools, added.feed.id, 10) == 5


def test_without_a_speech_model_what_would_be_heard_is_counted_apart(tmp_path: Path) -> None:
    with opened(tmp_path / "profile", speech_model=None) as bench:
        bench.tools.door.allow(bench.web.origin + "/")
        items = [Item("w", "W", 2, transcript=transcript()), Item("h", "H", 1, audio=("audio/mpeg", b"x"))]
        added = add_show(bench.tools, serve_show(bench.web, "both", "Both", items), WATCH)
        assert [choice.unheard for choice in choices_of(bench.tools, added.feed.id)] == [0, 1]


def test_a_list_is_taken_in_without_asking_and_the_next_refresh_asks_all(
    bench: Bench, tmp_path: Path
) -> None:
    one, two = audio_show(bench.web, 5), serve_show(bench.web, "b", "B", [])
    file = a_list(
        tmp_path, ("One", one), ("One again", one + "/"), ("Two", two), ("Mail", "mailto:a@e.org"),
        ("Gone", f"{bench.web.origin}/gone"),
    )  # fmt: skip
    imported = import_list(bench.tools, file, WATCH, first_episodes=2, near=True)
    assert (imported.new, imported.known) == (3, 0)
    assert [(row.line, row.text) for row in imported.bad] == [(3, "One again"), (5, "Mail")]
    assert bench.web.asked == []
    assert [(f.title, f.checked_ms) for f in bench.library.feeds()] == [
        ("Gone", None),
        ("One", None),
        ("Two", None),
    ]
    result = refresh(bench.tools, WATCH)
    assert (result.new_episodes, [title for title, _ in result.problems]) == (5, ["Gone"])
    assert {f.title for f in bench.library.feeds()} == {"Spoken", "B", "Gone"}
    assert len(bench.library.jobs()) == 2
    again = import_list(bench.tools, file, WATCH, near=True)
    assert (again.new, again.known) == (0, 4)


def test_a_list_from_elsewhere_leads_nowhere_inside_the_users_network(bench: Bench, tmp_path: Path) -> None:
    """F-16, N-08"""
    inside = ["http://127.0.0.1:8080/a", "http://[::1]/b", "http://192.168.1.1/c", "http://localhost/d",
              "http://router.local/e", "http://169.254.169.254/f"]  # fmt: skip
    hidden = f"http://0x7f.1:{bench.web.origin.rpartition(':')[2]}/spoken/feed.xml"
    file = a_list(tmp_path, *(("Inside", url) for url in inside), ("Hidden", hidden))
    imported = import_list(bench.tools, file, WATCH)
    assert (imported.new, len(imported.bad)) == (1, len(inside))
    assert all("own network" in row.reason for row in imported.bad)
    result = refresh(bench.tools, WATCH)
    assert len(result.problems) == 1
    assert bench.web.asked == []


@pytest.mark.needs_shared
def test_hostile_lists_are_taken_in_for_what_is_good_in_them(
    bench: Bench, shared: Callable[[str], Path]
) -> None:
    """F-16"""
    folder = shared("data/hostile/opml")
    doubled = import_list(bench.tools, folder / "duplicates_case_and_slash.opml", WATCH)
    assert [feed.url for feed in bench.library.feeds()] == ["https://example.invalid/feed"]
    reasons = [row.reason for row in doubled.bad]
    assert [sum(words in reason for reason in reasons) for words in ("twice", "not a web address")] == [5, 2]
    for name in ("xxe.opml", "not_opml.opml"):
        with pytest.raises(KnownError):
            import_list(bench.tools, folder / name, WATCH)
    assert import_list(bench.tools, folder / "nested_5000.opml", WATCH).new in (0, 1)
    assert import_list(bench.tools, folder / "2000_feeds.opml", WATCH).new == 2000
    assert bench.web.asked == []


def test_a_list_that_is_stopped_half_way_changes_nothing(bench: Bench, tmp_path: Path) -> None:
    file = a_list(tmp_path, *((f"Show {n}", f"https://e{n}.example/feed") for n in range(10)))
    asked = iter(range(100))
    with pytest.raises(Cancelled):
        import_list(bench.tools, file, Watch(cancelled=lambda: next(asked) > 5))
    assert bench.library.feeds() == []


def test_a_list_of_5000_shows_is_in_the_library_at_once(bench: Bench, tmp_path: Path) -> None:
    """F-16"""
    file = a_list(tmp_path, *((f"Show {n}", f"https://e{n}.example/feed") for n in range(5000)))
    assert import_list(bench.tools, file, WATCH).new == 5000
    assert len(undo_import(bench.tools)) == 5000
    assert bench.library.feed_addresses() == {}


def test_what_is_unsubscribed_from_is_asked_no_more_and_comes_back_with_its_insights(
    bench: Bench, tmp_path: Path
) -> None:
    items = [Item(f"e{n}", f"Episode {n}", n + 1, transcript=transcript()) for n in range(5)]
    url = serve_show(bench.web, "shop", "Shop Talk", items)
    feed = add_show(bench.tools, url, WATCH, backlog=1).feed
    process(bench.tools, WATCH)
    found = {insight.id for insight in bench.library.insights()}
    gone = unsubscribe(bench.tools, feed)
    assert (gone.episodes, gone.insights, gone.kept_episodes) == (4, len(found), 1)
    asked = len(bench.web.asked)
    assert refresh(bench.tools, WATCH).new_episodes == 0
    assert len(bench.web.asked) == asked
    assert export_list(bench.library, tmp_path / "x.opml", bench.tools.clock).shows == 0
    again = add_show(bench.tools, url, WATCH, backlog=2)
    assert (again.new, again.feed.id, again.episodes) == (True, feed.id, 5)
    assert {insight.id for insight in bench.library.insights()} == found
    assert sorted(job.state for job in bench.library.jobs()) == ["done", "waiting"]
    process(bench.tools, WATCH)
    assert {insight.id for insight in bench.library.insights()} > found


def test_downloaded_sound_goes_with_its_show(bench: Bench) -> None:
    feed = add_show(bench.tools, audio_show(bench.web), WATCH).feed
    process(bench.tools, WATCH)
    assert list(bench.tools.paths.audio.iterdir())
    unsubscribe(bench.tools, feed)
    assert list(bench.tools.paths.audio.iterdir()) == []


def test_names_of_shows_and_episodes_need_only_be_clear(bench: Bench) -> None:
    one = add_show(
        bench.tools, serve_show(bench.web, "a", "The Daily Bread", [Item("x", "On rye", 1)]), WATCH
    )
    add_show(bench.tools, serve_show(bench.web, "b", "The Daily Brew", [Item("y", "On rye", 1)]), WATCH)
    feeds = bench.library.feeds()
    for named in (str(one.feed.id), one.feed.url, "the daily bread", "bread", one.feed.url + "/"):
        assert feed_named(feeds, named).id == one.feed.id
    with pytest.raises(KnownError, match=r"fits 2 shows.*The Daily Brew"):
        feed_named(feeds, "daily")
    with pytest.raises(KnownError, match="no show"):
        feed_named(feeds, "")
    with pytest.raises(KnownError, match="fits 2 episodes"):
        episode_named(bench.library, "rye")
    with pytest.raises(KnownError, match="no episode"):
        episode_named(bench.library, "999")


def test_a_directory_is_asked_for_the_words_alone_and_hostile_rows_are_left_out(bench: Bench) -> None:
    rows = [
        {"collectionName": "<b>Bread</b>", "artistName": "Ann", "feedUrl": "https://e.org/f",
         "trackCount": 9},
        {"collectionName": "Evil", "feedUrl": "javascript:alert(1)"},
        {"collectionName": "Evil", "feedUrl": "https://e.org/\x1b[2J f"},
        {"feedUrl": 7}, "row", None,
    ]  # fmt: skip
    path = "/search?term=fresh+bread&media=podcast&entity=podcast&limit=25"
    bench.web.add(path, "application/json", json.dumps({"results": rows}).encode())
    found = find_shows(
        bench.tools.door, " fresh  bread", "apple", bench.tools.clock, places=places(bench.web)
    )
    assert [(each.title, each.author, each.url, each.episodes) for each in found] == [
        ("Bread", "Ann", "https://e.org/f", 9)
    ]
    assert bench.web.asked == [path]
    bench.web.add(path, "application/json", b"[" * 100_000)
    with pytest.raises(KnownError, match="makes no sense"):
        find_shows(bench.tools.door, "fresh bread", "apple", bench.tools.clock, places=places(bench.web))


def test_the_podcast_index_needs_a_key_and_gets_it_signed(bench: Bench) -> None:
    with pytest.raises(KnownError, match="a key of your own"):
        find_shows(bench.tools.door, "bread", "podcastindex", bench.tools.clock, places=places(bench.web))
    assert bench.web.asked == []
    bench.web.add(
        "/api/1.0/search/byterm?q=bread&max=25", "application/json",
        json.dumps({"feeds": [{"title": "Bread", "author": "Ann", "url": "https://e.org/f"}]}).encode(),
    )  # fmt: skip
    key = ("K", "canary-secret")
    found = find_shows(
        bench.tools.door, "bread", "podcastindex", bench.tools.clock, key=key, places=places(bench.web)
    )
    assert [each.url for each in found] == ["https://e.org/f"]
    assert "canary-secret" not in repr(bench.library.requests()) + repr(bench.web.asked)
    assert to_ms(bench.tools.clock()) > 0


def recordings(folder: Path) -> Path:
    """A folder of recordings, one with words beside it, and things that are none."""
    (folder / "talks" / "deep").mkdir(parents=True)
    for name in ("one.mp3", "deep/two_of many.opus", ".hidden.mp3"):
        (folder / "talks" / name).write_bytes(b"sound of " + name.encode())
    (folder / "talks" / "one.json").write_text(json.dumps(transcript()), encoding="utf-8")
    (folder / "talks" / "picture.jpg").write_bytes(b"no")
    return folder / "talks"


def test_a_folder_is_a_show_whose_files_stay_where_they_are(bench: Bench, tmp_path: Path) -> None:
    folder = recordings(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    added = add_show(bench.tools, str(folder), WATCH)
    assert (added.feed.title, added.episodes, added.feed.url) == ("talks", 2, folder.as_uri())
    assert {e.title for e in bench.library.episodes()} == {"one", "two of many"}
    worked = process(bench.tools, WATCH)
    assert (worked.done, worked.failed) == (2, ())
    sources = {}
    for episode in bench.library.episodes():
        words = bench.library.transcript(episode.id)
        sources[episode.title] = words.source if words else None
    assert sources == {"one": "publisher", "two of many": "speech"}
    assert bench.web.asked == []
    assert list(bench.tools.paths.audio.iterdir()) == []
    unsubscribe(bench.tools, added.feed)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_refresh_finds_new_recordings_and_says_what_is_gone(bench: Bench, tmp_path: Path) -> None:
    folder = recordings(tmp_path)
    add_show(bench.tools, f" {folder.as_uri()} ", WATCH, backlog=0)
    (folder / "three.flac").write_bytes(b"more sound")
    result = refresh(bench.tools, WATCH)
    assert (result.new_episodes, result.problems) == (1, ())
    assert len(bench.library.jobs()) == 1
    assert refresh(bench.tools, WATCH).new_episodes == 0
    (folder / "three.flac").unlink()
    worked = process(bench.tools, WATCH)
    assert [reason for _, reason in (*worked.failed, *worked.waiting)] == [
        GONE.format(path=folder / "three.flac")
    ]
    assert len(bench.library.episodes()) == 3
    shutil.rmtree(folder)
    [(title, reason)] = refresh(bench.tools, WATCH).problems
    assert (title, "no file" in reason) == ("talks", True)
    assert bench.library.feeds()[0].error == reason
    with pytest.raises(KnownError, match="not a web address"):
        add_show(bench.tools, folder.as_uri(), WATCH)


@pytest.mark.parametrize(("form", "codec"), [("mp3", "libmp3lame"), ("flac", "flac"), ("mp4", "aac")])
def test_a_recording_goes_by_the_title_that_it_gives_itself(
    bench: Bench, tmp_path: Path, form: str, codec: str
) -> None:
    file = tmp_path / f"track 01.{form}"
    with av.open(str(file), "w", format=form) as container:
        container.metadata["title"] = "What <b>bread</b> costs"
        stream = container.add_stream(codec, rate=16_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 32_000), np.int16), "s16", "mono")
        frame.rate = 16_000
        resampler = av.AudioResampler(stream.codec_context.format, "mono", 16_000)
        for part in (*resampler.resample(frame), None):
            container.mux(stream.encode(part))
    added = add_show(bench.tools, str(file), WATCH)
    [episode] = bench.library.episodes()
    assert (added.feed.title, episode.title) == ("What bread costs", "What bread costs")
    assert episode.duration_ms == pytest.approx(2000, abs=150)
    file.write_bytes(file.read_bytes()[:70])
    refresh(bench.tools, WATCH)
    assert len(bench.library.episodes()) == 1


def test_what_is_dropped_may_be_a_folder_but_never_a_mere_name(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = recordings(tmp_path)
    monkeypatch.chdir(tmp_path)
    _, [(typed, reason)] = add_link(bench.tools, "talks", WATCH)
    assert (typed, bench.library.feeds()) == ("talks", [])
    assert reason
    assert add_link(bench.tools, f"{folder.as_uri()}\r\n", WATCH)[1] == []
    assert [feed.title for feed in bench.library.feeds()] == ["talks"]


def test_one_file_is_a_show_too_and_a_folder_without_sound_is_none(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "A talk é.wav"
    file.write_bytes(b"RIFF")
    added = add_show(bench.tools, str(file), WATCH)
    assert (added.feed.title, added.episodes) == ("A talk é", 1)
    assert process(bench.tools, WATCH).done == 1
    (tmp_path / "empty").mkdir()
    with pytest.raises(KnownError, match="no recording in"):
        add_show(bench.tools, str(tmp_path / "empty"), WATCH)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("list.mp3", b'<?xml version="1.0"?><opml version="2.0"><body/></opml>', "earmark import "),
        ("feed.xml", b'<?xml version="1.0"?><rss version="2.0"></rss>', "by its address: earmark add"),
        ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n", "earmark transcript add EPISODE "),
        ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", "earmark transcript add EPISODE "),
        ("a.json", json.dumps(transcript()).encode(), "earmark transcript add EPISODE "),
        ("page.mp3", b"<!doctype html><html><body>Hello</body></html>", "is a web page"),
        ("notes.txt", b"Bread. " * 400 + "é".encode(), "is a text"),
        ("paper.mp3", b"%PDF-1.7\n\xe2\xe3", "is a PDF document"),
        ("big.gguf", b"GGUF\3\0\0\0", "earmark models add "),
        ("playlist.mp3", b"#EXTM3U\nhttp://127.0.0.1/a.mp3\n", "is a text"),
        ("nothing.mp3", b"", "is empty"),
        ("picture.mp3", b"\x89PNG\r\n\x1a\n" + bytes(99), "it is a picture"),
        ("noise.mp3", bytes(range(256)) * 9, "not a recording that Earmark knows"),
    ],
)
def test_a_file_without_sound_is_no_show_and_its_user_is_told_what_to_do_with_it(
    bench: Bench, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with Media() as media, pytest.raises(KnownError) as fault:
        add_show(replace(bench.tools, media=media), str(file), WATCH)
    assert told in str(fault.value)
    assert str(file) in str(fault.value)
    assert (bench.library.feeds(), file.read_bytes()) == ([], content)


def test_a_recording_is_known_by_its_content_whatever_it_is_called(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "talk.txt"
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(bytes(32_000))
    with Media() as media:
        assert add_show(replace(bench.tools, media=media), str(file), WATCH).episodes == 1


def test_what_the_decoder_dies_on_is_not_taken_in(bench: Bench, tmp_path: Path) -> None:
    class Dying(ScriptedEngines):
        def about(self, source: Path, *, cancelled: Callable[[], bool]) -> About:
            raise EngineDied("The media engine stopped.")

    (tmp_path / "evil.mp3").write_bytes(b"ID3")
    tools = replace(bench.tools, media=cast(Media, Dying()))
    with pytest.raises(KnownError, match=r"evil\.mp3 cannot be read"):
        add_show(tools, str(tmp_path / "evil.mp3"), WATCH)
    assert bench.library.feeds() == []


def test_what_earmark_itself_keeps_is_not_a_show_of_ones_own(bench: Bench) -> None:
    paths = bench.tools.paths
    (paths.audio / "a.audio").write_bytes(b"ID3")
    for place in (paths.audio, paths.audio / "a.audio", paths.clips):
        with pytest.raises(KnownError, match="belongs to Earmark"):
            add_show(bench.tools, str(place), WATCH)


def test_of_a_folder_that_holds_earmark_s_own_its_clips_are_no_episodes(bench: Bench) -> None:
    paths = bench.tools.paths
    talk = paths.data.parent / "talk.mp3"
    for file in (talk, paths.clips / "a.opus", paths.audio / "b.mp3", paths.scratch / "c" / "d.wav"):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"ID3")
    added = add_show(bench.tools, str(paths.data.parent), WATCH)
    assert [episode.title for episode in bench.library.episodes()] == ["talk"]
    (paths.clips / "e.opus").write_bytes(b"ID3")
    assert refresh(bench.tools, WATCH).new_episodes == 0
    unsubscribe(bench.tools, added.feed)
    with pytest.raises(KnownError, match="no recording"):
        add_show(bench.tools, str(paths.data), WATCH)


def test_recordings_below_a_models_folder_of_the_users_are_theirs(tmp_path: Path) -> None:
    own = _own_folders(Paths(tmp_path / "data", tmp_path / "music"))
    assert tmp_path / "music" not in own
    assert tmp_path / "data" / "models" in _own_folders(Paths(tmp_path / "data"))


def test_no_feed_from_the_net_reaches_the_users_files(bench: Bench, tmp_path: Path) -> None:
    """F-03"""
    secret = tmp_path / "secret.mp3"
    secret.write_bytes(b"mine")
    body = (
        '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Evil</title>'
        f'<item><title>One</title><guid>g</guid><enclosure url="{secret.as_uri()}" type="audio/mpeg"/>'
        f'<podcast:transcript url="{secret.as_uri()}" type="text/vtt"/></item></channel></rss>'
    )
    add_show(bench.tools, bench.web.add("/evil.xml", "application/rss+xml", body.encode()), WATCH)
    [episode] = bench.library.episodes()
    assert (episode.enclosure, episode.transcripts) == (None, ())
    moved = b"<rss xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'><channel><title>E</title>"
    moved += f"<itunes:new-feed-url>{tmp_path.as_uri()}</itunes:new-feed-url></channel></rss>".encode()
    bench.web.add("/evil.xml", "application/rss+xml", moved)
    refresh(bench.tools, WATCH)
    assert [feed.url for feed in bench.library.feeds()] == [f"{bench.web.origin}/evil.xml"]
