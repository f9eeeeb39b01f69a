"""One HTML file with everything inside it, sound too: it asks nothing of any network, and prints well."""

import base64
from html import escape

from earmark.export.cards import Place, Sound, anchor, lead, section_html, style
from earmark.export.selection import Clips, Selection

POLICY = "default-src 'none'; style-src 'unsafe-inline'; media-src data:; base-uri 'none'; form-action 'none'"
"""What a browser may load for this page (W3C, Content Security Policy): nothing but what stands in it."""


def as_page(selection: Selection, clips: Clips | None = None) -> str:
    """A whole document. What it links to (publishers' pages) is opened only by the reader's own click."""
    sounds = {id_: _data_address(clip) for id_, clip in (clips or {}).items()}
    inside = {item.id for item in selection.items}

    def place(id_: str) -> str | None:
        return f"#{anchor(id_)}" if id_ in inside else None

    title = escape(selection.title)
    return f"""<!DOCTYPE html>
<html lang="{escape(selection.language)}">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="{POLICY}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="referrer" content="no-referrer" />
<meta name="color-scheme" content="light dark" />
<title>{title}</title>
<style>
{style()}</style>
</head>
<body>
<main>
<h1 dir="auto">{title}</h1>
{_body(selection, place, sounds.get)}
<footer>Written by Earmark, {escape(selection.made[:10])}. Everything shown here is inside this file.</footer>
</main>
</body>
</html>
"""


def _body(selection: Selection, place: Place, sound: Sound) -> str:
    single = len(selection.sections) == 1 and selection.sections[0].heading == selection.title
    parts = []
    for section in selection.sections:
        if not single:
            parts.append(f'<h2 class="episode" dir="auto">{escape(section.heading)}</h2>')
        parts.append(lead(section))
        parts.append(
            section_html(
                section,
                numbered=section.day is not None,
                level=2 if single else 3,
                place=place,
                sound=sound,
            )
        )
    if not selection.items:
        parts.append('<p class="coverage">There is no insight in this selection.</p>')
    return "\n".join(parts)


def _data_address(clip: bytes) -> str:
    return "data:audio/ogg;base64," + base64.b64encode(clip).decode("ascii")
