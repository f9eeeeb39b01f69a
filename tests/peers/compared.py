"""What the library holds of the suites' files beside what the suites expect, field by field.

`python tests/peers/compared.py SUITES` writes differences.tsv anew; the reasons in it are kept, and a new
difference gets the reason "?", with which the test fails.
"""

import csv
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "net"))

from expected import OF_SUITE, as_read, tight
from plain_reading import read_plainly
from stored import Stored, subscribe_to_all

from earmark.records import Episode

TABLE = Path(__file__).with_name("differences.tsv")
COLUMNS = ("file", "field", "ours", "theirs", "why")
LONGEST = 160
NO_FEEDS = {
    "gofeed/parser/json/invalid/invalid.json",
    "gofeed/parser/universal/empty_feed.xml",
    "gofeed/parser/universal/invalid.json",
    "gofeed/parser/universal/unknown_feed.xml",
    "miniflux/encoding/iso-8859-1-meta-after-1024.html",
    "miniflux/encoding/utf8-meta-after-1024.html",
    "miniflux/sanitizer/miniflux_wikipedia.html",
    "miniflux/xml/iso88591.xml",
    "miniflux/xml/iso88591_utf8_mismatch.xml",
    "rss-parser/input/unrecognized.rss",
}
"""What suites hold beside feeds, to be refused. Of others whose expectations no program can read it is asked
that they are taken for feeds."""
_THEIR_OWN = {
    "feedparser": ("http://127.0.0.1:8097", ""),
    "podcastparser": ("file://tests/data", "/podcastparser"),
}
"""Where suites serve themselves, and where that is here."""
_ADDRESS = re.compile(r"(?:https?|file)://|/")
_PLAIN = ("title", "description")
"""Fields that are stored as text; all others may hold HTML or are no texts."""
_BESIDE = {"podcastparser": {".json"}, "rss-parser": {".json"}, "podcast-namespace": {".json", ".xsd"}}
"""Files that hold expectations or lists, and are no documents."""


@dataclass(frozen=True, order=True)
class Difference:
    """A field in which the library holds something else than a suite expects."""

    file: str
    field: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Compared:
    """Of a suite: how many files there are, fields that were compared, and what differs."""

    files: int
    fields: int
    differences: tuple[Difference, ...]


def documents(root: Path) -> list[str]:
    """The suites' files, without those that only hold expectations."""
    names = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*")) if path.is_file()]
    return [name for name in names if not _only_expects(root, name)]


def _only_expects(root: Path, name: str) -> bool:
    path = root / name
    if path.suffix in _BESIDE.get(name.partition("/")[0], set()):
        return True
    return name.startswith("gofeed/") and path.suffix == ".json" and (
        path.with_suffix(".xml").exists() or path.stem.endswith("_expected")
    )  # fmt: skip


def compare(root: Path, names: Sequence[str], stored: Mapping[str, Stored]) -> dict[str, Compared]:
    """For each suite what agrees and what does not."""
    found: dict[str, Compared] = {}
    for name in names:
        suite = name.partition("/")[0]
        before = found.get(suite, Compared(0, 0, ()))
        reader = OF_SUITE.get(suite)
        theirs = reader(root / name) if reader else read_plainly(root / name, stored[name].url)
        theirs = {"refused": True} if name in NO_FEEDS else theirs or {"refused": False}
        differences = tuple(_differences(name, theirs, stored[name]))
        found[suite] = Compared(
            before.files + 1, before.fields + len(theirs), before.differences + differences
        )
    return found


def _differences(name: str, theirs: Mapping[str, Any], stored: Stored) -> list[Difference]:
    if stored.refused or theirs.get("refused"):
        if stored.refused and theirs.get("refused"):
            return []
        return [
            Difference(
                name,
                "refused",
                stored.refused[:LONGEST] or "a feed",
                "refused" if theirs.get("refused") else "a feed",
            )
        ]
    origin = stored.url.removesuffix(f"/{name}")
    rows = _in_their_order(theirs, stored.episodes)
    found = []
    for field, value in theirs.items():
        ours = _ours(field, stored, rows)
        ours = tight(ours) if field.endswith(_PLAIN) and isinstance(ours, str) else _comparable(ours)
        theirs_at, here = _THEIR_OWN.get(name.partition("/")[0], ("http://127.0.0.1:8097", ""))
        wanted = _comparable(value.replace(theirs_at, origin + here) if isinstance(value, str) else value)
        if ours != wanted and (ours, wanted) != (None, ""):
            texts = [str(each).replace(origin, "")[:LONGEST] for each in (ours, wanted)]
            found.append(Difference(name, field, *texts))
    return found


