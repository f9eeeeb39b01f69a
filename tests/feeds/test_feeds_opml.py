"""Lists of shows from other programs: what is in them is taken, what is wrong with them is told. F-16"""

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.errors import KnownError
from earmark.feeds import parse_opml

COUNTS = {
    "real-exports/pocketcasts_28_shows.opml": 28,
    "real-exports/overcast_3_shows.opml": 3,
    "node-opmlparser/top100.opml": 100,
    "pixel-foundry/feedly.opml": 39,
    "pixel-foundry/rsparser.opml": 207,
    "netnewswire/Subs.opml": 207,
    "netnewswire/SubsNoTitleAttributes.opml": 207,
    "holllo/spec_samples/subscriptionList.opml": 13,
    "holllo/samples/valid_opml_with_everything.opml": 2,
    "holllo/samples/construction_2.opml": 4,
    "holllo/spec_samples/states.opml": 0,
}


def opml(rows: str, head: str = "<head/>") -> bytes:
    """A list with these rows."""
    return f'<?xml version="1.0"?>\n<opml version="2.0">{head}<body>\n{rows}</body></opml>'.encode()


@pytest.mark.needs_shared
@pytest.mark.parametrize(("name", "shows"), COUNTS.items())
def test_lists_of_other_programs_are_read_whole(name: str, shows: int, shared: Callable[[str], Path]) -> None:
    found = parse_opml((shared("data/opml") / name).read_bytes())
    assert len(found.rows) == shows
    assert all(row.title for row in found.rows)


@pytest.mark.needs_shared
def test_every_file_of_the_suites_gives_rows_or_a_reason(shared: Callable[[str], Path]) -> None:
    files = sorted(shared("data/opml").rglob("*.opml")) + sorted(shared("data/hostile/opml").glob("*.opml"))
    refused = set()
    for file in files:
        try:
            found = parse_opml(file.read_bytes())
            assert found.rows or found.bad or file.name.endswith(("no-outlines.opml", "no_outlines.opml")), (
                file
            )
        except KnownError:
            refused.add(file.name)
    assert refused == {"invalid_xml.opml", "not_opml.opml", "xxe.opml"}


@pytest.mark.needs_shared
def test_a_damaged_list_gives_its_whole_rows_and_tells_which_are_not(shared: Callable[[str], Path]) -> None:
    found = parse_opml((shared("data/opml") / "node-opmlparser/malformed.opml").read_bytes())
    assert len(found.rows) == 14
    assert "http://feeds2.feedburner.com/WebDesignerWall" in {row.url for row in found.rows}
    assert [row.reason for row in found.bad if "cut off" in row.reason]
    assert [row.reason for row in found.bad if "damaged here" in row.reason]


def test_folders_are_passed_through_however_deep_and_no_depth_harms() -> None:
    inner = '<outline text="The one" xmlUrl="https://e.org/feed" htmlUrl="https://e.org"/>'
    found = parse_opml(opml('<outline text="folder">' * 5000 + inner + "</outline>" * 5000))
    assert [(row.title, row.url, row.link) for row in found.rows] == [
        ("The one", "https://e.org/feed", "https://e.org")
    ]
    assert found.bad == ()


def test_rows_of_no_use_are_told_with_their_line_and_do_not_stop_the_others() -> None:
    rows = '<outline text="A" xmlUrl="https://e.org/a"/>\n<outline title="no address"/>\n<outline xmlurl="https://e.org/b"/>'
    found = parse_opml(opml(rows))
    assert [row.url for row in found.rows] == ["https://e.org/a", "https://e.org/b"]
    assert [(row.line, row.text) for row in found.bad] == [(4, "no address")]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY x "' + "ha" * 1000 + '">',
        '<!ENTITY % x SYSTEM "http://127.0.0.1:9/dtd"> %x;',
    ],
)
def test_a_list_that_defines_entities_is_refused_whatever_they_are(declaration: str) -> None:
    body = f'<!DOCTYPE o [{declaration}]><opml><body><outline text="&x;" xmlUrl="https://e.org/f"/></body></opml>'
    with pytest.raises(KnownError, match="entities"):
        parse_opml(body.encode())


def test_20000_rows_and_more_stay_within_bounds() -> None:
    rows = "".join(f'<outline text="Show {n}" xmlUrl="https://e.org/{n}"/>\n' for n in range(25_000))
    tracemalloc.start()
    found = parse_opml(opml(rows))
    _now, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.rows) == 20_000
    assert len(found.bad) == 1000
    assert peak_bytes < 100 * 2**20
    with pytest.raises(KnownError, match="larger than"):
        parse_opml(b"<opml>" + b" " * (17 * 2**20))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_a_list_is_read_in_its_encoding(encoding: str) -> None:
    label = {"utf-8-sig": "UTF-8"}.get(encoding, encoding)
    text = (
        f'<?xml version="1.0" encoding="{label}"?><opml><body><outline text="Café" xmlUrl="https://e.org/f"/>'
    )
    found = parse_opml((text + "</body></opml>").encode(encoding))
    assert [row.title for row in found.rows] == ["Café"]


def test_a_bare_ampersand_or_a_control_character_costs_no_show() -> None:
    rows = '<outline text="Tom & Ann" xmlUrl="https://e.org/f?a=1&b=2"/><outline text="\x01 b" xmlUrl="https://e.org/g"/>'
    found = parse_opml(opml(rows))
    assert [(row.title, row.url) for row in found.rows] == [
        ("Tom & Ann", "https://e.org/f?a=1&b=2"),
        ("b", "https://e.org/g"),
    ]


def test_a_feed_or_a_page_is_not_taken_for_a_list() -> None:
    for body in (b"", b"<rss><channel/></rss>", b"<!DOCTYPE html><html><body>hello</body></html>", b"\0\0\0"):
        with pytest.raises(KnownError, match="not a list of shows"):
            parse_opml(body)


@given(st.binary(max_size=400), st.integers(0, 200))
def test_no_bytes_make_it_stumble(noise: bytes, at: int) -> None:
    whole = opml('<outline text="A" xmlUrl="https://e.org/a"/>')
    for body in (noise, whole[:at] + noise + whole[at:], whole[:at]):
        try:
            found = parse_opml(body)
        except KnownError:
            continue
        assert len(found.rows) < 30


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=40), max_size=8))
def test_titles_come_as_they_were_written(titles: list[str]) -> None:
    rows = "".join(f"<outline text={quoteattr(t)} xmlUrl='https://e.org/{n}'/>" for n, t in enumerate(titles))
    folded = [" ".join(title.split()) for title in titles]
    assert [row.title for row in parse_opml(opml(rows)).rows] == folded
