"""Chapters: in a file, in a feed's own tags, in the show notes."""

import json

import pytest

from earmark.errors import KnownError
from earmark.feeds import parse, parse_chapters
from earmark.feeds.chapters import MAX_CHAPTERS, chapters_in_notes
from earmark.records import Chapter, ParsedEpisode

SPACES = (
    'xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)


def one(item: str) -> ParsedEpisode:
    body = f'<rss version="2.0" {SPACES}><channel><title>A</title><item><guid>1</guid>{item}</item></channel>'
    (episode,) = parse(f"{body}</rss>".encode(), url="https://example.org/feed.xml").episodes
    return episode


def file_of(*chapters: object) -> bytes:
    return json.dumps({"version": "1.2.0", "chapters": chapters}).encode()


def test_the_file_of_chapters_is_named_by_the_feed() -> None:
    got = one('<podcast:chapters url="1/chapters.json" type="application/json+chapters"/>')
    assert got.chapters_url == "https://example.org/1/chapters.json"
    assert one("").chapters_url is None


def test_a_file_of_chapters_is_read_in_order_of_time_without_those_that_only_change_a_picture() -> None:
    got = parse_chapters(
        file_of(
            {"startTime": 90.5, "title": "Bread <b>prices</b>"},
            {"startTime": 0, "title": "Intro"},
            {"startTime": 30, "title": "A picture", "toc": False},
            {"startTime": "1:40", "title": "As a clock"},
        )
    )
    assert got == (Chapter(0, "Intro"), Chapter(90_500, "Bread prices"), Chapter(100_000, "As a clock"))


def test_a_list_of_chapters_in_podlove_s_form_is_read() -> None:
    rows = [{"start": "00:00:00.000", "title": "Intro"}, {"start": "00:01:15.911", "title": "Universität"}]
    assert parse_chapters(json.dumps(rows).encode()) == (Chapter(0, "Intro"), Chapter(75_911, "Universität"))


@pytest.mark.parametrize("start", [-1, None, True, "soon", 1e300, float("nan"), [], {}])
def test_a_chapter_without_a_time_is_left_out(start: object) -> None:
    body = file_of({"startTime": start, "title": "x"}, {"startTime": 5})
    assert parse_chapters(body) == (Chapter(5000, ""),)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[1, 2]", b"{}", b'{"chapters": 3}', b"[" * 100_000, b"\xff\xfe\x00", b"x" * 3_000_000],
)
def test_what_is_no_file_of_chapters_is_refused_in_plain_words(body: bytes) -> None:
    with pytest.raises(KnownError, match="chapters"):
        parse_chapters(body)


def test_no_more_chapters_are_kept_than_an_episode_can_have() -> None:
    many = file_of(*({"startTime": n, "title": str(n)} for n in range(5000)))
    assert len(parse_chapters(many)) == MAX_CHAPTERS


def test_a_feed_may_hold_its_chapters_itself() -> None:
    got = one(
        '<psc:chapters version="1.2"><psc:chapter start="00:01:30.250" title="Bread"/>'
        '<psc:chapter start="0" title="no clock"/><psc:chapter start="00:00" title="Hello"/></psc:chapters>'
    )
    assert got.chapters == (Chapter(0, "Hello"), Chapter(90_250, "Bread"))


def test_lines_of_the_notes_that_begin_with_rising_times_are_chapters() -> None:
    notes = "<ul><li>(00:00) Hello</li><li>(12:05) - Bread &amp; ovens</li><li>[1:02:03] Bye now</li></ul>"
    wanted = (Chapter(0, "Hello"), Chapter(725_000, "Bread & ovens"), Chapter(3_723_000, "Bye now"))
    assert chapters_in_notes(notes) == wanted
    assert one(f"<content:encoded><![CDATA[{notes}]]></content:encoded>").chapters == wanted


@pytest.mark.parametrize(
    "notes",
    [
        "At 12:30 we talk about bread.",
        "10:00 Doors<br>09:00 Breakfast<br>12:00 Lunch",
        "00:00 One<br>01:00 Two",
        "",
        "<p>" * 5000,
        "1:00 " * 50_000,
    ],
)
def test_times_that_are_only_mentioned_are_no_chapters(notes: str) -> None:
    assert chapters_in_notes(notes) == ()
