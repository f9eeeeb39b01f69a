"""The sample feeds: complete, well-formed, and served as a careful publisher would serve them."""

import html
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import feedparser
import pytest

from earmark.demo import DemoEpisode, DemoServer, demo_episodes, demo_script, demo_shows

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
KINDS = {"intro", "chat", "talk", "ad", "outro"}
EPISODES = demo_episodes()
WITH_TRANSCRIPT = [episode for episode in EPISODES if episode.transcript != "none"]


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    """One server for all tests of this file."""
    with DemoServer(NOW) as running:
        yield running


def fetch(url: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    """One request on a connection of its own; `_` in a header's name stands for `-`."""
    place = urlsplit(url)
    connection = HTTPConnection(place.netloc, timeout=10)
    connection.request(method, place.path, headers={key.replace("_", "-"): headers[key] for key in headers})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def entries(server: DemoServer) -> dict[str, feedparser.FeedParserDict]:
    """Every item of every feed, by episode."""
    found = {}
    for url in server.feed_urls:
        feed = feedparser.parse(io.BytesIO(fetch(url)[1]))
        assert not feed.bozo
        for entry in feed.entries:
            found[entry.id.removeprefix("earmark-demo:")] = entry
    return found


def plain(text: str, transcript: str) -> list[tuple[str, str]]:
    """(speaker, sentence) of each line of a transcript, read by the plainest means."""
    if transcript == "json":
        return [(part["speaker"], part["body"]) for part in json.loads(text)["segments"]]
    patterns = {
        "vtt": r"<v (.*?)>(.*?)</v>",
        "srt": r"--> .*\n(.*?): (.*)",
        "html": r"<cite>(.*?):</cite>\n.*\n<p>(.*?)</p>",
    }
    found = re.findall(patterns[transcript], text)
    return [
        (speaker, sentence if transcript == "srt" else html.unescape(sentence)) for speaker, sentence in found
    ]


def test_feeds_hold_every_episode(server: DemoServer) -> None:
    items = entries(server)
    assert len(server.feed_urls) == 3
    assert set(items) == {episode.slug for episode in EPISODES}
    assert len(items) == 12


def test_items_are_dated_from_now(server: DemoServer) -> None:
    items = entries(server)
    for episode in EPISODES:
        published = datetime(*items[episode.slug].published_parsed[:6], tzinfo=UTC)
        assert published == NOW - timedelta(days=episode.days_ago, hours=1)


def test_enclosures_are_as_long_as_they_say(server: DemoServer) -> None:
    for entry in entries(server).values():
        (enclosure,) = entry.enclosures
        response, body = fetch(enclosure.href)
        assert response.headers["Content-Type"] == enclosure.type == "audio/ogg"
        assert len(body) == int(enclosure.length)
        assert body.startswith(b"OggS")


@pytest.mark.parametrize("episode", WITH_TRANSCRIPT, ids=lambda episode: episode.slug)
def test_transcript_says_what_the_script_says(server: DemoServer, episode: DemoEpisode) -> None:
    feed_url = next(url for url in server.feed_urls if url.endswith(f"/{episode.show}.xml"))
    found = re.search(rf'url="([^"]*{episode.slug}\.{episode.transcript})"', fetch(feed_url)[1].decode())
    assert found
    body = fetch(found[1])[1].decode()
    assert plain(body, episode.transcript) == [(line.speaker, line.text) for line in episode.lines]


def test_all_four_transcript_forms_occur() -> None:
    assert {episode.transcript for episode in EPISODES} == {"json", "vtt", "srt", "html", "none"}
    assert sum(episode.transcript == "none" for episode in EPISODES) == 2


@pytest.mark.parametrize("episode", EPISODES, ids=lambda episode: episode.slug)
def test_script_is_complete(episode: DemoEpisode) -> None:
    assert {line.kind for line in episode.lines} == KINDS
    assert episode.show in {show.slug for show in demo_shows()}
    assert {line.speaker for line in episode.lines} == set(episode.voices)
    assert all(line.text[-1] in ".?!" for line in episode.lines)


@pytest.mark.parametrize("episode", EPISODES, ids=lambda episode: episode.slug)
def test_times_run_forward(episode: DemoEpisode) -> None:
    moments = [moment for line in episode.lines for moment in (line.start_s, line.end_s)]
    assert moments == sorted(moments)
    assert episode.duration_s >= 120


def test_advert_lines_are_known() -> None:
    adverts = [line for line in demo_script("working-ledger-02-churn-ceiling") if line.kind == "ad"]
    assert any("saltmarsh.example" in line.text for line in adverts)
    assert len(adverts) == 3


def test_range_gives_that_part(server: DemoServer) -> None:
    url = next(iter(entries(server).values())).enclosures[0].href
    whole = fetch(url)[1]
    response, part = fetch(url, Range="bytes=100-199")
    assert response.status == 206
    assert response.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert part == whole[100:200]
    assert fetch(url, Range=f"bytes={len(whole) - 5}-")[1] == whole[-5:]
    assert fetch(url, Range="bytes=-7")[1] == whole[-7:]


def test_range_past_the_end_is_refused(server: DemoServer) -> None:
    url = next(iter(entries(server).values())).enclosures[0].href
    response, body = fetch(url, Range="bytes=99999999-")
    assert (response.status, body) == (416, b"")


def test_range_of_another_version_gives_the_whole(server: DemoServer) -> None:
    url = next(iter(entries(server).values())).enclosures[0].href
    response, body = fetch(url, Range="bytes=5-9", If_Range='"older"')
    assert (response.status, len(body)) == (200, int(response.headers["Content-Length"]))


def test_unchanged_feed_is_not_sent_again(server: DemoServer) -> None:
    first, _ = fetch(server.feed_urls[0])
    by_tag, body = fetch(server.feed_urls[0], If_None_Match=first.headers["ETag"])
    assert (by_tag.status, body) == (304, b"")
    by_date, _ = fetch(server.feed_urls[0], If_Modified_Since=first.headers["Last-Modified"])
    assert by_date.status == 304
    changed, _ = fetch(server.feed_urls[0], If_None_Match='"older"')
    assert changed.status == 200


def test_head_and_unknown_pages(server: DemoServer, capfd: pytest.CaptureFixture[str]) -> None:
    head, body = fetch(server.feed_urls[0], method="HEAD")
    assert head.status == 200
    assert int(head.headers["Content-Length"]) > 0
    assert body == b""
    assert fetch(server.feed_urls[0] + ".bak")[0].status == 404
    assert capfd.readouterr().err == ""
