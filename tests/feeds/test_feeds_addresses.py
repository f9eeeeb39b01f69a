"""What addresses of shows tell by themselves."""

import doctest

import pytest

from earmark.feeds import addresses

CHANNEL = "UC" + "a1_-" * 5 + "zz"


def test_the_examples_in_the_docstrings_hold() -> None:
    result = doctest.testmod(addresses)
    assert (result.failed, result.attempted > 4) == (0, True)


@pytest.mark.parametrize(
    ("url", "show_id"),
    [
        ("https://podcasts.apple.com/us/podcast/the-show/id1234567890", "1234567890"),
        ("https://podcasts.apple.com/de/podcast/id1234567890?i=1000645", "1234567890"),
        ("https://itunes.apple.com/podcast/the-show/id123456", "123456"),
        ("https://itunes.apple.com/WebObjects/MZStore.woa/wa/viewPodcast?id=123456", "123456"),
        ("https://podcasts.apple.com/us/browse", None),
        ("https://podcasts.apple.com/us/channel/many/id1234567890", None),
        ("https://podcasts.apple.com/us/artist/id1234567890", None),
        ("https://evil.example/podcasts.apple.com/id123456", None),
        ("https://podcasts.apple.com.evil.example/podcast/id123456", None),
        ("https://[broken/id123456", None),
    ],
)
def test_a_show_at_apples_is_known_by_its_number(url: str, show_id: str | None) -> None:
    assert addresses.apple_show_id(url) == show_id


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", f"/feeds/videos.xml?channel_id={CHANNEL}"),
        ("https://m.youtube.com/playlist?list=PLabcdefghij", "/feeds/videos.xml?playlist_id=PLabcdefghij"),
        ("https://youtube.com/user/SomeBody", "/feeds/videos.xml?user=SomeBody"),
        ("https://www.youtube.com/@handle", None),
        ("https://youtu.be/dQw4w9WgXcQ?list=PLabcdefghij", "/feeds/videos.xml?playlist_id=PLabcdefghij"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=RDdQw4w9WgXcQ", None),
        ("https://youtu.be.evil.example/dQw4w9WgXcQ?list=PLabcdefghij", None),
        (f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}", None),
        ("https://youtube.com.evil.example/user/SomeBody", None),
        ("https://www.youtube.com/playlist?list=../../x", None),
    ],
)
def test_channels_and_playlists_tell_their_feed(url: str, feed: str | None) -> None:
    assert addresses.youtube_feed(url) == feed


def test_a_page_tells_its_channel_and_the_surest_place_wins() -> None:
    other = "UC" + "b" * 22
    link = f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">'.encode()
    listed = f'"channelId":"{other}"'.encode()
    assert addresses.youtube_channel_in(listed + link) == CHANNEL
    assert addresses.youtube_channel_in(listed) == other
    assert addresses.youtube_channel_in(b"<html>no channel</html>") is None


def test_what_is_dropped_gives_each_address_once() -> None:
    dropped = "# a remark https://no.example/\r\nhttps://e.org/a\r\nhttps://e.org/a\r\n<feed://e.org/b>, (pcast://e.org/c)."
    assert addresses.addresses_in(dropped) == ["https://e.org/a", "feed://e.org/b", "pcast://e.org/c"]
    assert addresses.addresses_in("just some words. And more") == []
    assert addresses.addresses_in("javascript:alert(1) file:///etc/passwd") == []
    assert len(addresses.addresses_in(" ".join(f"https://e.org/{n}" for n in range(1000)))) == 100


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://e.org/feed", "http://E.org:80/feed/", True),
        ("https://e.org/feed", "https://e.org/Feed", False),
        ("https://e.org/feed?a=1", "https://e.org/feed?a=2", False),
        ("https://ann@e.org/feed", "https://e.org/feed", False),
        ("https://e.org:8443/feed", "https://e.org/feed", False),
    ],
)
def test_one_place_may_be_written_in_several_ways(one: str, other: str, *, same: bool) -> None:
    assert (addresses.same_place(one) == addresses.same_place(other)) is same
