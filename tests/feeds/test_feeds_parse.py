"""Feed documents to records."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from earmark.errors import KnownError
from earmark.feeds import find_feed_links, parse
from earmark.records import Enclosure, ParsedEpisode, ParsedFeed, TranscriptLink

URL = "https://example.org/show/feed.xml"
SPACES = (
    'xmlns:podcast="https://podcastindex.org/namespace/1.0" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


def feed(items: str, channel: str = "<title>A show</title>", head: str = '<?xml version="1.0"?>') -> bytes:
    return f'{head}<rss version="2.0" {SPACES}><channel>{channel}{items}</channel></rss>'.encode()


def read(body: bytes, content_type: str | None = None) -> ParsedFeed:
    return parse(body, url=URL, content_type=content_type)


def one(item: str) -> ParsedEpisode:
    (episode,) = read(feed(f"<item><title>t</title>{item}</item>")).episodes
    return episode


def test_an_item_becomes_an_episode() -> None:
    got = one(
        "<guid>g1</guid><pubDate>Mon, 06 Jan 2025 10:00:00 +0000</pubDate><link>/one</link>"
        "<description>short</description><itunes:duration>1:02:03</itunes:duration>"
        '<enclosure url="1.mp3" type="audio/mpeg" length="123"/>'
        '<podcast:transcript url="1.json" type="application/json" language="en"/>'
    )
    assert (got.guid, got.title, got.published_ms, got.duration_ms) == ("g1", "t", 1736157600000, 3723000)
    assert got.enclosure
    assert (got.enclosure.url, got.enclosure.mime) == ("https://example.org/show/1.mp3", "audio/mpeg")
    assert (got.enclosure.length_bytes, got.notes, got.link) == (123, "short", "https://example.org/one")
    assert got.transcripts == (TranscriptLink("https://example.org/show/1.json", "application/json", "en"),)


def test_every_transcript_tag_of_every_item_is_kept() -> None:
    tags = "".join(f'<podcast:transcript url="{n}" type="text/vtt"/>' for n in "abc")
    items = f"<item><guid>1</guid></item><item><guid>2</guid>{tags}</item><item><guid>3</guid></item>"
    found = [[link.url[-1] for link in episode.transcripts] for episode in read(feed(items)).episodes]
    assert found == [[], ["a", "b", "c"], []]


def test_transcript_tags_survive_a_bare_ampersand_and_another_prefix() -> None:
    tags = (
        '<podcast:transcript url="a?x=1&y=2" type="text/vtt"/><podcast:transcript url="b" type="text/vtt"/>'
    )
    items = f"<item><guid>1</guid><title>Q&A</title>{tags}</item>"
    (episode,) = read(feed(items)).episodes
    assert episode.title == "Q&A"
    assert [link.url for link in episode.transcripts] == [
        "https://example.org/show/a?x=1&y=2",
        "https://example.org/show/b",
    ]
    swapped = feed(items.replace("podcast:", "p:").replace("&", "&amp;")).replace(
        b"xmlns:podcast", b"xmlns:p"
    )
    assert len(read(swapped).episodes[0].transcripts) == 2


def test_transcripts_at_addresses_that_are_not_of_the_web_are_left_out() -> None:
    urls = ("javascript:1", "file:///etc/passwd", "", "http://[", "https://example.org/ok.vtt")
    got = one("".join(f'<podcast:transcript url="{url}" type="text/vtt"/>' for url in urls))
    assert [link.url for link in got.transcripts] == ["https://example.org/ok.vtt"]


def test_usual_prefixes_that_nobody_declared_are_understood() -> None:
    body = (
        b"<rss><channel><title>A</title><podcast:locked>yes</podcast:locked><item><title>t</title>"
        b"<itunes:season>3</itunes:season><podcast:transcript url='/t.vtt' type='text/vtt'/></item>"
        b"</channel></rss>"
    )
    got = read(body)
    assert (got.facts.locked, got.episodes[0].facts.season) == (True, 3)
    assert [link.url for link in got.episodes[0].transcripts] == ["https://example.org/t.vtt"]


def test_sound_that_only_media_rss_names_is_heard() -> None:
    space = 'xmlns:m="http://search.yahoo.com/mrss/"'
    got = one(
        f'<m:group {space}><m:content url="/a.jpg" type="image/jpeg"/>'
        f'<m:content url="/a.mp3" type="audio/mpeg" fileSize="5"/></m:group>'
    )
    assert got.enclosure == Enclosure("https://example.org/a.mp3", "audio/mpeg", 5)
    assert got.facts.image_url == "https://example.org/a.jpg"
    film = one(f'<m:content {space} url="/a" medium="video"/>').enclosure
    assert film == Enclosure("https://example.org/a", "video/*")


def test_scripts_in_titles_are_left_out_and_a_flood_of_them_ends_soon() -> None:
    began = time.process_time()
    flood = "&lt;script>" * 40_000 + "&lt;style>x&lt;/style>" * 20_000
    assert one(f"<description>{flood}</description>").guid
    assert len(one(f"<guid>1</guid><itunes:author>{flood}</itunes:author>").title) == 1
    assert time.process_time() - began < 10
    safe = "safe &lt;script>location='/'&lt;/script> words &lt;STYLE>a{}&lt;/style>too"
    assert read(feed("", f"<title>{safe}</title>")).title == "safe words too"


def test_titles_are_text_of_one_line() -> None:
    got = read(
        feed(
            "<item><title><![CDATA[<b>Tom &amp; Ann</b>\n<img src=x onerror=1> 1 < 2]]></title>"
            "<guid>1</guid></item>",
            "<title><![CDATA[<script>alert(1)</script>Show\u202e]]></title>",
        )
    )
    assert got.episodes[0].title == "Tom & Ann 1 < 2"
    assert got.title == "Show"


@pytest.mark.parametrize("size", [8, 200])
def test_f_01_entity_bombs_are_not_expanded(size: int) -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    lots = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{levels}<!ENTITY big "{"x" * 10_000}">]>'
    began = time.perf_counter()
    got = read(feed(f"<item><title>&l9;{'&big;' * size * 10}</title><guid>1</guid></item>", head=lots))
    assert time.perf_counter() - began < 5
    assert len(got.episodes[0].title) <= 500


def test_f_02_nothing_outside_the_document_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    heads = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
        f'<!DOCTYPE rss SYSTEM "{secret.as_uri()}">',
        f'<!DOCTYPE rss [<!ENTITY % x SYSTEM "{secret.as_uri()}">%x;]>',
        f'<?xml-stylesheet href="{secret.as_uri()}"?>',
    )
    include = f'<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{secret.as_uri()}"/></x>'
    for head in heads:
        got = read(feed(f"<item><title>&x;</title><guid>1</guid>{include}</item>", head=head))
        assert "SECRET" not in repr(got)


def test_f_03_a_body_that_is_an_address_or_a_path_is_bytes(tmp_path: Path) -> None:
    real = tmp_path / "feed.xml"
    real.write_bytes(feed("<item><guid>1</guid></item>"))
    for body in (str(real), real.as_uri(), "http://127.0.0.1:1/feed", "feed://127.0.0.1:1/"):
        with pytest.raises(KnownError):
            read(body.encode())


def item(number: int, extra: str = "") -> str:
    return f"<item><title>E{number}</title><guid>{number}</guid>{extra}</item>"


def test_f_04_only_the_newest_ten_thousand_items_are_kept() -> None:
    days = "".join(
        item(n, f"<pubDate>2025-01-01T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z</pubDate>")
        for n in range(10_010)
    )
    got = read(feed(days))
    assert got.complete
    assert [got.episodes[0].guid, got.episodes[-1].guid, len(got.episodes)] == ["10", "10009", 10_000]


@pytest.mark.parametrize(
    "body",
    [
        feed("")[:-16] + b"<item><title>x" * 100_000,
        feed("<item><guid>1</guid><description>" + "<div>" * 100_000 + "</description></item>"),
        feed("<item><guid>1</guid><description><![CDATA[" + "<div>" * 100_000 + "]]></description></item>"),
        feed("<a>" * 2_000_000),
        feed("<item " + " ".join(f'a{n}="x"' for n in range(50_000)) + "/>"),
        feed("<item><guid>1</guid><pubDate>" + "Mon, " * 40_000 + "</pubDate></item>"),
        feed("<item><guid>1</guid><title>" + "&amp;" * 200_000 + "</title></item>"),
        feed("<!--" * 100_000 + "<![CDATA[" * 100_000 + "<?" * 100_000),
    ],
    ids=["unclosed", "divs", "cdata-divs", "tags", "attributes", "date", "entities", "openings"],
)
def test_f_05_hostile_bulk_ends_soon(body: bytes) -> None:
    began = time.perf_counter()
    with contextlib.suppress(KnownError):
        assert len(read(body).episodes) <= 10_000
    assert time.perf_counter() - began < 20


def test_f_07_what_is_utf_8_is_read_as_that_whatever_is_declared() -> None:
    for declared in ("utf-16", "iso-8859-1", "x-unknown", "utf-8"):
        body = feed(
            item(1, "<link>/é</link>"),
            "<title>Café 日本</title>",
            f'<?xml version="1.0" encoding="{declared}"?>',
        )
        assert read(body, "text/xml; charset=iso-8859-1").title == "Café 日本"
    utf16 = feed("", "<title>Café 日本</title>").decode().encode("utf-16")
    assert read(utf16).title == "Café 日本"
    latin = (
        feed("", "<title>Café</title>", '<?xml version="1.0" encoding="iso-8859-1"?>')
        .decode()
        .encode("latin-1")
    )
    assert read(latin).title == "Café"


def test_f_08_control_characters_and_lone_surrogates_are_left_out() -> None:
    body = feed(
        "<item><title>a\0b\x1b[31mc&#0;&#xD800;d</title><guid>g\0</guid><description>x\0y</description></item>"
    )
    (episode,) = read(body).episodes
    for text in (episode.title, episode.guid, episode.notes):
        assert "\0" not in text
        assert "\x1b" not in text
        text.encode()


def test_f_09_of_a_document_that_broke_off_the_last_item_is_not_taken() -> None:
    whole = feed(item(1) + item(2) + item(3))
    for cut in (whole[: whole.index(b"<guid>3")], whole[: whole.index(b"</channel>")], whole[:-3]):
        got = read(cut)
        assert not got.complete
        assert [episode.guid for episode in got.episodes] == ["1", "2"]
    assert read(whole).complete
    assert read(whole.replace(b"E2", b"<b>E&2")).complete, "untidy is not incomplete"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "web page"),
        (b'{"error": "no such show"}', "JSON"),
        (b"<opml version='1.0'/>", "not a feed"),
        (b"\x89PNG\r\n\x1a\n", "not a feed"),
        (b"\x1f\x8b\x08\x00", "not a feed"),
        (b"just words", "not a feed"),
    ],
)
def test_f_10_what_is_no_feed_is_told_in_plain_words(body: bytes, reason: str) -> None:
    with pytest.raises(KnownError, match=reason):
        read(body)


ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A show</title><entry><id>g1</id><title>One</title>
<updated>2025-01-06T10:00:00Z</updated>
<link rel="enclosure" href="/1.mp3" type="audio/mpeg"/></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><title>A show</title></channel><item rdf:about="g1"><title>One</title><link>http://e.org/1</link></item>
</rdf:RDF>"""
RSS_090 = RDF.replace(b"http://purl.org/rss/1.0/", b"http://channel.netscape.com/rdf/simple/0.9/")
RSS_091 = b"""<rss version="0.91"><channel><title>A show</title><item><title>One</title>
<link>http://e.org/1</link></item></channel></rss>"""


