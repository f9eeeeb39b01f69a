"""The tables that search needs: indexes of words, people, and topics. Part of the list in `schema`.

The indexes of words hold no text of their own (FTS5, external content); triggers keep them right in the
transaction that changes the text, whoever makes it. What is said is found in stretches of some segments: a
segment is too short to hold the words of a question, and too many.
"""

import json
import sqlite3

from earmark.library.search_rows import insert_stretches, put_episode_text, put_people

_WORDS = """tokenize = "unicode61 remove_diacritics 2" """
_VALUES = {
    "insight_words": "headline, text, quote",
    "spoken_words": "text",
    "episode_words": "title, notes",
    "show_words": "title",
}


_SOURCES = {
    "insight_words": ("insight_texts", "number"),
    "spoken_words": ("stretch_texts", "id"),
    "episode_words": ("episode_texts", "episode_id"),
    "show_words": ("feeds", "id"),
}


def _made(index: str) -> str:
    source, key = _SOURCES[index]
    return f"""CREATE VIRTUAL TABLE {index} USING
        fts5({_VALUES[index]}, content = '{source}', content_rowid = '{key}', {_WORDS})"""


def _follow(index: str, table: str, key: str, when: str = "") -> tuple[str, ...]:
    """Triggers that keep an index of words right as rows of `table` come, go and change.

    The words are those of `source`, which still holds them when a row is about to go.
    """
    names, (source, source_key) = _VALUES[index], _SOURCES[index]
    into = f"INSERT INTO {index} (rowid, {names}) SELECT {source_key}, {names} FROM {source}"
    out = (
        f"INSERT INTO {index} ({index}, rowid, {names}) SELECT 'delete', {source_key}, {names} FROM {source}"
    )
    old, new = f"WHERE {source_key} = OLD.{key}", f"WHERE {source_key} = NEW.{key}"
    made = [
        f"CREATE TRIGGER {table}_came_to_{index} AFTER INSERT ON {table} BEGIN {into} {new}; END",
        f"CREATE TRIGGER {table}_left_{index} BEFORE DELETE ON {table} BEGIN {out} {old}; END",
    ]
    if when:
        before = f"CREATE TRIGGER {table}_changes_{index} BEFORE UPDATE OF {when} ON {table}"
        after = f"CREATE TRIGGER {table}_changed_{index} AFTER UPDATE OF {when} ON {table}"
        made += [f"{before} BEGIN {out} {old}; END", f"{after} BEGIN {into} {new}; END"]
    return tuple(made)


