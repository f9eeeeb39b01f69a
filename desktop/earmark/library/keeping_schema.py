"""The tenth form of the library: when audio came, what is known of its length, and the moments kept of it."""

KEEPING = (
    "ALTER TABLE downloads ADD COLUMN fetched_ms INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE downloads ADD COLUMN asked INTEGER NOT NULL DEFAULT 0",  # 1: by the user, to listen to
    # 0: its server did not say how long it is, so that it may have been cut on its way.
    "ALTER TABLE downloads ADD COLUMN length_told INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE downloads ADD COLUMN cut_ms INTEGER",  # how much came where it may be cut; NULL: not cut
    # What was there before counts as having come today.
    "UPDATE downloads SET fetched_ms = CAST(strftime('%s', 'now') AS INTEGER) * 1000",
    # No reference to insights: a moment that the user saved stays when its episode goes.
    """CREATE TABLE clips (
        insight_id TEXT PRIMARY KEY,
        file_name TEXT NOT NULL,     -- ours; lies in the clips folder
        start_ms INTEGER NOT NULL,   -- its place in the recording
        end_ms INTEGER NOT NULL,
        size_bytes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
)
