"""Notes in Markdown (CommonMark), for vaults of linked notes such as Obsidian's. Pure: from records to text.

A note is front matter, a body, and the mark below which everything is the user's.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from earmark.export.selection import Bearing, Item, Section, also_said, long_date, proof, times

Names = Mapping[str, str]
"""The names of the notes that there are, without ending, by their keys; see `insight_key` and its sisters."""

_SPECIAL = re.compile(r"([\\`*_\[\]<>~|$#^={}])")
_ENTITY = re.compile(r"&(?=[#\w])")
_AT_START = re.compile(r"^([-+>]|\d{1,9}(?=[.)]))")
_COMMENT = re.compile("%%")


@dataclass(frozen=True, slots=True)
class Note:
    """A note as Earmark writes it. `title` is what its file is called after; `facts` are its front matter."""

    key: str
    title: str
    facts: Mapping[str, str | bool] = field(default_factory=dict)
    body: str = ""


def insight_key(id_: str) -> str:
    """What the note of an insight is known by, whatever its file is called."""
    return f"insight/{id_}"


def insight_note(item: Item, names: Names, clip: str | None) -> Note:
    """The note of one insight; `clip` is the name of the file with its moment."""
    facts: dict[str, str | bool] = {
        "title": item.headline,
        "show": item.show,
        "episode": item.episode,
        **({"published": item.published} if item.published else {}),
        "at": times(item).partition(" ")[0],
        "saved": item.saved,
        **({"link": item.link} if item.link else {}),
    }
    source = (
        f"{_link(names, f'episode/{item.episode_key}', item.episode)}, {escaped(item.show)}, {times(item)}."
    )
    blocks = [
        f"# {escaped(item.headline)}",
        escaped(item.text) if item.text != item.quote else "",
        f"> {escaped(item.quote)}",
        f"{source} {proof(item)}",
    ]
    if clip:
        blocks.append(f"![[{clip}]]")
    if item.note:
        blocks += ["## Your note", escaped(item.note)]
    if item.related:
        blocks.append("## Related Insights")
        blocks.append("\n".join(f"- {_bearing(other, names)}" for other in item.related))
    return Note(insight_key(item.id), item.headline, facts, _joined(blocks))


def episode_note(items: list[Item], names: Names) -> Note:
    """The note of an episode with all its insights, in the order in which they were said."""
    first = items[0]
    facts: dict[str, str | bool] = {
        "title": first.episode,
        "show": first.show,
        **({"published": first.published} if first.published else {}),
        **({"link": first.link} if first.link else {}),
    }
    said = sorted(items, key=lambda item: (item.start_ms, item.id))
    rows = [
        f"- {_link(names, insight_key(item.id), item.headline)}, {times(item).partition(' ')[0]}"
        for item in said
    ]
    blocks = [
        f"# {escaped(first.episode)}",
        _link(names, f"show/{first.show_key}", first.show),
        "\n".join(rows),
    ]
    return Note(f"episode/{first.episode_key}", first.episode, facts, _joined(blocks))


def show_note(items: list[Item], names: Names) -> Note:
    """The note of a show with its episodes, newest first."""
    episodes = {item.episode_key: item for item in items}
    newest = sorted(
        episodes.values(), key=lambda item: (item.published or "", item.episode_key), reverse=True
    )
    rows = [f"- {_link(names, f'episode/{item.episode_key}', item.episode)}" for item in newest]
    title = items[0].show
    blocks = [f"# {escaped(title)}", "\n".join(rows)]
    return Note(f"show/{items[0].show_key}", title, {"title": title}, _joined(blocks))


def day_note(day: Section, names: Names) -> Note:
    """The note of a brief: its five in their order, and why each was chosen."""
    assert day.day is not None
    rows = [
        f"{n}. {_link(names, insight_key(entry.item.id), entry.item.headline)}"
        + (f" {escaped(entry.why)}" if entry.why else "")
        for n, entry in enumerate(day.entries, start=1)
    ]
    blocks = [f"# {long_date(day.day)}", escaped(day.note), "\n".join(rows)]
    return Note(f"day/{day.day}", f"Brief {day.day}", {"date": day.day}, _joined(blocks))


def escaped(text: str) -> str:
    """Clean text as Markdown that shows it as it is: no markup, no tag, no formula, no entity.

    >>> escaped("1. *a* & [b](c) <d> 5&lt; #tag")
    '1\\\\. \\\\*a\\\\* & \\\\[b\\\\](c) \\\\<d\\\\> 5\\\\&lt; \\\\#tag'
    """
    text = _ENTITY.sub(r"\\&", _SPECIAL.sub(r"\\\1", text))
    text = _COMMENT.sub(r"\\%\\%", text)
    return _AT_START.sub(lambda found: _start(found.group(1)), text)


def front_matter(key: str, facts: Mapping[str, str | bool]) -> list[str]:
    """The lines of a note's front matter that are Earmark's own. A JSON string is one of YAML 1.2 too."""
    return [f"earmark: {json.dumps(key)}"] + [
        f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items()
    ]


def _start(mark: str) -> str:
    return f"\\{mark}" if not mark.isdigit() else f"{mark}\\"


def _bearing(other: Bearing, names: Names) -> str:
    folded = also_said(other)
    source = escaped(other.show) + (f", {folded}" if folded else "")
    return f"{_link(names, insight_key(other.id), other.headline)} ({source})"


def _link(names: Names, key: str, words: str) -> str:
    """A [[link]] where there is such a note, else the words alone; brackets and bars cannot stand in one."""
    if key not in names:
        return escaped(words)
    label = escaped(words.replace("[", "(").replace("]", ")").replace("|", "/"))
    return f"[[{names[key]}|{label}]]"


def _joined(blocks: list[str]) -> str:
    return "\n\n".join(block for block in blocks if block)
