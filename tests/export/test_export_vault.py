"""A folder of notes: every link leads somewhere, and what the user wrote stays as it is."""

import re
from pathlib import Path

import pytest
import yaml
from chosen_texts import clip, day_of, item, nasty_day
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import markdown_blocks

from earmark.export import Bearing, Selection, noted_insights, write_vault

LINK = re.compile(r"(?<!\\)\[\[([^\]|]+)(?:\|([^\]]*))?\]\]")
MARK = "write below this line, it is kept. -->"


def notes(root: Path) -> list[Path]:
    return sorted(root.rglob("*.md"))


def note_of(root: Path, id_: str) -> Path:
    return next(path for path in notes(root) if f'earmark: "insight/{id_}"' in path.read_text("utf-8"))


def dead_links(root: Path) -> list[str]:
    """Names in [[links]] to which not exactly one file of the vault answers."""
    files = [path for path in root.rglob("*") if path.is_file()]
    names = [path.stem.casefold() for path in files if path.suffix == ".md"] + [
        path.name.casefold() for path in files
    ]
    bodies = [path.read_bytes().decode("utf-8", "replace").split("\n---\n")[-1] for path in notes(root)]
    found = [link.group(1) for body in bodies for link in LINK.finditer(body)]
    assert found
    return [name for name in found if names.count(name.casefold()) != 1]


