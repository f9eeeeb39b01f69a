"""A package for Anki (.apkg, the form that every Anki since 2.0 takes in), a card for each insight.

The note of an insight has the same guid for ever, so taking in a newer package renews cards and keeps what
was learned. The package is a zip of an SQLite file, written here, since Anki's own library is AGPL and the
free one for it has had no release since 2023.
"""

import hashlib
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from html import escape

from earmark.export.selection import Clips, Item, Selection, proof, times

DECK, NOTE_KIND = 1_795_600_000_001, 1_795_600_000_002
"""Anki tells decks and kinds of notes apart by such numbers; these are Earmark's and stay."""
FIELDS = ("Headline", "Text", "Quote", "Source", "Clip")
_SEPARATOR = "\x1f"
_CSS = """.card { font-family: system-ui, sans-serif; font-size: 17px; line-height: 1.5; max-width: 640px;
  margin: 0 auto; text-align: left; }
h1 { font-family: Georgia, serif; font-size: 22px; }
blockquote { font-family: Georgia, serif; margin: 1em 0; padding-left: 14px; border-left: 3px solid #2F5D50; }
.source { font-size: 13px; opacity: .7; }"""
_FRONT = '<div class="tex2jax_ignore"><h1 dir="auto">{{Headline}}</h1></div>'
_BACK = """{{FrontSide}}
<div class="tex2jax_ignore">{{#Text}}<p dir="auto">{{Text}}</p>{{/Text}}
<blockquote dir="auto">{{Quote}}</blockquote>
<p class="source">{{Source}}</p></div>
{{Clip}}"""
_TABLES = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL,
  ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL, conf text NOT NULL,
  models text NOT NULL, decks text NOT NULL, dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL,
  usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL, sfld integer NOT NULL, csum integer NOT NULL,
  flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL,
  mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL, queue integer NOT NULL,
  due integer NOT NULL, ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL,
  lapses integer NOT NULL, left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL,
  flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL,
  ease integer NOT NULL, ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL,
  time integer NOT NULL, type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
"""


def as_anki(selection: Selection, clips: Clips | None = None, *, now_ms: int) -> bytes:
    """The package. Anki renews a note it has when `now_ms` is later than when that was made."""
    heard = {item.id: clip for item in selection.items if (clip := (clips or {}).get(item.id)) is not None}
    files = {id_: f"earmark-{hashlib.sha256(id_.encode()).hexdigest()[:16]}.ogg" for id_ in heard}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("collection.anki2", _collection(selection, files, now_ms))
        package.writestr("media", json.dumps({str(n): name for n, name in enumerate(files.values())}))
        for number, id_ in enumerate(files):
            package.writestr(str(number), heard[id_], zipfile.ZIP_STORED)
    return out.getvalue()


def _collection(selection: Selection, files: dict[str, str], now_ms: int) -> bytes:
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(_TABLES)
        now_s = now_ms // 1000
        settings = [json.dumps(each) for each in ({}, _kinds(now_s), _decks(now_s), {}, {})]
        db.execute(
            "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, ?)",
            [now_s, now_ms, now_ms, *settings],
        )
        for number, item in enumerate(selection.items):
            _add(db, item, files.get(item.id), now_ms + number, number + 1)
        db.commit()
        return db.serialize()


def _add(db: sqlite3.Connection, item: Item, file: str | None, id_: int, due: int) -> None:
    source = f"{item.show}, {item.episode}, {times(item)}. {proof(item)}"
    claim = item.text if item.text != item.quote else ""
    texts = [shown(text) for text in (item.headline, claim, item.quote, source)]
    fields = [*texts, f"[sound:{file}]" if file else ""]
    # Anki finds doubles by this sum of the first field without markup (docs: "csum").
    csum = int(hashlib.sha1(item.headline.encode(), usedforsecurity=False).hexdigest()[:8], 16)
    now_s = id_ // 1000
    db.execute(
        "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ' earmark ', ?, ?, ?, 0, '')",
        [id_, f"earmark-{item.id}", NOTE_KIND, now_s, _SEPARATOR.join(fields), item.headline, csum],
    )
    db.execute(
        "INSERT INTO cards VALUES (?, ?, ?, 0, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
        [id_, id_, DECK, now_s, due],
    )


def shown(text: str) -> str:
    """Clean text as a field that shows it as it is: no markup, and no [sound:...] or [latex] of its own."""
    return (
        escape(text).replace("[", "&#91;").replace("]", "&#93;").replace("{", "&#123;").replace("}", "&#125;")
    )


def _kinds(now_s: int) -> dict[str, object]:
    fields = [
        {"name": name, "ord": n, "sticky": False, "rtl": False, "font": "Arial", "size": 20}
        for n, name in enumerate(FIELDS)
    ]
    card = {"name": "Insight", "ord": 0, "qfmt": _FRONT, "afmt": _BACK, "bqfmt": "", "bafmt": "", "did": None}
    kind = {
        "id": NOTE_KIND,
        "name": "Earmark insight",
        "type": 0,
        "mod": now_s,
        "usn": -1,
        "sortf": 0,
        "did": DECK,
        "tmpls": [card],
        "flds": fields,
        "css": _CSS,
        "latexPre": "",
        "latexPost": "",
        "req": [[0, "any", [0]]],
    }
    return {str(NOTE_KIND): kind}


def _decks(now_s: int) -> dict[str, object]:
    return {
        str(id_): {
            "id": id_,
            "name": name,
            "mod": now_s,
            "usn": -1,
            "desc": "",
            "dyn": 0,
            "conf": 1,
            "collapsed": False,
            "extendNew": 0,
            "extendRev": 0,
            **{f"{kind}Today": [0, 0] for kind in ("lrn", "rev", "new", "time")},
        }
        for id_, name in ((1, "Default"), (DECK, "Earmark"))
    }
