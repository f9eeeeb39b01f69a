"""The user's own words on insights."""

# No reference to insights: nothing that is fetched or made again may take a note away.
NOTES = """CREATE TABLE notes (
    insight_id TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    changed_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID"""