def snapshot(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def three(*headlines: str) -> Selection:
    """A brief of three insights, each of which bears on the next."""
    words = headlines or ("One", "Two", "Three")
    return day_of(
        *(
            item(
                n,
                (word, "Text", "Quote", "Show", f"Episode {n // 2}"),
                related=(Bearing(f"{(n + 1) % 3:016x}", "Next", "Show"),),
            )
            for n, word in enumerate(words)
        )
    )


def test_hostile_texts_make_a_vault_whose_links_resolve_and_whose_front_matter_parses(tmp_path: Path) -> None:
    chosen = nasty_day()
    result = write_vault(tmp_path, chosen, {chosen.items[0].id: clip()})
    assert (result.written, result.beside) == (len(notes(tmp_path)), [])
    assert dead_links(tmp_path) == []
    assert sorted(noted_insights(tmp_path)) == sorted(one.id for one in chosen.items)
    for one in chosen.items:
        path = note_of(tmp_path, one.id)
        assert path.parent == tmp_path / "Insights"
        _, head, body = path.read_text("utf-8").split("---\n", 2)
        facts = yaml.safe_load(head)
        assert (facts["title"], facts["show"], facts["episode"]) == (one.headline, one.show, one.episode)
        blocks = markdown_blocks(LINK.sub("", body.partition("## Related")[0].replace("!", "")))
        assert ("quote", one.quote.replace("!", "")) in blocks or not one.quote
    assert all(path.is_relative_to(tmp_path) for path in notes(tmp_path))


def test_writing_again_changes_nothing_and_a_new_headline_keeps_the_file(tmp_path: Path) -> None:
    write_vault(tmp_path, three())
    before = snapshot(tmp_path)
    result = write_vault(tmp_path, three())
    assert (result.written, snapshot(tmp_path)) == (0, before)
    write_vault(tmp_path, three("Renamed", "Two", "Three"))
    after = snapshot(tmp_path)
    assert after.keys() == before.keys()
    assert "# Renamed" in note_of(tmp_path, f"{0:016x}").read_text("utf-8")


def test_what_stands_below_the_line_and_names_in_front_matter_are_the_users(tmp_path: Path) -> None:
    write_vault(tmp_path, three())
    path = note_of(tmp_path, f"{1:016x}")
    mine = "\r\nMy own thought. [[Elsewhere]]\r\n\r\n<!-- earmark 0123456789abcdef: mine -->\nend\t "
    text = path.read_text("utf-8").replace(
        "saved: true", "saved: true\ntags:\n  - sleep\n- odd\n# why\nrating: 5"
    )
    path.write_bytes(text.rstrip("\n").encode() + mine.encode())
    result = write_vault(tmp_path, three("One", "Changed", "Three"))
    assert result.beside == []
    after = path.read_bytes().decode()
    assert "# Changed" in after
    assert after.endswith(MARK + "\n" + mine.partition("\n")[2])
    assert "tags:\n  - sleep\n- odd\n# why\nrating: 5\n---\n" in after
    assert after.count("title:") == 1
    again = snapshot(tmp_path)
    assert write_vault(tmp_path, three("One", "Changed", "Three")).written == 0
    assert snapshot(tmp_path) == again


def test_a_name_that_is_earmarks_in_another_kind_of_note_is_the_users_in_this_one(tmp_path: Path) -> None:
    write_vault(tmp_path, three())
    for path in notes(tmp_path):
        head, rest = path.read_text("utf-8").split("\n---\n", 1)
        free = [name for name in ("date", "at", "saved", "link", "show") if f"\n{name}: " not in head]
        path.write_text("\n".join([head, *(f"{name}: mine" for name in free), "---", rest]), "utf-8")
    write_vault(tmp_path, three("One", "Changed", "Three"))
    for path in notes(tmp_path):
        facts = yaml.safe_load(path.read_text("utf-8").split("---\n", 2)[1])
        for name in ("date", "at", "saved", "link", "show"):
            assert name in facts, path
        assert facts["date"] == "mine" or facts["earmark"].startswith("day/")


def test_a_note_that_the_user_changed_is_left_alone_and_what_is_new_stands_beside_it(tmp_path: Path) -> None:
    write_vault(tmp_path, three())
    path = note_of(tmp_path, f"{1:016x}")
    path.write_text(path.read_text("utf-8").replace("# Two", "# Two, as I see it"), encoding="utf-8")
    mine = path.read_bytes()
    assert write_vault(tmp_path, three()).beside == []  # there is nothing new to say
    result = write_vault(tmp_path, three("One", "Newer", "Three"))
    assert path.read_bytes() == mine
    (beside,) = result.beside
    assert beside.name == f"{path.stem} (from Earmark).md"
    assert "# Newer" in beside.read_text("utf-8")
    assert write_vault(tmp_path, three("One", "Newer", "Three")).written == 0
    write_vault(tmp_path, three("One", "Newest", "Three"))
    assert "# Newest" in beside.read_text("utf-8")
    beside.write_text("gone", encoding="utf-8")
    write_vault(tmp_path, three("One", "Last", "Three"))
    assert (path.read_bytes(), beside.read_text("utf-8")) == (mine, "gone")


def test_notes_are_found_where_the_user_moved_and_named_them(tmp_path: Path) -> None:
    write_vault(tmp_path, three())
    path = note_of(tmp_path, f"{1:016x}")
    moved = tmp_path / "Reading" / "Better name.md"
    moved.parent.mkdir()
    path.rename(moved)
    for other in notes(tmp_path):  # as Obsidian does
        other.write_text(
            other.read_text("utf-8").replace(f"[[{path.stem}|", "[[Better name|"), encoding="utf-8"
        )
    result = write_vault(tmp_path, three("One", "Changed", "Three"))
    assert "# Changed" in moved.read_text("utf-8")
    assert (path.exists(), result.beside) == (False, [])
    assert dead_links(tmp_path) == []


def test_files_of_others_are_never_touched(tmp_path: Path) -> None:
    write_vault(tmp_path, three())
    name = note_of(tmp_path, f"{1:016x}").relative_to(tmp_path)
    fresh = tmp_path / "fresh"
    others = {
        str(name): b"mine",
        "Days/Brief 2026-11-26.md": b"\xff\xfe not text",
        ".obsidian/app.json": b"{}",
        ".trash/old.md": b'---\nearmark: "insight/0000000000000001"\n---\n',
        "Insights/no end.md": b"---\nearmark: x",
    }
    for file, data in others.items():
        (fresh / file).parent.mkdir(parents=True, exist_ok=True)
        (fresh / file).write_bytes(data)
    write_vault(fresh, three())
    assert {file: (fresh / file).read_bytes() for file in others} == others
    assert len(noted_insights(fresh)) == 3
    assert dead_links(fresh) == []


def test_names_that_differ_only_in_capitals_or_not_at_all_get_files_of_their_own(tmp_path: Path) -> None:
    same = [item(n, ("Same" if n % 2 else "SAME", "T", "Q", "S", "E"), id=f"abcdefgh{n}") for n in range(4)]
    write_vault(tmp_path, day_of(*same))
    names = [path.stem.casefold() for path in notes(tmp_path)]
    assert len(set(names)) == len(names)
    assert sorted(noted_insights(tmp_path)) == [f"abcdefgh{n}" for n in range(4)]
    assert dead_links(tmp_path) == []


def test_a_related_insight_without_a_note_is_named_but_not_linked(tmp_path: Path) -> None:
    lonely = item(7, related=(Bearing("nowhere", "Far away [x]", "Show", also_said_by=1),))
    write_vault(tmp_path, day_of(lonely))
    text = note_of(tmp_path, lonely.id).read_text("utf-8")
    assert "- Far away \\[x\\] (Show, also said by 1 other)" in text


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_an_editor_that_writes_a_byte_order_mark_or_other_line_ends_changes_nothing(
    tmp_path: Path, ending: str
) -> None:
    write_vault(tmp_path, three())
    path = note_of(tmp_path, f"{1:016x}")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_text("utf-8").replace("\n", ending).encode())
    result = write_vault(tmp_path, three("One", "Changed", "Three"))
    assert result.beside == []
    assert "# Changed" in path.read_text("utf-8")


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=80), st.booleans())
def test_whatever_the_user_writes_below_the_line_is_kept_to_the_byte(
    tmp_path_factory: pytest.TempPathFactory, mine: str, renewed: bool
) -> None:
    root = tmp_path_factory.mktemp("vault")
    write_vault(root, three())
    path = note_of(root, f"{1:016x}")
    head, mark, _ = path.read_bytes().partition(MARK.encode() + b"\n")
    path.write_bytes(head + mark + mine.encode())
    write_vault(root, three("One", "Changed" if renewed else "Two", "Three"))
    assert path.read_bytes().partition(MARK.encode() + b"\n")[2] == mine.encode()
