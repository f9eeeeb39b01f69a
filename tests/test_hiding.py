"""What is secret in an address, and addresses without it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.errors import KnownError
from earmark.feeds import parse_opml
from earmark.hiding import (
    each_text,
    has_secret,
    hide,
    hide_in_text,
    host_of,
    is_hidden,
    mark_of,
    marks_in,
    reveal,
    shown,
)

KEY, OTHER_KEY = b"one", b"two"


@pytest.mark.parametrize(
    ("address", "as_shown"),
    [
        ("https://ann:pw@example.org/feed", "https://…@example.org/feed"),
        ("https://ann@example.org/feed", "https://…@example.org/feed"),
        ("https://a@b@example.org/feed", "https://…@example.org/feed"),
        ("https://example.org/rss/show?auth=AbCd", "https://example.org/rss/show?auth=…"),
        (
            "https://example.org/f?accessToken=1&x=2&amp;user_id=3",
            "https://example.org/f?accessToken=…&x=2&amp;user_id=…",
        ),
        ("https://example.org/f#token=1", "https://example.org/f#token=…"),
        ("https://app.supercast.com/feeds/yv9NJcBRkvKtfs1yeQVQGmN8", "https://app.supercast.com/feeds/…"),
        ("https://e.org/eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0.abc_-1/1.mp3", "https://e.org/…/1.mp3"),
        ("https://e.org/a/xK2vBq8mN4pL9wRt7sYh.mp3", "https://e.org/a/…"),
        ("https://e.org/a?x=xK2vBq8mN4pL9wRt7sYh", "https://e.org/a?x=…"),
        ("https://e.org/feed?t=8f3kq9zl2m", "https://e.org/feed?t=…"),
        ("https://e.org/feed?k=Zx81QpLm&page=2", "https://e.org/feed?k=…&page=2"),
        ("https://e.org/feed?code=a8f3-kq9z-l2mx", "https://e.org/feed?code=…"),
        ("https://e.org/feed?t=plain-words-4711", "https://e.org/feed?t=…"),
        ("https://e.org/feed?access=h7Gt5Rf4", "https://e.org/feed?access=…"),
        ("https://e.org/f?x=d41d8cd98f00b204e9800998ecf8427e", "https://e.org/f?x=…"),
        ("https://e.org/feed;token=abc/rss", "https://e.org/feed;token=…/rss"),
        ("https://e.org/feed/token/XYZ", "https://e.org/feed/token/…"),
        ("https://e.org/feed/token/XYZ/feed.xml", "https://e.org/feed/token/…/feed.xml"),
        ("https://e.org/rss/XkqJzVbnMwPltRhdGfYu", "https://e.org/rss/…"),
        ("https://e.org/rss/xk2j-9vb_MwPl7RhdGfYu", "https://e.org/rss/…"),
        ("https://feeds.acast.com/private/5fc9f3a2b1c4d5e6f7a8b9c0", "https://feeds.acast.com/private/…"),
        ("https://show.supercast.com/feeds/yv9NJcBRkvKt", "https://show.supercast.com/feeds/…"),
        ("https://club.supportingcast.fm/rss/9c8b7a6d5e4f", "https://club.supportingcast.fm/rss/…"),
        ("https://feeds.megaphone.fm/premium/8H2kd93Jd8a", "https://feeds.megaphone.fm/premium/…"),
        ("https://subscribers.transistor.fm/5f3c9a1b2d", "https://subscribers.transistor.fm/…"),
        (
            "https://app.helloaudio.fm/feed/5fc9f3a2-b1c4-4d5e-86f7-a8b9c0d1e2f3/rss",
            "https://app.helloaudio.fm/feed/…/rss",
        ),
        (
            "https://api.substack.com/feed/podcast/12345/private/5fc9f3a2-b1c4-4d5e-86f7-a8b9c0d1e2f3.rss",
            "https://api.substack.com/feed/podcast/12345/private/…",
        ),
        (
            "https://private.e.org/5fc9f3a2-b1c4-4d5e-86f7-a8b9c0d1e2f3/feed",
            "https://private.e.org/…/feed",
        ),
    ],
)
def test_what_is_secret_is_known_by_its_place_its_name_or_its_look(address: str, as_shown: str) -> None:
    assert has_secret(address)
    assert shown(address) == as_shown
    hidden = hide(address, KEY)
    assert len(hidden.secrets) == as_shown.count("…")
    assert reveal(hidden.text, hidden.secrets) == address
    assert not any(secret in hidden.text for secret in hidden.secrets.values() if len(secret) > 3)


@pytest.mark.parametrize(
    "address",
    [
        "https://feeds.acast.com/public/shows/60b0e3a1-1234-4321-9999-abcdefabcdef",
        "https://feeds.acast.com/public/shows/5fc9f3a2b1c4d5e6f7a8b9c0",
        "https://feeds.megaphone.fm/GLT1412515089",
        "https://feeds.simplecast.com/54nAGcIl",
        "https://www.youtube.com/feeds/videos.xml?channel_id=UCsBjURrPoezykLs9EqgamOA",
        "https://www.youtube.com/feeds/videos.xml?playlist_id=PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf",
        "https://feed.podbean.com/TheDailyShowWithEverybody2021/feed.xml",
        "https://example.org/the-very-best-of-2021-part-2-of-12.rss",
        "https://example.org/feed?author=ann&page=2",
        "https://example.org/feed?token=",
        "https://open.firstory.me/rss/user/ckwh54nqx1k2h0844wltckh6c",
        "https://www.omnycontent.com/d/playlist/e73c998e-6e60-432f-8610-ae210140c5b1/podcast.rss",
        "https://anchor.fm/s/1a2b3c4d/podcast/rss",
        "https://access.acast.com/rss/5fc9f3a2b1c4d5e6f7a8b9c0",
        "https://www.youtube.com/channel/UCF8ghwxt1DJsh-Z3Opp4InQ",
        "https://rss.acast.com/the-private-lives-of-2021",
        "https://premium.example.org/the-best-of-2021-show1/feed.rss",
        "https://example.org/members/feed",
        "https://example.org/token/feed.xml",
        "https://example.org/shows/secret/feed.xml",
        "https://example.org/feed?t=120&code=us&access=public",
        "not an address",
        "",
    ],
)
def test_numbers_and_names_of_public_shows_are_no_secret(address: str) -> None:
    assert not has_secret(address)
    assert hide(address, KEY).text == address


@pytest.mark.needs_shared
def test_no_show_in_the_lists_of_other_programs_is_taken_for_a_private_one(
    shared: Callable[[str], Path],
) -> None:
    files = [*shared("data/opml").rglob("*.opml"), *shared("data/feeds").rglob("*.opml")]
    rows = []
    for file in files:
        with suppress(KnownError):  # what is no list
            rows += parse_opml(file.read_bytes()).rows
    assert len(rows) > 300
    assert [row.url for row in rows if has_secret(row.url)] == []


def test_a_mark_is_the_same_for_the_same_secret_and_says_nothing_without_the_key() -> None:
    mark = mark_of("hunter2", "example.org", KEY)
    assert mark == mark_of("hunter2", "example.org", KEY)
    others = [
        ("hunter3", "example.org", KEY),
        ("hunter2", "evil.org", KEY),
        ("hunter2", "example.org", OTHER_KEY),
    ]
    assert mark not in [mark_of(*other) for other in others]
    assert is_hidden(f"https://{mark}@example.org/")


@given(st.text(max_size=80), st.text(max_size=60), st.text(max_size=60))
def test_what_was_hidden_comes_back_and_is_hidden_once(user: str, path: str, query: str) -> None:
    for address in (f"https://{user}@e.org/{path}?token={query}", f"http://e.org/{path}?{query}", user):
        hidden = hide(address, KEY)
        assert hide(hidden.text, KEY).text == hidden.text
        if not is_hidden(address):
            assert reveal(hidden.text, hidden.secrets) == address
            assert set(marks_in(hidden.text)) == set(hidden.secrets)
        shown(address)
        host_of(address)


def test_texts_lose_what_is_secret_in_their_addresses_and_what_is_known_already() -> None:
    known = {mark_of("ann:hunter22", "e.org", KEY): "ann:hunter22"}
    text = 'For hunter22: <a href="https://e.org/x?auth=zzz&amp;y=1">here</a>, https://e.org/open'
    hidden = hide_in_text(text, KEY, known)
    assert "hunter22" not in hidden.text
    assert "zzz" not in hidden.text
    assert hidden.text.endswith('y=1">here</a>, https://e.org/open')
    assert hide_in_text(hidden.text, KEY, known).text == hidden.text


def test_a_password_that_reads_like_a_mark_breaks_no_mark() -> None:
    known = {mark_of("ann:earmark", "e.org", KEY): "ann:earmark"}
    marked = hide("https://ann:earmark@e.org/", KEY).text
    assert hide_in_text(marked, KEY, known).text == marked


def test_every_text_of_a_record_is_changed_however_deep() -> None:
    @dataclass(frozen=True, slots=True)
    class Inner:
        text: str
        number: int | None

    @dataclass(frozen=True, slots=True)
    class Outer:
        inner: tuple[Inner, ...]
        title: str

    changed = each_text(Outer((Inner("a", 1), Inner("b", None)), "c"), str.upper)
    assert changed == Outer((Inner("A", 1), Inner("B", None)), "C")


def test_a_known_secret_that_is_plain_words_is_hidden_in_addresses_and_left_in_titles() -> None:
    address = "https://example.org/feed?user=Token%20Show&token=hunter2hunter2"
    known = hide(address, KEY).secrets
    hidden = hide_in_text("Token Show, episode 3: https://example.org/e3?u=Token%20Show", KEY, known)
    assert hidden.text.startswith("Token Show, episode 3: https://")
    assert "Token%20Show" not in hidden.text
    assert "hunter2" not in hide_in_text("Mine is hunter2hunter2.", KEY, known).text
