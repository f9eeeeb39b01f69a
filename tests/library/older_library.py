"""A library as an older Earmark left it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlite_utils import Database

from earmark.library import schema
from earmark.paths import Paths


@contextmanager
def older_library(paths: Paths, before: str, version: int) -> Iterator[sqlite3.Connection]:
    """One of the form that the migration `before` found, of a show with an episode; it takes more."""
    paths.create()
    with closing(sqlite3.connect(paths.library)) as db:
        schema.migrations.apply(Database(db), stop_before=before)
        db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {version}")
        db.execute("INSERT INTO feeds (id, url, title, near) VALUES (1, 'u', 'A show', 0)")
        names = "id, feed_id, guid, title, transcripts, notes"
        db.execute(f"INSERT INTO episodes ({names}) VALUES (1, 1, 'g', 't', '[]', '')")
        yield db
        db.commit()
