"""JSON Feed, which podcasts come in, too."""

import json
from typing import Any

import pytest

from earmark.errors import KnownError
from earmark.feeds import parse
from earmark.records import Enclosure, ParsedEpisode, ParsedFeed

URL = "https://example.org/show/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"


def read(*items: Any, **show: Any) -> ParsedFeed:
    document = {"version": VERSION, "title": "A show", "items": list(items), **show}
    return parse(json.dumps(document).encode(), url=URL)


def one(**item: Any) -> ParsedEpisode:
    (episode,) = read({"id": "1", "title": "t", **item}).episodes
    return episode


def test_an_item_becomes_an_episode() -> None:
    sound = {"url": "1.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 123, "duration_in_seconds": 61.5}
    got = one(
        url="/one",
        content_html="<p>Notes</p>",
        date_published="2025-01-06T11:00:00+01:00",
        image="cover.jpg",
        attachments=[{"url": "1.pdf", "mime_type": "application/pdf"}, sound],
    )
    assert got.enclosure == Enclosure("https://example.org/show/1.mp3", "audio/mpeg", 123)
    assert (got.published_ms, got.duration_ms, got.notes) == (1736157600000, 61_500, "<p>Notes</p>")
    assert (got.link, got.facts.image_url) == (
        "https://example.org/one",
        "https://example.org/show/cover.jpg",
    )


def test_a_show_says_what_it_is() -> None:
    got = read(
        home_page_url="https://example.org/",
        description="Talk & bread",
        language="de",
        icon="https://example.org/i.png",
        authors=[{"url": "https://x.example"}, {"name": "Ann"}],
    )
    assert (got.title, got.link, got.language) == ("A show", "https://example.org/", "de")
    assert (got.facts.author, got.facts.image_url) == ("Ann", "https://example.org/i.png")
    assert got.facts.description == got.description == "Talk & bread"
    assert got.complete


def test_text_is_text_and_stays_so() -> None:
    got = one(title="1 < 2 & <b>not a tag</b>", content_text="a < b")
    assert got.title == "1 < 2 & <b>not a tag</b>"
    assert got.notes == "a &lt; b"


def test_f_11_ids_may_be_numbers_missing_or_shared() -> None:
    sound = [{"url": f"/{n}.mp3?token=1", "mime_type": "audio/mpeg"} for n in range(3)]
    rows = [{"id": 7}, {"attachments": sound[:1]}, {"id": "x", "attachments": sound[1:2]}]
    got = read(*rows, {"id": "x", "attachments": sound[2:]}, {"id": 7}, {}, {"id": True, "title": ""})
    assert [episode.guid for episode in got.episodes] == [
        "7",
        "https://example.org/0.mp3",
        "x#https://example.org/1.mp3",
        "x#https://example.org/2.mp3",
    ]


@pytest.mark.parametrize("date", ["", "soon", 5, None, "9999-12-31T00:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_f_13_dates_that_make_no_sense_are_unknown(date: object) -> None:
    assert one(date_published=date).published_ms is None


def test_f_08_control_characters_and_lone_surrogates_are_left_out() -> None:
    got = one(title="a\0b\ud800c", id="g\0", content_html="x\0y", url="https://e.org/\u202e")
    for text in (got.title, got.guid, got.notes, got.link or ""):
        text.encode()
        assert "\0" not in text
    assert got.title == "abc"


@pytest.mark.parametrize(
    "item",
    [
        {"attachments": 5}, {"attachments": [5, None, {"url": 5}]}, {"title": ["x"]}, {"url": {"a": 1}},
        {"attachments": [{"url": "file:///etc/passwd", "mime_type": "audio/mpeg", "size_in_bytes": -1}]},
        {"attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "duration_in_seconds": 1e400}]},
    ],
)  # fmt: skip
def test_f_17_what_is_of_the_wrong_kind_is_as_good_as_absent(item: dict[str, Any]) -> None:
    got = one(**item)
    assert got.guid == "1"
    assert (got.duration_ms, got.enclosure is None) == (None, "duration_in_seconds" not in str(item))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "damaged"),
        (b'{"version": "https://example.org/2"}', "not a JSON Feed"),
        (b'{"error": "no such show"}', "not a JSON Feed"),
        (b"[1, 2]", "not a JSON Feed"),
        (b"[" * 100_000, "damaged"),
        (b'{"version": 5, "items": 5}', "not a JSON Feed"),
    ],
)
def test_f_09_f_10_what_is_no_json_feed_is_told_in_plain_words(body: bytes, reason: str) -> None:
    with pytest.raises(KnownError, match=reason):
        parse(body, url=URL)


def test_a_feed_without_the_version_is_known_by_its_shape() -> None:
    body = b'{"title": "A show", "feed_url": "https://e.org/f", "items": [{"id": "1"}]}'
    assert [episode.guid for episode in parse(body, url=URL).episodes] == ["1"]
