"""The list of shows as other programs read it."""

from xml.dom import minidom

from hypothesis import given
from hypothesis import strategies as st

from earmark.export import Listed, as_opml, without_login
from earmark.export.clean import clean
from earmark.feeds import parse_opml

MADE = "Mon, 23 Nov 2026 09:00:00 +0000"
TITLES = st.text(max_size=60)
ADDRESSES = st.builds(
    lambda host, path: f"https://{host}.example/{path}",
    st.from_regex(r"[a-z]{1,10}", fullmatch=True),
    st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"<>\\^`{|}'), max_size=30),
)


def as_gpodder_reads(text: str) -> list[tuple[str, str]]:
    """Title and address of each row, found as gPodder finds them: a DOM, and all elements of one name."""
    rows = minidom.parseString(text.encode()).getElementsByTagName("outline")
    return [
        (row.getAttribute("title") or row.getAttribute("text"), row.getAttribute("xmlUrl"))
        for row in rows
        if row.getAttribute("type") == "rss"
    ]


@given(st.lists(st.tuples(TITLES, ADDRESSES), max_size=6))
def test_what_is_written_is_read_again_by_us_and_by_others(shows: list[tuple[str, str]]) -> None:
    text = as_opml([Listed(title, url) for title, url in shows], MADE)
    told = [(clean(title), url) for title, url in shows]
    assert as_gpodder_reads(text) == told
    assert [(row.title, row.url) for row in parse_opml(text.encode()).rows] == [
        (" ".join(title.split()), url) for title, url in told
    ]


def test_no_name_and_no_password_is_in_it() -> None:
    shows = [
        Listed(
            "A", "https://ann:canary-word@example.org:8443/feed?x=1", "https://ann:canary-word@example.org/"
        ),
        Listed("B", "https://canary-word@example.org/feed"),
    ]
    text = as_opml(shows, MADE)
    assert "canary-word" not in text
    assert [url for _, url in as_gpodder_reads(text)] == [
        "https://example.org:8443/feed?x=1",
        "https://example.org/feed",
    ]
    assert without_login("https://e.org/a@b") == "https://e.org/a@b"


def test_an_empty_list_is_a_list() -> None:
    text = as_opml([], MADE)
    assert as_gpodder_reads(text) == []
    assert parse_opml(text.encode()).rows == ()
