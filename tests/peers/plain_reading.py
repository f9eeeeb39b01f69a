"""A reading of our own for suites whose expectations stand in programs of other languages: the document's
tree as it is, with none of the code that is tested."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as Tree  # no hostile file is read in this way

Fields = dict[str, Any]
_SOUND = ("audio/", "video/")
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"


def read_plainly(path: Path, url: str) -> Fields:
    """Titles, identities, sound and the podcast namespace's tags of a file; nothing where it is not XML."""
    if path.suffix == ".json":
        return _of_json(path)
    try:
        root = Tree.fromstring(path.read_bytes())
    except (Tree.ParseError, LookupError, ValueError):
        return {}
    if _local(root) not in ("rss", "feed", "rdf"):
        return {"refused": True}
    head = root if _local(root) == "feed" else _first(root, "channel")
    items = [each for each in root.iter() if _local(each) in ("item", "entry")]
    fields: Fields = {"items": len(items)}
    if head is not None:
        fields |= {f"show.{name}": value for name, value in _show(head, root, url).items()}
    for number, item in enumerate(items):
        fields |= {f"{number}.{name}": value for name, value in _item(item, url).items()}
    return fields


def _show(head: Tree.Element, root: Tree.Element, url: str) -> Fields:
    fields: Fields = {}
    title, language = _text(head, "title"), _text(head, "language")
    if title:
        fields["title"] = title
    if language:
        fields["language"] = language
    giving = [each for each in root.iter() if _is_podcast(each, "funding")]
    addresses = list(dict.fromkeys(urljoin(url, each.get("url", "")) for each in giving))
    if addresses:
        fields["funding"] = addresses[0] if len(addresses) == 1 else addresses
    for name, ours in (("guid", "guid"), ("medium", "medium"), ("locked", "locked")):
        found = next((each for each in head if _is_podcast(each, name)), None)
        if found is not None and (found.text or "").strip():
            said = (found.text or "").strip()
            fields[ours] = said.lower() == "yes" if ours == "locked" else said
    return fields


def _item(item: Tree.Element, url: str) -> Fields:
    fields: Fields = {}
    if _text(item, "title"):
        fields["title"] = _text(item, "title")
    identity = _text(item, "guid") or _text(item, "id")
    if identity:
        fields["guid"] = identity
    enclosures = [(e.get("url", ""), e.get("type", "")) for e in item if _local(e) == "enclosure"]
    enclosures += [(e.get("href", ""), e.get("type", "")) for e in item if e.get("rel") == "enclosure"]
    sound = [address for address, kind in enclosures if kind.startswith("audio/")]
    sound += [address for address, kind in enclosures if kind.startswith("video/")]
    if sound:
        fields["audio"] = urljoin(url, sound[0].strip())
    for name in ("season", "episode"):
        found = [each for each in item if _is_podcast(each, name)] or [
            each for each in item if each.tag == f"{{{_ITUNES}}}{name}"
        ]
        if found and (found[0].text or "").strip().isdigit():
            fields["season" if name == "season" else "number"] = int((found[0].text or "").strip())
    bites = [each for each in item if _is_podcast(each, "soundbite")]
    if bites:
        fields["soundbites"] = [round(float(each.get("startTime", "0")) * 1000) for each in bites]
    links = [urljoin(url, each.get("url", "")) for each in item if _is_podcast(each, "transcript")]
    if links:
        fields["transcripts"] = links
    chapters = [each for each in item if _is_podcast(each, "chapters")]
    if chapters:
        fields["chapters_url"] = urljoin(url, chapters[0].get("url", ""))
    others = [each for each in item if _is_podcast(each, "alternateEnclosure")]
    if others:
        fields["alternates"] = len(others)
    return fields


def _of_json(path: Path) -> Fields:
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        return {"refused": True}
    if isinstance(told, dict) and "rss" in told:
        return {"items": len(told["rss"]["channel"]["item"])}
    if not isinstance(told, dict) or not isinstance(told.get("items"), list):
        return {"refused": True}
    fields: Fields = {"items": len(told["items"])}
    if told.get("title"):
        fields["show.title"] = told["title"]
    for number, item in enumerate(told["items"]):
        if item.get("id"):
            fields[f"{number}.guid"] = str(item["id"])
        if item.get("title"):
            fields[f"{number}.title"] = item["title"]
        for attachment in item.get("attachments", [])[:1]:
            if attachment.get("mime_type", "").startswith(_SOUND):
                fields[f"{number}.audio"] = attachment["url"]
    return fields


def _local(element: Tree.Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _is_podcast(element: Tree.Element, name: str) -> bool:
    space, _, local = str(element.tag).rpartition("}")
    return local == name and "podcast" in space.lower() and "namespace" in space.lower()


def _first(root: Tree.Element, name: str) -> Tree.Element | None:
    return next((each for each in root if _local(each) == name), None)


def _text(element: Tree.Element, name: str) -> str:
    """The text of a child that belongs to no podcast or media namespace."""
    for each in element:
        if _local(each) == name and "itunes" not in str(each.tag) and "mrss" not in str(each.tag):
            return " ".join("".join(each.itertext()).split())
    return ""
