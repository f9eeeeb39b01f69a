"""An EPUB 3.3 book (W3C), written file by file: no library for it is both kept and free enough for us."""

import io
import uuid
import zipfile
from html import escape

from earmark.export.cards import anchor, lead, plain_style, section_html
from earmark.export.selection import Clips, Section, Selection

_CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_OPUS = "audio/ogg; codecs=opus"


def as_epub(selection: Selection, clips: Clips | None = None) -> bytes:
    """The whole book: a chapter for each section, clips inside. The same selection keeps its identifier."""
    used = {item.id: clip for item in selection.items if (clip := (clips or {}).get(item.id)) is not None}
    chapters = selection.sections or (Section(selection.title, "Nothing was chosen.", ()),)
    files: dict[str, str | bytes] = {
        "META-INF/container.xml": _CONTAINER,
        "book/package.opf": _package(selection, len(chapters), sorted(used)),
        "book/contents.xhtml": _contents(selection, chapters),
        "book/style.css": plain_style(),
    }
    homes = _homes(chapters)
    for number, section in enumerate(chapters, start=1):
        files[f"book/{_chapter(number)}"] = _text_of(selection, section, number, homes, set(used))
    for id_, clip in used.items():
        files[f"book/{_clip(id_)}"] = clip
    return _zipped(files, selection.made)


def _zipped(files: dict[str, str | bytes], made: str) -> bytes:
    when = (int(made[0:4]), int(made[5:7]), int(made[8:10]), int(made[11:13]), int(made[14:16]), 0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        # Readers look for this very entry at this very place, not compressed (OCF 3.3, 4.2.1).
        book.writestr(zipfile.ZipInfo("mimetype", when), b"application/epub+zip", zipfile.ZIP_STORED)
        for name, data in files.items():
            body = data.encode("utf-8") if isinstance(data, str) else data
            way = zipfile.ZIP_STORED if name.endswith(".ogg") else zipfile.ZIP_DEFLATED
            book.writestr(zipfile.ZipInfo(name, when), body, way)
    return out.getvalue()


def _chapter(number: int) -> str:
    return f"chapter-{number:04}.xhtml"


def _clip(id_: str) -> str:
    return f"clips/{anchor(id_)}.ogg"


def _homes(chapters: tuple[Section, ...]) -> dict[str, str]:
    """In which chapter each insight first stands."""
    homes: dict[str, str] = {}
    for number, section in enumerate(chapters, start=1):
        for entry in section.entries:
            homes.setdefault(entry.item.id, _chapter(number))
    return homes


def _text_of(
    selection: Selection, section: Section, number: int, homes: dict[str, str], heard: set[str]
) -> str:
    def place(id_: str) -> str | None:
        return f"{homes[id_]}#{anchor(id_)}" if id_ in homes else None

    body = section_html(
        section,
        numbered=section.day is not None,
        level=2,
        place=place,
        sound=lambda id_: _clip(id_) if id_ in heard else None,
    )
    return _document(
        section.heading,
        selection.language,
        f'<h1 dir="auto">{escape(section.heading)}</h1>\n{lead(section)}\n{body}',
    )


def _document(title: str, language: str, body: str) -> str:
    lang = escape(language)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
 lang="{lang}" xml:lang="{lang}">
<head>
<title>{escape(title)}</title>
<link rel="stylesheet" type="text/css" href="style.css"/>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def _contents(selection: Selection, chapters: tuple[Section, ...]) -> str:
    rows = "\n".join(
        f'<li><a href="{_chapter(number)}">{escape(section.heading)}</a></li>'
        for number, section in enumerate(chapters, start=1)
    )
    nav = f'<nav epub:type="toc" aria-label="Contents"><ol>\n{rows}\n</ol></nav>'
    body = f'<h1 dir="auto">{escape(selection.title)}</h1>\n{nav}'
    return _document(selection.title, selection.language, body)


def _package(selection: Selection, chapters: int, clips: list[str]) -> str:
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"earmark:selection/{selection.key}")
    manifest = [
        f'<item id="c{n}" href="{_chapter(n)}" media-type="application/xhtml+xml"/>'
        for n in range(1, chapters + 1)
    ] + [f'<item id="{anchor(id_)}" href="{_clip(id_)}" media-type="{_OPUS}"/>' for id_ in clips]
    spine = "\n".join(f'<itemref idref="c{n}"/>' for n in range(1, chapters + 1))
    heard = '\n<meta property="schema:accessMode">auditory</meta>' if clips else ""
    rows, lang = "\n".join(manifest), escape(selection.language)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{lang}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier>
<dc:title>{escape(selection.title)}</dc:title>
<dc:language>{lang}</dc:language>
<dc:creator>Earmark</dc:creator>
<meta property="dcterms:modified">{selection.made}</meta>
<meta property="schema:accessMode">textual</meta>{heard}
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityFeature">readingOrder</meta>
<meta property="schema:accessibilityHazard">none</meta>
</metadata>
<manifest>
<item id="contents" href="contents.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="style" href="style.css" media-type="text/css"/>
{rows}
</manifest>
<spine>
<itemref idref="contents"/>
{spine}
</spine>
</package>
"""
