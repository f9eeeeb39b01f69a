"""What stays of a show whatever it is called, and the way to its newest episodes. Part of the list in
`schema`."""

LASTING = (
    # Beside the number, which goes to another show once its own is gone.
    "ALTER TABLE feeds ADD COLUMN lasting_id TEXT NOT NULL DEFAULT ''",
    "UPDATE feeds SET lasting_id = lower(hex(randomblob(5)))",
    """CREATE TRIGGER a_feed_is_marked AFTER INSERT ON feeds BEGIN
        UPDATE feeds SET lasting_id = lower(hex(randomblob(5))) WHERE id = NEW.id;
    END""",
    "CREATE INDEX episodes_by_feed ON episodes (feed_id, published_ms DESC)",
)