SEARCH = (
    # A stretch is some neighbouring segments, cut where it has words enough.
    """CREATE TABLE stretches (
        id INTEGER PRIMARY KEY,
        episode_id INTEGER NOT NULL REFERENCES transcripts ON DELETE CASCADE,
        first_segment INTEGER NOT NULL,
        last_segment INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX stretches_by_episode ON stretches (episode_id, first_segment)",
    """CREATE VIEW stretch_texts AS SELECT t.id, (
        SELECT group_concat(text, ' ') FROM (
            SELECT s.text FROM segments s WHERE s.episode_id = t.episode_id
            AND s.number BETWEEN t.first_segment AND t.last_segment ORDER BY s.number
        )) AS text FROM stretches t""",
    _made("spoken_words"),
    *_follow("spoken_words", "stretches", "id"),
    # Before the words themselves go, for the index must be told which they were.
    """CREATE TRIGGER a_transcript_goes BEFORE DELETE ON transcripts BEGIN
        DELETE FROM stretches WHERE episode_id = OLD.episode_id;
        DELETE FROM people WHERE episode_id = OLD.episode_id AND speaks = 1;
    END""",
    # Insights have names, an index of words needs numbers that nothing changes.
    """CREATE TABLE insight_numbers (
        number INTEGER PRIMARY KEY,
        insight_id TEXT NOT NULL UNIQUE REFERENCES insights ON DELETE CASCADE
    ) STRICT""",
    """CREATE VIEW insight_texts AS SELECT n.number, i.headline, i.text,
        CASE WHEN i.quote = i.text THEN '' ELSE i.quote END AS quote
        FROM insight_numbers n JOIN insights i ON i.id = n.insight_id""",
    _made("insight_words"),
    *_follow("insight_words", "insight_numbers", "number"),
    """CREATE TRIGGER an_insight_came AFTER INSERT ON insights BEGIN
        INSERT INTO insight_numbers (insight_id) VALUES (NEW.id);
    END""",
    """CREATE TRIGGER an_insight_goes BEFORE DELETE ON insights BEGIN
        DELETE FROM insight_numbers WHERE insight_id = OLD.id;
    END""",
    """CREATE TRIGGER an_insight_changes BEFORE UPDATE OF headline, text, quote ON insights BEGIN
        DELETE FROM insight_numbers WHERE insight_id = OLD.id;
    END""",
    """CREATE TRIGGER an_insight_changed AFTER UPDATE OF headline, text, quote ON insights BEGIN
        INSERT INTO insight_numbers (insight_id) VALUES (NEW.id);
    END""",
    # The publisher's notes without their HTML.
    """CREATE TABLE episode_texts (
        episode_id INTEGER PRIMARY KEY REFERENCES episodes ON DELETE CASCADE,
        title TEXT NOT NULL,
        notes TEXT NOT NULL
    ) STRICT""",
    _made("episode_words"),
    *_follow("episode_words", "episode_texts", "episode_id", "title, notes"),
    _made("show_words"),
    *_follow("show_words", "feeds", "id", "title"),
    # Who speaks or is named, as transcript and feed say it; `key` is the name as it is compared.
    """CREATE TABLE people (
        episode_id INTEGER NOT NULL REFERENCES episodes ON DELETE CASCADE,
        speaks INTEGER NOT NULL,     -- 1: a speaker of the transcript; 0: named by the feed
        name TEXT NOT NULL,          -- as it is written there
        key TEXT NOT NULL,           -- behind the primary key, or SQLite 3.40 misreads it in its quick_check
        PRIMARY KEY (episode_id, speaks, name)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX people_by_key ON people (key, episode_id)",
    """CREATE TABLE topics (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        model_id TEXT NOT NULL       -- of the vectors that were compared
    ) STRICT""",
    """CREATE TABLE topic_insights (
        insight_id TEXT PRIMARY KEY REFERENCES insights ON DELETE CASCADE,
        topic_id INTEGER REFERENCES topics ON DELETE SET NULL  -- NULL: it was looked at and belongs nowhere
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX topic_insights_by_topic ON topic_insights (topic_id)",
    # From now on these are kept in half the bytes (`nearest_queries.FORMS`); a cache knows what they are of.
    "DELETE FROM passage_embeddings",
)


def make_anew(db: sqlite3.Connection) -> None:
    """Put all indexes of words in place of what there is, however damaged it is."""
    for index in _SOURCES:
        db.execute(f"DROP TABLE IF EXISTS {index}")
        db.execute(_made(index))
        db.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")


def fill(db: sqlite3.Connection) -> None:
    """Take in what a library of an older form holds."""
    db.execute("INSERT INTO show_words (show_words) VALUES ('rebuild')")
    db.execute("INSERT INTO insight_numbers (insight_id) SELECT id FROM insights ORDER BY id")
    episodes = db.execute("SELECT id, feed_id, title, notes, people FROM episodes").fetchall()
    for episode_id, feed_id, title, notes, people in episodes:
        put_episode_text(db, episode_id, title, notes)
        put_people(db, episode_id, feed_id, json.loads(people), speaks=False)
        rows = db.execute(
            "SELECT number, text, speaker FROM segments WHERE episode_id = ? ORDER BY number", [episode_id]
        ).fetchall()
        insert_stretches(db, episode_id, ((number, text) for number, text, _ in rows))
        put_people(db, episode_id, feed_id, {speaker for _, _, speaker in rows}, speaks=True)
