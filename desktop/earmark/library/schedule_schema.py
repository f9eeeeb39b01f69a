"""When each feed is asked again: see `records.Schedule`. No row: it was never asked, so it is due."""

SCHEDULES = """CREATE TABLE schedules (
    feed_id INTEGER PRIMARY KEY REFERENCES feeds ON DELETE CASCADE,
    next_ms INTEGER,             -- NULL: at once
    not_before_ms INTEGER,       -- NULL: the server asked for no rest
    errors INTEGER NOT NULL,     -- in a row
    failing_since_ms INTEGER,
    full_ms INTEGER,             -- NULL: never read whole
    gap_ms INTEGER,
    newest_ms INTEGER,
    ttl_ms INTEGER,
    stopped TEXT                 -- NULL: it is asked; else why not
) STRICT"""
