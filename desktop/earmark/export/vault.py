"""A folder of linked notes that is written again and again, beside what the user writes into it.

The rule. A note is found by the key in its front matter, wherever it was moved and whatever it is called now.
Below the mark everything is the user's and is kept to the byte; so are names in the front matter that are not
ours. Above the mark Earmark writes again, as long as nobody changed it there: the mark holds a checksum of
what Earmark wrote. A body that was changed is left as it is, and what is new is put beside it, in a note of
its own. Files without our key are never touched, nothing is ever deleted.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from earmark.errors import KnownError
from earmark.export.clean import file_name
from earmark.export.markdown import (
    Names,
    Note,
    day_note,
    episode_note,
    front_matter,
    insight_key,
    insight_note,
    show_note,
)
from earmark.export.selection import Clips, Item, Selection
from earmark.export.whole import cannot, write_whole

FOLDERS = {"insight": "Insights", "episode": "Episodes", "show": "Shows", "day": "Days"}
CLIPS = "Clips"
MARK = "<!-- earmark {sum}: write below this line, it is kept. -->"
BESIDE = "from Earmark"
_HEAD_BYTES = 16_384
_KEY = re.compile(r'^earmark: *"?(?P<key>[a-z]+/[^"\s]+)"?\s*$', re.MULTILINE)
_MARK = re.compile(r"^<!-- earmark ([0-9a-f]{16}): .*-->[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
_LINK = re.compile(r"\[\[[^\]|]*")
_NAME = re.compile(r"^([^\s:#-][^:]*):(?:\s|$)")


@dataclass(slots=True)
class VaultResult:
    """What became of the notes. `beside` are new notes next to ones that the user changed; `heard` counts the
    insights whose moment is there as sound."""

    written: int = 0
    same: int = 0
    heard: int = 0
    beside: list[Path] = field(default_factory=list)


def noted_insights(root: Path) -> list[str]:
    """The ids of the insights that have a note in this folder."""
    return [key.removeprefix("insight/") for key in _found(root) if key.startswith("insight/")]


def has_clip(root: Path, id_: str) -> bool:
    """Whether the moment of an insight lies in this folder as sound; it never changes, so it is cut once."""
    return _clip_path(root, id_).exists()


def write_vault(root: Path, selection: Selection, clips: Clips | None = None) -> VaultResult:
    """Write or renew the notes of a selection, and of the episodes, shows and days they belong to.

    Raises KnownError when the folder cannot be written.
    """
    files = _found(root)
    by_episode = _grouped(selection.items, "episode_key")
    by_show = _grouped(selection.items, "show_key")
    titles = {insight_key(item.id): item.headline for item in selection.items}
    titles |= {f"episode/{key}": items[0].episode for key, items in by_episode.items()}
    titles |= {f"show/{key}": items[0].show for key, items in by_show.items()}
    titles |= {f"day/{day.day}": f"Brief {day.day}" for day in selection.days}
    places = _places(root, titles, files)
    names: Names = {key: path.stem for key, path in places.items()}
    for id_, clip in (clips or {}).items():
        if not has_clip(root, id_):
            write_whole(_clip_path(root, id_), clip)
    sounds = {one.id: _clip_path(root, one.id).name for one in selection.items if has_clip(root, one.id)}
    result = VaultResult(heard=len(sounds))
    for note in _notes(selection, by_episode, by_show, names, sounds):
        _keep(places[note.key], note, result)
    return result


def _notes(
    selection: Selection,
    by_episode: dict[str, list[Item]],
    by_show: dict[str, list[Item]],
    names: Names,
    sounds: dict[str, str],
) -> Iterator[Note]:
    for item in selection.items:
        yield insight_note(item, names, sounds.get(item.id))
    for items in by_episode.values():
        yield episode_note(items, names)
    for items in by_show.values():
        yield show_note(items, names)
    for day in selection.days:
        yield day_note(day, names)


def _keep(path: Path, note: Note, result: VaultResult, *, beside: bool = False) -> None:
    """Write a note over what Earmark wrote before, or beside what the user made of it."""
    before = _text(path) if path.exists() else None
    if path.exists() and (before is None or _is_changed(before)):
        if before is not None and _known_sum(before) == _sum(note.body):
            result.same += 1  # the user changed it, and Earmark has nothing new to say
            return
        if beside:
            result.same += 1
            return
        other = path.with_name(f"{path.stem} ({BESIDE}).md")
        fresh = Note(f"beside/{note.key}", note.title, note.facts, note.body)
        written = result.written
        _keep(other, fresh, result, beside=True)
        if result.written > written:
            result.beside.append(other)
        return
    text = _text_of(note, before)
    if text == before:
        result.same += 1
        return
    write_whole(path, text.encode("utf-8"))
    result.written += 1


def _text_of(note: Note, before: str | None) -> str:
    """The whole file, with all that is the user's in `before`."""
    own, tail = _users_part(before, note) if before is not None else ([], "\n")
    head = "\n".join(["---", *front_matter(note.key, note.facts), *own, "---"])
    return f"{head}\n\n{note.body}\n\n{MARK.format(sum=_sum(note.body))}\n{tail}"


