"""Any text in any field comes back from every form, after the cleaning that is documented."""

import io
import json
import sqlite3
import unicodedata
import xml.etree.ElementTree as ET
import zipfile
from contextlib import closing
from email.parser import BytesParser
from email.policy import default as modern
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from chosen_texts import NASTY, day_of, item
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import Page, csv_rows, markdown_blocks

from earmark.clock import system_clock
from earmark.export import (
    Item,
    Selection,
    as_anki,
    as_atom,
    as_csv,
    as_epub,
    as_json,
    as_letter,
    as_page,
    as_text,
    clean,
    file_name,
    web_address,
)
from earmark.export.markdown import escaped, front_matter

ANY_CHARACTER = st.characters(exclude_categories=())
TEXTS = st.one_of(st.text(ANY_CHARACTER, max_size=60), st.sampled_from(NASTY))
FIVE = st.tuples(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)
ATOM = "{http://www.w3.org/2005/Atom}"
RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}


@given(st.text(ANY_CHARACTER, max_size=200), st.integers(1, 300))
def test_clean_text_stays_what_it_is_and_can_be_written_and_shown(text: str, most: int) -> None:
    once = clean(text, most)
    assert clean(once, most) == once
    assert len(once) <= most
    once.encode("utf-8")
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in once)
    assert "\n" not in once
    assert once == once.strip()


@given(TEXTS)
def test_file_names_are_good_on_every_system(text: str) -> None:
    name = file_name(text)
    assert name
    assert not set(name) & set('<>:"/\\|?*#^[]')
    assert not {name[0], name[-1]} & {" ", "."}
    assert len(name.encode()) <= 120
    assert f"{name} (0123)".casefold() not in RESERVED


@given(TEXTS)
def test_only_web_addresses_become_links(text: str) -> None:
    for link in (text, f"https://{text}", f"https://ann:{text}@example.org/{text}"):
        found = web_address(link)
        assert found is None or found.startswith(("http://", "https://"))
        assert found is None or (found.isascii() and not set(found) & set(' "<>\\^`{|}'))
        assert found is None or urlsplit(found).username is None


@settings(max_examples=80, deadline=None)
@given(FIVE, TEXTS)
def test_any_text_in_any_field_survives_every_form(texts: tuple[str, ...], why: str) -> None:
    one = item(0, texts)
    chosen = day_of(one, why=why)
    fields = (one.headline, one.text, one.quote, one.show, one.episode)
    _check_html(Page(as_page(chosen)).texts, one)
    with zipfile.ZipFile(io.BytesIO(as_epub(chosen))) as book:
        chapter = book.read("book/chapter-0001.xhtml").decode()
    ET.fromstring(chapter)
    _check_html(Page(chapter.partition("?>")[2]).texts, one)
    told = json.loads(as_json(chosen))["insights"][0]
    assert tuple(told[name] for name in ("headline", "text", "quote", "show", "episode")) == fields
    row = csv_rows(as_csv(chosen))[0]
    assert (row["Highlight"], row["Author"], row["Title"]) == (one.quote, one.show, one.episode)
    assert one.headline in row["Note"]
    _check_atom(chosen)
    _check_letter(chosen)
    _check_anki(chosen)
    plain = " ".join(as_text(chosen).replace("\n   > ", "\n").split())
    assert all(text in plain for text in fields if text != one.text or one.text != one.quote)


def _check_html(texts: dict[str, list[str]], one: Item) -> None:
    assert one.headline in texts["h2"]
    assert texts["blockquote"] == [one.quote]
    assert one.text in (*texts["p"], one.quote)
    assert texts["b"] == [one.show]
    assert one.episode in texts["bdi"]


def _check_atom(chosen: Selection) -> None:
    feed = ET.fromstring(as_atom(chosen))
    content = feed.findtext(f"{ATOM}entry/{ATOM}content") or ""
    assert Page(content).texts["blockquote"] == [chosen.items[0].quote]


def _check_letter(chosen: Selection) -> None:
    raw = as_letter(chosen, sender="a@example.org", to="b@example.org", clock=system_clock)
    letter = BytesParser(policy=modern).parsebytes(raw)
    assert letter["Subject"] == f"Earmark: {chosen.title}"
    assert letter.get_all("To") == ["b@example.org"]
    assert letter["Bcc"] is None
    rich = letter.get_body(("html",))
    assert rich is not None
    assert Page(rich.get_content()).texts["blockquote"] == [chosen.items[0].quote]
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def _check_anki(chosen: Selection) -> None:
    with zipfile.ZipFile(io.BytesIO(as_anki(chosen, now_ms=1_795_662_814_000))) as package:
        data = package.read("collection.anki2")
    with closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(data)
        fields = db.execute("SELECT flds FROM notes").fetchone()[0].split("\x1f")
    one = chosen.items[0]
    claim = one.text if one.text != one.quote else ""
    assert [unescape(text) for text in fields[:3]] == [one.headline, claim, one.quote]
    assert not any(mark in text for text in fields for mark in ("<", "[", "{"))


@given(TEXTS)
def test_any_text_shows_in_markdown_and_front_matter_as_it_is(text: str) -> None:
    wanted = clean(text)
    blocks = markdown_blocks(
        f"# {escaped(wanted)}\n\n{escaped(wanted)}\n\n> {escaped(wanted)}\n\n- {escaped(wanted)}\n"
    )
    shown = [words for kind, words in blocks if kind in ("heading", "paragraph", "quote")]
    assert [words for words in shown if words] == [wanted] * (4 if wanted else 0)
    lines = front_matter("insight/1", {"title": wanted, "saved": True})
    assert yaml.safe_load("\n".join(lines)) == {"earmark": "insight/1", "title": wanted, "saved": True}


def test_what_a_long_selection_of_titles_gives_is_bounded() -> None:
    assert len(clean("x" * 10_000_000)) == 20_000


def test_no_form_holds_a_path_of_this_computer(tmp_path: Path) -> None:
    chosen = day_of(item())
    for form in (as_page, as_csv, as_json, as_text, as_atom):
        assert str(Path.home()) not in form(chosen)
