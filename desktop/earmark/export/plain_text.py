"""Plain text to read in anything, wrapped at 78 characters."""

import textwrap

from earmark.export.selection import Entry, Section, Selection, also_said, proof, times

WIDTH = 78


def as_text(selection: Selection) -> str:
    """The whole selection; every paragraph is one text of the library, wrapped."""
    sections = [_section(selection, section) for section in selection.sections]
    if not selection.items:
        sections = ["There is no insight in this selection."]
    title = wrapped(selection.title)
    return "\n\n\n".join([f"{title}\n{'=' * min(WIDTH, len(title))}", *sections]) + "\n"


def wrapped(text: str, before: str = "") -> str:
    """A paragraph, each line with `before` in front; long words and addresses stay whole."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=before,
        subsequent_indent=before,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _section(selection: Selection, section: Section) -> str:
    blocks = [] if section.heading == selection.title else [wrapped(section.heading)]
    blocks += [wrapped(section.note)] if section.note else []
    blocks += [_entry(entry, number) for number, entry in enumerate(section.entries, start=1)]
    return "\n\n".join(blocks)


def _entry(entry: Entry, number: int) -> str:
    item = entry.item
    source = wrapped(f"{item.show}, {item.episode}, {times(item)}. {proof(item)}", "   ")
    lines = [wrapped(f"{number}. {item.headline}"), ""]
    if item.text != item.quote:
        lines += [wrapped(item.text, "   "), ""]
    lines += [wrapped(f"“{item.quote}”", "   > "), "", source]
    if item.link:
        lines.append(f"   {item.link}")
    if entry.why:
        lines.append(wrapped(f"Why this: {entry.why}", "   "))
    if item.note:
        lines.append(wrapped(f"Your note: {item.note}", "   "))
    for other in item.related:
        folded = also_said(other)
        lines.append(
            wrapped(f"Related: {other.headline} ({other.show}{', ' + folded if folded else ''})", "   ")
        )
    return "\n".join(lines)