@pytest.mark.parametrize("body", [ATOM, RDF, RSS_090, RSS_091], ids=["atom", "rdf", "rss 0.90", "rss 0.91"])
def test_f_10_every_common_kind_of_feed_is_read(body: bytes) -> None:
    got = read(body)
    assert (got.title, [episode.title for episode in got.episodes]) == ("A show", ["One"])
    assert got.complete
    assert got.episodes[0].guid


@pytest.mark.parametrize(
    "tag",
    ["links", "content", "media_content", "media_thumbnail", "enclosures", "image", "podcast_transcript",
     "id", "title_detail", "published_parsed", "updated_parsed", "authors", "tags", "itunes_duration",
     "source", "license"],
)  # fmt: skip
def test_f_18_a_stranger_s_tag_stands_for_nothing_that_is_expected(tag: str) -> None:
    for inside in ("words", "<a>b</a>", ""):
        body = feed(
            f"<{tag}>{inside}</{tag}><item><guid>1</guid><{tag}>{inside}</{tag}><title>One</title></item>"
        )
        assert [episode.title for episode in read(body).episodes] == ["One"]


def audio(url: str, mime: str = "audio/mpeg") -> str:
    return f'<enclosure url="{url}" type="{mime}"/>'


def test_f_11_items_with_one_guid_keep_their_own_whatever_comes_before_them() -> None:
    def guids(*names: str) -> dict[str, str]:
        items = "".join(f"<item><title>{n}</title><guid>same</guid>{audio(n + '.mp3')}</item>" for n in names)
        return {episode.title: episode.guid for episode in read(feed(items)).episodes}

    before, after = guids("b", "a"), guids("c", "b", "a")
    assert len(set(after.values())) == 3
    assert {name: after[name] for name in before} == before


