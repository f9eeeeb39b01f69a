"""A feed that is read in parts is the feed that is read whole."""

from collections.abc import Callable
from pathlib import Path
from xml.sax import handler

import pytest

from earmark.errors import KnownError
from earmark.feeds import parse, together
from earmark.feeds.document import Document
from earmark.feeds.parse import parse_part
from earmark.feeds.parts import items_of_part
from earmark.feeds.sax_driver import create_parser
from earmark.records import ParsedFeed

URL = "https://example.org/feed"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
AUDIO = '<enclosure url="{n}.mp3" type="audio/mpeg"/>'


def item(number: int, more: str = "", guid: str | None = None) -> str:
    return (
        f"<item><title>Number {number} &amp; ☂</title><guid>{guid or number}</guid>"
        f"{AUDIO.format(n=number)}{more}</item>"
    )


def rss(*items: str, tail: str = "") -> bytes:
    head = (
        '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>A show</title>'
    )
    return f"{head}{''.join(items)}{tail}</channel></rss>".encode()


def atom(*entries: str) -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{"".join(entries)}</feed>'.encode()


RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    "<channel><title>A</title></channel>{items}</rdf:RDF>"
)
ENTRY = (
    "<entry><id>{n}</id><title>{n}</title>"
    "<content type='xhtml'><div> a <b>{n}</b> &lt; </div></content></entry>"
)
NAMED = "<podcast:person>P{n}</podcast:person><itunes:episode>{n}</itunes:episode>"
APART = {
    "five items": rss(*map(item, range(5))),
    "one item": rss(item(1)),
    "none": rss(),
    "white space and comments": rss("\n <!-- <item> -->", item(1), "\n\n", item(2), "<!-- </item> -->"),
    "a GUID that items of both parts share": rss(
        *(item(n, guid="same" if n % 2 else None) for n in range(6))
    ),
    "a true repeat in the other part": rss(item(1), item(2), item(3), item(1)),
    "items by name, text and number": rss(*(item(n, NAMED.format(n=n)) for n in range(7))),
    "words that look like the end of an item": rss(
        item(1, "<description><![CDATA[</item> & <item>]]></description>"), item(2), item(3)
    ),
    "what the show says comes last": rss(
        item(1), item(2), tail="<itunes:new-feed-url>https://new.example/</itunes:new-feed-url><ttl>90</ttl>"
    ),
    "ends with white space in it": rss(*map(item, range(4))).replace(b"</item>", b"</item \n>"),
    "Atom": atom(*(ENTRY.format(n=n) for n in range(5))),
    "RDF": RDF.format(
        items="".join(f"<item rdf:about='{n}'><title>{n}</title><link>/{n}</link></item>" for n in range(5))
    ).encode(),
}
WHOLE_ALONE = {
    "an empty item": rss(item(1), '<item a="x>y"/>', item(2)),
    "an item in an item": rss(item(1), item(2, item(3)), item(4)),
    "one on the air now": rss(item(1), "<podcast:liveItem><title>Now</title></podcast:liveItem>", item(2)),
    "not well-formed": rss(item(1), item(2), "<br>", item(3)),
    "cut off": rss(*map(item, range(6)))[:-90],
    "another encoding": b'<?xml version="1.0" encoding="windows-1252"?>'
    + rss(item(1), item(2)).decode().replace("☂", "é").encode("windows-1252"),
    "UTF-16": ('<?xml version="1.0" encoding="utf-16"?>' + rss(item(1), item(2)).decode()).encode("utf-16"),
    "JSON": b'{"version": "https://jsonfeed.org/version/1.1", "title": "A",'
    b' "items": [{"id": "1", "title": "t"}, {"id": "2", "title": "u"}]}',
}


def in_parts(body: bytes, of: int) -> ParsedFeed:
    return together([parse_part(body, (number, of), url=URL) for number in range(of)])


@pytest.mark.parametrize("of", [2, 3])
@pytest.mark.parametrize("name", [*APART, *WHOLE_ALONE])
def test_a_feed_in_parts_is_the_feed_read_whole(name: str, of: int) -> None:
    body = (APART | WHOLE_ALONE)[name]
    assert in_parts(body, of) == parse(body, url=URL)