def _comparable(value: object) -> object:
    if isinstance(value, str) and _ADDRESS.match(value):
        return value.lower()
    return as_read(value)


def _in_their_order(theirs: Mapping[str, Any], episodes: Sequence[Episode]) -> dict[str, Episode]:
    """Which of our episodes each of their items is: by what they say of it, else by its place."""
    numbers = list(dict.fromkeys(f.partition(".")[0] for f in theirs if f[0].isdigit()))
    left, rows = list(episodes), {}
    for number in numbers:
        for field in ("guid", "audio", "title"):
            wanted = _comparable(theirs.get(f"{number}.{field}"))
            same = [e for e in left if wanted and _comparable(_item(field, e)) == wanted]
            if number not in rows and same:
                rows[number] = same[0]
                left.remove(same[0])
    for number in numbers:
        if number not in rows and left:
            rows[number] = left.pop(0)
    return rows


def _ours(field: str, stored: Stored, rows: Mapping[str, Episode]) -> Any:
    head, _, name = field.partition(".")
    if field == "refused":
        return False
    if field == "items":
        return len(stored.episodes)
    if head == "show":
        return _show(name, stored)
    return _item(name, rows[head]) if head in rows else None


def _show(name: str, stored: Stored) -> Any:
    feed, facts = stored.feed, stored.facts
    assert feed is not None
    if name == "funding":
        addresses = [each.url for each in facts.funding]
        return addresses[0] if len(addresses) == 1 else addresses
    if name == "title" and feed.title == stored.url:
        return ""
    rows = {"title": feed.title, "link": feed.link, "language": feed.language, "image": facts.image_url}
    return rows[name] if name in rows else getattr(facts, name)


def _item(name: str, episode: Episode) -> Any:
    if name.startswith("chapter."):
        _, number, kind = name.split(".")
        chapters = episode.chapters[int(number) : int(number) + 1]
        return (chapters[0].title if kind == "title" else chapters[0].start_ms) if chapters else None
    if name == "title" and episode.title == "Untitled episode":
        return ""
    sound, facts = episode.enclosure, episode.facts
    rows: dict[str, Any] = {
        "title": episode.title, "guid": episode.guid, "link": episode.link, "notes": episode.notes,
        "published": episode.published_ms, "duration": episode.duration_ms, "image": facts.image_url,
        "audio": sound and sound.url, "audio.mime": sound and sound.mime,
        "audio.bytes": sound and sound.length_bytes, "chapters_url": episode.chapters_url,
        "transcript": episode.transcripts[-1].url if episode.transcripts else None,
        "transcripts": [link.url for link in episode.transcripts],
        "soundbites": [bite.start_ms for bite in facts.soundbites], "alternates": len(facts.alternates),
    }  # fmt: skip
    return rows[name] if name in rows else getattr(facts, name)


def known_differences() -> dict[Difference, str]:
    """What differences.tsv holds, with the reasons."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {Difference(*(row[name] for name in COLUMNS[:4])): row["why"] for row in rows}


def main(root: Path) -> None:
    """Write the table anew and print how much agrees."""
    names = documents(root)
    with tempfile.TemporaryDirectory() as folder:
        found = compare(root, names, subscribe_to_all(root, names, Path(folder)))
    reasons = known_differences() if TABLE.exists() else {}
    by_field = {(each.file, each.field): why for each, why in reasons.items()}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow(COLUMNS)
        for suite in sorted(found):
            one = found[suite]
            print(f"{suite:18} {one.files:5} files {one.fields:5} fields {len(one.differences):4} differ")  # noqa: T201
            for each in sorted(one.differences):
                why = reasons.get(each) or by_field.get((each.file, each.field), "?")
                rows.writerow([each.file, each.field, each.ours, each.theirs, why])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
