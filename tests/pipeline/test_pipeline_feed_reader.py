"""Large feeds are read by a confined child, with the same result as here; its word is not trusted."""

import base64
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from read_or_refused import read_or_refused

from earmark.engines import given_up
from earmark.errors import Cancelled, KnownError
from earmark.feeds import parse
from earmark.feeds.loop import FeedsLoop
from earmark.net import Response
from earmark.pipeline import feed_reader
from earmark.pipeline.feed_reader import FeedReader
from earmark.records import Chapter, Enclosure, ParsedEpisode, ParsedFeed, TranscriptLink
from earmark.records.plain_form import as_plain, from_plain

URL = "https://example.org/feed"
ITEM = (
    "<item><title>Nummer {n} für alle &amp; ☂</title><guid>g{n}</guid><link>/p/{n}</link>"
    "<pubDate>Mon, 06 Jan 2025 10:00:00 GMT</pubDate><itunes:duration>61:08</itunes:duration>"
    '<enclosure url="{n}.mp3" type="audio/mpeg" length="9"/><description>{notes}</description>'
    '<podcast:transcript url="{n}.vtt" type="text/vtt"/><podcast:person>Ann</podcast:person>'
    '<psc:chapters><psc:chapter start="0:00" title="Anfang"/></psc:chapters></item>'
)
SPACES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:podcast="https://podcastindex.org/namespace/1.0" '
    'xmlns:psc="http://podlove.org/simple-chapters"'
)


def answer(body: bytes) -> Response:
    return Response(200, URL, None, {"content-type": "text/xml"}, body)


def document(episodes: int, notes: str = "words", code: str = "utf-8") -> bytes:
    items = "".join(ITEM.format(n=n, notes=notes) for n in range(episodes))
    head = f'<?xml version="1.0" encoding="{code}"?><rss version="2.0" {SPACES}><channel><title>Ä</title>'
    return f"{head}{items}</channel></rss>".encode(code, "xmlcharrefreplace")


@pytest.fixture
def child() -> FeedReader:
    """A reader that reads everything in its child."""
    return FeedReader(large_bytes=0)


@pytest.mark.parametrize("code", ["utf-8", "windows-1252", "shift_jis", "koi8-r", "utf-16", "mac_roman"])
def test_a_large_feed_is_read_as_a_small_one_in_every_encoding(child: FeedReader, code: str) -> None:
    body = document(120, "<p>Grüße</p>", code)
    with child:
        assert child.read(answer(body)) == parse(body, url=URL, content_type="text/xml")


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> FeedReader:
    """A reader that reads everything in two children."""
    monkeypatch.setattr(feed_reader.os, "cpu_count", lambda: 4)
    return FeedReader(large_bytes=0, shared_bytes=0)


def running() -> list[psutil.Process]:
    """The children that read feeds."""
    return [each for each in psutil.Process().children() if each.cmdline()[-1:] == ["feeds"]]


@pytest.mark.parametrize("code", ["utf-8", "windows-1252", "utf-16"])
def test_a_very_large_feed_is_read_by_two_children_as_it_is_by_one(children: FeedReader, code: str) -> None:
    body = document(121, "<p>Grüße</p>", code)
    with children:
        assert children.read(answer(body)) == parse(body, url=URL, content_type="text/xml")
        assert len(running()) == 2


def test_a_computer_with_one_core_is_given_one_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_reader.os, "cpu_count", lambda: 1)
    with FeedReader(large_bytes=0, shared_bytes=0) as reader:
        assert len(reader.read(answer(document(5))).episodes) == 5
        assert len(running()) == 1


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("asks", [2, 5, 14])
def test_either_of_two_children_may_die_and_no_half_of_a_feed_is_taken_for_one(
    children: FeedReader, which: int, asks: int
) -> None:
    asked: list[int] = []
    body = document(1500, "long notes " * 200)

    def kill_one() -> bool:
        asked.append(1)
        if len(asked) == asks:
            process = running()[min(which, len(running()) - 1)]
            process.kill()
            process.wait()
        return False

    with children:
        children.read(answer(document(2)))
        with suppress(KnownError):  # where it could not simply begin anew
            read = children.read(answer(body), cancelled=kill_one)
            assert read == parse(body, url=URL, content_type="text/xml")
        assert len(asked) >= asks
        assert len(children.read(answer(document(2))).episodes) == 2


@pytest.mark.parametrize("shared_bytes", [0, 2**40])
def test_a_fault_in_the_middle_leaves_nothing_for_the_next_feed(
    monkeypatch: pytest.MonkeyPatch, shared_bytes: int
) -> None:
    asked: list[int] = []

    def fails() -> bool:
        asked.append(1)
        if len(asked) == 8:
            raise RuntimeError("a fault of our own")
        return False

    monkeypatch.setattr(feed_reader.os, "cpu_count", lambda: 4)
    with FeedReader(large_bytes=0, shared_bytes=shared_bytes) as reader:
        with pytest.raises(RuntimeError, match="of our own"):
            reader.read(answer(document(5000, "long notes " * 200)), cancelled=fails)
        assert len(reader.read(answer(document(5))).episodes) == 5


def test_a_child_that_has_not_all_of_a_document_reads_none_of_it() -> None:
    loop = FeedsLoop()
    body = document(3)
    loop.work({"do": "take", "piece": base64.b64encode(body).decode()}, lambda _event: None, lambda: False)
    job = {"do": "read", "url": URL, "content_type": None, "part": [0, 1], "bytes": len(body) + 1}
    with pytest.raises(ValueError, match="another document"):
        loop.work(job, lambda _event: None, lambda: False)


