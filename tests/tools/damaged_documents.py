"""Feeds, transcripts and lists of chapters, damaged in ways that a seed decides."""

import random
from collections.abc import Sequence

from earmark.errors import KnownError
from earmark.feeds import find_feed_links, parse, parse_chapters, parse_transcript

LARGEST_BYTES = 40_000
URL = "https://example.org/show/feed.xml"
TOKENS = (
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<!DOCTYPE x [",
    b"<?xml ?>",
    b"&",
    b"&#0;",
    b"&#xD800;",
    b"&amp;",
    b"<item>",
    b"</item>",
    b"<entry>",
    b"<channel>",
    b"</rss>",
    b"<podcast:liveItem>",
    b"</podcast:liveItem>",
    b"<podcast:alternateEnclosure>",
    b'<podcast:source uri="x"/>',
    b"<itunes:duration>",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"-->\n",
    b"WEBVTT\n\n",
    b"00:00:01.000 --> 99:99:99.999\n",
    b'{"segments":[',
    b"]}",
    b"{",
    b"[",
    b"null",
    b"1e999",
    b"-1",
    b"9" * 400,
    b'"',
    b"'",
    b"<script>",
    b'xmlns:a=""',
    b"\xe2\x80\xae",
    b"<",
    b">",
    *(
        b"<%s>x</%s>" % (name, name)
        for name in (
            *(b"links", b"content", b"media_content", b"media_thumbnail", b"enclosures", b"image", b"id"),
            *(b"published_parsed", b"updated", b"authors", b"tags", b"source", b"license", b"summary_detail"),
        )
    ),
)
SEEDS = (
    b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"
 xmlns:podcast="https://podcastindex.org/namespace/1.0"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:psc="http://podlove.org/simple-chapters"><channel>
<title>A show</title><link>https://e.org</link><podcast:funding url="https://e.org/give">Give</podcast:funding>
<podcast:liveItem><title>Now</title></podcast:liveItem><itunes:image href="/a.jpg"/>
<item><title>One &amp; two</title><guid>1</guid><pubDate>Mon, 06 Jan 2025 10:00:00 GMT</pubDate>
<enclosure url="/1.mp3" type="audio/mpeg" length="5"/><itunes:duration>1:02:03</itunes:duration>
<description><![CDATA[<p>00:00 Intro<br>02:10 Bread<br>15:40 End</p>]]></description>
<podcast:transcript url="/t.vtt" type="text/vtt"/><podcast:soundbite startTime="1" duration="9">x
</podcast:soundbite><psc:chapters><psc:chapter start="00:00:01.5" title="Intro"/></psc:chapters></item>
<item><title>Two</title><podcast:alternateEnclosure type="audio/opus"><podcast:source uri="/2.opus"/>
</podcast:alternateEnclosure><podcast:season name="s">2</podcast:season></item></channel></rss>""",
    b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry>
<id>g</id><title type="html">&lt;b>x</title>
<updated>2025-01-06T10:00:00Z</updated><link rel="enclosure" href="/1.mp3" type="audio/mpeg"/></entry>
</feed>""",
    b"""{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [{"id": "1", "title": "t",
"date_published": "2025-01-06T11:00:00+01:00", "content_html": "<p>x</p>", "attachments": [{"url": "/1.mp3",
"mime_type": "audio/mpeg", "size_in_bytes": 5, "duration_in_seconds": 61.5}]}]}""",
    b"WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:04.000 align:start\n<v Ann>Hello <b>you</b>\n\n"
    b"00:04.000 --> 00:05.000\nYes\n",
    b"1\n00:00:01,000 --> 00:00:02,000\nAnn: Hello\n\n2\n00:00:02,000 --> 00:00:03,000\nBo: Yes\n",
    b'{"version": "1.0.0", "segments": [{"speaker": "Ann", "startTime": 0.5, "endTime": 2, '
    b'"body": "Hello"}]}',
    b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Intro"}, '
    b'{"startTime": "1:40", "title": "x"}]}',
    b"<html><body><cite>Ann:</cite><time>0:01</time><p>Hello</p></body></html>",
)  # fmt: skip


def damaged(seed: int, documents: Sequence[bytes]) -> bytes:
    """One document with 1 to 12 faults: bytes changed, cut out, doubled, put in, turned, from another."""
    chance = random.Random(seed)
    body = bytearray(chance.choice(documents)[:LARGEST_BYTES])
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(body) + 1)
        end = min(len(body), at + chance.choice((1, 2, 8, 60, 400)))
        fault = chance.randrange(7)
        if fault == 0 and at < len(body):
            body[at] = chance.randrange(256)
        elif fault == 1:
            del body[at:end]
        elif fault == 2:
            body[at:at] = body[at:end] * chance.choice((1, 3, 40))
        elif fault == 3:
            body[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 50))
        elif fault == 4:
            other = chance.choice(documents)
            start = chance.randrange(len(other) + 1)
            body[at:end] = other[start : start + 300]
        elif fault == 5:
            del body[at + chance.randrange(2000) :]
        else:
            body[at:end] = bytes(reversed(body[at:end]))
    return bytes(body)


def read_every_way(body: bytes) -> str:
    """Read a document as each of the things that strangers send; "refused", or what it was read as.

    Whatever is read can be stored: its texts can be encoded, its identities are unique. AssertionError else.
    """
    read = []
    try:
        feed = parse(body, url=URL)
        repr(feed).encode()
        guids = [episode.guid for episode in feed.episodes]
        assert len(set(guids)) == len(guids)
        assert all(guids)
        read.append("feed")
    except KnownError:
        find_feed_links(body, URL)
    try:
        segments = parse_transcript(body, None, "t").segments
        repr(segments).encode()
        assert all(0 <= segment.start_ms <= segment.end_ms for segment in segments)
        read.append("transcript")
    except KnownError:
        pass
    try:
        repr(parse_chapters(body)).encode()
        read.append("chapters")
    except KnownError:
        pass
    return " and ".join(read) or "refused"
