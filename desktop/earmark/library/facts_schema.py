"""The form of what publishers say beside words and sound (`m009_formats`)."""

FORMATS = (
    "ALTER TABLE episodes ADD COLUMN facts TEXT NOT NULL DEFAULT '{}'",  # JSON of EpisodeFacts
    """CREATE TABLE show_facts (
        feed_id INTEGER PRIMARY KEY REFERENCES feeds ON DELETE CASCADE,
        facts TEXT NOT NULL          -- JSON of ShowFacts
    ) STRICT""",
    # What a recording says of itself, read from the very file whose hash it is.
    """CREATE TABLE recordings (
        episode_id INTEGER PRIMARY KEY REFERENCES episodes ON DELETE CASCADE,
        sha256 TEXT NOT NULL,
        duration_ms INTEGER,         -- NULL: it does not tell
        chapters TEXT NOT NULL       -- JSON list of [start_ms, title]
    ) STRICT""",
    # 1: the user's own file. The check on `source` knows only two, and a table that others refer to is not
    # made anew for that.
    "ALTER TABLE transcripts ADD COLUMN by_user INTEGER NOT NULL DEFAULT 0",
    # Feeds are read anew once, so that what older forms did not keep is there.
    "UPDATE feeds SET etag = NULL, last_modified = NULL, body_sha256 = NULL",
)
