"""An insight as well-formed XHTML, for the page, the book and the letter alike, and the style around it."""

from collections.abc import Callable
from dataclasses import fields
from html import escape

from earmark.export.selection import Entry, Item, Section, also_said, proof, times
from earmark.look import COLUMN, DARK, LIGHT, SERIFS, Colours

Place = Callable[[str], str | None]
"""The address of another insight in the same document, or None when it is not part of it."""
Sound = Callable[[str], str | None]
"""The address of an insight's clip, or None when there is none."""

_RULES = """body { margin: 0; padding: 32px 24px 48px; background: var(--paper); color: var(--soft);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: COLUMNpx; margin: 0 auto; overflow-wrap: break-word; }
h1, h2, h3, blockquote, .number { font-family: SERIF; color: var(--ink); }
h1 { font-size: 28px; line-height: 1.25; margin: 0 0 8px; font-weight: 600; }
h2.episode { font-size: 21px; line-height: 1.3; margin: 40px 0 4px; font-weight: 600; }
.entry h2, .entry h3 { font-size: 18.5px; line-height: 1.3; margin: 0 0 6px; font-weight: 600; }
p { margin: 0; }
.coverage, .byline, .why, .source, .label, footer { font-size: 13px; line-height: 1.5;
  color: var(--muted); }
.entry { border-top: 1px solid var(--line); padding: 20px 0 18px; margin-top: 18px; }
.entry + .entry { margin-top: 0; }
.numbered { display: grid; grid-template-columns: 40px 1fr; }
.number { color: var(--accent); font-size: 22px; line-height: 1.2; font-weight: 600; padding-left: 8px; }
.body { min-width: 0; }
blockquote { margin: 14px 0 8px; padding: 12px 18px; background: var(--quote); color: var(--soft);
  border-left: 3px solid var(--accent); border-radius: 0 8px 8px 0; font-size: 15px; line-height: 1.6; }
.byline b { color: var(--soft); font-weight: 600; }
.time { color: var(--accent); font-weight: 600; white-space: nowrap; padding: 0 6px; }
.proof { white-space: nowrap; }
audio { display: block; width: 100%; max-width: 420px; height: 40px; margin: 10px 0 2px; }
.why { margin-top: 6px; }
.label { margin-top: 14px; font-weight: 600; color: var(--soft); }
.related { margin: 4px 0 0; padding: 0; list-style: none; }
.related li { padding: 4px 0; }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: 3px; }
a:hover { text-decoration-color: currentColor; }
a:focus-visible, audio:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px;
  border-radius: 4px; }
footer { border-top: 1px solid var(--line); margin-top: 18px; padding-top: 14px; }
@media (max-width: 560px) {
  body { padding: 20px 16px; } .numbered { display: block; } .number { padding: 0; }
}
@page { margin: 18mm 16mm; }
@media print {
  :root { color-scheme: light; PRINTED }
  body { padding: 0; font-size: 11pt; }
  main { max-width: none; }
  audio { display: none; }
  .entry { break-inside: avoid; }
  h1, h2, h3, .label { break-after: avoid; }
  a { text-decoration: none; }
}
"""
"""Tokens of the window's look as variables; SERIF, COLUMN and PRINTED are filled in."""


def section_html(section: Section, *, numbered: bool, level: int, place: Place, sound: Sound) -> str:
    """The entries of a section, one below the other; their headlines are of `level`."""
    return "\n".join(
        entry_html(entry, number if numbered else None, level, place, sound)
        for number, entry in enumerate(section.entries, start=1)
    )


def entry_html(entry: Entry, number: int | None, level: int, place: Place, sound: Sound) -> str:
    """A whole insight: what it claims, the words that prove it, where they were said, what bears on it."""
    item = entry.item
    parts = [
        f'<h{level} dir="auto">{escape(item.headline)}</h{level}>',
        f'<p class="claim" dir="auto">{escape(item.text)}</p>' if item.text != item.quote else "",
        f'<blockquote dir="auto"><p>{escape(item.quote)}</p></blockquote>',
        f'<p class="byline">{byline(item)} <span class="proof">{escape(proof(item))}</span></p>',
    ]
    if (clip := sound(item.id)) is not None:
        label = escape(f"This moment: {item.headline}")
        parts.append(
            f'<audio controls="controls" preload="none" src="{escape(clip)}" aria-label="{label}"></audio>'
        )
    if entry.why:
        parts.append(f'<p class="why">Why this: {escape(entry.why)}</p>')
    if item.note:
        parts.append(f'<p class="label">Your note</p><p dir="auto">{escape(item.note)}</p>')
    if item.related:
        rows = "".join(f"<li>{_bearing(item, n, place)}</li>" for n in range(len(item.related)))
        parts.append(f'<p class="label">Related Insights</p><ul class="related">{rows}</ul>')
    mark = f'<span class="number" aria-hidden="true">{number}</span>' if number else ""
    kind = "entry numbered" if number else "entry"
    inner = "\n".join(part for part in parts if part)
    return (
        f'<article class="{kind}" id="{anchor(item.id)}">{mark}<div class="body">\n{inner}\n</div></article>'
    )


def byline(item: Item) -> str:
    """Show, episode and times; the episode leads to its publisher's page where there is one."""
    episode = f"<bdi>{escape(item.episode)}</bdi>"
    if item.link:
        episode = f'<a href="{escape(item.link)}" rel="noreferrer noopener">{episode}</a>'
    return f'<b><bdi>{escape(item.show)}</bdi></b>, {episode} <span class="time">{escape(times(item))}</span>'


def anchor(id_: str) -> str:
    """The id of an insight as the name of a place in a document: letters, digits and hyphens only."""
    return "i-" + "".join(c if c.isascii() and c.isalnum() else f"-{ord(c):x}-" for c in id_)


def _bearing(item: Item, number: int, place: Place) -> str:
    other = item.related[number]
    words = f'<bdi dir="auto">{escape(other.headline)}</bdi>'
    where = place(other.id)
    if where is not None:
        words = f'<a href="{escape(where)}">{words}</a>'
    folded = also_said(other)
    source = f"<bdi>{escape(other.show)}</bdi>" + (f", {folded}" if folded else "")
    return f'{words} <span class="source">{source}</span>'


def style() -> str:
    """The style sheet of a page: light or dark as the system is, and white on paper."""
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {_tokens(DARK)} }} }}\n"
    printed = f"{_tokens(LIGHT)} --paper: {LIGHT.card}; --soft: {LIGHT.ink};"
    rules = _RULES.replace("PRINTED", printed)
    return f":root {{ color-scheme: light dark; {_tokens(LIGHT)} }}\n{dark}{_typed(rules)}"


def plain_style() -> str:
    """The same for readers of books and mail, which know no variables and bring their own paper."""
    rules = _RULES.replace("background: var(--paper); ", "").replace("PRINTED", "")
    for field in fields(LIGHT):
        rules = rules.replace(f"var(--{field.name})", getattr(LIGHT, field.name))
    return _typed(rules)


def _typed(rules: str) -> str:
    serif = ", ".join(f'"{name}"' for name in SERIFS)
    return rules.replace("SERIF", f"{serif}, serif").replace("COLUMN", str(COLUMN))


def lead(section: Section) -> str:
    """The line below a section's heading."""
    return f'<p class="coverage" dir="auto">{escape(section.note)}</p>' if section.note else ""


def _tokens(colours: Colours) -> str:
    return " ".join(f"--{field.name}: {getattr(colours, field.name)};" for field in fields(colours))
