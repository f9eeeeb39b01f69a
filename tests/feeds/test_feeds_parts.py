"""A feed that is read in parts is the feed that is read whole."""

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from io import BytesIO
from pathlib import Path
from xml.sax import handler

import pytest
from feedparser import FeedParserDict, api
from read_or_refused import read_or_refused

from earmark.errors import KnownError
from earmark.feeds import parse, sax_driver, together
from earmark.feeds.document import Document
from earmark.feeds.parse import parse_part
from earmark.feeds.parts import items_of_part, left_out, without
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
LENGTH = "<itunes:duration>10</itunes:duration>"
NAMED = "<podcast:person>P{n}</podcast:person><itunes:episode>{n}</itunes:episode>"
APART = {
    "five items": rss(*map(item, range(5))),
    "white space and comments": rss("\n <!-- <item> -->", item(1), "\n\n", item(2), "<!-- </item> -->"),
    "a GUID that items of both parts share": rss(
        *(item(n, guid="same" if n % 2 else None) for n in range(6))
    ),
    "a true repeat in the other part": rss(item(1), item(2), item(3), item(1)),
    "items by name, text and number": rss(*(item(n, NAMED.format(n=n)) for n in range(7))),
    "words that look like the end of an item": rss(
        item(1, "<description><![CDATA[</item> & <item>]]></description>"), item(2), item(3)
    ),
    "ends with white space in it": rss(*map(item, range(4))).replace(b"</item>", b"</item \n>"),
    "Atom": atom(*(ENTRY.format(n=n) for n in range(5))),
}
WHOLE_ALONE = {
    "one item": rss(item(1)),
    "what the show says comes last": rss(
        item(1), item(2), tail="<itunes:new-feed-url>https://new.example/</itunes:new-feed-url><ttl>90</ttl>"
    ),
    "RDF": RDF.format(
        items="".join(f"<item rdf:about='{n}'><title>{n}</title><link>/{n}</link></item>" for n in range(5))
    ).encode(),
    "an item in what the show says": rss(
        f"<description>{item(9)}</description>", item(1, LENGTH), item(2, LENGTH)
    ),
    "an item in the show's title": rss(item(1), f"<title>{item(9)}</title>", item(2)),
    "items beside the channel": rss().replace(b"</channel>", b"</channel>" + (item(1) + item(2)).encode()),
    "items in two channels": rss(item(1)).replace(
        b"</rss>", f"<channel><title>B</title>{item(2)}</channel></rss>".encode()
    ),
    "a namespace that an item declares": rss(
        f"<item xmlns:i='{ITUNES}'><guid>1</guid><i:duration>10</i:duration></item>",
        "<item><guid>2</guid></item>",
        f"<item xmlns:it='{ITUNES}'><guid>3</guid><it:duration>10</it:duration></item>",
    ),
    "a namespace that a tag in an item declares": rss(
        item(1, f"<i:duration xmlns:i='{ITUNES}'>10</i:duration>"), item(2), item(3)
    ),
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


def test_tags_that_only_the_second_look_needs_are_cut_out_of_its_items_and_nothing_else() -> None:
    named = "<podcast:person>Ann</podcast:person><podcast:person><b>Bob</b></podcast:person>"
    body = rss("<itunes:author>All</itunes:author>", item(1, named + LENGTH), item(2, named))
    document = Document(body)
    kept = without(body, left_out(document, body, range(1)))
    assert kept == body.replace(item(2, named).encode(), b"").replace(
        b"<podcast:person>Ann</podcast:person>", b""
    )
    assert parse(body, url=URL).episodes[0].people[0] == "Ann"


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


LONG = item(1, LENGTH), item(2, LENGTH)
UNREAD_BY_DOCUMENT = {
    "entities of its own": b"<!DOCTYPE rss [<!ENTITY nbsp '&#160;'>]>" + rss(*LONG),
    "a byte of another encoding": b'<?xml version="1.0" encoding="utf-8"?>'
    + rss("<description>NOTE</description>", *LONG).replace(b"NOTE", b"caf\xe9"),
    "an item in what the show says": rss(f"<description>{item(9)}</description>", *LONG),
}


@pytest.mark.parametrize("name", UNREAD_BY_DOCUMENT)
def test_what_the_second_look_cannot_read_feedparser_still_tells(name: str) -> None:
    assert parse(UNREAD_BY_DOCUMENT[name], url=URL).episodes[-1].duration_ms == 10_000


def by_feedparser(body: bytes, readers: list[str], monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(api, "PREFERRED_XML_PARSERS", readers)
    try:
        read = api.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # noqa: BLE001 - feedparser's own faults are many; both ways they must be the same
        return repr(error)
    return dict(read.get("feed", {})), read["entries"], dict.get(read, "version"), read["bozo"]


def test_feedparser_makes_the_same_of_whole_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    for body in [*APART.values(), *WHOLE_ALONE.values(), *UNREAD_BY_DOCUMENT.values()]:
        usual = by_feedparser(body, [], monkeypatch)
        assert by_feedparser(body, [sax_driver.__name__], monkeypatch) == usual


@pytest.mark.needs_shared
@pytest.mark.parametrize("folder", ["data/feeds", "data/hostile/feeds"])
def test_feedparser_makes_the_same_of_the_suites(
    folder: str, shared: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [file for file in sorted(shared(folder).rglob("*")) if file.is_file()]
    for file in files:
        body = file.read_bytes()
        if len(body) < 500_000:
            usual = by_feedparser(body, [], monkeypatch)
            assert by_feedparser(body, [sax_driver.__name__], monkeypatch) == usual, file.name


def test_feedparser_is_given_the_reader_of_whole_texts() -> None:
    parse(APART["five items"], url=URL)
    assert api.PREFERRED_XML_PARSERS.count("earmark.feeds.sax_driver") == 1
    assert api.PREFERRED_XML_PARSERS[0] == "earmark.feeds.sax_driver"


@pytest.mark.needs_shared
@pytest.mark.parametrize("folder", ["data/feeds", "data/hostile/feeds"])
def test_every_document_of_the_suites_is_the_same_in_parts(
    folder: str, shared: Callable[[str], Path]
) -> None:
    files = [file for file in sorted(shared(folder).rglob("*")) if file.is_file()]
    bodies = [(file.name, file.read_bytes()) for file in files if file.stat().st_size < 2_000_000]
    assert len(bodies) > 30
    for name, body in bodies:
        whole = read_or_refused(partial(parse, body, url=URL))
        assert read_or_refused(partial(in_parts, body, 2)) == whole, name


def test_what_feedparser_copies_is_equal_and_apart_from_the_original() -> None:
    parse(rss(item(1)), url=URL)  # introduces our way of copying
    person = FeedParserDict(name="Ann")
    record = FeedParserDict(title="A", url="a", authors=[person], author_detail=person, twice=2)
    copy = deepcopy(record)
    assert dict.items(copy) == dict.items(record)
    assert type(copy) is type(copy.author_detail) is FeedParserDict
    assert copy.authors[0] is copy.author_detail
    copy.author_detail["name"] = "Eve"
    assert person.name == "Ann"


def test_feedparser_copies_its_records_in_our_way() -> None:
    parse(rss(item(1)), url=URL)
    assert FeedParserDict.__deepcopy__.__module__ == sax_driver.__name__


def test_a_tag_named_like_pythons_own_is_no_harm_to_a_feed() -> None:
    body = rss(item(1, "<source><__deepcopy__>x</__deepcopy__><title>From afar</title></source>"))
    assert [episode.guid for episode in parse(body, url=URL).episodes] == ["1"]
