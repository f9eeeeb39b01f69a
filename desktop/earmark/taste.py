"""What the user likes, in one readable file: taste.toml in the profile.

The first part is the user's: interests in their own words, and what they do not want to see. The second part,
the blocks called "learned", is what Earmark learned from what they saved, hid and read. Comments, and names
that this version does not know, stay when the program changes a line. Every brief reads the file anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import tomlkit
from tomlkit.items import AoT, Array, InlineTable, Table

from earmark.errors import KnownError
from earmark.kept import alone, put, read_toml, read_values
from earmark.paths import Paths
from earmark.records import InsightId

LISTS = ("interests", "muted_words", "muted_topics")
SHOWS = "muted_shows"
HEAD = """\
# Your taste. You may edit this file; the next brief heeds it.
#
# interests: in your own words, such as "sleep and memory" or "small software businesses".
# muted_words, muted_shows, muted_topics: cards with these are held back, and the brief says how many.
#   A show may be its title alone; with "show" beside it, it is one show, whatever that is called later.
# Below stands what Earmark learned from what you saved, hid and read. To take a lesson back, delete its
# block, or say: earmark taste undo NAME
"""

About = Literal["topic", "show"]
Item = TypeVar("Item", str, "MutedShow")


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing that was learned: more or less of a topic or of a show.

    `name` tells it from others and never changes. `because`: the insights that taught it; a lesson that the
    user wrote has none. `weight` is how much they taught: 1 for each save, thumb or hide.
    """

    name: str
    more: bool
    about: About
    topic: str
    says: str
    weight: float = 1.0
    because: tuple[InsightId, ...] = ()


@dataclass(frozen=True, slots=True)
class MutedShow:
    """A show that is held back. `title`: what it was called then; `show`: its lasting id, which keeps the
    mute with it; "": all shows of that title are meant."""

    title: str
    show: str = ""


@dataclass(frozen=True, slots=True)
class Taste:
    """All of the file."""

    interests: tuple[str, ...] = ()
    muted_words: tuple[str, ...] = ()
    muted_shows: tuple[MutedShow, ...] = ()
    muted_topics: tuple[str, ...] = ()
    lessons: tuple[Lesson, ...] = ()


def taste_file(paths: Paths) -> Path:
    """Where the taste lies."""
    return paths.data / "taste.toml"