def test_f_11_a_true_repeat_is_one_episode() -> None:
    assert len(read(feed(item(1) + item(1))).episodes) == 1


def test_f_12_without_a_guid_a_token_in_the_address_does_not_make_another_episode() -> None:
    assert one(audio("https://e.org/1.mp3?token=a")).guid == one(audio("https://e.org/1.mp3?token=b")).guid
    assert one("<link>https://e.org/1</link>").guid == "https://e.org/1"
    assert read(feed("<item></item><item><pubDate>1</pubDate></item>")).episodes == ()
    words = "<item><description>x</description></item>"
    assert len(read(feed(words + words + words.replace("x", "y"))).episodes) == 2


@pytest.mark.parametrize(
    ("date", "ms"),
    [
        ("", None),
        ("yesterday", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Mon, 06 Jan 2025 10:00:00 GMT", 1736157600000),
        ("Mon, 06 Jan 2025 10:00:00", 1736157600000),
        ("Tue, 06 Jan 2025 10:00:00 GMT", 1736157600000),
        ("6 Jan 2025 10:00:00 PST", 1736186400000),
        ("2025-01-06T10:00:00Z", 1736157600000),
        ("2025-01-06", 1736121600000),
        ("2025/01/06", 1736121600000),
        ("2025/1/6 10:00", 1736157600000),
        ("2025/01/06 10:00:00 GMT", 1736157600000),
        ("2025/13/06", None),
        ("2025/01/06 10:00 +0900", None),
        ("Jan 6, 2025 10:00 AM", 1736157600000),
        ("Mon Jan  6 10:00:00 2025", 1736157600000),
        ("01/06/2025 10:00 AM", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("Mon, 06 Jan 99999 10:00:00 GMT", None),
        ("Mon, 32 Jan 2025 25:61:61 +9999", None),
        ("1" * 200_000, None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_f_13_dates_are_sane_or_unknown(date: str, ms: int | None) -> None:
    assert one(f"<guid>1</guid><pubDate>{date}</pubDate>").published_ms == ms


@pytest.mark.parametrize(
    ("tags", "chosen"),
    [
        ("", None),
        (audio("https://e.org/a.mp3"), "https://e.org/a.mp3"),
        (audio("https://e.org/c.jpg", "image/jpeg") + audio("https://e.org/a", "audio/mp4"), "https://e.org/a"),
        (audio("https://e.org/v.mp4", "video/mp4") + audio("https://e.org/a.mp3"), "https://e.org/a.mp3"),
        (audio("https://e.org/v.mp4", "video/mp4"), "https://e.org/v.mp4"),
        (audio("https://e.org/b.mp3?x=1", "application/octet-stream"), "https://e.org/b.mp3?x=1"),
        (audio("https://e.org/b.pdf", "application/pdf"), None),
        ("".join(audio(f"https://e.org/{n}.mp3") for n in range(3)), "https://e.org/0.mp3"),
        (audio("https://xn--e1afmkfd.invalid/a.mp3"), "https://xn--e1afmkfd.invalid/a.mp3"),
        (audio("a b.mp3"), "https://example.org/show/a b.mp3"),
        (audio("//cdn.e.org/a.mp3"), "https://cdn.e.org/a.mp3"),
        (audio("https://e.org/Show #1.mp3"), "https://e.org/Show %231.mp3"),
        (audio("http://[2001:db8::1]/a.mp3"), "http://[2001:db8::1]/a.mp3"),
        (audio("http://[bad/a.mp3"), None),
        (audio("file:///etc/passwd.mp3") + audio("ftp://e.org/a.mp3") + audio("javascript:1"), None),
        (audio("data:audio/mpeg;base64,AAAA") + audio(""), None),
        (audio("https://пример.invalid/эпизод.mp3"), "https://пример.invalid/эпизод.mp3"),
    ],
)  # fmt: skip
def test_f_17_the_enclosure_is_chosen_by_rule(tags: str, chosen: str | None) -> None:
    got = one(f"<guid>1</guid>{tags}").enclosure
    assert (got.url if got else None) == chosen


@pytest.mark.parametrize("length", ["-1", "", "abc", "0", "1" * 40, "²"])
def test_f_17_a_senseless_length_is_unknown(length: str) -> None:
    got = one(f'<guid>1</guid><enclosure url="/a.mp3" type="audio/mpeg" length="{length}"/>').enclosure
    assert got
    assert got.length_bytes is None


@pytest.mark.parametrize(
    ("text", "ms"),
    [("90", 90_000), ("1:30", 90_000), ("0:01:30.5", 90_500), ("", None), ("-5", None), ("nan", None),
     ("1e300", None), ("1:2:3:4", None), ("an hour", None), ("999999", None)],
)  # fmt: skip
def test_durations_are_sane_or_unknown(text: str, ms: int | None) -> None:
    assert one(f"<guid>1</guid><itunes:duration>{text}</itunes:duration>").duration_ms == ms


def test_a_guid_that_is_no_address_is_not_taken_for_the_page() -> None:
    assert one("<guid>1</guid>").link is None
    assert one("<guid>https://e.org/1</guid>").link == "https://e.org/1"


def test_a_feed_may_ask_to_be_fetched_elsewhere() -> None:
    tag = "<itunes:new-feed-url> https://new.example/feed </itunes:new-feed-url>"
    assert read(feed("", tag)).new_url == "https://new.example/feed"
    assert read(feed("", tag.replace("https://", "file://"))).new_url is None


def test_feeds_are_found_in_a_page() -> None:
    page = b"""<HTML><head><link rel="alternate" type="application/feed+json" href="/json">
    <link rel='alternate' type="application/rss+xml" href="/feed.xml?a=1&amp;b=2">
    <link rel="stylesheet" href="x.css"><link type=application/atom+xml rel="Alternate home" href=atom>
    <link rel="alternate" hreflang="de" href="/de">
    <link rel="alternate" type="application/rss+xml" href="javascript:1"></head>
    <a class="x" href="https://other.example/rss.xml">RSS</a> <a href="/about">About</a>"""
    assert [link.url for link in find_feed_links(page, "https://example.org/show/")] == [
        "https://example.org/feed.xml?a=1&b=2",
        "https://example.org/show/atom",
        "https://example.org/json",
        "https://other.example/rss.xml",
    ]


def test_a_hostile_page_ends_soon() -> None:
    began = time.perf_counter()
    for piece in (b"<!--", b"<a ", b"<link a", b"<link a=", b"</", b"<![", b'<a href="', b"<a x='\""):
        assert find_feed_links(piece * 400_000, URL) == []
    assert time.perf_counter() - began < 20


@pytest.mark.needs_shared
@pytest.mark.parametrize("folder", ["data/hostile/feeds", "data/feeds"])
def test_every_document_of_the_suites_is_a_feed_or_a_plain_refusal(
    shared: Callable[[str], Path], folder: str
) -> None:
    files = [path for path in sorted(shared(folder).rglob("*")) if path.is_file()]
    feeds = 0
    for path in files:
        began = time.perf_counter()
        with contextlib.suppress(KnownError):
            got = read(path.read_bytes())
            repr(got).encode()
            feeds += 1
            assert len({episode.guid for episode in got.episodes}) == len(got.episodes)
        assert time.perf_counter() - began < 10, path
    assert feeds > len(files) // 2


def test_people_are_those_of_the_show_and_those_of_the_episode() -> None:
    body = b"""<?xml version="1.0"?><rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0">
    <channel><title>A show</title><podcast:person role="host">Ines Varga</podcast:person>
    <item><title>One</title><guid>1</guid><podcast:person role="guest"> Rolf
      Adeyemi </podcast:person><podcast:person>Ines Varga</podcast:person></item>
    <item><title>Two</title><guid>2</guid><podcast:person></podcast:person></item></channel></rss>"""
    people = {episode.guid: episode.people for episode in parse(body, url="https://a.example/feed").episodes}
    assert people == {"1": ("Ines Varga", "Rolf Adeyemi"), "2": ("Ines Varga",)}