@pytest.mark.parametrize("shared_bytes", [0, 2**40])
def test_a_reader_that_is_told_to_rest_while_it_begins_has_been_cancelled(
    monkeypatch: pytest.MonkeyPatch, shared_bytes: int
) -> None:
    read_part = feed_reader._read_part

    def rest_first(*arguments: Any) -> ParsedFeed:
        reader.rest()
        return read_part(*arguments)

    monkeypatch.setattr(feed_reader.os, "cpu_count", lambda: 4)
    monkeypatch.setattr(feed_reader, "_read_part", rest_first)
    with FeedReader(large_bytes=0, shared_bytes=shared_bytes) as reader, pytest.raises(Cancelled):
        reader.read(answer(document(5)))


@pytest.mark.parametrize("asks", [1, 3, 30])
def test_a_wish_to_stop_ends_both_children_and_is_asked_in_the_own_thread(
    children: FeedReader, asks: int
) -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(threading.get_ident())
        return len(asked) > asks

    with children:
        with pytest.raises(Cancelled):
            children.read(answer(document(9000, "long notes " * 200)), cancelled=stop)
        assert set(asked) == {threading.get_ident()}
        assert running() == []
        assert len(children.read(answer(document(2))).episodes) == 2


def test_what_is_no_feed_is_told_by_two_children_and_both_begin_anew(children: FeedReader) -> None:
    with children:
        with pytest.raises(KnownError, match="a web page"):
            children.read(answer(b"<html>hi</html>"))
        assert len(children.read(answer(document(3))).episodes) == 3


def test_f_04_a_feed_of_the_largest_size_passes_through_the_child(child: FeedReader) -> None:
    with child:
        read = child.read(answer(document(3000, "long notes " * 300)))
    assert len(read.episodes) == 3000
    assert len(read.episodes[-1].notes) > 3000


def test_notes_as_long_as_they_may_be_pass_through_the_child(child: FeedReader) -> None:
    with child:
        read = child.read(answer(document(40, "\u2602" * 190_000)))
    assert len(read.episodes[0].notes) == 190_000


def test_what_is_no_feed_is_told_as_it_is_here_and_the_child_goes_on(child: FeedReader) -> None:
    with child:
        for body, reason in ((b"<html>hi</html>", "a web page"), (b"\0" * 9_000_000, "not a feed")):
            with pytest.raises(KnownError, match=reason):
                child.read(answer(body))
        assert len(child.read(answer(document(3))).episodes) == 3


def test_a_child_that_dies_is_a_plain_fault_and_the_next_feed_is_read(child: FeedReader) -> None:
    with child:
        child.read(answer(document(1)))
        for process in running():
            process.kill()
            process.wait()
        assert len(child.read(answer(document(2))).episodes) == 2


def test_a_wish_to_stop_ends_the_reading_of_a_large_feed_and_leaves_no_half_of_it(child: FeedReader) -> None:
    asked = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 3

    with child:
        with pytest.raises(Cancelled):
            child.read(answer(document(5000, "long notes " * 200)), cancelled=stop)
        assert len(child.read(answer(document(2))).episodes) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")
def test_the_child_says_that_it_has_neither_files_nor_network() -> None:
    words = given_up("feeds")
    assert {"no network", "at most 2 GB of memory"} <= set(words)


def test_the_child_imports_neither_qt_nor_the_library_nor_the_network() -> None:
    code = (
        "from earmark.feeds.loop import FeedsLoop; FeedsLoop(); import sys;"
        "bad = [m for m in sys.modules if m.startswith(('PySide6', 'earmark.library', 'earmark.net'))];"
        "sys.exit(repr(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_records_come_back_from_their_plain_form_as_they_were() -> None:
    episode = ParsedEpisode(
        *("g", "t", 1, Enclosure("u", "m", 3), (TranscriptLink("u", "m", None),), None, "n", None),
        chapters=(Chapter(0, "c"),),
        people=("Ann", "Bob"),
    )
    feed = ParsedFeed("t", None, "", "de", (episode, replace(episode, enclosure=None)), ttl_ms=5)
    assert from_plain(ParsedFeed, as_plain(feed)) == feed


@pytest.mark.parametrize(
    "spoilt",
    [
        None,
        [],
        {"title": "t"},
        ["t", None, "", None, [], None, True],
        [1, None, "", None, [], None, True, None],
        ["t", None, "", None, [["g"]], None, True, None],
        ["t", None, "", None, "episodes", None, True, None],
        ["t", None, "", None, [], None, 1, None],
    ],
)
def test_a_plain_form_that_is_not_of_the_record_is_refused(spoilt: object) -> None:
    with pytest.raises(ValueError):
        from_plain(ParsedFeed, spoilt)


@pytest.mark.needs_shared
def test_hostile_documents_are_read_in_the_child_as_they_are_here(
    child: FeedReader, shared: Callable[[str], Path]
) -> None:
    files = sorted(shared("data/hostile/feeds").rglob("*.*"))
    assert len(files) > 40
    with child:
        for file in files:
            body = file.read_bytes()
            here = read_or_refused(partial(parse, body, url=URL, content_type="text/xml"))
            assert read_or_refused(partial(child.read, answer(body))) == here, file.name


@pytest.mark.parametrize("body", [b"{ never ends", b'{"json": "and no feed"}', b"<html>hi</html>"])
def test_a_feed_that_cannot_be_read_is_named_without_its_secret(child: FeedReader, body: bytes) -> None:
    with child, pytest.raises(KnownError) as told:
        child.read(replace(answer(body), url="https://example.org/feed?token=abc"))
    assert "example.org/feed" in str(told.value)
    assert "abc" not in str(told.value)
