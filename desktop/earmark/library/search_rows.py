"""What makes episodes findable, row by row, within whatever transaction stores them."""

import re
import sqlite3
from collections.abc import Iterable

from earmark.library.search_text import fold, plain, shown, stretched

_LABEL = re.compile(
    r"(?:(?:speaker|guest|host|co-?host|interviewer|interviewee|narrator|announcer|caller|voice|part|person|man|"
    r"woman|male|female|unknown|unidentified|audience|listener)s?\W*\w{0,2}\W*|break|intro|outro|jingle|music|advert"
    r"|ad|ads|sponsor|song.*|clip.*|audio.*|video.*|draft.*|all|both|everyone|everybody|crowd|multiple.*|automated.*|"
    r"voice-?over|promo|trailer|transcript|n/?a|\W*)",
    re.I,
)
"""What stands in the place of a name without being one."""


def person_key(name: str, feed_id: int) -> str | None:
    """A name as it is compared: small letters, no accents, no degrees after a comma; None for a mere label.

    A single name is another person in another show, as far as anybody can tell.

    >>> person_key("José Ruiz, PhD", 4), person_key("Ann", 4), person_key("Speaker 2", 4)
    ('jose ruiz', 'ann (4)', None)
    """
    if _LABEL.fullmatch(name.strip()):
        return None
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", fold(name.split(",")[0]))
    return None if not words else " ".join(words) if len(words) > 1 else f"{words[0]} ({feed_id})"


def insert_stretches(db: sqlite3.Connection, episode_id: int, segments: Iterable[tuple[int, str]]) -> None:
    """Make neighbouring segments, given with their numbers, findable by their words."""
    db.executemany(
        "INSERT INTO stretches (episode_id, first_segment, last_segment) VALUES (?, ?, ?)",
        [[episode_id, first, last] for first, last in stretched(segments)],
    )


def put_episode_text(db: sqlite3.Connection, episode_id: int, title: str, notes: str) -> None:
    """Make an episode findable by its title and notes."""
    values = [episode_id, title, plain(notes)]
    if db.execute("SELECT 1 FROM episode_texts WHERE episode_id = ?", [episode_id]).fetchone():
        db.execute("UPDATE episode_texts SET title = ?2, notes = ?3 WHERE episode_id = ?1", values)
    else:
        db.execute("INSERT INTO episode_texts VALUES (?, ?, ?)", values)


def put_people(
    db: sqlite3.Connection, episode_id: int, feed_id: int, names: Iterable[str | None], *, speaks: bool
) -> None:
    """Note whom a transcript has as speakers, or whom a feed names."""
    known = {name.strip(): person_key(name, feed_id) for name in names if name}
    db.executemany(
        "INSERT OR IGNORE INTO people (episode_id, speaks, name, key) VALUES (?, ?, ?, ?)",
        [[episode_id, speaks, shown(name)[:100], key] for name, key in known.items() if key],
    )