def load_taste(paths: Paths) -> Taste:
    """What the file says; an empty taste when there is no file. Raises KnownError for a broken one."""
    file = taste_file(paths)
    written = read_values(file) if file.exists() else {}
    lists = {name: _texts(written.get(name, []), name, file) for name in LISTS}
    blocks = written.get("learned", [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise KnownError(f"In {file}, what was learned must stand in blocks that begin with [[learned]].")
    shows = _shows(written.get(SHOWS, []), file)
    lessons = tuple(_lesson(block, file) for block in blocks)
    if len({lesson.name for lesson in lessons}) < len(lessons):
        raise KnownError(f"In {file}, two lessons have the same name. Give one of them another.")
    return Taste(lessons=lessons, muted_shows=shows, **lists)


def change_taste(paths: Paths, change: Callable[[Taste], Taste]) -> Taste:
    """Change the file as it stands now, which no other process changes meanwhile; gives what it says then.

    Raises KnownError, also what `change` raises; then the file is left alone.
    """
    with alone(taste_file(paths)):
        wanted = change(load_taste(paths))
        save_taste(paths, wanted)
    return wanted


def save_taste(paths: Paths, taste: Taste) -> None:
    """Bring the file to this, whole or not at all; what is the same stays as it was written.

    Raises KnownError, also for a broken file, which is left alone."""
    file = taste_file(paths)
    before = load_taste(paths)
    if before == taste and file.exists():
        return
    document = _document(file)
    for name in LISTS:
        _bring_list(document, name, getattr(taste, name), lambda item: folded(str(item)), str)
    _bring_list(document, SHOWS, taste.muted_shows, lambda item: _show(item, file), _written)
    _bring_lessons(document, taste.lessons)
    try:
        put(file, tomlkit.dumps(document).encode("utf-8"))
    except OSError as error:
        raise KnownError(f"{file} could not be written ({error.strerror}).") from error


def _document(file: Path) -> tomlkit.TOMLDocument:
    if not file.exists():
        return tomlkit.parse(HEAD + "\n" + "".join(f"{name} = []\n" for name in (*LISTS, SHOWS)))
    return read_toml(file)


def _texts(value: object, name: str, file: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise KnownError(f'In {file}, {name} must be a list of texts, such as ["one", "two"].')
    return tuple(dict.fromkeys(folded(item) for item in value if item.strip()))


def folded(text: str) -> str:
    """On one line, white space folded: so texts are compared and kept."""
    return " ".join(text.split())


def _shows(value: object, file: Path) -> tuple[MutedShow, ...]:
    entries = [_show(item, file) for item in value] if isinstance(value, list) else [_show(value, file)]
    return tuple(dict.fromkeys(entry for entry in entries if entry.title or entry.show))


def _show(item: object, file: Path) -> MutedShow:
    """A title alone, as all were written at first, or a title with the id of its show."""
    fields = item if isinstance(item, Mapping) else {"title": item}
    title, show = fields.get("title", ""), fields.get("show", "")
    if not isinstance(title, str) or not isinstance(show, str):
        raise KnownError(f'In {file}, muted_shows must be a list of titles, such as ["one", "two"].')
    return MutedShow(folded(title), show.strip())


def _written(entry: MutedShow) -> str | InlineTable:
    if not entry.show:
        return entry.title
    table = tomlkit.inline_table()
    table.update({"title": entry.title, "show": entry.show})
    return table


def _lesson(block: Mapping[str, Any], file: Path) -> Lesson:
    """A block as it was written; what a user who writes one by hand leaves out is filled in."""
    topic, name, says = block.get("topic"), block.get("name"), block.get("says", "")
    more, about, weight = block.get("more", True), block.get("about", "topic"), block.get("weight", 1.0)
    because = _texts(block.get("because", []), "because", file)
    if not isinstance(topic, str) or not topic.strip():
        raise KnownError(f'In {file}, each lesson needs a topic, such as: topic = "sleep"')
    sound = isinstance(more, bool) and about in ("topic", "show") and isinstance(says, str)
    if not sound or not isinstance(weight, int | float) or not 0 <= weight < 1e6 or isinstance(weight, bool):
        raise KnownError(
            f"In {file}, the lesson on “{topic}” cannot be read: more is true or false, about is "
            '"topic" or "show", weight is a number.'
        )
    if not isinstance(name, str) or not name.strip():
        name = lesson_name(topic, more, ())
    told = says or f"{'More' if more else 'Less'} {'on' if about == 'topic' else 'from'} {topic}."
    return Lesson(name, more, about, topic, told, float(weight), tuple(InsightId(id_) for id_ in because))


def lesson_name(topic: str, more: bool, taken: Sequence[str]) -> str:
    """A name that can be typed, and that none of `taken` has.

    >>> lesson_name("Sleep & memory", True, ["more-sleep-memory"])
    'more-sleep-memory-2'
    """
    kept = "".join(letter.lower() if letter.isalnum() else " " for letter in topic)
    name = "-".join(["more" if more else "less", *kept.split()[:6]])
    number, free = 2, name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


def _bring_list(
    document: tomlkit.TOMLDocument,
    name: str,
    wanted: Sequence[Item],
    meant: Callable[[object], Item],
    as_item: Callable[[Item], object],
) -> None:
    """Change only the items that come or go, so that comments beside the others stay; `meant`: what a written
    one means, `as_item`: how a new one is written."""
    written = document.get(name)
    there = [meant(item) for item in (written if isinstance(written, list) else [written])] if written else []
    if not isinstance(written, Array):
        if there != list(wanted):
            document.pop(name, None)  # it may be a text alone, or blocks of its own
            _add_before_blocks(document, name, _array([as_item(each) for each in wanted]))
        return
    for index in reversed(range(len(there))):
        if there[index] not in wanted:
            del written[index]
    for each in wanted:
        if each not in there:
            written.append(as_item(each))


def _array(items: Sequence[object]) -> Array:
    array = tomlkit.array()
    array.extend(items)
    return array


def _add_before_blocks(document: tomlkit.TOMLDocument, name: str, item: Array) -> None:
    """A plain line may not stand behind the first block: it would belong to it."""
    blocks = document.pop("learned", None)
    document[name] = item
    if blocks is not None:
        document["learned"] = blocks


def _bring_lessons(document: tomlkit.TOMLDocument, lessons: Sequence[Lesson]) -> None:
    blocks = document.get("learned")
    if not isinstance(blocks, AoT):
        blocks = tomlkit.aot()
        for block in document.pop("learned", []):  # the user wrote them as a list within one line
            blocks.append(_as_table(block))
    wanted = {lesson.name: lesson for lesson in lessons}
    for index in reversed(range(len(blocks))):
        lesson = wanted.pop(_lesson(blocks[index].unwrap(), Path()).name, None)
        if lesson is None:
            del blocks[index]
        else:
            _bring_block(blocks[index], lesson)
    for lesson in lessons:
        if lesson.name in wanted:
            blocks.append(tomlkit.table())
            _bring_block(blocks[-1], lesson)
    if len(blocks) and "learned" not in document:
        document["learned"] = blocks
    elif not len(blocks):
        document.pop("learned", None)


def _as_table(block: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in block.items():
        table[key] = value
    return table


def _bring_block(block: Table, lesson: Lesson) -> None:
    fields = {
        "name": lesson.name,
        "says": lesson.says,
        "more": lesson.more,
        "about": lesson.about,
        "topic": lesson.topic,
        "weight": lesson.weight,
        "because": list(lesson.because),
    }
    written = block.unwrap()
    for key, value in fields.items():
        if written.get(key) != value:
            block[key] = value