def _users_part(text: str, note: Note) -> tuple[list[str], str]:
    """The lines of the front matter that are not Earmark's in this very note, and all below the mark."""
    mark = _MARK.search(text)
    assert mark is not None
    own: list[str] = []
    mine = False
    for line in _split(text)[0].splitlines():
        if name := _NAME.match(line):
            mine = name.group(1).strip() in {"earmark", *note.facts}
        elif line.startswith("#"):
            mine = False
        if not mine:
            own.append(line)
    return own, text[mark.end() :]


def _split(text: str) -> tuple[str, str]:
    """Front matter (without its fences) and the rest."""
    lines = text.split("\n")
    if lines[0].rstrip("\r") != "---":
        return "", text
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip("\r") == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    return "", text


def _is_changed(text: str) -> bool:
    """Whether the body is not what its mark says that Earmark wrote; links may lead to other names by now."""
    mark = _MARK.search(text)
    if mark is None:
        return True
    body = _split(text[: mark.start()])[1]
    return _sum(body) != mark.group(1)


def _known_sum(text: str) -> str | None:
    mark = _MARK.search(text)
    return mark.group(1) if mark else None


def _sum(body: str) -> str:
    same = _LINK.sub("[[", body.replace("\r\n", "\n").strip())
    return hashlib.sha256(same.encode("utf-8")).hexdigest()[:16]


def _found(root: Path) -> dict[str, Path]:
    """Every note of ours below `root`, by its key; hidden folders are none of our business."""
    found: dict[str, Path] = {}
    for path in sorted(root.rglob("*.md")) if _is_folder(root) else []:
        if any(part.startswith(".") for part in path.relative_to(root).parts) or not path.is_file():
            continue
        with path.open("rb") as file:
            head = _split(file.read(_HEAD_BYTES).decode("utf-8-sig", "replace") + "\n---\n")[0]
        if key := _KEY.search(head):
            found.setdefault(key.group("key"), path)
    return found


def _is_folder(root: Path) -> bool:
    try:
        return root.is_dir()
    except OSError as error:  # such as a name that is too long
        raise KnownError(cannot(root, error)) from error


def _places(root: Path, titles: dict[str, str], files: dict[str, Path]) -> dict[str, Path]:
    """Where each note lies or shall lie; no two names are the same, nor the same but for capitals."""
    places = dict(files)
    taken = {path.stem.casefold() for path in files.values()}
    for key, title in titles.items():
        if key in places:
            continue
        kind, _, rest = key.partition("/")
        name = file_name(title) if kind == "day" else f"{file_name(title)} ({file_name(rest)[:8]})"
        free, number = name, 2
        while free.casefold() in taken or (root / FOLDERS[kind] / f"{free}.md").exists():
            free, number = f"{name} {number}", number + 1
        taken.add(free.casefold())
        places[key] = root / FOLDERS[kind] / f"{free}.md"
    return places


def _clip_path(root: Path, id_: str) -> Path:
    return root / CLIPS / f"{file_name(id_)}.ogg"


def _text(path: Path) -> str | None:
    """What a file says, line ends as they are; None when it is no text."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _grouped(items: Iterable[Item], name: str) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(getattr(item, name), []).append(item)
    return groups