def test_an_empty_item_on_the_air_takes_nothing_with_it() -> None:
    body = rss("<podcast:liveItem status='a>b'/>", item(1), item(2, "<podcast:liveItem/>"))
    assert [episode.guid for episode in parse(body, url=URL).episodes] == ["1", "2"]


@pytest.mark.parametrize("name", APART)
def test_each_part_reads_its_own_items_alone(name: str) -> None:
    parts = [parse_part(APART[name], (number, 2), url=URL).episodes for number in range(2)]
    assert abs(len(parts[0]) - len(parts[1])) <= 1


@pytest.mark.parametrize("name", WHOLE_ALONE)
def test_what_cannot_be_taken_apart_is_left_to_the_first_part(name: str) -> None:
    assert parse_part(WHOLE_ALONE[name], (0, 2), url=URL).episodes
    assert not parse_part(WHOLE_ALONE[name], (1, 2), url=URL).episodes


def test_parts_hold_every_item_once() -> None:
    body = APART["items by name, text and number"]
    document = Document(body)
    held = [items_of_part(document, body, (number, 3)) for number in range(3)]
    assert [n for items in held if items is not None for n in items] == list(range(7))


def test_a_page_is_no_feed_to_the_first_part() -> None:
    with pytest.raises(KnownError, match="a web page"):
        in_parts(b"<html>hi</html>", 2)


class Told(handler.ContentHandler):
    """What xml.sax hands over: texts, and the names of the elements that begin and end."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def startElementNS(  # noqa: N802 - its name in xml.sax
        self, name: tuple[str | None, str], qname: str | None, attrs: object
    ) -> None:
        self.heard.append(f"<{name[1]}>")

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        self.heard.append(f"</{name[1]}>")

    def characters(self, content: str) -> None:
        self.heard.append(content)


def heard(document: str) -> str:
    told = Told()
    reader = create_parser()
    reader.setFeature(handler.feature_namespaces, 1)
    reader.setContentHandler(told)
    reader.feed(document)
    reader.close()
    return "|".join(told.heard)


def test_a_text_with_entities_and_lines_reaches_feedparser_whole() -> None:
    document = "<a>one &lt; two\nthree &amp; <b>four &#102;ive</b></a>"
    assert heard(document) == "<a>|one < two\nthree & |<b>|four five|</b>|</a>"


def test_what_the_second_look_keeps_of_an_item_is_not_told_to_feedparser() -> None:
    inside = "<i:author>Ann <b>and</b> Bob</i:author> then <i:duration/><i:summary>words</i:summary>"
    around = f"<i:author>A</i:author><item>first{inside}last</item><i:author>B</i:author>"
    document = f"<r xmlns:i='{ITUNES}'>{around}</r>"
    kept = "first| then |<summary>|words|</summary>|last"
    assert heard(document) == (f"<r>|<author>|A|</author>|<item>|{kept}|</item>|<author>|B|</author>|</r>")


def test_the_last_of_several_durations_counts() -> None:
    body = rss(item(1, "<itunes:duration>10</itunes:duration><itunes:duration>20</itunes:duration>"))
    assert parse(body, url=URL).episodes[0].duration_ms == 20_000


def test_feedparser_is_given_the_reader_of_whole_texts() -> None:
    parse(APART["one item"], url=URL)
    from feedparser import api

    assert api.PREFERRED_XML_PARSERS.count("earmark.feeds.sax_driver") == 1
    assert api.PREFERRED_XML_PARSERS[0] == "earmark.feeds.sax_driver"


@pytest.mark.needs_shared
@pytest.mark.parametrize("folder", ["data/feeds", "data/hostile/feeds"])
def test_every_document_of_the_suites_is_the_same_in_parts(
    folder: str, shared: Callable[[str], Path]
) -> None:
    def told(read: Callable[[], ParsedFeed]) -> object:
        try:
            return read()
        except KnownError as error:
            return str(error)

    files = [file for file in sorted(shared(folder).rglob("*")) if file.is_file()]
    bodies = [(file.name, file.read_bytes()) for file in files if file.stat().st_size < 2_000_000]
    assert len(bodies) > 30
    for name, body in bodies:
        whole = told(lambda body=body: parse(body, url=URL))  # type: ignore[misc]
        assert told(lambda body=body: in_parts(body, 2)) == whole, name  # type: ignore[misc]
